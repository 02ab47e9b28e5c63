package axml

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strconv"
	"unicode/utf8"

	"parley/internal/triage/wide"
)

// Types of chunks.
const (
	typePool      = 0x0001
	typeXML       = 0x0003
	typeNamespace = 0x0100
	typeElement   = 0x0102
)

const (
	chunkHead = 8
	poolHead  = 28
	nodeHead  = 16
	flagUTF8  = 1 << 8
	none      = 1<<32 - 1

	mostValue      = 1024 // bytes of a name or an attribute's value
	mostAttributes = 1000 // of one element
)

var (
	errBroken = errors.New("axml: its chunks are broken")
	errPool   = errors.New("axml: its strings are broken")
	errOver   = errors.New("axml: its strings lie over each other: it is no document that a program wrote")
)

// Document is an open document.
type Document struct {
	data    []byte
	offsets []byte // of the strings, four bytes each, from the beginning of the first
	strings int    // where these begin
	end     int    // of the pool
	utf8    bool
	nodes   int // where the tree begins
	schemas map[uint32]bool
}

// String is one of the pool.
type String struct {
	Text string
	// Offset and Length give its bytes in the document; UTF16 says that these are
	// units of two bytes, the low one first.
	Offset, Length int
	UTF16          bool
	Schema         bool // it is the name of a schema
}

// Element is an element, without what is in it.
type Element struct {
	Name           string
	Attributes     []Attribute
	Offset, Length int // of its beginning in the document
}

// Attribute is one of an element. A value that is a resource has none.
type Attribute struct{ Name, Value string }

// Is reports whether a file begins as a document does.
func Is(head []byte) bool {
	return len(head) >= chunkHead+poolHead && string(head[:4]) == "\x03\x00\x08\x00" && string(head[8:12]) == "\x01\x00\x1c\x00"
}

// Open reads the pool's header.
func Open(data []byte) (*Document, error) {
	if !Is(data) {
		return nil, errBroken
	}
	little := binary.LittleEndian
	size, count, start := int64(little.Uint32(data[12:])), int64(little.Uint32(data[16:])), int64(little.Uint32(data[28:]))
	if size < poolHead || size > int64(len(data))-chunkHead || start > size || count > (size-poolHead)/4 {
		return nil, errPool
	}
	d := &Document{
		data: data, utf8: little.Uint32(data[24:])&flagUTF8 != 0, strings: chunkHead + int(start), end: chunkHead + int(size),
		nodes: chunkHead + int(size), schemas: map[uint32]bool{},
	}
	d.offsets = data[chunkHead+poolHead:][:4*count]
	_ = d.each(func(kind uint16, chunk []byte, _ int) error {
		if kind == typeNamespace && len(chunk) >= nodeHead+8 {
			d.schemas[little.Uint32(chunk[nodeHead+4:])] = true
		}
		return nil
	})
	return d, nil
}

// Strings tells the strings in their order. An error is that of each, or says that
// they lie over each other.
func (d *Document) Strings(each func(String) error) error {
	left := 2 * len(d.data)
	for i := range uint32(len(d.offsets) / 4) {
		at, length, ok := d.span(i)
		if !ok {
			continue
		}
		if left -= 1 + length; left < 0 {
			return errOver
		}
		s := String{Text: d.text(at, length), Offset: at, Length: length, UTF16: !d.utf8, Schema: d.schemas[i]}
		if err := each(s); err != nil {
			return err
		}
	}
	return nil
}

// span gives where the bytes of a string are.
func (d *Document) span(number uint32) (at, length int, ok bool) {
	if number >= uint32(len(d.offsets)/4) {
		return 0, 0, false
	}
	offset := int64(binary.LittleEndian.Uint32(d.offsets[4*number:])) + int64(d.strings)
	if offset >= int64(d.end) {
		return 0, 0, false
	}
	raw := d.data[offset:d.end]
	if d.utf8 {
		_, n1 := length8(raw) // in characters
		bytes, n2 := length8(raw[n1:])
		length, at = bytes, int(offset)+n1+n2
		ok = n1 > 0 && n2 > 0
	} else {
		units, n := length16(raw)
		length, at = 2*units, int(offset)+n
		ok = n > 0
	}
	return at, length, ok && length <= d.end-at
}

// length8 reads a length of one byte, or of two if the first has its high bit.
func length8(raw []byte) (n, size int) {
	switch {
	case len(raw) > 0 && raw[0] < 0x80:
		return int(raw[0]), 1
	case len(raw) > 1:
		return int(raw[0]&0x7f)<<8 | int(raw[1]), 2
	}
	return 0, 0
}

// length16 reads the same of two bytes, or of four.
func length16(raw []byte) (n, size int) {
	if len(raw) < 2 {
		return 0, 0
	}
	first := int(binary.LittleEndian.Uint16(raw))
	switch {
	case first < 0x8000:
		return first, 2
	case len(raw) >= 4:
		return first&0x7fff<<16 | int(binary.LittleEndian.Uint16(raw[2:])), 4
	}
	return 0, 0
}

func (d *Document) text(at, length int) string {
	raw := d.data[at : at+length]
	if d.utf8 {
		return string(bytes.ToValidUTF8(raw, []byte(string(utf8.RuneError))))
	}
	return wide.Text(raw, binary.LittleEndian)
}

// value gives the beginning of a string.
func (d *Document) value(number uint32) string {
	at, length, ok := d.span(number)
	if !ok {
		return ""
	}
	return d.text(at, min(length, mostValue))
}

// each tells the chunks of the tree.
func (d *Document) each(each func(kind uint16, chunk []byte, at int) error) error {
	little := binary.LittleEndian
	for at := d.nodes; at+chunkHead <= len(d.data); {
		size := int64(little.Uint32(d.data[at+4:]))
		if size < chunkHead || size > int64(len(d.data)-at) {
			return errBroken
		}
		if err := each(little.Uint16(d.data[at:]), d.data[at:at+int(size)], at); err != nil {
			return err
		}
		at += int(size)
	}
	return nil
}

// Elements tells the elements in the order in which they begin.
func (d *Document) Elements(each func(Element) error) error {
	little := binary.LittleEndian
	return d.each(func(kind uint16, chunk []byte, at int) error {
		if kind != typeElement || len(chunk) < nodeHead+20 {
			return nil
		}
		node := chunk[nodeHead:]
		e := Element{Name: d.value(little.Uint32(node[4:])), Offset: at, Length: len(chunk)}
		start, size, count := int(little.Uint16(node[8:])), int(little.Uint16(node[10:])), int(little.Uint16(node[12:]))
		for i := 0; i < min(count, mostAttributes) && size >= 20 && start+(i+1)*size <= len(node); i++ {
			e.Attributes = append(e.Attributes, d.attribute(node[start+i*size:]))
		}
		return each(e)
	})
}

// Types of an attribute's value.
const (
	valueString  = 0x03
	valueDecimal = 0x10
	valueBool    = 0x12
)

func (d *Document) attribute(raw []byte) Attribute {
	little := binary.LittleEndian
	a := Attribute{Name: d.value(little.Uint32(raw[4:]))}
	data := little.Uint32(raw[16:])
	switch written := little.Uint32(raw[8:]); {
	case written != none:
		a.Value = d.value(written)
	case raw[15] == valueString:
		a.Value = d.value(data)
	case raw[15] == valueDecimal:
		a.Value = strconv.Itoa(int(int32(data)))
	case raw[15] == valueBool:
		a.Value = strconv.FormatBool(data != 0)
	}
	return a
}

// Get gives the value of an attribute; "" if there is none.
func (e Element) Get(name string) string {
	for _, a := range e.Attributes {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}
