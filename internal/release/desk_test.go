package release_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/release"
	"parley/internal/store"
	"parley/stix"
)

// machine is the desk's whole state machine: what does not stand here is
// refused with ErrStep.
var machine = map[string]map[string]string{
	release.Drafted: {"check": release.Checked},
	release.Stopped: {"check": release.Checked},
	release.Checked: {"check": release.Checked, "clear": release.Cleared},
	release.Cleared: {"check": release.Checked, "send": release.Sent},
	release.Sent:    {},
	release.Void:    {},
}

func TestEveryActInEveryState(t *testing.T) {
	for state, may := range machine {
		for _, name := range []string{"check", "clear", "send"} {
			c := newDesk(t)
			r, err := c.draft(t, "Southland", deskOrder())
			mustDesk(t, err)
			c.tamper(t, r.ID, func(r *store.Release) {
				r.State = state
				if state == release.Cleared {
					r.Clearer, r.Cleared = "bilal", r.Digest
				}
			})
			before, lines := c.read(t, r.ID), len(c.lines(t))
			_, err = c.act(t, name, "bilal", r.ID)
			after := c.read(t, r.ID)
			if want, ok := may[name]; ok {
				if err != nil || after.State != want || len(c.lines(t)) != lines+1 {
					t.Errorf("%s a release that is %s: %v, and it is %s", name, state, err, after.State)
				}
				continue
			}
			want := release.ErrStep
			if state == release.Stopped && name == "clear" {
				want = release.ErrLeak
			}
			if !errors.Is(err, want) || after.State != before.State || !bytes.Equal(after.Cleared, before.Cleared) || len(c.lines(t)) != lines {
				t.Errorf("%s a release that is %s: %v, and it is %s", name, state, err, after.State)
			}
			if len(c.outgoing(t, "Southland")) != 0 {
				t.Errorf("%s a release that is %s: something was sent", name, state)
			}
		}
	}
	if release.WaitsForPerson(release.Sent) || release.WaitsForPerson(release.Void) || !release.WaitsForPerson(release.Stopped) {
		t.Error("who waits for whom")
	}
}

// TestFromDraftToOutbox walks the way once, and looks at every step.
func TestFromDraftToOutbox(t *testing.T) {
	c := newDesk(t)
	r, err := c.draft(t, "Southland", deskOrder())
	mustDesk(t, err)
	if r.State != release.Drafted || r.Author != "amira" || string(r.Findings) != "[]" {
		t.Errorf("the draft is %s by %s", r.State, r.Author)
	}
	_, err = c.act(t, "check", "amira", r.ID)
	mustDesk(t, err)
	for _, same := range []string{"amira", "Amira"} {
		if _, err := c.act(t, "clear", same, r.ID); !errors.Is(err, release.ErrSamePerson) {
			t.Errorf("%s cleared their own draft: %v", same, err)
		}
	}
	cleared, err := c.act(t, "clear", "bilal", r.ID)
	mustDesk(t, err)
	sent, err := c.act(t, "send", "amira", r.ID)
	mustDesk(t, err)
	if _, err := c.act(t, "send", "amira", r.ID); !errors.Is(err, release.ErrStep) {
		t.Errorf("it was sent twice: %v", err)
	}
	all := c.outgoing(t, "Southland")
	if len(all) != 1 || all[0].ID != sent.Outbox || all[0].Kind != release.KindBundle || all[0].Urgent || !bytes.Equal(all[0].Body, cleared.Bundle) {
		t.Errorf("what was queued is not what was cleared: %d messages", len(all))
	}
	if _, err := release.Verify(all[0].Body); err != nil {
		t.Error(err)
	}
	want := []string{"amira release.draft R1 Southland", "amira release.check R1 Southland", "bilal release.clear R1 Southland", "amira release.send R1 Southland"}
	if got := c.lines(t); !slices.Equal(got, want) {
		t.Errorf("the ledger says %v, want %v", got, want)
	}
	if len(c.outgoing(t, "Uvarland")) != 0 {
		t.Error("something was queued for another counterpart")
	}
}

// TestAReleaseChangedInTheStoreIsNotSent changes each part of a cleared one.
func TestAReleaseChangedInTheStoreIsNotSent(t *testing.T) {
	for name, change := range map[string]func(*store.Release){
		"a byte of the bundle":              func(r *store.Release) { r.Bundle[len(r.Bundle)/2] ^= 1 },
		"the bundle and its digest":         func(r *store.Release) { r.Bundle[9] ^= 1; r.Digest[0] ^= 1 },
		"what was cleared":                  func(r *store.Release) { r.Cleared[0] ^= 1 },
		"the digest":                        func(r *store.Release) { r.Digest = []byte{} },
		"never cleared, and the state says": func(r *store.Release) { r.Cleared = nil },
	} {
		c := newDesk(t)
		r, err := c.draft(t, "Southland", deskOrder())
		mustDesk(t, err)
		for _, a := range [][2]string{{"check", "amira"}, {"clear", "bilal"}} {
			_, err := c.act(t, a[0], a[1], r.ID)
			mustDesk(t, err)
		}
		c.tamper(t, r.ID, change)
		if _, err := c.act(t, "send", "amira", r.ID); !errors.Is(err, release.ErrStep) || len(c.outgoing(t, "Southland")) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestACheckVoidsTheClearance: what is found later counts.
func TestACheckVoidsTheClearance(t *testing.T) {
	c := newDesk(t)
	r, err := c.draft(t, "Southland", deskOrder())
	mustDesk(t, err)
	for _, a := range [][2]string{{"check", "amira"}, {"clear", "bilal"}} {
		_, err := c.act(t, a[0], a[1], r.ID)
		mustDesk(t, err)
	}
	c.Names = append(c.Names, "audience") // somebody put a word on the never-list since
	if _, err := c.act(t, "send", "amira", r.ID); !errors.Is(err, release.ErrLeak) || len(c.outgoing(t, "Southland")) != 0 {
		t.Errorf("it was sent with a word that must not leave: %v", err)
	}
	after, err := c.act(t, "check", "amira", r.ID)
	mustDesk(t, err)
	if after.State != release.Stopped || after.Clearer != "" || after.Cleared != nil {
		t.Errorf("it is %s, cleared by %q", after.State, after.Clearer)
	}
}

// TestWhateverIsDoneOnlyWhatASecondPersonClearedIsSent tries acts in any order
// by anybody, with a word put on the never-list and taken off at any time.
func TestWhateverIsDoneOnlyWhatASecondPersonClearedIsSent(t *testing.T) {
	c := newDesk(t)
	names := c.Names
	rapid.Check(t, func(r *rapid.T) {
		c.Names = names
		d, err := c.draft(t, "Southland", deskOrder())
		mustDesk(t, err)
		cleared, sent := "", 0
		for range rapid.IntRange(1, 12).Draw(r, "acts") {
			name := rapid.SampledFrom([]string{"check", "clear", "send", "forbid", "allow"}).Draw(r, "act")
			actor := rapid.SampledFrom([]string{"amira", "bilal"}).Draw(r, "actor")
			switch name {
			case "forbid":
				c.Names = append(slices.Clone(names), "audience")
				continue
			case "allow":
				c.Names = names
				continue
			}
			if _, err := c.act(t, name, actor, d.ID); err != nil {
				continue
			}
			switch name {
			case "check":
				cleared = ""
			case "clear":
				cleared = actor
			case "send":
				if sent++; sent > 1 || cleared != "bilal" || len(c.Names) > len(names) {
					r.Fatalf("sent %d times, cleared by %q, with %d names", sent, cleared, len(c.Names))
				}
			}
		}
		if got := len(c.outgoing(t, "Southland")); got != sent {
			r.Fatalf("%d messages in the outbox for %d sent", got, sent)
		}
	})
}

// TestDraftRefuses what an order may not ask for.
func TestDraftRefuses(t *testing.T) {
	c := newDesk(t)
	theirs := stix.ID("note--7b0e4d5c-52f1-4c1e-8f0a-000000000009")
	c.hold(t, c.to["Uvarland"].ID, `{"type":"note","spec_version":"2.1","id":"`+string(theirs)+`","created":"2026-09-01T10:00:00.000Z","modified":"2026-09-01T10:00:00.000Z",`+
		`"content":"x","object_refs":["`+string(deskReport)+`"]}`)
	for name, spoil := range map[string]func(*release.Order){
		"a report that is not there":  func(o *release.Order) { o.Report = "report--7b0e4d5c-52f1-4c1e-8f0a-000000000077" },
		"another's":                   func(o *release.Order) { o.Report = theirs },
		"no label":                    func(o *release.Order) { o.TLP = "" },
		"a label that is too free":    func(o *release.Order) { o.TLP = release.TLPClear },
		"no use":                      func(o *release.Order) { o.Use = "" },
		"a use that is none":          func(o *release.Order) { o.Use = "arrest" },
		"no text":                     func(o *release.Order) { o.Text = "" },
		"a grade that is none":        func(o *release.Order) { o.Grade = "Z9" },
		"a selector without a reason": func(o *release.Order) { o.Added[0].Reason = "" },
		"a selector of no kind":       func(o *release.Order) { o.Added[0].Selector.Kind = "smoke" },
		"a match that never was":      func(o *release.Order) { o.Match = 5 },
		"a text as long as a book":    func(o *release.Order) { o.Text = strings.Repeat("x", 10_001) },
	} {
		o := deskOrder()
		spoil(&o)
		if _, err := c.draft(t, "Southland", o); err == nil {
			t.Errorf("%s: a draft was made", name)
		}
	}
	if got := c.lines(t); len(got) != 0 {
		t.Errorf("the ledger says %v", got)
	}
	if _, err := c.act(t, "check", "amira", 9); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a release that is not there: %v", err)
	}
}

// TestWhatStopsADraft puts each thing that must not leave into the text.
func TestWhatStopsADraft(t *testing.T) {
	for name, text := range map[string]string{
		"our party's name":         "Northland says so.",
		"in other letters":         "n o r t h l a n d says so.",
		"a user's name":            "Ask Amira.",
		"the other user's name":    "Ask bilal about it.",
		"a word of the never-list": "The kestrel heard it.",
		"another counterpart":      "Uvarland says so too.",
		"words of the report":      "It says: the receiver behind the hill heard two men speak of a lamp.",
		"a number nobody cleared":  "Call +1 202-555-0148.",
		"the report's id":          "It is " + string(deskReport),
		"a minute":                 "They met at 03:12 on the day.",
	} {
		c := newDesk(t)
		o := deskOrder()
		o.Text = text
		r, err := c.draft(t, "Southland", o)
		mustDesk(t, err)
		r, err = c.act(t, "check", "amira", r.ID)
		mustDesk(t, err)
		var found []release.Finding
		mustDesk(t, json.Unmarshal(c.read(t, r.ID).Findings, &found))
		if r.State != release.Stopped || !release.Blocked(found) {
			t.Errorf("%s: it is %s with %d findings kept", name, r.State, len(found))
		}
		if _, err := c.act(t, "clear", "bilal", r.ID); !errors.Is(err, release.ErrLeak) {
			t.Errorf("%s: it was cleared: %v", name, err)
		}
	}
}
