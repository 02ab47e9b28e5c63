package node

import (
	"testing"

	"parley/internal/release"
	"parley/internal/store"
)

// TestTheBalance of a table at which South gave, consented and took back.
func TestTheBalance(t *testing.T) {
	at, _ := consented(t)
	claim := claimsOf(t, at.North, "South")[0].ID
	must(t, at.North.GradeClaim(t.Context(), claim, release.Grade{Source: 'B', Information: '2'}, "borne out"))
	_, err := at.South.RecallRelease(t.Context(), 1, "It was wrong.")
	must(t, err)
	at.carry(t, at.South, at.North)
	at.carry(t, at.North, at.Uvar)
	balance := func(n *Node, with string) Balance {
		all, err := n.Balances(t.Context(), with)
		must(t, err)
		if len(all) != 1 {
			t.Fatalf("%d balances", len(all))
		}
		return all[0]
	}
	want := Balance{With: "South", Ours: Share{Asked: 1}, Theirs: Share{Given: 1, Useful: 1, Recalled: 1, Answered: 1, Consented: 1}}
	if got := balance(at.North, "South"); got != want {
		t.Errorf("North with South: %+v, want %+v", got, want)
	}
	want = Balance{With: "North", Ours: Share{Given: 1, Useful: 1, Recalled: 1, Answered: 1, Consented: 1}, Theirs: Share{Asked: 1}}
	if got := balance(at.South, "North"); got != want {
		t.Errorf("South with North: %+v, want %+v", got, want)
	}
	want = Balance{With: "Uvar", Ours: Share{Given: 1, Recalled: 1}}
	if got := balance(at.North, "Uvar"); got != want {
		t.Errorf("North with Uvar: %+v, want %+v", got, want)
	}
	if all, err := at.North.Balances(t.Context(), ""); err != nil || len(all) != 2 {
		t.Errorf("%d balances, %v", len(all), err)
	}
	_, err = at.North.Balances(t.Context(), "Nobody")
	wants(t, "with nobody", err, store.ErrNotFound)
}

// TestQuestionsOnMatchesAreAnsweredWithTearlines: South asks about the number that both hold, and North gives a tearline
// with it. One with another number answers nothing.
func TestQuestionsOnMatchesAreAnsweredWithTearlines(t *testing.T) {
	at := meet(t)
	report := reported(t, at.North, 7, 150, 151)
	reported(t, at.South, 8, 150)
	ours, theirs := matched(t, at, at.North, at.South)
	must(t, at.South.AskMatch(t.Context(), theirs, "Since when?", nil))
	at.carry(t, at.South, at.North)
	balances := func(answered int) {
		t.Helper()
		north, err := at.North.Balances(t.Context(), "South")
		must(t, err)
		south, err := at.South.Balances(t.Context(), "North")
		must(t, err)
		if north[0].Theirs.Asked != 1 || north[0].Ours.Answered != answered {
			t.Errorf("North counts %d asked, %d answered, want 1 and %d", north[0].Theirs.Asked, north[0].Ours.Answered, answered)
		}
		if south[0].Ours.Asked != 1 || south[0].Theirs.Answered != answered || south[0].Theirs.Consented != 0 {
			t.Errorf("South counts %d asked, %d answered, want 1 and %d", south[0].Ours.Asked, south[0].Theirs.Answered, answered)
		}
	}
	balances(0)
	released(t, at.North, at.South, order(report, 151))
	at.carry(t, at.North, at.South)
	balances(0)
	o := order(report)
	o.Match, o.Text = ours, "It is in use since the spring."
	released(t, at.North, at.South, o)
	at.carry(t, at.North, at.South)
	balances(1)
}
