package intake

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley/internal/scratch"
)

// Bounds on what is read.
const (
	MaxPacked   = 16 << 30 // bytes that are fetched, or read from standard input
	MaxUnpacked = 64 << 30 // bytes of content
)

// ErrTooLarge: it has more bytes than are read.
var ErrTooLarge = errors.New("it is larger than is read")

// Options say how a source may be opened.
type Options struct {
	Stdin io.Reader // what "-" stands for
	Named string    // what that is called; [StandardInput] if empty
	Dir   string    // where sealed scratch files go
	Rand  io.Reader
	Fetch FetchOptions
	// Progress, if set, is told how many bytes were kept of a source that is not
	// on disk, and how many there are, or -1.
	Progress func(done, total int64)
}

// FetchOptions say how an address on the web may be fetched.
type FetchOptions struct {
	Proxy     string         // socks5://host:port; the environment's settings are never used
	PlainHTTP bool           // http:// may be fetched, where anybody on the way can read and change it
	Roots     *x509.CertPool // whose certificates count; the system's if nil
	Timeout   time.Duration  // for the whole; 1 h if 0
	Stall     time.Duration  // without a byte; 1 min if 0
	MaxBytes  int64          // MaxPacked if 0
}

// Source is one thing that was brought in.
type Source struct {
	// Name is what people and the ledger call it: the base name of a file, an
	// address without user, password, query and fragment, or "standard input".
	Name string
	// Path is where it lies on disk, absolute; empty if it does not.
	Path string
	// Size is how many bytes it has as it is stored.
	Size int64

	kept *scratch.File
}

// StandardInput is the name of what was read from there.
const StandardInput = "standard input"

// Open opens what a person named: "-", an address on the web, or a file. A folder
// is none; see [Folder].
func Open(ctx context.Context, from string, opt Options) (*Source, error) {
	switch {
	case from == "-":
		name := cmp.Or(opt.Named, StandardInput)
		s, err := keep(ctx, name, opt.Stdin, -1, MaxPacked, opt)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		return s, nil
	case strings.Contains(from, "://"):
		return fetch(ctx, from, opt)
	}
	return file(from)
}

// IsFolder tells whether a person named a folder.
func IsFolder(from string) bool {
	info, err := os.Stat(from)
	return err == nil && info.IsDir()
}

func file(path string) (*Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is neither a file nor a folder (%s)", path, info.Mode().Type())
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	return &Source{Name: filepath.Base(abs), Path: abs, Size: info.Size()}, nil
}

// notKept is why bytes that came could not be kept here.
type notKept struct{ error }

func (n notKept) Unwrap() error { return n.error }

// keep seals a stream into a scratch file, so that it can be read again.
func keep(ctx context.Context, name string, r io.Reader, total, most int64, opt Options) (*Source, error) {
	kept, err := scratch.New(opt.Dir, opt.Rand)
	if err != nil {
		return nil, notKept{err}
	}
	s := &Source{Name: name, kept: kept}
	if err := s.fill(ctx, r, total, most, opt.Progress); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Source) fill(ctx context.Context, r io.Reader, total, most int64, progress func(done, total int64)) error {
	part := make([]byte, 256<<10)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.Read(part)
		if s.Size += int64(n); s.Size > most {
			return fmt.Errorf("more than %d bytes: %w", most, ErrTooLarge)
		}
		if _, err := s.kept.Write(part[:n]); err != nil {
			return notKept{err}
		}
		if progress != nil {
			progress(s.Size, total)
		}
		switch {
		case errors.Is(err, io.EOF):
			return ctx.Err() // a server may end well when we hang up
		case err != nil:
			return err
		}
	}
}

// Close forgets what was kept of it. A file on disk stays as it is.
func (s *Source) Close() error {
	if s.kept == nil {
		return nil
	}
	return s.kept.Close()
}

// Reader reads its content from the beginning, unpacked. progress, if not nil, is
// told how many of its stored bytes were read.
func (s *Source) Reader(progress func(int64)) (*Content, error) {
	c := &Content{told: progress, sum: sha256.New()}
	done := func() error { return nil }
	if s.kept != nil {
		c.stored = s.kept.Reader()
	} else {
		f, err := os.Open(s.Path)
		if err != nil {
			return nil, err
		}
		c.stored, done = f, f.Close
	}
	var err error
	if c.unpacking, err = unpacked(storedPart{c}, done); err != nil {
		return nil, err
	}
	return c, nil
}

// Content is the content of a source, as it is read.
type Content struct {
	*unpacking
	stored io.Reader
	read   int64
	told   func(int64)
	sum    hash.Hash
}

// SHA256 is that of the bytes as they are stored. It reads what is left of them.
func (c *Content) SHA256() ([]byte, error) {
	if _, err := io.Copy(io.Discard, storedPart{c}); err != nil {
		return nil, err
	}
	return c.sum.Sum(nil), nil
}

// storedPart reads stored bytes, and takes note of them.
type storedPart struct{ *Content }

func (s storedPart) Read(p []byte) (int, error) {
	n, err := s.stored.Read(p)
	s.sum.Write(p[:n])
	if s.read += int64(n); s.told != nil {
		s.told(s.read)
	}
	return n, err
}

// mostFiles bounds how many files of a folder are looked at.
const mostFiles = 100_000

// Folder gives the files in a folder and those below, in the order of their
// names, named with the folder. What is hidden, and links, are left out.
func Folder(path string) (all []*Source, err error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(abs) // nothing in it leads out of it
	if err != nil {
		return nil, err
	}
	defer root.Close()
	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != "." && strings.HasPrefix(entry.Name(), ".") {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		if len(all) == mostFiles {
			return fmt.Errorf("%s has more than %d files", path, mostFiles)
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		all = append(all, &Source{
			Name: filepath.Base(abs) + "/" + name, Path: filepath.Join(abs, filepath.FromSlash(name)), Size: info.Size(),
		})
		return nil
	})
	return all, err
}
