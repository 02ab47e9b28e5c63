package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// receive keeps whole messages, numbered as they come.
func receive(t testing.TB, s *Store, from int64, first uint64, kinds ...string) {
	t.Helper()
	change(t, s, func(ctx context.Context, tx *Tx) error {
		for i, kind := range kinds {
			f := Fragment{Message: first + uint64(i), Kind: kind, Total: int64(len(kind)), Data: []byte(kind), At: noon}
			if err := tx.AddFragment(ctx, from, f); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestWarningsAreAppliedFirst(t *testing.T) {
	s := fresh(t)
	south, west := counterpart(t, s, "South"), counterpart(t, s, "West")
	receive(t, s, south, 0, "match.propose", "release.bundle", "warning")
	receive(t, s, west, 0, "release.bundle", "warning", "warning.receipt")
	var got []string
	change(t, s, func(ctx context.Context, tx *Tx) error {
		for {
			in, err := tx.NextIncoming(ctx)
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			got = append(got, in.Kind)
			if err := tx.Settle(ctx, in.ID, Applied, ""); err != nil {
				return err
			}
		}
	})
	want := []string{"warning", "warning", "match.propose", "release.bundle", "release.bundle", "warning.receipt"}
	if !slices.Equal(got, want) {
		t.Errorf("applied %v, want %v", got, want)
	}
}

func TestAMessageIsSettledOnce(t *testing.T) {
	s := fresh(t)
	receive(t, s, counterpart(t, s, "South"), 0, "note")
	settle := func(state, problem string) error {
		return s.Update(t.Context(), func(tx *Tx) error { return tx.Settle(t.Context(), 1, state, problem) })
	}
	if err := settle(Refused, "no such kind"); err != nil {
		t.Fatal(err)
	}
	if err := settle(Applied, ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("the second time: got %v, want %v", err, ErrNotFound)
	}
	look(t, s, func(ctx context.Context, tx *Tx) error {
		in, err := tx.Incoming(ctx, 1)
		want := Incoming{ID: 1, Counterpart: 1, Kind: "note", Total: 4, Received: 4, Body: []byte("note"), ReceivedAt: noon, State: Refused, Problem: "no such kind"}
		if d := cmp.Diff(want, in); d != "" {
			t.Error(d)
		}
		return err
	})
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.Forget(ctx, 1) })
	look(t, s, func(ctx context.Context, tx *Tx) error {
		in, err := tx.Incoming(ctx, 1)
		if len(in.Body) != 0 || in.Total != 4 {
			t.Errorf("forgotten, it still is %+v", in)
		}
		return err
	})
}

func TestAMessageComesOnce(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	receive(t, s, south, 4, "note")
	err := s.Update(t.Context(), func(tx *Tx) error {
		return tx.AddFragment(t.Context(), south, Fragment{Message: 4, Kind: "note", Total: 1, Data: []byte("x")})
	})
	if !errors.Is(err, ErrExists) {
		t.Errorf("got %v, want %v", err, ErrExists)
	}
	receive(t, s, counterpart(t, s, "West"), 4, "note") // another's message 4 is another message
}

func TestAMessageWithoutBytes(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	change(t, s, func(ctx context.Context, tx *Tx) error {
		return tx.AddFragment(ctx, south, Fragment{Kind: "match.end", At: noon})
	})
	look(t, s, func(ctx context.Context, tx *Tx) error {
		in, err := tx.NextIncoming(ctx)
		if in.Kind != "match.end" || len(in.Body) != 0 {
			t.Errorf("got %+v", in)
		}
		return err
	})
}

func TestAMessageThatIsArrivingIsNotApplied(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	part := func(start int64, data string) {
		change(t, s, func(ctx context.Context, tx *Tx) error {
			return tx.AddFragment(ctx, south, Fragment{Kind: "note", Total: 6, Start: start, Data: []byte(data), At: noon})
		})
	}
	part(0, "abc")
	look(t, s, func(ctx context.Context, tx *Tx) error {
		if in, err := tx.NextIncoming(ctx); !errors.Is(err, ErrNotFound) {
			t.Errorf("got %+v, %v", in, err)
		}
		all, err := tx.Inbox(ctx, 0)
		if len(all) != 1 || all[0].State != Arriving || all[0].Received != 3 || string(all[0].Body) != "abc" {
			t.Errorf("the inbox shows %+v", all)
		}
		return err
	})
	part(3, "def")
	look(t, s, func(ctx context.Context, tx *Tx) error {
		in, err := tx.NextIncoming(ctx)
		if string(in.Body) != "abcdef" || in.State != New {
			t.Errorf("got %+v", in)
		}
		return err
	})
}

func TestFragmentsAssembleHoweverTheyAreCut(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	message := uint64(0)
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 1, 50), 1, 12).Draw(t, "parts")
		whole := slices.Concat(parts...)
		err := s.Update(context.Background(), func(tx *Tx) error {
			at := 0
			for _, p := range parts {
				f := Fragment{Message: message, Kind: "note", Total: int64(len(whole)), Start: int64(at), Data: p, At: noon}
				if err := tx.AddFragment(context.Background(), south, f); err != nil {
					return err
				}
				at += len(p)
			}
			in, err := tx.NextIncoming(context.Background())
			if err != nil {
				return err
			}
			if string(in.Body) != string(whole) || in.Message != message {
				t.Fatalf("message %d is %x, want %x", in.Message, in.Body, whole)
			}
			if err := tx.Forget(context.Background(), in.ID); err != nil {
				return err
			}
			if left, err := tx.number(context.Background(), `SELECT count(*) FROM fragment`); err != nil || left != 0 {
				t.Fatalf("%d fragments are left, %v", left, err)
			}
			return tx.Settle(context.Background(), in.ID, Applied, "")
		})
		if err != nil {
			t.Fatal(err)
		}
		message++
	})
}

func TestFragmentsThatDoNotFitAreRefused(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	add := func(start int64, data string) error {
		return s.Update(t.Context(), func(tx *Tx) error {
			return tx.AddFragment(t.Context(), south, Fragment{Kind: "note", Total: 6, Start: start, Data: []byte(data), At: noon})
		})
	}
	if err := add(0, "abcd"); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"the same again": add(0, "abcd"), "an overlap": add(3, "def"), "a gap": add(5, "f"), "more than the whole": add(4, "efg"),
	} {
		if err == nil || !strings.Contains(err.Error(), "do not continue the 4 of 6 that are here") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := add(4, "ef"); err != nil {
		t.Errorf("the one that fits: %v", err)
	}
	if err := add(6, ""); !errors.Is(err, ErrExists) {
		t.Errorf("one more: got %v, want %v", err, ErrExists)
	}
}

func TestTheInboxShowsTheNewestFirst(t *testing.T) {
	s := fresh(t)
	receive(t, s, counterpart(t, s, "South"), 0, "a", "b", "c")
	look(t, s, func(ctx context.Context, tx *Tx) error {
		all, err := tx.Inbox(ctx, 2)
		if len(all) != 2 || all[0].Kind != "c" || all[1].Kind != "b" {
			t.Errorf("got %+v", all)
		}
		return err
	})
}
