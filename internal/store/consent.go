package store

import (
	"context"
	"time"
)

// States of an ask to pass something on.
const (
	Awaited = "asked"   // unanswered
	Granted = "granted" // yes, and not yet used
	Denied  = "denied"
	Used    = "used"  // it was passed on
	Ended   = "ended" // what it was about was withdrawn, or its release given up
)

// Consent is an ask to pass on what somebody gave, and what became of it.
type Consent struct {
	ID          int64
	Ident       []byte
	Ours        bool  // we asked; else we were asked
	Counterpart int64 // the originator that we asked, or whoever asks us
	Release     int64 // ours: what waits for it, or 0 for an export
	Digest      []byte
	State       string
	Ask, Answer []byte // as they crossed
	AskedAt     time.Time
	AnsweredAt  time.Time
	Actor       string // who asked, or answered
	Outbox      int64  // our latest message of it
}

const consentColumns = `id, ident, ours, counterpart, coalesce(release, 0), digest, state, ask, answer, asked_at, answered_at, actor, outbox`

func scanConsent(s scanner) (Consent, error) {
	var (
		c               Consent
		asked, answered int64
	)
	err := s.Scan(&c.ID, &c.Ident, &c.Ours, &c.Counterpart, &c.Release, &c.Digest, &c.State, &c.Ask, &c.Answer, &asked, &answered, &c.Actor, &c.Outbox)
	c.AskedAt, c.AnsweredAt = instant(asked), instant(answered)
	return c, err
}

// AddConsent keeps a new ask.
func (tx *Tx) AddConsent(ctx context.Context, c Consent) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO consent (ident, ours, counterpart, release, digest, state, ask, asked_at, actor, outbox)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		c.Ident, c.Ours, c.Counterpart, nullable(c.Release), c.Digest, c.State, c.Ask, micros(c.AskedAt), c.Actor, c.Outbox)
	return id, naming(err, "keep ask")
}

// SetConsent keeps what became of an ask.
func (tx *Tx) SetConsent(ctx context.Context, c Consent) error {
	err := tx.mustChange(ctx, `UPDATE consent SET state = $1, answer = $2, answered_at = $3, actor = $4, outbox = $5 WHERE id = $6`,
		c.State, c.Answer, micros(c.AnsweredAt), c.Actor, c.Outbox, c.ID)
	return naming(err, "change ask Q%d", c.ID)
}

// Consent reads one by number.
func (tx *Tx) Consent(ctx context.Context, id int64) (Consent, error) {
	c, err := one(ctx, tx, scanConsent, `SELECT `+consentColumns+` FROM consent WHERE id = $1`, id)
	return c, naming(err, "ask Q%d", id)
}

// ConsentByIdent finds an ask of ours to a counterpart, or of the counterpart's
// to us, by the number that it crossed with.
func (tx *Tx) ConsentByIdent(ctx context.Context, counterpart int64, ident []byte, ours bool) (Consent, error) {
	c, err := one(ctx, tx, scanConsent, `SELECT `+consentColumns+` FROM consent WHERE counterpart = $1 AND ident = $2 AND ours = $3`, counterpart, ident, ours)
	return c, naming(err, "ask with the number %x", ident)
}

// Consents lists all asks, newest first.
func (tx *Tx) Consents(ctx context.Context) ([]Consent, error) {
	all, err := list(ctx, tx, scanConsent, `SELECT `+consentColumns+` FROM consent ORDER BY id DESC`)
	return all, naming(err, "list asks")
}

// ReleaseConsents lists the asks for one release.
func (tx *Tx) ReleaseConsents(ctx context.Context, release int64) ([]Consent, error) {
	all, err := list(ctx, tx, scanConsent, `SELECT `+consentColumns+` FROM consent WHERE release = $1 ORDER BY id`, release)
	return all, naming(err, "list the asks for release R%d", release)
}

// ConsentsIn lists the asks between us and a counterpart in a state, oldest first.
func (tx *Tx) ConsentsIn(ctx context.Context, counterpart int64, ours bool, state string) ([]Consent, error) {
	all, err := list(ctx, tx, scanConsent, `SELECT `+consentColumns+` FROM consent WHERE counterpart = $1 AND ours = $2 AND state = $3 ORDER BY id`,
		counterpart, ours, state)
	return all, naming(err, "list asks that are %s", state)
}
