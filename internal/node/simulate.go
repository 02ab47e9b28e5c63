package node

import (
	"context"
	"fmt"
	"time"

	"parley/internal/permit"
	"parley/internal/release"
	"parley/internal/rules"
	"parley/internal/store"
	"parley/stix"
)

// Simulated is what rules would have said of something that the node holds.
type Simulated struct {
	What    string      `json:"what"` // R1, or a report's id
	To      string      `json:"to"`
	Use     permit.Use  `json:"use"`
	TLP     release.TLP `json:"tlp"`
	At      time.Time   `json:"at"`
	State   string      `json:"state"` // of a release, or "no release" of a report
	Allowed bool        `json:"allowed"`
	By      []string    `json:"by"`
	Reason  string      `json:"reason"`
}

// Simulate asks rules that do not hold about what happened since a moment: every release, as of when it
// was drafted; and every report of ours, for every counterpart and use, under the narrowest label. It
// changes nothing and lets nothing go.
func (n *Node) Simulate(ctx context.Context, set *rules.Set, since time.Time) (all []Simulated, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = n.simulate(ctx, tx, set, since)
		return err
	})
	return all, err
}

func (n *Node) simulate(ctx context.Context, tx *store.Tx, set *rules.Set, since time.Time) ([]Simulated, error) {
	s := simulation{n, tx, set, since}
	all, err := s.releases(ctx)
	if err != nil {
		return nil, fmt.Errorf("simulate rules: %w", err)
	}
	reports, err := s.reports(ctx)
	if err != nil {
		return nil, fmt.Errorf("simulate rules: %w", err)
	}
	return append(all, reports...), nil
}

type simulation struct {
	*Node
	tx    *store.Tx
	set   *rules.Set
	since time.Time
}

func (s simulation) releases(ctx context.Context) (all []Simulated, err error) {
	rows, err := s.tx.Releases(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		at := r.UpdatedAt
		rulings, err := s.tx.Rulings(ctx, r.ID)
		if err != nil {
			return nil, err
		}
		if len(rulings) > 0 {
			at = rulings[0].At
		}
		if at.Before(s.since) {
			continue
		}
		to, err := s.tx.CounterpartByID(ctx, r.Counterpart)
		if err != nil {
			return nil, err
		}
		o, err := release.ReadOrder(r)
		if err != nil {
			return nil, err
		}
		ruling, err := s.desk().Judge(ctx, s.tx, s.set, r, at)
		if err != nil {
			return nil, err
		}
		one := Simulated{What: fmt.Sprintf("R%d", r.ID), To: to.Name, Use: o.Use, TLP: o.TLP, At: at, State: r.State}
		all = append(all, one.ruled(ruling))
	}
	return all, nil
}

func (s simulation) reports(ctx context.Context) (all []Simulated, err error) {
	rows, err := s.tx.Objects(ctx, "report")
	if err != nil {
		return nil, err
	}
	counterparts, err := s.tx.Counterparts(ctx)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if row.Origin != 0 || row.AddedAt.Before(s.since) {
			continue
		}
		o, err := stix.ParseObject(row.Body)
		if err != nil {
			return nil, fmt.Errorf("object number %d: %w", row.Seq, err)
		}
		for _, to := range counterparts {
			uses := permit.Uses()
			rulings, err := s.desk().JudgeReport(ctx, s.tx, s.set, to, release.Order{Report: o.ID(), TLP: release.TLPRed}, uses, row.AddedAt)
			if err != nil {
				return nil, err
			}
			for i, ruling := range rulings {
				one := Simulated{What: string(o.ID()), To: to.Name, Use: uses[i], TLP: release.TLPRed, At: row.AddedAt, State: "no release"}
				all = append(all, one.ruled(ruling))
			}
		}
	}
	return all, nil
}

func (one Simulated) ruled(r release.Ruling) Simulated {
	one.Allowed, one.Reason = r.Allowed, r.Reason()
	for _, b := range r.Because {
		if b.Allowed == r.Allowed {
			one.By = append(one.By, b.By...)
		}
	}
	return one
}
