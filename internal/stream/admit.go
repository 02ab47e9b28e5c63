package stream

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/store"
)

// Admit looks at a message of the inbox when it has come whole, in the
// transaction that keeps it. Of one that must not be held (of a stream that we
// do not have or that has ended, or against its rules) it leaves the run's
// number alone: whoever works on the inbox hears of it in its turn. Messages
// that are not a stream's are none of its business.
func Admit(ctx context.Context, tx *store.Tx, counterpart int64, message uint64) error {
	in, err := tx.IncomingByNumber(ctx, counterpart, message)
	if err != nil || !Ours(in.Kind) {
		return err
	}
	long := in.Total > int64(chunkHead+MaxChunk)
	if long { // not even read
		if err := tx.Shorten(ctx, in.ID, runSize); err != nil {
			return err
		}
	}
	if in, err = tx.Incoming(ctx, in.ID); err != nil {
		return err
	}
	run, err := RunOf(in.Body)
	if err != nil {
		return tx.Forget(ctx, in.ID)
	}
	row, err := tx.Stream(ctx, counterpart, run[:])
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	case err != nil || row.State != store.StreamOpen:
		return tx.Shorten(ctx, in.ID, runSize)
	case long:
		err = fmt.Errorf("a message has %d bytes, a chunk at most %d: %w", in.Total, MaxChunk, ErrFault)
	default:
		err = count(&row, in)
	}
	if err != nil {
		row.State, row.Reason = store.StreamFaulty, err.Error()
		if err := tx.Shorten(ctx, in.ID, runSize); err != nil {
			return err
		}
	}
	return tx.SetStream(ctx, row)
}

// count holds a message against where the stream is, and moves the stream on.
func count(row *store.Stream, in store.Incoming) error {
	m, err := Parse(in.Kind, in.Body)
	if err == nil {
		err = check(row, m)
	}
	if err != nil {
		return err
	}
	if m.Kind == KindChunk {
		row.Arrived++
		row.ArrivedLast = m.Last
	}
	// A chunk may carry less than was given since: what is said alone overtakes it.
	row.Credit = max(row.Credit, int64(m.Credit))
	return nil
}

func check(row *store.Stream, m Message) error {
	switch n := int64(m.Number); {
	case m.Kind == KindReset:
		return nil
	case int64(m.Credit) > row.Sent+row.Window:
		return fmt.Errorf("credit up to %d, where %d were sent and the window is %d: %w", m.Credit, row.Sent, row.Window, ErrFault)
	case m.Kind == KindCredit && int64(m.Credit) <= row.Credit:
		return fmt.Errorf("credit up to %d, which was given before: %w", m.Credit, ErrFault)
	case m.Kind == KindCredit:
		return nil
	case row.ArrivedLast:
		return fmt.Errorf("chunk %d came after the last: %w", n, ErrFault)
	case n < row.Arrived:
		return fmt.Errorf("chunk %d came again: %w", n, ErrFault)
	case n > row.Arrived:
		return fmt.Errorf("chunk %d came where %d was due: %w", n, row.Arrived, ErrFault)
	case n >= row.Told:
		return fmt.Errorf("chunk %d is over the window: only those below %d may be sent: %w", n, row.Told, ErrFault)
	}
	return nil
}
