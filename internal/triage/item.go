package triage

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"parley/internal/triage/volume"
)

// item is a file that has been named but not yet read.
type item struct {
	chain []string
	// open gives the bytes from the start. Unless once is set it can be called
	// again, and while another reader is open.
	open func() (io.ReadCloser, error)
	once bool // the bytes pass by only one time, as in a tar
	// at reads anywhere without holding the file in memory; nil if that cannot be.
	at   io.ReaderAt
	size int64 // of at; otherwise what the container says, -1 if nothing

	budget *budget    // of the container
	above  [][32]byte // hashes of the containers around it, outermost first
	office bool       // it is a part of a document of an office

	hint   int64                // of its size, where size is not known; 0 for none
	beside *beside              // finds what lies in the same container; nil if nothing can
	loaded func(*reading) error // called when the bytes have been read whole; may be nil
	raw    []volume.Extent      // not a file, but these bytes of at, to be scanned
	data   []byte               // all bytes, if who named the item has read them; nil if not
	format format               // what it is read as, if who named it has looked; without a name if not
}

func (it *item) place() Place { return Place{Chain: it.chain} }

func (it *item) name() string { return it.chain[len(it.chain)-1] }

// child gives an item inside the file f.
func (f *file) child(name string) item {
	return item{
		chain: append(slices.Clone(f.chain), name), size: -1, beside: f.near,
		budget: f.inside, above: append(slices.Clone(f.above), f.sum),
	}
}

// file is an item that has been read once, for its hash.
type file struct {
	item   // its data are all bytes, if they are held in memory
	sum    [32]byte
	size   int64
	head   []byte  // the first bytes, at most headSize
	held   bool    // whether all bytes are
	inside *budget // what its own entries may expand to
	near   *beside // finds its own entries

	written      encoding // of a text, by its beginning
	text         bool     // whether it is one
	told, judged bool     // whether the two were asked for
	layout       *layout  // of a disk, once it was opened as one
}

const headSize = 4096

var (
	errTooLarge = errors.New("larger than may be held in memory: unpack it and give it alone")
	errBudget   = errors.New("it expands to more than the limits allow: a bomb, or raise the limit")
)

// readerAt reads anywhere in the file.
func (f *file) readerAt() (io.ReaderAt, error) {
	switch {
	case f.held:
		return bytes.NewReader(f.data), nil
	case f.at != nil:
		return f.at, nil
	}
	return nil, fmt.Errorf("%d bytes are %w", f.size, errTooLarge)
}

// reader reads the file from the start, once more.
func (f *file) reader() (io.ReadCloser, error) {
	switch {
	case f.held:
		return io.NopCloser(bytes.NewReader(f.data)), nil
	case f.at != nil:
		return io.NopCloser(io.NewSectionReader(f.at, 0, f.size)), nil
	case f.once:
		return nil, fmt.Errorf("%d bytes are %w", f.size, errTooLarge)
	}
	return f.open()
}
