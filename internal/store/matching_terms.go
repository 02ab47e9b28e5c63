package store

import (
	"context"
	"time"

	"parley/selector"
)

// TermsRound is one proposal or counter-proposal of a match.
type TermsRound struct {
	Round int
	Terms []byte
	At    time.Time
}

// SetMatchingTerms makes these the terms that stand for a match. Those before
// them stay to be read.
func (tx *Tx) SetMatchingTerms(ctx context.Context, id int64, r TermsRound) error {
	_, err := tx.exec(ctx, `INSERT INTO matching_terms (matching, round, terms, at) VALUES ($1, $2, $3, $4)`,
		id, r.Round, r.Terms, micros(r.At))
	if err != nil {
		return naming(err, "keep round %d of the terms of match M%d", r.Round, id)
	}
	err = tx.mustChange(ctx, `UPDATE matching SET terms = $1 WHERE id = $2`, r.Terms, id)
	return naming(err, "change the terms of match M%d", id)
}

// MatchingRounds reads the terms of a match as they were offered, the first first.
func (tx *Tx) MatchingRounds(ctx context.Context, id int64) ([]TermsRound, error) {
	scan := func(s scanner) (r TermsRound, err error) {
		var at int64
		err = s.Scan(&r.Round, &r.Terms, &at)
		r.At = instant(at)
		return r, err
	}
	all, err := list(ctx, tx, scan, `SELECT round, terms, at FROM matching_terms WHERE matching = $1 ORDER BY round`, id)
	return all, naming(err, "read the terms of match M%d", id)
}

// MatchingsUnder reads every run under the terms of a match, itself included,
// in the order in which they were begun.
func (tx *Tx) MatchingsUnder(ctx context.Context, first int64) ([]Matching, error) {
	all, err := list(ctx, tx, scanMatching, `SELECT `+matchingColumns+` FROM matching WHERE id = $1 OR under = $1 ORDER BY id`, first)
	return all, naming(err, "read the runs under the terms of match M%d", first)
}

// Asked is a selector of ours that took part in a run.
type Asked struct {
	selector.Selector
	Matched bool // the counterpart had it
}

// AskedIn lists our selectors of a kind that took part in a run.
func (tx *Tx) AskedIn(ctx context.Context, id int64, kind selector.Kind) ([]Asked, error) {
	scan := func(s scanner) (a Asked, err error) { return a, s.Scan(&a.Kind, &a.Value, &a.Matched) }
	all, err := list(ctx, tx, scan, `SELECT s.kind, s.value, i.matched FROM matching_item AS i
		JOIN selector AS s ON s.id = i.selector WHERE i.matching = $1 AND s.kind = $2 ORDER BY i.position`, id, string(kind))
	return all, naming(err, "read the %s selectors of match M%d", kind, id)
}

// Recurred says, of the selectors that an earlier run found and that are in the
// set of a later one, how many there are and how many the later found again.
func (tx *Tx) Recurred(ctx context.Context, earlier, later int64) (before, again int, err error) {
	type pair struct{ before, again int }
	got, err := one(ctx, tx, func(s scanner) (p pair, err error) { return p, s.Scan(&p.before, &p.again) },
		`SELECT count(*), coalesce(sum(l.matched), 0) FROM matching_item AS e
		JOIN matching_item AS l ON l.selector = e.selector WHERE e.matching = $1 AND e.matched = 1 AND l.matching = $2`, earlier, later)
	return got.before, got.again, naming(err, "compare matches M%d and M%d", earlier, later)
}
