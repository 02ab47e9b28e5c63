package store

import (
	"context"

	"parley/selector"
)

// MatchingPage reads the selectors of a run's set from one position to before
// another, in order.
func (tx *Tx) MatchingPage(ctx context.Context, id int64, from, to int) ([]selector.Selector, error) {
	all, err := list(ctx, tx, scanSelector, `SELECT s.kind, s.value FROM matching_item AS i
		JOIN selector AS s ON s.id = i.selector WHERE i.matching = $1 AND i.position >= $2 AND i.position < $3 ORDER BY i.position`, id, from, to)
	return all, naming(err, "read positions %d to %d of the set of match M%d", from, to, id)
}

// SetMatchingRun keeps how far a run has come.
func (tx *Tx) SetMatchingRun(ctx context.Context, id int64, state []byte) error {
	_, err := tx.exec(ctx, `INSERT INTO matching_run (matching, state) VALUES ($1, $2)
		ON CONFLICT (matching) DO UPDATE SET state = excluded.state`, id, state)
	return naming(err, "keep the run of match M%d", id)
}

// MatchingRun reads how far a run has come; ErrNotFound before it began.
func (tx *Tx) MatchingRun(ctx context.Context, id int64) ([]byte, error) {
	b, err := one(ctx, tx, func(s scanner) (b []byte, err error) { return b, s.Scan(&b) },
		`SELECT state FROM matching_run WHERE matching = $1`, id)
	return b, naming(err, "read the run of match M%d", id)
}

// PutMatchingRecords keeps what the counterpart sent for its set, from byte
// start on.
func (tx *Tx) PutMatchingRecords(ctx context.Context, id, start int64, data []byte) error {
	_, err := tx.exec(ctx, `INSERT INTO matching_record (matching, start, data) VALUES ($1, $2, $3)`, id, start, data)
	return naming(err, "keep records of match M%d from byte %d", id, start)
}

// MatchingRecords reads what was put from byte start on.
func (tx *Tx) MatchingRecords(ctx context.Context, id, start int64) ([]byte, error) {
	b, err := one(ctx, tx, func(s scanner) (b []byte, err error) { return b, s.Scan(&b) },
		`SELECT data FROM matching_record WHERE matching = $1 AND start = $2`, id, start)
	return b, naming(err, "read records of match M%d from byte %d", id, start)
}

// DropMatchingRun forgets how far a run had come, and what the counterpart sent.
func (tx *Tx) DropMatchingRun(ctx context.Context, id int64) error {
	tx.erased = true
	_, err := tx.exec(ctx, `DELETE FROM matching_run WHERE matching = $1`, id)
	if err == nil {
		_, err = tx.exec(ctx, `DELETE FROM matching_record WHERE matching = $1`, id)
	}
	return naming(err, "forget the run of match M%d", id)
}
