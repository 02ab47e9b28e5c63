package partition

import (
	"errors"
	"fmt"
	"io"
)

// Table is how a disk is divided.
type Table struct {
	Scheme     string // MBR or GPT
	Partitions []Partition
	Problems   []string // what is wrong with the table
}

// Partition is a part of the disk.
type Partition struct {
	Number        int   // from 1; logical partitions of an MBR from 5
	Start, Length int64 // in bytes
	Type          string
	Name          string // GPT
}

// ErrNone says that a disk has no table.
var ErrNone = errors.New("the disk has no partition table")

// Read reads the table of a disk of size bytes, with sectors of 512 bytes or, for a
// GPT alone, of 4096.
func Read(at io.ReaderAt, size int64) (Table, error) {
	for _, sector := range [...]int64{512, 4096} {
		if table, err := readGPT(at, size, sector); err == nil {
			return table, nil
		}
	}
	return readMBR(at, size)
}

// add takes a partition, unless it cannot be.
func (t *Table) add(p Partition, size int64) {
	switch {
	case p.Start < 0 || p.Length <= 0 || p.Start >= size:
		t.problem("partition %d lies outside of the disk: not read", p.Number)
		return
	case p.Length > size-p.Start:
		t.problem("partition %d goes on %d bytes past the end of the disk: read as far as it is there", p.Number, p.Length-(size-p.Start))
		p.Length = size - p.Start
	}
	for _, other := range t.Partitions {
		if p.Start < other.Start+other.Length && other.Start < p.Start+p.Length {
			t.problem("partition %d lies on partition %d: not read", p.Number, other.Number)
			return
		}
	}
	t.Partitions = append(t.Partitions, p)
}

// problem keeps the first few.
func (t *Table) problem(format string, args ...any) {
	const most = 32
	if len(t.Problems) < most {
		t.Problems = append(t.Problems, fmt.Sprintf(format, args...))
	}
}
