package match

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/store"
	"parley/internal/stream"
	"parley/psi"
	"parley/selector"
)

// listOffer lets North check against South's list.
func listOffer() Offer {
	o := plainOffer()
	o.Mode, o.Learns, o.Runs = ModeStanding, LearnProposer, 5
	return o
}

func check(p *party) (id int64) {
	p.t.Helper()
	id, err := p.Check(p.t.Context(), "amira", 1)
	if err != nil {
		p.t.Fatal(err)
	}
	p.current = id
	return id
}

func budget(p *party, items int) {
	p.update(func(ctx context.Context, tx *store.Tx) error {
		return tx.SetBudget(ctx, store.Budget{Kind: selector.Email, Items: items, Days: 30})
	})
}

// values counts what South has computed.
func values(p *party) (n int) {
	p.view(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.StandingValues(ctx, 1)
		n = len(all)
		return err
	})
	return n
}

// TestAHolderAnswersNoMoreThanTheTermsAllow: a checker whose own node holds it
// to nothing is refused by ours, before anything is evaluated.
func TestAHolderAnswersNoMoreThanTheTermsAllow(t *testing.T) {
	for name, c := range map[string]struct {
		holder func(*party)
		alter  func(parts [][]byte)
		why    string
	}{
		"beyond the budget": {func(p *party) { budget(p, 6) }, nil, "may ask about 6 email selectors"},
		"after until":       {func(p *party) { p.Now = func() time.Time { return noon.AddDate(0, 0, 31) } }, nil, "the terms held until"},
		"beyond the runs": {func(p *party) {
			p.update(func(ctx context.Context, tx *store.Tx) error {
				for n := range 5 {
					run := make([]byte, 16)
					run[0] = byte(n)
					row := store.Matching{Run: run, Counterpart: p.peer.ID, State: Done, Under: 1, AgreedAt: noon, Terms: []byte("{}"), Progress: []byte("{}")}
					if _, err := tx.AddMatching(ctx, row); err != nil {
						return err
					}
				}
				return nil
			})
		}, nil, "so many were begun"},
		"beyond the largest set": {nil, func(parts [][]byte) { parts[3] = queryOf(t, 101) }, "the terms allow"},
		"under other terms":      {nil, func(parts [][]byte) { parts[0][0] ^= 1 }, "under other terms"},
		"of ended terms": {func(p *party) {
			p.update(func(ctx context.Context, tx *store.Tx) error { return p.Withdraw(ctx, tx, "chen", 1, "done") })
			p.sent()
		}, nil, "the terms were ended"},
	} {
		north, south := agreed(t, listOffer(), false)
		id := check(north)
		l := north.sentOne()
		run, parts, err := decodeMessage(l.body, 4)
		if err != nil {
			t.Fatal(err)
		}
		if c.alter != nil {
			c.alter(parts)
			l.body = encodeMessage(run, parts...)
		}
		if c.holder != nil {
			c.holder(south)
		}
		before := charged(south)
		if refused := south.take(l); refused != "" {
			t.Errorf("%s: the message was refused: %s", name, refused)
		}
		if got := charged(south); got != before || values(south) != 0 {
			t.Errorf("%s: %d charged, %d values computed", name, got-before, values(south))
		}
		if !strings.Contains(south.ledger(), c.why) {
			t.Errorf("%s: the ledger does not say %q:\n%s", name, c.why, south.ledger())
		}
		deliver(south, north)
		north.current = id
		if m := north.match(); m.State != Declined {
			t.Errorf("%s: the check is %s at the checker", name, m.State)
		}
	}
}

// queryOf is a well-formed check of so many items.
func queryOf(t *testing.T, n int) []byte {
	t.Helper()
	list, err := psi.NewListKey(psi.Seed{1})
	if err != nil {
		t.Fatal(err)
	}
	items := make([][]byte, n)
	for i := range items {
		items[i] = email(i).Canonical()
	}
	c, err := psi.NewCheck(psi.Seed{2}, list.PublicKey(), items, 0)
	if err != nil {
		t.Fatal(err)
	}
	return c.Query()
}

// TestACheckIsAnsweredOnce: the same run again is a replay, and costs nothing.
func TestACheckIsAnsweredOnce(t *testing.T) {
	north, south := agreed(t, listOffer(), false)
	check(north)
	l := north.sentOne()
	if refused := south.take(l); refused != "" {
		t.Fatal(refused)
	}
	if refused := south.take(l); !strings.Contains(refused, "begun before") {
		t.Errorf("a replayed check: refused %q", refused)
	}
	if got := charged(south); got != 7 {
		t.Errorf("%d charged, want 7", got)
	}
	exchange(south, north)
	if got := north.overlap(); len(got) != 3 {
		t.Errorf("the check found %v", got)
	}
}

// TestTheHolderChecksNothing: whoever holds the list cannot ask.
func TestTheHolderChecksNothing(t *testing.T) {
	north, south := agreed(t, listOffer(), false)
	if _, err := south.Check(t.Context(), "chen", 1); !errors.Is(err, ErrState) {
		t.Errorf("the holder's check: %v", err)
	}
	check(north)
	if _, err := north.Check(t.Context(), "amira", 1); !errors.Is(err, ErrState) {
		t.Errorf("a second check while one is under way: %v", err)
	}
}

// answerOf gives South's answer to North's check, in its parts.
func answerOf(t *testing.T, south *party) (l letter, run RunID, parts [][]byte) {
	t.Helper()
	l = south.sentOne()
	m, err := stream.Parse(l.kind, l.body)
	if err != nil || !m.Last {
		t.Fatalf("the answer is no last chunk: %v", err)
	}
	run, parts, err = decodeMessage(m.Data, 2)
	if err != nil {
		t.Fatal(err)
	}
	return l, run, parts
}

// rewritten is a chunk with another message in it.
func rewritten(l letter, run RunID, parts [][]byte) letter {
	const head = 16 + 8 + 8 + 1
	return letter{kind: l.kind, body: append(slices.Clone(l.body[:head]), encodeMessage(run, parts...)...)}
}

// TestACheckerRefusesWhatDoesNotFit and keeps the filter that it had.
func TestACheckerRefusesWhatDoesNotFit(t *testing.T) {
	other, err := psi.NewListKey(psi.Seed{1})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		alter func(parts [][]byte, query []byte)
		why   string
	}{
		"a difference for another generation": {func(parts [][]byte, _ []byte) { binary.BigEndian.PutUint64(parts[0][8:], 9) }, "generation"},
		"a difference for another filter":     {func(parts [][]byte, _ []byte) { parts[0][64] ^= 1 }, "another filter"},
		"an altered difference":               {func(parts [][]byte, _ []byte) { parts[0][len(parts[0])-3] ^= 1 }, "refused"},
		"a filter under another key": {func(parts [][]byte, _ []byte) {
			f, _ := psi.NewFilter(other.PublicKey(), 7, nil)
			parts[0], _ = f.MarshalBinary()
		}, "another key"},
		"an older filter": {func(parts [][]byte, _ []byte) {
			f, _ := psi.NewFilter(parts[0][32:64], 0, nil)
			parts[0], _ = f.MarshalBinary()
		}, "generation 0 came, we have 1"},
		"no evaluation": {func(parts [][]byte, _ []byte) { parts[1] = nil }, ""},
		"an evaluation under another key": {func(parts [][]byte, query []byte) {
			parts[1], _ = other.Answer(query, psi.MaxCheck)
		}, "not made with the list's key"},
	} {
		north, south := agreed(t, listOffer(), false)
		check(north)
		exchange(north, south)
		north.hold(email(20), email(21))
		south.hold(email(20))
		check(north)
		l := north.sentOne()
		_, asked, err := decodeMessage(l.body, 4)
		if err != nil {
			t.Fatal(err)
		}
		south.take(l)
		chunk, run, parts := answerOf(t, south)
		c.alter(parts, asked[3])
		if refused := north.take(rewritten(chunk, run, parts)); refused == "" || !strings.Contains(refused, c.why) {
			t.Errorf("%s: refused %q, want %q", name, refused, c.why)
		}
		north.view(func(ctx context.Context, tx *store.Tx) error {
			list, err := tx.Standing(ctx, 1)
			if list.Generation != 1 {
				t.Errorf("%s: the filter is of generation %d, want 1", name, list.Generation)
			}
			open, err2 := north.unchecked(ctx, tx, first(north))
			if len(open) != 2 {
				t.Errorf("%s: %d are unchecked, want 2", name, len(open))
			}
			return errors.Join(err, err2)
		})
		if m := north.match(); m.State != Refused || len(north.overlap()) != 0 {
			t.Errorf("%s: the check is %s and found %v", name, m.State, north.overlap())
		}
	}
}

func first(p *party) (m Matching) {
	p.view(func(ctx context.Context, tx *store.Tx) (err error) {
		m, err = p.Get(ctx, tx, 1)
		return err
	})
	return m
}

// TestAListComesThroughKills: each side is killed before every message that it
// works on, and once more after it was worked on and before it was kept.
func TestAListComesThroughKills(t *testing.T) {
	north, south := agreed(t, listOffer(), false)
	for round := range 3 {
		south.hold(email(100 + round))
		north.hold(email(100 + round))
		check(north)
		for quiet := false; !quiet; {
			quiet = true
			for _, way := range [][2]*party{{north, south}, {south, north}} {
				for _, l := range way[0].sent() {
					quiet = false
					in := way[1].arrive(way[1].peer.ID, l)
					if _, err := way[1].Handle(t.Context(), in); err != nil {
						t.Fatal(err)
					}
					way[1].crash()
					if refused := way[1].apply(in); refused != "" {
						t.Fatal(refused)
					}
				}
			}
		}
		want := 1
		if round == 0 {
			want = 4
		}
		if m := north.match(); m.State != Done || len(north.overlap()) != want {
			t.Errorf("round %d: the check is %s and found %v, want %d", round, m.State, north.overlap(), want)
		}
	}
	if got := charged(south); got != 10 {
		t.Errorf("%d charged, want 10", got)
	}
}

// TestAValueIsComputedOnce: what is kept is not computed again, after a kill
// either.
func TestAValueIsComputedOnce(t *testing.T) {
	_, south := agreed(t, listOffer(), false)
	canary := []byte("0123456789")
	south.update(func(ctx context.Context, tx *store.Tx) error {
		ours, err := south.listed(ctx, tx, first(south))
		if err != nil {
			return err
		}
		return tx.PutStandingValues(ctx, 1, []store.StandingValue{{Selector: ours[0].ID, Value: canary, Came: 1}})
	})
	south.crash()
	if err := south.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	south.view(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.StandingValues(ctx, 1)
		if err != nil {
			return err
		}
		if len(all) != 5 || string(all[0].Value) != string(canary) {
			t.Errorf("%d values, the first %q; want 5, and %q as it was", len(all), all[0].Value, canary)
		}
		return nil
	})
}

// TestALongListComesInParts: the list needs more chunks than may be under way.
// Its values are made up, as a list of that length takes long to compute.
func TestALongListComesInParts(t *testing.T) {
	o := listOffer()
	o.MaxOurs, o.MaxTheirs = 100, 200_000
	north, south := agreed(t, o, false)
	const long = 140_000
	south.hold(emails(1000, 1000+long)...)
	south.update(func(ctx context.Context, tx *store.Tx) error {
		ours, err := south.listed(ctx, tx, first(south))
		if err != nil {
			return err
		}
		var rows []store.StandingValue
		for i, sel := range ours {
			if sel.Selector == email(5) {
				continue
			}
			v := make([]byte, 10)
			binary.BigEndian.PutUint64(v, uint64(i)<<46)
			rows = append(rows, store.StandingValue{Selector: sel.ID, Value: v, Came: 1})
		}
		return tx.PutStandingValues(ctx, 1, rows)
	})
	check(north)
	deliver(north, south)
	for chunks := 0; north.match().State == Checking; chunks++ {
		some := south.sent()
		if len(some) == 0 || len(some) > stream.DefaultWindow || chunks > 10 {
			t.Fatalf("%d chunks under way", len(some))
		}
		for _, l := range some {
			if refused := north.take(l); refused != "" {
				t.Fatal(refused)
			}
		}
		north.crash()
		deliver(north, south)
		south.crash()
	}
	if m := north.match(); m.State != Done || m.Progress.TheirSize != long+5 || !slices.Equal(north.overlap(), []selector.Selector{email(5)}) {
		t.Errorf("the check is %s, the list has %d, found %v: %s", m.State, m.Progress.TheirSize, north.overlap(), m.Progress.Reason)
	}
	for name, p := range map[string]*party{"North": north, "South": south} {
		p.view(func(ctx context.Context, tx *store.Tx) error {
			came, err := tx.MatchingPieces(ctx, 2, false, maxPieces)
			left, err3 := tx.MatchingPieces(ctx, 2, true, maxPieces)
			parts := append(came, left...)
			open, err2 := tx.OpenStreams(ctx, p.peer.ID)
			if len(parts) != 0 || open != 0 {
				t.Errorf("%s keeps %d parts and %d open streams", name, len(parts), open)
			}
			return errors.Join(err, err2, err3)
		})
	}
}
