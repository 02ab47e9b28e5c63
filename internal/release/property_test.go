package release_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/release"
	"parley/selector"
	"parley/stix"
)

// secretText draws text that occurs in no word of the standard: consonants only, so that eight in a
// row in a bundle can only have come from here.
func secretText() *rapid.Generator[string] {
	return rapid.StringMatching(`[ghjkmqvwxz]{9,24}( [ghjkmqvwxz]{9,24}){0,3}`)
}

// randomReport draws a report whose every free value is secret text, and returns the secrets.
type randomReport struct {
	objects []stix.Object
	secrets []string
}

func (r *randomReport) secret(t *rapid.T, label string) string {
	s := secretText().Draw(t, label)
	r.secrets = append(r.secrets, s)
	return s
}

func drawReport(t *rapid.T) *randomReport {
	r := &randomReport{}
	types := []string{
		"report", "indicator", "observed-data", "sighting", "relationship", "identity", "incident", "campaign",
		"attack-pattern", "location", "phone-number", "email-addr", "url", "domain-name", "user-account", "file",
		"malware", "note", "x-intercept", "artifact",
	}
	var ids []string
	for i := range rapid.IntRange(1, 14).Draw(t, "objects") {
		typ := rapid.SampledFrom(types).Draw(t, "type")
		ids = append(ids, fmt.Sprintf("%s--%08x-0000-4000-8000-%012x", typ, 0xabc00000+i, i))
	}
	for _, id := range ids {
		data, err := json.Marshal(r.drawObject(t, id, ids))
		if err != nil {
			t.Fatal(err)
		}
		o, err := stix.ParseObject(data)
		if err != nil {
			t.Fatal(err)
		}
		r.objects = append(r.objects, o)
	}
	return r
}

// drawObject gives an object every property its type may carry, allowed or not.
func (r *randomReport) drawObject(t *rapid.T, id string, ids []string) map[string]any {
	typ, _, _ := strings.Cut(id, "--")
	o := map[string]any{
		"type": typ, "spec_version": "2.1", "id": id,
		"created": "2025-03-12T03:40:12.482Z", "modified": "2025-03-12T03:40:12.482Z",
		"name": r.secret(t, "name"), "description": r.secret(t, "description"),
		"x_" + strings.ReplaceAll(r.secret(t, "key"), " ", "_"): r.secret(t, "custom"),
		"labels":              []string{r.secret(t, "label")},
		"aliases":             []string{r.secret(t, "alias")},
		"external_references": []any{map[string]any{"source_name": r.secret(t, "source"), "external_id": r.secret(t, "external")}},
		"extensions":          map[string]any{"extension-definition--11111111-1111-4111-8111-111111111111": map[string]any{"deep": map[string]any{"deeper": r.secret(t, "deep")}}},
		"sectors":             []string{"technology", r.secret(t, "sector")},
		"report_types":        []string{"threat-report", r.secret(t, "report type")},
		"indicator_types":     []string{"benign", r.secret(t, "indicator type")},
		"identity_class":      rapid.SampledFrom([]string{"group", r.secret(t, "class")}).Draw(t, "identity class"),
		"region":              rapid.SampledFrom([]string{"europe", r.secret(t, "region")}).Draw(t, "region"),
		"country":             rapid.SampledFrom([]string{"BE", r.secret(t, "country")}).Draw(t, "country"),
		"relationship_type":   rapid.SampledFrom([]string{"uses", r.secret(t, "relation")}).Draw(t, "relationship"),
		"pattern":             "[phone-number:value = '+12025550147' OR domain-name:value = '" + r.secret(t, "pattern") + "']",
		"pattern_type":        "stix",
		"number_observed":     rapid.Int64Range(0, 1<<40).Draw(t, "observed"),
		"count":               rapid.Int64Range(0, 1<<40).Draw(t, "count"),
		"latitude":            rapid.Float64Range(-90, 90).Draw(t, "latitude"),
		"longitude":           rapid.Float64Range(-180, 180).Draw(t, "longitude"),
		"value":               rapid.SampledFrom([]string{"+12025550147", "https://drop.example/" + r.secret(t, "value")}).Draw(t, "value"),
		"account_login":       rapid.SampledFrom([]string{"harbour_lights", r.secret(t, "login")}).Draw(t, "login"),
		"hashes":              map[string]any{"MD5": r.secret(t, "md5"), "SHA-256": r.secret(t, "sha")},
	}
	for _, name := range []string{"first_seen", "last_seen", "first_observed", "last_observed", "valid_from", "valid_until", "start_time"} {
		day := rapid.IntRange(10, 28).Draw(t, name)
		o[name] = fmt.Sprintf("2025-03-%02dT03:12:09.%03dZ", day, rapid.IntRange(0, 999).Draw(t, name+" fraction"))
	}
	for _, ref := range []struct{ name, kinds string }{
		{"source_ref", "indicator campaign incident"},
		{"target_ref", "campaign incident identity location attack-pattern"},
		{"sighting_of_ref", "indicator campaign"},
	} {
		o[ref.name] = pick(t, ids, ref.kinds)
	}
	o["object_refs"] = []string{pick(t, ids, "phone-number email-addr url user-account"), pick(t, ids, "phone-number domain-name")}
	o["observed_data_refs"] = []string{pick(t, ids, "observed-data")}
	return o
}

// pick draws the id of an object of one of the types, in the report where there is one.
func pick(t *rapid.T, ids []string, types string) string {
	var fitting []string
	for _, id := range ids {
		typ, _, _ := strings.Cut(id, "--")
		if strings.Contains(" "+types+" ", " "+typ+" ") {
			fitting = append(fitting, id)
		}
	}
	first, _, _ := strings.Cut(types, " ")
	fitting = append(fitting, first+"--99999999-0000-4000-8000-999999999999")
	return rapid.SampledFrom(fitting).Draw(t, types)
}

// narrowed draws a policy that allows some of what tearlines can carry, and so none of the free text of an
// original: its types, their properties, its grains.
func narrowed(t *rapid.T) release.Policy {
	p := release.DefaultPolicy()
	p.Allow["location"] = []string{"region", "country", "latitude", "longitude"}
	p.Allow["sighting"] = append(p.Allow["sighting"], "description", "where_sighted_refs")
	p.Allow["relationship"] = append(p.Allow["relationship"], "description", "start_time", "stop_time")
	allow := make(map[string][]string)
	for _, typ := range slices.Sorted(maps.Keys(p.Allow)) {
		if !rapid.Bool().Draw(t, "allow "+typ) {
			continue
		}
		allow[typ] = []string{}
		for _, name := range p.Allow[typ] {
			if rapid.IntRange(0, 3).Draw(t, "allow "+typ+"."+name) > 0 {
				allow[typ] = append(allow[typ], name)
			}
		}
	}
	p.Allow = allow
	p.TimeGrain = rapid.SampledFrom([]release.TimeGrain{release.Hour, release.Day, release.Week, release.Month}).Draw(t, "time grain")
	p.PlaceGrain = rapid.SampledFrom([]release.PlaceGrain{release.Region, release.Country, release.Degrees}).Draw(t, "place grain")
	return p
}

// TestNothingElseGetsOut is the allow-list as a property: of a report full of secrets in every
// property, under any policy and for any cleared selectors, not eight bytes in a row are in the bundle. Nor is a
// property that the policy does not name.
func TestNothingElseGetsOut(t *testing.T) {
	base := request(t)
	rapid.Check(t, func(rt *rapid.T) {
		report, req := drawReport(rt), base
		req.Policy = narrowed(rt)
		req.Cleared = rapid.SampledFrom([][]selector.Selector{nil, base.Cleared[:1], base.Cleared}).Draw(rt, "cleared")
		tearline, err := release.Build(report.objects, req, fixed())
		if err != nil {
			rt.Fatal(err)
		}
		const window = 8
		said := make(map[string]bool, len(tearline.Bundle))
		for i := 0; i+window <= len(tearline.Bundle); i++ {
			said[string(tearline.Bundle[i:i+window])] = true
		}
		for _, secret := range report.secrets {
			for i := 0; i+window <= len(secret); i++ {
				if said[secret[i:i+window]] {
					rt.Fatalf("%q of a property that is not allowed is in the bundle", secret[i:i+window])
				}
			}
		}
		for _, original := range report.objects {
			new, released := tearline.Map[original.ID()]
			if _, allowed := req.Policy.Allow[original.Type()]; released && !allowed {
				rt.Fatalf("a %s is released as %s, and the policy allows none", original.Type(), new)
			}
		}
	})
}

// TestBuiltIsClean says that where the analyst's text is clean, nothing that Build writes is stopped,
// and the receiver accepts it.
func TestBuiltIsClean(t *testing.T) {
	base := request(t)
	grains := []release.TimeGrain{release.Hour, release.Day, release.Week, release.Month}
	places := []release.PlaceGrain{release.Region, release.Country, release.Degrees}
	rapid.Check(t, func(rt *rapid.T) {
		report := drawReport(rt)
		req := base
		req.Policy = release.DefaultPolicy()
		req.Policy.TimeGrain = rapid.SampledFrom(grains).Draw(rt, "time grain")
		req.Policy.PlaceGrain = rapid.SampledFrom(places).Draw(rt, "place grain")
		req.Policy.Allow["location"] = []string{"region", "country", "latitude", "longitude"}
		tearline, err := release.Build(report.objects, req, fixed())
		if err != nil {
			rt.Fatal(err)
		}
		s := release.Secrets{
			SourceNames: report.secrets, RawTexts: report.secrets, Cleared: req.Cleared,
			TimeGrain: req.Policy.TimeGrain, PlaceGrain: req.Policy.PlaceGrain,
		}
		for _, o := range report.objects {
			s.OriginalIDs = append(s.OriginalIDs, string(o.ID()))
		}
		for _, f := range release.Check(tearline, s) {
			if f.Blocking {
				rt.Fatalf("%+v\n%s", f, tearline.Bundle)
			}
		}
		if _, err := release.Verify(tearline.Bundle); err != nil {
			rt.Fatal(err)
		}
	})
}

// TestEveryOriginalIsAccountedFor says that each object of the report is in the map or in the list of
// what stayed behind, never in both and never in neither.
func TestEveryOriginalIsAccountedFor(t *testing.T) {
	base := request(t)
	rapid.Check(t, func(rt *rapid.T) {
		report := drawReport(rt)
		tearline, err := release.Build(report.objects, base, fixed())
		if err != nil {
			rt.Fatal(err)
		}
		gone := make(map[stix.ID]bool)
		for _, s := range tearline.Stripped {
			if s.Kind == release.StrippedObject {
				gone[s.OriginalID] = true
			}
		}
		for _, o := range report.objects {
			if _, there := tearline.Map[o.ID()]; there == gone[o.ID()] {
				rt.Fatalf("%s: in the tearline %v, listed as stripped %v", o.ID(), there, gone[o.ID()])
			}
		}
	})
}
