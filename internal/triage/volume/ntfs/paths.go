package ntfs

import (
	"context"
	"slices"
	"strings"

	"parley/internal/triage/volume"
)

// folder is what is needed of a folder to name what is in it.
type folder struct {
	fileName
	own  uint16 // its sequence number
	gone bool
}

// folders reads the names of all folders.
func (fs *FileSystem) folders(ctx context.Context, m *mapper) (map[int64]folder, error) {
	list := map[int64]folder{}
	for number := int64(0); number < fs.records; number++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r, err := fs.readRecord(number)
		if err != nil || r.base != 0 || r.flags&recordFolder == 0 {
			continue
		}
		if name, ok := r.name(fs.all(r, m)); ok {
			list[number] = folder{fileName: name, own: r.sequence, gone: r.flags&recordInUse == 0}
		}
	}
	return list, nil
}

// path follows the parents up to the root. What hangs on nothing, on a folder
// that is not the one it was, too deep or in a ring is put under "$orphan".
func path(folders map[int64]folder, name fileName, limits volume.Limits) string {
	names, length := []string{name.name}, len(name.name)
	for range limits.Depth {
		if name.parent == rootRecord || length > limits.Path {
			break
		}
		up, ok := folders[name.parent]
		// A deleted folder's sequence number has gone up by one.
		if !ok || up.own != name.sequence && !(up.gone && up.own == name.sequence+1) {
			name.parent = -1
			break
		}
		names, length = append(names, up.name), length+1+len(up.name)
		name = up.fileName
	}
	if name.parent != rootRecord {
		names = append(names, "$orphan")
	}
	slices.Reverse(names)
	return strings.Join(names, "/")
}
