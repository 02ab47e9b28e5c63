package node

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"parley/internal/release"
	"parley/internal/store"
	"parley/internal/warning"
	"parley/selector"
	"parley/stix"
)

// Alert is a warning as the node keeps it: the duty itself, and which notices
// of it went out or came in.
type Alert struct {
	Number int64  `json:"number"`
	ID     string `json:"id"`
	warning.Warning
	Notices []NoticeRef `json:"notices,omitempty"`
}

// NoticeRef ties a warning to a notice that crossed.
type NoticeRef struct {
	Counterpart string `json:"counterpart"`
	Ident       string `json:"ident"`
	Received    bool   `json:"received"` // it came from there; else it went there
	Outbox      int64  `json:"outbox,omitempty"`
}

func readAlert(row store.Warning) (Alert, error) {
	var a Alert
	if err := json.Unmarshal(row.Body, &a); err != nil {
		return a, fmt.Errorf("read warning W%d: %w", row.ID, err)
	}
	a.Number, a.Warning.ID = row.ID, a.ID
	return a, nil
}

func (a Alert) row(ident string) (store.Warning, error) {
	a.ID = a.Warning.ID
	body, err := json.Marshal(a)
	if err != nil {
		return store.Warning{}, fmt.Errorf("write warning W%d: %w", a.Number, err)
	}
	last := a.Log[len(a.Log)-1]
	return store.Warning{ID: a.Number, Ident: ident, State: string(a.State()), Imminent: a.Imminent, Body: body, UpdatedAt: last.At}, nil
}

// raise holds everything in the store against the watch list and raises a
// warning for each recipient and source that has none yet.
func (n *Node) raise(ctx context.Context, tx *store.Tx) ([]store.Warning, error) {
	watches, err := tx.Watches(ctx)
	if err != nil {
		return nil, err
	}
	list := make(warning.WatchList, len(watches))
	var sighted []warning.Sighted
	for i, w := range watches {
		list[i] = warning.Watch{Selector: w.Selector, Note: w.Note, Owner: w.Owner, Imminent: w.Imminent, Recipient: w.Recipient}
		found, err := tx.Findings(ctx, w.Selector)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			if where := source(f); where != "" {
				sighted = append(sighted, warning.Sighted{Selector: f.Selector, Where: where})
			}
		}
	}
	var raised []store.Warning
	for _, group := range grouped(list.Hits(sighted)) {
		row, err := n.raiseOne(ctx, tx, group)
		if errors.Is(err, store.ErrExists) {
			continue
		}
		if err != nil {
			return nil, err
		}
		raised = append(raised, row)
	}
	return raised, nil
}

// source names what a finding came with: evidence, a counterpart's report, an
// imported bundle. Our own lists are no news to anybody.
func source(f store.Finding) string {
	switch {
	case f.Evidence != 0:
		return fmt.Sprintf("E%d", f.Evidence)
	case f.Object != 0:
		return f.List
	}
	return ""
}

// grouped puts together the hits that one recipient must be told of one source.
func grouped(hits []warning.Hit) [][]warning.Hit {
	var groups [][]warning.Hit
	at := map[string]int{}
	for _, h := range hits {
		key := ident(h)
		if i, known := at[key]; known {
			groups[i] = append(groups[i], h)
			continue
		}
		at[key] = len(groups)
		groups = append(groups, []warning.Hit{h})
	}
	return groups
}

func ident(h warning.Hit) string {
	who := h.Watch.Recipient
	if who == "" {
		who = h.Watch.Selector.String()
	}
	sum := sha256.Sum256([]byte(who + "\x00" + h.Where))
	return hex.EncodeToString(sum[:])
}

func (n *Node) raiseOne(ctx context.Context, tx *store.Tx, hits []warning.Hit) (store.Warning, error) {
	if row, err := tx.WarningByIdent(ctx, ident(hits[0])); err == nil {
		return row, store.ErrExists
	} else if !errors.Is(err, store.ErrNotFound) {
		return row, err
	}
	id, err := stix.NewID("report", n.rand)
	if err != nil {
		return store.Warning{}, err
	}
	w := hits[0].Warning(string(id))
	w.Protocol = "duty to warn"
	for _, h := range hits[1:] {
		if !slices.Contains(w.Basis.Selectors, h.Watch.Selector) {
			w.Basis.Selectors = append(w.Basis.Selectors, h.Watch.Selector)
		}
		w.Imminent = w.Imminent || h.Watch.Imminent
	}
	if len(w.Basis.Selectors) > 1 {
		w.Subject = fmt.Sprintf("%d watched selectors seen in %s", len(w.Basis.Selectors), hits[0].Where)
	}
	return n.addWarning(ctx, tx, Alert{Warning: w}, ident(hits[0]), "watch list")
}

func (n *Node) addWarning(ctx context.Context, tx *store.Tx, a Alert, ident, actor string) (store.Warning, error) {
	if err := a.Apply(warning.Event{At: n.now(), Actor: actor, To: warning.Candidate}); err != nil {
		return store.Warning{}, err
	}
	row, err := a.row(ident)
	if err != nil {
		return row, err
	}
	if row.ID, err = tx.AddWarning(ctx, row); err != nil {
		return row, err
	}
	return row, n.recordAs(ctx, tx, actor, "warning.raise", fmt.Sprintf("W%d", row.ID), "", map[string]any{
		"imminent": a.Imminent, "recipient": a.Recipient, "selectors": len(a.Basis.Selectors),
	})
}

// Warnings lists all, life first.
func (n *Node) Warnings(ctx context.Context) ([]Alert, error) {
	var rows []store.Warning
	err := n.store.View(ctx, func(tx *store.Tx) (err error) {
		rows, err = tx.Warnings(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	byID := map[string]Alert{}
	order := make([]warning.Warning, 0, len(rows))
	for _, r := range rows {
		a, err := readAlert(r)
		if err != nil {
			return nil, err
		}
		byID[a.ID] = a
		order = append(order, a.Warning)
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
		row, err := tx.Warning(ctx, id)
		if err != nil {
			return err
		}
		a, err = readAlert(row)
		return err
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
		row, err := tx.Warning(ctx, id)
		if err != nil {
			return err
		}
		if a, err = readAlert(row); err != nil {
			return err
		}
		if err := n.step(ctx, tx, &a, n.User.Name, to, prepare); err != nil {
			return err
		}
		return n.saveWarning(ctx, tx, a, row.Ident)
	})
	return a, err
}

func (n *Node) step(ctx context.Context, tx *store.Tx, a *Alert, actor string, to warning.State, prepare func(*warning.Warning, *warning.Event)) error {
	ev := warning.Event{At: n.now(), Actor: actor, From: a.State(), To: to}
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
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		row, err := tx.Warning(ctx, id)
		if err != nil {
			return err
		}
		if a, err = readAlert(row); err != nil {
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
		err = n.step(ctx, tx, &a, n.User.Name, warning.Sending, func(_ *warning.Warning, ev *warning.Event) {
			ev.Detail.Channel = "parley channel with " + to.Name
		})
		if err != nil {
			return err
		}
		return n.saveWarning(ctx, tx, a, row.Ident)
	})
	if err != nil {
		return a, fmt.Errorf("send warning W%d to %s: %w", id, t.To, err)
	}
	return a, nil
}

// tellable refuses to pass on one counterpart's warning to another: that is
// for the one who gave it to do, or to consent to.
func (a Alert) tellable(to string) error {
	for _, ref := range a.Notices {
		if ref.Received && ref.Counterpart != to {
			return fmt.Errorf("%s gave this warning: %w", ref.Counterpart, release.ErrThirdParty)
		}
	}
	return nil
}

// readyToTell takes the steps up to cleared.
func (n *Node) readyToTell(ctx context.Context, tx *store.Tx, a *Alert, t Telling) error {
	for a.State() != warning.Cleared {
		var next warning.State
		switch a.State() {
		case warning.Candidate, warning.Reopened:
			next = warning.Screened
		case warning.Screened, warning.Undeliverable:
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
