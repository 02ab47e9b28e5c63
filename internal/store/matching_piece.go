package store

import "context"

// PutMatchingPiece keeps the next piece of a run's long message: one that is to
// be sent, or one that came.
func (tx *Tx) PutMatchingPiece(ctx context.Context, matching int64, ours bool, data []byte) error {
	_, err := tx.exec(ctx, `INSERT INTO matching_piece (matching, ours, number, data)
		SELECT $1, $2, coalesce(max(number), 0) + 1, $3 FROM matching_piece WHERE matching = $4 AND ours = $5`, matching, ours, data, matching, ours)
	return naming(err, "keep a piece of a message of match M%d", matching)
}

// MatchingPieces reads the pieces that are kept, in order, at most limit of them.
func (tx *Tx) MatchingPieces(ctx context.Context, matching int64, ours bool, limit int) ([][]byte, error) {
	all, err := list(ctx, tx, func(s scanner) (b []byte, err error) { return b, s.Scan(&b) },
		`SELECT data FROM matching_piece WHERE matching = $1 AND ours = $2 ORDER BY number LIMIT $3`, matching, ours, limit)
	return all, naming(err, "read the pieces of a message of match M%d", matching)
}

// DropMatchingPiece forgets the first piece that is to be sent.
func (tx *Tx) DropMatchingPiece(ctx context.Context, matching int64) error {
	err := tx.mustChange(ctx, `DELETE FROM matching_piece WHERE matching = $1 AND ours = 1 AND number = (
		SELECT min(number) FROM matching_piece WHERE matching = $2 AND ours = 1)`, matching, matching)
	return naming(err, "forget a piece of a message of match M%d", matching)
}

// DropMatchingPieces forgets the pieces that came.
func (tx *Tx) DropMatchingPieces(ctx context.Context, matching int64) error {
	_, err := tx.exec(ctx, `DELETE FROM matching_piece WHERE matching = $1 AND ours = 0`, matching)
	return naming(err, "forget the pieces of a message of match M%d", matching)
}
