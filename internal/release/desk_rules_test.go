package release_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"parley/internal/release"
	"parley/internal/rules"
	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

// setRules has rules hold at the desk's node.
func (c *counter) setRules(t testing.TB, text string) {
	t.Helper()
	c.update(t, func(ctx context.Context, tx *store.Tx) error {
		return release.SetRules(ctx, tx, release.RulesFile{Name: "desk.rules", Text: "rules 1\n" + text})
	})
}

const allowAll = `
allow all
  when    true
  because the test says so
`

// TestRulesAreAskedAtEveryStep: what was allowed a moment ago is asked about again.
func TestRulesAreAskedAtEveryStep(t *testing.T) {
	const denyAll = "\ndeny over\n  when    true\n  because it is over\n"
	for _, step := range []string{"draft", "clear", "send"} {
		c := newDesk(t)
		c.setRules(t, allowAll)
		deny := func(at string) {
			if at == step {
				c.setRules(t, allowAll+denyAll)
			}
		}
		deny("draft")
		r, err := c.draft(t, "Southland", deskOrder())
		if step != "draft" {
			mustDesk(t, err)
			_, err = c.act(t, "check", "amira", r.ID)
			mustDesk(t, err)
			deny("clear")
			_, err = c.act(t, "clear", "bilal", r.ID)
		}
		if step == "send" {
			mustDesk(t, err)
			deny("send")
			_, err = c.act(t, "send", "amira", r.ID)
		}
		if !errors.Is(err, release.ErrRule) || !strings.Contains(err.Error(), "it is over (rule over, desk.rules:7)") {
			t.Errorf("denied before it is %sed: %v", step, err)
		}
		if got := c.outgoing(t, "Southland"); len(got) != 0 {
			t.Errorf("denied before it is %sed, and %d messages wait", step, len(got))
		}
	}
}

// TestWhatAllowedItIsKept: each step, with the digest of the rules and the rule.
func TestWhatAllowedItIsKept(t *testing.T) {
	c := newDesk(t)
	r, err := c.draft(t, "Southland", deskOrder())
	mustDesk(t, err)
	for _, step := range [][2]string{{"check", "amira"}, {"clear", "bilal"}, {"send", "amira"}} {
		_, err := c.act(t, step[0], step[1], r.ID)
		mustDesk(t, err)
	}
	c.update(t, func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Rulings(ctx, r.ID)
		mustDesk(t, err)
		var steps []string
		set, err := rules.Parse(rules.DefaultName, rules.Default())
		mustDesk(t, err)
		for _, one := range all {
			steps = append(steps, one.Step)
			if string(one.Rules) != string(set.Digest[:]) || !strings.Contains(string(one.Decisions), "cleared-tearline") {
				t.Errorf("at %s: %x, %s", one.Step, one.Rules, one.Decisions)
			}
		}
		if strings.Join(steps, " ") != "draft clear send" {
			t.Errorf("rulings at %v", steps)
		}
		return nil
	})
}

// TestMarkingsOfWhatIsReleasedAreKept: a label, an embargo or words on an object that goes into the
// tearline, on a part of it or on the report stop it; on what stays behind they do not.
func TestMarkingsOfWhatIsReleasedAreKept(t *testing.T) {
	const (
		mark    = `"marking-definition--7b0e4d5c-52f1-4c1e-8f0a-00000000000a"`
		head    = `{"type":"marking-definition","spec_version":"2.1","id":` + mark + `,"created":"2026-01-01T00:00:00.000Z",`
		embargo = head + `"extensions":{"extension-definition--e78fa59d-d366-5f72-a2d6-f5560447e480":{"extension_type":"property-extension","embargo_until":"2026-12-01T00:00:00Z"}}}`
		words   = head + `"definition_type":"statement","definition":{"statement":"Ask the desk."}}`
	)
	phone := func(more string) string {
		return `{"type":"phone-number","spec_version":"2.1","id":"` + string(deskPhone) + `","value":"+12025550147",` + more + `}`
	}
	red := `"` + string(stix.TLP2Red) + `"`
	for name, c := range map[string]struct {
		objects []string
		says    string // empty when it goes
	}{
		"a red object":          {[]string{phone(`"object_marking_refs":[` + red + `]`)}, "it is marked TLP:RED, and the release would be TLP:AMBER"},
		"a red part":            {[]string{phone(`"granular_markings":[{"marking_ref":` + red + `,"selectors":["value"]}]`)}, "TLP:RED"},
		"an embargo":            {[]string{embargo, phone(`"object_marking_refs":[` + mark + `]`)}, "under embargo until 2026-12-01"},
		"words":                 {[]string{words, phone(`"object_marking_refs":[` + mark + `]`)}, `("Ask the desk.")`},
		"a marking not held":    {[]string{phone(`"object_marking_refs":[` + mark + `]`)}, "is referred to and not held"},
		"green":                 {[]string{phone(`"object_marking_refs":["` + string(stix.TLP2Green) + `"]`)}, ""},
		"red, and stays behind": {[]string{phone(`"x_a":1`), `{"type":"tool","spec_version":"2.1","id":"tool--7b0e4d5c-52f1-4c1e-8f0a-00000000000b","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","name":"a lamp","object_marking_refs":[` + red + `]}`}, ""},
	} {
		desk := newDesk(t)
		for _, o := range c.objects {
			desk.update(t, func(ctx context.Context, tx *store.Tx) error { return replace(ctx, tx, o) })
		}
		_, err := desk.draft(t, "Southland", deskOrder())
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.says != "" && (!errors.Is(err, release.ErrRule) || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: %v, want %s", name, err, c.says)
		}
	}
}

// TestASelectorIsAsMarkedAsWhereWeKnowItFrom: to disclose it beside a report that does not hold it lifts
// nothing; one source that may go is enough, and so is one that is no object.
func TestASelectorIsAsMarkedAsWhereWeKnowItFrom(t *testing.T) {
	other := selector.Selector{Kind: selector.Phone, Value: "+12025550150"}
	at := func(n int, more string) string {
		return fmt.Sprintf(`{"type":"phone-number","spec_version":"2.1","id":"phone-number--7b0e4d5c-52f1-4c1e-8f0a-%012d","value":"+12025550150"%s}`, n, more)
	}
	red := `,"object_marking_refs":["` + string(stix.TLP2Red) + `"]`
	for name, c := range map[string]struct {
		objects []string
		list    bool
		goes    bool
	}{
		"typed":                   {nil, false, true},
		"from a red object":       {[]string{at(20, red)}, false, false},
		"from two red objects":    {[]string{at(20, red), at(21, red)}, false, false},
		"from an unmarked object": {[]string{at(20, "")}, false, true},
		"from a red one and one":  {[]string{at(20, red), at(21, "")}, false, true},
		"and from a list":         {[]string{at(20, red)}, true, true},
	} {
		desk := newDesk(t)
		desk.update(t, func(ctx context.Context, tx *store.Tx) error {
			var found []store.Finding
			for _, text := range c.objects {
				o, err := stix.ParseObject([]byte(text))
				mustDesk(t, err)
				seq, _, err := tx.PutObject(ctx, store.Object{UUID: o.ID().UUID(), Type: o.Type(), Body: o.Bytes(), AddedAt: deskTime})
				mustDesk(t, err)
				found = append(found, store.Finding{Selector: other, Object: seq, Place: "value"})
			}
			if c.list {
				found = append(found, store.Finding{Selector: other, List: "list.csv", Place: "line 2"})
			}
			return tx.PutFindings(ctx, found)
		})
		o := deskOrder()
		o.Text += " They call +1 202-555-0150."
		o.Added = append(o.Added, release.Disclosed{Selector: other, Reason: "they must look for it"})
		_, err := desk.draft(t, "Southland", o)
		if goes := err == nil; goes != c.goes || !goes && (!errors.Is(err, release.ErrRule) || !strings.Contains(err.Error(), "TLP:RED")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// replace keeps an object of ours as a later version of what is there.
func replace(ctx context.Context, tx *store.Tx, text string) error {
	o, err := stix.ParseObject([]byte(text))
	if err != nil {
		return err
	}
	_, _, err = tx.PutObject(ctx, store.Object{
		UUID: o.ID().UUID(), Type: o.Type(), Modified: deskTime, Body: o.Bytes(), AddedAt: deskTime,
	})
	return err
}

// TestAWarningGoesThroughTheRules: one person sends it, and only while a rule allows it.
func TestAWarningGoesThroughTheRules(t *testing.T) {
	c := newDesk(t)
	warn := func() error {
		return c.store.Update(t.Context(), func(tx *store.Tx) error {
			_, _, err := c.Warn(t.Context(), tx, "amira", c.to["Southland"], release.WarnOrder{
				Title: "Warning", Text: "Look after the people in the hall.", Protocol: "duty to warn",
			})
			return err
		})
	}
	mustDesk(t, warn())
	c.setRules(t, "\nallow no-warning\n  when    !purpose.emergency\n  because only two people release\n")
	if err := warn(); !errors.Is(err, release.ErrRule) || !strings.Contains(err.Error(), "warning stays: no rule in desk.rules allows it") {
		t.Errorf("a warning that no rule allows: %v", err)
	}
}
