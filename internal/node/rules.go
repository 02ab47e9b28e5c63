package node

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"parley/internal/release"
	"parley/internal/rules"
	"parley/internal/store"
)

// Rules reads the file of rules by which releases are allowed.
func (n *Node) Rules(ctx context.Context) (f release.RulesFile, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		f, err = release.Rules(ctx, tx)
		return err
	})
	return f, err
}

// SetRules makes a file the node's rules at once; only an administrator may, only one whose cases all hold, and only one
// that lets nothing go that stays now: what may let more go is proposed, and confirmed by a second person.
func (n *Node) SetRules(ctx context.Context, name string, text []byte) (f release.RulesFile, err error) {
	if err := n.must(Administrator); err != nil {
		return f, err
	}
	set, err := rulesWithCases(name, text)
	if err != nil {
		return f, err
	}
	f = release.RulesFile{Name: name, Text: string(text), SetBy: n.User.Name, SetAt: n.now().UTC()}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		now, err := holding(ctx, tx)
		if err != nil {
			return err
		}
		if d := set.Since(now); len(d) > 0 && d[0].Widens {
			return fmt.Errorf("%s may let more go than the rules that hold (%s is %s): propose it with 'parley rules propose': %w", name, d[0].What, d[0].How, release.ErrSamePerson)
		}
		if err := release.SetRules(ctx, tx, f); err != nil {
			return err
		}
		return n.record(ctx, tx, "rules.set", name, "", rulesNote{SHA256: hex.EncodeToString(set.Digest[:])})
	})
	return f, err
}

// rulesNote is what the ledger keeps of a file of rules.
type rulesNote struct {
	SHA256     string `json:"sha256"`
	ProposedBy string `json:"proposed_by,omitempty"`
}

// rulesWithCases reads a file of rules of which every case must come out as it expects.
func rulesWithCases(name string, text []byte) (*rules.Set, error) {
	set, err := rules.Parse(name, text)
	if err != nil {
		return nil, err
	}
	for _, o := range set.Test(set.Cases) {
		if !o.Holds {
			return nil, fmt.Errorf("%s: the case %q is %s, and not %s: mend the rules or the case: %w", o.Place, o.Case, o.Got.Verdict(), o.Expected, release.ErrRule)
		}
	}
	return set, nil
}

// holding reads the rules that hold.
func holding(ctx context.Context, tx *store.Tx) (*rules.Set, error) {
	f, err := release.Rules(ctx, tx)
	if err != nil {
		return nil, err
	}
	return rules.Parse(f.Name, []byte(f.Text))
}

// noteRefusal writes down that the rules refused something: what was to be done was given up whole, and
// trying is worth knowing of.
func (n *Node) noteRefusal(ctx context.Context, act, subject, counterpart string, refused error) error {
	if !errors.Is(refused, release.ErrRule) {
		return refused
	}
	err := n.store.Update(ctx, func(tx *store.Tx) error {
		return n.record(ctx, tx, "rules.refuse", subject, counterpart, map[string]string{"act": act, "why": refused.Error()})
	})
	return errors.Join(refused, err)
}

// Ruling is by which rules a release was allowed at one step.
type Ruling struct {
	Step    string          `json:"step"`
	Rules   string          `json:"rules"` // SHA-256 of the file
	Because []release.Ruled `json:"because"`
}

// Rulings reads by which rules a release was allowed, step by step.
func (n *Node) Rulings(ctx context.Context, id int64) (all []Ruling, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Rulings(ctx, id)
		if err != nil {
			return err
		}
		for _, row := range rows {
			r := Ruling{Step: row.Step, Rules: hex.EncodeToString(row.Rules)}
			if err := json.Unmarshal(row.Decisions, &r.Because); err != nil {
				return fmt.Errorf("read a ruling on release R%d: %w", id, err)
			}
			all = append(all, r)
		}
		return nil
	})
	return all, err
}
