package node

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"parley/internal/release"
	"parley/internal/rules"
	"parley/internal/store"
)

// proposedRules is the setting that holds a file of rules which waits for a second person.
const proposedRules = "rules/proposed"

// lookedBack is for how long a proposal is asked what it would have let go.
const lookedBack = 30 * 24 * time.Hour

// proposedFile is a file of rules that waits, and the digest of those that held when it was proposed.
type proposedFile struct {
	release.RulesFile
	Over string `json:"over"`
}

// Proposal is a file of rules that waits for a second person, beside the rules that hold.
type Proposal struct {
	Name        string             `json:"name"`
	SHA256      string             `json:"sha256"`
	ProposedBy  string             `json:"proposed_by"`
	ProposedAt  time.Time          `json:"proposed_at"`
	Text        string             `json:"text"`
	Differences []rules.Difference `json:"differences"` // what widens first
	Goes        []Simulated        `json:"goes"`        // of the last 30 days, what these rules let go and those that hold do not
	Stays       int                `json:"stays"`       // how much the rules that hold let go and these do not
}

// ProposeRules keeps a file of rules until a second person confirms it. It takes the place of one that waited.
func (n *Node) ProposeRules(ctx context.Context, name string, text []byte) (p Proposal, err error) {
	if err := n.must(Administrator); err != nil {
		return p, err
	}
	set, err := rulesWithCases(name, text)
	if err != nil {
		return p, err
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		now, err := holding(ctx, tx)
		if err != nil {
			return err
		}
		f := proposedFile{release.RulesFile{Name: name, Text: string(text), SetBy: n.User.Name, SetAt: n.now().UTC()}, hex.EncodeToString(now.Digest[:])}
		if err := tx.SetJSONSetting(ctx, proposedRules, f); err != nil {
			return err
		}
		return n.record(ctx, tx, "rules.propose", name, "", rulesNote{SHA256: hex.EncodeToString(set.Digest[:])})
	})
	if err != nil {
		return p, err
	}
	return n.ProposedRules(ctx)
}

// ProposedRules reads the file of rules that waits, with what it would have let go.
func (n *Node) ProposedRules(ctx context.Context) (p Proposal, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		f, next, err := proposed(ctx, tx)
		if err != nil {
			return err
		}
		now, err := holding(ctx, tx)
		if err != nil {
			return err
		}
		p = Proposal{
			Name: f.Name, SHA256: hex.EncodeToString(next.Digest[:]), ProposedBy: f.SetBy, ProposedAt: f.SetAt, Text: f.Text,
			Differences: append([]rules.Difference{}, next.Since(now)...), Goes: []Simulated{},
		}
		return n.weighRules(ctx, tx, now, next, &p)
	})
	return p, err
}

// weighRules asks both files about the same releases and reports.
func (n *Node) weighRules(ctx context.Context, tx *store.Tx, now, next *rules.Set, p *Proposal) error {
	since := n.now().Add(-lookedBack)
	before, err := n.simulate(ctx, tx, now, since)
	if err != nil {
		return err
	}
	after, err := n.simulate(ctx, tx, next, since)
	if err != nil {
		return err
	}
	for i, s := range after { // of the same store, and so the same things in the same order
		switch {
		case s.Allowed && !before[i].Allowed:
			p.Goes = append(p.Goes, s)
		case !s.Allowed && before[i].Allowed:
			p.Stays++
		}
	}
	return nil
}

func proposed(ctx context.Context, tx *store.Tx) (f proposedFile, set *rules.Set, err error) {
	if err := tx.JSONSetting(ctx, proposedRules, &f); err != nil {
		return f, nil, err
	}
	if f.Name == "" {
		return f, nil, fmt.Errorf("no rules wait for a second person: %w", store.ErrNotFound)
	}
	set, err = rules.Parse(f.Name, []byte(f.Text))
	return f, set, err
}

// ConfirmRules has a proposed file hold: the second person's word for exactly that file, named by the whole of its
// SHA-256: whoever proposes soon finds two files with the same beginning, and could propose the other meanwhile.
func (n *Node) ConfirmRules(ctx context.Context, digest string) (f release.RulesFile, err error) {
	if err := n.must(Administrator, Releaser); err != nil {
		return f, err
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		p, set, err := proposed(ctx, tx)
		if err != nil {
			return err
		}
		sum := hex.EncodeToString(set.Digest[:])
		now, err := holding(ctx, tx)
		switch {
		case err != nil:
			return err
		case strings.EqualFold(p.SetBy, n.User.Name):
			return fmt.Errorf("%s was proposed by %s: %w", p.Name, p.SetBy, release.ErrSamePerson)
		case !strings.EqualFold(digest, sum):
			return fmt.Errorf("what waits has the SHA-256 %s: look at it with 'parley rules proposed', and name that: %w", sum, release.ErrStep)
		case p.Over != hex.EncodeToString(now.Digest[:]):
			return fmt.Errorf("other rules hold since %s was proposed: propose it again: %w", p.Name, release.ErrStep)
		}
		f = release.RulesFile{Name: p.Name, Text: p.Text, SetBy: p.SetBy, SetAt: n.now().UTC(), ConfirmedBy: n.User.Name}
		if err := release.SetRules(ctx, tx, f); err != nil {
			return err
		}
		if err := tx.SetJSONSetting(ctx, proposedRules, proposedFile{}); err != nil {
			return err
		}
		return n.record(ctx, tx, "rules.confirm", f.Name, "", rulesNote{SHA256: sum, ProposedBy: p.SetBy})
	})
	return f, err
}
