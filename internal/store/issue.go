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
	ReadAt     time.Time // when a consumer read it as it stands; zero if it did not
	Manifest   []byte    // what the feed's manifest says of it
	Unmapped   []byte    // JSON: what the format has no place for
	File       []byte    // the event
	Hashes     []byte    // its lines in the feed's list of hashes
}

const issueColumns = `id, collection, uuid, timestamp, changed, manifest, unmapped, read_at`

func scanIssue(s scanner) (Issue, error) {
	var (
		i             Issue
		changed, read int64
	)
	err := s.Scan(&i.ID, &i.Collection, &i.UUID, &i.Timestamp, &changed, &i.Manifest, &i.Unmapped, &read)
	i.Changed, i.ReadAt = instant(changed), instant(read)
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
			manifest = excluded.manifest, unmapped = excluded.unmapped, read_at = 0 RETURNING id`,
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

// IssueByID finds one by its number, without file and hashes.
func (tx *Tx) IssueByID(ctx context.Context, id int64) (Issue, error) {
	i, err := one(ctx, tx, scanIssue, `SELECT `+issueColumns+` FROM issue WHERE id = $1`, id)
	return i, naming(err, "event number %d", id)
}

// SetIssueRead notes that a consumer read an event as it was put there at a moment, and says whether that
// is news.
func (tx *Tx) SetIssueRead(ctx context.Context, id int64, changed, now time.Time) (news bool, err error) {
	n, err := tx.exec(ctx, `UPDATE issue SET read_at = $1 WHERE id = $2 AND changed = $3 AND read_at = 0`, micros(now), id, micros(changed))
	return n > 0, naming(err, "note that an event was read")
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
