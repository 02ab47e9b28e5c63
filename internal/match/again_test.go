package match

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/store"
	"parley/selector"
)

// at sets both sides' clocks.
func at(when time.Time, all ...*party) {
	for _, p := range all {
		p.Now = func() time.Time { return when }
	}
}

func begin(p *party, id int64) (run int64, err error) {
	err = p.Store.Update(p.t.Context(), func(tx *store.Tx) error {
		run, err = p.Again(p.t.Context(), tx, "amira", id)
		return err
	})
	return run, err
}

// standingPair is a pair that made its first run under terms that allow several.
func standingPair(t *testing.T, o Offer) (north, south *party) {
	t.Helper()
	north, south = agreed(t, o, false)
	start(north)
	exchange(north, south)
	ended(t, north, Done)
	return north, south
}

func severalRuns() Offer {
	o := plainOffer()
	o.Runs, o.Days, o.Until = 2, 30, noon.Add(90*day)
	return o
}

// runAgain makes one further run on both sides, and fails the test where it
// cannot be made.
func runAgain(t *testing.T, north, south *party) {
	t.Helper()
	id, err := begin(north, 1)
	if err != nil {
		t.Fatal(err)
	}
	north.current, south.current = id, id
	deliver(north, south)
	deliver(south, north)
	start(north)
	exchange(north, south)
	ended(t, north, Done)
	ended(t, south, Done)
}

func TestARunAgainNeedsNoConsent(t *testing.T) {
	north, south := standingPair(t, severalRuns())
	south.hold(email(2))
	at(noon.Add(day), north, south)
	runAgain(t, north, south)
	for _, p := range []*party{north, south} {
		if got := p.overlap(); !slices.Equal(got, []selector.Selector{email(2), email(4), email(5), email(6)}) {
			t.Errorf("%s: the overlap is %v", p.Self, got)
		}
		if !strings.Contains(p.ledger(), `match.again M2`) {
			t.Errorf("%s: the further run is not in the ledger", p.Self)
		}
	}
	if got, want := north.match().Progress.TheirSet, "it holds all 3 that it held of ours in M1"; got != want {
		t.Errorf("their set: %q, want %q", got, want)
	}
	if _, err := begin(north, 2); !errors.Is(err, ErrTerms) { // named by a later run: the terms are the first's
		t.Errorf("a third run of two: got %v, want %v", err, ErrTerms)
	}
	at(noon.Add(31*day), north, south) // the first is out of the 30 days
	runAgain(t, north, south)
}

// forged is a further run that North's node would not begin, as a cheat sends it.
func forged(p *party, run RunID, hash []byte, first RunID) letter {
	return letter{kind: KindAgain, body: encodeMessage(run, hash, first[:], make([]byte, keySize))}
}

// refusesAgain sees that South's node refuses a run, says so to the other side,
// and keeps why in the ledger.
func refusesAgain(t *testing.T, south *party, l letter, want string) {
	t.Helper()
	if refused := south.take(l); refused != "" {
		t.Fatalf("not even kept: %s", refused)
	}
	sent := south.sentOne()
	if sent.kind != KindDecline || strings.Contains(string(sent.body), "selectors") {
		t.Errorf("the other side is told %s %q", sent.kind, sent.body)
	}
	lines := strings.Split(south.ledger(), "\n")
	if last := lines[len(lines)-1]; !strings.Contains(last, "match.refused") || !strings.Contains(last, want) {
		t.Errorf("the ledger says %s, want … %s …", last, want)
	}
}

func TestARunThatDepartsFromItsTermsIsRefusedByTheNode(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(north, south *party)
		hash    func(m Matching) []byte
		want    string
	}{
		"a run too many": {func(north, south *party) { runAgain(north.t.(*testing.T), north, south) }, nil, "the terms allow 2 runs in 30 days"},
		"after the end":  {func(_, south *party) { at(noon.Add(90*day), south) }, nil, "the terms held until"},
		"other terms, so another kind, size, mode, direction or purpose": {nil, func(m Matching) []byte {
			m.Terms.Kinds = []selector.Kind{selector.Phone}
			b, _ := m.Terms.encode()
			return digest(b)
		}, "under other terms than those that were accepted"},
		"after the terms were ended": {func(_, south *party) {
			if err := withdraw(south, "enough"); err != nil {
				south.t.Fatal(err)
			}
			south.sent()
		}, nil, "the terms were ended: enough"},
		"over the budget": {func(_, south *party) { setBudget(south, selector.Email, 50, 30) }, nil, "may ask about 50 email selectors"},
	} {
		t.Run(name, func(t *testing.T) {
			north, south := standingPair(t, severalRuns())
			first := south.match()
			if c.prepare != nil {
				c.prepare(north, south)
			}
			hash := digest(first.Matching.Terms)
			if c.hash != nil {
				hash = c.hash(first)
			}
			refusesAgain(t, south, forged(north, RunID{77}, hash, RunID(first.Run)), c.want)
		})
	}
}

func TestRunsAgainThatNobodyAgreedTo(t *testing.T) {
	north, south := pair(t)
	propose(north, south, severalRuns())
	m := south.match()
	refusesAgain(t, south, forged(north, RunID{77}, digest(m.Matching.Terms), RunID(m.Run)), "the terms do not stand")
	ignores(t, south, south.peer.ID, forged(north, RunID{78}, digest(m.Matching.Terms), RunID{1}), "under a match that is not there")
	ignores(t, south, south.peer.ID, letter{kind: KindAgain, body: encodeMessage(RunID{79}, nil, nil, nil)}, "without a key")

	north, south = standingPair(t, severalRuns())
	m = south.match()
	ignores(t, south, south.peer.ID, forged(north, RunID(m.Run), digest(m.Matching.Terms), RunID(m.Run)), "as the first run")
	refusesAgain(t, north, forged(south, RunID{80}, digest(m.Matching.Terms), RunID(m.Run)), "South was asked, and does not begin runs")
	if _, err := begin(south, 1); !errors.Is(err, ErrState) {
		t.Errorf("the side that was asked begins: got %v", err)
	}
}

func TestTwoRunsAgainAtOnce(t *testing.T) {
	north, south := standingPair(t, severalRuns())
	m := south.match()
	hash := digest(m.Matching.Terms)
	if refused := south.take(forged(north, RunID{81}, hash, RunID(m.Run))); refused != "" {
		t.Fatal(refused)
	}
	if sent := south.sentOne(); sent.kind != KindAccept {
		t.Fatalf("South says %s", sent.kind)
	}
	refusesAgain(t, south, forged(north, RunID{82}, hash, RunID(m.Run)), "the terms allow 2 runs")
}

func TestAClockSetBackOpensNothing(t *testing.T) {
	north, south := standingPair(t, severalRuns())
	at(noon.Add(80*day), north, south)
	runAgain(t, north, south)
	at(noon.Add(-400*day), north, south) // every run lies in the future now
	if _, err := begin(north, 1); err != nil {
		t.Fatalf("one of two was begun in the 30 days before the latest: %v", err)
	}
	id := int64(3)
	north.current, south.current = id, id
	deliver(north, south)
	south.sent()
	m := south.match()
	refusesAgain(t, south, forged(north, RunID{83}, digest(m.Matching.Terms), m.Terms.Run), "the terms allow 2 runs")
	south.view(func(ctx context.Context, tx *store.Tx) error {
		now, err := south.clock(ctx, tx)
		if !now.Equal(noon.Add(80 * day)) {
			t.Errorf("the clock says %s", now)
		}
		return err
	})
}

func TestARunUnderWayStopsWithItsTerms(t *testing.T) {
	north, south, waiting, _ := after(t, 2)
	at(noon.Add(30*day), south)
	breaks(t, south, north, waiting[0], "a query after the end of the terms")
	north, _ = agreed(t, plainOffer(), false)
	at(noon.Add(30*day), north)
	if err := north.Start(t.Context(), "amira", 1); !errors.Is(err, ErrTerms) {
		t.Errorf("to start after the end: got %v, want %v", err, ErrTerms)
	}
}

func TestTheOtherSideIsToldThatTermsEnded(t *testing.T) {
	north, south := standingPair(t, severalRuns())
	if err := withdraw(south, "the work is done"); err != nil {
		t.Fatal(err)
	}
	deliver(south, north)
	for _, p := range []*party{north, south} {
		if m := p.match(); m.State != Done || m.Progress.Over != "the work is done" {
			t.Errorf("%s: %s, over %q", p.Self, m.State, m.Progress.Over)
		}
	}
	if _, err := begin(north, 1); !errors.Is(err, ErrTerms) {
		t.Errorf("got %v, want %v", err, ErrTerms)
	}
	if err := withdraw(south, "twice"); !errors.Is(err, ErrState) {
		t.Errorf("to end them twice: got %v, want %v", err, ErrState)
	}
}
