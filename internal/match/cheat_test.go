package match

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"parley/internal/store"
	"parley/selector"
)

// prey is a node that holds some of the million numbers of one exchange, and
// the cheat who wants to know which.
type prey struct {
	*party
	held  []selector.Selector
	ids   []int64 // of them in the store
	runs  uint16
	asked int
	knows map[string]bool
	alert int // the day of the first alert, -1 before
}

// exchangeOf is the first of the million numbers.
const exchangeOf = 12025000000

func newPrey(t *testing.T, n int, rnd *rand.Rand) *prey {
	t.Helper()
	p := &prey{party: newParty(t, "South", "North"), knows: map[string]bool{}, alert: -1}
	for _, i := range rnd.Perm(1_000_000)[:n] {
		p.held = append(p.held, selector.Selector{Kind: selector.Phone, Value: fmt.Sprint("+", exchangeOf+i)})
	}

	p.hold(p.held...)
	p.view(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Selectors(ctx, store.Scope{Ours: true})
		for _, s := range all {
			p.ids = append(p.ids, s.ID)
		}
		for i, s := range all {
			p.held[i] = s.Selector
		}
		return err
	})
	return p
}

// ask lets the cheat bring as many numbers as the budget lets it, from where it
// stopped. What it brings is charged before anything is answered; the answer is
// true.
func (p *prey) ask(t *testing.T, days int, most int) (taken bool) {
	t.Helper()
	m := Matching{Terms: goodTerms()}
	m.Terms.Kinds, m.Terms.Max, m.Terms.Until = []selector.Kind{selector.Phone}, Sizes{most, MaxItems}, p.Now().Add(day)
	m.Matching.Terms, _ = m.Terms.encode()
	p.runs++
	m.Run, m.Counterpart, m.Role, m.State = append(make([]byte, 14), byte(p.runs>>8), byte(p.runs)), p.peer.ID, Responder, Accepted
	err := p.Store.Update(t.Context(), func(tx *store.Tx) error {
		ctx := t.Context()
		if err := p.addRun(ctx, tx, &m); err != nil {
			return err
		}
		if err := p.reserve(ctx, tx, m, "North"); err != nil { // as agree does, before it fixes the set
			return err
		}
		if err := tx.SetMatchingItems(ctx, m.ID, p.ids); err != nil {
			return err
		}
		var hits []int
		for i, s := range p.held {
			n, _ := numberOf(s.Value)
			if at := int(n - exchangeOf); at >= p.asked && at < p.asked+most {
				hits = append(hits, i)
				p.knows[s.Value] = true
			}
		}
		p.asked += most
		taken = true
		m.State, m.Progress.CountKnown, m.Progress.Count, m.Progress.Overlap = Done, true, len(hits), len(hits)
		m.Progress.OurSize, m.Progress.TheirSize = len(p.held), most
		if err := tx.MarkMatched(ctx, m.ID, hits); err != nil {
			return err
		}
		return p.save(ctx, tx, m)
	})
	if errors.Is(err, ErrBudget) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	if taken && p.alert < 0 {
		p.current = p.latest()
		if len(p.match().Progress.Alerts) > 0 {
			p.alert = days
		}
	}
	return taken
}

func (p *prey) latest() (id int64) {
	p.view(func(ctx context.Context, tx *store.Tx) error {
		all, err := p.List(ctx, tx)
		id = all[0].ID
		return err
	})
	return id
}

// The cheat asks for a whole exchange, number after number, on every day of 90
// and at the usual budget: it tries the whole budget, then halves of it. The
// table stands in docs/protocol/match.md.
func TestACheatWhoAsksForAWholeExchange(t *testing.T) {
	for _, c := range []struct {
		held, most int // of a million; what it may learn at most
		alert      int // the day of the alert, -1: none
	}{
		{100, 3, -1},
		{1_000, 10, 0},
		{10_000, 80, 0},
	} {
		p := newPrey(t, c.held, rand.New(rand.NewPCG(7, 8)))
		for d := range 90 {
			at(noon.AddDate(0, 0, d).Add(time.Hour), p.party)
			for most := usualFew; most > 0; most /= 2 {
				p.ask(t, d, most)
			}
		}
		t.Logf("we hold %d of 1000000: in 90 days it asked about %d, learnt %d (%.2f %%), the alert came on day %d",
			c.held, p.asked, len(p.knows), 100*float64(len(p.knows))/float64(c.held), p.alert)
		if p.asked != 3*usualFew {
			t.Errorf("it asked about %d in 90 days, three budgets are %d", p.asked, 3*usualFew)
		}
		if len(p.knows) > c.most {
			t.Errorf("we hold %d: it learnt %d, want at most %d", c.held, len(p.knows), c.most)
		}
		if p.alert != c.alert {
			t.Errorf("we hold %d: the alert came on day %d, want %d", c.held, p.alert, c.alert)
		}
	}
}

// Another set every time has nothing of ours in common with the last: that is
// said of the first, and is an alert at the second.
func TestANewSetAgainAndAgainIsAnAlert(t *testing.T) {
	p := newPrey(t, 50, rand.New(rand.NewPCG(9, 10)))
	var said []string
	for d := range 3 {
		at(noon.AddDate(0, d, 0), p.party)
		setBudget(p.party, selector.Phone, 131_072, 1)
		p.ask(t, d, 131_072)
		p.current = p.latest()
		said = append(said, p.match().Progress.TheirSet)
	}
	if said[0] != "" || said[1] == "" || said[2] == "" {
		t.Errorf("of their sets it says %q", said)
	}
	if p.alert != 2 {
		t.Errorf("the alert came with set %d, want the third: %q", p.alert, said)
	}
}
