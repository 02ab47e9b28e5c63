package triage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
)

const (
	tiffEntries = 512      // fields of a directory that are read
	tiffText    = 16 << 10 // bytes of one text
)

// tiff is the part of TIFF 6.0 that Exif needs: directories of fields. Directories
// are read only where asked, three at most, so that one pointing at itself, or at
// another in a ring, leads nowhere.
type tiff struct {
	data  []byte
	order binary.ByteOrder
	first uint32
}

// tiffField is one field: type, number of values, and the four bytes that hold
// them or the offset where they are.
type tiffField struct {
	kind  uint16
	count uint32
	at    int // of those four bytes
}

// Types of a field (TIFF 6.0, section 2).
const (
	tiffASCII     = 2
	tiffLong      = 4
	tiffRational  = 5
	tiffUndefined = 7
)

func openTIFF(data []byte) (*tiff, error) {
	if len(data) < 8 {
		return nil, errors.New("it is too short")
	}
	t := &tiff{data: data}
	switch string(data[:4]) {
	case "II*\x00":
		t.order = binary.LittleEndian
	case "MM\x00*":
		t.order = binary.BigEndian
	default:
		return nil, errors.New("it begins with no byte order")
	}
	t.first = t.order.Uint32(data[4:])
	return t, nil
}

// directory reads the fields of the directory at an offset.
func (t *tiff) directory(offset uint32) (map[uint16]tiffField, error) {
	at := int64(offset)
	if at+2 > int64(len(t.data)) {
		return nil, fmt.Errorf("a directory is said to be at byte %d of %d", offset, len(t.data))
	}
	count := int(t.order.Uint16(t.data[at:]))
	fields := make(map[uint16]tiffField)
	for i := range min(count, tiffEntries) {
		entry := at + 2 + int64(i)*12
		if entry+12 > int64(len(t.data)) {
			break // what is whole is kept
		}
		raw := t.data[entry:]
		fields[t.order.Uint16(raw)] = tiffField{
			kind: t.order.Uint16(raw[2:]), count: t.order.Uint32(raw[4:]), at: int(entry) + 8,
		}
	}
	return fields, nil
}

// bytes gives a text's bytes and where they stand in data.
func (t *tiff) bytes(field tiffField) (at int, raw []byte) {
	if field.kind != tiffASCII && field.kind != tiffUndefined {
		return 0, nil
	}
	return t.values(field, 1)
}

// values gives the bytes of a field whose values have size bytes each.
func (t *tiff) values(field tiffField, size int64) (int, []byte) {
	length := int64(field.count) * size
	at := int64(field.at)
	if length > 4 {
		at = int64(t.order.Uint32(t.data[field.at:]))
	}
	if length == 0 || length > tiffText || at+length > int64(len(t.data)) {
		return 0, nil
	}
	return int(at), t.data[at : at+length]
}

func (t *tiff) text(field tiffField) string {
	_, raw := t.bytes(field)
	text, _, _ := strings.Cut(string(raw), "\x00")
	return strings.ToValidUTF8(strings.TrimSpace(text), "\ufffd")
}

func (t *tiff) pointer(field tiffField) (uint32, bool) {
	if field.kind != tiffLong || field.count != 1 {
		return 0, false
	}
	return t.order.Uint32(t.data[field.at:]), true
}

// rationals reads exactly n fractions.
func (t *tiff) rationals(field tiffField, n uint32) ([]float64, bool) {
	if field.kind != tiffRational || field.count != n {
		return nil, false
	}
	_, raw := t.values(field, 8)
	if raw == nil {
		return nil, false
	}
	numbers := make([]float64, n)
	for i := range numbers {
		above, below := t.order.Uint32(raw[8*i:]), t.order.Uint32(raw[8*i+4:])
		if numbers[i] = float64(above) / float64(below); math.IsNaN(numbers[i]) || math.IsInf(numbers[i], 0) {
			return nil, false
		}
	}
	return numbers, true
}
