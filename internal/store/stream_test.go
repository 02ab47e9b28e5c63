package store

import (
	"context"
	"errors"
	"testing"
)

// streaming is a store with a stream to South: one chunk acknowledged, one
// sealed, one waiting.
func streaming(t *testing.T) (s *Store, row Stream) {
	t.Helper()
	s = fresh(t)
	south := counterpart(t, s, "South")
	row = Stream{ID: 1, Counterpart: south, Run: []byte("sixteen bytes is"), State: StreamOpen, Window: 4, Credit: 4, Told: 4}
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.AddStream(ctx, row) })
	for n := range 3 {
		change(t, s, func(ctx context.Context, tx *Tx) error {
			err := tx.EnqueueOf(ctx, row.ID, Outgoing{Counterpart: south, Kind: StreamChunk, Body: []byte("chunk"), QueuedAt: noon})
			if err != nil || n == 2 {
				return err
			}
			next, err := tx.NextToSeal(ctx, south)
			return errors.Join(err, tx.MarkSealed(ctx, next.ID, uint64(n), 5, noon))
		})
	}
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.Acknowledge(ctx, south, 1, noon) })
	return s, row
}

func underway(t *testing.T, s *Store, stream int64) (n int64) {
	t.Helper()
	look(t, s, func(ctx context.Context, tx *Tx) (err error) {
		n, err = tx.StreamUnderway(ctx, stream, StreamChunk)
		return err
	})
	return n
}

func TestStreams(t *testing.T) {
	s, row := streaming(t)
	again := s.Update(t.Context(), func(tx *Tx) error { return tx.AddStream(t.Context(), row) })
	if !errors.Is(again, ErrExists) {
		t.Errorf("the same run again: got %v, want %v", again, ErrExists)
	}
	row.State, row.Sent, row.Credit, row.SentLast, row.Arrived, row.ArrivedLast = StreamFaulty, 3, 5, true, 7, true
	row.Taken, row.Told, row.TakenLast, row.Reason = 6, 10, true, "why"
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.SetStream(ctx, row) })
	look(t, s, func(ctx context.Context, tx *Tx) error {
		got, err := tx.Stream(ctx, row.Counterpart, row.Run)
		same(t, "the stream", row, got)
		if _, err := tx.Stream(ctx, row.Counterpart+1, row.Run); !errors.Is(err, ErrNotFound) {
			t.Errorf("of another counterpart: got %v, want %v", err, ErrNotFound)
		}
		return err
	})
	if n := underway(t, s, row.ID); n != 2 {
		t.Errorf("%d chunks are under way, want 2: one is acknowledged", n)
	}
	change(t, s, func(ctx context.Context, tx *Tx) error {
		return errors.Join(tx.ForgetAcknowledged(ctx, row.ID), tx.DropUnsealed(ctx, row.ID))
	})
	if n := underway(t, s, row.ID); n != 1 {
		t.Errorf("%d chunks are under way, want the sealed one", n)
	}
	look(t, s, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.NextToSeal(ctx, row.Counterpart); !errors.Is(err, ErrNotFound) {
			t.Errorf("a chunk that was taken back waits: %v", err)
		}
		return nil
	})
}

func TestAChannelThatIsClosedEndsItsStreams(t *testing.T) {
	s, row := streaming(t)
	change(t, s, func(ctx context.Context, tx *Tx) error {
		m := Matching{Run: row.Run, Counterpart: row.Counterpart, Role: "initiator", State: "overlapping", Terms: []byte("{}"), Progress: []byte("{}")}
		id, err := tx.AddMatching(ctx, m)
		return errors.Join(err, tx.SetMatchingRun(ctx, id, []byte("state")), tx.PutMatchingRecords(ctx, id, 0, []byte("tags")))
	})
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.CloseChannel(ctx, row.Counterpart) })
	look(t, s, func(ctx context.Context, tx *Tx) error {
		got, err := tx.Stream(ctx, row.Counterpart, row.Run)
		if got.State != StreamReset || got.Reason == "" {
			t.Errorf("the stream is %s: %q", got.State, got.Reason)
		}
		_, err1 := tx.MatchingRun(ctx, 1)
		_, err2 := tx.MatchingRecords(ctx, 1, 0)
		if !errors.Is(err1, ErrNotFound) || !errors.Is(err2, ErrNotFound) {
			t.Errorf("the run is kept: %v, %v", err1, err2)
		}
		return err
	})
	if n := underway(t, s, row.ID); n != 0 {
		t.Errorf("%d chunks are under way", n)
	}
}

func TestARunIsKeptUntilItIsForgotten(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	change(t, s, func(ctx context.Context, tx *Tx) error {
		m := Matching{Run: []byte("sixteen bytes is"), Counterpart: south, Role: "initiator", State: "overlapping", Terms: []byte("{}"), Progress: []byte("{}")}
		id, err := tx.AddMatching(ctx, m)
		return errors.Join(err, tx.SetMatchingRun(ctx, id, []byte("first")), tx.SetMatchingRun(ctx, id, []byte("second")),
			tx.PutMatchingRecords(ctx, id, 0, []byte("tags")), tx.PutMatchingRecords(ctx, id, 4, []byte("more")))
	})
	look(t, s, func(ctx context.Context, tx *Tx) error {
		state, err1 := tx.MatchingRun(ctx, 1)
		more, err2 := tx.MatchingRecords(ctx, 1, 4)
		same(t, "the state", "second", string(state))
		same(t, "the records", "more", string(more))
		return errors.Join(err1, err2)
	})
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.DropMatchingRun(ctx, 1) })
	look(t, s, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.MatchingRun(ctx, 1); !errors.Is(err, ErrNotFound) {
			t.Errorf("got %v, want %v", err, ErrNotFound)
		}
		return nil
	})
}
