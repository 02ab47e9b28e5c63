package match

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/internal/store"
	"parley/selector"
)

// ErrBudget: the counterpart would ask about more of our selectors than it may
// in the time.
var ErrBudget = errors.New("the budget does not allow it")

// What a counterpart may ask about where nobody said otherwise.
const (
	usualFew  = 2_000   // of a kind with few values
	usualMany = 100_000 // of any other
	usualDays = 30
)

// usualBudget is the budget of a kind where nobody set one.
func usualBudget(k selector.Kind) store.Budget {
	b := store.Budget{Kind: k, Items: usualMany, Days: usualDays}
	if selector.SpaceOf(k).Low {
		b.Items = usualFew
	}
	return b
}

// Allowance is a counterpart's budget of a kind, with what is used of it.
type Allowance struct {
	Kind  selector.Kind `json:"kind"`
	Items int           `json:"items"`
	Days  int           `json:"days"`
	Used  int           `json:"used"`
	Set   bool          `json:"set"` // an administrator set it
}

// Left is how many selectors may still be asked about.
func (a Allowance) Left() int { return max(a.Items-a.Used, 0) }

// Allowance reads what a counterpart may ask about, and has.
func (e *Engine) Allowance(ctx context.Context, tx *store.Tx, counterpart int64, k selector.Kind) (Allowance, error) {
	b, err := tx.Budget(ctx, counterpart, k)
	set := err == nil
	if errors.Is(err, store.ErrNotFound) {
		b, err = usualBudget(k), nil
	}
	if err != nil {
		return Allowance{}, err
	}
	now, err := e.clock(ctx, tx)
	if err != nil {
		return Allowance{}, err
	}
	used, err := tx.Charged(ctx, counterpart, k, now.Add(-time.Duration(b.Days)*day), now)
	return Allowance{Kind: k, Items: b.Items, Days: b.Days, Used: used, Set: set}, err
}

// clock is the time, but never before what the record of matches shows: terms
// that are over and budgets that are used stay so when a clock is set back.
func (e *Engine) clock(ctx context.Context, tx *store.Tx) (time.Time, error) {
	latest, err := tx.LatestMatching(ctx)
	if now := e.Now().UTC(); now.After(latest) {
		return now, err
	}
	return latest, err
}

// reserve charges the counterpart with the most that it could ask about under
// the terms, or refuses. The other side's set cannot be seen, so that each kind
// named is charged with the whole of it: all of it may be of that kind.
func (e *Engine) reserve(ctx context.Context, tx *store.Tx, m Matching, other string) error {
	if err := tx.DropCharges(ctx, m.ID); err != nil || !m.asks() {
		return err
	}
	most := m.theirMax()
	for _, k := range m.Terms.Kinds {
		a, err := e.Allowance(ctx, tx, m.Counterpart, k)
		if err != nil {
			return err
		}
		if most > a.Left() {
			waits, err := e.reserved(ctx, tx, m.Counterpart, k)
			if err != nil {
				return err
			}
			return fmt.Errorf("%s may ask about %d %s selectors in %d days, has asked about %d, and could ask about %d more under these terms: %w; "+
				"agree to a smaller set of theirs%s, or an administrator sets another with 'parley budget set'", other, a.Items, k, a.Days, a.Used, most, ErrBudget, waits)
		}
	}
	return e.charge(ctx, tx, m, most, time.Time{})
}

// reserved names the matches that hold some of a budget though nothing was
// asked in them so far: an offer that nobody answers does.
func (e *Engine) reserved(ctx context.Context, tx *store.Tx, counterpart int64, k selector.Kind) (string, error) {
	now, err := e.clock(ctx, tx)
	if err != nil {
		return "", err
	}
	all, err := tx.Reserved(ctx, counterpart, k, now)
	if err != nil || len(all) == 0 {
		return "", err
	}
	var names []string
	for _, id := range all {
		names = append(names, fmt.Sprintf("M%d", id))
	}
	return fmt.Sprintf(", or end what holds some of it and was not begun (%s: 'parley match withdraw' or 'parley match abort')", strings.Join(names, ", ")), nil
}

func (e *Engine) charge(ctx context.Context, tx *store.Tx, m Matching, items int, settled time.Time) error {
	for _, k := range m.Terms.Kinds {
		c := store.Charge{Matching: m.ID, Kind: k, Counterpart: m.Counterpart, Items: items, SettledAt: settled, LapsesAt: m.Terms.Until}
		if err := tx.SetCharge(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// settle changes what was reserved for a run to the true number once that is
// known, whether or not anything matched, and gives back what was never asked.
func (e *Engine) settle(ctx context.Context, tx *store.Tx, m Matching) error {
	all, err := tx.Charges(ctx, m.ID)
	if err != nil {
		return err
	}
	switch asked := m.Progress.TheirSize; {
	case len(all) > 0 && !all[0].SettledAt.IsZero(), !m.asks():
		return nil
	case asked > 0:
		now, err := e.clock(ctx, tx)
		if err != nil {
			return err
		}
		return e.charge(ctx, tx, m, asked, now)
	case Ended(m.State):
		return tx.DropCharges(ctx, m.ID)
	}
	return nil
}
