package triage

import (
	"bytes"
	"context"
	"crypto/sha256"
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

	beside *beside              // finds what lies in the same container; nil if nothing can
	loaded func(*reading) error // called when the bytes have been read whole; may be nil
	raw    []volume.Extent      // not a file, but these bytes of at, to be scanned
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
	item
	sum    [32]byte
	size   int64
	head   []byte  // the first bytes, at most headSize
	data   []byte  // all bytes, if they are held in memory
	held   bool    // whether they are
	inside *budget // what its own entries may expand to
	near   *beside // finds its own entries
}

const headSize = 4096

var (
	errTooLarge = errors.New("larger than may be held in memory: unpack it and give it alone")
	errBudget   = errors.New("it expands to more than the limits allow: a bomb, or raise the limit")
)

// load reads the whole item for its hash, and keeps the bytes unless they are too
// many or can be read in place.
func load(ctx context.Context, it item, limits Limits) (*file, error) {
	r, err := it.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	f := &file{item: it}
	sum, keep := sha256.New(), it.at == nil || it.size <= heldSize
	var data bytes.Buffer
	buf := make([]byte, bufferFor(it.size))
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n, err := r.Read(buf)
		if n > 0 && !it.budget.take(int64(n)) {
			return nil, errBudget
		}
		f.size += int64(n)
		sum.Write(buf[:n])
		f.head = append(f.head, buf[:min(n, headSize-len(f.head))]...)
		if keep = keep && f.size <= limits.EntryBytes; keep {
			data.Write(buf[:n])
		} else {
			data = bytes.Buffer{}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("after %d bytes: %w", f.size, err)
		}
	}
	sum.Sum(f.sum[:0])
	f.data, f.held = data.Bytes(), keep
	f.inside, f.near = limits.allowance(f.size, it.budget), newBeside(limits, f.entry)
	return f, nil
}

// heldSize is what is held in memory although it could be read in place: reading it
// twice costs more.
const heldSize = 256 << 10

// bufferFor is how many bytes are read at once of a file of the size that its
// container says, -1 if nothing: most files are small, and there are many.
func bufferFor(size int64) int64 {
	const least, unknown, most = 4 << 10, 32 << 10, 256 << 10
	if size < 0 {
		return unknown
	}
	return min(max(size+1, least), most)
}

// readerAt reads anywhere in the file.
func (f *file) readerAt() (io.ReaderAt, error) {
	switch {
	case f.at != nil:
		return f.at, nil
	case f.held:
		return bytes.NewReader(f.data), nil
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
