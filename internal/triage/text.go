package triage

import (
	"context"
	"io"
	"unsafe"
)

const (
	textWindow  = 1 << 20
	textOverlap = 16 << 10 // more than any selector with its context, in any encoding
)

// readText scans a text for selectors, a window at a time. Windows overlap, so
// that what lies across the edge of one is whole in the next.
func readText(ctx context.Context, r *reading, f *file) error {
	return r.textFrom(ctx, f, 0)
}

// textFrom scans the file as text from a byte on.
func (r *reading) textFrom(ctx context.Context, f *file, from int64) error {
	w := window{held: f.held, data: f.data, base: from}
	stream, err := f.reader()
	if err != nil {
		return err
	}
	defer stream.Close()
	if !f.held {
		if _, err := io.CopyN(io.Discard, stream, from); err != nil {
			return err
		}
		w.buf = make([]byte, min(textWindow, max(f.size-from, 0)+1))
	}
	if from == 0 {
		w.encoding = f.encoding()
	}
	for !w.end {
		if err := ctx.Err(); err != nil {
			return stop{err}
		}
		if err := w.fill(stream); err != nil {
			return err
		}
		if err := r.window(f, &w); err != nil {
			return err
		}
		w.slide()
	}
	return nil
}

// window is the part of a text in memory.
type window struct {
	held bool   // the file is in memory: buf is a part of data
	data []byte // the whole file
	buf  []byte
	n    int   // bytes of buf in use
	base int64 // offset of buf[0] in the file
	// Hits that start in buf[from:until] are of this window.
	from, until int
	end         bool
	encoding    encoding
}

func (w *window) fill(stream io.Reader) error {
	if w.held {
		w.buf = w.data[w.base:min(w.base+textWindow, int64(len(w.data)))]
		w.n, w.end = len(w.buf), len(w.buf) < textWindow
		w.bound()
		return nil
	}
	n, err := io.ReadFull(stream, w.buf[w.n:])
	w.n += n
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		w.end, err = true, nil
	}
	w.bound()
	return err
}

func (w *window) bound() {
	w.until = w.n
	if !w.end {
		w.until -= textOverlap
	}
}

// view gives bytes as a text without a copy. It is good until the bytes change:
// what is kept of it is cloned first.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// slide keeps what the next window needs to see before its own part.
func (w *window) slide() {
	keep := max(0, w.until-textOverlap)
	w.from = w.until - keep
	w.base += int64(keep)
	if w.held {
		return
	}
	w.n = copy(w.buf, w.buf[keep:w.n])
}

func (r *reading) window(f *file, w *window) error {
	text, source := w.encoding.decode(w.buf[:w.n])
	for _, hit := range r.finder.Find(text) {
		start, end := source(hit.Start), source(hit.End)
		if start < w.from || start >= w.until {
			continue
		}
		place := f.place().at(w.base+int64(start), int64(end-start))
		if err := r.finding(text, hit, place); err != nil {
			return err
		}
	}
	return nil
}
