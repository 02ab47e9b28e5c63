package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"
)

// Issue is a release as an event of a feed.
type Issue struct {
	ID         int64
	Collection int64
	UUID       string
	Timestamp  int64     // in seconds, as the event says
	Changed    time.Time // when it was put there; no two of a store have the same
	Manifest   []byte    // what the feed's manifest says of it
	Unmapped   []byte    // JSON: what the format has no place for
	File       []byte    // the event
	Hashes     []byte    // its lines in the feed's list of hashes
}

const issueColumns = `id, collection, uuid, timestamp, changed, manifest, unmapped`

func scanIssue(s scanner) (Issue, error) {
	var (
		i       Issue
		changed int64
	)
	err := s.Scan(&i.ID, &i.Collection, &i.UUID, &i.Timestamp, &changed, &i.Manifest, &i.Unmapped)
	i.Changed = instant(changed)
	return i, err
}

// issueBody is where the files stand, each with its hashes behind it.
func issueBody() body {
	return body{
		put:  `INSERT INTO issue_piece (issue, start, data) VALUES ($1, $2, $3)`,
		get:  `SELECT data FROM issue_piece WHERE issue = $1 ORDER BY start`,
		drop: `DELETE FROM issue_piece WHERE issue = $1`,
	}
}

// PutIssue keeps an event, in the place of one with its UUID. It moves the clock of members: Changed must
// be later than [Tx.LastAdded].
func (tx *Tx) PutIssue(ctx context.Context, i Issue) error {
	return naming(tx.putIssue(ctx, i), "keep event %s", i.UUID)
}

func (tx *Tx) putIssue(ctx context.Context, i Issue) error {
	last, err := tx.LastAdded(ctx)
	if err != nil {
		return err
	}
	if !i.Changed.After(last) {
		return ErrClock
	}
	if _, err := tx.exec(ctx, `UPDATE clock SET last = $1 WHERE id = 1`, micros(i.Changed)); err != nil {
		return err
	}
	id, err := tx.insert(ctx, `INSERT INTO issue (collection, uuid, timestamp, changed, manifest, unmapped) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (collection, uuid) DO UPDATE SET timestamp = excluded.timestamp, changed = excluded.changed,
			manifest = excluded.manifest, unmapped = excluded.unmapped RETURNING id`,
		i.Collection, i.UUID, i.Timestamp, micros(i.Changed), i.Manifest, i.Unmapped)
	if err != nil {
		return err
	}
	if err := tx.dropBody(ctx, issueBody(), id); err != nil {
		return err
	}
	whole := append(binary.AppendUvarint(nil, uint64(len(i.File))), i.File...)
	return tx.putPacked(ctx, issueBody(), id, append(whole, i.Hashes...))
}

// Issues lists the events of a collection by their UUIDs, without files and hashes.
func (tx *Tx) Issues(ctx context.Context, collection int64) ([]Issue, error) {
	all, err := list(ctx, tx, scanIssue, `SELECT `+issueColumns+` FROM issue WHERE collection = $1 ORDER BY uuid`, collection)
	return all, naming(err, "list the events of collection %d", collection)
}

// Issue finds one by its UUID, without file and hashes.
func (tx *Tx) Issue(ctx context.Context, collection int64, uuid string) (Issue, error) {
	i, err := one(ctx, tx, scanIssue, `SELECT `+issueColumns+` FROM issue WHERE collection = $1 AND uuid = $2`, collection, uuid)
	return i, naming(err, "event %s", uuid)
}

// ReadIssue fills in an event's file and hashes.
func (tx *Tx) ReadIssue(ctx context.Context, i *Issue) error {
	whole, err := tx.getPacked(ctx, issueBody(), i.ID)
	if err != nil {
		return naming(err, "read event %s", i.UUID)
	}
	size, n := binary.Uvarint(whole)
	if n <= 0 || size > uint64(len(whole)-n) {
		return fmt.Errorf("read event %s: %w", i.UUID, ErrDamaged)
	}
	i.File, i.Hashes = whole[n:n+int(size)], whole[n+int(size):]
	return nil
}

// IssuesChanged says how many events a collection has, and when one was last put there.
func (tx *Tx) IssuesChanged(ctx context.Context, collection int64) (events int64, at time.Time, err error) {
	var changed int64
	_, err = one(ctx, tx, func(s scanner) (none struct{}, err error) { return none, s.Scan(&events, &changed) },
		`SELECT count(*), coalesce(max(changed), 0) FROM issue WHERE collection = $1`, collection)
	return events, instant(changed), naming(err, "count the events of collection %d", collection)
}
