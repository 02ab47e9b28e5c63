package sqlitefile

import (
	"encoding/binary"
	"math"
	"unicode/utf8"
)

// Record is a row that was freed.
type Record struct {
	Table  string // whose row it is; "" if none or several could be
	Rowid  int64  // 0 if it was written over
	Values []Value
	// Offset and Length give the record in the file, as far as it is left.
	Offset int64
	Length int
}

// Value is one column of a record: nil, int64, float64, string or []byte, and the
// bytes of the file that hold it.
type Value struct {
	Data   any
	Offset int64
	Length int
}

// Shape is what the rows of a table look like.
type Shape struct {
	Table string
	// Columns has a letter for the affinity of each stored column (section 3.1 of
	// sqlite.org/datatype3.html): i, t, r, n or b, and k for the column that is the
	// rowid, which is stored as NULL.
	Columns string
}

const (
	mostColumns = 256     // of a record that is carved
	mostBytes   = 1 << 16 // of a record: what lies on other pages cannot be carved
)

// varint reads a number of one to nine bytes; section 1.6.
func varint(b []byte) (n int64, size int) {
	for i, c := range b[:min(len(b), 9)] {
		if i == 8 {
			return n<<8 | int64(c), 9
		}
		if n = n<<7 | int64(c&0x7f); c < 0x80 {
			return n, i + 1
		}
	}
	return 0, 0
}

// width gives the bytes of a value by its serial type; -1 for none that is
// stored; section 2.1.
func width(serial int64) int {
	switch {
	case serial < 0 || serial == 10 || serial == 11 || serial > 2*mostBytes:
		return -1
	case serial >= 12:
		return int(serial-12) / 2
	}
	return [...]int{0, 1, 2, 3, 4, 6, 8, 8, 0, 0}[serial]
}

// header reads serial types as long as they fit size bytes.
func header(b []byte, size int) (serials []int64, body int, ok bool) {
	if size < 0 || size > len(b) || size > 2*mostColumns {
		return nil, 0, false
	}
	for at := 0; at < size; {
		serial, n := varint(b[at:size])
		w := width(serial)
		if n == 0 || w < 0 || len(serials) >= mostColumns {
			return nil, 0, false
		}
		serials, body, at = append(serials, serial), body+w, at+n
	}
	return serials, body, body <= mostBytes
}

// values reads the values that the serial types stand for; false if a text is
// none.
func values(serials []int64, b []byte, offset int64) ([]Value, bool) {
	all := make([]Value, len(serials))
	at := 0
	for i, serial := range serials {
		w := width(serial)
		raw := b[at : at+w]
		all[i] = Value{Offset: offset + int64(at), Length: w}
		at += w
		switch {
		case serial >= 13 && serial%2 == 1:
			if !isText(raw) {
				return nil, false
			}
			all[i].Data = string(raw)
		case serial >= 12:
			all[i].Data = raw
		case serial == 7:
			all[i].Data = math.Float64frombits(binary.BigEndian.Uint64(raw))
		case serial == 8 || serial == 9:
			all[i].Data = serial - 8
		case serial > 0:
			all[i].Data = integer(raw)
		}
	}
	return all, true
}

func integer(raw []byte) int64 {
	n := int64(int8(raw[0]))
	for _, c := range raw[1:] {
		n = n<<8 | int64(c)
	}
	return n
}

// isText: UTF-8 without the control characters that text has not. (Databases in
// UTF-16 are rare, and their freed rows are not carved.)
func isText(raw []byte) bool {
	for _, c := range raw {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	return utf8.Valid(raw)
}
