package stream

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/store"
)

// writer is one side's work in the property: it sends the chunks of a plan, and
// checks those that come. All that it knows between two steps is in its store.
type writer struct {
	*node
	plan   []int // size of every chunk that it sends
	expect []int
	salt   byte
	peer   byte // the other's salt
	eager  bool // false: it sends one more only for one that came
}

// state is what a writer keeps between steps.
type state struct{ Sent, Used int }

// content is chunk n of whoever has the salt: it follows from the position.
func content(salt byte, n, size int) []byte {
	out := make([]byte, 0, size+8)
	for i := 0; len(out) < size; i++ {
		out = binary.BigEndian.AppendUint64(out, uint64(salt)<<56|uint64(n)<<24|uint64(i))
	}
	return out[:size]
}

var errKilled = errors.New("killed")

// work is one transaction: a message is used if there is one, and what may be
// sent is sent. With kill it is lost at its end.
func (w *writer) work(id int64, kill bool) error {
	err := w.try(func(ctx context.Context, tx *store.Tx) error {
		var st state
		if err := tx.JSONSetting(ctx, "test", &st); err != nil {
			return err
		}
		s := w.resume(ctx, tx)
		if id != 0 {
			if err := w.use(ctx, tx, s, id, &st); err != nil {
				return err
			}
		}
		for st.Sent < len(w.plan) && (w.eager || st.Sent <= st.Used || s.TakenLast) {
			err := s.Send(ctx, content(w.salt, st.Sent, w.plan[st.Sent]), st.Sent == len(w.plan)-1)
			if errors.Is(err, ErrRoom) {
				break
			}
			if err != nil {
				return err
			}
			st.Sent++
		}
		if err := errors.Join(s.Keep(ctx), tx.SetJSONSetting(ctx, "test", st)); err != nil {
			return err
		}
		if kill {
			return errKilled
		}
		return nil
	})
	if errors.Is(err, errKilled) {
		return nil
	}
	if err == nil && id != 0 {
		w.waiting = w.waiting[1:]
	}
	return err
}

func (w *writer) use(ctx context.Context, tx *store.Tx, s *Side, id int64, st *state) error {
	in, err := tx.Incoming(ctx, id)
	if err != nil {
		return err
	}
	m, err := s.Take(ctx, in)
	if errors.Is(err, ErrLate) { // credit for what was the last
		return tx.Settle(ctx, id, store.Applied, "")
	}
	if err != nil {
		return err
	}
	if m.Kind == KindChunk {
		if st.Used >= len(w.expect) || !bytes.Equal(m.Data, content(w.peer, st.Used, w.expect[st.Used])) || m.Last != (st.Used == len(w.expect)-1) {
			return errors.New("another chunk came than was sent")
		}
		st.Used++
	}
	return tx.Settle(ctx, id, store.Applied, "")
}

// step is one thing that may happen next to a side; false when there is nothing
// of the kind to do.
func (w *writer) step(t *rapid.T, other *writer, act string) bool {
	switch act {
	case "seal":
		return w.seal()
	case "open":
		return w.openFrom(other.node)
	case "crash":
		w.crash()
		return false
	}
	if len(w.waiting) == 0 {
		return false
	}
	if err := w.work(w.waiting[0], act == "work and be killed"); err != nil {
		t.Fatal(err)
	}
	return act == "work"
}

func TestEverythingIsUsedOnceAndInOrderAndNoMoreThanAWindowIsHeld(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { // -rapid.checks for more
		dir, err := os.MkdirTemp("", "parley-stream")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		window := rapid.IntRange(1, 6).Draw(t, "window")
		size := rapid.OneOf(rapid.IntRange(1, 40), rapid.Just(MaxChunk))
		a, b := rapid.SliceOfN(size, 1, 7).Draw(t, "a"), rapid.SliceOfN(size, 1, 7).Draw(t, "b")
		north := &writer{node: newNode(t, dir, "north", "South"), plan: a, expect: b, salt: 1, peer: 2, eager: true}
		south := &writer{node: newNode(t, dir, "south", "North"), plan: b, expect: a, salt: 2, peer: 1, eager: rapid.Bool().Draw(t, "eager")}
		defer func() { north.store.Close(); south.store.Close() }()
		north.open(window)
		south.open(window)
		for _, w := range []*writer{north, south} {
			if err := w.work(0, false); err != nil {
				t.Fatal(err)
			}
		}
		acts := []string{"seal", "open", "work", "seal", "open", "work", "work and be killed", "crash"}
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			from, to := north, south
			if rapid.Bool().Draw(t, "south") {
				from, to = south, north
			}
			if from.step(t, to, rapid.SampledFrom(acts).Draw(t, "act")) {
				bounded(t, window, north, south)
			}
		}
		for moved := true; moved; { // nothing more goes wrong: all of it must come to an end
			moved = false
			for _, act := range []string{"seal", "open", "work"} {
				moved = north.step(t, south, act) || moved
				moved = south.step(t, north, act) || moved
			}
			bounded(t, window, north, south)
		}
		for _, w := range []*writer{north, south} {
			if s := w.side(); s.State != store.StreamClosed || int(s.Taken) != len(w.expect) || int(s.Sent) != len(w.plan) {
				t.Fatalf("the stream came to %+v, want all of %d sent and %d taken", s, len(w.plan), len(w.expect))
			}
		}
	})
}

func bounded(t *rapid.T, window int, sides ...*writer) {
	t.Helper()
	for _, w := range sides {
		if in, out := w.held(); in > window || out > window {
			t.Fatalf("%d chunks that came and %d that are sent are held, over the window of %d", in, out, window)
		}
	}
}
