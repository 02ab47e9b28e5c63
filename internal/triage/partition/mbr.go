package partition

import (
	"encoding/binary"
	"fmt"
	"io"
)

const (
	mbrSector   = 512 // whatever the disk's is: the table counts in these nearly always
	mbrEntries  = 446
	mostLogical = 256
)

func readMBR(at io.ReaderAt, size int64) (Table, error) {
	entries, ok := mbrAt(at, 0)
	if !ok {
		return Table{}, ErrNone
	}
	table := Table{Scheme: "MBR"}
	used := 0
	for i, e := range entries {
		if e.kind == 0 || e.sectors == 0 {
			continue
		}
		if e.start == 0 || e.start*mbrSector >= size {
			return Table{}, ErrNone // a boot sector of something else
		}
		used++
		if e.extended() {
			table.logical(at, size, e.start)
			continue
		}
		table.add(Partition{Number: i + 1, Start: e.start * mbrSector, Length: e.sectors * mbrSector, Type: fmt.Sprintf("%02x", e.kind)}, size)
	}
	if used == 0 {
		return Table{}, ErrNone
	}
	return table, nil
}

type mbrEntry struct {
	kind           byte
	start, sectors int64
}

func (e mbrEntry) extended() bool { return e.kind == 0x05 || e.kind == 0x0f || e.kind == 0x85 }

// mbrAt reads the four entries of a sector; false if it is none.
func mbrAt(at io.ReaderAt, offset int64) (entries [4]mbrEntry, ok bool) {
	var raw [mbrSector]byte
	if _, err := at.ReadAt(raw[:], offset); err != nil || raw[510] != 0x55 || raw[511] != 0xaa {
		return entries, false
	}
	for i := range entries {
		e := raw[mbrEntries+16*i:]
		if e[0]&0x7f != 0 {
			return entries, false
		}
		entries[i] = mbrEntry{kind: e[4], start: int64(binary.LittleEndian.Uint32(e[8:])), sectors: int64(binary.LittleEndian.Uint32(e[12:]))}
	}
	return entries, true
}

// logical follows the chain of an extended partition: each sector in it has
// a partition, counted from there, and the next sector, counted from the first.
func (t *Table) logical(at io.ReaderAt, size, first int64) {
	seen := map[int64]bool{}
	number := 5
	for _, p := range t.Partitions {
		number = max(number, p.Number+1)
	}
	for sector := first; ; {
		if seen[sector] || len(seen) >= mostLogical {
			t.problem("the chain of logical partitions runs in a ring or has more than %d", mostLogical)
			return
		}
		seen[sector] = true
		entries, ok := mbrAt(at, sector*mbrSector)
		if !ok {
			t.problem("the chain of logical partitions breaks off at sector %d", sector)
			return
		}
		if e := entries[0]; e.kind != 0 && e.sectors != 0 {
			t.add(Partition{Number: number, Start: (sector + e.start) * mbrSector, Length: e.sectors * mbrSector, Type: fmt.Sprintf("%02x", e.kind)}, size)
			number++
		}
		if entries[1].kind == 0 || entries[1].start == 0 {
			return
		}
		sector = first + entries[1].start
	}
}
