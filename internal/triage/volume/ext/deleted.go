package ext

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"parley/internal/triage/volume"
)

// Flags of groups: its inode table, its block bitmap was never written.
const (
	inodesUnused = 0x1
	blocksUnused = 0x2
)

// deleted gives the files that were deleted, in the order of their inodes.
func (w *walk) deleted() error {
	var taken volume.Set // blocks that were given
	bitmap := volume.NewWindow(w.fs.at, int(w.fs.block))
	for from := int64(0); from < w.fs.inodes; from += w.fs.inodeGroup {
		g, err := w.fs.group(from / w.fs.inodeGroup)
		if err != nil || g.flags&inodesUnused != 0 {
			continue
		}
		last := min(from+w.fs.inodeGroup-min(g.unused, w.fs.inodeGroup), w.fs.inodes)
		for number := max(from+1, firstInode); number <= last; number++ {
			if err := w.ctx.Err(); err != nil {
				return err
			}
			n, err := w.fs.inode(number)
			if err != nil {
				break
			}
			if n.deleted == 0 || n.links != 0 || n.mode&modeKind != modeRegular {
				continue
			}
			if err := w.remains(n, &taken, bitmap); err != nil {
				return err
			}
		}
	}
	return w.names()
}

// remains gives what is left of a deleted inode.
func (w *walk) remains(n inode, taken *volume.Set, bitmap *volume.Window) error {
	if w.count++; w.count > w.limits.Entries {
		return volume.ErrEntries
	}
	path, named := w.gone[n.number]
	delete(w.gone, n.number)
	if !named {
		path = fmt.Sprintf("inode-%d", n.number)
	}
	f := volume.File{Path: path, Size: n.size, Deleted: true}
	extents, err := w.mapper.extents(n)
	if errors.Is(err, errWork) {
		return err
	}
	free := err == nil && n.size > 0 && n.flags&flagEncrypted == 0
	for _, e := range extents {
		free = free && (e.At < 0 || w.free(e, taken, bitmap))
	}
	if cleared := volume.Length(extents) == 0 || len(extents) == 1 && extents[0].At < 0; cleared || !free {
		f.Problem = errors.New("it was deleted and its blocks are unknown or used again: not read")
		return w.yield(f)
	}
	for _, e := range extents {
		for block := e.At / w.fs.block; e.At >= 0 && block*w.fs.block < e.At+e.Length; block++ {
			taken.Take(block)
		}
	}
	f.Extents, f.Content = extents, volume.NewContent(w.fs.at, extents, f.Size)
	return w.yield(f)
}

// free reports whether the bitmaps call all blocks of an extent free, and no other
// deleted file was given one.
func (w *walk) free(e volume.Extent, taken *volume.Set, bitmap *volume.Window) bool {
	for block := e.At / w.fs.block; block*w.fs.block < e.At+e.Length; block++ {
		if w.mapper.left--; w.mapper.left < 0 {
			return false
		}
		if taken.Has(block) {
			return false
		}
		n := block - w.fs.first
		g, err := w.fs.group(n / w.fs.perGroup)
		if err != nil {
			return false
		}
		if g.flags&blocksUnused != 0 {
			continue
		}
		bit := n % w.fs.perGroup
		raw, err := bitmap.Bytes(g.bitmap*w.fs.block+bit/8, 1)
		if err != nil || raw[0]>>(bit%8)&1 != 0 {
			return false
		}
	}
	return true
}

// names gives the deleted names whose inode says nothing any more.
func (w *walk) names() error {
	for _, number := range slices.Sorted(maps.Keys(w.gone)) {
		n, err := w.fs.inode(number)
		if err == nil && n.links > 0 {
			continue // the inode was given to another file, or the file was moved
		}
		f := volume.File{Path: w.gone[number], Deleted: true, Problem: errors.New("its name was deleted and nothing says where its bytes were: not read")}
		if err := w.yield(f); err != nil {
			return err
		}
	}
	return nil
}
