package scratch

import (
	"bytes"
	"container/heap"
	"encoding/binary"
	"io"
	"iter"
	"slices"
)

// Sorter gives records back in the order of their bytes. As many as fit stay in
// memory; beyond that, sorted runs go to a [File] and are merged.
type Sorter struct {
	dir    string
	rand   io.Reader
	memory int

	held [][]byte
	size int // bytes of what is held
	file *File
	runs []run
}

// run is the chunks of one sorted run, the last one excluded.
type run struct{ first, end int }

// NewSorter makes a sorter that holds about so many bytes in memory, and puts
// the rest into a folder.
func NewSorter(dir string, rand io.Reader, memory int) *Sorter {
	return &Sorter{dir: dir, rand: rand, memory: memory}
}

// Add takes one record, and keeps it: it must not change afterwards.
func (s *Sorter) Add(record []byte) error {
	const around = 48 // bytes that a record costs beside its own
	s.held, s.size = append(s.held, record), s.size+len(record)+around
	if s.size < s.memory {
		return nil
	}
	return s.spill()
}

// spill writes what is held as one sorted run, in chunks: of each run one is in
// memory while they are merged.
func (s *Sorter) spill() (err error) {
	if s.file == nil {
		if s.file, err = New(s.dir, s.rand); err != nil {
			return err
		}
	}
	slices.SortFunc(s.held, bytes.Compare)
	r := run{first: s.file.Chunks()}
	most := max(s.memory/64, 4<<10)
	var chunk []byte
	for i, record := range s.held {
		chunk = append(binary.AppendUvarint(chunk, uint64(len(record))), record...)
		if len(chunk) >= most || i == len(s.held)-1 {
			if err := s.file.Append(chunk); err != nil {
				return err
			}
			chunk = chunk[:0]
		}
	}
	r.end = s.file.Chunks()
	s.runs = append(s.runs, r)
	clear(s.held)
	s.held, s.size = s.held[:0], 0
	return nil
}

// Sorted gives every record, in order, once; equal ones stand together. A record
// is good until the next.
func (s *Sorter) Sorted() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		slices.SortFunc(s.held, bytes.Compare)
		open := cursors{{records: s.held}}
		for _, r := range s.runs {
			open = append(open, &cursor{file: s.file, run: r})
		}
		open = slices.DeleteFunc(open, func(c *cursor) bool { return !c.advance() && c.err == nil })
		heap.Init(&open)
		for len(open) > 0 {
			c := open[0]
			if c.err != nil {
				yield(nil, c.err)
				return
			}
			if !yield(c.record, nil) {
				return
			}
			if c.advance() || c.err != nil {
				heap.Fix(&open, 0)
			} else {
				heap.Pop(&open)
			}
		}
	}
}

// Close forgets everything.
func (s *Sorter) Close() error {
	s.held, s.runs = nil, nil
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// cursor stands on one record of a run, or of what is held.
type cursor struct {
	record  []byte
	err     error
	records [][]byte // held, and still to come
	file    *File
	run     run
	text    []byte // of a chunk, from the next record on
}

// advance goes to the next record, if there is one.
func (c *cursor) advance() bool {
	switch {
	case len(c.records) > 0:
		c.record, c.records = c.records[0], c.records[1:]
		return true
	case len(c.text) == 0 && c.run.first == c.run.end:
		return false
	case len(c.text) == 0:
		if c.text, c.err = c.file.Chunk(c.run.first); c.err != nil {
			return false
		}
		c.run.first++
	}
	size, n := binary.Uvarint(c.text)
	c.record, c.text = c.text[n:n+int(size)], c.text[n+int(size):]
	return true
}

// cursors is a heap; one that cannot be read comes first.
type cursors []*cursor

func (c cursors) Len() int      { return len(c) }
func (c cursors) Swap(i, j int) { c[i], c[j] = c[j], c[i] }
func (c *cursors) Push(x any)   { *c = append(*c, x.(*cursor)) }
func (c *cursors) Pop() any {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}

func (c cursors) Less(i, j int) bool {
	if c[i].err != nil || c[j].err != nil {
		return c[i].err != nil
	}
	return bytes.Compare(c[i].record, c[j].record) < 0
}
