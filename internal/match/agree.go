package match

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/store"
)

// ErrTerms: the terms do not allow what was asked.
var ErrTerms = errors.New("the terms do not allow it")

// agree is what our side does before it says yes to terms, in whatever way: it
// holds them to what this node can run, to the clock and to the counterpart's
// budget, and fixes our set.
func (e *Engine) agree(ctx context.Context, tx *store.Tx, m *Matching, other string) error {
	if err := m.Terms.runnable(); err != nil {
		return err
	}
	if err := m.checkNote(); err != nil {
		return err
	}
	now, err := e.clock(ctx, tx)
	if err != nil {
		return err
	}
	if err := m.Terms.over(now); err != nil {
		return err
	}
	m.AgreedAt = now
	if m.Terms.Mode == ModeStanding {
		return e.armList(ctx, tx, m)
	}
	if err := e.reserve(ctx, tx, *m, other); err != nil {
		return err
	}
	return e.arm(ctx, tx, m)
}

// runnable says which terms can be written down and not be run.
func (t Terms) runnable() error {
	switch {
	case t.Mode == ModeStanding:
		return t.standable()
	}
	return nil
}

// over says that terms do not hold any more.
func (t Terms) over(now time.Time) error {
	if t.Until.IsZero() || now.Before(t.Until) {
		return nil
	}
	return fmt.Errorf("the terms held until %s: propose anew: %w", until(t.Until), ErrTerms)
}

// allowsRun says whether a further run may begin under the terms of a match.
func (e *Engine) allowsRun(ctx context.Context, tx *store.Tx, first Matching) error {
	switch {
	case first.Terms.Mode == ModeStanding:
		return fmt.Errorf("match M%d is of a standing list: check new selectors with 'parley match check M%d': %w", first.ID, first.ID, ErrTerms)
	case first.Progress.Over != "":
		return fmt.Errorf("the terms were ended: %s: %w", first.Progress.Over, ErrTerms)
	case first.AgreedAt.IsZero(), first.State == Proposed, first.State == Offered, Ended(first.State) && first.State != Done:
		return fmt.Errorf("the terms do not stand, match M%d is %s: %w", first.ID, first.State, ErrTerms)
	}
	if err := e.stillHolds(ctx, tx, first); err != nil {
		return err
	}
	now, err := e.clock(ctx, tx)
	if err != nil {
		return err
	}
	begun, err := e.begunSince(ctx, tx, first, now.Add(-time.Duration(first.Terms.Days)*day))
	if err != nil {
		return err
	}
	if begun >= first.Terms.Runs {
		return fmt.Errorf("the terms allow %d runs in %d days, and so many were begun: %w", first.Terms.Runs, first.Terms.Days, ErrTerms)
	}
	return nil
}

// begunSince counts the runs under the terms of a match that were agreed to
// after a time. A run counts even if it failed: what it asked was asked.
func (e *Engine) begunSince(ctx context.Context, tx *store.Tx, first Matching, since time.Time) (n int, err error) {
	all, err := tx.MatchingsUnder(ctx, first.ID)
	for _, r := range all {
		if r.AgreedAt.After(since) && r.State != Declined {
			n++
		}
	}
	return n, err
}

// stillHolds sees that the terms of a run are not over.
func (e *Engine) stillHolds(ctx context.Context, tx *store.Tx, m Matching) error {
	now, err := e.clock(ctx, tx)
	if err != nil {
		return err
	}
	return m.Terms.over(now)
}

// inTime sees that a message comes within the time of its terms. What only ends
// a match may come at any time.
func (e *Engine) inTime(ctx context.Context, kind string, m Matching) error {
	if kind == KindDecline || kind == KindWithdraw || kind == KindAbort {
		return nil
	}
	return e.Store.View(ctx, func(tx *store.Tx) error { return e.stillHolds(ctx, tx, m) })
}
