package node

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"parley/internal/release"
	"parley/internal/store"
	"parley/internal/warning"
	"parley/selector"
)

// Alert is a warning as the node keeps it: the duty itself, and which notices
// of it went out or came in.
type Alert struct {
	Number int64  `json:"number"`
	ID     string `json:"id"`
	warning.Warning
	Notices []NoticeRef `json:"notices,omitempty"`
	Review  *Review     `json:"review,omitempty"` // once sent, and looked at by another

	Corrections   []Correction `json:"corrections,omitempty"`
	Withdrawn     []Withdrawn  `json:"withdrawn,omitempty"`      // of what it rests on; worked out when it is read
	CorrectionDue []string     `json:"correction_due,omitempty"` // who was told and has not heard of that; worked out too
}

// NoticeRef ties a warning to a notice that crossed.
type NoticeRef struct {
	Counterpart string `json:"counterpart"`
	Ident       string `json:"ident"`
	Received    bool   `json:"received"` // it came from there; else it went there
	Outbox      int64  `json:"outbox,omitempty"`
	Correction  bool   `json:"correction,omitempty"` // of what went before
}

func readAlert(row store.Warning) (Alert, error) {
	var a Alert
	if err := json.Unmarshal(row.Body, &a); err != nil {
		return a, fmt.Errorf("read warning W%d: %w", row.ID, err)
	}
	a.Number, a.Warning.ID = row.ID, a.ID
	return a, nil
}

// alertOf reads a warning, and what it is about as the store keeps it.
func alertOf(ctx context.Context, tx *store.Tx, id int64) (a Alert, about string, err error) {
	row, err := tx.Warning(ctx, id)
	if err != nil {
		return a, "", err
	}
	a, err = readAlert(row)
	return a, row.Ident, err
}

func (a Alert) row(ident string) (store.Warning, error) {
	a.ID, a.Withdrawn, a.CorrectionDue = a.Warning.ID, nil, nil
	body, err := json.Marshal(a)
	if err != nil {
		return store.Warning{}, fmt.Errorf("write warning W%d: %w", a.Number, err)
	}
	last := a.Log[len(a.Log)-1]
	return store.Warning{ID: a.Number, Ident: ident, State: string(a.State()), Imminent: a.Imminent, Body: body, UpdatedAt: last.At}, nil
}

// Warnings lists all, life first.
func (n *Node) Warnings(ctx context.Context) ([]Alert, error) {
	byID, order := map[string]Alert{}, []warning.Warning{}
	err := n.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Warnings(ctx)
		if err != nil {
			return err
		}
		for _, r := range rows {
			a, err := readAlert(r)
			if err != nil {
				return err
			}
			if err := n.rest(ctx, tx, &a); err != nil {
				return err
			}
			byID[a.ID] = a
			order = append(order, a.Warning)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	warning.Sort(order)
	all := make([]Alert, len(order))
	for i, w := range order {
		all[i] = byID[w.ID]
	}
	return all, nil
}

// Warning reads one.
func (n *Node) Warning(ctx context.Context, id int64) (a Alert, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		if a, _, err = alertOf(ctx, tx, id); err != nil {
			return err
		}
		return n.rest(ctx, tx, &a)
	})
	return a, err
}

// StepWarning takes one step of a warning in the user's name. prepare may set
// what the step must say, and the text and recipient before they are cleared.
func (n *Node) StepWarning(ctx context.Context, id int64, to warning.State, prepare func(*warning.Warning, *warning.Event)) (a Alert, err error) {
	if err := n.must(Analyst); err != nil {
		return a, err
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		var about string
		if a, about, err = alertOf(ctx, tx, id); err != nil {
			return err
		}
		if err := n.step(ctx, tx, &a, n.User.Name, to, prepare); err != nil {
			return err
		}
		return n.saveWarning(ctx, tx, a, about)
	})
	return a, err
}

func (n *Node) step(ctx context.Context, tx *store.Tx, a *Alert, actor string, to warning.State, prepare func(*warning.Warning, *warning.Event)) error {
	ev := warning.Event{At: n.now(), Actor: actor, From: a.State(), To: to}
	if last := a.Log[len(a.Log)-1].At; ev.At.Before(last) {
		ev.At = last // a clock that was set back holds up no warning
	}
	if prepare != nil {
		prepare(&a.Warning, &ev)
	}
	if err := a.Apply(ev); err != nil {
		return err
	}
	return n.recordAs(ctx, tx, actor, "warning."+string(to), fmt.Sprintf("W%d", a.Number), "", map[string]string{"reason": ev.Reason})
}

func (n *Node) saveWarning(ctx context.Context, tx *store.Tx, a Alert, ident string) error {
	row, err := a.row(ident)
	if err != nil {
		return err
	}
	return tx.SetWarning(ctx, row)
}

// Telling is a warning that is to go to a counterpart.
type Telling struct {
	To        string
	Text      string
	Recipient string              // who is to be told in the end; the watch's own when empty
	Reason    string              // why one person may send it
	Disclose  []selector.Selector // selectors that the text may name though the counterpart did not give them
}

// Tell sends a warning to a counterpart, taking in one go the steps that are
// still open. One person may do it, with a reason that is reviewed afterwards:
// life goes first.
func (n *Node) Tell(ctx context.Context, id int64, t Telling) (a Alert, err error) {
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
		to, err := n.reachable(ctx, tx, t.To)
		if err != nil {
			return err
		}
		if err := a.tellable(to.Name); err != nil {
			return err
		}
		if err := n.readyToTell(ctx, tx, &a, t); err != nil {
			return err
		}
		order, err := n.warnOrder(ctx, tx, a, to, t)
		if err != nil {
			return err
		}
		ident, outbox, err := n.desk().Warn(ctx, tx, n.User.Name, to, order)
		if err != nil {
			return err
		}
		a.Notices = append(a.Notices, NoticeRef{Counterpart: to.Name, Ident: ident, Outbox: outbox})
		a.Review = nil // it was of what was sent before
		err = n.step(ctx, tx, &a, n.User.Name, warning.Sending, func(_ *warning.Warning, ev *warning.Event) {
			ev.Detail.Channel = "parley channel with " + to.Name
		})
		if err != nil {
			return err
		}
		return n.saveWarning(ctx, tx, a, about)
	})
	if err != nil {
		return a, fmt.Errorf("send warning W%d to %s: %w", id, t.To, n.noteRefusal(ctx, "warn", fmt.Sprintf("W%d", id), t.To, err))
	}
	return a, nil
}

// tellable refuses to pass on one counterpart's warning to another: that is
// for the one who gave it to do, or to consent to. Whoever gave it is not told
// it back as if it were ours.
func (a Alert) tellable(to string) error {
	for _, ref := range a.Notices {
		switch {
		case ref.Received && ref.Counterpart == to:
			return fmt.Errorf("%s gave this warning: acknowledge it instead: %w", to, release.ErrStep)
		case ref.Received:
			return fmt.Errorf("%s gave this warning: %w", ref.Counterpart, release.ErrThirdParty)
		}
	}
	return nil
}

// cleared reports whether it is these words that were cleared, for this recipient.
func (a Alert) cleared(t Telling) bool {
	return a.State() == warning.Cleared && (t.Text == "" || a.Text == t.Text) && (t.Recipient == "" || a.Recipient == t.Recipient)
}

// readyToTell takes the steps up to cleared. Other words than those that were
// cleared before are decided on and cleared again.
func (n *Node) readyToTell(ctx context.Context, tx *store.Tx, a *Alert, t Telling) error {
	for !a.cleared(t) {
		var next warning.State
		switch a.State() {
		case warning.Candidate, warning.Reopened:
			next = warning.Screened
		case warning.Screened, warning.Undeliverable, warning.Cleared:
			next = warning.Decided
		case warning.Decided:
			next = warning.Cleared
		default:
			return fmt.Errorf("it is %s: %w", a.State(), release.ErrStep)
		}
		err := n.step(ctx, tx, a, n.User.Name, next, func(w *warning.Warning, ev *warning.Event) {
			ev.Reason = t.Reason
			switch next {
			case warning.Decided:
				ev.Detail.Decision = warning.Warn
			case warning.Cleared:
				w.Text = t.Text
				if t.Recipient != "" {
					w.Recipient = t.Recipient
				}
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// warnOrder gathers what the words may and must not show.
func (n *Node) warnOrder(ctx context.Context, tx *store.Tx, a Alert, to store.Counterpart, t Telling) (release.WarnOrder, error) {
	o := release.WarnOrder{
		Title: "Warning", Text: a.Text, Imminent: a.Imminent, Protocol: a.Protocol, Basis: a.Basis.Objects,
		Cleared: slices.Clone(t.Disclose),
	}
	for _, sel := range a.Basis.Selectors {
		found, err := tx.Findings(ctx, sel)
		if err != nil {
			return o, err
		}
		for _, f := range found {
			row, err := n.giver(ctx, tx, f)
			if err != nil {
				return o, err
			}
			if row == to.ID && !slices.Contains(o.Cleared, sel) {
				o.Cleared = append(o.Cleared, sel) // they gave it to us: it is no news to them
			}
		}
	}
	return o, nil
}

// giver is the counterpart whose object a finding stands in, or 0.
func (n *Node) giver(ctx context.Context, tx *store.Tx, f store.Finding) (int64, error) {
	if f.Object == 0 {
		return 0, nil
	}
	row, err := tx.ObjectBySeq(ctx, f.Object)
	return row.Origin, err
}
