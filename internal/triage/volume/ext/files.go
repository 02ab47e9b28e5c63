package ext

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/triage/volume"
)

const (
	rootInode   = 2
	firstInode  = 11       // before it stand the volume's own
	folderBytes = 64 << 20 // a folder of half a million names
)

// walk is one reading of the volume.
type walk struct {
	ctx    context.Context
	fs     *FileSystem
	mapper *mapper
	limits volume.Limits
	yield  func(volume.File) error
	seen   map[int64]string // paths of folders, and of files that have several names
	gone   map[int64]string // names that were deleted
	count  int
}

// Files gives the files folder by folder, then the deleted ones by inode.
func (fs *FileSystem) Files(ctx context.Context, limits volume.Limits, yield func(volume.File) error) error {
	w := &walk{
		ctx: ctx, fs: fs, mapper: newMapper(fs), limits: limits.Complete(), yield: yield,
		seen: map[int64]string{rootInode: "."}, gone: map[int64]string{},
	}
	root, err := fs.inode(rootInode)
	if err != nil {
		return err
	}
	if fs.needed&needRecovery != 0 {
		err := yield(volume.File{Path: ".", Problem: errors.New("the volume was in use when it was taken; what is only in its journal is scanned raw")})
		if err != nil {
			return err
		}
	}
	if err := w.folder("", root, 1); err != nil {
		return err
	}
	return w.deleted()
}

func (w *walk) folder(path string, n inode, depth int) error {
	extents, err := w.extents(n)
	if errors.Is(err, errWork) {
		return err
	}
	if err != nil {
		if err := w.problem(volume.Join(path, "."), fmt.Errorf("the folder breaks off: %w", err)); err != nil {
			return err
		}
	}
	content := volume.NewContent(w.fs.at, extents, min(n.size, folderBytes))
	raw := make([]byte, w.fs.block)
	for offset := int64(0); offset < volume.Length(extents); offset += w.fs.block {
		got, err := content.ReadAt(raw, offset)
		if got == 0 && err != nil {
			return w.problem(volume.Join(path, "."), fmt.Errorf("the folder cannot be read whole: %w", err))
		}
		names := raw[:got]
		if n.flags&flagInline != 0 && got >= 4 {
			names = raw[4:got] // the parent's inode stands first
		}
		for _, e := range w.fs.entries(names) {
			if err := w.entry(path, e, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

// extents finds a folder's bytes: holes in folders are an enemy's.
func (w *walk) extents(n inode) ([]volume.Extent, error) {
	if n.size > folderBytes {
		n.size = folderBytes
	}
	extents, err := w.mapper.extents(n)
	for i, e := range extents {
		if e.At < 0 {
			return extents[:i], errors.New("it has a hole")
		}
	}
	return extents, err
}

func (w *walk) problem(path string, problem error) error {
	return w.yield(volume.File{Path: path, Problem: problem})
}

func (w *walk) entry(folder string, e entry, depth int) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if w.count++; w.count > w.limits.Entries {
		return volume.ErrEntries
	}
	path := volume.Join(folder, e.name)
	if e.deleted {
		if _, known := w.gone[e.inode]; !known && e.inode >= firstInode {
			w.gone[e.inode] = path
		}
		return nil
	}
	n, err := w.fs.inode(e.inode)
	if err != nil {
		return w.problem(path, err)
	}
	if first, again := w.seen[e.inode]; again {
		return w.problem(path, fmt.Errorf("it is another name of %q: read there", first))
	}
	switch n.mode & modeKind {
	case modeFolder:
		w.seen[e.inode] = path
		if n.flags&flagEncrypted != 0 {
			return w.problem(path, errors.New("the folder is encrypted: its names are not readable"))
		}
		if err := w.limits.Enter(path, depth); err != nil {
			return w.problem(path, err)
		}
		return w.folder(path, n, depth+1)
	case modeRegular:
		if n.links > 1 {
			w.seen[e.inode] = path
		}
		return w.file(path, n)
	case modeLink:
		return w.problem(path, errors.New("it is a symbolic link: not followed"))
	}
	return w.problem(path, fmt.Errorf("it is no file (mode %o): not read", n.mode))
}

func (w *walk) file(path string, n inode) error {
	f := volume.File{Path: path, Size: n.size}
	if n.flags&flagEncrypted != 0 {
		f.Problem = errors.New("it is encrypted: not read")
		return w.yield(f)
	}
	var err error
	f.Extents, err = w.mapper.extents(n)
	if errors.Is(err, errWork) {
		return err
	}
	if err != nil {
		held := volume.Length(f.Extents)
		f.Problem = fmt.Errorf("it claims %d bytes and is read up to byte %d: %w", n.size, held, err)
		if held > 0 {
			f.Size = held
		}
	}
	if len(f.Extents) > 0 || n.size == 0 {
		f.Content = volume.NewContent(w.fs.at, f.Extents, f.Size)
	}
	return w.yield(f)
}
