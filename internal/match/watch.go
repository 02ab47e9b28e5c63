package match

import (
	"context"
	"errors"
	"fmt"

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
// watched list that has new selectors of ours before it, as far as its terms
// allow. It returns the runs that it began.
func (e *Engine) CheckWatched(ctx context.Context) (runs []int64, err error) {
	all, err := e.standing(ctx)
	for _, m := range all {
		var open int
		var list store.Standing
		failed := e.Store.View(ctx, func(tx *store.Tx) (err error) {
			if open, list, err = e.Unchecked(ctx, tx, m); err == nil && list.WatchedBy != "" && open > 0 {
				err = e.mayCheck(ctx, tx, m)
			}
			return err
		})
		if failed == nil && list.WatchedBy != "" && open > 0 {
			var run int64
			if run, failed = e.Check(ctx, list.WatchedBy, m.ID); failed == nil {
				runs = append(runs, run)
			}
		}
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("check what is new against the list of match M%d: %w", m.ID, failed))
		}
	}
	return runs, err
}
