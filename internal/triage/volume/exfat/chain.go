package exfat

import (
	"encoding/binary"
	"errors"

	"parley/internal/triage/volume"
)

// chains gives the clusters of files. All together may have four times the
// clusters of the volume: living files share none.
type chains struct {
	fs     *FileSystem
	table  *volume.Window
	bitmap *volume.Window // over used
	used   []volume.Extent
	size   int64 // of the bitmap, in bytes
	left   int64
	taken  []uint64 // a bit for each cluster that a deleted file was given
}

func newChains(fs *FileSystem) *chains {
	return &chains{
		fs: fs, table: volume.NewWindow(fs.at, 64<<10),
		left: 4*int64(fs.clusters) + 1<<16, taken: make([]uint64, fs.clusters/64+1),
	}
}

var (
	errLoop  = errors.New("its chain of clusters runs in a ring or is longer than the volume")
	errChain = errors.New("its clusters lead out of the volume")
	errWork  = errors.New("the chains of its files have more clusters than the volume: the rest is not read")
)

// follow gives the extents of length bytes from a cluster on, in one run or by
// the table; with the problem, those before it.
func (c *chains) follow(first uint32, length int64, run bool) ([]volume.Extent, error) {
	var extents []volume.Extent
	cluster := first
	for steps := uint32(0); length > 0; steps++ {
		if !c.fs.valid(cluster) {
			return extents, errChain
		}
		if steps >= c.fs.clusters {
			return extents, errLoop
		}
		if c.left--; c.left < 0 {
			return extents, errWork
		}
		e := c.fs.extent(cluster)
		e.Length = min(e.Length, length)
		extents = volume.Append(extents, e)
		length -= e.Length
		if run {
			cluster++
			continue
		}
		raw, err := c.table.Bytes(c.fs.table+4*int64(cluster), 4)
		if err != nil {
			return extents, err
		}
		if cluster = binary.LittleEndian.Uint32(raw); cluster >= 0xfffffff8 {
			break
		}
	}
	return extents, nil
}

// setBitmap takes the allocation bitmap from its entry in the root folder.
func (c *chains) setBitmap(first uint32, size int64) {
	extents, err := c.follow(first, min(size, int64(c.fs.clusters/8)+1), false)
	if err != nil {
		return
	}
	c.used, c.size = extents, volume.Length(extents)
	c.bitmap = volume.NewWindow(volume.NewContent(c.fs.at, extents, c.size), 64<<10)
}

// free reports whether nobody has a cluster. Without a bitmap nobody can say.
func (c *chains) free(cluster uint32) bool {
	if c.bitmap == nil || !c.fs.valid(cluster) {
		return false
	}
	n := cluster - 2
	raw, err := c.bitmap.Bytes(int64(n/8), 1)
	return err == nil && raw[0]>>(n%8)&1 == 0 && c.taken[n/64]>>(n%64)&1 == 0
}

// remains gives the free clusters from first on, up to length bytes, and takes them.
func (c *chains) remains(first uint32, length int64) ([]volume.Extent, error) {
	var extents []volume.Extent
	for cluster := first; length > 0 && c.free(cluster); cluster++ {
		if c.left--; c.left < 0 {
			return extents, errWork
		}
		n := cluster - 2
		c.taken[n/64] |= 1 << (n % 64)
		e := c.fs.extent(cluster)
		e.Length = min(e.Length, length)
		extents = volume.Append(extents, e)
		length -= e.Length
	}
	return extents, nil
}
