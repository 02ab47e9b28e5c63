package node

import (
	"testing"

	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
)

// question is what North says of what it means to pass on to Uvar.
func question() release.Question {
	return release.Question{Purpose: "They may find the same numbers in their own systems.", Category: "a provider of telephone services"}
}

// passingOn takes an order to Uvar that draws on what South gave to where it is to
// be asked about.
func passingOn(t testing.TB, at *table, o release.Order) store.Release {
	t.Helper()
	o.PassOn = true
	r := drafted(t, at.North, at.Uvar, o)
	_, found, err := at.North.CheckRelease(t.Context(), r.ID)
	must(t, err)
	if release.Blocked(found) {
		t.Fatalf("the draft leaks: %v", found)
	}
	r, err = second(at.North).ClearRelease(t.Context(), r.ID)
	must(t, err)
	return r
}

// asked is a table at which North waits for South's consent to pass on to Uvar what
// South gave.
func asked(t *testing.T) (at *table, r store.Release, theirs stix.ID) {
	t.Helper()
	at = meet(t)
	released(t, at.South, at.North, order(reported(t, at.South, 1, 147), 147))
	at.carry(t, at.South, at.North)
	theirs = stix.ID(newest(t, at.North).Tearline.Report)
	o := order(theirs, 147)
	r = passingOn(t, at, o)
	r, err := at.North.AskConsent(t.Context(), r.ID, question())
	must(t, err)
	return at, r, theirs
}

// consented is a table at which South has consented, and North has passed it on.
func consented(t *testing.T) (at *table, r store.Release) {
	t.Helper()
	at, r, _ = asked(t)
	at.carry(t, at.North, at.South)
	must(t, second(at.South).AnswerConsent(t.Context(), consentAt(t, at.South).Number, true, nil, "They are in danger too."))
	at.carry(t, at.North, at.South)
	r, err := at.North.SendRelease(t.Context(), r.ID)
	must(t, err)
	at.carry(t, at.North, at.Uvar)
	return at, r
}

// consentAt is the newest ask at a node.
func consentAt(t testing.TB, n *Node) Consent {
	t.Helper()
	all, err := n.Consents(t.Context())
	must(t, err)
	if len(all) == 0 {
		t.Fatalf("%s knows of no ask", n.Settings.Party)
	}
	return all[0]
}

func releaseState(t testing.TB, n *Node, id int64) string {
	t.Helper()
	r, err := n.Release(t.Context(), id)
	must(t, err)
	return r.State
}

func standing(t testing.TB, n *Node, id int64) Standing {
	t.Helper()
	s, err := n.ReleaseStanding(t.Context(), id)
	must(t, err)
	return s
}
