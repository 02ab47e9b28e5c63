package node

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/release"
	"parley/internal/store"
)

// Withdrawn is something that a warning rests on and its giver no longer stands by.
type Withdrawn struct {
	Letter    int64     `json:"letter"` // in which it came
	From      string    `json:"from"`
	State     string    `json:"state"` // recalled or amended
	Reason    string    `json:"reason"`
	At        time.Time `json:"at"`
	Successor int64     `json:"successor,omitempty"` // the letter that stands in its place
}

// Correction is a second notice to somebody who was told, since what the warning rested on was withdrawn.
type Correction struct {
	To     string    `json:"to"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Text   string    `json:"text"`
	Reason string    `json:"reason"` // why one person may send it
	Ident  string    `json:"ident"`

	ConfirmedAt time.Time `json:"confirmed_at,omitzero"` // when its node had it
}

// rest notes what of a warning's basis was withdrawn, and who must still hear of it. Neither is kept: both follow from
// what is.
func (n *Node) rest(ctx context.Context, tx *store.Tx, a *Alert) error {
	a.Withdrawn, a.CorrectionDue = nil, nil
	for _, report := range a.Basis.Where {
		gifts, err := tx.GiftsWithReport(ctx, report)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(gifts, func(g store.Gift) bool { return g.State == store.Current }) {
			continue // somebody else gave the same, and stands by it
		}
		for _, g := range gifts {
			w, err := withdrawnGift(ctx, tx, g)
			if err != nil {
				return err
			}
			a.Withdrawn = append(a.Withdrawn, w)
		}
	}
	a.CorrectionDue = a.uncorrected()
	return nil
}

func withdrawnGift(ctx context.Context, tx *store.Tx, g store.Gift) (Withdrawn, error) {
	from, err := tx.CounterpartByID(ctx, g.Counterpart)
	if err != nil {
		return Withdrawn{}, err
	}
	w := Withdrawn{Letter: g.Inbox, From: from.Name, State: g.State, Reason: g.Reason, At: g.WithdrawnAt}
	if g.Successor != 0 {
		next, err := tx.Gift(ctx, g.Successor)
		if err != nil {
			return w, err
		}
		w.Successor = next.Inbox
	}
	return w, nil
}

// told lists the counterparts that a warning of ours went to, each once.
func (a Alert) told() (all []string) {
	for _, ref := range a.Notices {
		if !ref.Received && !slices.Contains(all, ref.Counterpart) {
			all = append(all, ref.Counterpart)
		}
	}
	return all
}

// uncorrected lists those of them that have not heard since the last withdrawal.
func (a Alert) uncorrected() (due []string) {
	if len(a.Withdrawn) == 0 {
		return nil
	}
	last := slices.MaxFunc(a.Withdrawn, func(x, y Withdrawn) int { return x.At.Compare(y.At) }).At
	for _, to := range a.told() {
		heard := a.sentTo(to, last) || slices.ContainsFunc(a.Corrections, func(c Correction) bool { return c.To == to && !c.At.Before(last) })
		if !heard {
			due = append(due, to)
		}
	}
	return due
}

// sentTo tells whether the warning itself went to somebody after a moment: whoever sent it then knew.
func (a Alert) sentTo(to string, after time.Time) bool {
	last := a.lastNotice()
	return last >= 0 && !a.Notices[last].Received && a.Notices[last].Counterpart == to && a.warnedAt().After(after)
}

// lastNotice is the newest of a warning's notices that is no correction, or -1.
func (a Alert) lastNotice() int {
	for i := len(a.Notices) - 1; i >= 0; i-- {
		if !a.Notices[i].Correction {
			return i
		}
	}
	return -1
}

// CorrectWarning tells somebody whom a warning of ours went to that what it rested on was withdrawn. It passes the same
// check as the warning did, goes ahead of everything else, and is reviewed by a second person afterwards.
func (n *Node) CorrectWarning(ctx context.Context, id int64, t Telling) (a Alert, err error) {
	if err := n.must(Analyst); err != nil {
		return a, err
	}
	if strings.TrimSpace(t.Reason) == "" {
		return a, invalid("say why one person sends it: the reason is reviewed afterwards")
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		var about string
		if a, about, err = alertOf(ctx, tx, id); err != nil {
			return err
		}
		if err := n.rest(ctx, tx, &a); err != nil {
			return err
		}
		to, err := n.correctable(ctx, tx, a, t.To)
		if err != nil {
			return err
		}
		of := a
		of.Text = t.Text
		order, err := n.warnOrder(ctx, tx, of, to, t)
		if err != nil {
			return err
		}
		order.Title = "Correction of a warning"
		ident, outbox, err := n.desk().Warn(ctx, tx, n.User.Name, to, order)
		if err != nil {
			return err
		}
		a.Notices = append(a.Notices, NoticeRef{Counterpart: to.Name, Ident: ident, Outbox: outbox, Correction: true})
		a.Corrections = append(a.Corrections, Correction{To: to.Name, By: n.User.Name, At: n.now().UTC(), Text: t.Text, Reason: t.Reason, Ident: ident})
		a.Review = nil
		if err := n.saveWarning(ctx, tx, a, about); err != nil {
			return err
		}
		if err := n.rest(ctx, tx, &a); err != nil {
			return err
		}
		return n.recordAs(ctx, tx, n.User.Name, "warning.correct", fmt.Sprintf("W%d", id), to.Name, reason{t.Reason})
	})
	if err != nil {
		return a, fmt.Errorf("correct warning W%d to %s: %w", id, t.To, n.noteRefusal(ctx, "correct", fmt.Sprintf("W%d", id), t.To, err))
	}
	return a, nil
}

// correctable finds whom a correction goes to: somebody who was told what is withdrawn since.
func (n *Node) correctable(ctx context.Context, tx *store.Tx, a Alert, name string) (store.Counterpart, error) {
	to, err := n.reachable(ctx, tx, name)
	switch {
	case err != nil:
		return to, err
	case !slices.Contains(a.told(), to.Name):
		return to, fmt.Errorf("%s was never told of it: %w", to.Name, release.ErrStep)
	case len(a.Withdrawn) == 0:
		return to, fmt.Errorf("what it rests on stands: %w", release.ErrStep)
	}
	return to, nil
}

// confirmed notes that a correction arrived, and tells whether there is one with that number.
func (a *Alert) confirmed(from, ident string, at time.Time) bool {
	i := slices.IndexFunc(a.Corrections, func(c Correction) bool { return c.To == from && c.Ident == ident })
	if i >= 0 && a.Corrections[i].ConfirmedAt.IsZero() {
		a.Corrections[i].ConfirmedAt = at
	}
	return i >= 0
}

// lose forgets the corrections that the channel they went by took with it, so that they are due again, and tells whether
// there were any.
func (a *Alert) lose(to string) bool {
	before := len(a.Corrections)
	a.Corrections = slices.DeleteFunc(a.Corrections, func(c Correction) bool { return c.To == to && c.ConfirmedAt.IsZero() })
	return len(a.Corrections) != before
}
