package store

import (
	"context"
	"errors"
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

const incomingColumns = `id, counterpart, message, kind, total, received, received_at, state, problem`

func scanIncoming(s scanner) (Incoming, error) {
	var (
		in         Incoming
		number, at int64
	)
	err := s.Scan(&in.ID, &in.Counterpart, &number, &in.Kind, &in.Total, &in.Received, &at, &in.State, &in.Problem)
	in.Message, in.ReceivedAt = uint64(max(number, 0)), instant(at) // below 0: of a channel that was replaced
	return in, err
}

// AddFragment keeps a fragment; the last one makes its message whole. It runs
// in the transaction that moves the channel on, so each fragment is kept once.
// Fragments of a message come in order and without gaps.
func (tx *Tx) AddFragment(ctx context.Context, counterpart int64, f Fragment) error {
	in, err := tx.arriving(ctx, counterpart, f)
	if err != nil {
		return naming(err, "keep message %d", f.Message)
	}
	in.Received += int64(len(f.Data))
	if f.Start+int64(len(f.Data)) != in.Received || in.Received > in.Total {
		return fmt.Errorf("keep message %d: %d bytes from %d on do not continue the %d of %d that are here",
			f.Message, len(f.Data), f.Start, in.Received-int64(len(f.Data)), in.Total)
	}
	if err := tx.putBody(ctx, incomingBody(), in.ID, f.Start, f.Data); err != nil {
		return naming(err, "keep message %d from byte %d", f.Message, f.Start)
	}
	if in.Received == in.Total {
		in.State = New
	}
	err = tx.mustChange(ctx, `UPDATE inbox SET received = $1, state = $2 WHERE id = $3`, in.Received, in.State, in.ID)
	return naming(err, "count what is here of message %d", f.Message)
}

// arriving is the message that a fragment belongs to; its first fragment
// makes it.
func (tx *Tx) arriving(ctx context.Context, counterpart int64, f Fragment) (Incoming, error) {
	in, err := one(ctx, tx, scanIncoming, `SELECT `+incomingColumns+` FROM inbox WHERE counterpart = $1 AND message = $2`,
		counterpart, int64(f.Message))
	if err == nil && in.State != Arriving {
		return in, ErrExists
	}
	if !errors.Is(err, ErrNotFound) {
		return in, err
	}
	in = Incoming{Total: f.Total, State: Arriving}
	in.ID, err = tx.insert(ctx, `INSERT INTO inbox (counterpart, message, kind, total, received, received_at, state)
		VALUES ($1, $2, $3, $4, 0, $5, $6) RETURNING id`, counterpart, int64(f.Message), f.Kind, f.Total, micros(f.At), Arriving)
	return in, err
}

// kindWarning is the kind of message that is applied before all others: life
// first.
const kindWarning = "warning"

// kindsOfMatches and kindsOfStreams are the kinds whose messages take long to
// work on.
const (
	kindsOfMatches = "match.%"
	kindsOfStreams = "stream.%"
)

// NextOf is NextIncoming among the messages of matches and of their streams
// alone, or among all others: so that a warning need not wait while a match is computed.
func (tx *Tx) NextOf(ctx context.Context, matches bool) (Incoming, error) {
	in, err := one(ctx, tx, scanIncoming, `SELECT `+incomingColumns+` FROM inbox
		WHERE state = $1 AND (kind LIKE $2 OR kind LIKE $3) = $4 ORDER BY (kind = $5) DESC, id LIMIT 1`,
		New, kindsOfMatches, kindsOfStreams, matches, kindWarning)
	if err != nil {
		return in, err
	}
	return tx.withBody(ctx, in)
}

// NextIncoming is the whole message that must be applied next: the oldest
// warning, or else the oldest of all; ErrNotFound when there is none.
func (tx *Tx) NextIncoming(ctx context.Context) (Incoming, error) {
	in, err := one(ctx, tx, scanIncoming, `SELECT `+incomingColumns+` FROM inbox
		WHERE state = $1 ORDER BY (kind = $2) DESC, id LIMIT 1`, New, kindWarning)
	if err != nil {
		return in, err
	}
	return tx.withBody(ctx, in)
}

// withBody adds a message's body, as far as it is here and was not forgotten.
func (tx *Tx) withBody(ctx context.Context, in Incoming) (Incoming, error) {
	var err error
	in.Body, err = tx.getBody(ctx, incomingBody(), in.ID, in.Received)
	return in, naming(err, "read the body of incoming message %d", in.ID)
}

// Settle closes a message as Applied or Refused. It fails when the message
// was settled before: an effect is applied in the same transaction, and once.
func (tx *Tx) Settle(ctx context.Context, id int64, state, problem string) error {
	err := tx.mustChange(ctx, `UPDATE inbox SET state = $1, problem = $2 WHERE id = $3 AND state = $4`, state, problem, id, New)
	return naming(err, "settle incoming message %d", id)
}

// Forget drops the body of a message that need not be kept.
func (tx *Tx) Forget(ctx context.Context, id int64) error {
	return naming(tx.dropBody(ctx, incomingBody(), id), "forget incoming message %d", id)
}

// Shorten drops all but the first bytes, at most n, of a message's body.
func (tx *Tx) Shorten(ctx context.Context, id int64, n int) error {
	_, err := tx.exec(ctx, `DELETE FROM fragment WHERE inbox = $1 AND start > 0`, id)
	if err == nil {
		_, err = tx.exec(ctx, `UPDATE fragment SET data = substr(data, 1, $1) WHERE inbox = $2`, n, id)
	}
	return naming(err, "shorten incoming message %d", id)
}

// Incoming reads one message.
func (tx *Tx) Incoming(ctx context.Context, id int64) (Incoming, error) {
	in, err := one(ctx, tx, scanIncoming, `SELECT `+incomingColumns+` FROM inbox WHERE id = $1`, id)
	if err != nil {
		return in, naming(err, "incoming message %d", id)
	}
	return tx.withBody(ctx, in)
}

// Inbox lists messages, newest first, at most limit (0: all). What a stream
// consists of is no letter: the run that it belongs to says how far it is.
func (tx *Tx) Inbox(ctx context.Context, limit int) ([]Incoming, error) {
	if limit <= 0 {
		limit = -1
	}
	all, err := list(ctx, tx, scanIncoming, `SELECT `+incomingColumns+` FROM inbox WHERE kind NOT LIKE $1 ORDER BY id DESC LIMIT $2`, kindsOfStreams, limit)
	if err != nil {
		return nil, naming(err, "list the inbox")
	}
	for i := range all {
		if all[i], err = tx.withBody(ctx, all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}
