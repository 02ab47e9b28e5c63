package store

import (
	"context"
	"time"
)

// Release is a tearline on its way from draft to sent.
type Release struct {
	ID          int64
	Counterpart int64
	State       string
	Request     []byte // JSON: what the author asked for
	Bundle      []byte // what would be sent, byte for byte
	Digest      []byte
	Map         []byte // JSON: original ids to new ones; never leaves
	Stripped    []byte // JSON: what was left out and why
	Findings    []byte // JSON: what the leak check found
	Author      string
	Clearer     string
	Cleared     []byte    // the digest that was cleared
	Outbox      int64     // the message that carries it, or 0
	Collection  int64     // where a consumer reads it, or 0
	PutAt       time.Time // when its last object was put there
	UpdatedAt   time.Time
}

const releaseColumns = `id, counterpart, state, request, bundle, digest, map, stripped, findings, author, clearer, cleared, coalesce(outbox, 0), coalesce(collection, 0), put_at, updated_at`

func scanRelease(s scanner) (Release, error) {
	var (
		r       Release
		put, at int64
	)
	err := s.Scan(&r.ID, &r.Counterpart, &r.State, &r.Request, &r.Bundle, &r.Digest, &r.Map, &r.Stripped,
		&r.Findings, &r.Author, &r.Clearer, &r.Cleared, &r.Outbox, &r.Collection, &put, &at)
	r.PutAt, r.UpdatedAt = instant(put), instant(at)
	return r, err
}

// AddRelease keeps a new draft.
func (tx *Tx) AddRelease(ctx context.Context, r Release) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO release (counterpart, state, request, bundle, digest, map, stripped, findings, author, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		r.Counterpart, r.State, r.Request, r.Bundle, r.Digest, r.Map, r.Stripped, r.Findings, r.Author, micros(r.UpdatedAt))
	return id, naming(err, "keep draft")
}

// SetRelease keeps everything about a release but its author and counterpart.
func (tx *Tx) SetRelease(ctx context.Context, r Release) error {
	err := tx.mustChange(ctx, `UPDATE release SET state = $1, request = $2, bundle = $3, digest = $4, map = $5, stripped = $6,
		findings = $7, clearer = $8, cleared = $9, outbox = $10, collection = $11, put_at = $12, updated_at = $13 WHERE id = $14`,
		r.State, r.Request, r.Bundle, r.Digest, r.Map, r.Stripped, r.Findings, r.Clearer, r.Cleared, nullable(r.Outbox),
		nullable(r.Collection), micros(r.PutAt), micros(r.UpdatedAt), r.ID)
	return naming(err, "change release R%d", r.ID)
}

// Release reads one by number.
func (tx *Tx) Release(ctx context.Context, id int64) (Release, error) {
	r, err := one(ctx, tx, scanRelease, `SELECT `+releaseColumns+` FROM release WHERE id = $1`, id)
	return r, naming(err, "release R%d", id)
}

// Releases lists all, newest first.
func (tx *Tx) Releases(ctx context.Context) ([]Release, error) {
	all, err := list(ctx, tx, scanRelease, `SELECT `+releaseColumns+` FROM release ORDER BY id DESC`)
	return all, naming(err, "list releases")
}

// ReleaseByDigest finds what was released to a counterpart, by the SHA-256 of its
// bytes: the first, should there be several.
func (tx *Tx) ReleaseByDigest(ctx context.Context, counterpart int64, digest []byte) (Release, error) {
	r, err := one(ctx, tx, scanRelease, `SELECT `+releaseColumns+` FROM release WHERE counterpart = $1 AND digest = $2 ORDER BY id LIMIT 1`, counterpart, digest)
	return r, naming(err, "release with the SHA-256 %x", digest)
}
