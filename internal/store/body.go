package store

import (
	"context"
	"database/sql"
	"slices"
)

// pieceSize bounds one row of a message's body, in bytes.
const pieceSize = 1 << 20

// A body is where the pieces of messages' bodies stand: one table for what
// came and one for what is to go.
type body struct{ put, get, drop string }

func incomingBody() body {
	return body{
		put:  `INSERT INTO fragment (inbox, start, data) VALUES ($1, $2, $3)`,
		get:  `SELECT data FROM fragment WHERE inbox = $1 ORDER BY start`,
		drop: `DELETE FROM fragment WHERE inbox = $1`,
	}
}

func outgoingBody() body {
	return body{
		put:  `INSERT INTO piece (outbox, start, data) VALUES ($1, $2, $3)`,
		get:  `SELECT data FROM piece WHERE outbox = $1 ORDER BY start`,
		drop: `DELETE FROM piece WHERE outbox = $1`,
	}
}

// putBody keeps bytes of a message's body from start on.
func (tx *Tx) putBody(ctx context.Context, b body, message, start int64, data []byte) error {
	for len(data) > 0 {
		n := min(len(data), pieceSize)
		if _, err := tx.exec(ctx, b.put, message, start, data[:n]); err != nil {
			return err
		}
		data, start = data[n:], start+int64(n)
	}
	return nil
}

// getBody joins a message's body, of size bytes as far as is known.
func (tx *Tx) getBody(ctx context.Context, b body, message, size int64) ([]byte, error) {
	whole := make([]byte, 0, size)
	_, err := list(ctx, tx, func(s scanner) (none struct{}, err error) {
		var part sql.RawBytes // the engine's own memory, good until the next row
		err = s.Scan(&part)
		whole = append(whole, part...)
		return none, err
	}, b.get, message)
	return whole, err
}

// dropBody forgets a message's body.
func (tx *Tx) dropBody(ctx context.Context, b body, message int64) error {
	_, err := tx.exec(ctx, b.drop, message)
	return err
}

// putPacked keeps a whole body, each mebibyte of it compressed by itself.
func (tx *Tx) putPacked(ctx context.Context, b body, id int64, data []byte) error {
	start := 0
	for some := range slices.Chunk(data, pieceSize) {
		if _, err := tx.exec(ctx, b.put, id, start, tx.codec.out.EncodeAll(some, nil)); err != nil {
			return err
		}
		start += len(some)
	}
	return nil
}

// getPacked reads what putPacked kept.
func (tx *Tx) getPacked(ctx context.Context, b body, id int64) (data []byte, err error) {
	_, err = list(ctx, tx, func(s scanner) (none struct{}, err error) {
		var packed sql.RawBytes
		if err = s.Scan(&packed); err == nil {
			data, err = tx.codec.in.DecodeAll(packed, data)
		}
		return none, err
	}, b.get, id)
	return data, err
}
