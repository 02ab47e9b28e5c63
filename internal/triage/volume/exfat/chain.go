package exfat

import (
	"encoding/binary"

	"parley/internal/triage/volume"
)

// chains gives the clusters of files.
type chains struct {
	*volume.Clusters
	fs     *FileSystem
	table  *volume.Window
	bitmap *volume.Window // nil while it is not known
}

// tableWindow is small: an enemy's chains jump about in the table.
const tableWindow = 4 << 10

func newChains(fs *FileSystem) *chains {
	clusters := &volume.Clusters{At: fs.heap, Size: fs.cluster, Count: fs.clusters}
	clusters.Begin()
	return &chains{Clusters: clusters, fs: fs, table: volume.NewWindow(fs.at, tableWindow)}
}

// follow gives the extents of length bytes from a cluster on, in one run or by
// the table; with the problem, those before it.
func (c *chains) follow(first uint32, length int64, run bool) ([]volume.Extent, error) {
	if run {
		return c.Follow(first, length, func(cluster uint32) (uint32, bool, error) { return cluster + 1, true, nil })
	}
	return c.Follow(first, length, c.next)
}

func (c *chains) next(cluster uint32) (uint32, bool, error) {
	raw, err := c.table.Bytes(c.fs.table+4*int64(cluster), 4)
	if err != nil {
		return 0, false, err
	}
	after := binary.LittleEndian.Uint32(raw)
	return after, after < 0xfffffff8, nil
}

// setBitmap takes the allocation bitmap from its entry in the root folder.
func (c *chains) setBitmap(first uint32, size int64) {
	extents, err := c.follow(first, min(size, int64(c.fs.clusters/8)+1), false)
	if err != nil {
		return
	}
	c.bitmap = volume.NewWindow(volume.NewContent(c.fs.at, extents, volume.Length(extents)), tableWindow)
}

// unused reports whether nobody has a cluster. Without a bitmap nobody can say.
func (c *chains) unused(cluster uint32) (bool, error) {
	if c.bitmap == nil {
		return false, nil
	}
	n := cluster - 2
	raw, err := c.bitmap.Bytes(int64(n/8), 1)
	return err == nil && raw[0]>>(n%8)&1 == 0, nil
}

// remains gives the free clusters from first on, up to length bytes, and takes them.
func (c *chains) remains(first uint32, length int64) ([]volume.Extent, error) {
	return c.Remains(first, length, c.unused)
}
