package store

import (
	"context"
	"time"
)

// States of a gift.
const (
	Current  = "current"
	Recalled = "recalled" // its giver took it back
	Amended  = "amended"  // its giver put another in its place
)

// Gift is a tearline that a counterpart gave us.
type Gift struct {
	ID          int64
	Counterpart int64
	Digest      []byte // SHA-256 of its bytes
	Report      string // id of its report
	Inbox       int64  // the message that brought it
	Claim       string // id of the note that says it as its giver's claim, or empty
	State       string
	Ident       []byte // of its withdrawal
	Reason      string // of its withdrawal
	Successor   int64  // the gift in its place, or 0
	CameAt      time.Time
	WithdrawnAt time.Time
}

const giftColumns = `g.id, g.counterpart, g.digest, g.report, g.inbox, g.claim, g.state, g.ident, g.reason, g.successor, g.came_at, g.withdrawn_at`

func scanGift(s scanner) (Gift, error) {
	var (
		g               Gift
		came, withdrawn int64
	)
	err := s.Scan(&g.ID, &g.Counterpart, &g.Digest, &g.Report, &g.Inbox, &g.Claim, &g.State, &g.Ident, &g.Reason, &g.Successor, &came, &withdrawn)
	g.CameAt, g.WithdrawnAt = instant(came), instant(withdrawn)
	return g, err
}

// AddGift keeps a gift; the same tearline again is the gift that is there, in
// whatever state.
func (tx *Tx) AddGift(ctx context.Context, g Gift) (id int64, added bool, err error) {
	id, added, err = tx.insertNew(ctx, `INSERT INTO gift (counterpart, digest, report, inbox, state, came_at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (counterpart, digest) DO NOTHING`,
		g.Counterpart, g.Digest, g.Report, g.Inbox, Current, micros(g.CameAt))
	if err == nil && !added {
		id, err = tx.number(ctx, `SELECT id FROM gift WHERE counterpart = $1 AND digest = $2`, g.Counterpart, g.Digest)
	}
	return id, added, naming(err, "keep gift")
}

// SetGift keeps what may change of a gift: its claim and its state.
func (tx *Tx) SetGift(ctx context.Context, g Gift) error {
	err := tx.mustChange(ctx, `UPDATE gift SET claim = $1, state = $2, ident = $3, reason = $4, successor = $5, withdrawn_at = $6 WHERE id = $7`,
		g.Claim, g.State, g.Ident, g.Reason, g.Successor, micros(g.WithdrawnAt), g.ID)
	return naming(err, "change gift %d", g.ID)
}

// Gift reads one by number.
func (tx *Tx) Gift(ctx context.Context, id int64) (Gift, error) {
	g, err := one(ctx, tx, scanGift, `SELECT `+giftColumns+` FROM gift AS g WHERE g.id = $1`, id)
	return g, naming(err, "gift %d", id)
}

// GiftByDigest finds what a counterpart gave, by the SHA-256 of its bytes.
func (tx *Tx) GiftByDigest(ctx context.Context, counterpart int64, digest []byte) (Gift, error) {
	g, err := one(ctx, tx, scanGift, `SELECT `+giftColumns+` FROM gift AS g WHERE g.counterpart = $1 AND g.digest = $2`, counterpart, digest)
	return g, naming(err, "gift with the SHA-256 %x", digest)
}

// GiftByInbox finds what a message brought.
func (tx *Tx) GiftByInbox(ctx context.Context, inbox int64) (Gift, error) {
	g, err := one(ctx, tx, scanGift, `SELECT `+giftColumns+` FROM gift AS g WHERE g.inbox = $1`, inbox)
	return g, naming(err, "gift of message I%d", inbox)
}

// PutGiftObject notes that an object came with a gift.
func (tx *Tx) PutGiftObject(ctx context.Context, gift, object int64) error {
	_, err := tx.exec(ctx, `INSERT INTO gift_object (object, gift) VALUES ($1, $2) ON CONFLICT (object, gift) DO NOTHING`, object, gift)
	return naming(err, "note what came with gift %d", gift)
}

// GiftsOf lists the gifts that an object came with, newest first.
func (tx *Tx) GiftsOf(ctx context.Context, object int64) ([]Gift, error) {
	all, err := list(ctx, tx, scanGift, `SELECT `+giftColumns+` FROM gift_object AS o JOIN gift AS g ON g.id = o.gift
		WHERE o.object = $1 ORDER BY g.id DESC`, object)
	return all, naming(err, "list the gifts of object %d", object)
}

// GiftObjects lists the numbers of what came with a gift.
func (tx *Tx) GiftObjects(ctx context.Context, gift int64) ([]int64, error) {
	all, err := list(ctx, tx, scanNumber, `SELECT object FROM gift_object WHERE gift = $1 ORDER BY object`, gift)
	return all, naming(err, "list what came with gift %d", gift)
}

// Stale marks the objects of a gift that no current gift brought too, and says
// how many these are.
func (tx *Tx) Stale(ctx context.Context, gift int64) (int64, error) {
	n, err := tx.exec(ctx, `UPDATE object SET stale = 1 WHERE stale = 0 AND seq IN (SELECT object FROM gift_object WHERE gift = $1)
		AND NOT EXISTS (SELECT 1 FROM gift_object AS o JOIN gift AS g ON g.id = o.gift WHERE o.object = object.seq AND g.state = $2)`, gift, Current)
	return n, naming(err, "mark what came with gift %d", gift)
}

// Fresh takes the mark off the objects of a gift that is current: they came again.
func (tx *Tx) Fresh(ctx context.Context, gift int64) error {
	_, err := tx.exec(ctx, `UPDATE object SET stale = 0 WHERE stale = 1 AND seq IN (SELECT object FROM gift_object WHERE gift = $1)`, gift)
	return naming(err, "mark what came with gift %d", gift)
}

// IsStale tells whether what an object came with was withdrawn.
func (tx *Tx) IsStale(ctx context.Context, object int64) (bool, error) {
	n, err := tx.number(ctx, `SELECT stale FROM object WHERE seq = $1`, object)
	return n != 0, naming(err, "look whether object %d was withdrawn", object)
}

// WithdrawnClaims lists the notes that say withdrawn gifts as their givers' claims.
func (tx *Tx) WithdrawnClaims(ctx context.Context) ([]string, error) {
	all, err := list(ctx, tx, func(s scanner) (id string, err error) { return id, s.Scan(&id) },
		`SELECT claim FROM gift WHERE state IN ($1, $2) AND claim <> '' ORDER BY id`, Recalled, Amended)
	return all, naming(err, "list withdrawn claims")
}

// GiftsFrom lists what a counterpart gave, oldest first.
func (tx *Tx) GiftsFrom(ctx context.Context, counterpart int64) ([]Gift, error) {
	all, err := list(ctx, tx, scanGift, `SELECT `+giftColumns+` FROM gift AS g WHERE g.counterpart = $1 ORDER BY g.id`, counterpart)
	return all, naming(err, "list gifts")
}

// SetReleaseGifts notes what a release draws on.
func (tx *Tx) SetReleaseGifts(ctx context.Context, release int64, gifts []int64) error {
	for _, g := range gifts {
		if _, err := tx.exec(ctx, `INSERT INTO release_gift (release, gift) VALUES ($1, $2)`, release, g); err != nil {
			return naming(err, "note what release R%d draws on", release)
		}
	}
	return nil
}

// ReleaseGifts lists the gifts that a release draws on.
func (tx *Tx) ReleaseGifts(ctx context.Context, release int64) ([]Gift, error) {
	all, err := list(ctx, tx, scanGift, `SELECT `+giftColumns+` FROM release_gift AS r JOIN gift AS g ON g.id = r.gift
		WHERE r.release = $1 ORDER BY g.id`, release)
	return all, naming(err, "list what release R%d draws on", release)
}

// ReleasesOn lists the releases that draw on a gift.
func (tx *Tx) ReleasesOn(ctx context.Context, gift int64) ([]int64, error) {
	all, err := list(ctx, tx, scanNumber, `SELECT release FROM release_gift WHERE gift = $1 ORDER BY release`, gift)
	return all, naming(err, "list the releases that draw on gift %d", gift)
}

func scanNumber(s scanner) (n int64, err error) { return n, s.Scan(&n) }
