package match

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"parley/internal/store"
)

// record makes a whole run and returns every message of it. With crashes, both
// stores are opened anew before every step and every message is worked on
// twice, the first time in vain.
func record(t *testing.T, crashes bool) (all []letter) {
	t.Helper()
	north, south := pair(t)
	crash := func() {
		if crashes {
			north.crash()
			south.crash()
		}
	}
	carry := func(from, to *party) (some []letter) {
		some = from.sent()
		for _, l := range some {
			crash()
			in := to.arrive(to.peer.ID, l)
			crash()
			if crashes {
				if _, err := to.Handle(t.Context(), in); err != nil {
					t.Fatal(err)
				}
				crash()
			}
			if refused := to.apply(in); refused != "" {
				t.Fatalf("%s: %s", l.kind, refused)
			}
		}
		all = append(all, some...)
		return some
	}
	north.update(func(ctx context.Context, tx *store.Tx) error {
		_, err := north.Propose(ctx, tx, "amira", north.peer, plainOffer())
		return err
	})
	carry(north, south)
	crash()
	accept(south, false)
	carry(south, north)
	crash()
	start(north)
	for len(carry(north, south))+len(carry(south, north)) > 0 {
	}
	ended(t, north, Done)
	ended(t, south, Done)
	return all
}

func TestARunThatIsKilledAtEveryStepSendsTheSameBytes(t *testing.T) {
	smooth, rough := record(t, false), record(t, true)
	if len(smooth) != wholeRun || len(rough) != wholeRun {
		t.Fatalf("%d and %d messages", len(smooth), len(rough))
	}
	for i := range smooth {
		if smooth[i].kind != rough[i].kind || !bytes.Equal(smooth[i].body, rough[i].body) {
			t.Errorf("message %d: %s and %s differ", i, smooth[i].kind, rough[i].kind)
		}
	}
}

// asked is a match that both hold after the count; North has just gone on and
// its overlap query is on its way.
func asked(t *testing.T) (north, south *party) {
	t.Helper()
	o := plainOffer()
	o.Hold = true
	north, south = agreed(t, o, true)
	start(north)
	exchange(north, south)
	if err := goOn(north); err != nil {
		t.Fatal(err)
	}
	return north, south
}

// A step that was computed before one of our people moved the match is not
// kept: it is worked on again, on the match as it is then.
func TestAStepIsNotKeptOnAMatchThatMoved(t *testing.T) {
	north, south := asked(t)
	in := south.arrive(south.peer.ID, north.sentOne())
	stale, err := south.Handle(t.Context(), in) // would have the query wait
	if err != nil {
		t.Fatal(err)
	}
	if err := goOn(south); err != nil { // the state stays, the hold goes
		t.Fatal(err)
	}
	err = south.Store.Update(t.Context(), func(tx *store.Tx) error { return stale.Commit(t.Context(), tx) })
	if !errors.Is(err, ErrState) {
		t.Fatalf("the stale step: got %v, want %v", err, ErrState)
	}
	if refused := south.apply(in); refused != "" {
		t.Fatal(refused)
	}
	exchange(north, south)
	ended(t, north, Done)
	ended(t, south, Done)
}

// The other way about: a query comes while one of our people lifts the hold.
func TestAQueryIsNotLostWhenAHoldIsLifted(t *testing.T) {
	north, south := asked(t)
	r, err := south.ready(t.Context(), 1, Counted) // a person begins to lift the hold,
	if err != nil {
		t.Fatal(err)
	}
	if refused := south.take(north.sentOne()); refused != "" { // the query comes,
		t.Fatal(refused)
	}
	r.m.Progress.Hold = false
	if err := south.move(t.Context(), "chen", "match.continue", r); !errors.Is(err, ErrState) { // and the person is too late
		t.Fatalf("got %v, want %v", err, ErrState)
	}
	if err := goOn(south); err != nil {
		t.Fatal(err)
	}
	exchange(north, south)
	ended(t, north, Done)
	ended(t, south, Done)
}
