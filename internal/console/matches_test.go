package console_test

import (
	"strings"
	"testing"
	"time"

	"parley/internal/console"
	"parley/internal/match"
	"parley/internal/node"
	"parley/internal/store"
	"parley/selector"
)

func TestAMatchUnderWayShowsHowFarItIs(t *testing.T) {
	n := newNode(t, "North")
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	m := match.Matching{Terms: match.Terms{From: "North", To: "South", Mode: match.ModeOverlap}}
	m.Role, m.State = match.Initiator, match.Overlapping
	m.Progress.Flow = &match.Flow{Stage: "overlap", Done: 2500, Total: 10_000, Since: noon, At: noon.Add(30 * time.Second)}
	page := drawn(t, n, m, nil)
	says(t, page, "Progress: .*overlap: 2,500 of 10,000, about 1m30s left")
	m.State = match.Done
	if page := drawn(t, n, m, nil); strings.Contains(page, "Progress") {
		t.Errorf("a match that is done shows progress:\n%s", page)
	}
}

func TestAMatchShowsQuestionsAndItsList(t *testing.T) {
	n := newNode(t, "North")
	m := match.Matching{Terms: match.Terms{From: "North", To: "South", Mode: match.ModeStanding, Learns: match.LearnProposer}}
	m.Role, m.State, m.Progress.Appeared = match.Initiator, match.Standing, 2
	asked := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	page := drawn(t, n, m, &node.StandingList{Generation: 3, Unchecked: 4, WatchedBy: "amira"},
		store.Ask{Ours: true, Question: "Since when?", AskedAt: asked, Selectors: make([]selector.Selector, 2)},
		store.Ask{Question: "Which <country>?", AskedAt: asked, Selectors: make([]selector.Selector, 1)})
	says(t, page,
		"Reveals: which of the checker's new selectors are on the list of the other",
		"List: theirs, generation 3; 4 selectors of ours to check; watched by amira",
		"Listed since: 2 selectors that we asked about before",
		"2026-03-01T12:00:00Z \\| us \\| 2 selectors \\| Since when\\?",
		"2026-03-01T12:00:00Z \\| South \\| 1 selector \\| Which <country>\\?")
}

// drawn is what a match's page reads as.
func drawn(t *testing.T, n *node.Node, m match.Matching, list *node.StandingList, asks ...store.Ask) string {
	t.Helper()
	page, err := console.MatchPage(n, m, list, asks...)
	if err != nil {
		t.Fatal(err)
	}
	return reads(t, page)
}
