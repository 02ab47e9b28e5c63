package store

import (
	"context"
	"time"

	"parley/selector"
)

// Matching is one private match with a counterpart, from proposal to result.
type Matching struct {
	ID          int64
	Run         []byte // 16 bytes that both sides know it by
	Counterpart int64
	Role        string
	State       string
	Terms       []byte // JSON, as both sides hold it
	Secret      []byte // the run's seed; gone once the run has ended
	Progress    []byte // JSON, the match package's own
	UpdatedAt   time.Time
	Under       int64     // the match whose accepted terms this run is under; 0: its own
	AgreedAt    time.Time // when our side agreed to the run
}

const matchingColumns = `id, run, counterpart, role, state, terms, secret, progress, updated_at, under, agreed_at`

func scanMatching(s scanner) (Matching, error) {
	var (
		m          Matching
		at, agreed int64
	)
	err := s.Scan(&m.ID, &m.Run, &m.Counterpart, &m.Role, &m.State, &m.Terms, &m.Secret, &m.Progress, &at, &m.Under, &agreed)
	m.UpdatedAt, m.AgreedAt = instant(at), instant(agreed)
	return m, err
}

// AddMatching keeps a new match; a run known before is ErrExists.
func (tx *Tx) AddMatching(ctx context.Context, m Matching) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO matching (run, counterpart, role, state, terms, secret, progress, updated_at, under, agreed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		m.Run, m.Counterpart, m.Role, m.State, m.Terms, m.Secret, m.Progress, micros(m.UpdatedAt), m.Under, micros(m.AgreedAt))
	return id, naming(err, "keep match")
}

// SetMatching keeps a match's new state, and when our side agreed to it.
func (tx *Tx) SetMatching(ctx context.Context, m Matching) error {
	tx.erased = tx.erased || len(m.Secret) == 0
	err := tx.mustChange(ctx, `UPDATE matching SET state = $1, secret = $2, progress = $3, updated_at = $4, agreed_at = $5 WHERE id = $6`,
		m.State, m.Secret, m.Progress, micros(m.UpdatedAt), micros(m.AgreedAt), m.ID)
	return naming(err, "change match M%d", m.ID)
}

// Matching reads one by number.
func (tx *Tx) Matching(ctx context.Context, id int64) (Matching, error) {
	m, err := one(ctx, tx, scanMatching, `SELECT `+matchingColumns+` FROM matching WHERE id = $1`, id)
	return m, naming(err, "match M%d", id)
}

// MatchingByRun reads one by the run's bytes, with the counterpart it is with:
// another counterpart's run is not found.
func (tx *Tx) MatchingByRun(ctx context.Context, counterpart int64, run []byte) (Matching, error) {
	m, err := one(ctx, tx, scanMatching, `SELECT `+matchingColumns+` FROM matching WHERE counterpart = $1 AND run = $2`, counterpart, run)
	return m, naming(err, "match by its run")
}

// Matchings lists all, newest first.
func (tx *Tx) Matchings(ctx context.Context) ([]Matching, error) {
	all, err := list(ctx, tx, scanMatching, `SELECT `+matchingColumns+` FROM matching ORDER BY id DESC`)
	return all, naming(err, "list matches")
}

// SetMatchingItems fixes the set of a run, in the order given, in the place of
// one that was fixed for earlier terms.
func (tx *Tx) SetMatchingItems(ctx context.Context, id int64, selectors []int64) error {
	if _, err := tx.exec(ctx, `DELETE FROM matching_item WHERE matching = $1`, id); err != nil {
		return naming(err, "replace the set of match M%d", id)
	}
	for i, sel := range selectors {
		_, err := tx.exec(ctx, `INSERT INTO matching_item (matching, position, selector) VALUES ($1, $2, $3)`, id, i, sel)
		if err != nil {
			return naming(err, "keep the set of match M%d", id)
		}
	}
	return nil
}

// AddMatched puts selectors into a run's set that the counterpart holds as well,
// behind those that are there.
func (tx *Tx) AddMatched(ctx context.Context, id int64, selectors []int64) error {
	for _, sel := range selectors {
		_, err := tx.exec(ctx, `INSERT INTO matching_item (matching, position, selector, matched)
			SELECT $1, coalesce(max(position), -1) + 1, $2, 1 FROM matching_item WHERE matching = $3`, id, sel, id)
		if err != nil {
			return naming(err, "add to the set of match M%d", id)
		}
	}
	return nil
}

// MatchingItems reads which selectors a run's set has, in order.
func (tx *Tx) MatchingItems(ctx context.Context, id int64) ([]int64, error) {
	all, err := list(ctx, tx, func(s scanner) (sel int64, err error) { return sel, s.Scan(&sel) },
		`SELECT selector FROM matching_item WHERE matching = $1 ORDER BY position`, id)
	return all, naming(err, "read the set of match M%d", id)
}

func scanSelector(s scanner) (selector.Selector, error) {
	var sel selector.Selector
	return sel, s.Scan(&sel.Kind, &sel.Value)
}

// MarkMatched notes which positions of the set the counterpart holds as well.
func (tx *Tx) MarkMatched(ctx context.Context, id int64, positions []int) error {
	for _, p := range positions {
		if err := tx.mustChange(ctx, `UPDATE matching_item SET matched = 1 WHERE matching = $1 AND position = $2`, id, p); err != nil {
			return naming(err, "mark item %d of match M%d", p, id)
		}
	}
	return nil
}

// Overlap lists the selectors that both sides hold.
func (tx *Tx) Overlap(ctx context.Context, id int64) ([]selector.Selector, error) {
	all, err := list(ctx, tx, scanSelector, `SELECT s.kind, s.value FROM matching_item AS i
		JOIN selector AS s ON s.id = i.selector WHERE i.matching = $1 AND i.matched = 1 ORDER BY s.kind, s.value`, id)
	return all, naming(err, "read the overlap of match M%d", id)
}
