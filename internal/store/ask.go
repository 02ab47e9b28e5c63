package store

import (
	"context"
	"time"

	"parley/selector"
)

// Ask is a question about selectors that a match found on both sides.
type Ask struct {
	ID        int64
	Matching  int64
	Ours      bool // we asked; else the counterpart did
	Question  string
	Selectors []selector.Selector
	AskedAt   time.Time
}

// AddAsk keeps a question. A selector of it that no evidence, report or list of
// ours has is ErrNotFound.
func (tx *Tx) AddAsk(ctx context.Context, a Ask) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO ask (matching, ours, question, asked_at) VALUES ($1, $2, $3, $4) RETURNING id`,
		a.Matching, a.Ours, a.Question, micros(a.AskedAt))
	if err != nil {
		return 0, naming(err, "keep a question on match M%d", a.Matching)
	}
	for _, sel := range a.Selectors {
		err := tx.mustChange(ctx, `INSERT INTO ask_selector (ask, selector) SELECT $1, id FROM selector WHERE kind = $2 AND value = $3`,
			id, string(sel.Kind), sel.Value)
		if err != nil {
			return 0, naming(err, "keep what is asked about on match M%d", a.Matching)
		}
	}
	return id, nil
}

// Asks lists the questions on a match, oldest first.
func (tx *Tx) Asks(ctx context.Context, matching int64) ([]Ask, error) {
	all, err := list(ctx, tx, func(s scanner) (a Ask, err error) {
		var at int64
		err = s.Scan(&a.ID, &a.Matching, &a.Ours, &a.Question, &at)
		a.AskedAt = instant(at)
		return a, err
	}, `SELECT id, matching, ours, question, asked_at FROM ask WHERE matching = $1 ORDER BY id`, matching)
	for i := range all {
		if err == nil {
			all[i].Selectors, err = list(ctx, tx, scanSelector, `SELECT s.kind, s.value FROM ask_selector AS a
				JOIN selector AS s ON s.id = a.selector WHERE a.ask = $1 ORDER BY s.kind, s.value`, all[i].ID)
		}
	}
	return all, naming(err, "read the questions on match M%d", matching)
}
