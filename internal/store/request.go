package store

import (
	"context"
	"time"
)

// Request is what became of a consumer's request to add objects.
type Request struct {
	UUID        [16]byte
	Counterpart int64
	Report      []byte // as it is to be told; kept compressed
	DoneAt      time.Time
}

// AddRequest keeps the report on a request, each mebibyte of it compressed by itself.
func (tx *Tx) AddRequest(ctx context.Context, r Request) error {
	id, err := tx.insert(ctx, `INSERT INTO request (uuid, counterpart, done_at, bytes) VALUES ($1, $2, $3, $4) RETURNING id`,
		r.UUID[:], r.Counterpart, micros(r.DoneAt), len(r.Report))
	if err != nil {
		return naming(err, "keep the report on a request")
	}
	return naming(tx.putPacked(ctx, requestBody(), id, r.Report), "keep the report on a request")
}

// RequestBytes is how long the reports on a counterpart's requests are together that were done after a
// moment.
func (tx *Tx) RequestBytes(ctx context.Context, counterpart int64, after time.Time) (int64, error) {
	n, err := tx.number(ctx, `SELECT coalesce(sum(bytes), 0) FROM request WHERE done_at > $1 AND counterpart = $2`, micros(after), counterpart)
	return n, naming(err, "measure the reports on requests")
}

// requestBody is where the reports stand.
func requestBody() body {
	return body{
		put:  `INSERT INTO request_piece (request, start, data) VALUES ($1, $2, $3)`,
		get:  `SELECT data FROM request_piece WHERE request = $1 ORDER BY start`,
		drop: `DELETE FROM request_piece WHERE request = $1`,
	}
}

// Request finds the report on one of a counterpart's requests.
func (tx *Tx) Request(ctx context.Context, counterpart int64, uuid [16]byte) (Request, error) {
	r := Request{UUID: uuid, Counterpart: counterpart}
	var id, done int64
	_, err := one(ctx, tx, func(s scanner) (none struct{}, err error) { return none, s.Scan(&id, &done) },
		`SELECT id, done_at FROM request WHERE uuid = $1 AND counterpart = $2`, uuid[:], counterpart)
	if err != nil {
		return r, naming(err, "request %x", uuid)
	}
	r.DoneAt = instant(done)
	r.Report, err = tx.getPacked(ctx, requestBody(), id)
	return r, naming(err, "request %x", uuid)
}

// DropRequests forgets the reports of what was done before a moment.
func (tx *Tx) DropRequests(ctx context.Context, before time.Time) error {
	old, err := list(ctx, tx, func(s scanner) (id int64, err error) { return id, s.Scan(&id) },
		`SELECT id FROM request WHERE done_at < $1`, micros(before))
	for _, id := range old {
		if err == nil {
			err = tx.dropBody(ctx, requestBody(), id)
		}
		if err == nil {
			_, err = tx.exec(ctx, `DELETE FROM request WHERE id = $1`, id)
		}
	}
	return naming(err, "forget old requests")
}
