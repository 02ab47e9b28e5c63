package triage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"parley/internal/triage/partition"
	"parley/internal/triage/volume"
	"parley/internal/triage/volume/exfat"
	"parley/internal/triage/volume/ext"
	"parley/internal/triage/volume/fat"
	"parley/internal/triage/volume/ntfs"
)

// part is a part of a disk: a partition, or the whole of it.
type part struct {
	prefix string // of the names in it
	start  int64
	at     io.ReaderAt
	size   int64
	fs     volume.FileSystem // nil with the problem
	err    error
}

// isDisk: the image of a disk or of a volume, by its boot sector, its superblock
// or its partition table.
func isDisk(f *file) bool {
	signed := len(f.head) >= 512 && f.head[510] == 0x55 && f.head[511] == 0xaa
	super := len(f.head) >= 2048 && f.head[0x438] == 0x53 && f.head[0x439] == 0xef
	if !signed && !super {
		return false
	}
	if _, err := f.readerAt(); err != nil { // too large: entries says so
		return f.size%512 == 0
	}
	_, err := f.openDisk()
	return err == nil
}

// layout is how a disk is parted, and what is wrong with its partition table.
type layout struct {
	at       io.ReaderAt
	parts    []part
	problems []string
}

// openDisk gives the layout of a file that is a disk. It is looked for once.
func (f *file) openDisk() (*layout, error) {
	if f.layout != nil {
		return f.layout, nil
	}
	at, err := f.readerAt()
	if err != nil {
		return nil, err
	}
	l := &layout{at: at}
	if l.parts, l.problems, err = partsOf(at, f.size); err != nil {
		return nil, err
	}
	f.layout = l
	return l, nil
}

// partsOf finds the parts of a disk, and what is wrong with its partition table.
func partsOf(at io.ReaderAt, size int64) ([]part, []string, error) {
	fs, err := openVolume(at, size)
	if !errors.Is(err, volume.ErrOther) {
		return []part{{at: at, size: size, fs: fs, err: err}}, nil, nil
	}
	table, err := partition.Read(at, size)
	if err != nil {
		return nil, nil, err
	}
	var parts []part
	for _, p := range table.Partitions {
		at := io.NewSectionReader(at, p.Start, p.Length)
		fs, err := openVolume(at, p.Length)
		if errors.Is(err, volume.ErrOther) {
			err = fmt.Errorf("it holds %s", contentOf(at))
		}
		parts = append(parts, part{prefix: fmt.Sprintf("p%d/", p.Number), start: p.Start, at: at, size: p.Length, fs: fs, err: err})
	}
	return parts, table.Problems, nil
}

// openVolume tries the file systems that can be read. The boot sectors of the
// first three cannot be taken for each other; ext leaves its first kilobyte to others.
func openVolume(at io.ReaderAt, size int64) (volume.FileSystem, error) {
	if fs, err := ntfs.Open(at, size); !errors.Is(err, volume.ErrOther) {
		return fs, err
	}
	if fs, err := exfat.Open(at, size); !errors.Is(err, volume.ErrOther) {
		return fs, err
	}
	if fs, err := ext.Open(at, size); !errors.Is(err, volume.ErrOther) {
		return fs, err
	}
	if fs, err := fat.Open(at, size); !errors.Is(err, volume.ErrOther) {
		return fs, err
	}
	return nil, volume.ErrOther
}

// contentOf says what a part holds that cannot be read.
func contentOf(at io.ReaderAt) string {
	for _, sign := range [...]struct {
		offset      int64
		magic, name string
	}{
		{3, "-FVE-FS-", "a volume encrypted by BitLocker: it needs its key"},
		{0, "LUKS\xba\xbe", "a volume encrypted by LUKS: it needs its passphrase"},
		{32, "NXSB", "APFS, which is not read"},
		{1024, "H+", "HFS+, which is not read"},
		{1024, "HX", "HFSX, which is not read"},
		{1024, "\x10\x20\xf5\xf2", "F2FS, which is not read"},
		{0, "XFSB", "XFS, which is not read"},
		{65600, "_BHRfS_M", "Btrfs, which is not read"},
		{512, "LABELONE", "a volume of LVM, which is not read"},
		{0, "hsqs", "SquashFS, which is not read"},
		{32769, "CD001", "ISO 9660, which is not read"},
		{3, "ReFS", "ReFS, which is not read"},
	} {
		raw := make([]byte, len(sign.magic))
		if n, _ := at.ReadAt(raw, sign.offset); n == len(raw) && bytes.Equal(raw, []byte(sign.magic)) {
			return sign.name
		}
	}
	return "no file system that is known"
}

// diskEntries gives the files, part by part, and last the bytes that belong to
// none.
func diskEntries(ctx context.Context, r *reading, f *file, yield func(item) error) error {
	disk, err := f.openDisk()
	if err != nil {
		return err
	}
	for _, problem := range disk.problems {
		if err := r.fault(f.place(), errors.New(problem)); err != nil {
			return err
		}
	}
	w := &diskWalk{r: r, f: f, names: newNames(), yield: yield, left: r.opt.Limits.allowance(f.size, nil).left}
	for _, p := range disk.parts {
		if err := w.part(ctx, p); err != nil {
			return err
		}
	}
	return yield(f.rawItem(disk.at, w.claims.Gaps(f.size)))
}

// diskWalk gives the files of a disk as items.
type diskWalk struct {
	r      *reading
	f      *file
	names  *names
	yield  func(item) error
	claims volume.Claims
	left   int64 // bytes that its files may claim
}

// part gives the files of one part. What cannot be read of it is scanned raw.
func (w *diskWalk) part(ctx context.Context, p part) error {
	name := w.f.place()
	if p.err != nil {
		return w.r.fault(name, fmt.Errorf("%sat byte %d: %w; its bytes are scanned raw", called(p.prefix), p.start, p.err))
	}
	near := newBeside(w.r.opt.Limits, nil)
	near.open = func(ctx context.Context, name string) (item, error) { return w.again(ctx, p, &near.search, name) }
	limits := volume.Limits{Entries: w.r.opt.Limits.Entries}
	err := p.fs.Files(ctx, limits, func(v volume.File) error { return w.file(p, v, near) })
	if _, ends := errors.AsType[stop](err); err == nil || ends {
		return err
	}
	return w.r.faultUnless(ctx, name, fmt.Errorf("%s%s: %w", called(p.prefix), p.fs.Kind(), err))
}

func called(prefix string) string {
	if prefix == "" {
		return ""
	}
	return "partition " + prefix[1:len(prefix)-1] + " "
}

// nameIn gives the name of a volume's file in its disk.
func (p part) nameIn(v volume.File) string {
	if v.Deleted {
		return p.prefix + "$deleted/" + v.Path
	}
	return p.prefix + v.Path
}

func (w *diskWalk) file(p part, v volume.File, near *beside) error {
	it := w.f.child(w.names.unique(p.nameIn(v)))
	it.beside = near
	problem := v.Problem
	if problem == nil {
		problem = unsafeName(v.Path)
	}
	if v.Content != nil && v.Size > w.left {
		v.Content, problem = nil, fmt.Errorf("with it the files claim more bytes than the disk may expand to (%d bytes): %w", v.Size, errBudget)
	}
	if problem != nil {
		if err := w.r.fault(it.place(), problem); err != nil {
			return err
		}
	}
	if v.Content == nil {
		return nil
	}
	w.left -= v.Size
	w.claims.Add(p.start, v.Extents)
	it.setContent(v)
	return w.yield(it)
}

// smallFile is what is held in memory instead of being read from the disk again.
const smallFile = 4 << 20

func (it *item) setContent(v volume.File) {
	it.size = v.Size
	if v.Size > smallFile {
		it.at = v.Content
	}
	it.open = func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(v.Content, 0, v.Size)), nil
	}
}

// again finds a file by name. The part is opened anew: a file system serves one
// goroutine.
func (w *diskWalk) again(ctx context.Context, p part, search *search, name string) (item, error) {
	fs, err := openVolume(p.at, p.size)
	if err != nil {
		return item{}, err
	}
	it := w.f.child(name)
	err = search.find(ctx, name, 0, func(is func(string) bool) error {
		return fs.Files(ctx, volume.Limits{Entries: w.r.opt.Limits.Entries}, func(v volume.File) error {
			if v.Content == nil || !is(p.nameIn(v)) {
				return nil
			}
			it.setContent(v)
			return errFound
		})
	})
	switch {
	case errors.Is(err, errFound):
		return it, nil
	case errors.Is(err, errSearched):
		return item{}, err
	}
	return item{}, errNotBeside
}
