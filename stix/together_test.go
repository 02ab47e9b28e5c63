package stix_test

import (
	"slices"
	"strings"
	"testing"

	"parley/stix"
)

// together gives "path: problem" for what is found in the objects.
func together(t testing.TB, objects ...string) (found []string) {
	t.Helper()
	var all stix.Together
	if _, err := stix.ReadBundle(strings.NewReader(bundleOf(objects...)), stix.Limits{}, all.Add); err != nil {
		t.Fatal(err)
	}
	for _, fault := range all.Faults() {
		found = append(found, fault.Error())
	}
	return found
}

func TestTogether(t *testing.T) {
	at := func(modified, more string) string {
		return `{"type":"tool","id":"tool--e2e1a340-4415-4ba8-9671-f7343fbf0836","created":"2026-01-01T00:00:00.000Z","modified":"` + modified + `"` + more + `}`
	}
	const one, two, three = "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z", "2026-01-03T00:00:00.000Z"
	by := func(typ, creator string) string {
		return `{"type":"` + typ + `","id":"` + typ + `--e2e1a340-4415-4ba8-9671-f7343fbf0836","created_by_ref":"identity--` + creator + `"}`
	}
	const jane, john = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
	address := observable("ipv4-addr", `"value":"198.51.100.3"`)
	made := strings.Replace(address, "e2e1a340-4415-4ba8-9671-f7343fbf0836", "28bb3599-77cd-5a82-a950-b5bc3caf07c4", 1)
	for _, c := range []struct {
		name    string
		objects []string
		want    []string // the start of each
	}{
		{"nothing", nil, nil},
		{"versions in any order", []string{at(two, ``), at(one, ``), at(three, `,"revoked":true`)}, nil},
		{"a reference to nothing", []string{with(`"created_by_ref":"identity--` + jane + `"`)}, nil},
		{"one version twice", []string{at(one, ``), toolA, at(one, ``)}, []string{"objects[2]: is tool--e2e1a340-4415-4ba8-9671-f7343fbf0836 once more, as objects[0] is"}},
		{"one version in other digits", []string{at(two, ``), at("2026-01-02T00:00:00.000000Z", ``)}, []string{"objects[1]: is of the same id and version as objects[0] and says something else"}},
		{"an observable twice", []string{address, address}, []string{"objects[1]: is ipv4-addr--"}},
		{"another created time", []string{at(one, ``), strings.Replace(at(two, ``), `"created":"2026-01-01`, `"created":"2026-01-02`, 1)}, []string{"objects[1].created: is 2026-01-02T00:00:00.000Z, but objects[0]"}},
		{"another creator", []string{at(one, `,"created_by_ref":"identity--`+jane+`"`), at(two, `,"created_by_ref":"identity--`+john+`"`)}, []string{"objects[1].created_by_ref: is"}},
		{"a version after the last", []string{at(one, ``), at(two, `,"revoked":true`), at(three, ``)}, []string{"objects[2].modified: is later than objects[1], which revoked"}},
		{"the last after a later one", []string{at(three, ``), at(two, `,"revoked":true`)}, []string{"objects[0].modified: is later than objects[1], which revoked"}},
		{"revoked twice", []string{at(two, `,"revoked":true`), at(three, `,"revoked":true`)}, []string{"objects[1].modified: is later than objects[0]"}},
		{"one UUID for two types", []string{by("tool", jane), by("malware", jane)}, []string{"objects[1].id: is of the UUID that the same producer gave to objects[0], a tool"}},
		{"one UUID of two producers", []string{by("tool", jane), by("malware", john)}, nil},
		{"one UUID of nobody", []string{with(`"name":"n"`), strings.ReplaceAll(with(`"name":"n"`), "tool", "malware")}, nil},
		{"an id that properties make", []string{made}, nil},
		{"an id that others make", []string{strings.Replace(made, ".3", ".4", 1)}, []string{"objects[0].id: is a UUID of version 5, but not ipv4-addr--"}},
		{"a random id", []string{address}, nil},
		{"a circle of markings", []string{toolA, marking(marksAll, marksText), marking(marksText, marksAll)}, []string{"objects[1]: is marked with itself, through 1 others: [" + string(marksAll)}},
	} {
		found := together(t, c.objects...)
		if !slices.EqualFunc(found, c.want, strings.HasPrefix) {
			t.Errorf("%s: %q, want %q", c.name, found, c.want)
		}
	}
	if n := len(together(t, slices.Repeat([]string{toolA}, 1000)...)); n != 100 {
		t.Errorf("%d faults are given", n)
	}
}
