package match

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/permit"
	"parley/internal/store"
	"parley/selector"
)

func counter(p *party, o Offer) error {
	return p.Store.Update(p.t.Context(), func(tx *store.Tx) error { return p.Counter(p.t.Context(), tx, "chen", p.current, o) })
}

func withdraw(p *party, why string) error {
	return p.Store.Update(p.t.Context(), func(tx *store.Tx) error { return p.Withdraw(p.t.Context(), tx, "amira", p.current, why) })
}

func tryAccept(p *party) error {
	return p.Store.Update(p.t.Context(), func(tx *store.Tx) error { return p.Accept(p.t.Context(), tx, "chen", p.current, 0, false, "") })
}

// countered is a pair whose responder answered the offer with other terms.
func countered(t *testing.T, o Offer) (north, south *party) {
	t.Helper()
	north, south = pair(t)
	propose(north, south, plainOffer())
	if err := counter(south, o); err != nil {
		t.Fatal(err)
	}
	deliver(south, north)
	return north, south
}

func TestTermsAreHaggledOverAndRun(t *testing.T) {
	north, south := countered(t, Offer{MaxTheirs: 50, Mode: ModeCount, Uses: []permit.Use{permit.ProtectLife}})
	if m := north.match(); m.State != Offered || m.Terms.Round != 2 || m.Terms.Max != (Sizes{50, 100}) {
		t.Fatalf("North is %s with %+v", m.State, m.Terms)
	}
	if err := counter(north, Offer{Mode: ModeOverlap}); err != nil {
		t.Fatal(err)
	}
	deliver(north, south)
	if err := tryAccept(south); err != nil {
		t.Fatal(err)
	}
	deliver(south, north)
	if n, s := north.match(), south.match(); !bytes.Equal(n.Matching.Terms, s.Matching.Terms) || n.Terms.Round != 3 || n.Terms.Mode != ModeOverlap {
		t.Errorf("the two sides hold different terms:\n%s\n%s", n.Matching.Terms, s.Matching.Terms)
	}
	start(north)
	exchange(north, south)
	ended(t, north, Done)
	ended(t, south, Done)
	for _, p := range []*party{north, south} {
		if got := p.overlap(); !slices.Equal(got, emails(4, 7)) {
			t.Errorf("%s: the overlap is %v", p.Self, got)
		}
		for _, want := range []string{`{"what":"mode","from":"overlap","to":"count"}`, `{"what":"largest set of North","from":"100","to":"50"}`, `{"what":"mode","from":"count","to":"overlap"}`} {
			if !strings.Contains(p.ledger(), want) {
				t.Errorf("%s: the ledger does not say %s", p.Self, want)
			}
		}
	}
}

func TestTheProposerAcceptsACounterProposal(t *testing.T) {
	north, south := countered(t, Offer{Runs: 3})
	if err := tryAccept(north); err != nil {
		t.Fatal(err)
	}
	deliver(north, south)
	start(north)
	exchange(north, south)
	ended(t, north, Done)
	if m := ended(t, south, Done); m.Terms.Runs != 3 {
		t.Errorf("South ran terms of %d runs", m.Terms.Runs)
	}
}

func TestOnlyTheLatestTermsStand(t *testing.T) {
	north, south := countered(t, Offer{Mode: ModeCount})
	old := func(p *party) (hash []byte) {
		p.view(func(ctx context.Context, tx *store.Tx) error {
			rounds, err := tx.MatchingRounds(ctx, 1)
			hash = digest(rounds[0].Terms)
			return err
		})
		return hash
	}
	run := north.match().Terms.Run
	for what, l := range map[string]letter{
		"the acceptance of countered terms by their author": {kind: KindAccept, body: encodeMessage(run, old(north), make([]byte, keySize))},
		"a decline of countered terms by their author":      {kind: KindDecline, body: encodeMessage(run, []byte("no"))},
	} {
		ignores(t, north, north.peer.ID, l, what)
	}
	breaks(t, south, north, letter{kind: KindAccept, body: encodeMessage(run, old(south), make([]byte, keySize))}, "the acceptance of old terms")
}

func TestCountersThatDoNotFitChangeNothing(t *testing.T) {
	north, south := pair(t)
	propose(north, south, plainOffer())
	if err := counter(south, Offer{Runs: 2}); err != nil {
		t.Fatal(err)
	}
	true2 := south.sentOne()
	run, all := parts(t, true2)
	with := func(change func(*Terms)) letter {
		terms, err := decodeTerms(all[0])
		if err != nil {
			t.Fatal(err)
		}
		change(&terms)
		body, err := json.Marshal(terms)
		if err != nil {
			t.Fatal(err)
		}
		return letter{kind: KindCounter, body: encodeMessage(run, body, all[1])}
	}
	for what, l := range map[string]letter{
		"the same round":       with(func(t *Terms) { t.Round = 1 }),
		"a round skipped":      with(func(t *Terms) { t.Round = 3 }),
		"another run":          with(func(t *Terms) { t.Run[0] ^= 1 }),
		"other parties":        with(func(t *Terms) { t.From = "West" }),
		"parties exchanged":    with(func(t *Terms) { t.From, t.To = t.To, t.From }),
		"terms without kinds":  with(func(t *Terms) { t.Kinds = nil }),
		"an unknown use":       with(func(t *Terms) { t.Uses = []permit.Use{"gossip"} }),
		"an unknown member":    {kind: KindCounter, body: encodeMessage(run, bytes.Replace(all[0], []byte(`{`), []byte(`{"also":1,`), 1), all[1])},
		"a huge number":        {kind: KindCounter, body: encodeMessage(run, bytes.Replace(all[0], []byte(`"runs":2`), []byte(`"runs":1e9`), 1), all[1])},
		"a short key":          {kind: KindCounter, body: encodeMessage(run, all[0], all[1][:31])},
		"a message of another": {kind: KindCounter, body: encodeMessage(RunID{9}, all[0], all[1])},
	} {
		ignores(t, north, north.peer.ID, l, what)
	}
	if refused := north.take(true2); refused != "" {
		t.Fatal(refused)
	}
	ignores(t, north, north.peer.ID, true2, "the true one again")
	accept(north, false)
	deliver(north, south)
	ignores(t, north, north.peer.ID, with(func(t *Terms) { t.Round = 3 }), "a counter after acceptance")
	if err := counter(south, Offer{Runs: 9}); !errors.Is(err, ErrState) {
		t.Errorf("our own counter after acceptance: got %v, want %v", err, ErrState)
	}
}

func TestACounterThatChangesNothingIsRefused(t *testing.T) {
	north, south := pair(t)
	propose(north, south, plainOffer())
	if err := counter(south, Offer{Mode: ModeOverlap}); !errors.Is(err, ErrTerms) {
		t.Errorf("got %v, want %v", err, ErrTerms)
	}
	if err := counter(north, Offer{Runs: 2}); !errors.Is(err, ErrState) {
		t.Errorf("to counter one's own: got %v, want %v", err, ErrState)
	}
}

func TestAReplayedAcceptanceChangesNothing(t *testing.T) {
	north, south := pair(t)
	propose(north, south, plainOffer())
	accept(south, false)
	l := south.sentOne()
	if refused := north.take(l); refused != "" {
		t.Fatal(refused)
	}
	ignores(t, north, north.peer.ID, l, "the same acceptance")
	start(north)
	north.sent()
	ignores(t, north, north.peer.ID, l, "the same acceptance in a run")
	north.current = 2
	propose(north, south, plainOffer())
	run := north.match().Terms.Run
	_, all := parts(t, l)
	if refused := north.take(letter{kind: KindAccept, body: encodeMessage(run, all...)}); !strings.Contains(refused, "terms that are not ours") {
		t.Errorf("an acceptance of another match's terms: %q", refused)
	}
	ended(t, north, Refused)
}

func TestAnOfferIsWithdrawn(t *testing.T) {
	north, south := pair(t)
	propose(north, south, plainOffer())
	if err := withdraw(south, "not ours"); !errors.Is(err, ErrState) {
		t.Errorf("to withdraw another's offer: got %v", err)
	}
	if err := withdraw(north, "we were too quick"); err != nil {
		t.Fatal(err)
	}
	deliver(north, south)
	for _, p := range []*party{north, south} {
		if m := ended(t, p, Withdrawn); m.Progress.Reason != "we were too quick" || !strings.Contains(p.ledger(), "match.withdraw M1") {
			t.Errorf("%s: reason %q", p.Self, m.Progress.Reason)
		}
	}
	if err := tryAccept(south); !errors.Is(err, ErrState) {
		t.Errorf("to accept afterwards: got %v, want %v", err, ErrState)
	}
}

func TestAProposalThatNamesNoKindsTakesNoneThatCanBeGuessed(t *testing.T) {
	north, south := pair(t)
	o := plainOffer()
	o.Kinds = nil
	propose(north, south, o)
	if got := south.match().Terms.Kinds; !slices.Equal(got, selector.Unguessable()) || slices.Contains(got, selector.Phone) {
		t.Errorf("the kinds are %v", got)
	}
}

// Whatever is asked for, the difference names it, and terms without a
// difference ask for the same.
func TestChangesNameEveryDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Terms {
			terms := goodTerms()
			terms.Mode = rapid.SampledFrom([]string{ModeCount, ModeOverlap}).Draw(t, name+" mode")
			terms.Learns = rapid.SampledFrom([]string{LearnBoth, LearnProposer, LearnResponder}).Draw(t, name+" learns")
			terms.Max.From = rapid.IntRange(1, 3).Draw(t, name+" from")
			terms.Max.To = rapid.IntRange(1, 3).Draw(t, name+" to")
			terms.Pad.To = rapid.IntRange(0, 1).Draw(t, name+" pad")
			terms.Runs = rapid.IntRange(1, 3).Draw(t, name+" runs")
			terms.Days = rapid.IntRange(1, 3).Draw(t, name+" days")
			terms.Until = noon.Add(day).AddDate(0, 0, rapid.IntRange(0, 2).Draw(t, name+" until"))
			return terms
		}
		a, b := draw("a"), draw("b")
		one, _ := a.encode()
		two, _ := b.encode()
		if same, none := bytes.Equal(one, two), len(Changes(a, b)) == 0; same != none {
			t.Fatalf("%s and %s: changes %v", one, two, Changes(a, b))
		}
	})
}
