package node

import (
	"slices"
	"testing"

	"parley/internal/store"
)

// Two people are at work in one node, each with rights and a name of their own,
// and the ledger tells them and their way apart.
func TestTwoPeopleAtWorkInOneNode(t *testing.T) {
	at := meet(t)
	n := at.North
	analyst, err := n.As(t.Context(), User{"basma", []Role{Analyst}})
	must(t, err)
	administrator, err := n.As(t.Context(), User{"chen", []Role{Administrator}})
	must(t, err)
	ctx := Through(t.Context(), "console")
	_, err = analyst.Watch(ctx, store.Watch{Selector: phone(147)})
	must(t, err)
	wants(t, "an analyst who sets words", analyst.SetSettings(ctx, n.Settings), ErrRole)
	changed := n.Settings
	changed.NeverList = append(slices.Clone(changed.NeverList), "Heron")
	must(t, administrator.SetSettings(ctx, changed))
	must(t, n.Unwatch(t.Context(), phone(147)))

	all, err := n.Ledger(t.Context(), 0, 0)
	must(t, err)
	for i, want := range []struct{ actor, action, through string }{
		{"basma", "watch.add", "console"}, {"chen", "settings.change", "console"}, {n.User.Name, "watch.remove", ""},
	} {
		if e := all[len(all)-3+i]; e.Actor != want.actor || e.Action != want.action || e.Through != want.through {
			t.Errorf("the ledger says %s %s through %q, want %+v", e.Actor, e.Action, e.Through, want)
		}
	}
	if _, err := n.VerifyLedger(t.Context(), ""); err != nil {
		t.Error(err)
	}
	later, err := n.As(t.Context(), User{"basma", []Role{Analyst}})
	must(t, err)
	if !slices.Contains(later.Settings.NeverList, "Heron") || slices.Contains(n.Settings.NeverList, "Heron") {
		t.Error("whoever begins later must know of the word, and the node that was open is as it was")
	}
}

// Who acts on what somebody else has changed since is told, and nothing is done.
func TestActingOnWhatWasChanged(t *testing.T) {
	at := meet(t)
	n := at.North
	drafted(t, n, at.South, order(reported(t, n, 1, 147), 147))
	read, err := n.Version(t.Context(), "R1")
	must(t, err)
	_, _, err = n.CheckRelease(Seen(t.Context(), "R1", read), 1)
	must(t, err)
	head := entries(t, n)
	_, _, err = n.CheckRelease(Seen(t.Context(), "R1", read), 1)
	wants(t, "the second who acts on what both read", err, ErrOutdated)
	if entries(t, n) != head {
		t.Error("it was refused and wrote into the ledger")
	}
	read, err = n.Version(t.Context(), TheRules)
	must(t, err)
	f, err := n.Rules(t.Context())
	must(t, err)
	_, err = n.SetRules(Seen(t.Context(), TheRules, read), "release.rules", []byte(f.Text))
	must(t, err)
	_, err = n.SetRules(Seen(t.Context(), TheRules, read), "release.rules", []byte(f.Text))
	wants(t, "the second who sets rules in the place of those that both read", err, ErrOutdated)
	for _, subject := range []string{"", "R", "R9", "X1", "R1x"} {
		_, err := n.Version(t.Context(), subject)
		wants(t, subject, err, store.ErrNotFound)
	}
}
