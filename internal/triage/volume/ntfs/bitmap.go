package ntfs

import "parley/internal/triage/volume"

// bitmap says which clusters are in use, by the volume or by a deleted file that
// was given them.
type bitmap struct {
	fs     *FileSystem
	window *volume.Window // nil if the volume's bitmap cannot be read
	size   int64
	taken  volume.Set
}

func newBitmap(fs *FileSystem, m *mapper) *bitmap {
	b := &bitmap{fs: fs}
	r, err := fs.readRecord(bitmapRecord)
	if err != nil {
		return b
	}
	for _, s := range streams(fs.all(r, m)) {
		if s.name != "" || s.resident != nil {
			continue
		}
		extents, err := m.extents(s)
		if err != nil {
			return b
		}
		b.size = min(s.size, volume.Length(extents))
		b.window = volume.NewWindow(volume.NewContent(fs.at, extents, b.size), 4<<10)
	}
	return b
}

// free reports whether nobody has the clusters. Without a bitmap nobody can say.
func (b *bitmap) free(extents []volume.Extent) bool {
	if b.window == nil {
		return false
	}
	for _, e := range extents {
		if e.At < 0 {
			continue
		}
		for cluster := e.At / b.fs.cluster; cluster*b.fs.cluster < e.At+e.Length; cluster++ {
			raw, err := b.window.Bytes(cluster/8, 1)
			if err != nil || raw[0]>>(cluster%8)&1 != 0 || b.taken.Has(cluster) {
				return false
			}
		}
	}
	return true
}

func (b *bitmap) take(extents []volume.Extent) {
	for _, e := range extents {
		for cluster := e.At / b.fs.cluster; e.At >= 0 && cluster*b.fs.cluster < e.At+e.Length; cluster++ {
			b.taken.Take(cluster)
		}
	}
}
