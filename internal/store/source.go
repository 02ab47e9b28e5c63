package store

import (
	"context"
	"time"
)

// Source is a server that we read from. What it gives is its counterpart's.
type Source struct {
	ID          int64
	Counterpart int64
	Name        string // the counterpart's
	Kind        string
	URL         string
	Settings    []byte // JSON, whose form follows from the kind
	Secret      []byte // what we sign in with there
	Bookmark    []byte // JSON: how far we have read
	ReadAt      time.Time
	Problem     string // why the last reading ended early, if it did
}

const sourceColumns = `s.id, s.counterpart, c.name, s.kind, s.url, s.settings, s.secret, s.bookmark, s.read_at, s.problem
	FROM source AS s JOIN counterpart AS c ON c.id = s.counterpart`

func scanSource(s scanner) (Source, error) {
	var (
		o    Source
		read int64
	)
	err := s.Scan(&o.ID, &o.Counterpart, &o.Name, &o.Kind, &o.URL, &o.Settings, &o.Secret, &o.Bookmark, &read, &o.Problem)
	o.ReadAt = instant(read)
	return o, err
}

// AddSource keeps a new source and returns its number.
func (tx *Tx) AddSource(ctx context.Context, s Source) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO source (counterpart, kind, url, settings, secret) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		s.Counterpart, s.Kind, s.URL, s.Settings, s.Secret)
	return id, naming(err, "add source %s", s.Name)
}

// SetBookmark keeps how far a source was read, with what was read, in one transaction.
func (tx *Tx) SetBookmark(ctx context.Context, id int64, bookmark []byte) error {
	return naming(tx.mustChange(ctx, `UPDATE source SET bookmark = $1 WHERE id = $2`, bookmark, id), "keep the bookmark of source %d", id)
}

// SetSourceRead notes when a source was last read, and why the reading ended early; empty: it did not.
func (tx *Tx) SetSourceRead(ctx context.Context, id int64, at time.Time, problem string) error {
	err := tx.mustChange(ctx, `UPDATE source SET read_at = $1, problem = $2 WHERE id = $3`, micros(at), problem, id)
	return naming(err, "note that source %d was read", id)
}

// RemoveSource forgets a source and its secret. What it gave stays.
func (tx *Tx) RemoveSource(ctx context.Context, id int64) error {
	tx.erased = true
	return naming(tx.mustChange(ctx, `DELETE FROM source WHERE id = $1`, id), "remove source %d", id)
}

// Source finds one by its counterpart's name.
func (tx *Tx) Source(ctx context.Context, name string) (Source, error) {
	s, err := one(ctx, tx, scanSource, `SELECT `+sourceColumns+` WHERE c.name = $1`, name)
	return s, naming(err, "source %q", name)
}

// Sources lists all, by name.
func (tx *Tx) Sources(ctx context.Context) ([]Source, error) {
	all, err := list(ctx, tx, scanSource, `SELECT `+sourceColumns+` ORDER BY c.name`)
	return all, naming(err, "list sources")
}
