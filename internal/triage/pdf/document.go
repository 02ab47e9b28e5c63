package pdf

import (
	"bytes"
	"errors"
	"strconv"
)

// Document is an open document.
type Document struct {
	data    []byte
	objects map[int]any
	order   []int // numbers in the order in which they were first met
	trailer dict  // Root, Info and Encrypt, as last given
	left    int   // steps that may still be taken
	bytes   int   // that may still be unpacked
	short   bool  // not all objects were found
	fonts   map[int]*font
	glyphs  int // meanings and widths in fonts
}

// Magic is near the beginning of every document.
const Magic = "%PDF-"

// Errors of a document as a whole.
var (
	ErrEncrypted = errors.New("pdf: it is encrypted: not read")
	ErrBudget    = errors.New("pdf: it takes more steps, or unpacks to more, than its size allows: a bomb; the rest of it is not read")
)

const (
	stepsFree  = 4_000_000  // that every document may take
	stepsByte  = 8          // more, for each of its bytes
	valuesFree = 2_000_000  // values in objects that every document may have, and one more for each byte
	mostValues = 32_000_000 // of any document: they are held in memory
	bytesFree  = 16 << 20   // that every document may unpack to
	unpacks    = 100        // times its size
	mostGlyphs = 1_000_000  // meanings and widths of fonts that are held in memory
)

// Open finds the objects of a document.
func Open(data []byte) (*Document, error) {
	if !bytes.Contains(data[:min(len(data), 1024)], []byte(Magic)) {
		return nil, errors.New("pdf: it does not begin as a PDF does")
	}
	d := &Document{
		data: data, objects: make(map[int]any), trailer: dict{}, fonts: make(map[int]*font),
		left: min(valuesFree+len(data), mostValues), bytes: bytesFree + unpacks*len(data),
	}
	d.find()
	if d.trailer["Encrypt"] != nil {
		return d, ErrEncrypted
	}
	d.short = d.left < 0
	d.left = stepsFree + stepsByte*len(data)
	return d, nil
}

func (d *Document) spent() error {
	if d.short || d.left < 0 || d.bytes < 0 {
		return ErrBudget
	}
	return nil
}

// find goes through the file once. Objects inside streams are passed over, but
// those of object streams.
func (d *Document) find() {
	for at := 0; at < len(d.data) && d.left > 0; {
		next := bytes.IndexAny(d.data[at:], "ot")
		if next < 0 {
			return
		}
		at += next
		switch {
		case bytes.HasPrefix(d.data[at:], []byte("obj")):
			at = d.object(at)
		case bytes.HasPrefix(d.data[at:], []byte("trailer")):
			p := &parser{data: d.data, at: at + len("trailer"), left: &d.left}
			value, _ := p.next(0)
			d.end(value)
			at = max(p.at, at+1)
		default:
			at++
		}
	}
}

// object reads the object whose key word stands at a byte, and gives the byte
// after it.
func (d *Document) object(at int) int {
	number, ok := numberBefore(d.data[max(0, at-32):at])
	if !ok {
		return at + 3
	}
	p := &parser{data: d.data, at: at + 3, left: &d.left}
	value, _ := p.next(0)
	if of, is := value.(dict); is {
		if raw, end, found := d.stream(of, p); found {
			s := stream{of, raw}
			value, p.at = s, end
			switch of["Type"] {
			case name("ObjStm"):
				d.put(number, value)
				d.packed(s)
			case name("XRef"):
				d.end(of)
			}
		}
	}
	d.put(number, value)
	return max(p.at, at+3)
}

func (d *Document) put(number int, value any) {
	if _, known := d.objects[number]; !known {
		d.order = append(d.order, number)
	}
	d.objects[number] = value
}

// numberBefore reads "12 0 " from behind.
func numberBefore(raw []byte) (int, bool) {
	words := bytes.Fields(raw)
	if len(words) < 2 || len(raw) > 0 && !isSpace(raw[len(raw)-1]) {
		return 0, false
	}
	number := words[len(words)-2]
	from := len(number)
	for from > 0 && number[from-1] >= '0' && number[from-1] <= '9' {
		from--
	}
	n, err := strconv.Atoi(string(number[from:]))
	_, err2 := strconv.Atoi(string(words[len(words)-1]))
	return n, err == nil && err2 == nil && n >= 0 && n < 1<<30
}

// stream finds the bytes of the stream that follows a dictionary: as many as it
// says if the end is there, else up to the next end.
func (d *Document) stream(of dict, p *parser) (raw []byte, end int, found bool) {
	p.space()
	if !p.follows("stream") {
		return nil, 0, false
	}
	start := p.at + len("stream")
	if start < len(d.data) && d.data[start] == '\r' {
		start++
	}
	if start < len(d.data) && d.data[start] == '\n' {
		start++
	}
	if n, ok := of["Length"].(float64); ok && n >= 0 && int(n) <= len(d.data)-start {
		after := &parser{data: d.data, at: start + int(n), left: &d.left}
		if after.space(); after.follows("endstream") {
			return d.data[start : start+int(n)], after.at, true
		}
	}
	n := bytes.Index(d.data[start:], []byte("endstream"))
	if n < 0 {
		n = len(d.data) - start
	}
	return d.data[start : start+n], start + n, true
}

// packed reads the objects of an object stream; section 7.5.7.
func (d *Document) packed(s stream) {
	count, ok1 := s.dict["N"].(float64)
	first, ok2 := s.dict["First"].(float64)
	plain := d.unpack(s)
	if !ok1 || !ok2 || first < 0 || int(first) > len(plain) || count < 0 {
		return
	}
	head := &parser{data: plain[:int(first)], left: &d.left}
	for range int(min(count, float64(len(plain)))) {
		number, ok1 := head.next(0)
		offset, ok2 := head.next(0)
		n, is1 := number.(float64)
		o, is2 := offset.(float64)
		if !ok1 || !ok2 || !is1 || !is2 || n < 0 || n >= 1<<30 || o < 0 || o > float64(len(plain))-first {
			return
		}
		p := &parser{data: plain, at: int(first) + int(o), left: &d.left}
		value, _ := p.next(0)
		if _, is := value.(word); !is {
			d.put(int(n), value)
		}
	}
}

// end keeps what a trailer says.
func (d *Document) end(value any) {
	of, _ := value.(dict)
	for _, key := range [...]name{"Root", "Info", "Encrypt"} {
		if of[key] != nil {
			d.trailer[key] = of[key]
		}
	}
}

// get follows references, as far as they lead somewhere.
func (d *Document) get(value any) any {
	for range 16 {
		r, is := value.(ref)
		if !is {
			return value
		}
		d.left--
		value = d.objects[int(r)]
	}
	return nil
}

// dict gives a dictionary, or that of a stream; an empty one for anything else.
func (d *Document) dict(value any) dict {
	switch v := d.get(value).(type) {
	case dict:
		return v
	case stream:
		return v.dict
	}
	return nil
}

// array gives an array to be walked; an empty one for anything else. It costs a
// step a value each time, for many objects may name the same one.
func (d *Document) array(value any) array {
	a, _ := d.get(value).(array)
	d.left -= len(a)
	return a
}

func (d *Document) number(value any, otherwise float64) float64 {
	if n, ok := d.get(value).(float64); ok {
		return n
	}
	return otherwise
}
