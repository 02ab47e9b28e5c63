package stream

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"parley/internal/store"
)

// Each case is a counterpart that writes by hand; the last of its messages is
// the one that ends the stream.
func TestACounterpartThatBreaksARuleIsNamedAndTheStreamEnds(t *testing.T) {
	long := letter{kind: KindChunk, body: make([]byte, chunkHead+MaxChunk+1)}
	copy(long.body, testRun[:])
	short := letter{kind: KindChunk, body: append(testRun[:len(testRun):len(testRun)], 0, 0, 0)}
	mark := chunkBody(0, 2, false, "x")
	mark.body[chunkHead-1] = 7
	for _, c := range []struct {
		name    string
		letters []letter
		want    string
	}{
		{"over the window", []letter{chunkBody(0, 2, false, "a"), chunkBody(1, 2, false, "b"), chunkBody(2, 2, false, "c")}, "chunk 2 is over the window"},
		{"a gap", []letter{chunkBody(0, 2, false, "a"), chunkBody(2, 2, false, "c")}, "chunk 2 came where 1 was due"},
		{"a repeat", []letter{chunkBody(0, 2, false, "a"), chunkBody(0, 2, false, "a")}, "chunk 0 came again"},
		{"after the end", []letter{chunkBody(0, 2, true, "a"), chunkBody(1, 2, false, "b")}, "chunk 1 came after the last"},
		{"an empty chunk", []letter{chunkBody(0, 2, false, "")}, "chunk 0 is empty and not the last"},
		{"too long a chunk", []letter{long}, "a chunk at most 258048"},
		{"too short a chunk", []letter{short}, "a chunk's message has 19 bytes"},
		{"a strange end mark", []letter{mark}, "end mark 0x07"},
		{"a number out of range", []letter{chunkBody(1<<60, 2, false, "a")}, "out of range"},
		{"credit for what was not sent", []letter{creditBody(3)}, "credit up to 3, where 0 were sent and the window is 2"},
		{"the same in a chunk", []letter{chunkBody(0, 3, false, "a")}, "credit up to 3, where 0 were sent"},
		{"credit that gives nothing", []letter{creditBody(2)}, "credit up to 2, which was given before"},
		{"credit of no size", []letter{{kind: KindCredit, body: testRun[:]}}, "credit of 16 bytes, not 24"},
		{"a reason that cannot be shown", []letter{resetBody("a\u202eb")}, "a character that cannot be shown"},
		{"a reason without end", []letter{resetBody(strings.Repeat("x", MaxReason+1))}, "at most 1000 characters"},
		{"a kind that there is not", []letter{{kind: "stream.jump", body: testRun[:]}}, `no message of a stream is called "stream.jump"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, south := pair(t, 2)
			var last int64
			for _, l := range c.letters {
				last = south.arrive(l)
			}
			if in, _ := south.held(); in > 2 {
				t.Errorf("%d chunks are held", in)
			}
			_, err := south.take(last)
			if !errors.Is(err, ErrFault) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			south.endsWith(t, "the rules were broken")
		})
	}
}

// endsWith resets the stream and sees that the other side hears of it, and that
// nothing of the stream is taken or sent afterwards.
func (n *node) endsWith(t *testing.T, reason string) {
	t.Helper()
	n.update(func(ctx context.Context, tx *store.Tx) error { return n.resume(ctx, tx).Reset(ctx, reason) })
	for n.seal() {
	}
	l := n.wire[len(n.wire)-1]
	if m, err := Parse(l.kind, l.body); err != nil || m.Kind != KindReset || m.Reason != reason {
		t.Fatalf("the other side hears %+v, %v", m, err)
	}
	n.isOver(t, reason)
}

func (n *node) isOver(t *testing.T, reason string) {
	t.Helper()
	if s := n.side(); s.State != store.StreamReset || s.Reason != reason {
		t.Fatalf("the stream is %s: %s", s.State, s.Reason)
	}
	id := n.arrive(chunkBody(0, 2, false, "x"))
	if _, err := n.take(id); !errors.Is(err, ErrLate) {
		t.Errorf("a later chunk: got %v, want %v", err, ErrLate)
	}
	if in, out := n.held(); in > 0 && out > 0 {
		t.Errorf("%d and %d chunks are still held", in, out)
	}
	if err := n.send([]byte("x"), false); !errors.Is(err, ErrRoom) {
		t.Errorf("sending: got %v, want %v", err, ErrRoom)
	}
}

// A counterpart need not wait until we have used what it sent to overrun us: it
// is held to the window when its chunks arrive.
func TestAFloodIsDroppedWhenItArrives(t *testing.T) {
	_, south := pair(t, 3)
	for i := range uint64(200) {
		south.arrive(chunkBody(i, 3, false, "data"))
	}
	if in, _ := south.held(); in != 3 {
		t.Errorf("%d chunks are held, want the window of 3", in)
	}
	if _, err := south.take(south.waiting[0]); !errors.Is(err, ErrFault) {
		t.Errorf("got %v, want %v", err, ErrFault)
	}
}

// One that gives credit for all that it is sent and never acknowledges it would
// have us keep every parcel.
func TestACounterpartThatAcknowledgesNothingIsSentOneWindow(t *testing.T) {
	north, south := pair(t, 2)
	for i := range 2 {
		if err := north.send([]byte{byte(i + 1)}, false); err != nil {
			t.Fatal(err)
		}
	}
	north.arrive(creditBody(4)) // its acknowledgement says 0
	if err := north.send([]byte("more"), false); !errors.Is(err, ErrRoom) {
		t.Errorf("got %v, want %v", err, ErrRoom)
	}
	for i := range uint64(2) { // nor is it given credit after credit
		south.arrive(chunkBody(i, 2, false, "a"))
		if _, err := south.take(south.waiting[i]); err != nil {
			t.Fatal(err)
		}
	}
	credits := 0
	for south.seal() {
		credits++
	}
	if credits != 1 {
		t.Errorf("%d messages with credit are under way, want 1", credits)
	}
}

func TestAMessageOfAnUnknownRunLeavesItsNumberOnly(t *testing.T) {
	dir := t.TempDir()
	south := newNode(t, dir, "south", "North")
	defer south.store.Close()
	for _, l := range []letter{chunkBody(0, 2, false, "data"), creditBody(5), resetBody("why"), {kind: KindChunk, body: []byte("short")}} {
		id := south.arrive(l)
		south.view(func(ctx context.Context, tx *store.Tx) error {
			in, err := tx.Incoming(ctx, id)
			if err != nil {
				return err
			}
			if len(in.Body) != 0 && len(in.Body) != runSize {
				t.Errorf("%s: %d bytes are kept", l.kind, len(in.Body))
			}
			run, err := RunOf(in.Body)
			if len(in.Body) == 0 {
				if !errors.Is(err, ErrFault) {
					t.Errorf("%s: got %v", l.kind, err)
				}
				return nil
			}
			if _, err := Resume(ctx, tx, noon, south.peer, run); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s: got %v, want %v", l.kind, err, store.ErrNotFound)
			}
			return nil
		})
	}
}

func TestACounterpartHasSoManyStreamsAndNoMore(t *testing.T) {
	dir := t.TempDir()
	south := newNode(t, dir, "south", "North")
	defer south.store.Close()
	open := func(i int) error {
		return south.try(func(ctx context.Context, tx *store.Tx) error {
			return Open(ctx, tx, Opening{Counterpart: south.peer, Run: Run{byte(i)}, Window: 1})
		})
	}
	for i := range MaxOpen {
		if err := open(i); err != nil {
			t.Fatal(err)
		}
	}
	if err := open(MaxOpen); !errors.Is(err, ErrLimit) {
		t.Fatalf("got %v, want %v", err, ErrLimit)
	}
	if err := open(0); err == nil {
		t.Error("a run was opened twice")
	}
	south.update(func(ctx context.Context, tx *store.Tx) error {
		s, err := Resume(ctx, tx, noon, south.peer, Run{0})
		if err != nil {
			return err
		}
		return s.Drop(ctx, "ended")
	})
	if err := open(MaxOpen); err != nil {
		t.Errorf("after one ended: %v", err)
	}
}

// Either side may end a stream at any point: with chunks that wait, that are
// under way, that came and were not used, and after one side has sent all.
func TestAStreamMayBeResetAtEveryPoint(t *testing.T) {
	points := []func(north, south *node){
		func(_, _ *node) {},
		func(n, _ *node) { n.must(n.send([]byte("a"), false)) },
		func(n, _ *node) { n.seal() },
		func(n, s *node) { s.openFrom(n) },
		func(_, s *node) { _, err := s.take(s.waiting[0]); s.must(err) },
		func(n, _ *node) { n.must(n.send([]byte("b"), true)) },
		func(n, s *node) { n.seal(); s.openFrom(n) },
		func(_, s *node) { _, err := s.take(s.waiting[1]); s.must(err) },
		func(_, s *node) { s.must(s.send([]byte("c"), false)) },
	}
	for _, by := range []string{"north", "south"} {
		for at := range points {
			t.Run(fmt.Sprintf("%s after step %d", by, at), func(t *testing.T) {
				north, south := pair(t, 2)
				for _, p := range points[:at+1] {
					p(north, south)
				}
				from, to := north, south
				if by == "south" {
					from, to = south, north
				}
				from.endsWith(t, "enough")
				var err error
				for to.openFrom(from) {
					_, err = to.take(to.waiting[len(to.waiting)-1])
				}
				if !errors.Is(err, ErrReset) || !strings.Contains(err.Error(), "enough") {
					t.Fatalf("the other side: got %v, want %v", err, ErrReset)
				}
				to.update(func(ctx context.Context, tx *store.Tx) error { return to.resume(ctx, tx).Drop(ctx, "enough") })
				to.isOver(t, "enough")
			})
		}
	}
}

func (n *node) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

// A stream that always has a chunk waiting stands behind all else.
func TestAWarningGoesBeforeAStreamThatIsFull(t *testing.T) {
	north, _ := pair(t, 2)
	for range 2 {
		north.must(north.send(make([]byte, MaxChunk), false))
	}
	north.update(func(ctx context.Context, tx *store.Tx) error {
		_, err1 := tx.Enqueue(ctx, store.Outgoing{Counterpart: north.peer, Kind: store.Acknowledgement, QueuedAt: noon})
		_, err2 := tx.Enqueue(ctx, store.Outgoing{Counterpart: north.peer, Kind: "bundle", QueuedAt: noon})
		_, err3 := tx.Enqueue(ctx, store.Outgoing{Counterpart: north.peer, Kind: "warning", Urgent: true, QueuedAt: noon})
		return errors.Join(err1, err2, err3)
	})
	for north.seal() {
	}
	var order []string
	for _, l := range north.wire {
		order = append(order, l.kind)
	}
	if got := strings.Join(order, " "); got != "warning bundle stream.chunk stream.chunk ack" {
		t.Errorf("they went as %s", got)
	}
}
