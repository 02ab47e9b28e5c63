package triage

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path"
	"slices"
	"strings"
	"sync"
)

func isZip(f *file) bool {
	return hasPrefix(f, "PK\x03\x04") || hasPrefix(f, "PK\x05\x06") && f.size >= 22
}

// zipEntries gives the entries in the order of the central directory. An archive
// that has lost its end is read from its start instead.
func zipEntries(ctx context.Context, r *reading, f *file, yield func(item) error) error {
	at, err := f.readerAt()
	if err != nil {
		return err
	}
	archive, err := zip.NewReader(at, f.size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return salvageZip(ctx, r, f, at, yield)
	}
	moreMethods(archive)
	office, names := isOffice(f), newNames()
	near := newBeside(r.opt.Limits, zipBeside(f, at, archive))
	var declared uint64
	for i, entry := range archive.File {
		if i >= r.opt.Limits.Entries {
			return fmt.Errorf("it has %d entries, more than the limit of %d: the rest is not read", len(archive.File), r.opt.Limits.Entries)
		}
		declared += min(entry.UncompressedSize64, math.MaxInt64/2)
		if declared > uint64(r.opt.Limits.allowance(f.size, nil).left) {
			return fmt.Errorf("its entries up to number %d claim %d bytes, out of %d: %w; the rest is not read", i+1, declared, f.size, errBudget)
		}
		it, problem := zipItem(f, at, entry, names)
		if problem != nil {
			if err := r.fault(it.place(), problem); err != nil {
				return err
			}
		}
		if it.open == nil {
			continue
		}
		it.office, it.beside = office, near
		if err := yield(it); err != nil {
			return err
		}
	}
	return nil
}

// zipItem names an entry. An item without open is not to be read; a problem
// with one is a warning about its name.
func zipItem(f *file, at io.ReaderAt, entry *zip.File, names *names) (item, error) {
	if strings.HasSuffix(entry.Name, "/") && entry.UncompressedSize64 == 0 {
		return item{chain: f.chain}, nil
	}
	it := f.child(names.unique(entry.Name))
	switch {
	case entry.Flags&1 != 0:
		return it, errors.New("it is encrypted: not read")
	case entry.Mode()&fs.ModeSymlink != 0:
		return it, errors.New("it is a symbolic link: not followed")
	case !entry.Mode().IsRegular():
		return it, fmt.Errorf("it is no file (%s): not read", entry.Mode().Type())
	}
	it.size = int64(min(entry.UncompressedSize64, math.MaxInt64))
	it.open = func() (io.ReadCloser, error) { return openZip(entry) }
	if offset, err := entry.DataOffset(); err == nil && entry.Method == zip.Store &&
		entry.CompressedSize64 == entry.UncompressedSize64 && f.at != nil && entry.CompressedSize64 < 1<<62 {
		it.at = io.NewSectionReader(at, offset, it.size)
	}
	return it, unsafeName(entry.Name)
}

// zipBeside finds an entry by its name; the first, if several have it.
func zipBeside(f *file, at io.ReaderAt, archive *zip.Reader) func(context.Context, string) (item, error) {
	byName := sync.OnceValue(func() map[string]*zip.File {
		all := make(map[string]*zip.File, len(archive.File))
		for _, entry := range slices.Backward(archive.File) {
			all[entry.Name] = entry
		}
		return all
	})
	return func(_ context.Context, name string) (item, error) {
		entry, ok := byName()[name]
		if !ok {
			return item{}, errNotBeside
		}
		it, _ := zipItem(f, at, entry, newNames())
		if it.open == nil {
			return item{}, errNotBeside
		}
		return it, nil
	}
}

// openZip opens an entry for as many bytes as it claims to have.
func openZip(entry *zip.File) (io.ReadCloser, error) {
	r, err := entry.Open()
	if err != nil {
		return nil, err
	}
	return &exactly{r: r, left: int64(min(entry.UncompressedSize64, math.MaxInt64))}, nil
}

// exactly refuses to give more bytes than were claimed.
type exactly struct {
	r    io.ReadCloser
	left int64
}

func (e *exactly) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	if e.left -= int64(n); e.left < 0 {
		return 0, errors.New("it holds more bytes than the archive says")
	}
	return n, err
}

func (e *exactly) Close() error { return e.r.Close() }

// unsafeName reports a name that would lead out of a folder it is unpacked to.
// It does no harm here, where nothing is unpacked; that somebody wrote it is worth
// knowing.
func unsafeName(name string) error {
	slashed := strings.ReplaceAll(name, `\`, "/")
	clean := path.Clean(slashed)
	if path.IsAbs(slashed) || clean == ".." || strings.HasPrefix(clean, "../") || len(slashed) > 1 && slashed[1] == ':' {
		return errors.New("its name leads out of the archive: read, not followed")
	}
	return nil
}

// names gives each entry of a container a name of its own.
type names struct{ used map[string]int }

func newNames() *names { return &names{used: make(map[string]int)} }

// longestName bounds the bytes of an entry's name: each finding in it has the name in
// its place.
const longestName = 4 << 10

// unique gives the name, and the same with ";2", ";3" for entries that repeat it.
// Of a very long one it gives the end, where a file's own name stands.
func (n *names) unique(name string) string {
	if len(name) > longestName {
		name = "…" + strings.ToValidUTF8(name[len(name)-longestName:], "")
	}
	if name == "" {
		name = "unnamed"
	}
	n.used[name]++
	if n.used[name] == 1 {
		return name
	}
	for {
		other := fmt.Sprintf("%s;%d", name, n.used[name])
		if n.used[other] == 0 {
			n.used[other] = 1
			return other
		}
		n.used[name]++
	}
}
