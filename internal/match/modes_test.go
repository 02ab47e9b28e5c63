package match

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley/internal/store"
	"parley/psi"
	"parley/selector"
)

// everyMode runs a test under every way to share that a run has: what is learnt,
// who learns it, and whether the sets are filled up with decoys.
func everyMode(t *testing.T, test func(*testing.T, Offer)) {
	for _, mode := range []string{ModeCount, ModeOverlap, ModePayload} {
		for _, learns := range []string{LearnBoth, LearnProposer, LearnResponder} {
			for _, pad := range []Sizes{{}, {From: 20}, {From: 10, To: 30}} {
				o := plainOffer()
				o.Mode, o.Learns = mode, learns
				o = o.with(pad)
				t.Run(fmt.Sprintf("%s, %s learns, padded to %d and %d", mode, learns, pad.From, pad.To), func(t *testing.T) { test(t, o) })
			}
		}
	}
}

// learners are the sides that learn, of those given.
func learners(o Offer, north, south *party) (learn, other []*party) {
	switch o.Learns {
	case LearnProposer:
		return []*party{north}, []*party{south}
	case LearnResponder:
		return []*party{south}, []*party{north}
	}
	return []*party{north, south}, nil
}

// learnt sees that a run which is over has shown each side what the terms name,
// and no more.
func learnt(t *testing.T, o Offer, north, south *party) {
	t.Helper()
	shown := map[*party]int{north: max(7, *o.PadOurs), south: max(5, *o.PadTheirs)}
	learn, other := learners(o, north, south)
	for _, p := range learn {
		m := ended(t, p, Done)
		if !m.Progress.CountKnown || m.Progress.Count != 3 || m.Progress.Alarm != "" {
			t.Errorf("%s: a count of %d (%v), alarm %q", p.Self, m.Progress.Count, m.Progress.CountKnown, m.Progress.Alarm)
		}
		want := emails(4, 7)
		if o.Mode == ModeCount {
			want = nil
		}
		if got := p.overlap(); !slices.Equal(got, want) {
			t.Errorf("%s: the overlap is %v, want %v", p.Self, got, want)
		}
	}
	for _, p := range other {
		m := ended(t, p, Done)
		if m.Progress.CountKnown || m.Progress.Count != 0 || m.Progress.Overlap != 0 || len(p.overlap()) > 0 || m.Progress.Alarm != "" || m.Progress.TheirSet != "" {
			t.Errorf("%s must not learn, and knows %+v", p.Self, m.Progress)
		}
		if text := p.ledger(); strings.Contains(text, `"count":`) || strings.Contains(text, `"overlap":`) {
			t.Errorf("%s must not learn, and its ledger has\n%s", p.Self, text)
		}
	}
	for _, p := range []*party{north, south} {
		peer := map[*party]*party{north: south, south: north}[p]
		if m := p.match(); m.Shown() != shown[p] || m.Progress.TheirSize != shown[peer] {
			t.Errorf("%s: our set is seen as %d, theirs as %d; want %d and %d", p.Self, m.Shown(), m.Progress.TheirSize, shown[p], shown[peer])
		}
	}
}

// charged is what a party has the other one's questions down for.
func charged(p *party) (n int) {
	p.view(func(ctx context.Context, tx *store.Tx) error {
		a, err := p.Allowance(ctx, tx, p.peer.ID, selector.Email)
		n = a.Used
		return err
	})
	return n
}

func TestEverySideLearnsWhatTheTermsName(t *testing.T) {
	everyMode(t, func(t *testing.T, o Offer) {
		north, south := agreed(t, o, false)
		start(north)
		exchange(north, south)
		learnt(t, o, north, south)
		for _, p := range []*party{north, south} {
			want := 0
			if m := p.match(); m.asks() {
				want = m.Progress.TheirSize
			}
			if got := charged(p); got != want {
				t.Errorf("%s charges the other side %d, want %d", p.Self, got, want)
			}
		}
	})
}

func TestEveryModeGoesOnAfterACrashBetweenAnyTwoMessages(t *testing.T) {
	everyMode(t, func(t *testing.T, o Offer) {
		north, south := agreed(t, o, false)
		start(north)
		for moved := true; moved; {
			moved = false
			for _, p := range []*party{north, south} {
				for _, l := range p.sent() {
					to := map[*party]*party{north: south, south: north}[p]
					moved = true
					to.crash()
					to.overlaps = underway{}
					in := to.arrive(to.peer.ID, l)
					if _, err := to.Handle(t.Context(), in); err != nil { // in vain
						t.Fatal(err)
					}
					to.overlaps = underway{}
					if refused := to.apply(in); refused != "" {
						t.Fatalf("%s: %s", l.kind, refused)
					}
				}
			}
		}
		learnt(t, o, north, south)
	})
}

func TestAHoldStopsWhoeverAskedForIt(t *testing.T) {
	for _, learns := range []string{LearnProposer, LearnResponder} {
		o := plainOffer()
		o.Learns, o.Hold = learns, true
		o = o.with(Sizes{})
		north, south := agreed(t, o, true)
		start(north)
		exchange(north, south)
		for _, p := range []*party{north, south} {
			if got := p.match().State; got != Counted {
				t.Errorf("%s learns: %s is %s", learns, p.Self, got)
			}
			if err := goOn(p); err != nil {
				t.Fatal(err)
			}
		}
		exchange(north, south)
		learnt(t, o, north, south)
	}
}

// Where one side alone learns, the other must not see from the run's length
// whether anything is shared.
func TestWhoDoesNotLearnSeesTheSameRunWhateverIsShared(t *testing.T) {
	for _, learns := range []string{LearnProposer, LearnResponder} {
		var runs [2][]string
		for i, held := range [][]selector.Selector{emails(4, 9), emails(50, 55)} {
			north, south := newParty(t, "North", "South", emails(0, 7)...), newParty(t, "South", "North", held...)
			o := plainOffer()
			o.Learns = learns
			propose(north, south, o)
			accept(south, false)
			deliver(south, north)
			start(north)
			runs[i] = exchange(north, south)
			ended(t, north, Done)
			ended(t, south, Done)
		}
		if !slices.Equal(runs[0], runs[1]) {
			t.Errorf("%s learns: with three shared %v, with none %v", learns, runs[0], runs[1])
		}
	}
}

// countOf makes the count query or the answer of a side that a cheat plays.
func countOf(t *testing.T, items []selector.Selector, pad int) *psi.CountParty {
	t.Helper()
	p, err := psi.NewCountPartyOf(psi.Seed{9}, psi.Items(canonical(items)), pad)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestASideThatMustNotLearnMayNotAsk(t *testing.T) {
	query := countOf(t, emails(0, 7), 0).Query()
	t.Run("the responder, in a query", func(t *testing.T) {
		o := plainOffer()
		o.Learns = LearnProposer
		north, south := agreed(t, o, false)
		start(north)
		north.sent()
		breaks(t, north, south, letter{kind: KindCountQuery, body: encodeMessage(RunID(north.match().Run), query)}, "a query")
	})
	t.Run("the responder, in a reply", func(t *testing.T) {
		o := plainOffer()
		o.Learns = LearnProposer
		north, south := agreed(t, o, false)
		start(north)
		deliver(north, south)
		_, all := parts(t, south.sentOne())
		breaks(t, north, south, letter{kind: KindCountReply, body: encodeMessage(RunID(north.match().Run), all[0], query)}, "a reply")
	})
	t.Run("the proposer", func(t *testing.T) {
		o := plainOffer()
		o.Learns = LearnResponder
		north, south := agreed(t, o, false)
		breaks(t, south, north, letter{kind: KindCountQuery, body: encodeMessage(RunID(south.match().Run), query)}, "a query")
	})
	t.Run("in the overlap", func(t *testing.T) {
		o := plainOffer()
		o.Learns = LearnResponder
		north, south := agreed(t, o, false)
		start(north)
		_, asking := cheat(t, north, emails(0, 7)) // as if both learnt
		deliver(north, south)
		deliver(south, north)
		sent := north.sent()
		if refused := south.take(sent[0]); refused != "" {
			t.Fatal(refused)
		}
		hello, err := asking.Begin()
		if err != nil {
			t.Fatal(err)
		}
		breaks(t, south, north, saying(sent[1], hello), "a hello that asks")
		if got := south.match().Progress.Reason; !strings.Contains(got, "other sides learn") {
			t.Errorf("the reason is %q", got)
		}
	})
}

func TestASetOfAnotherSizeThanItsDecoysFillIsRefused(t *testing.T) {
	for _, c := range []struct {
		name  string
		items []selector.Selector
		pad   int
	}{
		{"fewer decoys", emails(4, 9), 29},
		{"none", emails(4, 9), 0},
		{"more", emails(4, 9), 31},
		{"more selectors", emails(0, 31), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			north, south := agreed(t, plainOffer().with(Sizes{To: 30}), false)
			start(north)
			_, all := parts(t, north.sentOne())
			p := countOf(t, c.items, c.pad)
			answer, err := p.Answer(all[0], 100)
			if err != nil {
				t.Fatal(err)
			}
			breaks(t, north, south, letter{kind: KindCountReply, body: encodeMessage(RunID(north.match().Run), answer, p.Query())}, c.name)
			if got := north.match().Progress.Reason; !strings.Contains(got, "the terms fill it up to 30") && !strings.Contains(got, "their set has more selectors than the 30") {
				t.Errorf("the reason is %q", got)
			}
		})
	}
}

func TestDecoysLeaveNoRoomForALargerSetAndHideAnEmptyOne(t *testing.T) {
	north, _ := pair(t)
	o := plainOffer().with(Sizes{From: 6, To: 30})
	err := north.Store.Update(t.Context(), func(tx *store.Tx) error {
		_, err := north.Propose(t.Context(), tx, "amira", north.peer, o)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "our set has 7 selectors, the terms allow 6") {
		t.Errorf("seven selectors in a set of six: %v", err)
	}
	south := newParty(t, "South", "North") // holds nothing
	propose(north, south, o.with(Sizes{From: 10, To: 30}))
	accept(south, false)
	deliver(south, north)
	start(north)
	exchange(north, south)
	if m := ended(t, north, Done); m.Progress.TheirSize != 30 || m.Progress.Count != 0 {
		t.Errorf("North sees a set of %d, and shares %d", m.Progress.TheirSize, m.Progress.Count)
	}
}

// with has each side fill its set up to a size.
func (o Offer) with(pad Sizes) Offer {
	o.PadOurs, o.PadTheirs = &pad.From, &pad.To
	return o
}
