package volume

import (
	"errors"
	"io"
)

// Clusters are those of a volume with a table of chains (FAT, exFAT): numbered
// from 2, all of one size. All chains together may have four times the clusters
// there are, for living files share none.
type Clusters struct {
	At    int64  // where cluster 2 begins, in bytes
	Size  int64  // of one, in bytes
	Count uint32 // how many there are

	left  int64 // that may still be gone over
	taken Set   // by deleted files
}

// Errors of chains. After ErrWork the rest of the volume is not read.
var (
	ErrLoop  = errors.New("its chain of clusters runs in a ring or is longer than the volume")
	ErrChain = errors.New("its chain of clusters leads out of the volume")
	ErrWork  = errors.New("the chains of its files have more clusters than the volume: the rest is not read")
)

// Begin sets the work that one reading of the volume may take.
func (c *Clusters) Begin() { c.left = 4*int64(c.Count) + 1<<16 }

// Valid reports whether there is such a cluster.
func (c *Clusters) Valid(cluster uint32) bool { return cluster >= 2 && cluster-2 < c.Count }

// Extent gives where a cluster lies.
func (c *Clusters) Extent(cluster uint32) Extent {
	return Extent{At: c.At + int64(cluster-2)*c.Size, Length: c.Size}
}

// Follow gives the extents of a chain up to length bytes; with the problem, those
// before it. next gives the cluster after one, false after the last.
func (c *Clusters) Follow(first uint32, length int64, next func(uint32) (uint32, bool, error)) ([]Extent, error) {
	var extents []Extent
	cluster := first
	for steps := uint32(0); length > 0; steps++ {
		if !c.Valid(cluster) {
			return extents, ErrChain
		}
		if steps >= c.Count {
			return extents, ErrLoop
		}
		if c.left--; c.left < 0 {
			return extents, ErrWork
		}
		e := c.Extent(cluster)
		e.Length = min(e.Length, length)
		extents = Append(extents, e)
		length -= e.Length
		after, more, err := next(cluster)
		if err != nil {
			return extents, err
		}
		if !more {
			break
		}
		cluster = after
	}
	return extents, nil
}

// Remains gives the run of free clusters from first on, up to length bytes, and
// takes them: they are given to one deleted file only.
func (c *Clusters) Remains(first uint32, length int64, free func(uint32) (bool, error)) ([]Extent, error) {
	var extents []Extent
	for cluster := first; length > 0 && c.Valid(cluster); cluster++ {
		if c.left--; c.left < 0 {
			return extents, ErrWork
		}
		is, err := free(cluster)
		if err != nil {
			return extents, err
		}
		if !is || !c.taken.Take(int64(cluster)) {
			break
		}
		e := c.Extent(cluster)
		e.Length = min(e.Length, length)
		extents = Append(extents, e)
		length -= e.Length
	}
	return extents, nil
}

// Set holds numbers of clusters or blocks. It takes memory for those that are in
// it, not for those that there could be.
type Set struct{ bits map[int64]*[64]uint64 }

// Has reports whether a number is in the set.
func (s *Set) Has(n int64) bool {
	block := s.bits[n>>12]
	return block != nil && block[n>>6&63]>>(n&63)&1 != 0
}

// Take puts a number into the set; false if it was there.
func (s *Set) Take(n int64) bool {
	if s.Has(n) {
		return false
	}
	if s.bits == nil {
		s.bits = make(map[int64]*[64]uint64)
	}
	block := s.bits[n>>12]
	if block == nil {
		block = new([64]uint64)
		s.bits[n>>12] = block
	}
	block[n>>6&63] |= 1 << (n & 63)
	return true
}

// SlotSize is the length of an entry of a folder of FAT and exFAT.
const SlotSize = 32

// Slots reads a folder of entries of [SlotSize] bytes, a piece at a time: an
// enemy's folders are large, and lie in each other.
type Slots struct {
	window   *Window
	at, size int64
	problem  error
}

const mostSlots = 256 // that can be seen at once: an entry of exFAT has so many

// NewSlots reads the folder whose bytes lie in extents.
func NewSlots(at io.ReaderAt, extents []Extent) *Slots {
	size := Length(extents)
	return &Slots{window: NewWindow(NewContent(at, extents, size), mostSlots*SlotSize), size: size}
}

// Here gives the entry that was come to and those after it, n if there are so
// many; nil at the end of the folder. They are good until the next call.
func (s *Slots) Here(n int) []byte {
	n = min(n, mostSlots, int((s.size-s.at)/SlotSize))
	for ; n > 0; n /= 2 {
		raw, err := s.window.Bytes(s.at, n*SlotSize)
		if err == nil {
			return raw
		}
		if n == 1 {
			s.problem = err
		}
	}
	return nil
}

// Next goes on to the next entry.
func (s *Slots) Next() { s.at += SlotSize }

// Err says why the folder could not be read to its end; nil if it was.
func (s *Slots) Err() error { return s.problem }
