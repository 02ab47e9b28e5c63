package node

import (
	"context"
	"fmt"

	"parley/internal/match"
	"parley/internal/store"
	"parley/selector"
)

// ProposeMatch offers terms to a counterpart.
func (n *Node) ProposeMatch(ctx context.Context, to string, o match.Offer) (id int64, err error) {
	if err := n.must(Analyst); err != nil {
		return 0, err
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		c, err := n.reachable(ctx, tx, to)
		if err != nil {
			return err
		}
		if err := n.desk().Sayable(ctx, tx, c, o.Purpose); err != nil {
			return err
		}
		if err := n.noteSayable(ctx, tx, c, o.Note); err != nil {
			return err
		}
		id, err = n.match.Propose(ctx, tx, n.User.Name, c, o)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("propose a match to %s: %w", to, err)
	}
	return id, nil
}

// reachable finds a counterpart to whom something may be said: its channel is
// open, and two people have compared the digits.
func (n *Node) reachable(ctx context.Context, tx *store.Tx, name string) (store.Counterpart, error) {
	c, err := tx.Counterpart(ctx, name)
	if err != nil {
		return c, err
	}
	if !c.Open() {
		return c, notYet("no channel with %s yet: read their introduction first with 'parley counterpart add'", name)
	}
	if !ready(c) {
		return c, notYet("the digits of %s's introduction were not compared: read them to each other, then 'parley counterpart verify %s DIGITS'", name, name)
	}
	return c, nil
}

// noteSayable refuses a note that the leak check would stop in a tearline.
func (n *Node) noteSayable(ctx context.Context, tx *store.Tx, to store.Counterpart, note string) error {
	if note == "" {
		return nil
	}
	if err := n.desk().Sayable(ctx, tx, to, note); err != nil {
		return fmt.Errorf("the note: %w", err)
	}
	return nil
}

// AcceptMatch agrees to a counterpart's terms. The note goes with what both hold.
func (n *Node) AcceptMatch(ctx context.Context, id, evidence int64, hold bool, note string) error {
	return n.onMatch(ctx, "accept", id, func(tx *store.Tx) error {
		if note != "" {
			if err := n.sayableOn(ctx, tx, id, note); err != nil {
				return fmt.Errorf("the note: %w", err)
			}
		}
		return n.match.Accept(ctx, tx, n.User.Name, id, evidence, hold, note)
	})
}

// CounterMatch answers a counterpart's terms with others.
func (n *Node) CounterMatch(ctx context.Context, id int64, o match.Offer) error {
	return n.onMatch(ctx, "counter", id, func(tx *store.Tx) error {
		if o.Purpose != "" {
			if err := n.sayableOn(ctx, tx, id, o.Purpose); err != nil {
				return err
			}
		}
		if o.Note != "" {
			if err := n.sayableOn(ctx, tx, id, o.Note); err != nil {
				return fmt.Errorf("the note: %w", err)
			}
		}
		return n.match.Counter(ctx, tx, n.User.Name, id, o)
	})
}

// WithdrawMatch takes back an offer that was not answered, or ends terms under
// which more runs could be made.
func (n *Node) WithdrawMatch(ctx context.Context, id int64, why string) error {
	return n.onMatch(ctx, "withdraw", id, func(tx *store.Tx) error {
		if err := n.sayableOn(ctx, tx, id, why); err != nil {
			return err
		}
		return n.match.Withdraw(ctx, tx, n.User.Name, id, why)
	})
}

// MatchAgain begins a further run under the terms of a match.
func (n *Node) MatchAgain(ctx context.Context, id int64) (run int64, err error) {
	err = n.onMatch(ctx, "run again", id, func(tx *store.Tx) error {
		run, err = n.match.Again(ctx, tx, n.User.Name, id)
		return err
	})
	return run, err
}

// DeclineMatch refuses a counterpart's terms.
func (n *Node) DeclineMatch(ctx context.Context, id int64, why string) error {
	return n.onMatch(ctx, "decline", id, func(tx *store.Tx) error {
		if err := n.sayableOn(ctx, tx, id, why); err != nil {
			return err
		}
		return n.match.Decline(ctx, tx, n.User.Name, id, why)
	})
}

// AbortMatch ends a match that is under way.
func (n *Node) AbortMatch(ctx context.Context, id int64, why string) error {
	return n.onMatch(ctx, "abort", id, func(tx *store.Tx) error {
		if err := n.sayableOn(ctx, tx, id, why); err != nil {
			return err
		}
		return n.match.Abort(ctx, tx, n.User.Name, id, why)
	})
}

// AskMatch asks the other side of a match for a tearline about selectors that
// it found; none named stands for all of them.
func (n *Node) AskMatch(ctx context.Context, id int64, question string, about []selector.Selector) error {
	return n.onMatch(ctx, "ask about what was found in", id, func(tx *store.Tx) error {
		if err := n.sayableOn(ctx, tx, id, question); err != nil {
			return err
		}
		return n.match.Ask(ctx, tx, n.User.Name, id, question, about)
	})
}

// MatchAsks lists what either side asked about what a match found.
func (n *Node) MatchAsks(ctx context.Context, id int64) (all []store.Ask, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Asks(ctx, id)
		return err
	})
	return all, err
}

// sayableOn refuses a reason that the leak check would stop in a tearline: the
// other side of the match reads it.
func (n *Node) sayableOn(ctx context.Context, tx *store.Tx, id int64, why string) error {
	m, err := tx.Matching(ctx, id)
	if err != nil {
		return err
	}
	to, err := tx.CounterpartByID(ctx, m.Counterpart)
	if err != nil {
		return err
	}
	return n.desk().Sayable(ctx, tx, to, why)
}

func (n *Node) onMatch(ctx context.Context, verb string, id int64, fn func(*store.Tx) error) error {
	if err := n.must(Analyst); err != nil {
		return err
	}
	if err := n.store.Update(ctx, fn); err != nil {
		return fmt.Errorf("%s match M%d: %w", verb, id, err)
	}
	return nil
}

// RunMatch starts an accepted match, or goes on after a hold.
func (n *Node) RunMatch(ctx context.Context, id int64) error {
	if err := n.must(Analyst); err != nil {
		return err
	}
	m, err := n.Match(ctx, id)
	if err != nil {
		return err
	}
	if m.State == match.Counted {
		err = n.match.Continue(ctx, n.User.Name, id)
	} else {
		err = n.match.Start(ctx, n.User.Name, id)
	}
	if err != nil {
		return fmt.Errorf("run match M%d: %w", id, err)
	}
	return nil
}

// Match reads one match.
func (n *Node) Match(ctx context.Context, id int64) (m match.Matching, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		m, err = n.match.Get(ctx, tx, id)
		return err
	})
	return m, err
}

// MatchRounds reads how the terms of a match came about: each offer, and what
// it changed.
func (n *Node) MatchRounds(ctx context.Context, m match.Matching) (all []match.Round, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = n.match.Rounds(ctx, tx, m)
		return err
	})
	return all, err
}

// Matches lists all, newest first.
func (n *Node) Matches(ctx context.Context) (all []match.Matching, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = n.match.List(ctx, tx)
		return err
	})
	return all, err
}

// Shared is a selector that both sides hold, with where we found it.
type Shared struct {
	Number   int64             `json:"number"` // of the selector
	Selector selector.Selector `json:"selector"`
	Findings []store.Finding   `json:"findings"`
	Note     string            `json:"note,omitempty"` // the counterpart's words, for us alone
}

// Overlap lists what a match found, each with our own provenance.
func (n *Node) Overlap(ctx context.Context, id int64) (all []Shared, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		both, err := tx.Overlap(ctx, id)
		if err != nil {
			return err
		}
		notes, err := tx.MatchedNotes(ctx, id)
		if err != nil {
			return err
		}
		for _, sel := range both {
			found, err := tx.Findings(ctx, sel)
			if err != nil {
				return err
			}
			held, err := tx.SelectorOf(ctx, sel)
			if err != nil {
				return err
			}
			all = append(all, Shared{held.ID, sel, found, notes[sel]})
		}
		return nil
	})
	return all, err
}
