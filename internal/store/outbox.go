package store

import (
	"context"
	"time"
)

// Outgoing is a message that is to reach a counterpart exactly once.
type Outgoing struct {
	ID          int64
	Counterpart int64
	Kind        string
	Body        []byte
	Urgent      bool // a warning: sealed before everything else that waits
	QueuedAt    time.Time
	SealedAt    time.Time
	LastParcel  int64 // number of its last parcel, -1 before it is sealed
	Bytes       int64 // bytes of its parcels as they cross
	AckedAt     time.Time
}

// Parcel is one sealed parcel of ours, kept until the counterpart has applied it.
type Parcel struct {
	Counterpart int64
	Number      uint64
	Mailbox     []byte // the mailbox's two secrets
	Ident       []byte
	Bytes       []byte
	StoredAt    time.Time // when a relay had it on disk; zero before
}

const outgoingColumns = `id, counterpart, kind, urgent, queued_at, sealed_at, last_parcel, bytes, acked_at`

func scanOutgoing(s scanner) (Outgoing, error) {
	var (
		o                     Outgoing
		queued, sealed, acked int64
	)
	err := s.Scan(&o.ID, &o.Counterpart, &o.Kind, &o.Urgent, &queued, &sealed, &o.LastParcel, &o.Bytes, &acked)
	o.QueuedAt, o.SealedAt, o.AckedAt = instant(queued), instant(sealed), instant(acked)
	return o, err
}

// Enqueue puts a message in the outbox, in the transaction of the change that
// causes it.
func (tx *Tx) Enqueue(ctx context.Context, o Outgoing) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO outbox (counterpart, kind, urgent, queued_at)
		VALUES ($1, $2, $3, $4) RETURNING id`, o.Counterpart, o.Kind, o.Urgent, micros(o.QueuedAt))
	if err == nil {
		err = tx.putBody(ctx, outgoingBody(), id, 0, o.Body)
	}
	return id, naming(err, "queue %s", o.Kind)
}

// Outgoing reads one message of the outbox; its body is there until it is
// sealed.
func (tx *Tx) Outgoing(ctx context.Context, id int64) (Outgoing, error) {
	o, err := one(ctx, tx, scanOutgoing, `SELECT `+outgoingColumns+` FROM outbox WHERE id = $1`, id)
	if err == nil {
		o.Body, err = tx.getBody(ctx, outgoingBody(), id, 0)
	}
	return o, naming(err, "outgoing message %d", id)
}

// Acknowledgement is the kind of the outbox's own note that the counterpart
// waits to hear how far we have read. It is no message: whatever else is
// sealed says it too, so it goes alone only when nothing else waits.
const Acknowledgement = "ack"

// NextToSeal is the message that must be sealed next for a counterpart, urgent
// ones first, chunks of streams behind all else that is said, an
// acknowledgement last; ErrNotFound when none waits. It comes without its body.
func (tx *Tx) NextToSeal(ctx context.Context, counterpart int64) (Outgoing, error) {
	return one(ctx, tx, scanOutgoing, `SELECT `+outgoingColumns+` FROM outbox WHERE counterpart = $1 AND sealed_at = 0
		ORDER BY urgent DESC, (kind = $2), (kind = $3), id LIMIT 1`, counterpart, Acknowledgement, StreamChunk)
}

// MarkSealed notes with which parcels a message goes, and drops its plaintext.
func (tx *Tx) MarkSealed(ctx context.Context, id int64, last uint64, bytes int64, at time.Time) error {
	err := tx.mustChange(ctx, `UPDATE outbox SET sealed_at = $1, last_parcel = $2, bytes = $3 WHERE id = $4`,
		micros(at), int64(last), bytes, id)
	if err == nil {
		err = tx.dropBody(ctx, outgoingBody(), id)
	}
	return naming(err, "mark outgoing message %d sealed", id)
}

const parcelColumns = `counterpart, number, mailbox, ident, bytes, stored_at`

func scanParcel(s scanner) (Parcel, error) {
	var (
		p      Parcel
		stored int64
	)
	err := s.Scan(&p.Counterpart, &p.Number, &p.Mailbox, &p.Ident, &p.Bytes, &stored)
	p.StoredAt = instant(stored)
	return p, err
}

// PutParcel keeps a sealed parcel until it is acknowledged.
func (tx *Tx) PutParcel(ctx context.Context, p Parcel) error {
	_, err := tx.exec(ctx, `INSERT INTO parcel (counterpart, number, mailbox, ident, bytes) VALUES ($1, $2, $3, $4, $5)`,
		p.Counterpart, int64(p.Number), p.Mailbox, p.Ident, p.Bytes)
	return naming(err, "keep parcel %d", p.Number)
}

// ParcelsToStore lists parcels that no relay has yet, and those that are still
// not acknowledged and were last put before since; oldest first. One that was
// put after now, by a clock that has been set back, is due too: else it would
// wait until the clock is there again.
func (tx *Tx) ParcelsToStore(ctx context.Context, counterpart int64, since, now time.Time, limit int) ([]Parcel, error) {
	all, err := list(ctx, tx, scanParcel, `SELECT `+parcelColumns+` FROM parcel
		WHERE counterpart = $1 AND (stored_at < $2 OR stored_at > $3) ORDER BY number LIMIT $4`, counterpart, micros(since), micros(now), limit)
	return all, naming(err, "list parcels to store")
}

// MarkStored notes that a relay has a parcel on disk.
func (tx *Tx) MarkStored(ctx context.Context, counterpart int64, number uint64, at time.Time) error {
	_, err := tx.exec(ctx, `UPDATE parcel SET stored_at = $1 WHERE counterpart = $2 AND number = $3`,
		micros(at), counterpart, int64(number))
	return naming(err, "mark parcel %d stored", number)
}

// Acknowledge drops every parcel below the number given: the counterpart has
// applied them.
func (tx *Tx) Acknowledge(ctx context.Context, counterpart int64, below uint64, at time.Time) error {
	if _, err := tx.exec(ctx, `DELETE FROM parcel WHERE counterpart = $1 AND number < $2`, counterpart, int64(below)); err != nil {
		return naming(err, "drop acknowledged parcels")
	}
	_, err := tx.exec(ctx, `UPDATE outbox SET acked_at = $1
		WHERE counterpart = $2 AND acked_at = 0 AND sealed_at <> 0 AND last_parcel BETWEEN 0 AND $3`, micros(at), counterpart, int64(below)-1)
	return naming(err, "mark messages acknowledged")
}

// Waits reports whether a message of a kind waits to be sealed.
func (tx *Tx) Waits(ctx context.Context, counterpart int64, kind string) (bool, error) {
	n, err := tx.number(ctx, `SELECT count(*) FROM outbox WHERE counterpart = $1 AND kind = $2 AND sealed_at = 0`, counterpart, kind)
	return n > 0, naming(err, "look for waiting %s", kind)
}

// Waiting counts a counterpart's messages not yet sealed and parcels not yet
// acknowledged.
func (tx *Tx) Waiting(ctx context.Context, counterpart int64) (messages, parcels int64, err error) {
	messages, err = tx.number(ctx, `SELECT count(*) FROM outbox WHERE counterpart = $1 AND sealed_at = 0`, counterpart)
	if err != nil {
		return 0, 0, naming(err, "count waiting messages")
	}
	parcels, err = tx.number(ctx, `SELECT count(*) FROM parcel WHERE counterpart = $1`, counterpart)
	return messages, parcels, naming(err, "count waiting parcels")
}

// Crossed is how many messages and bytes went to a counterpart.
func (tx *Tx) Crossed(ctx context.Context, counterpart int64) (messages, bytes int64, err error) {
	messages, err = tx.number(ctx, `SELECT count(*) FROM outbox WHERE counterpart = $1 AND sealed_at <> 0`, counterpart)
	if err != nil {
		return 0, 0, naming(err, "count messages sent")
	}
	bytes, err = tx.number(ctx, `SELECT coalesce(sum(bytes), 0) FROM outbox WHERE counterpart = $1`, counterpart)
	return messages, bytes, naming(err, "count bytes sent")
}

// PutEarly keeps a parcel that came before its turn; the same one again
// changes nothing.
func (tx *Tx) PutEarly(ctx context.Context, counterpart int64, ident, bytes []byte) error {
	_, err := tx.exec(ctx, `INSERT INTO early (counterpart, ident, bytes, number)
		SELECT $1, $2, $3, coalesce(max(number), 0) + 1 FROM early WHERE counterpart = $4
		ON CONFLICT (counterpart, ident) DO NOTHING`, counterpart, ident, bytes, counterpart)
	return naming(err, "keep early parcel")
}

// EarlyParcel names a parcel that is kept for later, with how it begins.
type EarlyParcel struct {
	Ident []byte
	Start []byte
}

// EarlyParcels lists the parcels kept for later in the order in which they came,
// with the first n bytes of each: whose turn has come is seen without reading them all.
func (tx *Tx) EarlyParcels(ctx context.Context, counterpart int64, n int) ([]EarlyParcel, error) {
	all, err := list(ctx, tx, func(s scanner) (p EarlyParcel, err error) { return p, s.Scan(&p.Ident, &p.Start) },
		`SELECT ident, substr(bytes, 1, $1) FROM early WHERE counterpart = $2 ORDER BY number, ident`, n, counterpart)
	return all, naming(err, "list early parcels")
}

// Early reads a parcel kept for later; ErrNotFound when it is not there.
func (tx *Tx) Early(ctx context.Context, counterpart int64, ident []byte) ([]byte, error) {
	b, err := one(ctx, tx, func(s scanner) (b []byte, err error) { return b, s.Scan(&b) },
		`SELECT bytes FROM early WHERE counterpart = $1 AND ident = $2`, counterpart, ident)
	return b, naming(err, "read early parcel")
}

// DropEarly forgets a parcel whose turn came.
func (tx *Tx) DropEarly(ctx context.Context, counterpart int64, ident []byte) error {
	_, err := tx.exec(ctx, `DELETE FROM early WHERE counterpart = $1 AND ident = $2`, counterpart, ident)
	return naming(err, "drop early parcel")
}

// CountEarly is how many parcels wait for an earlier one.
func (tx *Tx) CountEarly(ctx context.Context, counterpart int64) (int64, error) {
	n, err := tx.number(ctx, `SELECT count(*) FROM early WHERE counterpart = $1`, counterpart)
	return n, naming(err, "count early parcels")
}

// DropWaiting forgets messages of a kind that were not sealed yet: what they
// say is said by another.
func (tx *Tx) DropWaiting(ctx context.Context, counterpart int64, kind string) error {
	_, err := tx.exec(ctx, `DELETE FROM piece WHERE outbox IN (
		SELECT id FROM outbox WHERE counterpart = $1 AND kind = $2 AND sealed_at = 0)`, counterpart, kind)
	if err == nil {
		_, err = tx.exec(ctx, `DELETE FROM outbox WHERE counterpart = $1 AND kind = $2 AND sealed_at = 0`, counterpart, kind)
	}
	return naming(err, "drop waiting %s", kind)
}
