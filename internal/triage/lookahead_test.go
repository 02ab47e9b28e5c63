package triage

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// What is read ahead of a stream, however it gives its bytes, is what memory holds.
func TestLookaheadIsTheSameOfStreams(t *testing.T) {
	text := strings.Repeat("0123456789", 3*lookaheadSize/10)
	for name, stream := range map[string]io.Reader{
		"whole": strings.NewReader(text), "one byte": iotest.OneByteReader(strings.NewReader(text)),
		"half": iotest.HalfReader(strings.NewReader(text)), "with the end": iotest.DataErrReader(strings.NewReader(text)),
	} {
		held := &lookahead{buf: []byte(text), err: io.EOF}
		l := &lookahead{stream: io.NopCloser(stream), buf: make([]byte, 0, lookaheadSize)}
		for step := 0; ; step++ {
			got, err := l.peek(step % 300)
			want, wantErr := held.peek(step % 300)
			if string(got) != string(want) || err != wantErr {
				t.Fatalf("%s, step %d: %d bytes, %v; want %d, %v", name, step, len(got), err, len(want), wantErr)
			}
			if n := step % 7; l.skip(min(n, len(got))) != held.skip(min(n, len(got))) {
				t.Fatalf("%s, step %d: skipped otherwise", name, step)
			}
			c, err := l.next()
			if d, wantErr := held.next(); c != d || err != wantErr {
				t.Fatalf("%s, step %d: %q, %v; want %q, %v", name, step, c, err, d, wantErr)
			}
			if err != nil {
				break
			}
		}
	}
}

func TestLookaheadGivesAnErrorInItsPlace(t *testing.T) {
	l := &lookahead{stream: io.NopCloser(iotest.TimeoutReader(iotest.HalfReader(strings.NewReader("0123456789")))), buf: make([]byte, 0, 8)}
	if got, err := l.peek(8); string(got) != "0123" || err != iotest.ErrTimeout {
		t.Errorf("%q, %v", got, err)
	}
	idle := &lookahead{stream: io.NopCloser(idleReader{}), buf: make([]byte, 0, 8)}
	if _, err := idle.peek(1); err != io.ErrNoProgress {
		t.Errorf("a stream that gives nothing: %v", err)
	}
}

type idleReader struct{}

func (idleReader) Read([]byte) (int, error) { return 0, nil }
