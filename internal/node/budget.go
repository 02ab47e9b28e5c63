package node

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parley/internal/match"
	"parley/internal/store"
	"parley/selector"
)

// Budget is what one counterpart may ask about, kind by kind, with what is used.
type Budget struct {
	Counterpart string            `json:"counterpart"`
	Kinds       []match.Allowance `json:"kinds"`
}

// Budgets lists what each counterpart may ask about in matches, and has.
func (n *Node) Budgets(ctx context.Context) (all []Budget, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		known, err := tx.Counterparts(ctx)
		if err != nil {
			return err
		}
		for _, c := range known {
			b := Budget{Counterpart: c.Name}
			for _, k := range selector.Kinds() {
				a, err := n.match.Allowance(ctx, tx, c.ID, k)
				if err != nil {
					return err
				}
				b.Kinds = append(b.Kinds, a)
			}
			all = append(all, b)
		}
		return nil
	})
	return all, err
}

// Bounds on a budget that a person sets.
const (
	maxBudgetItems = 100_000_000
	maxBudgetDays  = 366
)

// budgetDetail is what the ledger keeps of a change.
type budgetDetail struct {
	Kind   selector.Kind `json:"kind"`
	Before *limit        `json:"before,omitempty"` // absent: as usual
	After  *limit        `json:"after,omitempty"`
}

type limit struct {
	Items int `json:"items"`
	Days  int `json:"days"`
}

// SetBudget says how many selectors of a kind a counterpart, or every one that
// has no line of its own, may ask about in how many days.
func (n *Node) SetBudget(ctx context.Context, to string, k selector.Kind, items, days int) error {
	if items < 0 || items > maxBudgetItems || days < 1 || days > maxBudgetDays {
		return invalid("a budget of %d in %d days: give 0 to %d selectors in 1 to %d days", items, days, maxBudgetItems, maxBudgetDays)
	}
	return n.changeBudget(ctx, to, k, "budget.set", &limit{items, days}, func(tx *store.Tx, counterpart int64) error {
		return tx.SetBudget(ctx, store.Budget{Counterpart: counterpart, Kind: k, Items: items, Days: days})
	})
}

// ResetBudget takes away what was set, so that the next wider line holds.
func (n *Node) ResetBudget(ctx context.Context, to string, k selector.Kind) error {
	return n.changeBudget(ctx, to, k, "budget.reset", nil, func(tx *store.Tx, counterpart int64) error {
		return tx.DropBudget(ctx, counterpart, k)
	})
}

func (n *Node) changeBudget(ctx context.Context, to string, k selector.Kind, action string, after *limit, change func(*store.Tx, int64) error) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	if !slices.Contains(selector.Kinds(), k) {
		return invalid("no kind of selector is called %q: there are %v", string(k), selector.Kinds())
	}
	err := n.store.Update(ctx, func(tx *store.Tx) error {
		var counterpart int64
		if to != "" {
			c, err := tx.Counterpart(ctx, to)
			if err != nil {
				return err
			}
			counterpart = c.ID
		}
		detail := budgetDetail{Kind: k, After: after}
		if b, err := tx.Budget(ctx, counterpart, k); err == nil && b.Counterpart == counterpart {
			detail.Before = &limit{b.Items, b.Days}
		} else if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := change(tx, counterpart); err != nil {
			return err
		}
		return n.record(ctx, tx, action, string(k), to, detail)
	})
	if err != nil {
		return fmt.Errorf("change the budget of %s: %w", k, err)
	}
	return nil
}
