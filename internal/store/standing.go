package store

import (
	"context"
	"errors"
)

// Standing is our side of a standing list, under the match whose terms it
// belongs to.
type Standing struct {
	Matching   int64
	Generation int64
	Filter     []byte // the checker's, as psi writes it; nil before it came
	WatchedBy  string // who wants new selectors checked by themselves
}

// Standing reads the list of a match's terms; one that has nothing yet is at
// generation 0.
func (tx *Tx) Standing(ctx context.Context, matching int64) (Standing, error) {
	s, err := one(ctx, tx, func(s scanner) (l Standing, err error) {
		return l, s.Scan(&l.Matching, &l.Generation, &l.Filter, &l.WatchedBy)
	}, `SELECT matching, generation, filter, watched_by FROM standing WHERE matching = $1`, matching)
	if errors.Is(err, ErrNotFound) {
		return Standing{Matching: matching}, nil
	}
	return s, naming(err, "read the list of match M%d", matching)
}

// SetStanding keeps how a list is now.
func (tx *Tx) SetStanding(ctx context.Context, s Standing) error {
	_, err := tx.exec(ctx, `INSERT INTO standing (matching, generation, filter, watched_by) VALUES ($1, $2, $3, $4)
		ON CONFLICT (matching) DO UPDATE SET generation = excluded.generation, filter = excluded.filter, watched_by = excluded.watched_by`,
		s.Matching, s.Generation, s.Filter, s.WatchedBy)
	return naming(err, "keep the list of match M%d", s.Matching)
}

// StandingValue is what a selector of ours is on a list: on one that we hold, or
// on one that we asked about it.
type StandingValue struct {
	Selector int64
	Value    []byte
	Came     int64 // the generation from which on it is on the list; 0: it was not seen there
	Went     int64 // the generation from which on it is not; 0: it still is
}

// Listed reports whether it is on the list, as far as is known.
func (v StandingValue) Listed() bool { return v.Came != 0 && v.Went == 0 }

// PutStandingValues keeps values that were computed, with the generation that
// is to have them. A value that is there stays as it is.
func (tx *Tx) PutStandingValues(ctx context.Context, matching int64, all []StandingValue) error {
	for _, v := range all {
		_, err := tx.exec(ctx, `INSERT INTO standing_value (matching, selector, value, came) VALUES ($1, $2, $3, $4)
			ON CONFLICT (matching, selector) DO NOTHING`, matching, v.Selector, v.Value, v.Came)
		if err != nil {
			return naming(err, "keep values of the list of match M%d", matching)
		}
	}
	return nil
}

// MoveStandingValue changes from when to when a value is on the list.
func (tx *Tx) MoveStandingValue(ctx context.Context, matching int64, v StandingValue) error {
	err := tx.mustChange(ctx, `UPDATE standing_value SET came = $1, went = $2 WHERE matching = $3 AND selector = $4`,
		v.Came, v.Went, matching, v.Selector)
	return naming(err, "change a value of the list of match M%d", matching)
}

// StandingValues reads every value of a list, of whatever generation.
func (tx *Tx) StandingValues(ctx context.Context, matching int64) ([]StandingValue, error) {
	all, err := list(ctx, tx, func(s scanner) (v StandingValue, err error) {
		return v, s.Scan(&v.Selector, &v.Value, &v.Came, &v.Went)
	}, `SELECT selector, value, came, went FROM standing_value WHERE matching = $1 ORDER BY selector`, matching)
	return all, naming(err, "read the values of the list of match M%d", matching)
}

// DropStanding forgets what a match has of a list: its values and its filter.
func (tx *Tx) DropStanding(ctx context.Context, matching int64) error {
	tx.erased = true
	_, err := tx.exec(ctx, `DELETE FROM standing WHERE matching = $1`, matching)
	if err == nil {
		_, err = tx.exec(ctx, `DELETE FROM standing_value WHERE matching = $1`, matching)
	}
	return naming(err, "forget the list of match M%d", matching)
}

// AskedUnder lists the selectors that took part in runs under the terms of a
// match which came to an answer, or may yet.
func (tx *Tx) AskedUnder(ctx context.Context, first int64, states ...string) (map[int64]bool, error) {
	asked := map[int64]bool{}
	for _, state := range states {
		all, err := list(ctx, tx, func(s scanner) (id int64, err error) { return id, s.Scan(&id) },
			`SELECT DISTINCT i.selector FROM matching_item AS i JOIN matching AS m ON m.id = i.matching
			WHERE m.under = $1 AND m.state = $2`, first, state)
		if err != nil {
			return nil, naming(err, "read what was asked under the terms of match M%d", first)
		}
		for _, id := range all {
			asked[id] = true
		}
	}
	return asked, nil
}
