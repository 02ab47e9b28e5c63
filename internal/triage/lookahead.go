package triage

import "io"

// lookahead reads a file from its start and shows what comes next. What is in
// memory is shown where it is.
type lookahead struct {
	stream io.ReadCloser
	buf    []byte
	at     int   // what was read of buf
	err    error // after the last byte of buf
}

const (
	lookaheadSize = 64 << 10
	emptyReads    = 100 // after which a stream is given up
)

func (f *file) lookahead() (*lookahead, error) {
	if f.held {
		return &lookahead{buf: f.data, err: io.EOF}, nil
	}
	stream, err := f.reader()
	if err != nil {
		return nil, err
	}
	return &lookahead{stream: stream, buf: make([]byte, 0, lookaheadSize)}, nil
}

func (l *lookahead) close() {
	if l.stream != nil {
		l.stream.Close()
	}
}

// peek gives the next n bytes, fewer at the end, and then why. It can give as many
// as lookaheadSize.
func (l *lookahead) peek(n int) ([]byte, error) {
	if len(l.buf)-l.at < n {
		return l.peekMore(n)
	}
	return l.buf[l.at : l.at+n], nil
}

func (l *lookahead) peekMore(n int) ([]byte, error) {
	if l.err == nil {
		l.buf, l.at = l.buf[:copy(l.buf, l.buf[l.at:])], 0
	}
	for tries := 0; l.err == nil && len(l.buf) < n; tries++ {
		size, err := l.stream.Read(l.buf[len(l.buf):cap(l.buf)])
		l.buf, l.err = l.buf[:len(l.buf)+size], err
		if size == 0 && err == nil && tries > emptyReads {
			l.err = io.ErrNoProgress
		}
	}
	if rest := l.buf[l.at:]; len(rest) < n {
		return rest, l.err
	}
	return l.buf[l.at : l.at+n], nil
}

// buffered gives the bytes that can be seen at once.
func (l *lookahead) buffered() []byte {
	return l.buf[l.at:min(len(l.buf), l.at+lookaheadSize)]
}

// skip passes over at most n bytes of those that can be seen, and says how many.
func (l *lookahead) skip(n int) int {
	n = min(n, len(l.buf)-l.at)
	l.at += n
	return n
}

// next gives the next byte and passes over it.
func (l *lookahead) next() (byte, error) {
	if l.at == len(l.buf) {
		if _, err := l.peekMore(1); err != nil {
			return 0, err
		}
	}
	c := l.buf[l.at]
	l.at++
	return c, nil
}
