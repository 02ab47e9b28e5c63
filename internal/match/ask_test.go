package match

import (
	"context"
	"errors"
	"strings"
	"testing"

	"parley/internal/store"
	"parley/selector"
)

// asks are the questions that a party knows of.
func asks(p *party) (all []store.Ask) {
	p.view(func(ctx context.Context, tx *store.Tx) (err error) {
		all, err = tx.Asks(ctx, p.current)
		return err
	})
	return all
}

func ask(p *party, question string, about ...selector.Selector) error {
	return p.Store.Update(p.t.Context(), func(tx *store.Tx) error {
		return p.Ask(p.t.Context(), tx, "amira", p.current, question, about)
	})
}

// found is a pair after a run that showed both sides what they share.
func found(t *testing.T) (north, south *party) {
	t.Helper()
	north, south = agreed(t, plainOffer(), false)
	start(north)
	exchange(north, south)
	if m := north.match(); m.State != Done || m.Progress.Overlap == 0 {
		t.Fatalf("the match is %s, %d found", m.State, m.Progress.Overlap)
	}
	return north, south
}

func TestAQuestionReachesTheOtherSideOnce(t *testing.T) {
	north, south := found(t)
	both := north.overlap()
	if err := ask(north, "Since when?"); err != nil {
		t.Fatal(err)
	}
	if err := ask(south, "Which country?", both[0]); err != nil {
		t.Fatal(err)
	}
	exchange(north, south)
	for name, p := range map[string]*party{"North": north, "South": south} {
		all := asks(p)
		if len(all) != 2 {
			t.Fatalf("%s knows %d questions", name, len(all))
		}
		for _, q := range all {
			byNorth := q.Ours == (p == north)
			if byNorth && (q.Question != "Since when?" || len(q.Selectors) != len(both)) || !byNorth && (q.Question != "Which country?" || q.Selectors[0] != both[0]) {
				t.Errorf("%s has %+v", name, q)
			}
		}
		if strings.Contains(p.ledger(), "Since when") || !strings.Contains(p.ledger(), KindAsk) {
			t.Errorf("%s's ledger has the words, or not the question:\n%s", name, p.ledger())
		}
	}
}

// TestAQuestionTellsNothingNew: our node asks about nothing that the other side
// was not shown, and takes no such question.
func TestAQuestionTellsNothingNew(t *testing.T) {
	north, south := found(t)
	both := north.overlap()
	alone := email(77)
	north.hold(alone)
	south.hold(alone) // both hold it, and no match showed it
	for name, err := range map[string]error{
		"a selector that was not found": ask(north, "Since when?", alone),
		"no words":                      ask(north, ""),
		"hidden words":                  ask(north, "since\u202ewhen"),
		"long words":                    ask(north, strings.Repeat("x", maxQuestion+1)),
		"a selector twice":              ask(north, "Since when?", both[0], both[0]),
	} {
		if err == nil {
			t.Errorf("%s: asked", name)
		}
	}
	run := RunID(north.match().Run)
	other := run
	other[0] ^= 1
	for name, l := range map[string]letter{
		"a selector that was not found": {kind: KindAsk, body: encodeMessage(run, []byte("q"), writeSelectors([]selector.Selector{alone}))},
		"no selector":                   {kind: KindAsk, body: encodeMessage(run, []byte("q"), nil)},
		"no kind":                       {kind: KindAsk, body: encodeMessage(run, []byte("q"), []byte("value\n"))},
		"too many":                      {kind: KindAsk, body: encodeMessage(run, []byte("q"), []byte(strings.Repeat("email a@b.example\n", maxAsked+1)))},
		"hidden words":                  {kind: KindAsk, body: encodeMessage(run, []byte("q\u202e"), writeSelectors(both))},
		"another run":                   {kind: KindAsk, body: encodeMessage(other, []byte("q"), writeSelectors(both))},
	} {
		if refused := south.take(l); refused == "" {
			t.Errorf("%s: taken", name)
		}
	}
	if all := asks(south); len(all) != 0 {
		t.Errorf("%d questions were kept", len(all))
	}
}

// TestAFloodOfQuestionsEnds: a side may ask so often and no more.
func TestAFloodOfQuestionsEnds(t *testing.T) {
	north, south := found(t)
	for n := range maxAsks + 1 {
		if err := ask(north, "Since when?"); (err != nil) != (n == maxAsks) {
			t.Fatalf("question %d: %v", n, err)
		}
	}
	letters := north.sent()
	letters = append(letters, letters[0])
	for n, l := range letters {
		if refused := south.take(l); (refused != "") != (n == maxAsks) {
			t.Fatalf("question %d: refused %q", n, refused)
		}
	}
}

// TestWhatTheTermsKeptBackIsNotAsked: in a count, or where one side learns.
func TestWhatTheTermsKeptBackIsNotAsked(t *testing.T) {
	for _, o := range []Offer{{Mode: ModeCount}, {Learns: LearnProposer}} {
		o.Kinds, o.Purpose = plainOffer().Kinds, "threat to life"
		north, south := agreed(t, o, false)
		start(north)
		exchange(north, south)
		if err := ask(north, "Since when?", email(5)); !errors.Is(err, ErrTerms) {
			t.Errorf("under mode %q and learns %q: %v", o.Mode, o.Learns, err)
		}
		l := letter{kind: KindAsk, body: encodeMessage(RunID(north.match().Run), []byte("q"), writeSelectors([]selector.Selector{email(5)}))}
		if refused := south.take(l); !strings.Contains(refused, "would") {
			t.Errorf("under mode %q and learns %q it is taken: %q", o.Mode, o.Learns, refused)
		}
	}
}
