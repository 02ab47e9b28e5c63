package store

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAnObjectComesBackAsItWasGiven(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	given := object(7, 1)
	given.Modified = noon.Add(123456 * time.Microsecond)
	given.Revoked, given.Origin, given.PermittedUse = true, south, "protect-life-only"
	given.Seq = put(t, s, given)[0]
	look(t, s, func(ctx context.Context, tx *Tx) error {
		byName, err1 := tx.Object(ctx, given.Type, given.UUID)
		bySeq, err2 := tx.ObjectBySeq(ctx, given.Seq)
		for _, got := range []Object{byName, bySeq} {
			if d := cmp.Diff(given, got); d != "" {
				t.Error(d)
			}
		}
		return errors.Join(err1, err2)
	})
}

func TestTheNewestVersionIsTheObject(t *testing.T) {
	s := fresh(t)
	put(t, s, object(1, 2), object(1, 3), object(1, 1), object(2, 1)) // not in the order of time
	look(t, s, func(ctx context.Context, tx *Tx) error {
		o, err := tx.Object(ctx, "indicator", object(1, 0).UUID)
		if string(o.Body) != string(object(1, 3).Body) {
			t.Errorf("got %s", o.Body)
		}
		return err
	})
	wantBodies(t, s, (*Tx).Objects, []string{"indicator"}, object(1, 3), object(2, 1))
	wantBodies(t, s, (*Tx).Objects, nil, object(1, 3), object(2, 1))
	wantBodies(t, s, (*Tx).Versions, []string{"indicator"}, object(1, 2), object(1, 3), object(1, 1), object(2, 1))
}

// wantBodies compares what a listing gives, in order.
func wantBodies(t *testing.T, s *Store, list func(*Tx, context.Context, ...string) ([]Object, error), types []string, want ...Object) {
	t.Helper()
	look(t, s, func(ctx context.Context, tx *Tx) error {
		all, err := list(tx, ctx, types...)
		var got, bodies []string
		for _, o := range all {
			got = append(got, string(o.Body))
		}
		for _, o := range want {
			bodies = append(bodies, string(o.Body))
		}
		if !slices.Equal(got, bodies) {
			t.Errorf("%v lists %v, want %v", types, got, bodies)
		}
		return err
	})
}

func TestListsKeepTheOrderOfAdding(t *testing.T) {
	s := fresh(t)
	report, sighting := object(2, 1), object(3, 1)
	report.Type, sighting.Type = "report", "sighting"
	put(t, s, sighting, object(1, 1), report, object(4, 1))
	wantBodies(t, s, (*Tx).Objects, []string{"report", "sighting", "report"}, sighting, report)
	wantBodies(t, s, (*Tx).Versions, []string{"indicator", "sighting"}, sighting, object(1, 1), object(4, 1))
	wantBodies(t, s, (*Tx).Objects, []string{"campaign"})
	wantBodies(t, s, (*Tx).Versions, nil)
}

func TestOneIdMayBeOfTwoTypes(t *testing.T) {
	s := fresh(t)
	a, b := object(1, 1), object(1, 1)
	b.Type, b.Body = "report", []byte("{}")
	put(t, s, a, b)
	wantBodies(t, s, (*Tx).Objects, nil, a, b)
}

func TestAVersionIsKeptOnce(t *testing.T) {
	s := fresh(t)
	first := put(t, s, object(1, 1))[0]
	change(t, s, func(ctx context.Context, tx *Tx) error {
		seq, added, err := tx.PutObject(ctx, object(1, 1))
		if added || seq != first {
			t.Errorf("the same again: number %d, added %v; want %d, false", seq, added, first)
		}
		return err
	})
	other := object(1, 1)
	other.Body = []byte("something else")
	err := s.Update(t.Context(), func(tx *Tx) error {
		seq, added, err := tx.PutObject(t.Context(), other)
		if added || seq != first {
			t.Errorf("other content: number %d, added %v; want %d, false", seq, added, first)
		}
		return err
	})
	if !errors.Is(err, ErrVersion) {
		t.Errorf("got %v, want %v", err, ErrVersion)
	}
	wantBodies(t, s, (*Tx).Versions, []string{"indicator"}, object(1, 1))
}

func TestARefusedVersionLeavesTheTransactionUsable(t *testing.T) {
	s := fresh(t)
	put(t, s, object(1, 1))
	change(t, s, func(ctx context.Context, tx *Tx) error {
		other := object(1, 1)
		other.Body = []byte("something else")
		if _, _, err := tx.PutObject(ctx, other); !errors.Is(err, ErrVersion) {
			t.Errorf("got %v, want %v", err, ErrVersion)
		}
		_, _, err := tx.PutObject(ctx, object(2, 1))
		return err
	})
	wantBodies(t, s, (*Tx).Objects, nil, object(1, 1), object(2, 1))
}

func TestAnObservableHasOneVersion(t *testing.T) {
	s := fresh(t)
	o := object(1, 0)
	o.Type, o.Modified = "email-addr", time.Time{}
	put(t, s, o, o)
	look(t, s, func(ctx context.Context, tx *Tx) error {
		got, err := tx.Object(ctx, "email-addr", o.UUID)
		if !got.Modified.IsZero() {
			t.Errorf("it was modified at %v", got.Modified)
		}
		return err
	})
}

func TestWhatOnePartySaysDoesNotTouchWhatAnotherSays(t *testing.T) {
	s := fresh(t)
	south, west := counterpart(t, s, "South"), counterpart(t, s, "West")
	from := func(origin int64, v int, body string) Object {
		o := object(1, v)
		o.Origin, o.Body = origin, []byte(body)
		return o
	}
	put(t, s, from(south, 3, "South's"), from(0, 1, "ours"), from(west, 3, "West's"), from(0, 2, "ours, newer"))
	wantBodies(t, s, (*Tx).Objects, nil, from(south, 3, "South's"), from(west, 3, "West's"), from(0, 2, "ours, newer"))
	look(t, s, func(ctx context.Context, tx *Tx) error {
		o, err := tx.Object(ctx, "indicator", object(1, 0).UUID)
		if string(o.Body) != "ours, newer" {
			t.Errorf("the object is %s: ours goes before newer ones of others", o.Body)
		}
		if err != nil {
			return err
		}
		all, err := tx.ObjectVersions(ctx, "indicator", object(1, 0).UUID)
		var got []string
		for _, o := range all {
			got = append(got, string(o.Body))
		}
		if want := []string{"ours", "ours, newer", "South's", "West's"}; !slices.Equal(got, want) {
			t.Errorf("its versions are %q, want %q", got, want)
		}
		return err
	})
	err := s.Update(t.Context(), func(tx *Tx) error {
		_, _, err := tx.PutObject(t.Context(), from(south, 3, "South's, altered"))
		return err
	})
	if !errors.Is(err, ErrVersion) {
		t.Errorf("the same version from the same origin: got %v, want %v", err, ErrVersion)
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	s := fresh(t)
	look(t, s, func(ctx context.Context, tx *Tx) error {
		_, e1 := tx.Object(ctx, "indicator", [16]byte{})
		_, e2 := tx.ObjectBySeq(ctx, 1)
		_, e3 := tx.Evidence(ctx, 1)
		_, e4 := tx.EvidenceByHash(ctx, []byte("x"))
		_, e5 := tx.Counterpart(ctx, "South")
		_, e6 := tx.CounterpartByID(ctx, 1)
		_, e7 := tx.Matching(ctx, 1)
		_, e8 := tx.MatchingByRun(ctx, 1, make([]byte, 16))
		_, e9 := tx.Release(ctx, 1)
		_, e10 := tx.Warning(ctx, 1)
		_, e11 := tx.WarningByIdent(ctx, "x")
		_, e12 := tx.Outgoing(ctx, 1)
		_, e13 := tx.Incoming(ctx, 1)
		_, e14 := tx.NextIncoming(ctx)
		_, e15 := tx.NextToSeal(ctx, 1)
		_, e16 := tx.Finding(ctx, 1)
		_, e17 := tx.Setting(ctx, "name")
		for i, err := range []error{e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15, e16, e17} {
			if !errors.Is(err, ErrNotFound) {
				t.Errorf("look-up %d: got %v, want %v", i+1, err, ErrNotFound)
			}
		}
		return nil
	})
	err := s.Update(t.Context(), func(tx *Tx) error {
		ctx := t.Context()
		for i, err := range []error{
			tx.SetCounterpart(ctx, Counterpart{ID: 9}), tx.SetSession(ctx, 9, nil), tx.MarkTriaged(ctx, 9, noon, []byte("{}")),
			tx.SetMatching(ctx, Matching{ID: 9}), tx.MarkMatched(ctx, 9, []int{0}), tx.SetRelease(ctx, Release{ID: 9}),
			tx.RemoveWatch(ctx, email("maya")), tx.SetWarning(ctx, Warning{ID: 9}), tx.Settle(ctx, 9, Applied, ""),
			tx.MarkSealed(ctx, 9, 0, 0, noon),
		} {
			if !errors.Is(err, ErrNotFound) {
				t.Errorf("change %d: got %v, want %v", i+1, err, ErrNotFound)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
