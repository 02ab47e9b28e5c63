package node

import (
	"context"
	"errors"
	"slices"

	"parley/internal/assess"
	"parley/internal/match"
	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
)

// Balance is what went between us and one counterpart, each way.
type Balance struct {
	With   string `json:"with"`
	Ours   Share  `json:"ours"`   // what we did for them
	Theirs Share  `json:"theirs"` // what they did for us
}

// Share is one side's part.
type Share struct {
	Given     int `json:"given"`     // tearlines, those withdrawn since included
	Useful    int `json:"useful"`    // of these, to the other side as far as it shows
	Recalled  int `json:"recalled"`  // of these
	Amended   int `json:"amended"`   // of these
	Warnings  int `json:"warnings"`  // that it sent
	Asked     int `json:"asked"`     // asks to pass something on that it made, and questions on matches
	Answered  int `json:"answered"`  // asks to pass something on, of the other side, that it answered
	Consented int `json:"consented"` // of these, with a yes
	Matches   int `json:"matches"`   // that it proposed
	Echoes    int `json:"echoes"`    // of what we gave, in what it gave; theirs alone
}

// Balances draws up the balance with each counterpart, or with the one named.
func (n *Node) Balances(ctx context.Context, with string) (all []Balance, err error) {
	all = []Balance{}
	err = n.store.View(ctx, func(tx *store.Tx) error {
		parties, err := tx.Counterparts(ctx)
		if err != nil {
			return err
		}
		if with != "" {
			one, err := tx.Counterpart(ctx, with)
			if err != nil {
				return err
			}
			parties = []store.Counterpart{one}
		}
		w := &weighbridge{tx: tx, by: map[int64]*Balance{}, named: map[string]*Balance{}}
		for _, p := range parties {
			b := &Balance{With: p.Name}
			w.by[p.ID], w.named[p.Name] = b, b
		}
		for _, count := range []func(context.Context) error{w.releases, w.gifts, w.consents, w.warnings, w.matches, w.echoes} {
			if err := count(ctx); err != nil {
				return err
			}
		}
		for _, p := range parties {
			all = append(all, *w.by[p.ID])
		}
		return nil
	})
	return all, err
}

// weighbridge counts into balances.
type weighbridge struct {
	tx    *store.Tx
	by    map[int64]*Balance
	named map[string]*Balance
}

// of is the balance with a counterpart; one that nobody asked for is counted nowhere.
func (w *weighbridge) of(counterpart int64) *Balance {
	if b := w.by[counterpart]; b != nil {
		return b
	}
	return &Balance{}
}

func (w *weighbridge) releases(ctx context.Context) error {
	all, err := w.tx.Releases(ctx)
	for _, r := range all {
		ours := &w.of(r.Counterpart).Ours
		switch r.State {
		case release.Sent:
			ours.Given++
		case release.Recalled:
			ours.Given, ours.Recalled = ours.Given+1, ours.Recalled+1
		case release.Amended:
			ours.Given, ours.Amended = ours.Given+1, ours.Amended+1
		}
	}
	return err
}

// gifts counts what was given to us. It was useful if one of our people graded it 1
// to 3, or if a warning rests on it.
func (w *weighbridge) gifts(ctx context.Context) error {
	warned, err := w.warnedBy(ctx)
	if err != nil {
		return err
	}
	for id, b := range w.by {
		all, err := w.tx.GiftsFrom(ctx, id)
		if err != nil {
			return err
		}
		for _, g := range all {
			b.Theirs.Given++
			switch g.State {
			case store.Recalled:
				b.Theirs.Recalled++
			case store.Amended:
				b.Theirs.Amended++
			}
			good, err := w.graded(ctx, g)
			if err != nil {
				return err
			}
			if good || warned[g.Report] {
				b.Theirs.Useful++
			}
		}
	}
	return nil
}

// warnedBy are the reports that a warning rests on.
func (w *weighbridge) warnedBy(ctx context.Context) (map[string]bool, error) {
	rows, err := w.tx.Warnings(ctx)
	if err != nil {
		return nil, err
	}
	where := map[string]bool{}
	for _, row := range rows {
		a, err := readAlert(row)
		if err != nil {
			return nil, err
		}
		for _, place := range a.Basis.Where {
			where[place] = true
		}
	}
	return where, nil
}

// graded tells whether one of our people graded a gift's claim 1 to 3.
func (w *weighbridge) graded(ctx context.Context, g store.Gift) (bool, error) {
	id, err := stix.ParseID(g.Claim)
	if err != nil {
		return false, nil // it brought no claim
	}
	row, err := w.tx.Object(ctx, id.Type(), id.UUID())
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	o, err := stix.ParseObject(row.Body)
	if err != nil {
		return false, err
	}
	c, is, err := assess.ReadClaim(o)
	return is && c.Grade.Grader != c.Claimant && c.Grade.Credibility >= 1 && c.Grade.Credibility <= 3, err
}

// consents counts asks and answers. What somebody asks to pass on was useful to it.
func (w *weighbridge) consents(ctx context.Context) error {
	all, err := w.tx.Consents(ctx)
	if err != nil {
		return err
	}
	named := map[int64][]string{} // tearlines of ours that a counterpart asked about
	for _, c := range all {
		b := w.of(c.Counterpart)
		asker, answerer := &b.Theirs, &b.Ours
		if c.Ours {
			asker, answerer = &b.Ours, &b.Theirs
		}
		asker.Asked++
		if c.Answer != nil {
			answer, err := release.ReadAnswer(c.Answer)
			if err != nil {
				return err
			}
			answerer.Answered++
			if answer.Consents {
				answerer.Consented++
			}
		}
		if c.Ours {
			continue
		}
		ask, err := release.ReadAsk(c.Ask)
		if err != nil {
			return err
		}
		for _, g := range ask.Of {
			if !slices.Contains(named[c.Counterpart], g.Digest) {
				named[c.Counterpart] = append(named[c.Counterpart], g.Digest)
				b.Ours.Useful++
			}
		}
	}
	return nil
}

func (w *weighbridge) warnings(ctx context.Context) error {
	rows, err := w.tx.Warnings(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		a, err := readAlert(row)
		if err != nil {
			return err
		}
		for _, ref := range a.Notices {
			b := w.named[ref.Counterpart]
			switch {
			case b == nil:
			case ref.Received:
				b.Theirs.Warnings++
			default:
				b.Ours.Warnings++
			}
		}
	}
	return nil
}

func (w *weighbridge) matches(ctx context.Context) error {
	all, err := w.tx.Matchings(ctx)
	if err != nil {
		return err
	}
	for _, m := range all {
		b := w.of(m.Counterpart)
		if m.Role == match.Initiator {
			b.Ours.Matches++
		} else {
			b.Theirs.Matches++
		}
		questions, err := w.tx.Asks(ctx, m.ID)
		if err != nil {
			return err
		}
		for _, q := range questions {
			if q.Ours {
				b.Ours.Asked++
			} else {
				b.Theirs.Asked++
			}
		}
	}
	return nil
}

func (w *weighbridge) echoes(ctx context.Context) error {
	all, err := w.tx.Echoes(ctx, 0)
	if err != nil {
		return err
	}
	for _, e := range all {
		if !e.DismissedAt.IsZero() {
			continue
		}
		row, err := w.tx.ObjectBySeq(ctx, e.Object)
		if err != nil {
			return err
		}
		w.of(row.Origin).Theirs.Echoes++
	}
	return nil
}
