package fat

import (
	"encoding/binary"
	"errors"

	"parley/internal/triage/volume"
)

// chains follows chains of clusters. All chains together may have four times the
// clusters of the volume: living files share none.
type chains struct {
	fs     *FileSystem
	window *volume.Window
	left   int64
	taken  []uint64 // a bit for each cluster that a deleted file was given
}

func newChains(fs *FileSystem) *chains {
	return &chains{
		fs: fs, window: volume.NewWindow(fs.at, 64<<10),
		left: 4*int64(fs.clusters) + 1<<16, taken: make([]uint64, (fs.clusters+2)/64+1),
	}
}

var (
	errLoop  = errors.New("its chain of clusters runs in a ring or is longer than the volume")
	errChain = errors.New("its chain of clusters leads out of the volume")
	errWork  = errors.New("the chains of its files have more clusters than the volume: the rest is not read")
)

func (c *chains) valid(cluster uint32) bool {
	return cluster >= 2 && cluster-2 < c.fs.clusters
}

// entry gives what the table says of a cluster: 0 if free.
func (c *chains) entry(cluster uint32) (uint32, error) {
	n := int64(cluster)
	switch c.fs.bits {
	case 12:
		raw, err := c.window.Bytes(c.fs.table+n*3/2, 2)
		if err != nil {
			return 0, err
		}
		value := uint32(binary.LittleEndian.Uint16(raw))
		if n%2 == 1 {
			return value >> 4, nil
		}
		return value & 0xfff, nil
	case 16:
		raw, err := c.window.Bytes(c.fs.table+n*2, 2)
		if err != nil {
			return 0, err
		}
		return uint32(binary.LittleEndian.Uint16(raw)), nil
	}
	raw, err := c.window.Bytes(c.fs.table+n*4, 4)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(raw) & 0x0fffffff, nil
}

// last reports whether an entry ends a chain.
func (c *chains) last(entry uint32) bool {
	return entry >= uint32(1)<<min(c.fs.bits, 28)-8
}

func (c *chains) extent(cluster uint32) volume.Extent {
	return volume.Extent{At: c.fs.data + int64(cluster-2)*c.fs.cluster, Length: c.fs.cluster}
}

// follow gives the extents of a chain up to length bytes; with the problem, those
// before it.
func (c *chains) follow(first uint32, length int64) ([]volume.Extent, error) {
	var extents []volume.Extent
	cluster := first
	for steps := uint32(0); length > 0; steps++ {
		if !c.valid(cluster) {
			return extents, errChain
		}
		if steps >= c.fs.clusters {
			return extents, errLoop
		}
		if c.left--; c.left < 0 {
			return extents, errWork
		}
		e := c.extent(cluster)
		e.Length = min(e.Length, length)
		extents = volume.Append(extents, e)
		length -= e.Length
		next, err := c.entry(cluster)
		if err != nil {
			return extents, err
		}
		if c.last(next) {
			break
		}
		cluster = next
	}
	return extents, nil
}

// free gives the run of free clusters from first on, up to length bytes, and takes
// them.
func (c *chains) free(first uint32, length int64) ([]volume.Extent, error) {
	var extents []volume.Extent
	for cluster := first; length > 0 && c.valid(cluster); cluster++ {
		if c.left--; c.left < 0 {
			return extents, errWork
		}
		entry, err := c.entry(cluster)
		if err != nil {
			return extents, err
		}
		word, bit := cluster/64, uint64(1)<<(cluster%64)
		if entry != 0 || c.taken[word]&bit != 0 {
			break
		}
		c.taken[word] |= bit
		e := c.extent(cluster)
		e.Length = min(e.Length, length)
		extents = volume.Append(extents, e)
		length -= e.Length
	}
	return extents, nil
}
