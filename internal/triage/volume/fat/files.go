package fat

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/triage/volume"
)

// folderBytes bounds a folder: the specification allows 65,536 entries.
const folderBytes = 65536 * entrySize

// walk is one reading of the volume.
type walk struct {
	ctx    context.Context
	fs     *FileSystem
	chains *chains
	limits volume.Limits
	yield  func(volume.File) error
	seen   map[uint32]bool // first clusters of folders
	count  int
}

// Files gives the files folder by folder, each in its order on the volume.
func (fs *FileSystem) Files(ctx context.Context, limits volume.Limits, yield func(volume.File) error) error {
	w := &walk{ctx: ctx, fs: fs, chains: newChains(fs), limits: limits.Complete(), yield: yield, seen: map[uint32]bool{}}
	root := []volume.Extent{fs.root}
	if fs.bits == 32 {
		var err error
		w.seen[fs.first] = true
		if root, err = w.chains.follow(fs.first, folderBytes); err != nil {
			if err := yield(volume.File{Path: ".", Problem: fmt.Errorf("the root folder breaks off: %w", err)}); err != nil {
				return err
			}
		}
	}
	return w.folder("", root, false, 1)
}

func (w *walk) folder(path string, extents []volume.Extent, gone bool, depth int) error {
	slots := volume.NewSlots(w.fs.at, extents)
	err := w.fs.entries(slots, func(e entry) error {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if w.count++; w.count > w.limits.Entries {
			return volume.ErrEntries
		}
		e.deleted = e.deleted || gone
		return w.entry(volume.Join(path, e.name), e, depth)
	})
	if broken := slots.Err(); err == nil && broken != nil {
		return w.yield(volume.File{Path: volume.Join(path, "."), Problem: fmt.Errorf("the folder cannot be read whole: %w", broken)})
	}
	return err
}

func (w *walk) entry(path string, e entry, depth int) error {
	f := volume.File{Path: path, Size: e.size, Deleted: e.deleted}
	if e.folder {
		return w.inner(f, e, depth)
	}
	var err error
	if e.deleted {
		err = w.remains(&f, e)
	} else {
		err = w.living(&f, e)
	}
	if errors.Is(err, volume.ErrWork) {
		return err
	}
	f.Problem = err
	if f.Extents != nil || f.Size == 0 {
		f.Content = volume.NewContent(w.fs.at, f.Extents, f.Size)
	}
	return w.yield(f)
}

func (w *walk) living(f *volume.File, e entry) (err error) {
	f.Extents, err = w.chains.follow(e.first, e.size)
	if held := volume.Length(f.Extents); held < f.Size {
		if err == nil {
			err = fmt.Errorf("its chain of clusters has %d bytes", held)
		}
		err = fmt.Errorf("it claims %d bytes and is read up to byte %d: %w", f.Size, held, err)
		f.Size = held
	}
	if f.Size == 0 && e.size > 0 {
		f.Size = e.size // nothing of it is left to read
	}
	return err
}

// remains finds what is left of a deleted file.
func (w *walk) remains(f *volume.File, e entry) (err error) {
	f.Extents, err = w.chains.free(e.first, e.size)
	if errors.Is(err, volume.ErrWork) {
		return err
	}
	switch held := volume.Length(f.Extents); {
	case held == 0 && e.size > 0:
		return errors.New("it was deleted and its clusters are used again: not read")
	case held < e.size:
		f.Size = held
		return fmt.Errorf("it was deleted; of its %d bytes the first %d are not used again", e.size, held)
	}
	return err
}

// inner goes into a folder.
func (w *walk) inner(f volume.File, e entry, depth int) error {
	if e.deleted {
		return w.innerDeleted(f, e, depth)
	}
	if w.seen[e.first] {
		f.Problem = errors.New("the folder stands elsewhere as well: not entered again")
		return w.yield(f)
	}
	if f.Problem = w.limits.Enter(f.Path, depth); f.Problem != nil {
		return w.yield(f)
	}
	w.seen[e.first] = true
	extents, err := w.chains.follow(e.first, folderBytes)
	if errors.Is(err, volume.ErrWork) {
		return err
	}
	if err != nil {
		f.Problem = fmt.Errorf("the folder breaks off: %w", err)
		if err := w.yield(f); err != nil {
			return err
		}
	}
	return w.folder(f.Path, extents, false, depth+1)
}

// innerDeleted reads the first cluster of a deleted folder, if it still is one.
func (w *walk) innerDeleted(f volume.File, e entry, depth int) error {
	if w.seen[e.first] || w.limits.Enter(f.Path, depth) != nil || !w.chains.Valid(e.first) {
		return nil
	}
	entry, err := w.chains.entry(e.first)
	if err != nil || entry != 0 {
		return nil
	}
	extent := w.chains.Extent(e.first)
	var head [entrySize]byte
	if _, err := w.fs.at.ReadAt(head[:], extent.At); err != nil || string(head[:11]) != ".          " {
		return nil
	}
	w.seen[e.first] = true
	return w.folder(f.Path, []volume.Extent{extent}, true, depth+1)
}
