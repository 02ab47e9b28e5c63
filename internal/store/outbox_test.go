package store

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// enqueue puts messages in the outbox, "!" before the kind of an urgent one.
func enqueue(t testing.TB, s *Store, to int64, kinds ...string) (ids []int64) {
	t.Helper()
	change(t, s, func(ctx context.Context, tx *Tx) error {
		for _, kind := range kinds {
			urgent := kind[0] == '!'
			if urgent {
				kind = kind[1:]
			}
			id, err := tx.Enqueue(ctx, Outgoing{Counterpart: to, Kind: kind, Body: []byte(kind), Urgent: urgent, QueuedAt: noon})
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	return ids
}

// sealAll seals what waits, one parcel each, and lists the kinds in order.
func sealAll(t testing.TB, s *Store, to int64, first uint64) (kinds []string) {
	t.Helper()
	change(t, s, func(ctx context.Context, tx *Tx) error {
		for {
			o, err := tx.NextToSeal(ctx, to)
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			n := first + uint64(len(kinds))
			p := Parcel{Counterpart: to, Number: n, Mailbox: []byte("box"), Ident: []byte{byte(n)}, Bytes: []byte("sealed " + o.Kind)}
			if err := errors.Join(tx.PutParcel(ctx, p), tx.MarkSealed(ctx, o.ID, n, int64(len(p.Bytes)), noon)); err != nil {
				return err
			}
			kinds = append(kinds, o.Kind)
		}
	})
	return kinds
}

func TestUrgentMessagesAreSealedFirst(t *testing.T) {
	s := fresh(t)
	south, west := counterpart(t, s, "South"), counterpart(t, s, "West")
	enqueue(t, s, west, "other")
	enqueue(t, s, south, Acknowledgement, "first", "second", "!warning", "third", "!receipt")
	want := []string{"warning", "receipt", "first", "second", "third", Acknowledgement}
	if got := sealAll(t, s, south, 0); !slices.Equal(got, want) {
		t.Errorf("sealed %v, want %v", got, want)
	}
	if got := sealAll(t, s, west, 0); !slices.Equal(got, []string{"other"}) {
		t.Errorf("sealed %v for West", got)
	}
}

func TestASealedMessageLosesItsPlainText(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	id := enqueue(t, s, south, "note")[0]
	sealAll(t, s, south, 7)
	look(t, s, func(ctx context.Context, tx *Tx) error {
		o, err := tx.Outgoing(ctx, id)
		want := Outgoing{ID: id, Counterpart: south, Kind: "note", Body: []byte{}, QueuedAt: noon, SealedAt: noon, LastParcel: 7, Bytes: 11}
		if d := cmp.Diff(want, o); d != "" {
			t.Error(d)
		}
		return err
	})
}

// numbers lists the parcels that a relay must be given, the next day.
func numbers(t *testing.T, s *Store, to int64, since time.Time, limit int) (all []uint64) {
	t.Helper()
	return numbersAt(t, s, to, since, noon.Add(24*time.Hour), limit)
}

func numbersAt(t *testing.T, s *Store, to int64, since, now time.Time, limit int) (all []uint64) {
	t.Helper()
	look(t, s, func(ctx context.Context, tx *Tx) error {
		parcels, err := tx.ParcelsToStore(ctx, to, since, now, limit)
		for _, p := range parcels {
			all = append(all, p.Number)
		}
		return err
	})
	return all
}

func TestParcelsAreKeptUntilTheyAreAcknowledged(t *testing.T) {
	s := fresh(t)
	south, west := counterpart(t, s, "South"), counterpart(t, s, "West")
	ids := enqueue(t, s, south, "a", "b", "c", "d")
	enqueue(t, s, west, "x")
	sealAll(t, s, south, 0)
	sealAll(t, s, west, 0)
	if got := numbers(t, s, south, noon, 3); !slices.Equal(got, []uint64{0, 1, 2}) {
		t.Errorf("the first three are %v", got)
	}
	change(t, s, func(ctx context.Context, tx *Tx) error {
		return errors.Join(tx.MarkStored(ctx, south, 0, noon), tx.MarkStored(ctx, south, 1, noon.Add(time.Hour)))
	})
	if got := numbers(t, s, south, noon, 10); !slices.Equal(got, []uint64{2, 3}) {
		t.Errorf("at noon: %v", got)
	}
	if got := numbers(t, s, south, noon.Add(time.Minute), 10); !slices.Equal(got, []uint64{0, 2, 3}) {
		t.Errorf("what was put at noon is put again: %v", got)
	}
	if got := numbersAt(t, s, south, noon.Add(-time.Hour), noon.Add(time.Minute), 10); !slices.Equal(got, []uint64{1, 2, 3}) {
		t.Errorf("after the clock was set back to noon, what was put at one o'clock is put again: %v", got)
	}
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.Acknowledge(ctx, south, 3, noon) })
	if got := numbers(t, s, south, noon.Add(2*time.Hour), 10); !slices.Equal(got, []uint64{3}) {
		t.Errorf("after three were applied: %v", got)
	}
	look(t, s, func(ctx context.Context, tx *Tx) error {
		for i, id := range ids {
			o, err := tx.Outgoing(ctx, id)
			if err != nil || o.AckedAt.IsZero() != (i == 3) {
				t.Errorf("message %d was acknowledged at %v, %v", i, o.AckedAt, err)
			}
		}
		_, parcels, err := tx.Waiting(ctx, south)
		if parcels != 1 {
			t.Errorf("%d parcels wait, want 1", parcels)
		}
		messages, bytes, err2 := tx.Crossed(ctx, south)
		if messages != 4 || bytes != 4*8 {
			t.Errorf("%d messages of %d bytes crossed", messages, bytes)
		}
		_, parcels, err3 := tx.Waiting(ctx, west)
		if parcels != 1 {
			t.Errorf("West lost its parcel")
		}
		return errors.Join(err, err2, err3)
	})
}

func TestAParcelNumberIsUsedOnce(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	p := Parcel{Counterpart: south, Number: 5, Mailbox: []byte("box"), Ident: []byte("id"), Bytes: []byte("sealed")}
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.PutParcel(ctx, p) })
	err := s.Update(t.Context(), func(tx *Tx) error { return tx.PutParcel(t.Context(), p) })
	if !errors.Is(err, ErrExists) {
		t.Errorf("got %v, want %v", err, ErrExists)
	}
}

func TestWaitingMessagesCanBeDropped(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	enqueue(t, s, south, Acknowledgement)
	sealAll(t, s, south, 0)
	enqueue(t, s, south, Acknowledgement, "note", Acknowledgement)
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.DropWaiting(ctx, south, Acknowledgement) })
	look(t, s, func(ctx context.Context, tx *Tx) error {
		messages, parcels, err := tx.Waiting(ctx, south)
		if messages != 1 || parcels != 1 {
			t.Errorf("%d messages and %d parcels wait, want 1 and 1", messages, parcels)
		}
		return err
	})
}

func TestEarlyParcelsAreKeptOnce(t *testing.T) {
	s := fresh(t)
	south, west := counterpart(t, s, "South"), counterpart(t, s, "West")
	change(t, s, func(ctx context.Context, tx *Tx) error {
		return errors.Join(
			tx.PutEarly(ctx, south, []byte("b"), []byte("tag of b, rest of b")), tx.PutEarly(ctx, south, []byte("a"), []byte("tag of a, rest of a")),
			tx.PutEarly(ctx, south, []byte("a"), []byte("tag of a, rest of a")), tx.PutEarly(ctx, west, []byte("a"), []byte("tag of w, rest of w")),
		)
	})
	look(t, s, func(ctx context.Context, tx *Tx) error {
		n, err1 := tx.CountEarly(ctx, south)
		if n != 2 {
			t.Errorf("%d are kept, want 2", n)
		}
		all, err2 := tx.EarlyParcels(ctx, south, 8)
		if len(all) != 2 || string(all[0].Start) != "tag of b" || string(all[1].Ident) != "a" {
			t.Errorf("kept: %q", all)
		}
		bytes, err3 := tx.Early(ctx, south, []byte("a"))
		if string(bytes) != "tag of a, rest of a" {
			t.Errorf("a is %q", bytes)
		}
		if _, err := tx.Early(ctx, south, []byte("c")); !errors.Is(err, ErrNotFound) {
			t.Errorf("got %v, want %v", err, ErrNotFound)
		}
		return errors.Join(err1, err2, err3)
	})
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.DropEarly(ctx, south, []byte("a")) })
	look(t, s, func(ctx context.Context, tx *Tx) error {
		n, err1 := tx.CountEarly(ctx, south)
		w, err2 := tx.CountEarly(ctx, west)
		if n != 1 || w != 1 {
			t.Errorf("%d and %d are left, want 1 and 1", n, w)
		}
		return errors.Join(err1, err2)
	})
}

// The largest message that the channel takes goes through: the engine's
// memory is capped, and a body is in it several times at once.
func TestTheLargestMessage(t *testing.T) {
	if testing.Short() {
		t.Skip("it moves 64 MiB through the store three times")
	}
	s := fresh(t)
	south := counterpart(t, s, "South")
	body := bytes.Repeat([]byte("sixteen bytes is"), 64<<20/16)
	change(t, s, func(ctx context.Context, tx *Tx) error {
		_, err := tx.Enqueue(ctx, Outgoing{Counterpart: south, Kind: "note", Body: body, QueuedAt: noon})
		return err
	})
	look(t, s, func(ctx context.Context, tx *Tx) error {
		o, err := tx.Outgoing(ctx, 1)
		if !bytes.Equal(o.Body, body) {
			t.Errorf("%d bytes wait", len(o.Body))
		}
		return err
	})
	const piece = 1<<20 - 1000
	change(t, s, func(ctx context.Context, tx *Tx) error {
		for at := 0; at < len(body); at += piece {
			f := Fragment{Kind: "note", Total: int64(len(body)), Start: int64(at), Data: body[at:min(at+piece, len(body))], At: noon}
			if err := tx.AddFragment(ctx, south, f); err != nil {
				return err
			}
		}
		return nil
	})
	look(t, s, func(ctx context.Context, tx *Tx) error {
		in, err := tx.NextIncoming(ctx)
		if !bytes.Equal(in.Body, body) {
			t.Errorf("%d bytes came", len(in.Body))
		}
		return err
	})
}
