package match

import (
	"context"

	"parley/internal/store"
	"parley/psi"
)

// A checker keeps what it was answered for each selector, so that a selector
// that comes onto the list later is found without being asked about again.

// moved are the values of earlier checks whose place on the list changed.
type moved struct {
	values   []store.StandingValue
	appeared []int64 // selectors that are listed now and were not
}

// lookAgain holds what was answered before against the filter of now.
func lookAgain(kept []store.StandingValue, filter *psi.Filter) (m moved) {
	now := int64(filter.Generation())
	for _, v := range kept {
		switch there := filter.Contains(psi.Value(v.Value)); {
		case there == v.Listed():
			continue
		case there:
			v.Came, v.Went = now, 0
			m.appeared = append(m.appeared, v.Selector)
		default:
			v.Went = now
		}
		m.values = append(m.values, v)
	}
	return m
}

// keepValues keeps what the check was answered, and what changed of what
// earlier ones were. What appeared is found by this run.
func (e *Engine) keepValues(ctx context.Context, tx *store.Tx, m Matching, l learned) error {
	ids, err := tx.MatchingItems(ctx, m.ID)
	if err != nil {
		return err
	}
	rows := make([]store.StandingValue, len(l.values))
	for i, v := range l.values {
		rows[i] = store.StandingValue{Selector: ids[i], Value: v[:]}
	}
	for _, i := range l.found {
		rows[i].Came = int64(l.filter.Generation())
	}
	if err := tx.PutStandingValues(ctx, m.Under, rows); err != nil {
		return err
	}
	for _, v := range l.again.values {
		if err := tx.MoveStandingValue(ctx, m.Under, v); err != nil {
			return err
		}
	}
	return tx.AddMatched(ctx, m.ID, l.again.appeared)
}
