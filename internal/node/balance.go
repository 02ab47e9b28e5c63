package node

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"

	"parley/internal/assess"
	"parley/internal/match"
	"parley/internal/release"
	"parley/internal/store"
	"parley/selector"
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
	Answered  int `json:"answered"`  // of what the other side asked: asks with its yes or no, questions with a tearline
	Consented int `json:"consented"` // asks to pass something on that it answered with a yes
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
	given []store.Release // ours that went out, whatever became of them since
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
		case release.Recalled:
			ours.Recalled++
		case release.Amended:
			ours.Amended++
		default:
			continue
		}
		ours.Given++
		w.given = append(w.given, r)
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
		if w.by[m.Counterpart] == nil {
			continue
		}
		if err := w.questions(ctx, m, b); err != nil {
			return err
		}
	}
	return nil
}

// questions counts those on a match. One is answered once the other side gave, after it was asked, a tearline with one
// of the selectors that it is about: nothing else in a tearline says which question it answers.
func (w *weighbridge) questions(ctx context.Context, m store.Matching, b *Balance) error {
	all, err := w.tx.Asks(ctx, m.ID)
	if err != nil {
		return err
	}
	for _, q := range all {
		asker, answerer, answered := &b.Theirs, &b.Ours, w.answeredByUs
		if q.Ours {
			asker, answerer, answered = &b.Ours, &b.Theirs, w.answeredByThem
		}
		asker.Asked++
		is, err := answered(ctx, m.Counterpart, q)
		if err != nil {
			return err
		}
		if is {
			answerer.Answered++
		}
	}
	return nil
}

// answeredByThem tells whether a selector of a question of ours came in a tearline since.
func (w *weighbridge) answeredByThem(ctx context.Context, counterpart int64, q store.Ask) (bool, error) {
	for _, sel := range q.Selectors {
		found, err := w.tx.Findings(ctx, sel)
		if err != nil {
			return false, err
		}
		for _, f := range found {
			if f.Object == 0 {
				continue
			}
			gifts, err := w.tx.GiftsOf(ctx, f.Object)
			if err != nil {
				return false, err
			}
			if slices.ContainsFunc(gifts, func(g store.Gift) bool { return g.Counterpart == counterpart && !g.CameAt.Before(q.AskedAt) }) {
				return true, nil
			}
		}
	}
	return false, nil
}

// answeredByUs tells whether a selector of a counterpart's question stands in a tearline that we gave it since.
func (w *weighbridge) answeredByUs(_ context.Context, counterpart int64, q store.Ask) (bool, error) {
	return slices.ContainsFunc(w.given, func(r store.Release) bool {
		return r.Counterpart == counterpart && !r.UpdatedAt.Before(q.AskedAt) &&
			slices.ContainsFunc(q.Selectors, func(sel selector.Selector) bool { return bytes.Contains(r.Bundle, []byte(strconv.Quote(sel.Value))) })
	}), nil
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
