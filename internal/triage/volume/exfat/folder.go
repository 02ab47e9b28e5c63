package exfat

import (
	"encoding/binary"
	"unicode/utf16"

	"parley/internal/triage/volume"
)

const (
	entrySize = volume.SlotSize

	// Types of entries (section 6.2.1), without the bit that says they are in use.
	typeBitmap = 0x01
	typeFile   = 0x05
	typeStream = 0x40
	typeName   = 0x41
	inUse      = 0x80

	attrFolder = 0x10
	noChain    = 0x02 // of the stream's flags: the clusters are one run
)

// entry is a file's set of entries.
type entry struct {
	name    string
	folder  bool
	deleted bool
	run     bool
	first   uint32
	size    int64
	valid   int64 // bytes that were written; the rest reads as zeros
}

// entries gives the sets of a folder.
func entries(slots *volume.Slots, yield func(entry) error) error {
	for ; ; slots.Next() {
		slot := slots.Here(1)
		if slot == nil || slot[0] == 0 {
			return nil
		}
		if slot[0]&^inUse != typeFile {
			continue
		}
		if e, ok := set(slots.Here(1 + int(slot[1]))); ok {
			if err := yield(e); err != nil {
				return err
			}
		}
	}
}

// bitmapOf gives where the root folder says that the allocation bitmap is; the
// first, if it has several.
func bitmapOf(slots *volume.Slots) (first uint32, size int64) {
	for ; ; slots.Next() {
		slot := slots.Here(1)
		if slot == nil || slot[0] == 0 {
			return 0, 0
		}
		if slot[0] == inUse|typeBitmap {
			return binary.LittleEndian.Uint32(slot[20:]), int64(binary.LittleEndian.Uint64(slot[24:]))
		}
	}
}

// set reads a file's entry, the stream's after it and those with its name.
func set(raw []byte) (entry, bool) {
	little, used := binary.LittleEndian, raw[0]&inUse
	if len(raw) < 2*entrySize || raw[entrySize] != used|typeStream {
		return entry{}, false
	}
	stream := raw[entrySize:]
	e := entry{
		folder: little.Uint16(raw[4:])&attrFolder != 0, deleted: used == 0, run: stream[1]&noChain != 0,
		first: little.Uint32(stream[20:]), size: int64(little.Uint64(stream[24:])), valid: int64(little.Uint64(stream[8:])),
	}
	var units []uint16
	for n := 2; n <= int(raw[1]) && len(raw) >= (n+1)*entrySize && raw[n*entrySize] == used|typeName; n++ {
		for i := 2; i < entrySize; i += 2 {
			units = append(units, little.Uint16(raw[n*entrySize+i:]))
		}
	}
	e.name = string(utf16.Decode(units[:min(len(units), int(stream[3]))]))
	return e, e.size >= 0
}
