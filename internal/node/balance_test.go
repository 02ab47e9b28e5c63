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
