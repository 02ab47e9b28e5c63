package release_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"parley/internal/release"
	"parley/internal/store"
)

// stoppedDesk is a desk with a draft by amira that the rules on times and names stop.
func stoppedDesk(t *testing.T, text string) (*counter, store.Release) {
	t.Helper()
	c := newDesk(t)
	o := deskOrder()
	o.Text = text
	r, err := c.draft(t, "Southland", o)
	mustDesk(t, err)
	r, err = c.act(t, "check", "amira", r.ID)
	mustDesk(t, err)
	if r.State != release.Stopped {
		t.Fatalf("it is %s: %s", r.State, r.Findings)
	}
	return c, r
}

// overrule clears a release as a person, overruling what is given: rule and reason in turn.
func (c *counter) overrule(t testing.TB, person string, id int64, words ...string) (r store.Release, err error) {
	t.Helper()
	var over []release.Overruling
	for i := 0; i < len(words); i += 2 {
		over = append(over, release.Overruling{Rule: words[i], Why: words[i+1]})
	}
	err = c.store.Update(t.Context(), func(tx *store.Tx) error {
		r, err = c.Clear(t.Context(), tx, person, id, over...)
		return err
	})
	return r, err
}

const (
	atNoon = "The performance begins at 19:30, and the audience is in danger."
	two    = "The performance begins at 19:30, says KESTREL."
)

// TestSecondPersonOverrules walks the way of a draft that a rule stops by mistake.
func TestSecondPersonOverrules(t *testing.T) {
	c, r := stoppedDesk(t, atNoon)
	if _, err := c.act(t, "clear", "bilal", r.ID); !errors.Is(err, release.ErrLeak) {
		t.Errorf("it was cleared without a word: %v", err)
	}
	r, err := c.overrule(t, "bilal", r.ID, "time", "the hour is in the public programme")
	mustDesk(t, err)
	if r.State != release.Cleared {
		t.Errorf("it is %s", r.State)
	}
	_, err = c.act(t, "send", "amira", r.ID)
	mustDesk(t, err)
	if sent := c.outgoing(t, "Southland"); len(sent) != 1 || strings.Contains(string(sent[0].Body), "programme") {
		t.Errorf("%d messages, or the reason went with them", len(sent))
	}
	lines := c.lines(t)
	if !slices.Contains(lines, "bilal release.overrule R1 Southland") {
		t.Errorf("the ledger says %v", lines)
	}
	mustDesk(t, c.store.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Entries(t.Context(), 1, 0)
		if !slices.ContainsFunc(all, func(e store.Entry) bool { return strings.Contains(string(e.Detail), "public programme") }) {
			t.Error("the reason is not in the ledger")
		}
		return err
	}))
}

func TestWhoOverrulesWhat(t *testing.T) {
	for name, c := range map[string]struct {
		person, rule, why string
		want              error
		says              string
	}{
		"the author":         {"Amira", "time", "it is public", release.ErrSamePerson, ""},
		"without a reason":   {"bilal", "time", "  ", nil, "say why"},
		"a reason too long":  {"bilal", "time", strings.Repeat("x", 2000), nil, "shorten it"},
		"no such rule":       {"bilal", "tide", "it is public", release.ErrNoOverride, "shared-text"},
		"the form":           {"bilal", "form", "it is public", release.ErrNoOverride, ""},
		"the ids":            {"bilal", "original-id", "it is public", release.ErrNoOverride, ""},
		"the allow-list":     {"bilal", "allow-list", "it is public", release.ErrNoOverride, ""},
		"pictures":           {"bilal", "picture", "it is public", release.ErrNoOverride, ""},
		"what stops nothing": {"bilal", "place", "it is public", release.ErrStep, "stops nothing"},
		"one of two":         {"bilal", "time", "it is public", release.ErrLeak, "check it again"},
	} {
		t.Run(name, func(t *testing.T) {
			desk, r := stoppedDesk(t, two)
			_, err := desk.overrule(t, c.person, r.ID, c.rule, c.why)
			if err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
			desk.untouched(t, r)
		})
	}
}

// untouched sees that nothing of an attempt to clear a release was kept.
func (c *counter) untouched(t testing.TB, r store.Release) {
	t.Helper()
	if after := c.read(t, r.ID); after.State != release.Stopped || string(after.Findings) != string(r.Findings) {
		t.Errorf("it is %s: %s", after.State, after.Findings)
	}
	if lines := c.lines(t); slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "overrule") }) {
		t.Errorf("the ledger says %v", lines)
	}
}

// TestOverrulingsAreOneStep: several rules are overruled together, in any order, or none of them is.
func TestOverrulingsAreOneStep(t *testing.T) {
	for name, words := range map[string][]string{
		"and one of another rule": {"time", "it is public", "name", "the bird is meant", "place", "it is public"},
		"and one without reason":  {"time", "it is public", "name", " "},
		"and one that nobody may": {"time", "it is public", "name", "the bird is meant", "form", "it is mine"},
		"and one twice":           {"time", "it is public", "name", "the bird is meant", "time", "it is public"},
	} {
		t.Run(name, func(t *testing.T) {
			c, r := stoppedDesk(t, two)
			if _, err := c.overrule(t, "bilal", r.ID, words...); err == nil {
				t.Error("it was cleared")
			}
			c.untouched(t, r)
		})
	}
	for _, words := range [][]string{
		{"time", "it is public", "name", "the bird is meant"},
		{"name", "the bird is meant", "time", "it is public"},
	} {
		c, r := stoppedDesk(t, two)
		r, err := c.overrule(t, "bilal", r.ID, words...)
		mustDesk(t, err)
		lines := slices.DeleteFunc(c.lines(t), func(l string) bool { return !strings.Contains(l, "release.overrule") })
		if r.State != release.Cleared || len(lines) != 2 {
			t.Errorf("it is %s, and the ledger says %v", r.State, lines)
		}
	}
}

// TestOverrulingEnds: it holds for what was found then, and until the release is checked again.
func TestOverrulingEnds(t *testing.T) {
	c, r := stoppedDesk(t, atNoon)
	_, err := c.overrule(t, "bilal", r.ID, "time", "it is public")
	mustDesk(t, err)
	c.Names = append(c.Names, "audience")
	if _, err := c.act(t, "send", "bilal", r.ID); !errors.Is(err, release.ErrLeak) {
		t.Errorf("a word put on the never-list since is let through: %v", err)
	}
	c.Names = c.Names[:len(c.Names)-1]
	r, err = c.act(t, "check", "amira", r.ID)
	mustDesk(t, err)
	var found []release.Finding
	mustDesk(t, json.Unmarshal(r.Findings, &found))
	if r.State != release.Stopped || !release.Blocked(found) {
		t.Errorf("checked again it is %s", r.State)
	}
	r.State = release.Sent
	c.tamper(t, r.ID, func(to *store.Release) { *to = r })
	if _, err := c.overrule(t, "bilal", r.ID, "time", "it is public"); !errors.Is(err, release.ErrStep) {
		t.Errorf("what was sent is overruled: %v", err)
	}
}

// TestDeskKnowsNumbersOfOthers: the number under which others know an object may not show, those of public
// catalogues may.
func TestDeskKnowsNumbersOfOthers(t *testing.T) {
	c := newDesk(t)
	c.hold(t, 0, `{"type":"report","spec_version":"2.1","id":"`+string(deskReport)+`","created":"2026-09-01T10:00:00.000Z","modified":"2026-09-02T10:00:00.000Z",`+
		`"name":"raw","published":"2026-09-01T10:00:00.000Z","object_refs":["`+string(deskPhone)+`"],`+
		`"external_references":[{"source_name":"cve","external_id":"CVE-2026-1234"},{"source_name":"desk","external_id":"KD-77/31"}]}`)
	for text, want := range map[string]string{
		"The flaw is CVE-2026-1234, and it is used.": release.Checked,
		"See KD 77-31 for it.":                       release.Stopped,
	} {
		o := deskOrder()
		o.Text = text
		r, err := c.draft(t, "Southland", o)
		mustDesk(t, err)
		r, err = c.act(t, "check", "amira", r.ID)
		mustDesk(t, err)
		if r.State != want {
			t.Errorf("%s is %s: %s", text, r.State, r.Findings)
		}
	}
}
