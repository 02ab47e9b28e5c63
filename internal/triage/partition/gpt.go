package partition

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"parley/internal/triage/wide"
)

const (
	gptMagic    = "EFI PART"
	mostEntries = 1024 // the specification asks for 128
)

// readGPT reads the table at the disk's start, or the copy at its end.
func readGPT(at io.ReaderAt, size, sector int64) (Table, error) {
	table, err := gptAt(at, size, sector, sector)
	if err == nil {
		return table, nil
	}
	last := size/sector*sector - sector
	other, second := gptAt(at, size, sector, last)
	if second != nil {
		return Table{}, err
	}
	other.problem("the partition table at the disk's start cannot be read (%v): that at its end is used", err)
	return other, nil
}

func gptAt(at io.ReaderAt, size, sector, offset int64) (Table, error) {
	var header [92]byte
	if _, err := at.ReadAt(header[:], offset); err != nil || offset <= 0 || string(header[:8]) != gptMagic {
		return Table{}, ErrNone
	}
	little := binary.LittleEndian
	table := Table{Scheme: "GPT"}
	sum := little.Uint32(header[16:])
	clear(header[16:20])
	if crc32.ChecksumIEEE(header[:]) != sum && little.Uint32(header[12:]) == uint32(len(header)) {
		return Table{}, fmt.Errorf("its header's checksum is wrong")
	}
	entries, length := int64(little.Uint64(header[72:])), int64(little.Uint32(header[84:]))
	count := int64(little.Uint32(header[80:]))
	if length < 128 || length > 4096 || entries < 2 || entries >= size/sector {
		return Table{}, fmt.Errorf("its header is broken")
	}
	if count > mostEntries {
		table.problem("the partition table claims %d entries: the first %d are read", count, mostEntries)
		count = mostEntries
	}
	raw := make([]byte, count*length)
	n, err := at.ReadAt(raw, entries*sector)
	if err != nil && n < len(raw) {
		table.problem("the partition table is cut off")
		raw = raw[:int64(n)/length*length]
	} else if crc32.ChecksumIEEE(raw) != little.Uint32(header[88:]) && count < mostEntries {
		table.problem("the partition table's checksum is wrong: it was damaged or changed")
	}
	for i := int64(0); i < int64(len(raw))/length; i++ {
		table.gptEntry(raw[i*length:(i+1)*length], int(i)+1, size, sector)
	}
	return table, nil
}

func (t *Table) gptEntry(raw []byte, number int, size, sector int64) {
	little := binary.LittleEndian
	if little.Uint64(raw) == 0 && little.Uint64(raw[8:]) == 0 {
		return
	}
	first, last := little.Uint64(raw[32:]), little.Uint64(raw[40:])
	p := Partition{Number: number, Start: -1, Type: guid(raw)}
	p.Name, _ = wide.Until(raw[56:128], little)
	if first < uint64(size/sector) && last >= first && last < 1<<50 {
		p.Start, p.Length = int64(first)*sector, int64(last-first+1)*sector
	}
	t.add(p, size)
}

func guid(raw []byte) string {
	little := binary.LittleEndian
	return fmt.Sprintf("%08x-%04x-%04x-%x-%x", little.Uint32(raw), little.Uint16(raw[4:]), little.Uint16(raw[6:]), raw[8:10], raw[10:16])
}
