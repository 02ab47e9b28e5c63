package store

import (
	"context"
	"time"
)

// Keyed is something that a program asked for under a key of its own.
type Keyed struct {
	User    string
	Key     []byte // SHA-256
	Request []byte // SHA-256 of what was asked
	After   int64  // the ledger's last line before it was done
	Answer  []byte // JSON; empty until it is answered
	At      time.Time
}

// PutKeyed keeps that something is done under a key: ErrExists where something was.
func (tx *Tx) PutKeyed(ctx context.Context, a Keyed) error {
	head, err := tx.Head(ctx)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `INSERT INTO keyed (user, key, request, after, at) VALUES ($1, $2, $3, $4, $5)`, a.User, a.Key, a.Request, head.Seq, micros(a.At))
	return naming(err, "keep what was asked")
}

// AnswerKeyed keeps what was answered.
func (tx *Tx) AnswerKeyed(ctx context.Context, user string, key, answer []byte) error {
	_, err := tx.exec(ctx, `UPDATE keyed SET answer = $1 WHERE user = $2 AND key = $3`, answer, user, key)
	return naming(err, "keep what was answered")
}

// Keyed finds what a user asked for under a key.
func (tx *Tx) Keyed(ctx context.Context, user string, key []byte) (Keyed, error) {
	a := Keyed{User: user, Key: key}
	var at int64
	_, err := one(ctx, tx, func(s scanner) (none struct{}, err error) { return none, s.Scan(&a.Request, &a.After, &a.Answer, &at) },
		`SELECT request, after, answer, at FROM keyed WHERE user = $1 AND key = $2`, user, key)
	a.At = instant(at)
	return a, naming(err, "what was asked")
}

// ForgetKeyed forgets what was asked before a moment.
func (tx *Tx) ForgetKeyed(ctx context.Context, before time.Time) error {
	_, err := tx.exec(ctx, `DELETE FROM keyed WHERE at < $1`, micros(before))
	return naming(err, "forget what was asked")
}
