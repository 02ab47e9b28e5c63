package bplist

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"parley/internal/triage/wide"
)

// Magic begins every list that can be read.
const Magic = "bplist00"

const (
	trailer    = 32        // bytes at the end that say where everything is
	mostDepth  = 512       // arrays and dictionaries in each other
	mostValues = 4_000_000 // objects of one list
)

// Types of an object, in the upper half of its first byte.
const (
	simple     = 0x0
	whole      = 0x1
	fraction   = 0x2
	moment     = 0x3
	bytes      = 0x4
	ascii      = 0x5
	utf16be    = 0x6
	utf8Text   = 0x7
	identifier = 0x8 // of an archive's object
	array      = 0xa
	set        = 0xc
	dictionary = 0xd
	none       = 0xf
)

// Errors of a list as a whole. What is broken inside it is left out.
var (
	errTrailer = errors.New("bplist: the trailer at its end is broken or missing")
	errDepth   = fmt.Errorf("bplist: it is nested more than %d deep", mostDepth)
	errOverlap = errors.New("bplist: its objects lie over each other: it is no list that a program wrote")
)

// List is an open property list.
type List struct {
	data       []byte
	offsetSize int
	refSize    int
	count, top uint64
	table      uint64
	last       int    // byte after the last object
	seen       []bool // by object
	keys       map[uint64]string
	left       int // bytes that objects may still take together
}

// Step leads from a dictionary or an array to a value in it.
type Step struct {
	Key   string // of a dictionary
	Index int    // of an array; -1 in a dictionary
}

// Value is an object that is no dictionary and no array: a string, int64,
// float64, bool, time.Time, []byte, or nil for what is not known.
type Value struct {
	Data any
	// Offset and Length give the bytes of the list that hold it, without those
	// that say its type.
	Offset, Length int
	UTF16          bool // the string stands there in UTF-16, big end first
	IsKey          bool // it is itself the key that the path ends with
}

// Open reads the end of a list, which says where its objects are.
func Open(data []byte) (*List, error) {
	if len(data) < len(Magic)+trailer || string(data[:len(Magic)]) != Magic {
		return nil, errTrailer
	}
	end := data[len(data)-trailer:]
	l := &List{
		data: data, offsetSize: int(end[6]), refSize: int(end[7]),
		count: binary.BigEndian.Uint64(end[8:]), top: binary.BigEndian.Uint64(end[16:]), table: binary.BigEndian.Uint64(end[24:]),
	}
	l.last, l.keys = len(data)-trailer, make(map[uint64]string)
	if l.offsetSize < 1 || l.offsetSize > 8 || l.refSize < 1 || l.refSize > 8 || l.count == 0 || l.top >= l.count ||
		l.count > mostValues || l.table > uint64(l.last) || l.count > (uint64(l.last)-l.table)/uint64(l.offsetSize) {
		return nil, errTrailer
	}
	return l, nil
}

// Each tells every value and every key once, in the order a reader meets them. A
// broken object is left out, with all that only it leads to. An error is that of
// each, or says that the list is nested too deep or its objects lie over each
// other; what was told before it is true.
func (l *List) Each(each func(path []Step, v Value) error) error {
	l.seen, l.left = make([]bool, l.count), 2*len(l.data)
	return l.walk(l.top, nil, each)
}

func (l *List) walk(object uint64, path []Step, each func([]Step, Value) error) error {
	if object >= l.count || l.seen[object] {
		return nil
	}
	l.seen[object] = true
	kind, length, at := l.object(object)
	if l.left -= 1 + length; l.left < 0 {
		return errOverlap
	}
	switch kind {
	case array, set:
		return l.items(at, length, path, each)
	case dictionary:
		return l.members(at, length, path, each)
	}
	if v, ok := l.value(kind, length, at); ok {
		return each(path, v)
	}
	return nil
}

func (l *List) items(at, count int, path []Step, each func([]Step, Value) error) error {
	if len(path) >= mostDepth {
		return errDepth
	}
	for i := range count {
		ref, ok := l.number(at+i*l.refSize, l.refSize)
		if !ok {
			return nil
		}
		if err := l.walk(ref, append(path, Step{Index: i}), each); err != nil {
			return err
		}
	}
	return nil
}

func (l *List) members(at, count int, path []Step, each func([]Step, Value) error) error {
	if len(path) >= mostDepth {
		return errDepth
	}
	for i := range count {
		key, ref, ok := l.member(at, count, i)
		if !ok {
			return nil
		}
		below := append(path, Step{Key: l.key(key), Index: -1})
		err := l.walk(key, below, func(path []Step, v Value) error {
			v.IsKey = true
			return each(path, v)
		})
		if err != nil {
			return err
		}
		if err := l.walk(ref, below, each); err != nil {
			return err
		}
	}
	return nil
}

func (l *List) member(at, count, i int) (key, value uint64, ok bool) {
	key, ok1 := l.number(at+i*l.refSize, l.refSize)
	value, ok2 := l.number(at+(count+i)*l.refSize, l.refSize)
	return key, value, ok1 && ok2
}

// mostKey bounds the bytes of a key in a path.
const mostKey = 1024

func (l *List) key(object uint64) string {
	if text, known := l.keys[object]; known || object >= l.count {
		return text
	}
	kind, length, at := l.object(object)
	text := ""
	if kind == ascii || kind == utf16be || kind == utf8Text {
		v, _ := l.value(kind, min(length, mostKey), at)
		text, _ = v.Data.(string)
	}
	l.keys[object] = text
	return text
}

// object gives an object's type, its length and where its bytes begin. Type none is
// no object's.
func (l *List) object(n uint64) (kind byte, length, at int) {
	offset, ok := l.number(int(l.table)+int(n)*l.offsetSize, l.offsetSize)
	if !ok || offset >= uint64(l.last) {
		return none, 0, 0
	}
	mark := l.data[offset]
	kind, length, at = mark>>4, int(mark&0xf), int(offset)+1
	if length != 0xf || kind <= moment {
		return kind, length, at
	}
	// The length is an integer of its own.
	if at >= l.last || l.data[at]>>4 != whole || l.data[at]&0xf > 3 {
		return none, 0, 0
	}
	size := 1 << (l.data[at] & 0xf)
	long, ok := l.number(at+1, size)
	if !ok || long > uint64(l.last) {
		return none, 0, 0
	}
	return kind, int(long), at + 1 + size
}

// number reads an unsigned number, big end first.
func (l *List) number(at, size int) (n uint64, ok bool) {
	if at < 0 || at > l.last-size {
		return 0, false
	}
	for _, b := range l.data[at : at+size] {
		n = n<<8 | uint64(b)
	}
	return n, true
}

func (l *List) value(kind byte, length, at int) (Value, bool) {
	size := length
	switch kind {
	case simple:
		return Value{Data: map[int]any{8: false, 9: true}[length], Offset: at - 1, Length: 1}, true
	case whole, fraction, moment:
		size = 1 << length
	case utf16be:
		size = 2 * length
	case identifier:
		size = length + 1
	}
	if size < 0 || at > l.last-size {
		return Value{}, false
	}
	raw := l.data[at : at+size]
	v := Value{Offset: at, Length: size}
	switch kind {
	case whole, identifier:
		v.Data = integer(raw)
	case fraction:
		v.Data = float(raw)
	case moment:
		v.Data = date(raw)
	case bytes:
		v.Data = raw
	case ascii, utf8Text:
		v.Data = string(raw)
	case utf16be:
		v.Data, v.UTF16 = wide.Text(raw, binary.BigEndian), true
	default:
		return Value{}, false
	}
	return v, true
}

func integer(raw []byte) any {
	if len(raw) > 8 {
		raw = raw[len(raw)-8:]
	}
	var n uint64
	for _, b := range raw {
		n = n<<8 | uint64(b)
	}
	return int64(n) // eight bytes are signed, fewer are not
}

func float(raw []byte) any {
	switch len(raw) {
	case 4:
		return float64(math.Float32frombits(binary.BigEndian.Uint32(raw)))
	case 8:
		return math.Float64frombits(binary.BigEndian.Uint64(raw))
	}
	return nil
}

// date reads seconds since 2001. What no calendar has is unknown.
func date(raw []byte) any {
	const epoch = 978307200 // 2001-01-01T00:00:00Z
	seconds, ok := float(raw).(float64)
	if !ok || math.IsNaN(seconds) || math.Abs(seconds) > 2e11 {
		return nil
	}
	full, part := math.Modf(seconds)
	return time.Unix(epoch+int64(full), int64(part*1e9)).UTC()
}

// Bytes gives the bytes of the list that hold a value.
func (l *List) Bytes(v Value) []byte { return l.data[v.Offset : v.Offset+v.Length] }
