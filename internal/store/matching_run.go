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

// MatchingRecords reads, from byte at on, the rest of what was put with it;
// nothing when that ends before.
func (tx *Tx) MatchingRecords(ctx context.Context, id, at int64) ([]byte, error) {
	type row struct {
		start int64
		data  []byte
	}
	r, err := one(ctx, tx, func(s scanner) (r row, err error) { return r, s.Scan(&r.start, &r.data) },
		`SELECT start, data FROM matching_record WHERE matching = $1 AND start <= $2 ORDER BY start DESC LIMIT 1`, id, at)
	if err != nil {
		return nil, naming(err, "read records of match M%d from byte %d", id, at)
	}
	return r.data[min(at-r.start, int64(len(r.data))):], nil
}

// DropMatchingRun forgets how far a run had come, and what the counterpart sent.
func (tx *Tx) DropMatchingRun(ctx context.Context, id int64) error {
	tx.erased = true
	for _, q := range []string{
		`DELETE FROM matching_run WHERE matching = $1`,
		`DELETE FROM matching_record WHERE matching = $1`,
		`DELETE FROM matching_piece WHERE matching = $1`,
	} {
		if _, err := tx.exec(ctx, q, id); err != nil {
			return naming(err, "forget the run of match M%d", id)
		}
	}
	return nil
}

// NoteMatched keeps what the counterpart attached to a selector of the set that
// it holds as well.
func (tx *Tx) NoteMatched(ctx context.Context, id int64, position int, note string) error {
	err := tx.mustChange(ctx, `UPDATE matching_item SET note = $1 WHERE matching = $2 AND position = $3`, note, id, position)
	return naming(err, "keep the note on item %d of match M%d", position, id)
}

// MatchedNotes reads what the counterpart attached to what both sides hold.
func (tx *Tx) MatchedNotes(ctx context.Context, id int64) (map[selector.Selector]string, error) {
	type noted struct {
		selector.Selector
		note string
	}
	all, err := list(ctx, tx, func(s scanner) (n noted, err error) { return n, s.Scan(&n.Kind, &n.Value, &n.note) },
		`SELECT s.kind, s.value, i.note FROM matching_item AS i
		JOIN selector AS s ON s.id = i.selector WHERE i.matching = $1 AND i.matched = 1 AND i.note <> ''`, id)
	notes := make(map[selector.Selector]string, len(all))
	for _, n := range all {
		notes[n.Selector] = n.note
	}
	return notes, naming(err, "read the notes of match M%d", id)
}
