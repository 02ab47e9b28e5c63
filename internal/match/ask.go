package match

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/store"
	"parley/selector"
)

// KindAsk asks the other side to say what it may about selectors that both
// hold: question, selectors.
const KindAsk = "match.ask"

const (
	maxQuestion = 500  // characters
	maxAsked    = 1000 // selectors in one question
	maxAsks     = 20   // questions of one side on one match
)

// askDetail is what both ledgers keep of a question: its size, not its words.
type askDetail struct {
	Selectors int `json:"selectors"`
}

// Ask asks the other side for a tearline about selectors that a match found;
// none named stands for all of them. It says nothing that the other side did
// not learn from the match.
func (e *Engine) Ask(ctx context.Context, tx *store.Tx, actor string, id int64, question string, about []selector.Selector) error {
	m, to, err := e.load(ctx, tx, id, Done)
	if err != nil {
		return err
	}
	if len(about) == 0 {
		if about, err = tx.Overlap(ctx, id); err != nil {
			return err
		}
	}
	if err := e.keepAsk(ctx, tx, m, store.Ask{Ours: true, Question: question, Selectors: about}); err != nil {
		return err
	}
	if err := e.send(ctx, tx, &m, KindAsk, []byte(question), writeSelectors(about)); err != nil {
		return err
	}
	return e.record(ctx, tx, actor, KindAsk, m, to.Name, askDetail{len(about)})
}

// keepAsk keeps a question of either side, if it may be asked.
func (e *Engine) keepAsk(ctx context.Context, tx *store.Tx, m Matching, a store.Ask) error {
	if err := e.mayAsk(ctx, tx, m, a); err != nil {
		return err
	}
	a.Matching, a.AskedAt = m.ID, e.Now().UTC()
	_, err := tx.AddAsk(ctx, a)
	return err
}

func (e *Engine) mayAsk(ctx context.Context, tx *store.Tx, m Matching, a store.Ask) error {
	switch {
	case m.Terms.Learns != LearnBoth || !m.Terms.goesOn():
		return fmt.Errorf("match M%d did not show both sides what they share, and a question would: %w", m.ID, ErrTerms)
	case a.Question == "" || utf8.RuneCountInString(a.Question) > maxQuestion || !printable(a.Question):
		return fmt.Errorf("a question has 1 to %d readable characters", maxQuestion)
	case len(a.Selectors) == 0 || len(a.Selectors) > maxAsked:
		return fmt.Errorf("a question is about 1 to %d selectors, not %d: name some of them", maxAsked, len(a.Selectors))
	}
	both, err := tx.Overlap(ctx, m.ID)
	if err != nil {
		return err
	}
	for i, sel := range a.Selectors {
		if !slices.Contains(both, sel) {
			return fmt.Errorf("match M%d did not find %s on both sides", m.ID, sel)
		}
		if slices.Contains(a.Selectors[:i], sel) {
			return fmt.Errorf("a question names %s twice", sel)
		}
	}
	asked, err := tx.Asks(ctx, m.ID)
	if err != nil {
		return err
	}
	asked = slices.DeleteFunc(asked, func(b store.Ask) bool { return b.Ours != a.Ours })
	if len(asked) >= maxAsks {
		return fmt.Errorf("%d questions were asked on match M%d: %w", len(asked), m.ID, ErrTerms)
	}
	return nil
}

// askedAbout is the effect of a counterpart's question.
func (e *Engine) askedAbout(ctx context.Context, in store.Incoming) (Effect, error) {
	m, parts, refused, err := e.opened(ctx, in, 2)
	if err != nil || refused != "" {
		return ignored("%s: %s", in.Kind, refused), err
	}
	about, err := readSelectors(parts[1])
	if err != nil {
		return ignored("%s: %v", in.Kind, err), nil
	}
	if err := m.mustBe(Done); err != nil {
		return ignored("%s: %v", in.Kind, err), nil
	}
	return Effect{Commit: func(ctx context.Context, tx *store.Tx) error {
		from, err := e.unmoved(ctx, tx, m.Matching)
		if err != nil {
			return err
		}
		err = e.keepAsk(ctx, tx, m, store.Ask{Question: string(parts[0]), Selectors: about})
		if store.Transient(err) {
			return err
		} else if err != nil {
			return fmt.Errorf("%w: %w", err, ErrPeer)
		}
		return e.record(ctx, tx, from.Name, KindAsk, m, from.Name, askDetail{len(about)})
	}}, nil
}

// writeSelectors writes a selector a line: its kind, a blank, its value.
func writeSelectors(all []selector.Selector) []byte {
	var b []byte
	for _, sel := range all {
		b = fmt.Appendf(b, "%s %s\n", sel.Kind, sel.Value)
	}
	return b
}

func readSelectors(b []byte) (all []selector.Selector, err error) {
	for line := range strings.Lines(string(b)) {
		kind, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !ok || len(all) == maxAsked {
			return nil, fmt.Errorf("line %d of the selectors asked about: give a kind, a blank and a value, on at most %d lines", len(all)+1, maxAsked)
		}
		all = append(all, selector.Selector{Kind: selector.Kind(kind), Value: value})
	}
	return all, nil
}
