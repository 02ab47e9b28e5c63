package stix_test

import (
	"slices"
	"strings"
	"testing"

	"parley/stix"
	"parley/stix/stixtest"
)

const scoMade = `"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"`

// What the standard says should be: the type, the property to set, the value, and the start of what is
// found, or "" where all is well.
func TestRecommended(t *testing.T) {
	all := stixtest.Examples()
	for _, c := range []struct{ typ, name, value, want string }{
		{"indicator", "indicator_types", `["benign","anonymization"]`, ""},
		{"indicator", "indicator_types", `["benign","mild"]`, `indicator_types[1]: is "mild", which is no word of indicator-type-ov`},
		{"threat-actor", "roles", `["boss"]`, `roles[0]: is "boss", which is no word of threat-actor-role-ov`},
		{"identity", "roles", `["boss"]`, ""},
		{"location", "region", `"the north"`, `region: is "the north"`},
		{"attack-pattern", "kill_chain_phases", `[{"kill_chain_name":"Lockheed Martin","phase_name":"a_b"}]`, `kill_chain_phases[0].kill_chain_name: is "Lockheed Martin" and should be`},
		{"tool", "id", `"tool--28bb3599-77cd-5a82-a950-b5bc3caf07c4"`, "id: is a UUID of version 5"},
		{"ipv4-addr", "value", `"198.51.100.3"`, "id: should be ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"},
		{"process", "pid", `5`, ""},
		{"tool", "extensions", `{"x-my-ext":{"abc":1}}`, "extensions.x-my-ext: the key should be"},
		{"tool", "extensions", `{"extension-definition` + otherUUID + `":{"extension_type":"property-extension"}}`, ""},
		{"observed-data", "objects", `{"0":{"type":"url"}}`, "objects: is deprecated"},
		{"extension-definition", "extension_properties", ``, "extension_properties: should name"},
		{"vulnerability", "external_references", `[{"source_name":"s","url":"u","hashes":{"CRC32":"abc"}}]`, `external_references[0].hashes.CRC32: "CRC32" is no word of hash-algorithm-ov`},
		{"relationship", "relationship_type", `"uses"`, ""}, // between types that are not both the standard's
		{"relationship", "target_ref", `"report` + otherUUID + `"`, ""},
		{"relationship", "target_ref", `"malware` + otherUUID + `"`, `relationship_type: is "derived-from"; from report to malware the standard names [related-to]`},
		{"relationship", "target_ref", `"grouping--x"`, ""},
		{"report", "object_refs", `["tool` + otherUUID + `","url` + otherUUID + `","tool` + otherUUID + `"]`, "object_refs[2]: stands in the list twice"},
	} {
		found := faultsOf(changed(t, all[c.typ], c.name, c.value), stix.Recommended)
		hit := slices.ContainsFunc(found, func(s string) bool { return strings.HasPrefix(s, c.want) })
		about := slices.ContainsFunc(found, func(s string) bool {
			return strings.HasPrefix(s, c.name) || strings.HasPrefix(s, "relationship_type")
		})
		if c.want != "" && !hit || c.want == "" && about {
			t.Errorf("%s with %s %s: %q, want %q", c.typ, c.name, c.value, found, c.want)
		}
	}
	good := mustParse(t, `{"type":"ipv4-addr","id":`+scoMade+`,"value":"198.51.100.3"}`)
	if found := good.Validate(stix.Recommended); found != nil {
		t.Errorf("%v", found)
	}
}

// What must be is not said again, and what should be is not said to be a must.
func TestRecommendedAndStrictDoNotOverlap(t *testing.T) {
	for _, c := range strictFaults {
		o, err := stix.ParseObject([]byte(changed(t, stixtest.Examples()[c.typ], c.name, c.value)))
		if err != nil {
			continue
		}
		for _, advice := range o.Validate(stix.Recommended) {
			if slices.Contains(o.Validate(stix.Strict), advice) || strings.Contains(advice.Problem, "must ") {
				t.Errorf("%s with %s %s: %v", c.typ, c.name, c.value, &advice)
			}
		}
	}
}

func TestVocabulary(t *testing.T) {
	for name, words := range map[string]int{
		"account-type-ov": 11, "attack-motivation-ov": 10, "attack-resource-level-ov": 5, "grouping-context-ov": 3,
		"hash-algorithm-ov": 8, "identity-class-ov": 6, "implementation-language-ov": 22, "indicator-type-ov": 7,
		"industry-sector-ov": 35, "infrastructure-type-ov": 15, "malware-capabilities-ov": 37, "malware-result-ov": 4,
		"malware-type-ov": 22, "pattern-type-ov": 6, "processor-architecture-ov": 8, "region-ov": 29, "report-type-ov": 12,
		"threat-actor-type-ov": 13, "threat-actor-role-ov": 7, "threat-actor-sophistication-ov": 7, "tool-type-ov": 8,
		"windows-pebinary-type-ov": 3,
	} {
		got := stix.Vocabulary(name)
		if len(got) != words {
			t.Errorf("%s has %d words, want %d", name, len(got), words)
		}
		if slices.Sort(got); len(slices.Compact(got)) != words {
			t.Errorf("%s has a word twice", name)
		}
	}
	if stix.Vocabulary("opinion-enum") != nil {
		t.Error("an enumeration is no open vocabulary")
	}
}

func TestRelationshipTypes(t *testing.T) {
	for _, c := range []struct {
		source, target string
		want           string
	}{
		{"campaign", "intrusion-set", "attributed-to related-to"},
		{"malware", "malware", "controls derived-from downloads drops duplicate-of related-to uses variant-of"},
		{"malware", "vulnerability", "exploits related-to targets"},
		{"infrastructure", "mutex", "consists-of related-to"},
		{"ipv4-addr", "autonomous-system", "belongs-to related-to"},
		{"malware-analysis", "malware", "av-analysis-of characterizes dynamic-analysis-of related-to static-analysis-of"},
		{"report", "tool", "related-to"},
		{"x-thing", "x-thing", "derived-from duplicate-of related-to"},
		{"marking-definition", "tool", ""},
		{"relationship", "relationship", ""},
		{"bundle", "bundle", ""},
	} {
		if got := strings.Join(stix.RelationshipTypes(c.source, c.target), " "); got != c.want {
			t.Errorf("%s to %s: %s, want %s", c.source, c.target, got, c.want)
		}
	}
}
