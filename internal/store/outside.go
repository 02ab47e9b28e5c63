package store

import (
	"context"
	"time"
)

// Outsider is whom a provider of sign-ins outside knows as one of our users.
type Outsider struct {
	ID      int64     `json:"number"`
	Issuer  string    `json:"issuer"`
	Claim   string    `json:"claim"`
	Value   string    `json:"value"`
	User    string    `json:"user"`
	AddedBy string    `json:"added_by"`
	AddedAt time.Time `json:"added_at"`
	UsedAt  time.Time `json:"used_at,omitzero"`
}

const outsiderColumns = `id, issuer, claim, value, user, added_by, added_at, used_at`

func scanOutsider(s scanner) (Outsider, error) {
	var (
		o           Outsider
		added, used int64
	)
	err := s.Scan(&o.ID, &o.Issuer, &o.Claim, &o.Value, &o.User, &o.AddedBy, &added, &used)
	o.AddedAt, o.UsedAt = instant(added), instant(used)
	return o, err
}

// AddOutsider keeps a new one.
func (tx *Tx) AddOutsider(ctx context.Context, o Outsider) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO outside (issuer, claim, value, user, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
		o.Issuer, o.Claim, o.Value, o.User, o.AddedBy, micros(o.AddedAt))
	return id, naming(err, "keep who signs in from outside")
}

// Outsider finds the one with a value of an issuer's claim, byte for byte.
func (tx *Tx) Outsider(ctx context.Context, issuer, claim, value string) (Outsider, error) {
	o, err := one(ctx, tx, scanOutsider, `SELECT `+outsiderColumns+` FROM outside WHERE issuer = $1 AND claim = $2 AND value = $3`, issuer, claim, value)
	return o, naming(err, "who signs in from outside")
}

// Outsiders lists all, the oldest first.
func (tx *Tx) Outsiders(ctx context.Context) ([]Outsider, error) {
	all, err := list(ctx, tx, scanOutsider, `SELECT `+outsiderColumns+` FROM outside ORDER BY id`)
	return all, naming(err, "list who signs in from outside")
}

// UseOutsider notes when one signed in.
func (tx *Tx) UseOutsider(ctx context.Context, id int64, at time.Time) error {
	return naming(tx.mustChange(ctx, `UPDATE outside SET used_at = $1 WHERE id = $2`, micros(at), id), "note a sign-in from outside")
}

// RemoveOutsider forgets one.
func (tx *Tx) RemoveOutsider(ctx context.Context, id int64) error {
	return naming(tx.mustChange(ctx, `DELETE FROM outside WHERE id = $1`, id), "who signs in from outside %d", id)
}
