package stix_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"parley/stix"
	"parley/stix/stixtest"
)

func TestEveryTypeHasAGoodExample(t *testing.T) {
	all := stixtest.Examples()
	for typ := range stix.Tables() {
		if all[typ] == "" {
			t.Errorf("there is no example of %s", typ)
		}
		if stix.FamilyOf(typ) == stix.Unknown {
			t.Errorf("%s has no family", typ)
		}
	}
	for typ, data := range all {
		o := mustParse(t, data)
		if faults := o.Validate(stix.Strict); faults != nil {
			t.Errorf("%s: %v", typ, faults)
		}
		if faults := o.Validate(stix.Lenient); faults != nil {
			t.Errorf("%s, lenient: %v", typ, faults)
		}
	}
	if n := len(stix.Tables()); n != 42 {
		t.Errorf("the standard has 42 types, the table %d", n)
	}
}

func TestIDTableMatchesPropertyTables(t *testing.T) {
	tables := stix.Tables()
	for typ := range tables {
		if _, known := stix.ContributingTypes()[typ]; known != (stix.FamilyOf(typ) == stix.Observable) {
			t.Errorf("%s: in the table of ids: %v", typ, known)
		}
	}
	for typ, names := range stix.ContributingTypes() {
		for _, name := range names {
			if !slices.ContainsFunc(tables[typ], func(p stix.Property) bool { return p.Name == name }) {
				t.Errorf("%s has no property %s", typ, name)
			}
		}
	}
}

// changed gives an example with one property set, or removed if value is "".
func changed(t testing.TB, data, name, value string) string {
	t.Helper()
	var properties map[string]json.RawMessage
	if err := json.Unmarshal([]byte(data), &properties); err != nil {
		t.Fatal(err)
	}
	delete(properties, name)
	if value != "" {
		properties[name] = json.RawMessage(value)
	}
	out, err := json.Marshal(properties)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// faultsOf gives "path: problem" for each, or one for what keeps the object from being parsed.
func faultsOf(data string, mode stix.Mode) []string {
	o, err := stix.ParseObject([]byte(data))
	if err != nil {
		return []string{strings.TrimPrefix(err.Error(), "parse stix object: ")}
	}
	var texts []string
	for _, fault := range o.Validate(mode) {
		texts = append(texts, fault.Error())
	}
	return texts
}

// Every property of every type, set to null, is refused by name; every required one is missed.
func TestEveryPropertyIsChecked(t *testing.T) {
	all := stixtest.Examples()
	for typ, properties := range stix.Tables() {
		for _, p := range properties {
			for _, mode := range []stix.Mode{stix.Strict, stix.Lenient} {
				found := faultsOf(changed(t, all[typ], p.Name, "null"), mode)
				if !slices.ContainsFunc(found, func(s string) bool { return strings.HasPrefix(s, p.Name+": ") }) {
					t.Errorf("%s with %s null, mode %d: %v", typ, p.Name, mode, found)
				}
				missing := faultsOf(changed(t, all[typ], p.Name, ""), mode)
				missed := slices.ContainsFunc(missing, func(s string) bool { return strings.HasPrefix(s, p.Name+": ") })
				if p.Required && !missed {
					t.Errorf("%s without %s, mode %d: %v", typ, p.Name, mode, missing)
				}
			}
		}
	}
}

const otherUUID = "--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5"

// What strict mode must find: the type, the property to set, the value, and the start of the fault.
var strictFaults = []struct{ typ, name, value, want string }{
	// Common properties.
	{"tool", "spec_version", `"2.0"`, "spec_version: "},
	{"tool", "created", `"2026-03-01T09:30:00.00Z"`, "created: is 2026-03-01T09:30:00.00Z and must have at least 3 digits"},
	{"tool", "modified", `"2026-03-01T09:29:59.999Z"`, "modified: must not be before created"},
	{"tool", "created_by_ref", `"tool` + otherUUID + `"`, "created_by_ref: "},
	{"tool", "confidence", `101`, "confidence: is 101"},
	{"tool", "confidence", `-1`, "confidence: is -1"},
	{"tool", "confidence", `1.5`, "confidence: must be a whole number"},
	{"tool", "confidence", `"70"`, "confidence: must be a whole number"},
	{"tool", "lang", `"english language"`, "lang: "},
	{"tool", "lang", `""`, "lang: "},
	{"tool", "labels", `[]`, "labels: must not be an empty list"},
	{"tool", "labels", `["a",1]`, "labels[1]: must be a string"},
	{"tool", "object_marking_refs", `["tool` + otherUUID + `"]`, "object_marking_refs[0]: "},
	{"tool", "external_references", `[{"source_name":"s"}]`, "external_references[0]: one of description, url, external_id"},
	{"tool", "external_references", `[{"url":"u"}]`, "external_references[0].source_name: is required"},
	{"tool", "external_references", `[{"source_name":"cve","external_id":"CVE-2026-1"}]`, "external_references[0].external_id: "},
	{"tool", "external_references", `[{"source_name":"capec","external_id":"CAPEC-1x"}]`, "external_references[0].external_id: "},
	{"vulnerability", "external_references", `[{"source_name":"CVE","external_id":"CVE-2026-0001"}]`, "external_references[0].source_name: is \"CVE\" and must be cve"},
	{"tool", "external_references", `[{"source_name":"s","url":"u","hashes":{"MD5":"abc"}}]`, "external_references[0].hashes.MD5: "},
	{"tool", "kill_chain_phases", `[{"kill_chain_name":"k"}]`, "kill_chain_phases[0].phase_name: is required"},
	{"tool", "granular_markings", `[{"selectors":["name"]}]`, "granular_markings[0]: one of lang, marking_ref"},
	{"tool", "granular_markings", `[{"lang":"de","marking_ref":"marking-definition` + otherUUID + `","selectors":["name"]}]`, "granular_markings[0].marking_ref: must not stand beside lang"},
	{"tool", "granular_markings", `[{"lang":"de","selectors":["name","tool_types.[1]"]}]`, `granular_markings[0].selectors[1]: "tool_types.[1]" selects nothing`},
	{"tool", "granular_markings", `[{"lang":"de","selectors":[""]}]`, "granular_markings[0].selectors[0]: "},
	{"tool", "extensions", `{}`, "extensions: must not be empty"},
	{"tool", "extensions", `{"extension-definition` + otherUUID + `":{}}`, "extensions.extension-definition" + otherUUID + ": must have at least one property"},
	{"tool", "extensions", `{"extension-definition` + otherUUID + `":{"extension_type":"new"}}`, "extensions.extension-definition" + otherUUID + ".extension_type: "},
	{"tool", "extensions", `{"a key":{"abc":1}}`, `extensions["a key"]: a key must be`},
	{"tool", "x_list", `[[],{}]`, "x_list[0]: must not be an empty list"},
	{"tool", "X_upper", `1`, "X_upper: a property name must be"},
	{"tool", "ab", `1`, "ab: a property name must be"},
	{"tool", "1st", `1`, "1st: a property name must be"},
	{"tool", "username", `"u"`, "username: the name is reserved"},
	// Domain objects.
	{"campaign", "last_seen", `"2026-03-01T09:29:59Z"`, "last_seen: must not be before first_seen"},
	{"grouping", "object_refs", `["bundle` + otherUUID + `"]`, "object_refs[0]: "},
	{"grouping", "object_refs", `["indicator--1"]`, "object_refs[0]: must be an id"},
	{"grouping", "object_refs", `["indicator--c78cb6e5-0c4b-4611-4297-d1b8b55e40b5"]`, "object_refs[0]: is indicator--c78cb6e5-0c4b-4611-4297-d1b8b55e40b5, whose UUID"},
	{"indicator", "valid_until", `"2026-03-01T09:30:00.000Z"`, "valid_until: must be after valid_from"},
	{"location", "longitude", ``, "latitude: must not be given without longitude"},
	{"location", "latitude", `90.001`, "latitude: is 90.001"},
	{"location", "precision", `-1`, "precision: is -1"},
	{"malware", "name", ``, "name: is required for a malware family"},
	{"malware", "sample_refs", `["url` + otherUUID + `"]`, "sample_refs[0]: "},
	{"malware-analysis", "analysis_sco_refs", `["tool` + otherUUID + `"]`, "analysis_sco_refs[0]: "},
	{"observed-data", "last_observed", `"2026-03-01T09:29:59Z"`, "last_observed: must not be before"},
	{"observed-data", "number_observed", `0`, "number_observed: is 0"},
	{"observed-data", "number_observed", `1000000000`, "number_observed: is 1000000000"},
	{"observed-data", "objects", `{"0":{"type":"url"}}`, "object_refs: must not stand beside objects"},
	{"observed-data", "object_refs", ``, "one of objects, object_refs is required"},
	{"observed-data", "objects", `{"0":{"value":"x"}}`, "objects.0: must be an observable with a type"},
	{"opinion", "opinion", `"maybe"`, `opinion: is "maybe" and must be one of strongly-disagree`},
	// Relationships.
	{"relationship", "relationship_type", `"Uses"`, "relationship_type: "},
	{"relationship", "relationship_type", `"derived_from"`, "relationship_type: "},
	{"relationship", "source_ref", `"sighting` + otherUUID + `"`, "source_ref: "},
	{"relationship", "target_ref", `"marking-definition` + otherUUID + `"`, "target_ref: "},
	{"relationship", "stop_time", `"2026-03-01T09:30:00Z"`, "stop_time: must be after start_time"},
	{"sighting", "sighting_of_ref", `"file` + otherUUID + `"`, "sighting_of_ref: "},
	{"sighting", "count", `-1`, "count: is -1"},
	{"sighting", "where_sighted_refs", `["tool` + otherUUID + `"]`, "where_sighted_refs[0]: "},
	// Observables.
	{"artifact", "url", `"https://example.com"`, "url: must not stand beside payload_bin"},
	{"artifact", "payload_bin", ``, "one of payload_bin, url is required"},
	{"artifact", "payload_bin", `"a"`, `payload_bin: is "a" and must be base64`},
	{"artifact", "payload_bin", `"aGVs\nbG8="`, "payload_bin: "},
	{"artifact", "encryption_algorithm", `"rot13"`, "encryption_algorithm: "},
	{"artifact", "encryption_algorithm", ``, "decryption_key: must not be given without encryption_algorithm"},
	{"autonomous-system", "number", `9007199254740992`, "number: is 9007199254740992"},
	{"autonomous-system", "number", `99999999999999999999`, "number: must be a whole number"},
	{"email-message", "is_multipart", `false`, "body_multipart: must not be given where is_multipart is false"},
	{"email-message", "body", `"b"`, "body: must not be given where is_multipart is true"},
	{"email-message", "body_multipart", `[{"content_type":"x"}]`, "body_multipart[0]: one of body, body_raw_ref"},
	{"email-message", "additional_header_fields", `{"a b":"c"}`, `additional_header_fields["a b"]: a key must be`},
	{"file", "name", ``, "name_enc: must not be given without name"},
	{"file", "size", `-1`, "size: is -1"},
	{"file", "magic_number_hex", `"0F"`, "magic_number_hex: "},
	{"file", "magic_number_hex", `"0"`, "magic_number_hex: "},
	{"file", "hashes", `{"SHA-256":"` + strings.Repeat("g", 64) + `"}`, "hashes.SHA-256: "},
	{"file", "hashes", `{"ab":"x"}`, "hashes.ab: a key must be 3 to 250"},
	{"file", "hashes", `{"SSDEEP":1}`, "hashes.SSDEEP: must be a string"},
	{"file", "extensions", `{"pdf-ext":{"is_optimized":"yes"}}`, "extensions.pdf-ext.is_optimized: "},
	{"file", "extensions", `{"windows-pebinary-ext":{"pe_type":"dll"}}`, "extensions.windows-pebinary-ext: at least one property other than pe_type"},
	{"file", "extensions", `{"archive-ext":{"comment":"c"}}`, "extensions.archive-ext.contains_refs: is required"},
	{"ipv4-addr", "value", `"2001:db8::1"`, "value: "},
	{"ipv4-addr", "value", `"198.51.100.0/33"`, "value: "},
	{"ipv6-addr", "value", `"198.51.100.3"`, "value: "},
	{"mac-addr", "value", `"00:00:5E:00:53:01"`, "value: "},
	{"mac-addr", "value", `"0:0:5e:0:53:1"`, "value: "},
	{"network-traffic", "is_active", `true`, "end: must not be given where is_active is true"},
	{"network-traffic", "dst_port", `65536`, "dst_port: is 65536"},
	{"network-traffic", "src_ref", `"file` + otherUUID + `"`, "src_ref: "},
	{"network-traffic", "extensions", `{"socket-ext":{"address_family":"AF_X"}}`, "extensions.socket-ext.address_family: "},
	{"network-traffic", "extensions", `{"tcp-ext":{}}`, "extensions.tcp-ext: must have at least one property"},
	{"windows-registry-key", "values", `[{"data_type":"REG_BAD"}]`, "values[0].data_type: "},
	{"windows-registry-key", "values", `[{}]`, "values[0]: must have at least one property"},
	{"user-account", "extensions", `{"unix-account-ext":{"gid":"x"}}`, "extensions.unix-account-ext.gid: "},
	{"email-addr", "value", `"Jane <jane@example.com>"`, "value: "},
	{"email-addr", "value", `"jane"`, "value: "},
	{"artifact", "url", `"example.com"`, "url: "},
	{"url", "value", `"https://example.com/a b"`, "value: "},
	{"url", "value", `"https://example.com/%zz"`, "value: "},
	{"software", "cpe", `"cpe:/a:example:n"`, "cpe: "},
	{"software", "languages", `["english language"]`, "languages[0]: "},
	{"windows-registry-key", "key", `"HKLM\\Software"`, "key: "},
	{"process", "id", `"process--28bb3599-77cd-5a82-a950-b5bc3caf07c4"`, "id: is a UUID of version 5"},
	// Meta objects.
	{"language-content", "contents", `{"no such":{"name":"n"}}`, `contents["no such"]: a key must be`},
	{"language-content", "contents", `{"de":"n"}`, "contents.de: must be a JSON object"},
	{"language-content", "contents", `{"de":{"a":"n"}}`, "contents.de.a: must be the name of a property"},
	{"marking-definition", "definition", `{"tlp":"red"}`, "definition: must have the property statement"},
	{"marking-definition", "definition", ``, "definition: is required"},
	{"marking-definition", "definition_type", `"tlp"`, "definition: "},
	{"marking-definition", "object_marking_refs", `["marking-definition--e2e1a340-4415-4ba8-9671-f7343fbf0836"]`, "object_marking_refs: a marking must not mark itself"},
	{"marking-definition", "granular_markings", `[{"marking_ref":"marking-definition--e2e1a340-4415-4ba8-9671-f7343fbf0836","selectors":["name"]}]`, "granular_markings: a marking must not mark itself"},
	{"extension-definition", "extension_types", `["new-sco"]`, "extension_properties: must only be given"},
	{"extension-definition", "extension_types", `["other"]`, "extension_types[0]: "},
}

func TestStrictFaults(t *testing.T) {
	all := stixtest.Examples()
	for _, c := range strictFaults {
		found := faultsOf(changed(t, all[c.typ], c.name, c.value), stix.Strict)
		if !slices.ContainsFunc(found, func(s string) bool { return strings.HasPrefix(s, c.want) }) {
			t.Errorf("%s with %s %s: %q, want %q", c.typ, c.name, c.value, found, c.want)
		}
	}
}

// Observables that hold nothing of their own are refused; the same ones with one property are not.
func TestBareObservables(t *testing.T) {
	for _, typ := range []string{"process", "user-account", "windows-registry-key", "x509-certificate"} {
		found := faultsOf(observable(typ, `"defanged":false`), stix.Strict)
		if len(found) != 1 || !strings.HasPrefix(found[0], "at least one property other than") {
			t.Errorf("%s: %q", typ, found)
		}
	}
	if found := faultsOf(observable("process", `"extensions":{"windows-process-ext":{"priority":"p"}}`), stix.Strict); found != nil {
		t.Errorf("%q", found)
	}
}

// What sloppy tools write must not stop code that only needs to read it.
func TestLenientLetsSlopPass(t *testing.T) {
	all := stixtest.Examples()
	for _, c := range []struct{ typ, name, value string }{
		{"tool", "labels", `[]`},
		{"tool", "spec_version", `"2.0"`},
		{"tool", "created", `"2026-03-01T09:30:00Z"`},
		{"tool", "confidence", `150`},
		{"tool", "X", `null`},
		{"tool", "external_references", `[{"source_name":"s"}]`},
		{"tool", "object_marking_refs", `["tool` + otherUUID + `"]`},
		{"opinion", "opinion", `"maybe"`},
		{"ipv4-addr", "value", `"hxxp"`},
		{"file", "hashes", `{"MD5":"?"}`},
		{"indicator", "valid_until", `"2020-01-01T00:00:00Z"`},
	} {
		data := changed(t, all[c.typ], c.name, c.value)
		if found := faultsOf(data, stix.Lenient); found != nil {
			t.Errorf("%s with %s %s: %q", c.typ, c.name, c.value, found)
		}
		if found := faultsOf(data, stix.Strict); found == nil {
			t.Errorf("%s with %s %s is strictly valid", c.typ, c.name, c.value)
		}
	}
}

func TestUnknownTypesAreCheckedForCommonProperties(t *testing.T) {
	good := observable("x-thing", `"odd":{"a_b":[1,{"c":null}]}`)
	if found := faultsOf(good, stix.Lenient); found != nil {
		t.Errorf("%q", found)
	}
	if found := faultsOf(good, stix.Strict); len(found) != 1 || !strings.HasPrefix(found[0], "odd.a_b[1].c: must not be null") {
		t.Errorf("%q", found)
	}
	versioned := observable("x-thing", `"created":"2026-03-01T09:30:00.000Z","confidence":"high"`)
	if found := faultsOf(versioned, stix.Strict); len(found) != 3 {
		t.Errorf("want faults of confidence, spec_version and modified: %q", found)
	}
}

func TestFaultsAreBounded(t *testing.T) {
	o := mustParse(t, with(`"x_list":[`+strings.Repeat("null,", 10_000)+`null]`))
	if n := len(o.Validate(stix.Strict)); n != 100 {
		t.Errorf("%d faults", n)
	}
}

func TestFixedTLPMarkings(t *testing.T) {
	good, err := stix.TLP1("red")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new string }{
		{`"tlp":"red"`, `"tlp":"green"`},
		{`"tlp":"red"`, `"tlp":"clear"`},
		{string(stix.TLPRed), "marking-definition" + otherUUID},
	} {
		bad := strings.Replace(string(good.Bytes()), c.old, c.new, 1)
		if found := faultsOf(bad, stix.Strict); len(found) != 1 || !strings.HasPrefix(found[0], "definition: TLP 1 markings") {
			t.Errorf("%s: %q", bad, found)
		}
	}
}
