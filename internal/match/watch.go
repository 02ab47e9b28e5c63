package match

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/store"
)

// Unchecked says how many of our selectors no check was answered for, and how
// the list stands; what we hold ourselves has none unchecked.
func (e *Engine) Unchecked(ctx context.Context, tx *store.Tx, m Matching) (int, store.Standing, error) {
	list, err := tx.Standing(ctx, m.ID)
	if err != nil || !m.Checks() || m.State != Standing {
		return 0, list, err
	}
	open, err := e.unchecked(ctx, tx, m)
	return len(open), list, err
}

// Watch lets a list be checked by itself, or not any more, for whoever asks.
func (e *Engine) Watch(ctx context.Context, tx *store.Tx, actor string, id int64, on bool) error {
	m, to, err := e.load(ctx, tx, id, Standing)
	if err != nil {
		return err
	}
	if !m.Checks() {
		return fmt.Errorf("we hold the list of match M%d, the other side checks: %w", id, ErrState)
	}
	list, err := tx.Standing(ctx, id)
	if err != nil {
		return err
	}
	list.WatchedBy = ""
	if on {
		list.WatchedBy = actor
	}
	if err := tx.SetStanding(ctx, list); err != nil {
		return err
	}
	return e.record(ctx, tx, actor, "match.watch", m, to.Name, watchDetail{on})
}

type watchDetail struct {
	On bool `json:"on"`
}

// CheckWatched makes the checks that are to be made by themselves: of each
// watched list that has new selectors of ours before it, or that was not looked
// at for a while, as far as its terms allow. It returns the runs that it began.
func (e *Engine) CheckWatched(ctx context.Context) (runs []int64, err error) {
	all, err := e.standing(ctx)
	for _, m := range all {
		run, failed := e.checkWatched(ctx, m)
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("check what is new against the list of match M%d: %w", m.ID, failed))
		}
		if run != 0 {
			runs = append(runs, run)
		}
	}
	return runs, err
}

func (e *Engine) checkWatched(ctx context.Context, m Matching) (run int64, err error) {
	var list store.Standing
	due := false
	err = e.Store.View(ctx, func(tx *store.Tx) error {
		open, l, err := e.Unchecked(ctx, tx, m)
		if list = l; err != nil || list.WatchedBy == "" {
			return err
		}
		if due = open > 0; !due {
			due, err = e.isOld(ctx, tx, m)
		}
		if err != nil || !due {
			return err
		}
		return e.mayCheck(ctx, tx, m)
	})
	if err != nil || !due {
		return 0, err
	}
	return e.Check(ctx, list.WatchedBy, m.ID)
}

// isOld reports whether a watched list may have changed since it was looked at:
// a day has gone by, or longer where the terms allow fewer checks than one a day
// and one for what is new.
func (e *Engine) isOld(ctx context.Context, tx *store.Tx, m Matching) (bool, error) {
	all, err := tx.MatchingsUnder(ctx, m.ID)
	if err != nil {
		return false, err
	}
	last := m.AgreedAt
	for _, r := range all {
		if r.AgreedAt.After(last) {
			last = r.AgreedAt
		}
	}
	now, err := e.clock(ctx, tx)
	every := max(day, 2*time.Duration(m.Terms.Days)*day/time.Duration(m.Terms.Runs))
	return !now.Before(last.Add(every)), err
}
