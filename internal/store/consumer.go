package store

import (
	"context"
	"time"
)

// Consumer is a counterpart whose tools read and write over TAXII or a feed.
type Consumer struct {
	Counterpart int64
	Name        string // the counterpart's
	Token       []byte // SHA-256 of its secret
	Suspended   bool
	AddedAt     time.Time
	SeenAt      time.Time // when it was last let in, to the hour or so
}

const consumerColumns = `u.counterpart, c.name, u.token, u.suspended, u.added_at, u.seen_at FROM consumer AS u JOIN counterpart AS c ON c.id = u.counterpart`

func scanConsumer(s scanner) (Consumer, error) {
	var (
		c           Consumer
		added, seen int64
	)
	err := s.Scan(&c.Counterpart, &c.Name, &c.Token, &c.Suspended, &added, &seen)
	c.AddedAt, c.SeenAt = instant(added), instant(seen)
	return c, err
}

// AddConsumer lets a counterpart's tools in.
func (tx *Tx) AddConsumer(ctx context.Context, c Consumer) error {
	_, err := tx.exec(ctx, `INSERT INTO consumer (counterpart, token, suspended, added_at) VALUES ($1, $2, $3, $4)`,
		c.Counterpart, c.Token, c.Suspended, micros(c.AddedAt))
	return naming(err, "add consumer %s", c.Name)
}

// SetConsumer replaces a consumer's token, and whether it is suspended.
func (tx *Tx) SetConsumer(ctx context.Context, c Consumer) error {
	tx.erased = true
	err := tx.mustChange(ctx, `UPDATE consumer SET token = $1, suspended = $2 WHERE counterpart = $3`, c.Token, c.Suspended, c.Counterpart)
	return naming(err, "change consumer %s", c.Name)
}

// SetConsumerSeen notes when a consumer was let in.
func (tx *Tx) SetConsumerSeen(ctx context.Context, counterpart int64, at time.Time) error {
	err := tx.mustChange(ctx, `UPDATE consumer SET seen_at = $1 WHERE counterpart = $2`, micros(at), counterpart)
	return naming(err, "note that consumer %d came", counterpart)
}

// Consumer finds one by its counterpart's number.
func (tx *Tx) Consumer(ctx context.Context, counterpart int64) (Consumer, error) {
	c, err := one(ctx, tx, scanConsumer, `SELECT `+consumerColumns+` WHERE u.counterpart = $1`, counterpart)
	return c, naming(err, "consumer %d", counterpart)
}

// ConsumerByToken finds one by the SHA-256 of its secret. The secret must be a random one: then who
// could learn from the time that this takes would have to invert the hash to use it.
func (tx *Tx) ConsumerByToken(ctx context.Context, token []byte) (Consumer, error) {
	c, err := one(ctx, tx, scanConsumer, `SELECT `+consumerColumns+` WHERE u.token = $1`, token)
	return c, naming(err, "consumer by its token")
}

// Consumers lists all, by name.
func (tx *Tx) Consumers(ctx context.Context) ([]Consumer, error) {
	all, err := list(ctx, tx, scanConsumer, `SELECT `+consumerColumns+` ORDER BY c.name`)
	return all, naming(err, "list consumers")
}
