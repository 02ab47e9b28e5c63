package psi

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"
)

// outcome is what one side of a run came to.
type outcome struct {
	result Result
	err    error
}

// together runs both sides over a pipe and waits for both. A side that fails
// closes its end, as a program would.
func together(a, b Options, itemsA, itemsB [][]byte) (outcome, outcome) {
	connA, connB := net.Pipe()
	a.Initiator = true
	side := func(conn net.Conn, opt Options, items [][]byte) outcome {
		defer conn.Close()
		r, err := Run(context.Background(), conn, opt, items)
		return outcome{r, err}
	}
	second := make(chan outcome)
	go func() { second <- side(connB, b, itemsB) }()
	return side(connA, a, itemsA), <-second
}

func always(int) bool { return true }

func never(int) bool { return false }

func TestRunGivesBothSidesTheirResult(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := drawSets(rt)
		ra, rb := together(Options{Seed: testSeed(1), Proceed: always}, Options{Seed: testSeed(2), Proceed: always}, a, b)
		if ra.err != nil || rb.err != nil {
			rt.Fatalf("errors %v and %v", ra.err, rb.err)
		}
		wantA, wantB := intersect(a, b), intersect(b, a)
		if !slices.Equal(ra.result.Overlap, wantA) || !slices.Equal(rb.result.Overlap, wantB) {
			rt.Fatalf("got %v and %v, want %v and %v", ra.result.Overlap, rb.result.Overlap, wantA, wantB)
		}
		for _, r := range []Result{ra.result, rb.result} {
			if r.Count != len(wantA) || r.Stopped || r.Departs() {
				rt.Fatalf("got %+v, want a count of %d", r, len(wantA))
			}
		}
		if ra.result.Theirs != len(b) || rb.result.Theirs != len(a) {
			rt.Fatalf("sizes %d and %d, want %d and %d", ra.result.Theirs, rb.result.Theirs, len(b), len(a))
		}
	})
}

func TestEitherSideMayStopAfterTheCount(t *testing.T) {
	for name, ask := range map[string][2]func(int) bool{
		"first": {never, always}, "second": {always, never}, "both": {never, never},
		"first was not asked": {nil, always}, "second was not asked": {always, nil},
	} {
		a, b := together(Options{Seed: testSeed(1), Proceed: ask[0]}, Options{Seed: testSeed(2), Proceed: ask[1]}, numbered("item", 5), numbered("item", 3))
		for _, side := range []outcome{a, b} {
			if side.err != nil || side.result.Count != 3 || !side.result.Stopped || side.result.Overlap != nil || side.result.Departs() {
				t.Errorf("%s: got %+v, %v", name, side.result, side.err)
			}
		}
	}
}

func TestRunRefusesMoreThanTheTermsAllow(t *testing.T) {
	for name, bounds := range map[string][2]int{"first": {4, 0}, "second": {0, 4}} {
		a, b := together(Options{Seed: testSeed(1), MaxTheirs: bounds[0]}, Options{Seed: testSeed(2), MaxTheirs: bounds[1]}, numbered("item", 5), numbered("item", 5))
		if !errors.Is(a.err, ErrMessage) && !errors.Is(b.err, ErrMessage) {
			t.Errorf("%s: got %v and %v", name, a.err, b.err)
		}
	}
}

func TestRunNeedsUsableItemsAndSeed(t *testing.T) {
	a, _ := together(Options{Seed: testSeed(1)}, Options{Seed: testSeed(2)}, nil, numbered("item", 1))
	if !errors.Is(a.err, ErrItems) {
		t.Errorf("no items: %v", a.err)
	}
	a, _ = together(Options{}, Options{Seed: testSeed(2)}, numbered("item", 1), numbered("item", 1))
	if !errors.Is(a.err, errZeroSeed) {
		t.Errorf("no seed: %v", a.err)
	}
}

// scripted plays a counterpart: it answers the first side's frames with what
// the steps give, one for each frame.
func scripted(t *testing.T, opt Options, items [][]byte, steps ...func(w *wire, payload []byte)) error {
	t.Helper()
	ours, theirs := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer theirs.Close()
		w := &wire{rw: theirs, max: MaxItems, own: MaxItems}
		for _, step := range steps {
			_, payload, err := w.read(frameHello, frameStop, frameKind(KindCountQuery), frameKind(KindCountAnswer), frameKind(KindOverlapQuery), frameKind(KindOverlapAnswer))
			if err != nil {
				return
			}
			step(w, payload)
		}
	}()
	opt.Initiator = true
	_, err := Run(context.Background(), ours, opt, items)
	ours.Close()
	<-done
	return err
}

func TestRunWithACounterpartThatDeparts(t *testing.T) {
	items := numbered("item", 4)
	count, overlap := mustCount(t, 2, items), mustOverlap(t, 2, items)
	fewer := mustOverlap(t, 2, items[:3])
	hello := func(w *wire, _ []byte) { _ = w.write(frameHello, overlap.PublicKey()) }
	countReply := func(w *wire, query []byte) {
		_ = w.write(frameKind(KindCountQuery), count.Query())
		answer, _ := count.Answer(query, 4)
		_ = w.write(frameKind(KindCountAnswer), answer)
	}
	nothing := func(*wire, []byte) {}
	raw := func(b ...byte) func(*wire, []byte) { return func(w *wire, _ []byte) { _, _ = w.rw.Write(b) } }
	cases := []struct {
		name  string
		kind  error
		where string
		steps []func(*wire, []byte)
	}{
		{"goes silent", io.EOF, "wait for the hello", []func(*wire, []byte){nothing}},
		{"sends another frame", ErrMessage, "stop came, hello is due", []func(*wire, []byte){func(w *wire, _ []byte) { _ = w.write(frameStop, nil) }}},
		{"sends an unknown frame", ErrMessage, "message of kind 99 came, hello is due", []func(*wire, []byte){raw(99, 0, 0, 0, 0)}},
		{"announces 4 GB", ErrMessage, "hello of 4294967295 bytes, at most 32 are allowed", []func(*wire, []byte){raw(byte(frameHello), 0xff, 0xff, 0xff, 0xff)}},
		{"breaks off in a frame", io.EOF, "receive the hello", []func(*wire, []byte){raw(byte(frameHello), 0, 0, 0, 32, 1, 2)}},
		{"has a short key", ErrMessage, "public key has 31 bytes", []func(*wire, []byte){
			func(w *wire, _ []byte) { _ = w.write(frameHello, overlap.PublicKey()[:31]) }, countReply, nothing,
			func(w *wire, query []byte) {
				_ = w.write(frameKind(KindOverlapQuery), overlap.Query())
				answer, _ := overlap.Answer(query, 4)
				_ = w.write(frameKind(KindOverlapAnswer), answer)
			},
		}},
		{"stops in the count", ErrMessage, "stop came, count query is due", []func(*wire, []byte){hello, func(w *wire, _ []byte) { _ = w.write(frameStop, nil) }}},
		{"changes its size", ErrMessage, "has 3 items where it had 4 before", []func(*wire, []byte){
			hello, countReply, nothing,
			func(w *wire, _ []byte) { _ = w.write(frameKind(KindOverlapQuery), fewer.Query()) },
		}},
		{"sends a query as answer", ErrMessage, "count query came, count answer is due", []func(*wire, []byte){hello, func(w *wire, _ []byte) {
			_ = w.write(frameKind(KindCountQuery), count.Query())
			_ = w.write(frameKind(KindCountAnswer), count.Query())
		}}},
	}
	for _, c := range cases {
		err := scripted(t, Options{Seed: testSeed(1), Proceed: always}, items, c.steps...)
		t.Run(c.name, func(t *testing.T) { wantRefused(t, err, c.kind, c.where) })
	}
}

// closeOnly is a connection that can be closed but has no deadlines.
type closeOnly struct {
	io.ReadWriter
	closed func() error
}

func (c closeOnly) Close() error { return c.closed() }

func TestRunEndsWithItsContext(t *testing.T) {
	why := errors.New("the desk is closed")
	for name, wrap := range map[string]func(net.Conn) io.ReadWriter{
		"deadline": func(c net.Conn) io.ReadWriter { return c },
		"close":    func(c net.Conn) io.ReadWriter { return closeOnly{struct{ io.ReadWriter }{c}, c.Close} },
	} {
		ours, theirs := net.Pipe()
		ctx, cancel := context.WithCancelCause(context.Background())
		var asked atomic.Bool
		go func() { // a counterpart that says hello and then nothing
			w := &wire{rw: theirs}
			_, _, _ = w.read(frameHello)
			asked.Store(true)
			cancel(why)
		}()
		_, err := Run(ctx, wrap(ours), Options{Seed: testSeed(1), Initiator: true}, numbered("item", 2))
		if !errors.Is(err, why) || !asked.Load() {
			t.Errorf("%s: got %v", name, err)
		}
		ours.Close()
		theirs.Close()
	}
}

func TestRunWithAnEndedContextSendsNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var sent counter
	_, err := Run(ctx, &sent, Options{Seed: testSeed(1), Initiator: true}, numbered("item", 2))
	if !errors.Is(err, context.Canceled) || sent != 0 {
		t.Errorf("got %v after %d bytes", err, sent)
	}
}

// counter counts what is written and has nothing to read.
type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }
func (c *counter) Read([]byte) (int, error)    { return 0, io.EOF }

// A frame header is a kind and a length; what follows is exactly that long.
func TestFramesAreAsDocumented(t *testing.T) {
	ours, theirs := net.Pipe()
	go func() {
		_, _ = Run(context.Background(), ours, Options{Seed: testSeed(1), Initiator: true}, numbered("item", 2))
	}()
	defer theirs.Close()
	defer ours.Close()
	var frame [1 + 4 + 32]byte
	if _, err := io.ReadFull(theirs, frame[:]); err != nil {
		t.Fatal(err)
	}
	if frame[0] != 16 || binary.BigEndian.Uint32(frame[1:]) != 32 {
		t.Errorf("the first frame begins with %x", frame[:5])
	}
	wantBytes(t, "public key", frame[5:], must(PublicKey(testSeed(1)))(t))
}
