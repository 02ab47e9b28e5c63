package ntfs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf16"

	"parley/internal/triage/volume"
)

// Types of attributes.
const (
	typeList    = 0x20
	typeName    = 0x30
	typeData    = 0x80
	typeReparse = 0xc0
	typeEnd     = 0xffffffff
)

const (
	recordInUse  = 1
	recordFolder = 2

	dosNames = 2 // namespace of the short name beside a long one
)

// record is a record of the master file table, with its update sequence undone.
type record struct {
	number   int64
	sequence uint16
	flags    uint16
	base     int64 // the record it goes on from; 0 if it is one itself
	raw      []byte
	attrs    []attribute
}

// attribute is one attribute of a record.
type attribute struct {
	record   int64
	kind     uint32
	name     string
	flags    uint16
	resident []byte // nil if it is not
	offset   int64  // of resident, in the record
	runs     []byte
	firstVCN int64
	size     int64
	written  int64 // bytes that were written; the rest reads as zeros
	unit     uint16
}

var errRecord = errors.New("it is no record")

func (fs *FileSystem) readRecord(number int64) (record, error) {
	if number < 0 || number >= fs.records {
		return record{}, fmt.Errorf("record %d is not in the table", number)
	}
	raw := make([]byte, fs.record)
	if n, err := fs.content.ReadAt(raw, number*fs.record); n < len(raw) {
		return record{}, fmt.Errorf("record %d cannot be read: %w", number, err)
	}
	little := binary.LittleEndian
	if string(raw[:4]) != "FILE" {
		return record{}, errRecord
	}
	if err := fixUp(raw); err != nil {
		return record{}, fmt.Errorf("record %d is torn: %w", number, err)
	}
	r := record{
		number: number, raw: raw, sequence: little.Uint16(raw[16:]), flags: little.Uint16(raw[22:]),
		base: int64(little.Uint64(raw[32:]) & 0xffffffffffff),
	}
	r.attrs = attributes(number, raw)
	return r, nil
}

// fixUp puts back the last two bytes of each 512, which on the volume hold the
// update sequence number.
func fixUp(raw []byte) error {
	little := binary.LittleEndian
	offset, count := int(little.Uint16(raw[4:])), int(little.Uint16(raw[6:]))
	if count < 1 || offset+2*count > len(raw) || (count-1)*512 > len(raw) {
		return errors.New("its update sequence is broken")
	}
	for i := 1; i < count; i++ {
		end := i*512 - 2
		if raw[end] != raw[offset] || raw[end+1] != raw[offset+1] {
			return errors.New("a sector of it is of another time")
		}
		raw[end], raw[end+1] = raw[offset+2*i], raw[offset+2*i+1]
	}
	return nil
}

// attributes reads the attributes as far as they make sense.
func attributes(number int64, raw []byte) []attribute {
	little := binary.LittleEndian
	var list []attribute
	at := int(little.Uint16(raw[20:]))
	for at+24 <= len(raw) {
		kind, length := little.Uint32(raw[at:]), int(little.Uint32(raw[at+4:]))
		if kind == typeEnd || length < 24 || length > len(raw)-at {
			break
		}
		if a, ok := readAttribute(raw[at : at+length]); ok {
			a.record = number
			a.offset += int64(at)
			list = append(list, a)
		}
		at += length
	}
	return list
}

func readAttribute(raw []byte) (attribute, bool) {
	little := binary.LittleEndian
	a := attribute{kind: little.Uint32(raw), flags: little.Uint16(raw[12:])}
	nameAt, nameLength := int(little.Uint16(raw[10:])), int(raw[9])
	if nameAt+2*nameLength > len(raw) {
		return a, false
	}
	a.name = utf16Text(raw[nameAt : nameAt+2*nameLength])
	if raw[8] == 0 {
		length, offset := int64(little.Uint32(raw[16:])), int64(little.Uint16(raw[20:]))
		if offset+length > int64(len(raw)) {
			return a, false
		}
		a.resident, a.offset, a.size, a.written = raw[offset:offset+length:offset+length], offset, length, length
		return a, true
	}
	if len(raw) < 64 {
		return a, false
	}
	runs := int(little.Uint16(raw[32:]))
	if runs > len(raw) {
		return a, false
	}
	a.firstVCN, a.runs, a.unit = int64(little.Uint64(raw[16:])), raw[runs:], little.Uint16(raw[34:])
	a.size, a.written = int64(little.Uint64(raw[48:])), int64(little.Uint64(raw[56:]))
	return a, a.firstVCN >= 0
}

func utf16Text(raw []byte) string {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(raw[2*i:])
	}
	return string(utf16.Decode(units))
}

// fileName is what a record says it is called.
type fileName struct {
	parent   int64
	sequence uint16 // of the parent
	space    byte
	name     string
}

// name gives the best of a record's names: not the short one beside a long one.
func (r record) name(attrs []attribute) (fileName, bool) {
	var best fileName
	found := false
	for _, a := range attrs {
		if a.kind != typeName || len(a.resident) < 66 {
			continue
		}
		raw, little := a.resident, binary.LittleEndian
		parent := little.Uint64(raw)
		n := fileName{parent: int64(parent & 0xffffffffffff), sequence: uint16(parent >> 48), space: raw[65]}
		n.name = utf16Text(raw[66:min(len(raw), 66+2*int(raw[64]))])
		if n.name != "" && (!found || best.space == dosNames && n.space != dosNames) {
			best, found = n, true
		}
	}
	return best, found
}

// all gives the attributes of a record and of the records it goes on in. A true
// record is gone on from once; when the mapper has had enough of them, none is.
func (fs *FileSystem) all(r record, m *mapper) []attribute {
	attrs := slices.Clip(r.attrs)
	for _, a := range r.attrs {
		if a.kind != typeList || m.records < 0 {
			continue
		}
		raw := a.resident
		if raw == nil {
			raw = m.read(a, 1<<20)
			m.records -= int64(len(raw)) / fs.record
		}
		for _, number := range listed(raw, r.number) {
			if m.records--; m.records < 0 {
				break
			}
			if other, err := fs.readRecord(number); err == nil && other.base == r.number {
				attrs = append(attrs, other.attrs...)
			}
		}
		break // there is one list
	}
	return attrs
}

// listed gives the other records an attribute list names, each once.
func listed(raw []byte, self int64) []int64 {
	const most = 4096
	seen, list := map[int64]bool{self: true}, []int64(nil)
	for len(raw) >= 26 && len(list) < most {
		length := int(binary.LittleEndian.Uint16(raw[4:]))
		if length < 26 || length > len(raw) {
			break
		}
		number := int64(binary.LittleEndian.Uint64(raw[16:]) & 0xffffffffffff)
		if !seen[number] {
			seen[number] = true
			list = append(list, number)
		}
		raw = raw[length:]
	}
	return list
}

// read gives a small attribute's bytes, as many as can be read.
func (m *mapper) read(a attribute, most int64) []byte {
	extents, _ := m.extents(stream{attribute: a, pieces: []attribute{a}})
	raw := make([]byte, max(0, min(a.size, volume.Length(extents), most)))
	n, err := volume.NewContent(m.fs.at, extents, int64(len(raw))).ReadAt(raw, 0)
	if err != nil && err != io.EOF {
		raw = raw[:n]
	}
	return raw
}
