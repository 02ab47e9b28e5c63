package node

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/release"
	"parley/internal/store"
	"parley/internal/triage"
	"parley/selector"
)

// Letter is a message from a counterpart as people see it.
type Letter struct {
	Number     int64         `json:"number"`
	From       string        `json:"from"`
	Kind       string        `json:"kind"`
	ReceivedAt time.Time     `json:"received_at"`
	Bytes      int64         `json:"bytes"`
	State      string        `json:"state"`
	Problem    string        `json:"problem,omitempty"`
	Tearline   *Tearline     `json:"tearline,omitempty"`
	Standing   *GiftStanding `json:"standing,omitempty"` // of a released tearline
}

// GiftStanding says whether whoever gave a tearline still stands by it.
type GiftStanding struct {
	State       string    `json:"state"`
	Reason      string    `json:"reason,omitempty"`
	WithdrawnAt time.Time `json:"withdrawn_at,omitzero"`
	Successor   int64     `json:"successor,omitempty"` // the message that brought what stands in its place
}

// Tearline is what a counterpart released to us.
type Tearline struct {
	Report     string              `json:"report"`
	Title      string              `json:"title"`
	Text       string              `json:"text"`
	TLP        release.TLP         `json:"tlp"`
	Use        release.Use         `json:"permitted_use"`
	Wording    string              `json:"permitted_use_wording"`
	Grade      string              `json:"grade,omitempty"`
	Descriptor string              `json:"source_descriptor,omitempty"`
	Objects    int                 `json:"objects"`
	Selectors  []selector.Selector `json:"selectors"`
}

// Inbox lists what counterparts sent, newest first, at most limit (0: all).
func (n *Node) Inbox(ctx context.Context, limit int) (all []Letter, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Inbox(ctx, limit)
		if err != nil {
			return err
		}
		for _, in := range rows {
			l, err := n.letter(ctx, tx, in)
			if err != nil {
				return err
			}
			all = append(all, l)
		}
		return nil
	})
	return all, err
}

// Letter reads one message.
func (n *Node) Letter(ctx context.Context, id int64) (l Letter, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		in, err := tx.Incoming(ctx, id)
		if err != nil {
			return err
		}
		l, err = n.letter(ctx, tx, in)
		return err
	})
	return l, err
}

func (n *Node) letter(ctx context.Context, tx *store.Tx, in store.Incoming) (Letter, error) {
	from, err := tx.CounterpartByID(ctx, in.Counterpart)
	if err != nil {
		return Letter{}, err
	}
	l := Letter{
		Number: in.ID, From: from.Name, Kind: in.Kind, ReceivedAt: in.ReceivedAt, Bytes: in.Total, State: in.State, Problem: in.Problem,
	}
	if in.State != store.Applied {
		return l, nil
	}
	switch in.Kind {
	case release.KindBundle:
		if got, err := release.Verify(in.Body); err == nil {
			l.Tearline = n.tearline(got)
		}
		if l.Standing, err = giftStanding(ctx, tx, in.ID); err != nil {
			return l, err
		}
	case release.KindWarning:
		if _, got, err := release.ReadNotice(in.Body); err == nil {
			l.Tearline = n.tearline(got)
		}
	}
	return l, nil
}

func giftStanding(ctx context.Context, tx *store.Tx, inbox int64) (*GiftStanding, error) {
	g, err := tx.GiftByInbox(ctx, inbox)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil // the same bytes came before, or came before this was noted
	}
	if err != nil {
		return nil, err
	}
	s := &GiftStanding{State: g.State, Reason: g.Reason, WithdrawnAt: g.WithdrawnAt}
	if g.Successor != 0 {
		next, err := tx.Gift(ctx, g.Successor)
		if err != nil {
			return nil, err
		}
		s.Successor = next.Inbox
	}
	return s, nil
}

func (n *Node) tearline(got release.Received) *Tearline {
	t := &Tearline{
		Report: string(got.Report.ID()), Title: got.Title, Text: got.Text, TLP: got.TLP, Use: got.PermittedUse,
		Wording: got.PermittedUse.Wording(), Grade: got.Grade.String(), Descriptor: got.SourceDescriptor, Objects: len(got.Objects),
		Selectors: []selector.Selector{},
	}
	seen := map[selector.Selector]bool{}
	for _, o := range got.Objects {
		for _, f := range n.selectorsOf(o, 0, "") {
			if !seen[f.Selector] {
				seen[f.Selector] = true
				t.Selectors = append(t.Selectors, f.Selector)
			}
		}
	}
	return t
}

// Selectors lists what the node holds, by kind and value.
func (n *Node) Selectors(ctx context.Context, scope store.Scope) (all []store.Tally, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Selectors(ctx, scope)
		return err
	})
	return all, err
}

// SelectorNumbered is the selector of a number that [Node.Selectors] gave.
func (n *Node) SelectorNumbered(ctx context.Context, id int64) (sel selector.Selector, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		sel, err = tx.SelectorNumbered(ctx, id)
		return err
	})
	return sel, err
}

// Findings lists where a selector was found.
func (n *Node) Findings(ctx context.Context, sel selector.Selector) (all []store.Finding, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Findings(ctx, sel)
		return err
	})
	return all, err
}

// ShowFinding opens the place of a finding in its evidence again.
func (n *Node) ShowFinding(ctx context.Context, id int64) (store.Finding, triage.Excerpt, error) {
	var (
		f store.Finding
		e store.Evidence
	)
	err := n.store.View(ctx, func(tx *store.Tx) (err error) {
		if f, err = tx.Finding(ctx, id); err != nil {
			return err
		}
		if f.Evidence == 0 {
			return fmt.Errorf("finding %d stands in %s, not in evidence: %w", id, f.Place, store.ErrNotFound)
		}
		e, err = tx.Evidence(ctx, f.Evidence)
		return err
	})
	if err != nil {
		return f, triage.Excerpt{}, err
	}
	excerpt, err := n.reopen(ctx, e, f.Place)
	if err == nil {
		err = n.opened(ctx, e.ID, "finding", id)
	}
	return f, excerpt, err
}

// ShowArtifact opens the place of an artifact in its evidence again.
func (n *Node) ShowArtifact(ctx context.Context, id int64) (a store.Artifact, excerpt triage.Excerpt, err error) {
	var e store.Evidence
	err = n.store.View(ctx, func(tx *store.Tx) error {
		if a, err = tx.Artifact(ctx, id); err == nil {
			e, err = tx.Evidence(ctx, a.Evidence)
		}
		return err
	})
	if err == nil {
		excerpt, err = n.reopen(ctx, e, a.Place)
	}
	if err == nil {
		err = n.opened(ctx, e.ID, "artifact", id)
	}
	return a, excerpt, err
}

// reopen opens a place in evidence that has not changed.
func (n *Node) reopen(ctx context.Context, e store.Evidence, at string) (triage.Excerpt, error) {
	if err := unchanged(ctx, e); err != nil {
		return triage.Excerpt{}, err
	}
	place, err := triage.ParsePlace(at)
	if err != nil {
		return triage.Excerpt{}, err
	}
	return triage.Show(ctx, e.Path, place, triage.Options{Region: n.Settings.Region, Limits: triage.DefaultLimits()})
}

// Artifacts lists contacts, messages, pictures and the like of evidence.
func (n *Node) Artifacts(ctx context.Context, evidence int64, kind string) (all []store.Artifact, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Artifacts(ctx, evidence, kind)
		return err
	})
	return all, err
}

// Files lists the files of evidence, or only those that could not be read.
func (n *Node) Files(ctx context.Context, evidence int64, faulty bool) (all []store.File, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Files(ctx, evidence, faulty)
		return err
	})
	return all, err
}
