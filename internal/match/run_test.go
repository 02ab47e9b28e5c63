package match

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parley/internal/permit"
	"parley/internal/store"
	"parley/selector"
)

// ended sees that a match is over in the way wanted, and that nothing is left
// that the docs say is erased.
func ended(t *testing.T, p *party, state string) Matching {
	t.Helper()
	m := p.match()
	if m.State != state {
		t.Errorf("%s: the match is %s (%s), want %s", p.Self, m.State, m.Progress.Reason, state)
	}
	if len(m.Secret) != 0 || m.Progress.Asked != 0 {
		t.Errorf("%s: a match that is %s keeps a secret of %d bytes and the query %d", p.Self, m.State, len(m.Secret), m.Progress.Asked)
	}
	if m.Progress.Finished.IsZero() {
		t.Errorf("%s: it is not noted when the match ended", p.Self)
	}
	p.view(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Inbox(ctx, 0)
		for _, in := range all {
			if len(in.Body) != 0 && in.Kind != KindPropose { // terms are kept anyway
				t.Errorf("%s keeps the %d bytes of %s", p.Self, len(in.Body), in.Kind)
			}
		}
		return err
	})
	return m
}

func TestACountAndThenTheOverlap(t *testing.T) {
	north, south := pair(t)
	propose(north, south, plainOffer())
	if got := []string{north.match().State, south.match().State}; !slices.Equal(got, []string{Proposed, Offered}) {
		t.Errorf("after the proposal: %v", got)
	}
	accept(south, false)
	deliver(south, north)
	if got := []string{north.match().State, south.match().State}; !slices.Equal(got, []string{Accepted, Accepted}) {
		t.Errorf("after the acceptance: %v", got)
	}
	start(north)
	want := []string{KindCountQuery, KindCountReply, KindCountAnswer}
	want = append(want, chunks(7)...)
	if got := exchange(north, south); !slices.Equal(got, want) {
		t.Errorf("messages: %v, want %v", got, want)
	}
	n, s := ended(t, north, Done), ended(t, south, Done)
	for _, p := range []*party{north, south} {
		if got := p.overlap(); !slices.Equal(got, emails(4, 7)) {
			t.Errorf("%s: the overlap is %v", p.Self, got)
		}
	}
	type figures struct{ Ours, Theirs, Count, Overlap int }
	if got, want := (figures{n.Progress.OurSize, n.Progress.TheirSize, n.Progress.Count, n.Progress.Overlap}), (figures{7, 5, 3, 3}); got != want {
		t.Errorf("North: %+v, want %+v", got, want)
	}
	if got, want := (figures{s.Progress.OurSize, s.Progress.TheirSize, s.Progress.Count, s.Progress.Overlap}), (figures{5, 7, 3, 3}); got != want {
		t.Errorf("South: %+v, want %+v", got, want)
	}
	if n.Progress.Alarm != "" || s.Progress.Alarm != "" {
		t.Errorf("alarms: %q, %q", n.Progress.Alarm, s.Progress.Alarm)
	}
	if n.Progress.BytesOut != s.Progress.BytesIn || n.Progress.BytesIn != s.Progress.BytesOut || n.Progress.BytesIn == 0 {
		t.Errorf("bytes: North %d out %d in, South %d out %d in", n.Progress.BytesOut, n.Progress.BytesIn, s.Progress.BytesOut, s.Progress.BytesIn)
	}
	if string(n.Matching.Terms) != string(s.Matching.Terms) {
		t.Error("the sides hold different terms")
	}
}

func TestTheLedgerTellsOfARunAndNamesNoSelector(t *testing.T) {
	north, south := agreed(t, plainOffer(), false)
	start(north)
	exchange(north, south)
	for _, c := range []struct {
		p    *party
		want []string
	}{
		{north, []string{
			"amira match.propose M1 South", "South match.accept M1 South", "amira match.start M1 South",
			"South match.count.reply M1 South", "South match.overlap M1 South",
		}},
		{south, []string{
			"North match.propose M1 North", "chen match.accept M1 North", "North match.count.query M1 North",
			"North match.count.answer M1 North", "North match.overlap M1 North", "North match.overlap M1 North",
		}},
	} {
		text := c.p.ledger()
		lines := strings.Split(text, "\n")
		if len(lines) != len(c.want) {
			t.Errorf("%s: the ledger is\n%s", c.p.Self, text)
			continue
		}
		for i, want := range c.want {
			if !strings.HasPrefix(lines[i], want+" {") {
				t.Errorf("%s: line %d is %q, want %q …", c.p.Self, i+1, lines[i], want)
			}
		}
		if last := lines[len(lines)-1]; !strings.Contains(last, `"state":"done"`) || !strings.Contains(last, `"count":3,"overlap":3`) {
			t.Errorf("%s: the last line is %s", c.p.Self, last)
		}
		if strings.Contains(text, "user") || strings.Contains(text, "@") || strings.Contains(text, "example") {
			t.Errorf("%s: the ledger names a selector:\n%s", c.p.Self, text)
		}
	}
}

func TestTermsThatRevealTheCountEndThere(t *testing.T) {
	o := plainOffer()
	o.Mode = ModeCount
	north, south := agreed(t, o, false)
	start(north)
	if got := exchange(north, south); !slices.Equal(got, []string{KindCountQuery, KindCountReply, KindCountAnswer}) {
		t.Errorf("messages: %v", got)
	}
	for _, p := range []*party{north, south} {
		m := ended(t, p, Done)
		if m.Progress.Count != 3 || !m.Progress.CountKnown || len(p.overlap()) != 0 {
			t.Errorf("%s: count %d, overlap %v", p.Self, m.Progress.Count, p.overlap())
		}
		if strings.Contains(p.ledger(), `"overlap":0`) {
			t.Errorf("%s: the ledger tells of an overlap that was not asked for", p.Self)
		}
	}
}

func TestACountOfNothingEndsTheMatch(t *testing.T) {
	north, south := newParty(t, "North", "South", emails(0, 3)...), newParty(t, "South", "North", emails(3, 5)...)
	propose(north, south, plainOffer())
	accept(south, false)
	deliver(south, north)
	start(north)
	if got := exchange(north, south); !slices.Equal(got, []string{KindCountQuery, KindCountReply, KindCountAnswer}) {
		t.Errorf("messages: %v", got)
	}
	for _, p := range []*party{north, south} {
		if m := ended(t, p, Done); m.Progress.Count != 0 || !m.Progress.CountKnown {
			t.Errorf("%s: %+v", p.Self, m.Progress)
		}
	}
}

func TestOnlyOurOwnSelectorsOfTheKindsNamedTakePart(t *testing.T) {
	north, south := pair(t)
	north.hold(selector.Selector{Kind: selector.Phone, Value: "+12025550147"})
	north.update(func(ctx context.Context, tx *store.Tx) error {
		given, _, err := tx.PutObject(ctx, store.Object{UUID: [16]byte{1}, Type: "report", Origin: north.peer.ID, AddedAt: noon, Body: []byte("{}")})
		if err != nil {
			return err
		}
		return tx.PutFindings(ctx, []store.Finding{{Selector: email(8), Object: given, Place: "description"}}) // South gave us user 8
	})
	propose(north, south, plainOffer())
	if m := north.match(); m.Progress.OurSize != 7 {
		t.Errorf("the set has %d selectors, want 7: no phone, and nothing that a counterpart gave", m.Progress.OurSize)
	}
}

func TestTheSetOfARunIsFixedWhenItIsAgreed(t *testing.T) {
	north, south := agreed(t, plainOffer(), false)
	north.hold(emails(7, 9)...) // South has these; they came too late
	start(north)
	exchange(north, south)
	if got := north.overlap(); !slices.Equal(got, emails(4, 7)) {
		t.Errorf("the overlap is %v", got)
	}
}

func TestAMatchOfOneEvidence(t *testing.T) {
	north, south := pair(t)
	phone := north.seize("phone.zip", email(5), email(20))
	o := plainOffer()
	o.Evidence = phone
	propose(north, south, o)
	accept(south, false)
	exchange(north, south)
	start(north)
	exchange(north, south)
	if got := south.overlap(); !slices.Equal(got, emails(5, 6)) {
		t.Errorf("the overlap is %v, want user 5 alone", got)
	}
	if m := south.match(); m.Progress.TheirSize != 2 || m.Progress.Evidence != 0 {
		t.Errorf("South knows of %d selectors and evidence %d", m.Progress.TheirSize, m.Progress.Evidence)
	}
}

// Whatever two sets are, both sides record their plain intersection. The sets
// are those of two pieces of evidence, so that one pair of stores serves all.
func TestTheOverlapIsThePlainIntersection(t *testing.T) {
	north, south := newParty(t, "North", "South"), newParty(t, "South", "North")
	for seed := range uint64(25) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		draw := func(p *party) (evidence int64, set []selector.Selector) {
			ids := rnd.Perm(14)[:1+rnd.IntN(10)]
			slices.Sort(ids)
			for _, id := range ids {
				set = append(set, email(10+id)) // two digits each, so that they sort by number
			}
			return p.seize(fmt.Sprint(seed), set...), set
		}
		ourEvidence, ours := draw(north)
		theirEvidence, theirs := draw(south)
		o := plainOffer()
		o.Evidence = ourEvidence
		propose(north, south, o)
		north.current, south.current = int64(seed)+1, int64(seed)+1
		south.update(func(ctx context.Context, tx *store.Tx) error {
			return south.Accept(ctx, tx, "chen", south.current, theirEvidence, false, "")
		})
		exchange(north, south)
		start(north)
		exchange(north, south)
		want := slices.DeleteFunc(ours, func(sel selector.Selector) bool { return !slices.Contains(theirs, sel) })
		for _, p := range []*party{north, south} {
			if got := p.overlap(); !slices.Equal(got, want) {
				t.Errorf("seed %d, %s: the overlap is %v, want %v", seed, p.Self, got, want)
			}
			if m := p.match(); m.Progress.Count != len(want) || m.State != Done || m.Progress.Alarm != "" {
				t.Errorf("seed %d, %s: count %d, state %s, alarm %q", seed, p.Self, m.Progress.Count, m.State, m.Progress.Alarm)
			}
		}
	}
}

func TestWhatWeMayNotPropose(t *testing.T) {
	for name, change := range map[string]func(*Offer){
		"an unknown kind":       func(o *Offer) { o.Kinds = []selector.Kind{"face"} },
		"no purpose":            func(o *Offer) { o.Purpose = "" },
		"an unknown mode":       func(o *Offer) { o.Mode = "everything" },
		"a use in free words":   func(o *Offer) { o.Uses = []permit.Use{"gossip"} },
		"a mode not run here":   func(o *Offer) { o.Mode = ModeStanding },
		"more decoys than set":  func(o *Offer) { *o = o.with(Sizes{200, 10}) },
		"decoys too few":        func(o *Offer) { *o = o.with(Sizes{6, 10}) },
		"nobody who learns":     func(o *Offer) { o.Learns = "nobody" },
		"terms that are over":   func(o *Offer) { o.Until = noon },
		"a set larger than one": func(o *Offer) { o.MaxItems = 6 },
		"a kind we do not hold": func(o *Offer) { o.Kinds = []selector.Kind{selector.Domain} },
		"another's evidence":    func(o *Offer) { o.Evidence = 9 },
	} {
		north, _ := pair(t)
		o := plainOffer()
		change(&o)
		err := north.Store.Update(t.Context(), func(tx *store.Tx) error {
			_, err := north.Propose(t.Context(), tx, "amira", north.peer, o)
			return err
		})
		if err == nil {
			t.Errorf("%s: it was proposed", name)
		}
		north.view(func(ctx context.Context, tx *store.Tx) error {
			all, err := north.List(ctx, tx)
			if len(all) != 0 || len(north.ledger()) != 0 {
				t.Errorf("%s: something was kept", name)
			}
			return err
		})
	}
}

func TestOnlyTheProposerStarts(t *testing.T) {
	north, south := agreed(t, plainOffer(), false)
	if err := south.Start(t.Context(), "chen", 1); !errors.Is(err, ErrState) {
		t.Errorf("South starts: got %v, want %v", err, ErrState)
	}
	start(north)
	if err := north.Start(t.Context(), "amira", 1); !errors.Is(err, ErrState) {
		t.Errorf("North starts twice: got %v, want %v", err, ErrState)
	}
	if got := exchange(north, south); len(got) != wholeRun-2 {
		t.Errorf("messages: %v", got)
	}
}
