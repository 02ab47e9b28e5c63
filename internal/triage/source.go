package triage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// source is evidence on disk: one file, or a folder of files.
type source struct {
	name   string
	folder bool
	root   *os.Root // of the folder, or of the folder the file is in
	base   string   // name of the file in root
	last   *os.Root // the folder that a file was last opened in, as a folder's files follow one another
	within string   // its name
	beside *beside  // of the files of a folder
}

func openSource(path string) (*source, error) {
	name, err := evidenceName(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	switch {
	case info.IsDir():
		root, err := os.OpenRoot(path)
		return &source{name: name, folder: true, root: root}, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("it is neither a file nor a folder (%s)", info.Mode().Type())
	}
	full, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(filepath.Dir(full))
	return &source{name: name, root: root, base: filepath.Base(full)}, err
}

func (s *source) close() {
	s.beside.close()
	if s.last != nil {
		s.last.Close()
	}
	s.root.Close()
}

// findBeside lets a folder's files find each other. A file alone is its own
// evidence: what lies beside it is not in the digest, and is not read.
func (s *source) findBeside(limits Limits) {
	if !s.folder {
		return
	}
	s.beside = newBeside(limits, func(_ context.Context, name string) (item, error) {
		it, err := s.item([]string{s.name, name}, filepath.FromSlash(name))
		if err != nil {
			return item{}, errNotBeside
		}
		return it, nil
	})
}

// each gives the files in the order of their names, folder by folder. A problem
// comes with the item that cannot be read.
func (s *source) each(limits Limits, yield func(item, error) error) error {
	if !s.folder {
		it, err := s.item([]string{s.name}, s.base)
		return yield(it, err)
	}
	count := 0
	return fs.WalkDir(s.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		it := item{chain: []string{s.name, name}}
		if err != nil {
			return yield(it, err)
		}
		switch kind := entry.Type(); {
		case entry.IsDir():
			return nil
		case kind&fs.ModeSymlink != 0:
			return yield(it, errors.New("it is a symbolic link: not followed"))
		case !kind.IsRegular():
			return yield(it, fmt.Errorf("it is no file (%s): not read", kind))
		}
		if count++; count > limits.Entries {
			err := fmt.Errorf("the folder has more files than the limit of %d: the rest is not read", limits.Entries)
			if err := yield(item{chain: it.chain[:1]}, err); err != nil {
				return err
			}
			return fs.SkipAll
		}
		return yield(s.listed(it.chain, filepath.FromSlash(name)), nil)
	})
}

// listed is item for a name that the folder's list says is a file's; its size is
// not known before it is open.
func (s *source) listed(chain []string, name string) item {
	it := item{chain: chain, size: -1, beside: s.beside, at: &diskFile{root: s.root, name: name}}
	it.open = func() (io.ReadCloser, error) { return s.root.Open(name) }
	return it
}

func (s *source) item(chain []string, name string) (item, error) {
	info, err := s.root.Lstat(name)
	if err != nil {
		return item{chain: chain}, err
	}
	if !info.Mode().IsRegular() {
		return item{chain: chain}, fmt.Errorf("it is no file (%s)", info.Mode().Type())
	}
	it := s.listed(chain, name)
	it.size = info.Size()
	return it, nil
}

// hold keeps a file on disk open until what it gives is called.
func (f *file) hold() (release func()) {
	disk, ok := f.at.(*diskFile)
	if !ok {
		return func() {}
	}
	disk.hold()
	return disk.release
}

// diskFile reads anywhere in a file on disk. It is open only while somebody holds
// it: evidence can have more files than a process may open.
type diskFile struct {
	root *os.Root
	name string

	mu      sync.Mutex
	open    *os.File
	holders int
}

func (d *diskFile) ReadAt(p []byte, offset int64) (int, error) {
	f, err := d.file()
	if err != nil {
		return 0, err
	}
	return f.ReadAt(p, offset)
}

func (d *diskFile) file() (*os.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open == nil {
		f, err := d.root.Open(d.name)
		if err != nil {
			return nil, err
		}
		d.open = f
	}
	return d.open, nil
}

// begin opens a file of the list, for whoever holds it, and gives its size.
func (s *source) begin(d *diskFile) (int64, error) {
	if folder := filepath.Dir(d.name); folder != "." && folder != s.within {
		root, err := s.root.OpenRoot(folder)
		if err != nil {
			return 0, err
		}
		if s.last != nil {
			s.last.Close()
		}
		s.last, s.within = root, folder
	}
	f, err := d.from(s)
	if err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("it is no file (%s)", info.Mode().Type())
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// from opens the file in the folder that is open already.
func (d *diskFile) from(s *source) (*os.File, error) {
	if s.last == nil || filepath.Dir(d.name) != s.within {
		return d.file()
	}
	f, err := s.last.Open(filepath.Base(d.name))
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open = f
	return f, nil
}

// small gives the bytes of a file of a size that is held in memory, nil of another,
// or if it is not read in one go.
func (d *diskFile) small(size int64, lent *buffers) []byte {
	if size >= heldSize {
		return nil
	}
	f, err := d.file()
	if err != nil {
		return nil
	}
	data := lent.lend(size)
	n, err := f.Read(data[:size+1]) // fewer than were asked for: to the end
	if err != nil && err != io.EOF || int64(n) != size {
		lent.back(data)
		return nil
	}
	return data[:n]
}

func (d *diskFile) hold() {
	d.mu.Lock()
	d.holders++
	d.mu.Unlock()
}

func (d *diskFile) release() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.holders--; d.holders == 0 && d.open != nil {
		d.open.Close()
		d.open = nil
	}
}
