package marking_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/stix"
	"parley/stix/marking"
)

var update = flag.Bool("update", false, "write the golden files anew")

var now = time.Date(2026, time.November, 2, 9, 0, 0, 0, time.UTC)

const someID = "marking-definition--0c6f5c2e-8a37-4a0a-9d5f-2f9d3d1b7c11"

// definition makes a marking definition with more members.
func definition(t testing.TB, members string) stix.Object {
	t.Helper()
	o, err := stix.ParseObject([]byte(`{"type":"marking-definition","spec_version":"2.1","id":"` + someID + `","created":"2026-01-01T00:00:00.000Z",` + members + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// extended makes one with an extension.
func extended(t testing.TB, id stix.ID, content string) stix.Object {
	t.Helper()
	return definition(t, `"extensions":{"`+string(id)+`":{"extension_type":"property-extension",`+content+`}}`)
}

func TestLabelsAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		o   stix.Object
		tlp marking.TLP
		pap marking.PAP
	}{
		"tlp 1":     {definition(t, `"definition_type":"tlp","definition":{"tlp":"white"}`), marking.Clear, ""},
		"tlp 1 red": {definition(t, `"definition_type":"tlp","definition":{"tlp":"red"}`), marking.Red, ""},
		"tlp 2":     {extended(t, stix.TLP2Extension, `"tlp_2_0":"amber+strict"`), marking.AmberStrict, ""},
		"pap":       {extended(t, marking.PAPExtension, `"pap":"amber"`), "", marking.PAPAmber},
		"pap white": {extended(t, marking.PAPExtension, `"pap":"white"`), "", marking.PAPClear},
	} {
		m := marking.Parse(c.o)
		if m.Unknown != "" || m.TLP != c.tlp || m.PAP != c.pap {
			t.Errorf("%s: %+v", name, m)
		}
		if why := m.Refuses(marking.Recipient{}, now); why != "" {
			t.Errorf("%s refuses: %s", name, why)
		}
	}
}

// TestPublishedLabelsAreKnownByTheirIDs: they need not be held.
func TestPublishedLabelsAreKnownByTheirIDs(t *testing.T) {
	o, err := stix.ParseObject([]byte(`{"type":"domain-name","id":"domain-name--0c6f5c2e-8a37-4a0a-9d5f-2f9d3d1b7c11","value":"hall.example",
		"object_marking_refs":["` + string(stix.TLPAmber) + `"],
		"granular_markings":[{"marking_ref":"` + string(stix.TLP2Red) + `","selectors":["value"]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	none := func(stix.ID) (stix.Object, bool) { return stix.Object{}, false }
	if w := marking.Strictest(marking.Of(o, none)...); w.TLP != marking.Red {
		t.Errorf("amber, and red on a part of it, are %q together", w.TLP)
	}
	lie, err := stix.ParseObject([]byte(`{"type":"marking-definition","spec_version":"2.1","id":"` + string(stix.TLP2Red) + `","created":"2022-10-01T00:00:00.000Z",
		"extensions":{"` + string(stix.TLP2Extension) + `":{"extension_type":"property-extension","tlp_2_0":"clear"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if m := marking.Parse(lie); m.Unknown == "" {
		t.Errorf("an object with the id of TLP:RED that says clear is read as %+v", m)
	}
}

// TestWhatIsNotUnderstoodRefuses: one sentence says what it is.
func TestWhatIsNotUnderstoodRefuses(t *testing.T) {
	iep := `"encrypt_in_transit":"must","permitted_actions":"none","affected_party_notifications":"may","tlp":"amber","provider_attribution":"may",
		"unmodified_resale":"may","iep_id":"0224bfdf-ea3a-49c3-96f6-66d908bb1845","description":"x","start_date":"2026-01-01T00:00:00Z","iep_version":2.0`
	acs := `"identifier":"isa:1","create_date_time":"2026-01-01T00:00:00Z","responsible_entity_custodian":"USA.DHS",
		"policy_reference":"urn:isa:policy:acs:ns:v3.0?privdefault=permit&sharedefault=permit","control_set":{"classification":"U"}`
	for name, c := range map[string]struct {
		o    stix.Object
		want string
	}{
		"nothing":            {definition(t, `"name":"x"`), "says nothing"},
		"another kind":       {definition(t, `"definition_type":"iep","definition":{}`), `is of the kind "iep"`},
		"a label":            {definition(t, `"definition_type":"tlp","definition":{"tlp":"mauve"}`), `label "mauve"`},
		"no words":           {definition(t, `"definition_type":"statement","definition":{"statement":" "}`), "without words"},
		"an extension":       {definition(t, `"extensions":{"x-house":{"a":1}}`), "x-house"},
		"a second extension": {definition(t, `"extensions":{"`+string(stix.TLP2Extension)+`":{"extension_type":"property-extension","tlp_2_0":"red"},"x-house":{}}`), "x-house"},
		"a kind":             {definition(t, `"extensions":{"`+string(marking.PAPExtension)+`":{"extension_type":"new-sdo","pap":"red"}}`), "new-sdo"},
		"a level of pap":     {extended(t, marking.PAPExtension, `"pap":"blue"`), "blue"},
		"more in pap":        {extended(t, marking.PAPExtension, `"pap":"red","but":"not on Sundays"`), "but"},
		"an action":          {extended(t, marking.IEPExtension, strings.Replace(iep, `"none"`, `"all"`, 1)), "permitted_actions"},
		"a version":          {extended(t, marking.IEPExtension, strings.Replace(iep, `2.0`, `3.0`, 1)), "version 3"},
		"an empty scope":     {extended(t, marking.ACSExtension, strings.Replace(acs, `"U"`, `"U","permitted_nationalities":[]`, 1)), "empty list"},
		"a null scope":       {extended(t, marking.ACSExtension, strings.Replace(acs, `"U"`, `"U","permitted_nationalities":null`, 1)), "null"},
		"a classification":   {extended(t, marking.ACSExtension, strings.Replace(acs, `"U"`, `"Z"`, 1)), "classification"},
		"no control set":     {extended(t, marking.ACSExtension, strings.Replace(acs, `,"control_set":{"classification":"U"}`, ``, 1)), "control_set"},
		"a policy":           {extended(t, marking.ACSExtension, strings.Replace(acs, `v3.0?`, `v4.0?`, 1)), "policy_reference"},
		"a caveat":           {extended(t, marking.ACSExtension, strings.Replace(acs, `"U"`, `"U","caveat":["BURN"]`, 1)), "caveat"},
		"no handling":        {extended(t, marking.HandlingExtension, `"embargo_until":"soon"`), "handling"},
		"empty handling":     {definition(t, `"extensions":{"`+string(marking.HandlingExtension)+`":{"extension_type":"property-extension"}}`), "asks for nothing"},
	} {
		m := marking.Parse(c.o)
		if why := m.Refuses(marking.Recipient{Country: "USA", Organizations: []string{"USA.DHS"}}, now); !strings.Contains(why, c.want) || m.Unknown == "" {
			t.Errorf("%s: %q, want %q in it", name, why, c.want)
		}
	}
	if m := marking.Parse(extended(t, marking.IEPExtension, iep)); m.Unknown != "" {
		t.Errorf("the policy that the cases are made of: %s", m.Unknown)
	}
	if m := marking.Parse(extended(t, marking.ACSExtension, acs)); m.Unknown != "" {
		t.Errorf("the access marking that the cases are made of: %s", m.Unknown)
	}
}

// TestGolden reads marking definitions from files, asks them about recipients, and
// holds the answers against the file beside them.
func TestGolden(t *testing.T) {
	recipients := []struct {
		name string
		marking.Recipient
	}{
		{"nobody known", marking.Recipient{}},
		{"a German police force", marking.Recipient{Country: "DEU", Organizations: []string{"DEU.BKA"}, Communities: []string{"LE"}, Entities: []string{"GOV"}}},
		{"an American agency", marking.Recipient{Country: "USA", Organizations: []string{"USA.DHS", "USA.USG"}, Communities: []string{"NCC"}, Entities: []string{"GOV"}}},
	}
	files, err := filepath.Glob(filepath.Join("testdata", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		o, err := stix.ParseObject(text)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		m := marking.Parse(o)
		var got strings.Builder
		whole, err := json.MarshalIndent(marking.Strictest(m), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "unknown: %s\n%s\n", m.Unknown, whole)
		for _, r := range recipients {
			fmt.Fprintf(&got, "%s: %s\n", r.name, m.Refuses(r.Recipient, now))
		}
		golden := strings.TrimSuffix(file, ".json") + ".txt"
		if *update {
			if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != string(want) {
			t.Errorf("%s:\n%swant\n%s", file, got.String(), want)
		}
	}
}

func TestEmbargoEnds(t *testing.T) {
	m := marking.Parse(extended(t, marking.HandlingExtension, `"originator_control":true,"embargo_until":"2026-12-01T00:00:00Z"`))
	if why := m.Refuses(marking.Recipient{}, now); !strings.Contains(why, "embargo until 2026-12-01") {
		t.Errorf("before: %q", why)
	}
	if why := m.Refuses(marking.Recipient{}, time.Date(2026, time.December, 1, 0, 0, 0, 0, time.UTC)); why != "" {
		t.Errorf("when it is over: %q", why)
	}
	if !m.Handling.OriginatorControl {
		t.Error("the originator's control is lost")
	}
}

// TestTogetherIsAsStrictAsEach: however markings are put together, no label of the
// whole is wider than one of theirs, and the order does not matter.
func TestTogetherIsAsStrictAsEach(t *testing.T) {
	one := rapid.Custom(func(r *rapid.T) marking.Marking {
		return marking.Marking{
			TLP: rapid.SampledFrom([]marking.TLP{"", marking.Clear, marking.Green, marking.Amber, marking.AmberStrict, marking.Red}).Draw(r, "tlp"),
			PAP: rapid.SampledFrom([]marking.PAP{"", marking.PAPClear, marking.PAPGreen, marking.PAPAmber, marking.PAPRed}).Draw(r, "pap"),
			IEP: &marking.IEP{PermittedActions: rapid.SampledFrom(marking.PermittedActions()).Draw(r, "actions")},
		}
	})
	rapid.Check(t, func(r *rapid.T) {
		all := rapid.SliceOfN(one, 1, 5).Draw(r, "markings")
		w := marking.Strictest(all...)
		for _, m := range all {
			if w.TLP.Wider(m.TLP) || w.PAP.Wider(m.PAP) {
				r.Fatalf("%+v is wider than %+v", w, m)
			}
		}
		turned := marking.Strictest(rapid.Permutation(all).Draw(r, "turned")...)
		if w.TLP != turned.TLP || w.PAP != turned.PAP || w.PermittedActions != turned.PermittedActions {
			r.Fatalf("%+v in one order, %+v in another", w, turned)
		}
	})
}

// FuzzParse: whatever an object says, it is read or it refuses, and what is read
// twice is the same.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join("testdata", "*.json"))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := stix.ParseObject(text)
		if err != nil {
			return
		}
		m := marking.Parse(o)
		if m.Unknown == "" && m.TLP == "" && m.PAP == "" && m.IEP == nil && m.ACS == nil && m.Handling == nil && m.Statement == "" {
			t.Fatalf("%s asks for nothing and is understood", text)
		}
		if m.Unknown != "" && m.Refuses(marking.Recipient{Country: "USA"}, now) == "" {
			t.Fatalf("%s is not understood and refuses nobody", text)
		}
		if again := marking.Parse(o); again.Unknown != m.Unknown {
			t.Fatalf("%q, then %q", m.Unknown, again.Unknown)
		}
		marking.Strictest(m, m)
	})
}
