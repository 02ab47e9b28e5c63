package rules_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"parley/internal/permit"
	"parley/internal/rules"
	"parley/stix/marking"
)

var noon = time.Date(2026, time.September, 10, 12, 0, 0, 0, time.UTC)

// parsed reads rules under the form's first line.
func parsed(t testing.TB, text string) *rules.Set {
	t.Helper()
	set, err := rules.Parse("test.rules", []byte("rules 1\n"+text))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// allowing is a rule that allows when an expression holds.
func allowing(when string) string {
	return "\nallow it\n  when    " + when + "\n  because the test says so\n"
}

// TestTheRulesThatTheProgramBringsKeepTheirCases.
func TestTheRulesThatTheProgramBringsKeepTheirCases(t *testing.T) {
	set, err := rules.Parse(rules.DefaultName, rules.Default())
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Cases) < len(set.Rules) {
		t.Errorf("%d cases for %d rules", len(set.Cases), len(set.Rules))
	}
	for _, o := range set.Test(set.Cases) {
		if !o.Holds {
			t.Errorf("%s %s: expected %s, got %s: %s", o.Place, o.Case, o.Expected, o.Got.Verdict(), o.Got.Reason)
		}
	}
}

// TestWhatIsWrongIsToldByItsPlace: file, line and column, and what to do.
func TestWhatIsWrongIsToldByItsPlace(t *testing.T) {
	for _, c := range []struct{ text, at, says string }{
		{"", "x:1:1", "begins with the form"},
		{"allow a\n", "x:1:1", "begins with the form"},
		{"rules 2\n", "x:1:1", "form 1 and no other"},
		{"rules 1\nforbid a\n", "x:2:1", `"forbid" is no word`},
		{"rules 1\nallow A\n", "x:2:1", "small letters"},
		{"rules 1\nallow a\n", "x:2:1", "needs both a when"},
		{"rules 1\nallow a\n  when true\n", "x:2:1", "needs both"},
		{"rules 1\nallow a\n  when true\n  because x\n  when true\n", "x:5:3", "twice"},
		{"rules 1\nallow a\n  when true\n  because x\n  unless y\n", "x:5:3", "does not belong"},
		{"rules 1\nallow a\n  when true\n  because x\ndeny a\n  when true\n  because x\n", "x:5:1", "already, at x:2"},
		{"rules 1\nallow a\n  when object.typ == 'x'\n  because x\n", "x:3:14", "undefined field 'typ'"},
		{"rules 1\nallow a\n  when true &&\n       object.report &&\n       wrong\n  because x\n", "x:5:8", "undeclared reference to 'wrong'"},
		{"rules 1\nallow a\n  when object.type\n  because x\n", "x:3:8", "true or false"},
		{"rules 1\nallow a\n  when counterpart.assured(object.type)\n  because x\n", "x:3:8", "by its name"},
		{"rules 1\nallow a\n  when counterpart.assured('No Name')\n  because x\n", "x:3:8", "by its name"},
		{"rules 1\nallow a\n  when object.labels.all(a, object.labels.all(b, object.labels.all(c, a == b || b == c)))\n  because x\n", "x:3:8", "may cost"},
		{"rules 1\nallow a\n  when " + strings.Repeat("(", 100) + "true" + strings.Repeat(")", 100) + "\n  because x\n", "x:3:", "recursion limit"},
		{"rules 1\n  when true\n", "x:2:3", "does not belong"},
		{"  when true\n", "x:1:3", "belongs to the line above"},
		{"rules 1\nallow a\n    when true\n  because x\n", "x:4:3", "indent it like the line above"},
		{"rules 1\nallow a\n\twhen true\n", "x:3:1", "there is a tab"},
		{"rules 1\nallow a\n  when true\u202e\n", "x:3:12", "does not show (U+202E)"},
		{"rules 1\n# a\u00a0b\n", "x:2:4", "does not show"},
		{"rules 1\n" + strings.Repeat("a", 1001), "x:2:1001", "more than 1000 characters"},
		{"rules 1\nparty\n", "x:2:1", "name of a counterpart"},
		{"rules 1\nparty South\n  planet Mars\n", "x:3:3", "is not said of a party"},
		{"rules 1\nparty South\n  country\n", "x:3:3", "country of what?"},
		{"rules 1\naccept tlp\n", "x:2:1", "the id of a marking"},
		{"rules 1\naccept marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1\n  because I may\n", "x:2:1", "not for a file of rules"},
		{"rules 1\naccept marking-definition--0c6f5c2e-8a37-4a0a-9d5f-2f9d3d1b7c11\n", "x:2:1", "because of what"},
		{"rules 1\ncase a\n", "x:2:1", "object.type"},
		{"rules 1\ncase a\n  object.marking mauve\n", "x:3:18", "no marking of a case"},
		{"rules 1\ncase a\n  purpose.use gossip\n", "x:3:15", "not in the list"},
		{"rules 1\ncase a\n  expect perhaps\n", "x:3:10", "allowed or refused"},
		{"rules 1\ncase a\n  at noon\n", "x:3:6", "a day such as"},
		{"rules 1\n\xff", "x:1:1", "not UTF-8"},
		{strings.Repeat("#", 300<<10), "x:1:1", "at most 262144"},
	} {
		_, err := rules.Parse("x", []byte(c.text))
		var fault *rules.Fault
		if !errors.As(err, &fault) || !strings.HasPrefix(err.Error(), c.at) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.80q: %v, want %s … %s", c.text, err, c.at, c.says)
		}
	}
}

// TestMarkingsStandBeforeRules: nothing that a rule says lets a marked thing go further.
func TestMarkingsStandBeforeRules(t *testing.T) {
	const words = "marking-definition--0c6f5c2e-8a37-4a0a-9d5f-2f9d3d1b7c11"
	set := parsed(t, allowing("true")+`
party South
  country      DEU
  organization DEU.BKA

accept `+words+`
  because the desk looked at it
`)
	to := rules.Counterpart{Name: "South", Verified: true}
	red := rules.Purpose{Use: permit.Detection, TLP: marking.Red}
	acs := func(s marking.Scope) marking.Marking {
		return marking.Marking{ACS: &marking.ACS{Classification: "U", Control: s}}
	}
	for name, c := range map[string]struct {
		o    rules.Object
		why  rules.Purpose
		want string // in the reason; empty when it goes
	}{
		"unmarked":                {rules.Object{Type: "report"}, red, ""},
		"a narrower label":        {rules.Object{Marked: rules.Mark(marking.Marking{TLP: marking.Green})}, red, ""},
		"the same label":          {rules.Object{Marked: rules.Mark(marking.Marking{TLP: marking.Red})}, red, ""},
		"a wider label":           {rules.Object{Marked: rules.Mark(marking.Marking{TLP: marking.Red})}, rules.Purpose{Use: permit.Detection, TLP: marking.AmberStrict}, "TLP:AMBER+STRICT, which is wider"},
		"no label on the way":     {rules.Object{Marked: rules.Mark(marking.Marking{TLP: marking.Clear})}, rules.Purpose{Use: permit.Detection}, "wider"},
		"not understood":          {rules.Object{Marked: rules.Mark(marking.Marking{Unknown: "is in runes"})}, red, "it is in runes"},
		"an embargo":              {rules.Object{Marked: rules.Mark(marking.Marking{Handling: &marking.Handling{EmbargoUntil: noon.Add(time.Hour)}})}, red, "under embargo until"},
		"an embargo that ended":   {rules.Object{Marked: rules.Mark(marking.Marking{Handling: &marking.Handling{EmbargoUntil: noon}})}, red, ""},
		"the originator's":        {rules.Object{Marked: rules.Mark(marking.Marking{Handling: &marking.Handling{OriginatorControl: true}})}, red, "originator's consent"},
		"accepted, not consented": {rules.Object{Marked: rules.Mark(marking.Marking{ID: words, Handling: &marking.Handling{OriginatorControl: true}})}, red, "originator's consent"},
		"consented": {rules.Object{
			GivenBy: "Uvar", Consented: []permit.Use{permit.Detection},
			Marked: rules.Mark(marking.Marking{Handling: &marking.Handling{OriginatorControl: true}}),
		}, red, ""},
		"consented for another use": {rules.Object{GivenBy: "Uvar", Consented: []permit.Use{permit.Background}}, red, "its giver consented to background"},
		"words":                     {rules.Object{Marked: rules.Mark(marking.Marking{Statement: "Ask first."})}, red, `("Ask first.")`},
		"accepted words":            {rules.Object{Marked: rules.Mark(marking.Marking{ID: words, Statement: "Ask first."})}, red, ""},
		"our words of a use":        {rules.Object{Marked: rules.Mark(marking.Marking{Statement: permit.Detection.Statement()})}, red, ""},
		"our words of another":      {rules.Object{Marked: rules.Mark(marking.Marking{Statement: permit.Background.Statement()})}, red, "given for background"},
		"given for it":              {rules.Object{GivenBy: "Uvar", Use: permit.Detection}, red, ""},
		"given for another use":     {rules.Object{GivenBy: "Uvar", Use: permit.Moderation}, red, "given for moderation"},
		"back to who gave it":       {rules.Object{GivenBy: "South", Use: permit.Moderation}, red, ""},
		"releasable to it":          {rules.Object{Marked: rules.Mark(acs(marking.Scope{Nationalities: []string{"DEU"}}))}, red, ""},
		"releasable to others":      {rules.Object{Marked: rules.Mark(acs(marking.Scope{Nationalities: []string{"USA", "GBR"}}))}, red, "nationals of USA, GBR, and the recipient is DEU"},
		"for another house":         {rules.Object{Marked: rules.Mark(acs(marking.Scope{Organizations: []string{"USA.DHS"}}))}, red, "the organizations USA.DHS"},
		"too many labels":           {rules.Object{Labels: make([]string, 65)}, red, "65 labels"},
		"too long a label":          {rules.Object{Labels: []string{strings.Repeat("x", 5000)}}, red, "5000 bytes"},
		"one of several markings":   {rules.Object{Marked: rules.Mark(marking.Marking{TLP: marking.Green}, marking.Marking{Unknown: "is in runes"})}, red, "runes"},
	} {
		d := set.For(to, c.why, noon).Decide(c.o)
		if d.Allowed != (c.want == "") || !strings.Contains(d.Reason, c.want) {
			t.Errorf("%s: %v, %s; want %q", name, d.Allowed, d.Reason, c.want)
		}
		if !d.Allowed && d.By[0] != rules.ByMarking {
			t.Errorf("%s: by %v", name, d.By)
		}
	}
}

// TestARefusalNamesWhatDecided: the rule, the file and the line, all that deny, and what is missing.
func TestARefusalNamesWhatDecided(t *testing.T) {
	set := parsed(t, `
allow sworn
  when    counterpart.assured("treatment") && counterpart.assured("no-onward")
  because they gave their word

deny first
  when    object.type == "identity"
  because nobody is named

deny second
  when    "x" in object.labels
  because of the label

deny broken
  when    object.labels[3] == "x" && object.type == "note"
  because of the fourth label
`)
	sworn := []rules.Assurance{{Undertaking: "treatment"}, {Undertaking: "no-onward"}}
	for name, c := range map[string]struct {
		o    rules.Object
		to   rules.Counterpart
		by   string
		says []string
	}{
		"allowed": {rules.Object{Type: "report"}, rules.Counterpart{Name: "South", Assurances: sworn}, "allowed by sworn", []string{"they gave their word (rule sworn, test.rules:3)"}},
		"two deny": {
			rules.Object{ID: "identity--x", Type: "identity", Labels: []string{"x"}},
			rules.Counterpart{Assurances: sworn},
			"refused by first, second",
			[]string{"identity--x stays: nobody is named (rule first, test.rules:7); of the label (rule second, test.rules:11)"},
		},
		"cannot be worked out": {rules.Object{Type: "note"}, rules.Counterpart{Assurances: sworn}, "refused by broken", []string{"rule broken (test.rules:15) cannot be worked out, and so denies"}},
		"no assurance":         {rules.Object{Type: "report"}, rules.Counterpart{Name: "South"}, "refused by no rule", []string{"no rule in test.rules allows it", "South has given none of no-onward", "South has given none of treatment"}},
		"over": {
			rules.Object{Type: "report"},
			rules.Counterpart{Name: "South", Assurances: []rules.Assurance{sworn[0], {Undertaking: "no-onward", Until: noon}}},
			"refused by no rule",
			[]string{"that of South of no-onward ended on 2026-09-10"},
		},
		"not yet": {
			rules.Object{Type: "report"},
			rules.Counterpart{Name: "South", Assurances: []rules.Assurance{sworn[0], {Undertaking: "no-onward", From: noon.Add(1)}}},
			"refused by no rule",
			[]string{"holds only from 2026-09-10"},
		},
	} {
		d := set.For(c.to, rules.Purpose{}, noon).Decide(c.o)
		if d.Verdict() != c.by {
			t.Errorf("%s: %s, want %s", name, d.Verdict(), c.by)
		}
		for _, says := range c.says {
			if !strings.Contains(d.Reason, says) {
				t.Errorf("%s: %q, want %q in it", name, d.Reason, says)
			}
		}
	}
}

// TestLabelsThatLookAlikeAreToldApart: what is decided of one object is not taken for another.
func TestLabelsThatLookAlikeAreToldApart(t *testing.T) {
	sitting := parsed(t, allowing(`object.labels.size() == 2`)).For(rules.Counterpart{}, rules.Purpose{}, noon)
	for _, labels := range [][]string{{"a", "b"}, {"a\x00b"}, {"1 b"}, {"a1 b"}, {"", "b"}, nil, {""}, {"a", "b"}} {
		if d := sitting.Decide(rules.Object{Labels: labels}); d.Allowed != (len(labels) == 2) {
			t.Errorf("%q: %v", labels, d.Allowed)
		}
	}
}

// TestEveryFieldCanBeAskedFor: what docs/formats/rules.md lists is what expressions know.
func TestEveryFieldCanBeAskedFor(t *testing.T) {
	for _, when := range []string{
		`object.id != "" && object.type == "report" && object.report && !object.ours && object.given_by == "Uvar" && object.labels == ["a", "b"]`,
		`marking.tlp == "amber" && marking.pap == "red" && marking.statements.size() == 1 && "detection" in marking.uses`,
		`!marking.originator_control && marking.embargo_until < now && now == timestamp("2026-09-10T12:00:00Z")`,
		`marking.iep.permitted_actions == "none" && marking.iep.affected_party_notifications == "may" && marking.iep.encrypt_in_transit == "must"`,
		`marking.iep.provider_attribution == "may" && marking.iep.unmodified_resale == "must-not"`,
		`marking.acs.classification == "U" && !marking.acs.noforn && !marking.acs.display_only && marking.acs.formal_determination == ["PUBREL"]`,
		`marking.acs.caveat.exists(c, c == "FISA") && "LES" in marking.acs.sensitivity`,
		`counterpart.name == "South" && counterpart.verified && !counterpart.consumer && counterpart.country == "DEU" && "a" in counterpart.groups`,
		`"DEU.BKA" in counterpart.organizations && "LE" in counterpart.communities && "GOV" in counterpart.entities && counterpart.assured("treatment")`,
		`purpose.use == "detection" && purpose.tlp == "red" && purpose.collection == "urgent" && purpose.match && purpose.disclosed == 2 && !purpose.emergency`,
	} {
		set := parsed(t, allowing(when)+"\nparty South\n  country DEU\n  organization DEU.BKA\n  community LE\n  entity GOV\n  group a\n")
		o := rules.Object{
			ID: "report--x", Type: "report", Report: true, GivenBy: "Uvar", Labels: []string{"a", "b"}, Use: permit.Detection,
			Marked: rules.Mark(
				marking.Marking{TLP: marking.Amber, PAP: marking.PAPRed, Statement: permit.Detection.Statement()},
				marking.Marking{IEP: &marking.IEP{EncryptInTransit: "must", PermittedActions: "none", AffectedPartyNotifications: "may", ProviderAttribution: "may", UnmodifiedResale: "must-not"}},
				marking.Marking{ACS: &marking.ACS{Classification: "U", Determination: []string{"PUBREL"}, Caveats: []string{"FISA"}, Sensitivities: []string{"LES"}}},
			),
		}
		to := rules.Counterpart{Name: "South", Verified: true, Assurances: []rules.Assurance{{Undertaking: "treatment"}}}
		d := set.For(to, rules.Purpose{Use: permit.Detection, TLP: marking.Red, Collection: "urgent", Match: true, Disclosed: 2}, noon).Decide(o)
		if !d.Allowed {
			t.Errorf("%s\n%s", when, d.Reason)
		}
	}
}
