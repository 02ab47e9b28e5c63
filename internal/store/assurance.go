package store

import (
	"context"
	"time"
)

// Assurance is an undertaking of a counterpart.
type Assurance struct {
	ID          int64
	Counterpart int64
	Undertaking string
	Evidence    string    // where it is written down
	SHA256      []byte    // of the document, or nil
	From, Until time.Time // Until is zero for no end
	AddedBy     string
	AddedAt     time.Time
	EndedBy     string
	EndedAt     time.Time // zero while it was not ended early
	Reason      string    // why it was
}

const assuranceColumns = `id, counterpart, undertaking, evidence, sha256, from_at, until_at, added_by, added_at, ended_by, ended_at, reason`

func scanAssurance(s scanner) (a Assurance, err error) {
	var from, until, added, ended int64
	err = s.Scan(&a.ID, &a.Counterpart, &a.Undertaking, &a.Evidence, &a.SHA256, &from, &until, &a.AddedBy, &added, &a.EndedBy, &ended, &a.Reason)
	a.From, a.Until, a.AddedAt, a.EndedAt = instant(from), instant(until), instant(added), instant(ended)
	return a, err
}

// AddAssurance keeps an undertaking and returns its number.
func (tx *Tx) AddAssurance(ctx context.Context, a Assurance) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO assurance (counterpart, undertaking, evidence, sha256, from_at, until_at, added_by, added_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		a.Counterpart, a.Undertaking, a.Evidence, a.SHA256, micros(a.From), micros(a.Until), a.AddedBy, micros(a.AddedAt))
	return id, naming(err, "keep an assurance")
}

// EndAssurance notes that an undertaking holds no longer, by whom, when and why.
func (tx *Tx) EndAssurance(ctx context.Context, a Assurance) error {
	err := tx.mustChange(ctx, `UPDATE assurance SET ended_by = $1, ended_at = $2, reason = $3 WHERE id = $4`, a.EndedBy, micros(a.EndedAt), a.Reason, a.ID)
	return naming(err, "end assurance A%d", a.ID)
}

// Assurance finds one by number.
func (tx *Tx) Assurance(ctx context.Context, id int64) (Assurance, error) {
	a, err := one(ctx, tx, scanAssurance, `SELECT `+assuranceColumns+` FROM assurance WHERE id = $1`, id)
	return a, naming(err, "assurance A%d", id)
}

// Assurances lists all of a counterpart, in the order in which they were added.
func (tx *Tx) Assurances(ctx context.Context, counterpart int64) ([]Assurance, error) {
	all, err := list(ctx, tx, scanAssurance, `SELECT `+assuranceColumns+` FROM assurance WHERE counterpart = $1 ORDER BY id`, counterpart)
	return all, naming(err, "list assurances")
}
