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
func together(a, b Options, setA, setB Source) (outcome, outcome) {
	connA, connB := net.Pipe()
	a.Initiator, a.Seed, b.Seed = true, testSeed(1), testSeed(2)
	side := func(conn net.Conn, opt Options, set Source) outcome {
		defer conn.Close()
		r, err := Run(context.Background(), conn, opt, set)
		return outcome{r, err}
	}
	second := make(chan outcome)
	go func() { second <- side(connB, b, setB) }()
	return side(connA, a, setA), <-second
}

func indexesOf(matches []Match) []int {
	out := []int{}
	for _, m := range matches {
		out = append(out, m.Index)
	}
	return out
}

func TestRunGivesBothSidesTheirResult(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := drawSets(rt)
		opt := Options{CountFirst: rapid.Bool().Draw(rt, "count first")}
		opt.Chunk = rapid.IntRange(1, 20).Draw(rt, "chunk")
		opt.Learn = Learn(rapid.IntRange(0, 2).Draw(rt, "learn"))
		opt.Pad = rapid.SampledFrom([]int{0, 45}).Draw(rt, "pad")
		ra, rb := together(opt, opt, Items(a), Items(b))
		if ra.err != nil || rb.err != nil {
			rt.Fatalf("errors %v and %v", ra.err, rb.err)
		}
		for who, r := range map[side]Result{initiator: ra.result, responder: rb.result} {
			own, other := a, b
			if who == responder {
				own, other = b, a
			}
			want, count := intersect(own, other), -1
			if !opt.Learn.learns(who) {
				want = []int{}
			} else if opt.CountFirst {
				count = len(want)
			}
			if !slices.Equal(indexesOf(r.Overlap), want) || r.Count != count || r.Stopped || r.Departs() {
				rt.Fatalf("the %v got %+v, want a count of %d and %v", who, r, count, want)
			}
			if size := max(len(other), opt.Pad); r.Theirs != size {
				rt.Fatalf("the %v was told of %d items, want %d", who, r.Theirs, size)
			}
		}
	})
}

func TestEitherSideMayStopAfterTheCount(t *testing.T) {
	never := func(int) bool { return false }
	for name, ask := range map[string][2]func(int) bool{"first": {never, nil}, "second": {nil, never}, "both": {never, never}} {
		a, b := together(Options{CountFirst: true, Proceed: ask[0]}, Options{CountFirst: true, Proceed: ask[1]}, Items(numbered("item", 5)), Items(numbered("item", 3)))
		for _, side := range []outcome{a, b} {
			if side.err != nil || side.result.Count != 3 || !side.result.Stopped || side.result.Overlap != nil || side.result.Departs() {
				t.Errorf("%s: got %+v, %v", name, side.result, side.err)
			}
		}
	}
}

func TestRunReportsItsProgress(t *testing.T) {
	type step struct {
		stage       Stage
		done, total int
	}
	var got []step
	a := Options{OverlapOptions: OverlapOptions{Chunk: 2, Progress: func(stage Stage, done, total int) { got = append(got, step{stage, done, total}) }}}
	_, b := together(a, Options{OverlapOptions: OverlapOptions{Chunk: 2}}, Items(numbered("item", 3)), Items(numbered("item", 3)))
	if b.err != nil {
		t.Fatal(b.err)
	}
	want := []step{{StagePrepare, 2, 3}, {StagePrepare, 3, 3}, {StageTags, 2, 3}, {StageTags, 3, 3}, {StageOverlap, 2, 3}, {StageOverlap, 3, 3}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRunRefusesMoreThanTheTermsAllow(t *testing.T) {
	for _, countFirst := range []bool{false, true} {
		for name, bounds := range map[string][2]int{"first": {4, 0}, "second": {0, 4}} {
			opt := func(most int) Options {
				return Options{CountFirst: countFirst, OverlapOptions: OverlapOptions{MaxTheirs: most}}
			}
			a, b := together(opt(bounds[0]), opt(bounds[1]), Items(numbered("item", 5)), Items(numbered("item", 5)))
			if !errors.Is(a.err, ErrMessage) && !errors.Is(b.err, ErrMessage) {
				t.Errorf("%s: got %v and %v", name, a.err, b.err)
			}
		}
	}
}

func TestRunNeedsUsableItemsAndSeed(t *testing.T) {
	a, _ := together(Options{}, Options{}, Items(nil), Items(numbered("item", 1)))
	if !errors.Is(a.err, ErrItems) {
		t.Errorf("no items: %v", a.err)
	}
	_, err := Run(t.Context(), new(counter), Options{}, Items(numbered("item", 1)))
	if !errors.Is(err, errZeroSeed) {
		t.Errorf("no seed: %v", err)
	}
}

// A counterpart that speaks frames of its own is refused at the first of them.
func TestRunWithFramesThatAreNone(t *testing.T) {
	cases := []struct {
		name  string
		kind  error
		where string
		raw   []byte
	}{
		{"goes silent", io.EOF, "wait for the overlap message", nil},
		{"sends another frame", ErrMessage, "stop came, overlap message is due", []byte{byte(frameStop), 0, 0, 0, 0}},
		{"sends an unknown frame", ErrMessage, "message of kind 99 came, overlap message is due", []byte{99, 0, 0, 0, 0}},
		{"announces 4 GB", ErrMessage, "overlap message of 4294967295 bytes, at most", []byte{byte(frameOverlap), 0xff, 0xff, 0xff, 0xff}},
		{"breaks off in a frame", io.EOF, "receive the overlap message", []byte{byte(frameOverlap), 0, 0, 0, 32, 1, 2}},
		{"sends an empty message", ErrMessage, "0 bytes are less than a header", []byte{byte(frameOverlap), 0, 0, 0, 0}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			ours, theirs := net.Pipe()
			go func() {
				defer theirs.Close()
				w := &wire{rw: theirs, message: 1 << 20}
				if _, _, err := w.read(frameOverlap); err == nil {
					_, _ = theirs.Write(c.raw)
				}
			}()
			_, err := Run(t.Context(), ours, Options{OverlapOptions: OverlapOptions{Seed: testSeed(1), Initiator: true}}, Items(numbered("item", 4)))
			ours.Close()
			wantRefused(t, err, c.kind, c.where)
		})
	}
}

// A counterpart that counts with one set and goes on with another is refused
// if the size differs, and otherwise departs.
func TestRunWithASetThatChanges(t *testing.T) {
	items := numbered("item", 4)
	for name, later := range map[string][][]byte{"fewer": items[:3], "others": numbered("other", 4)} {
		changing := &changingSet{before: items, after: later}
		opt := Options{CountFirst: true, Proceed: func(int) bool { changing.changed = true; return true }}
		b, a := together(opt, Options{CountFirst: true}, changing, Items(items))
		if name == "fewer" {
			wantRefused(t, a.err, ErrMessage, "has 3 items where it had 4 before")
		} else if a.err != nil || b.err != nil || !a.result.Departs() {
			t.Errorf("%s: got %+v, %v", name, a.result, a.err)
		}
	}
}

type changingSet struct {
	before, after [][]byte
	changed       bool
}

func (s *changingSet) now() Items {
	if s.changed {
		return s.after
	}
	return s.before
}
func (s *changingSet) Len() int               { return s.now().Len() }
func (s *changingSet) At(i int) (Item, error) { return s.now().At(i) }

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
			w := &wire{rw: theirs, message: 1 << 20}
			_, _, _ = w.read(frameOverlap)
			asked.Store(true)
			cancel(why)
		}()
		_, err := Run(ctx, wrap(ours), Options{OverlapOptions: OverlapOptions{Seed: testSeed(1), Initiator: true}}, Items(numbered("item", 2)))
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
	_, err := Run(ctx, &sent, Options{OverlapOptions: OverlapOptions{Seed: testSeed(1), Initiator: true}}, Items(numbered("item", 2)))
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
		_, _ = Run(context.Background(), ours, Options{OverlapOptions: OverlapOptions{Seed: testSeed(1), Initiator: true}}, Items(numbered("item", 2)))
	}()
	defer theirs.Close()
	defer ours.Close()
	var frame [1 + 4 + headerSize + helloSize]byte
	if _, err := io.ReadFull(theirs, frame[:]); err != nil {
		t.Fatal(err)
	}
	if frame[0] != 16 || binary.BigEndian.Uint32(frame[1:]) != headerSize+helloSize {
		t.Errorf("the first frame begins with %x", frame[:5])
	}
	wantBytes(t, "public key", frame[5+headerSize:][:elementSize], must(PublicKey(testSeed(1)))(t))
}
