package exfat

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/triage/volume"
)

// folderBytes bounds a folder (section 7.1): 256 MiB may be claimed, an enemy's
// would hold little else.
const folderBytes = 16 << 20

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
	w := &walk{ctx: ctx, fs: fs, chains: newChains(fs), limits: limits.Complete(), yield: yield, seen: map[uint32]bool{fs.root: true}}
	extents, err := w.chains.follow(fs.root, folderBytes, false)
	if err != nil {
		err = yield(volume.File{Path: ".", Problem: fmt.Errorf("the root folder breaks off: %w", err)})
		if err != nil {
			return err
		}
	}
	if first, size := bitmapOf(volume.NewSlots(fs.at, extents)); size > 0 {
		w.chains.setBitmap(first, size)
	}
	return w.folder("", extents, false, 1)
}

func (w *walk) folder(path string, extents []volume.Extent, gone bool, depth int) error {
	slots := volume.NewSlots(w.fs.at, extents)
	err := entries(slots, func(e entry) error {
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
	if f.Problem = w.extents(&f, e); errors.Is(f.Problem, volume.ErrWork) {
		return f.Problem
	}
	if f.Extents != nil || f.Size == 0 {
		f.Content = volume.NewContent(w.fs.at, f.Extents, f.Size)
	}
	return w.yield(f)
}

// extents finds the bytes of a file, and after them the zeros that were never written.
func (w *walk) extents(f *volume.File, e entry) (err error) {
	written := max(0, min(e.valid, e.size))
	if e.deleted {
		f.Extents, err = w.chains.remains(e.first, written)
	} else {
		f.Extents, err = w.chains.follow(e.first, written, e.run)
	}
	if errors.Is(err, volume.ErrWork) {
		return err
	}
	held := volume.Length(f.Extents)
	switch {
	case held == written:
		f.Extents = volume.Append(f.Extents, volume.Extent{At: -1, Length: e.size - written})
		return err
	case held == 0 && e.deleted:
		return errors.New("it was deleted and its clusters are used again: not read")
	case held == 0:
		return fmt.Errorf("its %d bytes cannot be found: %w", e.size, orShort(err))
	case e.deleted:
		err = fmt.Errorf("it was deleted; of its %d bytes the first %d are not used again", e.size, held)
	default:
		err = fmt.Errorf("it claims %d bytes and is read up to byte %d: %w", e.size, held, orShort(err))
	}
	f.Size = held
	return err
}

func orShort(err error) error {
	if err == nil {
		return errors.New("its chain of clusters ends")
	}
	return err
}

// inner goes into a folder. A deleted one is read as far as its clusters are free.
func (w *walk) inner(f volume.File, e entry, depth int) error {
	switch {
	case w.seen[e.first] && e.deleted:
		return nil
	case w.seen[e.first]:
		f.Problem = errors.New("the folder stands elsewhere as well: not entered again")
		return w.yield(f)
	}
	if f.Problem = w.limits.Enter(f.Path, depth); f.Problem != nil {
		return w.yield(f)
	}
	var extents []volume.Extent
	var err error
	if e.deleted {
		extents, err = w.chains.remains(e.first, min(e.size, folderBytes))
	} else {
		w.seen[e.first] = true
		extents, err = w.chains.follow(e.first, min(e.size, folderBytes), e.run)
	}
	if errors.Is(err, volume.ErrWork) {
		return err
	}
	if err != nil {
		f.Problem = fmt.Errorf("the folder breaks off: %w", err)
		if err := w.yield(f); err != nil {
			return err
		}
	}
	return w.folder(f.Path, extents, e.deleted, depth+1)
}
