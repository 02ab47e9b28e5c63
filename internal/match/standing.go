package match

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/store"
	"parley/psi"
)

// A standing list is held by one side and checked by the other for as long as
// the terms hold. The match itself stays at Standing; each check is a run under
// its terms.

// agreed is the state of a match once both sides agreed to its terms.
func (t Terms) agreed() string {
	if t.Mode == ModeStanding {
		return Standing
	}
	return Accepted
}

// holds reports whether a side holds a standing list under the terms, and asks
// about nothing.
func (t Terms) holds(role string) bool {
	checker := map[string]string{LearnProposer: Initiator, LearnResponder: Responder}[t.Learns]
	return t.Mode == ModeStanding && checker != "" && role != checker
}

// standable says which terms of a standing list cannot be run.
func (t Terms) standable() error {
	most := t.Max.From
	if t.Learns == LearnResponder {
		most = t.Max.To
	}
	switch {
	case t.Learns == LearnBoth:
		return fmt.Errorf("a standing list is checked by one side: ask for learns %q or %q: %w", LearnProposer, LearnResponder, ErrTerms)
	case t.Pad != Sizes{}:
		return fmt.Errorf("this program does not fill checks up with decoys: ask for none: %w", ErrTerms)
	case most > psi.MaxCheck:
		return fmt.Errorf("the side that checks may bring %d selectors at a time: ask for %d at most: %w", most, psi.MaxCheck, ErrTerms)
	}
	return nil
}

// Checks reports whether our side checks its selectors against the list; the
// other side holds it then.
func (m Matching) Checks() bool { return m.Terms.Mode == ModeStanding && !m.asks() }

// armList makes our side ready for a standing list: who holds it draws its
// secret. Who checks has no key, and says so with zeros.
func (e *Engine) armList(ctx context.Context, tx *store.Tx, m *Matching) error {
	m.Progress.OurKey = make([]byte, keySize)
	if m.Checks() {
		return nil
	}
	ours, err := e.listed(ctx, tx, *m)
	if err != nil {
		return err
	}
	m.Progress.OurSize = len(ours)
	seed, err := psi.NewSeed(e.Rand)
	if err != nil {
		return fmt.Errorf("draw the list's secret: %w", err)
	}
	defer seed.Zero()
	m.Secret = append([]byte(nil), seed[:]...)
	key, err := m.listKey()
	if err != nil {
		return err
	}
	defer key.Zero()
	m.Progress.OurKey = key.PublicKey()
	return nil
}

// listKey is the key of the list that we hold.
func (m Matching) listKey() (*psi.ListKey, error) {
	seed, err := m.seed()
	if err != nil {
		return nil, err
	}
	defer seed.Zero()
	key, err := psi.NewListKey(seed)
	if err != nil {
		return nil, fmt.Errorf("make the key of the list of match M%d: %w", m.ID, err)
	}
	return key, nil
}

// listed reads our selectors that are on the list, or to be checked: our own of
// the terms' kinds.
func (e *Engine) listed(ctx context.Context, tx *store.Tx, first Matching) ([]store.Tally, error) {
	ours, err := tx.Selectors(ctx, store.Scope{Kinds: first.Terms.Kinds, Evidence: first.Progress.Evidence, Ours: true})
	if most, _ := first.Terms.Max.of(first.Role); err == nil && !first.Checks() && len(ours) > most {
		return nil, fmt.Errorf("our list has %d selectors, the terms allow %d: name fewer kinds or one evidence, or agree to a larger list: %w", len(ours), most, ErrTerms)
	}
	return ours, err
}

// allowsCheck says whether a check may begin under the terms of a match.
func (e *Engine) allowsCheck(ctx context.Context, tx *store.Tx, first Matching) error {
	switch {
	case first.Terms.Mode != ModeStanding:
		return fmt.Errorf("match M%d is of the mode %q, and has no list: %w", first.ID, first.Terms.Mode, ErrTerms)
	case first.Progress.Over != "":
		return fmt.Errorf("the terms were ended: %s: %w", first.Progress.Over, ErrTerms)
	case first.State != Standing:
		return fmt.Errorf("the terms do not stand, match M%d is %s: %w", first.ID, first.State, ErrTerms)
	}
	if err := e.stillHolds(ctx, tx, first); err != nil {
		return err
	}
	now, err := e.clock(ctx, tx)
	if err != nil {
		return err
	}
	since := now.Add(-time.Duration(first.Terms.Days) * day)
	all, err := tx.MatchingsUnder(ctx, first.ID)
	begun := 0
	for _, r := range all {
		if r.ID != first.ID && r.AgreedAt.After(since) && r.State != Declined {
			begun++
		}
	}
	if err == nil && begun >= first.Terms.Runs {
		return fmt.Errorf("the terms allow %d checks in %d days, and so many were begun: %w", first.Terms.Runs, first.Terms.Days, ErrTerms)
	}
	return err
}

// forgetList erases what an ended match has of a list. With its terms end the
// checks under way, which have nothing to be answered from any more.
func (e *Engine) forgetList(ctx context.Context, tx *store.Tx, m Matching) error {
	if m.Terms.Mode != ModeStanding {
		return nil
	}
	if err := tx.DropStanding(ctx, m.ID); err != nil || m.Under != 0 {
		return err
	}
	all, err := tx.MatchingsUnder(ctx, m.ID)
	if err != nil {
		return err
	}
	for _, row := range all {
		if row.ID == m.ID || Ended(row.State) {
			continue
		}
		run, err := load(row)
		if err != nil {
			return err
		}
		run.State, run.Progress.Reason, run.Progress.Finished = Aborted, "the terms were ended", e.Now().UTC()
		if err := e.save(ctx, tx, run); err != nil {
			return err
		}
	}
	return nil
}

// Expire ends standing lists whose terms are over, so that keys and values do
// not outlive them. Both sides do so by their own clocks.
func (e *Engine) Expire(ctx context.Context) error {
	all, err := e.standing(ctx)
	for _, m := range all {
		err = errors.Join(err, e.Store.Update(ctx, func(tx *store.Tx) error { return e.expire(ctx, tx, m.ID) }))
	}
	return err
}

func (e *Engine) expire(ctx context.Context, tx *store.Tx, id int64) error {
	m, with, err := e.load(ctx, tx, id, Standing)
	if errors.Is(err, ErrState) {
		return nil // somebody ended it meanwhile
	}
	if err != nil {
		return err
	}
	if err := e.stillHolds(ctx, tx, m); !errors.Is(err, ErrTerms) {
		return err
	}
	reason := "the terms held until " + until(m.Terms.Until)
	m.withdrawn(reason)
	m.Progress.Finished = e.Now().UTC()
	if err := e.save(ctx, tx, m); err != nil {
		return err
	}
	return e.record(ctx, tx, e.Self, "match.over", m, with.Name, reasoned{Reason: reason})
}

// standing lists the matches whose lists stand.
func (e *Engine) standing(ctx context.Context) (stand []Matching, err error) {
	err = e.Store.View(ctx, func(tx *store.Tx) error {
		all, err := e.List(ctx, tx)
		for _, m := range all {
			if m.State == Standing {
				stand = append(stand, m)
			}
		}
		return err
	})
	return stand, err
}
