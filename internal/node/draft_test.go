package node

import (
	"testing"

	"parley/internal/release"
	"parley/internal/store"
)

// TestWhatStopsADraft: the words that a node's own settings and users put on
// the never-list, without anybody writing them there for each release.
func TestWhatStopsADraft(t *testing.T) {
	at := meet(t)
	n := at.North
	s := n.Settings
	s.NeverList = []string{"KESTREL", "Listening Post 9", ""}
	must(t, n.SetSettings(t.Context(), s))
	report := reported(t, n, 1, 147)
	for name, c := range map[string]struct{ text, want string }{
		"the party":                 {"North thinks so.", release.Stopped},
		"the author":                {"Ask amira.", release.Stopped},
		"another user":              {"Ask Basma.", release.Stopped},
		"a word of the settings":    {"The kestrel saw it.", release.Stopped},
		"two words of the settings": {"It was heard at listening-post 9.", release.Stopped},
		"another counterpart":       {"Uvar knows it too.", release.Stopped},
		"none of them":              {"Somebody saw it.", release.Checked},
		"a number that was cleared": {"Look for +1 202-555-0147.", release.Checked},
		"a number that was not":     {"Look for +1 202-555-0148.", release.Stopped},
	} {
		o := order(report, 147)
		o.Text = c.text
		r := drafted(t, n, at.South, o)
		r, found, err := n.CheckRelease(t.Context(), r.ID)
		if err != nil || r.State != c.want {
			t.Errorf("%s: it is %s, %v: %v", name, r.State, err, found)
		}
		kept, err := n.Release(t.Context(), r.ID)
		if err != nil || (c.want == release.Stopped) != (len(kept.Findings) > len("[]")) {
			t.Errorf("%s: %s was kept, %v", name, kept.Findings, err)
		}
	}
}

// TestTwoPeople: an analyst who is also a releaser clears what another drafted,
// and not their own; whoever has one role alone does one thing alone.
func TestTwoPeople(t *testing.T) {
	at := meet(t)
	amira, bilal, basma := at.North, as(at.North, "bilal"), as(at.North, "basma")
	report := reported(t, amira, 1, 147)
	r := drafted(t, bilal, at.South, order(report, 147))
	for name, c := range map[string]struct {
		n    *Node
		want error
	}{"the author": {bilal, release.ErrSamePerson}, "no releaser": {basma, ErrRole}} {
		if name == "the author" {
			_, _, err := bilal.CheckRelease(t.Context(), r.ID)
			must(t, err)
		}
		_, err := c.n.ClearRelease(t.Context(), r.ID)
		wants(t, name, err, c.want)
	}
	_, _, err := bilal.CheckRelease(t.Context(), r.ID)
	must(t, err)
	_, err = amira.ClearRelease(t.Context(), r.ID)
	must(t, err)
	_, err = bilal.SendRelease(t.Context(), r.ID)
	must(t, err)
	_, err = basma.SendRelease(t.Context(), r.ID)
	wants(t, "a second time", err, release.ErrStep)
	if out := at.outbox(t, amira, at.South); len(out) != 1 {
		t.Errorf("%d messages were queued", len(out))
	}
	_, err = amira.DraftRelease(t.Context(), "Vesna", order(report, 147))
	wants(t, "to nobody", err, store.ErrNotFound)
}
