package triage

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"sync"
)

const (
	// heldSize is what is held in memory although it could be read in place: reading it
	// twice costs more.
	heldSize = 256 << 10
	// atOnce is how many bytes are read, and hashed, at once.
	atOnce = 256 << 10
	// trustedSize is how much memory is taken because a container says that a file is
	// so large. What is there indeed gets more.
	trustedSize = 1 << 20
)

// buffers lends memory for files, of which there are many. Nil lends none.
type buffers struct{ small, large sync.Pool }

// largestLent is the most memory that is lent again.
const largestLent = 16 << 20

// lend gives an empty slice with room for a file of so many bytes and one more, so
// that its end is met, or as many as are taken on trust; -1 says that nobody knows.
func (b *buffers) lend(size int64) []byte {
	switch {
	case size >= heldSize:
		return b.more(int(min(size, trustedSize)) + 1)
	case b == nil:
		return make([]byte, 0, max(size, 4<<10)+1)
	}
	if lent, ok := b.small.Get().(*[]byte); ok {
		return (*lent)[:0]
	}
	return make([]byte, 0, heldSize+1)
}

// more gives an empty slice with room for so many bytes, or more.
func (b *buffers) more(size int) []byte {
	if b != nil {
		if lent, ok := b.large.Get().(*[]byte); ok && cap(*lent) >= size {
			return (*lent)[:0]
		}
	}
	return make([]byte, 0, size)
}

// back takes what was lent. Nobody may hold it any more.
func (b *buffers) back(data []byte) {
	switch size := cap(data); {
	case b == nil || size <= heldSize || size > largestLent:
	case size == heldSize+1:
		b.small.Put(&data)
	default:
		b.large.Put(&data)
	}
}

// load reads the whole item for its hash, and keeps the bytes unless they are too
// many or can be read in place.
func load(ctx context.Context, it item, limits Limits, lent *buffers) (*file, error) {
	f := &file{item: it}
	if it.data != nil {
		if !it.budget.take(int64(len(it.data))) {
			return nil, errBudget
		}
		f.sum, f.size, f.held = sha256.Sum256(it.data), int64(len(it.data)), true
		f.head = it.data[:min(headSize, len(it.data))]
		f.inside, f.near = limits.allowance(f.size, it.budget), newBeside(limits, f.entry)
		return f, nil
	}
	r, err := it.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	l := loading{file: f, limits: limits, keep: it.at == nil || it.size <= heldSize, buf: lent.lend(it.size), lent: lent}
	if err := l.read(ctx, r); err != nil {
		lent.back(l.buf)
		return nil, err
	}
	f.inside, f.near = limits.allowance(f.size, it.budget), newBeside(limits, f.entry)
	return f, nil
}

// inMemory reads a file that could be read in place into memory, unless it is large: who
// goes over it many times, a page at a time, does so sooner.
func (f *file) inMemory(lent *buffers) {
	if f.held || f.at == nil || f.size > largestLent {
		return
	}
	data := lent.more(int(f.size))[:f.size]
	if n, _ := f.at.ReadAt(data, 0); int64(n) < f.size {
		lent.back(data) // the reader says what is wrong
		return
	}
	f.data, f.held = data, true
}

// loading reads one file. What is kept stands in buf; else buf holds a part after
// the other.
type loading struct {
	file   *file
	limits Limits
	keep   bool
	buf    []byte
	lent   *buffers
}

func (l *loading) read(ctx context.Context, r io.Reader) error {
	f, sum := l.file, sha256.New()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		part := l.room()
		n, err := r.Read(part)
		if n > 0 && !f.budget.take(int64(n)) {
			return errBudget
		}
		sum.Write(part[:n])
		f.size += int64(n)
		l.took(part[:n])
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("after %d bytes: %w", f.size, err)
		}
	}
	sum.Sum(f.sum[:0])
	if l.keep {
		f.data, f.held, f.head = l.buf, true, l.buf[:min(headSize, len(l.buf))]
	} else {
		l.lent.back(l.buf) // the head is a copy
	}
	return nil
}

// room gives where the next bytes are read to.
func (l *loading) room() []byte {
	if !l.keep {
		return l.buf[:min(atOnce, cap(l.buf))]
	}
	if len(l.buf) == cap(l.buf) {
		small := l.buf
		l.buf = append(l.lent.more(int(min(l.next(int64(cap(small))), l.limits.EntryBytes+1))), small...)
		l.lent.back(small)
	}
	return l.buf[len(l.buf):min(len(l.buf)+atOnce, cap(l.buf))]
}

// next gives how much memory comes after so much: twice that, but no more than a file
// has as its container says, of which half are there by then.
func (l *loading) next(size int64) int64 {
	if said := max(l.file.item.size, l.file.hint) + 1; said > size {
		return min(2*size, said)
	}
	return 2 * size
}

// took takes note of what was read, and stops keeping what is too large.
func (l *loading) took(part []byte) {
	f := l.file
	if !l.keep {
		f.head = append(f.head, part[:min(len(part), headSize-len(f.head))]...)
		return
	}
	l.buf = l.buf[:len(l.buf)+len(part)]
	if l.keep = f.size <= l.limits.EntryBytes; !l.keep {
		f.head = slices.Clone(l.buf[:min(headSize, len(l.buf))])
		l.buf = make([]byte, 0, atOnce)
	}
}
