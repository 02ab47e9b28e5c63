package store

import (
	"context"
	"time"
)

// Withdrawal is a release of ours that no longer stands.
type Withdrawal struct {
	ID          int64
	Ident       []byte
	Release     int64
	Counterpart int64
	Successor   int64 // the release in its place, or 0
	Cause       int64 // the gift whose own withdrawal it follows, or 0
	Reason      string
	Actor       string
	Body        []byte // as it crosses
	Outbox      int64  // the message that carries it; 0 where it was put out for a consumer
	At          time.Time
	ConfirmedAt time.Time // when the receiver said that its copy is marked
	Told        int64     // how many others the receiver says it had to tell
	Confirmed   int64     // how many of these it says have confirmed
}

const withdrawalColumns = `id, ident, release, counterpart, successor, cause, reason, actor, body, outbox, at, confirmed_at, told, confirmed`

func scanWithdrawal(s scanner) (Withdrawal, error) {
	var (
		w             Withdrawal
		at, confirmed int64
	)
	err := s.Scan(&w.ID, &w.Ident, &w.Release, &w.Counterpart, &w.Successor, &w.Cause, &w.Reason, &w.Actor, &w.Body, &w.Outbox, &at, &confirmed, &w.Told, &w.Confirmed)
	w.At, w.ConfirmedAt = instant(at), instant(confirmed)
	return w, err
}

// AddWithdrawal keeps a new one; a release is withdrawn once.
func (tx *Tx) AddWithdrawal(ctx context.Context, w Withdrawal) error {
	_, err := tx.insert(ctx, `INSERT INTO withdrawal (ident, release, counterpart, successor, cause, reason, actor, body, outbox, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		w.Ident, w.Release, w.Counterpart, w.Successor, w.Cause, w.Reason, w.Actor, w.Body, w.Outbox, micros(w.At))
	return naming(err, "keep the withdrawal of release R%d", w.Release)
}

// SetWithdrawal keeps how far it has come.
func (tx *Tx) SetWithdrawal(ctx context.Context, w Withdrawal) error {
	err := tx.mustChange(ctx, `UPDATE withdrawal SET outbox = $1, confirmed_at = $2, told = $3, confirmed = $4 WHERE id = $5`,
		w.Outbox, micros(w.ConfirmedAt), w.Told, w.Confirmed, w.ID)
	return naming(err, "change the withdrawal of release R%d", w.Release)
}

// Withdrawal finds that of a release.
func (tx *Tx) Withdrawal(ctx context.Context, release int64) (Withdrawal, error) {
	w, err := one(ctx, tx, scanWithdrawal, `SELECT `+withdrawalColumns+` FROM withdrawal WHERE release = $1`, release)
	return w, naming(err, "withdrawal of release R%d", release)
}

// WithdrawalByIdent finds one that went to a counterpart, by the number that it
// crossed with.
func (tx *Tx) WithdrawalByIdent(ctx context.Context, counterpart int64, ident []byte) (Withdrawal, error) {
	w, err := one(ctx, tx, scanWithdrawal, `SELECT `+withdrawalColumns+` FROM withdrawal WHERE ident = $1 AND counterpart = $2`, ident, counterpart)
	return w, naming(err, "withdrawal with the number %x", ident)
}

// Withdrawals lists those to one counterpart, oldest first.
func (tx *Tx) Withdrawals(ctx context.Context, counterpart int64) ([]Withdrawal, error) {
	all, err := list(ctx, tx, scanWithdrawal, `SELECT `+withdrawalColumns+` FROM withdrawal WHERE counterpart = $1 ORDER BY id`, counterpart)
	return all, naming(err, "list withdrawals")
}

// WithdrawalsFollowing lists those that follow the withdrawal of a gift.
func (tx *Tx) WithdrawalsFollowing(ctx context.Context, gift int64) ([]Withdrawal, error) {
	all, err := list(ctx, tx, scanWithdrawal, `SELECT `+withdrawalColumns+` FROM withdrawal WHERE cause = $1 ORDER BY id`, gift)
	return all, naming(err, "list what follows the withdrawal of gift %d", gift)
}
