package node

import (
	"slices"
	"testing"
	"time"

	"parley/internal/release"
	"parley/internal/store"
)

// warnedOnGift is a table at which North has a warning that rests on what South gave, and told Uvar of it.
func warnedOnGift(t *testing.T) *table {
	t.Helper()
	at := meet(t)
	watched(t, at.North, "the hall", true, 147)
	released(t, at.South, at.North, order(reported(t, at.South, 1, 147), 147))
	at.carry(t, at.South, at.North)
	_, err := at.North.Tell(t.Context(), 1, Telling{To: "Uvar", Text: warnText, Reason: "danger to life"})
	must(t, err)
	at.carry(t, at.North, at.Uvar)
	must(t, second(at.North).ReviewWarning(t.Context(), 1, "right"))
	at.clock.move(time.Hour)
	return at
}

func warningOf(t *testing.T, n *Node) Alert {
	t.Helper()
	a, err := n.Warning(t.Context(), 1)
	must(t, err)
	all, err := n.Warnings(t.Context())
	must(t, err)
	i := slices.IndexFunc(all, func(one Alert) bool { return one.Number == 1 })
	if !slices.Equal(all[i].CorrectionDue, a.CorrectionDue) || !slices.Equal(all[i].Withdrawn, a.Withdrawn) {
		t.Errorf("the list says %v, %v and the warning %v, %v", all[i].Withdrawn, all[i].CorrectionDue, a.Withdrawn, a.CorrectionDue)
	}
	return a
}

// TestAWarningOnWhatWasRecalledIsCorrected: it is marked, and who was told is told again, in a second person's sight.
func TestAWarningOnWhatWasRecalledIsCorrected(t *testing.T) {
	at := warnedOnGift(t)
	n := at.North
	correction := Telling{To: "Uvar", Text: "We no longer stand by what we said of the side door.", Reason: "they keep it shut for it"}
	if a := warningOf(t, n); len(a.Withdrawn)+len(a.CorrectionDue) != 0 {
		t.Fatalf("before the recall: %+v, %v", a.Withdrawn, a.CorrectionDue)
	}
	_, err := n.CorrectWarning(t.Context(), 1, correction)
	wants(t, "what stands is corrected", err, release.ErrStep)

	_, err = at.South.RecallRelease(t.Context(), 1, "The number belongs to somebody else.")
	must(t, err)
	at.carry(t, at.South, n)
	a := warningOf(t, n)
	if len(a.Withdrawn) != 1 || a.Withdrawn[0].From != "South" || a.Withdrawn[0].State != store.Recalled ||
		a.Withdrawn[0].Reason != "The number belongs to somebody else." || a.Withdrawn[0].Letter == 0 || !slices.Equal(a.CorrectionDue, []string{"Uvar"}) {
		t.Fatalf("after it: %+v, due %v", a.Withdrawn, a.CorrectionDue)
	}
	for name, c := range map[string]Telling{
		"without a reason":       {To: "Uvar", Text: correction.Text},
		"without a text":         {To: "Uvar", Reason: "x"},
		"to who was never told":  {To: "South", Text: correction.Text, Reason: "x"},
		"in South's own words":   {To: "Uvar", Text: tearlineText, Reason: "x"},
		"with South's name":      {To: "Uvar", Text: "South took it back.", Reason: "x"},
		"with the number itself": {To: "Uvar", Text: "It was +1 202-555-0147 that was wrong.", Reason: "x"},
	} {
		if _, err := n.CorrectWarning(t.Context(), 1, c); err == nil {
			t.Errorf("%s: it was sent", name)
		}
	}
	a, err = n.CorrectWarning(t.Context(), 1, correction)
	must(t, err)
	if len(a.CorrectionDue) != 0 || !a.Unreviewed() {
		t.Errorf("once corrected, due %v, and unreviewed %v", a.CorrectionDue, a.Unreviewed())
	}
	at.carry(t, n, at.Uvar)
	if l := newest(t, at.Uvar); l.Kind != release.KindWarning {
		t.Errorf("Uvar got a %s", l.Kind)
	}
	if got, err := at.Uvar.Warnings(t.Context()); err != nil || len(got) != 2 {
		t.Errorf("Uvar has %d warnings, %v", len(got), err)
	}
	a = warningOf(t, n)
	if len(a.Corrections) != 1 || a.Corrections[0].ConfirmedAt.IsZero() || len(a.Withdrawn) != 1 {
		t.Errorf("%+v", a.Corrections)
	}
	wants(t, "the sender reviews it", n.ReviewWarning(t.Context(), 1, "right"), release.ErrSamePerson)
	must(t, second(n).ReviewWarning(t.Context(), 1, "right"))
	if all := ledgerOf(t, n, "warning.correct"); len(all) != 1 {
		t.Errorf("the ledger says %v", all)
	}
}

// TestACorrectionThatWasLostIsDueAgain: the channel it went by was replaced.
func TestACorrectionThatWasLostIsDueAgain(t *testing.T) {
	at := warnedOnGift(t)
	n := at.North
	_, err := at.South.RecallRelease(t.Context(), 1, "It was wrong.")
	must(t, err)
	at.carry(t, at.South, n)
	_, err = n.CorrectWarning(t.Context(), 1, Telling{To: "Uvar", Text: "We no longer stand by it.", Reason: "at once"})
	must(t, err)
	at.outbox(t, n, at.Uvar) // sealed, and lost
	must(t, introduced(t.Context(), n, at.Uvar, true))
	if a := warningOf(t, n); !slices.Equal(a.CorrectionDue, []string{"Uvar"}) {
		t.Errorf("due %v", a.CorrectionDue)
	}
}

// TestWhatWasReplacedNamesTheNewOne: what was replaced names what stands in its place.
func TestWhatWasReplacedNamesTheNewOne(t *testing.T) {
	at := warnedOnGift(t)
	o := order(reported(t, at.South, 2, 148), 148)
	o.Amends, o.Because, o.Text = 1, "One digit was wrong.", "The number is another one than we said."
	released(t, at.South, at.North, o)
	at.carry(t, at.South, at.North)
	a := warningOf(t, at.North)
	if len(a.Withdrawn) != 1 || a.Withdrawn[0].State != store.Amended || a.Withdrawn[0].Successor == 0 || a.Withdrawn[0].Successor == a.Withdrawn[0].Letter {
		t.Errorf("%+v", a.Withdrawn)
	}
}
