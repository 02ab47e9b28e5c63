package node

import (
	"errors"
	"strings"
	"testing"

	"parley/internal/match"
	"parley/internal/store"
	"parley/selector"
)

func allowance(t *testing.T, n *Node, counterpart string, k selector.Kind) match.Allowance {
	t.Helper()
	all, err := n.Budgets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		for _, a := range b.Kinds {
			if b.Counterpart == counterpart && a.Kind == k {
				return a
			}
		}
	}
	t.Fatalf("no budget of %s for %s", k, counterpart)
	return match.Allowance{}
}

// A line for one counterpart goes before that for everyone, and that before
// the usual.
func TestWhoseBudgetHolds(t *testing.T) {
	at := meet(t)
	n := at.North
	for _, step := range []struct {
		what         string
		do           func() error
		south, other int
	}{
		{"as usual", func() error { return nil }, 2000, 2000},
		{"for South", func() error { return n.SetBudget(t.Context(), "South", selector.Phone, 500, 7) }, 500, 2000},
		{"for everyone", func() error { return n.SetBudget(t.Context(), "", selector.Phone, 0, 30) }, 500, 0},
		{"South's taken away", func() error { return n.ResetBudget(t.Context(), "South", selector.Phone) }, 0, 0},
		{"everyone's taken away", func() error { return n.ResetBudget(t.Context(), "", selector.Phone) }, 2000, 2000},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.what, err)
		}
		if s, u := allowance(t, n, "South", selector.Phone), allowance(t, n, "Uvar", selector.Phone); s.Items != step.south || u.Items != step.other {
			t.Errorf("%s: South may ask about %d, Uvar about %d; want %d and %d", step.what, s.Items, u.Items, step.south, step.other)
		}
	}
	if a := allowance(t, n, "South", selector.Email); a.Items != 100_000 || a.Set {
		t.Errorf("e-mail addresses: %+v", a)
	}
	var changes []string
	all, err := n.Ledger(t.Context(), 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if strings.HasPrefix(e.Action, "budget.") {
			changes = append(changes, e.Action+" "+e.Counterpart+" "+string(e.Detail))
		}
	}
	want := []string{
		`budget.set South {"kind":"phone","after":{"items":500,"days":7}}`,
		`budget.set  {"kind":"phone","after":{"items":0,"days":30}}`,
		`budget.reset South {"kind":"phone","before":{"items":500,"days":7}}`,
		`budget.reset  {"kind":"phone","before":{"items":0,"days":30}}`,
	}
	if strings.Join(changes, "\n") != strings.Join(want, "\n") {
		t.Errorf("the ledger says\n%s", strings.Join(changes, "\n"))
	}
}

func TestBudgetsThatMakeNoSense(t *testing.T) {
	at := meet(t)
	for what, do := range map[string]func() error{
		"fewer than none":    func() error { return at.North.SetBudget(t.Context(), "South", selector.Phone, -1, 30) },
		"too many":           func() error { return at.North.SetBudget(t.Context(), "South", selector.Phone, maxBudgetItems+1, 30) },
		"no days":            func() error { return at.North.SetBudget(t.Context(), "South", selector.Phone, 1, 0) },
		"years":              func() error { return at.North.SetBudget(t.Context(), "South", selector.Phone, 1, maxBudgetDays+1) },
		"an unknown kind":    func() error { return at.North.SetBudget(t.Context(), "South", "face", 1, 30) },
		"an unknown kind to": func() error { return at.North.ResetBudget(t.Context(), "South", "face") },
	} {
		if err := do(); !errors.As(err, new(Invalid)) {
			t.Errorf("%s: got %v", what, err)
		}
	}
	for what, do := range map[string]func() error{
		"for nobody we know":  func() error { return at.North.SetBudget(t.Context(), "Vesna", selector.Phone, 1, 30) },
		"what was never set":  func() error { return at.North.ResetBudget(t.Context(), "South", selector.Phone) },
		"everyone's, not set": func() error { return at.North.ResetBudget(t.Context(), "", selector.Phone) },
	} {
		if err := do(); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: got %v", what, err)
		}
	}
}
