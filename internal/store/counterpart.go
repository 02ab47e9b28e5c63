package store

import (
	"context"
	"encoding/json"
	"time"
)

// Counterpart is a party we know, or have written an introduction for.
type Counterpart struct {
	ID           int64
	Name         string
	Mine         []byte // our half of the introduction, private keys included
	Introduction []byte // theirs, as it was read
	Spoken       string // the fingerprint both sides read aloud
	VerifiedAt   time.Time
	Session      []byte // the channel's secrets
	Relays       []string
	AddedAt      time.Time
}

// Open reports whether the channel is set up.
func (c Counterpart) Open() bool { return len(c.Session) > 0 }

const counterpartColumns = `id, name, mine, introduction, spoken, verified_at, session, relays, added_at`

func scanCounterpart(s scanner) (Counterpart, error) {
	var (
		c               Counterpart
		verified, added int64
		relays          []byte
	)
	err := s.Scan(&c.ID, &c.Name, &c.Mine, &c.Introduction, &c.Spoken, &verified, &c.Session, &relays, &added)
	if err != nil {
		return c, err
	}
	c.VerifiedAt, c.AddedAt = instant(verified), instant(added)
	return c, json.Unmarshal(relays, &c.Relays)
}

// AddCounterpart keeps a new counterpart and returns its number.
func (tx *Tx) AddCounterpart(ctx context.Context, c Counterpart) (int64, error) {
	relays, err := json.Marshal(nonNil(c.Relays))
	if err != nil {
		return 0, err
	}
	id, err := tx.insert(ctx, `INSERT INTO counterpart (name, mine, introduction, spoken, verified_at, session, relays, added_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		c.Name, c.Mine, c.Introduction, c.Spoken, micros(c.VerifiedAt), c.Session, relays, micros(c.AddedAt))
	return id, naming(err, "add counterpart %s", c.Name)
}

// SetCounterpart replaces everything about a counterpart but its name.
func (tx *Tx) SetCounterpart(ctx context.Context, c Counterpart) error {
	tx.erased = true
	relays, err := json.Marshal(nonNil(c.Relays))
	if err != nil {
		return err
	}
	err = tx.mustChange(ctx, `UPDATE counterpart SET mine = $1, introduction = $2, spoken = $3,
		verified_at = $4, session = $5, relays = $6 WHERE id = $7`,
		c.Mine, c.Introduction, c.Spoken, micros(c.VerifiedAt), c.Session, relays, c.ID)
	return naming(err, "change counterpart %s", c.Name)
}

// SetSession keeps the channel's state after a parcel was sealed or opened.
func (tx *Tx) SetSession(ctx context.Context, counterpart int64, session []byte) error {
	tx.erased = true
	err := tx.mustChange(ctx, `UPDATE counterpart SET session = $1 WHERE id = $2`, session, counterpart)
	return naming(err, "keep session of counterpart %d", counterpart)
}

// Counterpart finds one by name.
func (tx *Tx) Counterpart(ctx context.Context, name string) (Counterpart, error) {
	c, err := one(ctx, tx, scanCounterpart, `SELECT `+counterpartColumns+` FROM counterpart WHERE name = $1`, name)
	return c, naming(err, "counterpart %q", name)
}

// CounterpartByID finds one by number.
func (tx *Tx) CounterpartByID(ctx context.Context, id int64) (Counterpart, error) {
	c, err := one(ctx, tx, scanCounterpart, `SELECT `+counterpartColumns+` FROM counterpart WHERE id = $1`, id)
	return c, naming(err, "counterpart %d", id)
}

// Counterparts lists all, by name.
func (tx *Tx) Counterparts(ctx context.Context) ([]Counterpart, error) {
	all, err := list(ctx, tx, scanCounterpart, `SELECT `+counterpartColumns+` FROM counterpart ORDER BY name`)
	return all, naming(err, "list counterparts")
}

// nonNil makes an empty list print as [] and not as null.
func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
