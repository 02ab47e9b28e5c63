package triage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/nwaples/rardecode/v2"
)

func isRar(f *file) bool {
	return hasPrefix(f, rar4Magic) || hasPrefix(f, rar5Magic)
}

// rarEntries gives the files in the order of the archive, as they pass by, those in
// its other volumes among them.
func rarEntries(ctx context.Context, r *reading, f *file, yield func(item) error) error {
	archive, err := rardecode.OpenReader(f.name(), rardecode.FileSystem(rarVolumes{ctx, f}), rardecode.MaxDictionarySize(dictionaryBytes))
	if err != nil {
		return rarProblem(err, 0)
	}
	defer archive.Close()
	names := newNames()
	for count := 0; ; count++ {
		header, err := archive.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return rarProblem(err, count)
		}
		if count >= r.opt.Limits.Entries {
			return fmt.Errorf("it has more entries than the limit of %d: the rest is not read", r.opt.Limits.Entries)
		}
		if err := ctx.Err(); err != nil {
			return stop{err}
		}
		if err := rarItem(r, f, header, archive, names, yield); err != nil {
			return err
		}
	}
}

func rarProblem(err error, count int) error {
	switch {
	case errors.Is(err, rardecode.ErrArchiveEncrypted):
		return errors.New("it is encrypted and needs its password: not read")
	case errors.Is(err, rardecode.ErrBadVolumeNumber):
		return errors.New("its volumes are not those of one archive, in their order: the rest is not read")
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("it goes on in another volume after %d entries, which is not beside it: the rest is not read", count)
	}
	return fmt.Errorf("it is truncated or broken after %d entries: %w", count, err)
}

func rarItem(r *reading, f *file, header *rardecode.FileHeader, content io.Reader, names *names, yield func(item) error) error {
	if header.IsDir {
		return nil
	}
	it := f.child(names.unique(header.Name))
	switch {
	case header.Encrypted:
		return r.fault(it.place(), errors.New("it is encrypted: not read"))
	case header.LinkType != rardecode.LinkTypeNone:
		return r.fault(it.place(), fmt.Errorf("it is a link to %q: not followed", header.LinkTarget))
	}
	if err := unsafeName(header.Name); err != nil {
		if err := r.fault(it.place(), err); err != nil {
			return err
		}
	}
	it.once = true
	it.open = func() (io.ReadCloser, error) { return io.NopCloser(content), nil }
	return yield(it)
}
