package fat

import (
	"encoding/binary"

	"parley/internal/triage/volume"
)

// chains follows chains of clusters.
type chains struct {
	*volume.Clusters
	fs     *FileSystem
	window *volume.Window
}

// tableWindow is small: an enemy's chains jump about in the table.
const tableWindow = 4 << 10

func newChains(fs *FileSystem) *chains {
	clusters := &volume.Clusters{At: fs.data, Size: fs.cluster, Count: fs.clusters}
	clusters.Begin()
	return &chains{Clusters: clusters, fs: fs, window: volume.NewWindow(fs.at, tableWindow)}
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

// next gives the cluster after one; false after the last.
func (c *chains) next(cluster uint32) (uint32, bool, error) {
	entry, err := c.entry(cluster)
	return entry, entry < uint32(1)<<min(c.fs.bits, 28)-8, err
}

func (c *chains) unused(cluster uint32) (bool, error) {
	entry, err := c.entry(cluster)
	return entry == 0, err
}

// follow gives the extents of a chain up to length bytes; with the problem, those
// before it.
func (c *chains) follow(first uint32, length int64) ([]volume.Extent, error) {
	return c.Follow(first, length, c.next)
}

// free gives the run of free clusters from first on, up to length bytes, and takes
// them.
func (c *chains) free(first uint32, length int64) ([]volume.Extent, error) {
	return c.Remains(first, length, c.unused)
}
