package node

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parley/internal/release"
	"parley/internal/store"
	"parley/internal/warning"
	"parley/stix"
)

// warned is the effect of a counterpart's warning: it stands in our list with
// a clock of its own, and the counterpart hears that it arrived.
func (n *Node) warned(in store.Incoming) effect {
	notice, got, err := release.ReadNotice(in.Body)
	if err != nil {
		return refuse("%v", err)
	}
	return effect{commit: func(ctx context.Context, tx *store.Tx) error {
		from, err := tx.CounterpartByID(ctx, in.Counterpart)
		if err != nil {
			return err
		}
		for _, o := range got.Objects {
			_, err := n.putReceived(ctx, tx, o, in.Counterpart, got)
			if err != nil && !errors.Is(err, store.ErrVersion) {
				return err
			}
		}
		id, err := stix.NewID("report", n.rand)
		if err != nil {
			return err
		}
		a := Alert{
			Warning: warning.Warning{
				ID: string(id), Subject: fmt.Sprintf("%s warns: %s", from.Name, short(got.Title)), Imminent: notice.Imminent,
				Protocol: notice.Protocol, Text: got.Text, Basis: warning.Basis{Objects: []stix.ID{got.Report.ID()}},
			},
			Notices: []NoticeRef{{Counterpart: from.Name, Ident: notice.Ident, Received: true}},
		}
		if _, err := n.addWarning(ctx, tx, a, "notice/"+from.Name+"/"+notice.Ident, from.Name); err != nil {
			return err
		}
		if _, err := n.raise(ctx, tx); err != nil { // it may name somebody whom we watch over
			return err
		}
		return n.desk().Acknowledge(ctx, tx, n.Settings.Party, from, release.Receipt{Ident: notice.Ident})
	}}
}

// short cuts a counterpart's title to what a subject has room for: a warning
// is not refused for a long one.
func short(title string) string {
	const most = 200
	if r := []rune(title); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return title
}

// receipted is the effect of a receipt for a warning of ours.
func (n *Node) receipted(in store.Incoming) effect {
	r, err := release.ReadReceipt(in.Body)
	if err != nil {
		return refuse("%v", err)
	}
	return effect{commit: func(ctx context.Context, tx *store.Tx) error {
		from, err := tx.CounterpartByID(ctx, in.Counterpart)
		if err != nil {
			return err
		}
		rows, err := tx.Warnings(ctx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			a, err := readAlert(row)
			if err != nil {
				return err
			}
			if a.confirmed(from.Name, r.Ident, n.now().UTC()) {
				return n.saveWarning(ctx, tx, a, row.Ident)
			}
			switch i := a.sentAs(from.Name, r.Ident); i {
			case -1:
				continue
			case a.lastNotice():
				return n.noteReceipt(ctx, tx, a, row.Ident, from.Name, r)
			default:
				return nil // of words that others have replaced since
			}
		}
		return errors.New("a receipt for a warning that we did not send")
	}}
}

// sentAs is which of a warning's notices went to a counterpart under an ident,
// or -1.
func (a Alert) sentAs(counterpart, ident string) int {
	return slices.IndexFunc(a.Notices, func(ref NoticeRef) bool {
		return !ref.Received && ref.Counterpart == counterpart && ref.Ident == ident
	})
}

// noteReceipt moves a warning on; a receipt that says what is known changes
// nothing.
func (n *Node) noteReceipt(ctx context.Context, tx *store.Tx, a Alert, ident, from string, r release.Receipt) error {
	states := []warning.State{warning.Delivered}
	if r.Acknowledged {
		states = append(states, warning.Acknowledged)
	}
	for _, to := range states {
		if !a.State().May(to) {
			continue
		}
		err := n.step(ctx, tx, &a, from, to, func(_ *warning.Warning, ev *warning.Event) {
			ev.Detail.Receipt = r.Ident
		})
		if err != nil {
			return err
		}
	}
	return n.saveWarning(ctx, tx, a, ident)
}

// AcknowledgeWarning tells the counterpart that a person has taken note of its
// warning.
func (n *Node) AcknowledgeWarning(ctx context.Context, id int64) error {
	if err := n.must(Analyst); err != nil {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		a, _, err := alertOf(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, ref := range a.Notices {
			if !ref.Received {
				continue
			}
			from, err := tx.Counterpart(ctx, ref.Counterpart)
			if err != nil {
				return err
			}
			return n.desk().Acknowledge(ctx, tx, n.User.Name, from, release.Receipt{Ident: ref.Ident, Acknowledged: true})
		}
		return fmt.Errorf("warning W%d is our own: only a counterpart's warning is acknowledged: %w", id, release.ErrStep)
	})
}

// undelivered notes of every warning that is on its way to a counterpart that
// the channel it went by is gone: the duty stands, and somebody must send it
// again.
func (n *Node) undelivered(ctx context.Context, tx *store.Tx, to store.Counterpart) error {
	rows, err := tx.Warnings(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		a, err := readAlert(row)
		if err != nil {
			return err
		}
		if a.lose(to.Name) {
			if err := n.saveWarning(ctx, tx, a, row.Ident); err != nil {
				return err
			}
		}
		last := a.lastNotice()
		if last < 0 || a.Notices[last].Received || a.Notices[last].Counterpart != to.Name || a.State() != warning.Sending {
			continue
		}
		err = n.step(ctx, tx, &a, n.User.Name, warning.Undeliverable, func(_ *warning.Warning, ev *warning.Event) {
			ev.Reason = "the channel was replaced before " + to.Name + " had confirmed it"
		})
		if err != nil {
			return err
		}
		if err := n.saveWarning(ctx, tx, a, row.Ident); err != nil {
			return err
		}
	}
	return nil
}
