package store

import (
	"context"
	"time"
)

// Mark is what somebody said of something that they looked at.
type Mark struct {
	Subject string // a message, such as I3, or a selector, such as S12
	Verdict string
	Note    string
	Actor   string
	At      time.Time
}

const markColumns = `subject, verdict, note, actor, at`

func scanMark(s scanner) (Mark, error) {
	var (
		m  Mark
		at int64
	)
	err := s.Scan(&m.Subject, &m.Verdict, &m.Note, &m.Actor, &at)
	m.At = instant(at)
	return m, err
}

// AddMark keeps a mark; those before it stay.
func (tx *Tx) AddMark(ctx context.Context, m Mark) error {
	_, err := tx.exec(ctx, `INSERT INTO mark (subject, verdict, note, actor, at) VALUES ($1, $2, $3, $4, $5)`,
		m.Subject, m.Verdict, m.Note, m.Actor, micros(m.At))
	return naming(err, "mark %s", m.Subject)
}

// Mark reads the newest mark of a subject; ErrNotFound where it has none.
func (tx *Tx) Mark(ctx context.Context, subject string) (Mark, error) {
	m, err := one(ctx, tx, scanMark, `SELECT `+markColumns+` FROM mark WHERE subject = $1 ORDER BY id DESC LIMIT 1`, subject)
	return m, naming(err, "mark of %s", subject)
}

// Marks lists the newest mark of each subject with a number behind this letter.
func (tx *Tx) Marks(ctx context.Context, letter byte) ([]Mark, error) {
	all, err := list(ctx, tx, scanMark, `SELECT `+markColumns+` FROM mark
		WHERE id IN (SELECT max(id) FROM mark WHERE subject >= $1 AND subject < $2 GROUP BY subject)`, string(letter), string(letter+1))
	return all, naming(err, "list marks")
}

// HasSelector tells whether a selector has this number.
func (tx *Tx) HasSelector(ctx context.Context, id int64) (bool, error) {
	n, err := tx.number(ctx, `SELECT count(*) FROM selector WHERE id = $1`, id)
	return n > 0, naming(err, "selector S%d", id)
}
