package volume

import "io"

// Window reads small pieces that lie near each other, such as a table's entries,
// without asking the volume for each. It serves one goroutine.
type Window struct {
	at   io.ReaderAt
	buf  []byte
	from int64
	n    int
}

// NewWindow gives a Window of so many bytes on the volume at.
func NewWindow(at io.ReaderAt, bytes int) *Window {
	return &Window{at: at, buf: make([]byte, bytes), from: -1}
}

// Bytes gives length bytes at offset, good until the next call.
func (w *Window) Bytes(offset int64, length int) ([]byte, error) {
	if length > len(w.buf) || offset < 0 {
		return nil, io.ErrShortBuffer
	}
	if w.from < 0 || offset < w.from || offset+int64(length) > w.from+int64(w.n) {
		from := offset - offset%512
		if offset+int64(length) > from+int64(len(w.buf)) {
			from = offset
		}
		n, err := w.at.ReadAt(w.buf, from)
		w.from, w.n = from, n
		if offset+int64(length) > from+int64(n) {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
	start := int(offset - w.from)
	return w.buf[start : start+length], nil
}
