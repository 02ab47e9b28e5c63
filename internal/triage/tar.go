package triage

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"parley/internal/triage/volume"
)

const (
	tarBlock    = 512
	tarMagic    = 257 // where "ustar" stands
	tarChecksum = 148
)

func isTar(f *file) bool {
	if len(f.head) < tarBlock || f.size%tarBlock != 0 && !bytes.HasPrefix(f.head[tarMagic:], []byte("ustar")) {
		return false
	}
	field := strings.Trim(string(f.head[tarChecksum:tarChecksum+8]), " \x00")
	want, err := strconv.ParseInt(field, 8, 64)
	if err != nil {
		return false
	}
	var sum int64
	for i, c := range f.head[:tarBlock] {
		if i >= tarChecksum && i < tarChecksum+8 {
			c = ' '
		}
		sum += int64(c)
	}
	return sum == want
}

// tarEntries gives the files in the order of the archive, as they pass by.
func tarEntries(ctx context.Context, r *reading, f *file, yield func(item) error) error {
	stream, whole, err := f.seekable()
	if err != nil {
		return err
	}
	defer stream.Close()
	near := f.near
	if whole != nil {
		near = newBeside(r.opt.Limits, tarBeside(f, r.opt.Limits))
	}
	return f.tarItems(ctx, r, stream, whole, func(it item) error {
		it.beside = near
		return yield(it)
	})
}

func (f *file) tarItems(ctx context.Context, r *reading, stream io.Reader, whole *io.SectionReader, yield func(item) error) error {
	archive, names := tar.NewReader(stream), newNames()
	for count := 0; ; count++ {
		header, err := archive.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			return fmt.Errorf("it is truncated or broken after %d entries: %w", count, err)
		}
		if count >= r.opt.Limits.Entries {
			return fmt.Errorf("it has more entries than the limit of %d: the rest is not read", r.opt.Limits.Entries)
		}
		if err := ctx.Err(); err != nil {
			return stop{err}
		}
		if err := tarItem(r, f, header, archive, whole, names, yield); err != nil {
			return err
		}
	}
}

// seekable reads the file from the start; whole tells where that is, and is nil
// when it cannot be read anywhere.
func (f *file) seekable() (io.ReadCloser, *io.SectionReader, error) {
	at, err := f.readerAt()
	if err != nil {
		stream, err := f.reader()
		return stream, nil, err
	}
	whole := io.NewSectionReader(at, 0, f.size)
	return opened{whole, io.NopCloser(nil)}, whole, nil
}

// tarItem gives an entry. In an archive that can be read anywhere, so can it be.
func tarItem(r *reading, f *file, header *tar.Header, content io.Reader, whole *io.SectionReader, names *names, yield func(item) error) error {
	switch header.Typeflag {
	case tar.TypeDir, tar.TypeXGlobalHeader:
		return nil
	}
	it := f.child(names.unique(header.Name))
	switch header.Typeflag {
	case tar.TypeReg, tar.TypeGNUSparse:
	case tar.TypeSymlink, tar.TypeLink:
		return r.fault(it.place(), fmt.Errorf("it is a link to %q: not followed", header.Linkname))
	default:
		return r.fault(it.place(), fmt.Errorf("it is no file (type %q): not read", header.Typeflag))
	}
	if err := unsafeName(header.Name); err != nil {
		if err := r.fault(it.place(), err); err != nil {
			return err
		}
	}
	if whole != nil && header.Typeflag == tar.TypeReg && !sparse(header) {
		offset, err := whole.Seek(0, io.SeekCurrent)
		if err == nil && header.Size <= f.size-offset {
			it.setPart(whole, volume.Extent{At: offset, Length: header.Size})
			return yield(it)
		}
	}
	it.once = true
	it.open = func() (io.ReadCloser, error) { return io.NopCloser(content), nil }
	return yield(it)
}

func (it *item) setPart(whole *io.SectionReader, part volume.Extent) {
	it.setContent(volume.File{Size: part.Length, Content: io.NewSectionReader(whole, part.At, part.Length)})
}

// tarBeside finds an entry by its name. Where each is, is noted by one walk through
// all; those with holes need a walk each.
func tarBeside(f *file, limits Limits) func(context.Context, string) (item, error) {
	var once sync.Once
	parts := map[string]volume.Extent{} // with holes, before the start
	return func(ctx context.Context, name string) (item, error) {
		stream, whole, err := f.seekable()
		if err != nil {
			return item{}, err
		}
		once.Do(func() {
			_ = f.tarItems(ctx, quiet(limits), stream, whole, func(it item) error { // as far as it is whole
				offset, err := whole.Seek(0, io.SeekCurrent)
				if it.once {
					offset = -1
				}
				parts[it.name()] = volume.Extent{At: offset, Length: it.size}
				return err
			})
		})
		part, listed := parts[name]
		switch {
		case !listed:
			return item{}, errNotBeside
		case part.At < 0:
			return f.entry(ctx, name)
		}
		it := f.child(name)
		it.setPart(whole, part)
		return it, nil
	}
}

// sparse reports whether GNU's tar left out the holes of a file.
func sparse(header *tar.Header) bool {
	for key := range header.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return false
}
