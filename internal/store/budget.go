package store

import (
	"context"
	"time"

	"parley/selector"
)

// Charge is how many selectors of a kind a counterpart asked about in a run, or
// may yet ask about.
type Charge struct {
	Matching    int64
	Kind        selector.Kind
	Counterpart int64
	Items       int
	SettledAt   time.Time // when its number became known; zero before
	LapsesAt    time.Time // until when it may yet ask; zero: no end
}

// SetCharge keeps what a run is charged with, in the place of what it was before.
func (tx *Tx) SetCharge(ctx context.Context, c Charge) error {
	_, err := tx.exec(ctx, `INSERT INTO matching_charge (matching, kind, counterpart, items, settled_at, lapses_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (matching, kind) DO UPDATE SET items = excluded.items, settled_at = excluded.settled_at, lapses_at = excluded.lapses_at`,
		c.Matching, string(c.Kind), c.Counterpart, c.Items, micros(c.SettledAt), micros(c.LapsesAt))
	return naming(err, "charge match M%d", c.Matching)
}

// DropCharges forgets what a run was charged with: it asked nothing, or its
// terms are others now.
func (tx *Tx) DropCharges(ctx context.Context, matching int64) error {
	_, err := tx.exec(ctx, `DELETE FROM matching_charge WHERE matching = $1`, matching)
	return naming(err, "discharge match M%d", matching)
}

// Charges lists what a run is charged with.
func (tx *Tx) Charges(ctx context.Context, matching int64) ([]Charge, error) {
	scan := func(s scanner) (c Charge, err error) {
		var at, lapses int64
		err = s.Scan(&c.Matching, &c.Kind, &c.Counterpart, &c.Items, &at, &lapses)
		c.SettledAt, c.LapsesAt = instant(at), instant(lapses)
		return c, err
	}
	all, err := list(ctx, tx, scan, `SELECT matching, kind, counterpart, items, settled_at, lapses_at FROM matching_charge
		WHERE matching = $1 ORDER BY kind`, matching)
	return all, naming(err, "read what match M%d is charged with", matching)
}

// Charged adds up what a counterpart asked about since a time, and what it may
// yet ask about now in runs that are not settled, whenever those were agreed to.
func (tx *Tx) Charged(ctx context.Context, counterpart int64, kind selector.Kind, since, now time.Time) (int, error) {
	n, err := tx.number(ctx, `SELECT coalesce(sum(items), 0) FROM matching_charge
		WHERE counterpart = $1 AND kind = $2 AND (settled_at > $3 OR settled_at = 0 AND (lapses_at = 0 OR lapses_at > $4))`,
		counterpart, string(kind), micros(since), micros(now))
	return int(n), naming(err, "add up what counterpart %d asked about", counterpart)
}

// Reserved lists the matches whose counterpart is charged with what it may yet
// ask about, as nothing was asked so far.
func (tx *Tx) Reserved(ctx context.Context, counterpart int64, kind selector.Kind, now time.Time) ([]int64, error) {
	all, err := list(ctx, tx, func(s scanner) (id int64, err error) { return id, s.Scan(&id) }, `SELECT matching FROM matching_charge
		WHERE counterpart = $1 AND kind = $2 AND settled_at = 0 AND (lapses_at = 0 OR lapses_at > $3) ORDER BY matching`,
		counterpart, string(kind), micros(now))
	return all, naming(err, "list the matches of counterpart %d that are not settled", counterpart)
}

// LatestMatching is the latest time that the record of matches holds, zero when
// there is none: a clock that says less was set back.
func (tx *Tx) LatestMatching(ctx context.Context) (time.Time, error) {
	settled, err := tx.number(ctx, `SELECT coalesce(max(settled_at), 0) FROM matching_charge`)
	if err != nil {
		return time.Time{}, naming(err, "read the latest time of a charge")
	}
	agreed, err := tx.number(ctx, `SELECT coalesce(max(agreed_at), 0) FROM matching`)
	return instant(max(settled, agreed)), naming(err, "read the latest time of a match")
}

// Budget is what a counterpart may ask about in so many days.
type Budget struct {
	Counterpart int64 // 0: every one without a line of its own
	Kind        selector.Kind
	Items       int
	Days        int
}

// SetBudget keeps a line of the budget.
func (tx *Tx) SetBudget(ctx context.Context, b Budget) error {
	_, err := tx.exec(ctx, `INSERT INTO budget (counterpart, kind, items, days) VALUES ($1, $2, $3, $4)
		ON CONFLICT (counterpart, kind) DO UPDATE SET items = excluded.items, days = excluded.days`,
		b.Counterpart, string(b.Kind), b.Items, b.Days)
	return naming(err, "keep a budget of %s", b.Kind)
}

// DropBudget takes a line away; ErrNotFound where there is none.
func (tx *Tx) DropBudget(ctx context.Context, counterpart int64, kind selector.Kind) error {
	err := tx.mustChange(ctx, `DELETE FROM budget WHERE counterpart = $1 AND kind = $2`, counterpart, string(kind))
	return naming(err, "budget of %s", kind)
}

// Budget finds the line for a counterpart, or the one for all; ErrNotFound where
// neither was set.
func (tx *Tx) Budget(ctx context.Context, counterpart int64, kind selector.Kind) (Budget, error) {
	scan := func(s scanner) (b Budget, err error) { return b, s.Scan(&b.Counterpart, &b.Kind, &b.Items, &b.Days) }
	b, err := one(ctx, tx, scan, `SELECT counterpart, kind, items, days FROM budget
		WHERE counterpart IN ($1, 0) AND kind = $2 ORDER BY counterpart DESC LIMIT 1`, counterpart, string(kind))
	return b, naming(err, "budget of %s", kind)
}
