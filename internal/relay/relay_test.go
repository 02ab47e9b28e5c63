package relay

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"testing"
)

// served is a relay on a real listener with TLS and its pin.
type served struct {
	*Relay
	server *Server
	stop   context.CancelFunc
	dir    string
	log    *lockedBuffer
}

// start opens and serves a relay, and ends it with the test.
func start(t testing.TB, o Options) *served {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	s, err := open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.end(t) })
	return s
}

// open opens and serves a relay.
func open(ctx context.Context, o Options) (s *served, err error) {
	s = &served{log: &lockedBuffer{}, dir: o.Dir}
	o.Log = slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if s.Relay, err = Open(ctx, o); err != nil {
		return nil, err
	}
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	if s.server, err = s.Listen(ctx, "127.0.0.1:0", TLSOptions{}); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func startBench(b *testing.B) *served {
	return start(b, Options{MailboxParcels: 1 << 30, MailboxBytes: 1 << 40, TotalBytes: 1 << 40})
}

// end stops the server and closes the relay, as a program does that is told to stop.
func (s *served) end(t testing.TB) {
	t.Helper()
	s.stop()
	if err := s.server.Wait(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func (s *served) client(t testing.TB) *Client {
	t.Helper()
	c, err := NewClient(s.server.Address(), ClientOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// awaitReaders returns when so many readers are waiting at the relay.
func (s *served) awaitReaders(n int64) {
	for s.index.waiting.Load() != n {
		runtime.Gosched()
	}
}

// lockedBuffer is a log that many may write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func testMailbox(n byte) Mailbox {
	return Mailbox{Write: sha256.Sum256([]byte{n, 'w'}), Read: sha256.Sum256([]byte{n, 'r'})}
}

func testID(n uint64) (id [16]byte) {
	binary.BigEndian.PutUint64(id[8:], n)
	return id
}

// testParcel is a parcel of a class that tells which one it is.
func testParcel(class int, n uint64) []byte {
	p := make([]byte, SizeClasses[class])
	binary.BigEndian.PutUint64(p, n)
	return p
}

func sizeName(size int) string {
	if size < 1<<20 {
		return fmt.Sprintf("%dKiB", size>>10)
	}
	return fmt.Sprintf("%dMiB", size>>20)
}

func mustPut(t testing.TB, c *Client, m Mailbox, class int, n uint64) {
	t.Helper()
	if err := c.Put(t.Context(), m, testID(n), testParcel(class, n)); err != nil {
		t.Fatal(err)
	}
}

func mustFetch(t testing.TB, c *Client, m Mailbox, after Cursor) []Stored {
	t.Helper()
	got, err := c.Fetch(t.Context(), m, after, 0)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// numbers are the parcels' own numbers, after a check that their bytes are whole.
func numbers(t testing.TB, all []Stored) []uint64 {
	t.Helper()
	ns := []uint64{}
	for _, s := range all {
		n := binary.BigEndian.Uint64(s.Parcel)
		class, ok := sizeClass(int64(len(s.Parcel)))
		if !ok || !bytes.Equal(s.Parcel, testParcel(int(class), n)) {
			t.Fatalf("parcel %d came back changed", n)
		}
		ns = append(ns, n)
	}
	return ns
}
