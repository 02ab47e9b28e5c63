package fat

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"

	"parley/internal/triage/volume"
)

const (
	entrySize = volume.SlotSize
	deleted   = 0xe5

	attrLabel  = 0x08
	attrFolder = 0x10
	attrLong   = 0x0f
)

// entry is an entry of a folder.
type entry struct {
	name    string
	folder  bool
	deleted bool
	first   uint32
	size    int64
}

// entries gives the entries of a folder.
func (fs *FileSystem) entries(slots *volume.Slots, yield func(entry) error) error {
	var long longName
	for ; ; slots.Next() {
		slot := slots.Here(1)
		if slot == nil || slot[0] == 0 {
			return nil
		}
		if slot[11]&0x3f == attrLong {
			long.add(slot)
			continue
		}
		e := entry{deleted: slot[0] == deleted, folder: slot[11]&attrFolder != 0}
		e.name = long.take(slot)
		if slot[11]&attrLabel != 0 || slot[0] == '.' {
			continue
		}
		e.first = uint32(binary.LittleEndian.Uint16(slot[26:]))
		if fs.bits == 32 {
			e.first |= uint32(binary.LittleEndian.Uint16(slot[20:])) << 16
		}
		e.size = int64(binary.LittleEndian.Uint32(slot[28:]))
		if err := yield(e); err != nil {
			return err
		}
	}
}

// longName gathers the slots of a long name, which stand before their entry, the
// last piece first.
type longName struct {
	units   []uint16
	sum     byte
	deleted bool
}

func (l *longName) add(slot []byte) {
	gone := slot[0] == deleted
	if len(l.units) > 0 && (l.sum != slot[13] || l.deleted != gone) || !gone && slot[0]&0x40 != 0 {
		l.units = nil
	}
	var piece [13]uint16
	for i := range piece {
		offset := 1 + 2*i
		if i >= 5 {
			offset += 3
		}
		if i >= 11 {
			offset += 2
		}
		piece[i] = binary.LittleEndian.Uint16(slot[offset:])
	}
	l.units, l.sum, l.deleted = append(piece[:], l.units...), slot[13], gone
	if len(l.units) > 20*13 {
		l.units = nil
	}
}

// take gives the name of the entry in slot: the long one if it is this entry's.
func (l *longName) take(slot []byte) string {
	units := l.units
	gone := slot[0] == deleted
	mine := len(units) > 0 && l.deleted == gone && (gone || l.sum == checksum(slot))
	l.units = nil
	if !mine {
		return shortName(slot)
	}
	for i, u := range units {
		if u == 0 {
			units = units[:i]
			break
		}
	}
	return string(utf16.Decode(units))
}

func checksum(slot []byte) (sum byte) {
	for _, c := range slot[:11] {
		sum = sum>>1 | sum<<7
		sum += c
	}
	return sum
}

// shortName gives an 8.3 name. What stood first in a deleted one is gone.
func shortName(slot []byte) string {
	raw := append([]byte(nil), slot[:11]...)
	switch raw[0] {
	case deleted:
		raw[0] = '_'
	case 0x05:
		raw[0] = deleted
	}
	base, ext := strings.TrimRight(string(raw[:8]), " "), strings.TrimRight(string(raw[8:]), " ")
	if slot[12]&0x08 != 0 {
		base = strings.ToLower(base)
	}
	if slot[12]&0x10 != 0 {
		ext = strings.ToLower(ext)
	}
	if ext != "" {
		return base + "." + ext
	}
	return base
}
