package store

import (
	"context"
	"time"
)

// Ruling is by which rules a release was allowed at one step.
type Ruling struct {
	ID        int64
	Release   int64
	Step      string // draft, clear, send
	At        time.Time
	Rules     []byte // the digest of the file of rules
	Decisions []byte // JSON
}

func scanRuling(s scanner) (r Ruling, err error) {
	var at int64
	err = s.Scan(&r.ID, &r.Release, &r.Step, &at, &r.Rules, &r.Decisions)
	r.At = instant(at)
	return r, err
}

// AddRuling keeps a ruling.
func (tx *Tx) AddRuling(ctx context.Context, r Ruling) error {
	_, err := tx.exec(ctx, `INSERT INTO ruling (release, step, at, rules, decisions) VALUES ($1, $2, $3, $4, $5)`,
		r.Release, r.Step, micros(r.At), r.Rules, r.Decisions)
	return naming(err, "keep by which rules release R%d was allowed", r.Release)
}

// Rulings lists those on a release, the oldest first.
func (tx *Tx) Rulings(ctx context.Context, release int64) ([]Ruling, error) {
	all, err := list(ctx, tx, scanRuling, `SELECT id, release, step, at, rules, decisions FROM ruling WHERE release = $1 ORDER BY id`, release)
	return all, naming(err, "list by which rules release R%d was allowed", release)
}
