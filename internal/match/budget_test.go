package match

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/store"
	"parley/selector"
)

func setBudget(p *party, k selector.Kind, items, days int) {
	p.update(func(ctx context.Context, tx *store.Tx) error {
		return tx.SetBudget(ctx, store.Budget{Counterpart: p.peer.ID, Kind: k, Items: items, Days: days})
	})
}

func used(p *party, k selector.Kind) (n int) {
	p.view(func(ctx context.Context, tx *store.Tx) error {
		a, err := p.Allowance(ctx, tx, p.peer.ID, k)
		n = a.Used
		return err
	})
	return n
}

func TestEveryQueryIsChargedWhetherOrNotItMatched(t *testing.T) {
	north, south := pair(t)
	propose(north, south, plainOffer())
	if got := used(south, selector.Email); got != 0 {
		t.Errorf("an offer that nobody accepted is charged with %d", got)
	}
	accept(south, false)
	if n, s := used(north, selector.Email), used(south, selector.Email); n != 100 || s != 100 {
		t.Errorf("while the run is open: %d and %d, want 100 each", n, s)
	}
	deliver(south, north)
	start(north)
	exchange(north, south)
	if n, s := used(north, selector.Email), used(south, selector.Email); n != 5 || s != 7 {
		t.Errorf("afterwards North charges %d and South %d, want 5 and 7", n, s)
	}
	at(noon.Add(30*day), south)
	if got := used(south, selector.Email); got != 0 {
		t.Errorf("30 days later: %d", got)
	}
}

func TestWhatWasNeverAskedIsGivenBack(t *testing.T) {
	for name, end := range map[string]func(north, south *party){
		"declined":  func(_, south *party) { south.decline("no") },
		"withdrawn": func(north, _ *party) { _ = withdraw(north, "no") },
		"aborted":   func(north, _ *party) { _ = abort(north) },
		"countered": func(_, south *party) { _ = counter(south, Offer{MaxItems: 60}) },
	} {
		north, south := pair(t)
		propose(north, south, plainOffer())
		end(north, south)
		exchange(north, south)
		want := 0
		if name == "countered" {
			want = 60
		}
		if n, s := used(north, selector.Email), used(south, selector.Email); n != 0 || s != want {
			t.Errorf("%s: %d and %d are charged, want 0 and %d", name, n, s, want)
		}
	}
}

func TestWhatWasAskedStaysChargedWhenTheRunIsAborted(t *testing.T) {
	north, south, _, _ := after(t, 3) // South has answered the count query
	if err := abort(north); err != nil {
		t.Fatal(err)
	}
	deliver(north, south)
	ended(t, south, Aborted)
	if got := used(south, selector.Email); got != 7 {
		t.Errorf("%d are charged, seven were asked and answered", got)
	}
}

// An offer that nobody answers holds the budget no longer than its terms.
func TestAReservationLapsesWithItsTerms(t *testing.T) {
	north, south := pair(t)
	propose(north, south, plainOffer())
	if got := used(north, selector.Email); got != 100 {
		t.Fatalf("%d are reserved", got)
	}
	at(noon.Add(30*day), north)
	if got := used(north, selector.Email); got != 0 {
		t.Errorf("after the terms are over %d are reserved", got)
	}
	accept(south, false)
	for _, l := range south.sent() {
		if refused := north.take(l); refused == "" {
			t.Error("the acceptance of terms that are over was taken")
		}
	}
}

func (p *party) decline(why string) {
	p.update(func(ctx context.Context, tx *store.Tx) error { return p.Decline(ctx, tx, "chen", p.current, why) })
}

func TestTwoRunsThatTogetherExceedTheBudget(t *testing.T) {
	north, south := pair(t)
	setBudget(south, selector.Email, 150, 30)
	for range 2 { // both are open before either begins
		propose(north, south, plainOffer())
	}
	accept(south, false)
	south.current = 2
	err := tryAccept(south)
	if !errors.Is(err, ErrBudget) || !strings.Contains(err.Error(), "North may ask about 150 email selectors in 30 days, has asked about 100, and could ask about 100 more") ||
		!strings.Contains(err.Error(), "end what holds some of it and was not begun (M1:") {
		t.Errorf("the second: got %v", err)
	}
	if m := south.match(); m.State != Offered || len(m.Secret) > 0 {
		t.Errorf("the second is %s", m.State)
	}
	deliver(south, north)
	start(north)
	exchange(north, south) // seven were asked: there is room now
	if err := tryAccept(south); err != nil {
		t.Errorf("once the first is settled: %v", err)
	}
}

func TestAnOversizeSetIsRefusedAndCharged(t *testing.T) {
	north, south := pair(t)
	o := plainOffer()
	o.MaxOurs, o.MaxTheirs = 7, 5 // and South brings five
	propose(north, south, o)
	accept(south, false)
	deliver(south, north)
	count, _ := cheat(t, north, emails(0, 8))
	run := south.match().Terms.Run
	breaks(t, south, north, letter{kind: KindCountQuery, body: encodeMessage(run, count.Query())}, "eight where seven were agreed")
	if got := used(south, selector.Email); got != 0 {
		t.Errorf("%d are charged: nothing was answered", got)
	}
}

func TestAMixedSetIsChargedWhollyUnderEachKind(t *testing.T) {
	phone := selector.Selector{Kind: selector.Phone, Value: "+12025550147"}
	north := newParty(t, "North", "South", append(emails(0, 3), phone)...)
	south := newParty(t, "South", "North", phone)
	o := plainOffer()
	o.Kinds = []selector.Kind{selector.Email, selector.Phone}
	propose(north, south, o)
	accept(south, false)
	deliver(south, north)
	start(north)
	exchange(north, south)
	if e, p := used(south, selector.Email), used(south, selector.Phone); e != 4 || p != 4 {
		t.Errorf("four were asked, none can be seen: %d e-mail addresses and %d phone numbers are charged", e, p)
	}
	o.MaxItems = 2001
	err := north.Store.Update(t.Context(), func(tx *store.Tx) error {
		_, err := north.Propose(t.Context(), tx, "amira", north.peer, o)
		return err
	})
	if !errors.Is(err, ErrBudget) {
		t.Errorf("a mixed set larger than the budget of its smallest kind: got %v", err)
	}
}

// Whatever a counterpart proposes and when, in no window does it ask about
// more than its budget.
func TestNoWindowHoldsMoreThanTheBudget(t *testing.T) {
	s := newParty(t, "South", "North", emails(0, 3)...)
	const limit, days = 500, 7
	setBudget(s, selector.Email, limit, days)
	number := 0
	rapid.Check(t, func(t *rapid.T) {
		number++
		peer := s.meet(fmt.Sprint("peer ", number))
		s.update(func(ctx context.Context, tx *store.Tx) error {
			return tx.SetBudget(ctx, store.Budget{Counterpart: peer.ID, Kind: selector.Email, Items: limit, Days: days})
		})
		type asked struct {
			at time.Time
			n  int
		}
		var all []asked
		now := noon.AddDate(number, 0, 0)
		for step := range rapid.IntRange(1, 12).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "hours")) * time.Hour)
			at(now, s)
			most := rapid.IntRange(1, 300).Draw(t, "most")
			m := Matching{Terms: goodTerms()}
			m.Terms.Kinds, m.Terms.Max.From, m.Terms.Until = []selector.Kind{selector.Email}, most, now.Add(day)
			m.Matching.Terms, _ = m.Terms.encode()
			m.Run, m.Counterpart, m.Role, m.State = append(make([]byte, 12), byte(number>>8), byte(number), byte(step), 1), peer.ID, Responder, Accepted
			s.update(func(ctx context.Context, tx *store.Tx) error {
				if err := s.addRun(ctx, tx, &m); err != nil {
					return err
				}
				if err := s.reserve(ctx, tx, m, "North"); errors.Is(err, ErrBudget) {
					return nil
				} else if err != nil {
					return err
				}
				m.Progress.TheirSize, m.State = rapid.IntRange(1, most).Draw(t, "asked"), Counted
				all = append(all, asked{now, m.Progress.TheirSize})
				return s.save(ctx, tx, m)
			})
		}
		for i, from := range all {
			sum := 0
			for _, a := range all[i:] {
				if a.at.Before(from.at.Add(days * day)) {
					sum += a.n
				}
			}
			if sum > limit {
				t.Fatalf("%d in the %d days from %s", sum, days, from.at)
			}
		}
	})
}
