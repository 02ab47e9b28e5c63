package node

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parley/internal/permit"
	"parley/internal/store"
)

// ErrUse: a counterpart gave it for another use.
var ErrUse = errors.New("it was given for another use")

// mayUse refuses what was given for one use to be written out for another, or for none that is named. What
// nobody gave under a use is free.
func mayUse(what string, given, use permit.Use) error {
	switch {
	case given == "" || given.Covers(use):
		return nil
	case use == "":
		return fmt.Errorf("%s was given for %s: say with --use what you write it out for: %w", what, given, ErrUse)
	}
	return fmt.Errorf("%s was given for %s, and not for %s: ask who gave it: %w", what, given, use, ErrUse)
}

// givenFor leaves out the selectors that we have only from counterparts who gave them for another use, and
// counts those.
func givenFor(ctx context.Context, tx *store.Tx, all []store.Placed, scope store.Scope, use permit.Use) (kept []store.Placed, other int, err error) {
	scope.Ours = true
	own, err := tx.Selectors(ctx, scope)
	if err != nil {
		return nil, 0, err
	}
	ours := make(map[int64]bool, len(own))
	for _, t := range own {
		ours[t.ID] = true
	}
	kept = slices.DeleteFunc(all, func(p store.Placed) bool {
		if ours[p.ID] || err != nil {
			return false
		}
		var may bool
		may, err = oneMayBeUsed(ctx, tx, p, use)
		if !may {
			other++
		}
		return !may
	})
	return kept, other, err
}

// oneMayBeUsed tells whether somebody gave a selector for a use, or for any.
func oneMayBeUsed(ctx context.Context, tx *store.Tx, p store.Placed, use permit.Use) (bool, error) {
	found, err := tx.Findings(ctx, p.Selector)
	if err != nil {
		return false, err
	}
	for _, f := range found {
		if f.Object == 0 {
			return true, nil
		}
		row, err := tx.ObjectBySeq(ctx, f.Object)
		if err != nil {
			return false, err
		}
		if mayUse("it", permit.Use(row.PermittedUse), use) == nil {
			return true, nil
		}
	}
	return false, nil
}
