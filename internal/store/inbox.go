package store

import (
	"context"
	"fmt"
	"time"
)

// States of a message in the inbox.
const (
	Arriving = "arriving" // some of its fragments are here
	New      = "new"      // whole, not yet applied
	Applied  = "applied"  // its effect is in the store
	Refused  = "refused"  // it had none; Problem says why
)

// Incoming is a message from a counterpart.
type Incoming struct {
	ID          int64
	Counterpart int64
	Message     uint64 // its number in the channel
	Kind        string
	Total       int64
	Received    int64
	Body        []byte
	ReceivedAt  time.Time
	State       string
	Problem     string
}

// Fragment is a piece of a message as a parcel brought it.
type Fragment struct {
	Message uint64
	Kind    string
	Total   int64
	Start   int64
	Data    []byte
	At      time.Time
}

const incomingColumns = `id, counterpart, message, kind, total, received, body, received_at, state, problem`

func scanIncoming(s scanner) (Incoming, error) {
	var (
		in         Incoming
		number, at int64
	)
	err := s.Scan(&in.ID, &in.Counterpart, &number, &in.Kind, &in.Total, &in.Received, &in.Body, &at, &in.State, &in.Problem)
	in.Message, in.ReceivedAt = uint64(max(number, 0)), instant(at) // below 0: of a channel that was replaced
	return in, err
}

// AddFragment keeps a fragment; the last one makes its message whole. It runs
// in the transaction that moves the channel on, so each fragment is kept once.
func (tx *Tx) AddFragment(ctx context.Context, counterpart int64, f Fragment) error {
	if f.Start == 0 && int64(len(f.Data)) == f.Total {
		_, err := tx.exec(ctx, `INSERT INTO inbox (counterpart, message, kind, total, received, body, received_at, state)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, counterpart, int64(f.Message), f.Kind, f.Total, f.Total, nonNil(f.Data), micros(f.At), New)
		return naming(err, "keep message %d", f.Message)
	}
	id, err := tx.insert(ctx, `INSERT INTO inbox (counterpart, message, kind, total, received, received_at, state)
		VALUES ($1, $2, $3, $4, 0, $5, $6)
		ON CONFLICT (counterpart, message) DO UPDATE SET kind = excluded.kind RETURNING id`,
		counterpart, int64(f.Message), f.Kind, f.Total, micros(f.At), Arriving)
	if err != nil {
		return naming(err, "keep message %d", f.Message)
	}
	if _, err := tx.exec(ctx, `INSERT INTO fragment (inbox, start, data) VALUES ($1, $2, $3)`, id, f.Start, f.Data); err != nil {
		return naming(err, "keep fragment %d of message %d", f.Start, f.Message)
	}
	if err := tx.mustChange(ctx, `UPDATE inbox SET received = received + $1 WHERE id = $2`, len(f.Data), id); err != nil {
		return naming(err, "count fragment of message %d", f.Message)
	}
	return tx.assemble(ctx, id)
}

// assemble joins the fragments of a message that is now whole.
func (tx *Tx) assemble(ctx context.Context, id int64) error {
	in, err := one(ctx, tx, scanIncoming, `SELECT `+incomingColumns+` FROM inbox WHERE id = $1`, id)
	if err != nil || in.Received < in.Total {
		return naming(err, "incoming message %d", id)
	}
	parts, err := list(ctx, tx, func(s scanner) (b []byte, err error) { return b, s.Scan(&b) },
		`SELECT data FROM fragment WHERE inbox = $1 ORDER BY start`, id)
	if err != nil {
		return naming(err, "fragments of message %d", id)
	}
	body := make([]byte, 0, in.Total)
	for _, p := range parts {
		body = append(body, p...)
	}
	if int64(len(body)) != in.Total {
		return fmt.Errorf("message %d: fragments of %d bytes for a message of %d", in.Message, len(body), in.Total)
	}
	if _, err := tx.exec(ctx, `DELETE FROM fragment WHERE inbox = $1`, id); err != nil {
		return naming(err, "drop fragments of message %d", id)
	}
	return tx.mustChange(ctx, `UPDATE inbox SET body = $1, state = $2 WHERE id = $3`, body, New, id)
}

// kindWarning is the kind of message that is applied before all others: life
// first.
const kindWarning = "warning"

// NextIncoming is the whole message that must be applied next: the oldest
// warning, or else the oldest of all; ErrNotFound when there is none.
func (tx *Tx) NextIncoming(ctx context.Context) (Incoming, error) {
	// The inner query sorts without reading bodies, which can be long.
	return one(ctx, tx, scanIncoming, `SELECT `+incomingColumns+` FROM inbox WHERE id = (
		SELECT id FROM inbox WHERE state = $1 ORDER BY (kind = $2) DESC, id LIMIT 1)`, New, kindWarning)
}

// Settle closes a message as Applied or Refused. It fails when the message
// was settled before: an effect is applied in the same transaction, and once.
func (tx *Tx) Settle(ctx context.Context, id int64, state, problem string) error {
	err := tx.mustChange(ctx, `UPDATE inbox SET state = $1, problem = $2 WHERE id = $3 AND state = $4`, state, problem, id, New)
	return naming(err, "settle incoming message %d", id)
}

// Forget empties the body of a settled message that need not be kept.
func (tx *Tx) Forget(ctx context.Context, id int64) error {
	err := tx.mustChange(ctx, `UPDATE inbox SET body = NULL WHERE id = $1`, id)
	return naming(err, "forget incoming message %d", id)
}

// Incoming reads one message.
func (tx *Tx) Incoming(ctx context.Context, id int64) (Incoming, error) {
	in, err := one(ctx, tx, scanIncoming, `SELECT `+incomingColumns+` FROM inbox WHERE id = $1`, id)
	return in, naming(err, "incoming message %d", id)
}

// Inbox lists messages, newest first, at most limit (0: all).
func (tx *Tx) Inbox(ctx context.Context, limit int) ([]Incoming, error) {
	if limit <= 0 {
		limit = -1
	}
	all, err := list(ctx, tx, scanIncoming, `SELECT `+incomingColumns+` FROM inbox ORDER BY id DESC LIMIT $1`, limit)
	return all, naming(err, "list the inbox")
}
