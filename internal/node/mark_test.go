package node

import (
	"errors"
	"strings"
	"testing"

	"parley/internal/store"
)

// What somebody said of a selector can be said anew and taken back; what cannot
// be said is refused.
func TestMarks(t *testing.T) {
	at := meet(t)
	n := at.North
	imported(t, n, "x.json", seen(101))
	all, err := n.Selectors(t.Context(), store.Scope{})
	must(t, err)
	if len(all) == 0 || all[0].ID != 1 {
		t.Fatalf("the selectors are %v", all)
	}
	for _, verdict := range []string{Relevant, Unsure, Unmarked} {
		must(t, n.Mark(t.Context(), "S1", verdict, "a note"))
		m, marked, err := n.MarkOf(t.Context(), "S1")
		must(t, err)
		by, err := n.Marks(t.Context(), 'S')
		must(t, err)
		if marked != (verdict != Unmarked) || marked && m.Verdict != verdict || by["S1"].Verdict != verdict {
			t.Errorf("marked %q, it reads %+v, %v, and %+v among all", verdict, m, marked, by)
		}
	}
	for subject, want := range map[string]error{"S99": store.ErrNotFound, "I99": store.ErrNotFound} {
		wants(t, subject, n.Mark(t.Context(), subject, Unmarked, ""), want)
	}
	var wrong Invalid
	for subject, verdict := range map[string]string{"": Relevant, "S": Relevant, "S01": Relevant, "S-1": Relevant, "R1": Relevant, "S1": Taken, "I1": Relevant} {
		if err := n.Mark(t.Context(), subject, verdict, ""); !errors.As(err, &wrong) {
			t.Errorf("%q marked %q: got %v", subject, verdict, err)
		}
	}
	if err := n.Mark(t.Context(), "S1", Relevant, strings.Repeat("x", 1001)); !errors.As(err, &wrong) {
		t.Errorf("a note that is too long: got %v", err)
	}
}
