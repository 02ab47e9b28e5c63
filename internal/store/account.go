package store

import (
	"context"
	"time"
)

// Account is what administrators said of a user, beside the slot in the key
// file that the user opens.
type Account struct {
	ID        int64
	Name      string
	Roles     []byte // JSON: those that hold; empty: those that are sealed in the slot
	AddedBy   string
	AddedAt   time.Time
	OnceUntil time.Time // of a passphrase that somebody else knows; zero: it is the user's own
	LockedBy  string
	LockedWhy string
	LockedAt  time.Time // zero: not locked
	Slots     []byte    // JSON: taken out of the key file while the user is locked
	OutAt     time.Time // sessions that began before are over
	CameAt    time.Time // zero: never
}

const accountColumns = `id, name, roles, added_by, added_at, once_until, locked_by, locked_why, locked_at, slots, out_at, came_at`

func scanAccount(s scanner) (Account, error) {
	var (
		a                              Account
		added, once, locked, out, came int64
	)
	err := s.Scan(&a.ID, &a.Name, &a.Roles, &a.AddedBy, &added, &once, &a.LockedBy, &a.LockedWhy, &locked, &a.Slots, &out, &came)
	a.AddedAt, a.OnceUntil, a.LockedAt, a.OutAt, a.CameAt = instant(added), instant(once), instant(locked), instant(out), instant(came)
	return a, err
}

// AddAccount keeps a new one: its name, roles, who added it and when, and until when its passphrase serves once.
func (tx *Tx) AddAccount(ctx context.Context, a Account) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO account (name, roles, added_by, added_at, once_until) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		a.Name, blob(a.Roles), a.AddedBy, micros(a.AddedAt), micros(a.OnceUntil))
	return id, naming(err, "add user %s", a.Name)
}

// blob is bytes for a column that is never NULL.
func blob(b []byte) []byte { return append([]byte{}, b...) }

// Account finds a user's.
func (tx *Tx) Account(ctx context.Context, name string) (Account, error) {
	a, err := one(ctx, tx, scanAccount, `SELECT `+accountColumns+` FROM account WHERE name = $1`, name)
	return a, naming(err, "user %s", name)
}

// AccountByID finds one by its number.
func (tx *Tx) AccountByID(ctx context.Context, id int64) (Account, error) {
	a, err := one(ctx, tx, scanAccount, `SELECT `+accountColumns+` FROM account WHERE id = $1`, id)
	return a, naming(err, "user U%d", id)
}

// Accounts lists all, the oldest first.
func (tx *Tx) Accounts(ctx context.Context) ([]Account, error) {
	all, err := list(ctx, tx, scanAccount, `SELECT `+accountColumns+` FROM account ORDER BY id`)
	return all, naming(err, "list users")
}

// SetAccount keeps what can change about one.
func (tx *Tx) SetAccount(ctx context.Context, a Account) error {
	return naming(tx.mustChange(ctx, `UPDATE account SET roles = $1, once_until = $2, locked_by = $3, locked_why = $4, locked_at = $5, slots = $6, out_at = $7,
		came_at = $8 WHERE id = $9`, blob(a.Roles), micros(a.OnceUntil), a.LockedBy, a.LockedWhy, micros(a.LockedAt), blob(a.Slots), micros(a.OutAt),
		micros(a.CameAt), a.ID), "keep user U%d", a.ID)
}
