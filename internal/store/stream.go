package store

import "context"

// States of a stream.
const (
	StreamOpen   = "open"
	StreamFaulty = "faulty" // the counterpart broke the rules; what it sent is dropped, Reason says why
	StreamClosed = "closed" // both sides have sent all
	StreamReset  = "reset"  // ended before its time; Reason says why
)

// StreamChunk is the kind of message that a stream consists of. It is sealed
// after everything else that waits: there is always a next chunk.
const StreamChunk = "stream.chunk"

// Stream is our side of a stream; numbers count chunks.
type Stream struct {
	ID          int64
	Counterpart int64
	Run         []byte // 16 bytes that both sides know it by
	State       string
	Window      int64 // chunks that may be on their way in one direction
	Sent        int64 // queued by us
	Credit      int64 // we may send those below this number
	SentLast    bool
	Arrived     int64 // in the inbox, or taken out of it
	ArrivedLast bool
	Taken       int64
	Told        int64 // the counterpart may send those below this number
	TakenLast   bool
	Reason      string
}

const streamColumns = `id, counterpart, run, state, size, sent, credit, sent_last, arrived, arrived_last, taken, told, taken_last, reason`

func scanStream(s scanner) (Stream, error) {
	var r Stream
	return r, s.Scan(&r.ID, &r.Counterpart, &r.Run, &r.State, &r.Window, &r.Sent, &r.Credit, &r.SentLast, &r.Arrived, &r.ArrivedLast, &r.Taken,
		&r.Told, &r.TakenLast, &r.Reason)
}

// AddStream keeps a new stream, at its beginning; a run that the counterpart
// had before is ErrExists.
func (tx *Tx) AddStream(ctx context.Context, s Stream) error {
	_, err := tx.exec(ctx, `INSERT INTO stream (counterpart, run, state, size, credit, told) VALUES ($1, $2, $3, $4, $5, $6)`,
		s.Counterpart, s.Run, s.State, s.Window, s.Credit, s.Told)
	return naming(err, "keep stream")
}

// SetStream keeps how far a stream has come.
func (tx *Tx) SetStream(ctx context.Context, s Stream) error {
	err := tx.mustChange(ctx, `UPDATE stream SET state = $1, sent = $2, credit = $3, sent_last = $4, arrived = $5,
		arrived_last = $6, taken = $7, told = $8, taken_last = $9, reason = $10 WHERE id = $11`,
		s.State, s.Sent, s.Credit, s.SentLast, s.Arrived, s.ArrivedLast, s.Taken, s.Told, s.TakenLast, s.Reason, s.ID)
	return naming(err, "change stream")
}

// Stream reads one by the run's bytes and the counterpart it is with.
func (tx *Tx) Stream(ctx context.Context, counterpart int64, run []byte) (Stream, error) {
	s, err := one(ctx, tx, scanStream, `SELECT `+streamColumns+` FROM stream WHERE counterpart = $1 AND run = $2`, counterpart, run)
	return s, naming(err, "stream by its run")
}

// OpenStreams counts a counterpart's streams that have not ended.
func (tx *Tx) OpenStreams(ctx context.Context, counterpart int64) (int64, error) {
	n, err := tx.number(ctx, `SELECT count(*) FROM stream WHERE counterpart = $1 AND state IN ($2, $3)`, counterpart, StreamOpen, StreamFaulty)
	return n, naming(err, "count open streams")
}

// EnqueueOf is Enqueue for a message of a stream.
func (tx *Tx) EnqueueOf(ctx context.Context, stream int64, o Outgoing) error {
	id, err := tx.Enqueue(ctx, o)
	if err == nil {
		_, err = tx.exec(ctx, `INSERT INTO stream_message (stream, outbox) VALUES ($1, $2)`, stream, id)
	}
	return naming(err, "queue %s of a stream", o.Kind)
}

// StreamUnderway counts a stream's messages of a kind that the counterpart has
// not acknowledged: they take room in the outbox or as parcels.
func (tx *Tx) StreamUnderway(ctx context.Context, stream int64, kind string) (int64, error) {
	n, err := tx.number(ctx, `SELECT count(*) FROM stream_message AS m JOIN outbox AS o ON o.id = m.outbox
		WHERE m.stream = $1 AND o.kind = $2 AND o.acked_at = 0`, stream, kind)
	return n, naming(err, "count a stream's messages under way")
}

// ForgetAcknowledged lets go of a stream's messages that the counterpart has.
func (tx *Tx) ForgetAcknowledged(ctx context.Context, stream int64) error {
	_, err := tx.exec(ctx, `DELETE FROM stream_message WHERE stream = $1 AND outbox IN (
		SELECT o.id FROM stream_message AS m JOIN outbox AS o ON o.id = m.outbox WHERE m.stream = $2 AND o.acked_at <> 0)`, stream, stream)
	return naming(err, "forget a stream's acknowledged messages")
}

// DropUnsealed takes back what a stream has in the outbox and was not sealed.
func (tx *Tx) DropUnsealed(ctx context.Context, stream int64) error {
	unsealed, err := list(ctx, tx, func(s scanner) (id int64, err error) { return id, s.Scan(&id) },
		`SELECT o.id FROM stream_message AS m JOIN outbox AS o ON o.id = m.outbox WHERE m.stream = $1 AND o.sealed_at = 0`, stream)
	for _, id := range unsealed {
		for _, q := range []string{
			`DELETE FROM stream_message WHERE outbox = $1`, `DELETE FROM piece WHERE outbox = $1`, `DELETE FROM outbox WHERE id = $1`,
		} {
			if err == nil {
				_, err = tx.exec(ctx, q, id)
			}
		}
	}
	return naming(err, "take back what a stream has in the outbox")
}

// IncomingByNumber reads a message by its number in the channel; its body
// stays where it is.
func (tx *Tx) IncomingByNumber(ctx context.Context, counterpart int64, message uint64) (Incoming, error) {
	in, err := one(ctx, tx, scanIncoming, `SELECT `+incomingColumns+` FROM inbox WHERE counterpart = $1 AND message = $2`,
		counterpart, int64(message))
	return in, naming(err, "incoming message number %d", message)
}
