package node

import (
	"context"
	"slices"
	"testing"
	"time"

	"parley/demo"
	"parley/internal/assess"
	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
)

// weighing is a table at which North has its claims file and South's tearline.
func weighing(t *testing.T) (at *table, claim, proposition stix.ID) {
	t.Helper()
	at = meet(t)
	_, err := at.North.Import(t.Context(), prop(t, demo.Claims), "")
	must(t, err)
	w, err := at.North.Weigh(t.Context())
	must(t, err)
	proposition = w.Assessments[0].Proposition
	released(t, at.South, at.North, order(reported(t, at.South, 1, 147), 147))
	at.carry(t, at.South, at.North)
	return at, claimsOf(t, at.North, "South")[0].ID, proposition
}

// versions reads every version of an object.
func versions(t *testing.T, n *Node, id stix.ID) (rows []store.Object) {
	t.Helper()
	view(t, n, func(ctx context.Context, tx *store.Tx) (err error) {
		rows, err = tx.ObjectVersions(ctx, id.Type(), id.UUID())
		return err
	})
	return rows
}

func TestGradingAClaim(t *testing.T) {
	at, claim, _ := weighing(t)
	n := at.North
	// The clock stands still: versions go forward all the same.
	for _, g := range []release.Grade{{Source: 'C', Information: '3'}, {Source: 'D', Information: '4'}, {}} {
		must(t, n.GradeClaim(t.Context(), claim, g, "we know them"))
	}
	at.clock.move(-time.Hour)
	must(t, n.GradeClaim(t.Context(), claim, release.Grade{Source: 'B', Information: '1'}, "a mistake"))

	rows := versions(t, n, claim)
	if len(rows) != 5 {
		t.Fatalf("%d versions, want five", len(rows))
	}
	origin := rows[0].Origin
	for i, row := range rows {
		if row.Origin != origin || origin == 0 || row.PermittedUse != string(release.Detection) {
			t.Errorf("version %d is of %d and permits %q: it must stay South's", i, row.Origin, row.PermittedUse)
		}
		if i > 0 && !row.Modified.After(rows[i-1].Modified) {
			t.Errorf("version %d is not after the one before", i)
		}
	}
	c := claimsOf(t, n, "South")[0]
	var earlier []string
	for _, g := range c.Earlier {
		earlier = append(earlier, g.String())
	}
	if c.Given.String() != "B1" || !slices.Contains(earlier, "B2") || !slices.Contains(earlier, "C3") || !slices.Contains(earlier, "D4") {
		t.Errorf("graded %s, before that %v; want South's own B2 beside ours", c.Given, earlier)
	}
	for _, row := range versions(t, n, claim) {
		if row.Origin == 0 {
			t.Error("a grade of ours made South's claim ours")
		}
	}
	if got := ledger(t, n, 1); got[len(got)-1] != "claim.grade" {
		t.Errorf("the ledger's last line is %s", got[len(got)-1])
	}
}

func TestAttachingAClaim(t *testing.T) {
	at, claim, proposition := weighing(t)
	n := at.North
	before, err := n.Weigh(t.Context())
	must(t, err)
	must(t, n.AttachClaim(t.Context(), claim, proposition))
	after, err := n.Weigh(t.Context())
	must(t, err)
	on := func(w Weighed) (where []stix.ID) {
		for _, a := range w.Assessments {
			if slices.ContainsFunc(a.Claims, func(c assess.ClaimView) bool { return c.ID == claim }) {
				where = append(where, a.Proposition)
			}
		}
		return where
	}
	if got := on(before); len(got) != 1 || got[0] == proposition {
		t.Errorf("before, it stands on %v", got)
	}
	if got := on(after); len(got) != 1 || got[0] != proposition {
		t.Errorf("afterwards, it stands on %v, want %s alone", got, proposition)
	}
	if c := claimsOf(t, n, "South"); len(c) != 1 || c[0].Given.String() != "B2" {
		t.Errorf("its grade became %v", c)
	}
}

func TestWhatIsNoClaim(t *testing.T) {
	at, _, proposition := weighing(t)
	n := at.North
	for name, id := range map[string]stix.ID{
		"a proposition":             proposition,
		"nothing":                   numbered("note", 777),
		"an object of another type": stix.ID(newest(t, n).Tearline.Report),
	} {
		head := entries(t, n)
		if err := n.GradeClaim(t.Context(), id, release.Grade{Source: 'A', Information: '1'}, "x"); err == nil {
			t.Errorf("%s was graded", name)
		}
		if err := n.AttachClaim(t.Context(), id, proposition); err == nil {
			t.Errorf("%s was attached", name)
		}
		if entries(t, n) != head {
			t.Errorf("%s: the ledger has a line of it", name)
		}
	}
}

// TestSuggestionsThatAreAnswered disappear, whichever the answer was.
func TestSuggestionsThatAreAnswered(t *testing.T) {
	at, _, _ := weighing(t)
	n := at.North
	first, err := n.Weigh(t.Context())
	must(t, err)
	if len(first.Suggestions) < 2 {
		t.Fatalf("%d suggestions, want two pairs", len(first.Suggestions))
	}
	for i, s := range first.Suggestions {
		a, b := s.A, s.B
		if i%2 == 1 {
			a, b = b, a // in either order
		}
		must(t, n.ConfirmOrigin(t.Context(), a, b, i == 0, "the second rewrites the first"))
		now, err := n.Weigh(t.Context())
		must(t, err)
		if want := len(first.Suggestions) - i - 1; len(now.Suggestions) != want {
			t.Errorf("after %d answers %d suggestions are open, want %d", i+1, len(now.Suggestions), want)
		}
	}
	wants(t, "a claim that is not there", n.ConfirmOrigin(t.Context(), first.Suggestions[0].A, numbered("note", 777), true, "x"), store.ErrNotFound)
	again := reopened(t, n.Home(), *n.key, at.clock, 66)
	if w, err := again.Weigh(t.Context()); err != nil || len(w.Suggestions) != 0 {
		t.Errorf("after opening the node again %d are open, %v", len(w.Suggestions), err)
	}
}

// TestAConfirmedOriginCountsOnce: two stories that share one are no second
// origin.
func TestAConfirmedOriginCountsOnce(t *testing.T) {
	at, _, _ := weighing(t)
	n := at.North
	first, err := n.Weigh(t.Context())
	must(t, err)
	s := first.Suggestions[0]
	origins := func(w Weighed) (most int) {
		for _, a := range w.Assessments {
			if slices.ContainsFunc(a.Claims, func(c assess.ClaimView) bool { return c.ID == s.A || c.ID == s.B }) {
				most = max(most, a.NMax)
			}
		}
		return most
	}
	must(t, n.ConfirmOrigin(t.Context(), s.A, s.B, true, "word for word"))
	after, err := n.Weigh(t.Context())
	must(t, err)
	if origins(after) > origins(first) {
		t.Errorf("at most %d origins, and %d before two of them were one", origins(after), origins(first))
	}
}

// TestOurOwnGradeIsByUs: the grader is our identity, the same each time.
func TestOurOwnGradeIsByUs(t *testing.T) {
	at, claim, _ := weighing(t)
	n := at.North
	var who []stix.ID
	for range 2 {
		must(t, n.GradeClaim(t.Context(), claim, release.Grade{Source: 'C', Information: '3'}, "x"))
		who = append(who, claimsOf(t, n, "South")[0].Given.Grader)
	}
	if who[0] == "" || who[0] != who[1] || who[0] == claimsOf(t, n, "South")[0].Claimant {
		t.Errorf("graded by %v", who)
	}
}
