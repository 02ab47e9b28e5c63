package typed_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"parley/stix"
	"parley/stix/stixtest"
	"parley/stix/typed"
)

func parse(t testing.TB, data string) stix.Object {
	t.Helper()
	o, err := stix.ParseObject([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func read[T any](t testing.TB, data string) T {
	t.Helper()
	v, err := typed.Read[T](parse(t, data))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const indicator = `{ "type":"indicator", "spec_version":"2.1", "id":"indicator--E2E1A340-4415-4ba8-9671-f7343fbf0836",
  "created":"2026-03-01T09:30:00.000100Z", "modified":"2026-03-01T09:30:00.000100Z", "description":"", "revoked":false,
  "confidence":0, "x_rank" : 1.50e+3,
  "pattern":"[url:value = 'https:\/\/example.com']", "pattern_type":"stix", "valid_from":"2026-03-01T09:30:00Z",
  "external_references": [ {"source_name":"a", "x_in":[1,  2], "url":"https://a.example"} , { "source_name":"b","external_id":"7" } ],
  "extensions": { "extension-definition--d83fce45-ef58-4c6c-a3f4-1fbc32e98c6e": {"extension_type":"property-extension","rank":5.0} } }`

func TestRead(t *testing.T) {
	v := read[typed.Indicator](t, indicator)
	if v.ID != "indicator--e2e1a340-4415-4ba8-9671-f7343fbf0836" || v.Pattern != "[url:value = 'https://example.com']" {
		t.Errorf("%+v", v)
	}
	if v.Modified.String() != "2026-03-01T09:30:00.000100Z" || !v.ValidUntil.IsZero() {
		t.Errorf("%s until %s", v.Modified, v.ValidUntil)
	}
	if v.Description == nil || *v.Description != "" || v.Revoked == nil || *v.Revoked || v.Confidence == nil || *v.Confidence != 0 {
		t.Error("what is there but empty, false or 0 is not told from what is not there")
	}
	if v.Name != nil || v.Lang != nil || v.Labels != nil || v.CreatedByRef != "" {
		t.Error("what is not there is there")
	}
	if len(v.ExternalReferences) != 2 || *v.ExternalReferences[1].ExternalID != "7" {
		t.Errorf("%+v", v.ExternalReferences)
	}
}

func TestReadRefuses(t *testing.T) {
	tool := func(more string) string {
		return `{"type":"tool","id":"tool--e2e1a340-4415-4ba8-9671-f7343fbf0836"` + more + `}`
	}
	for _, c := range []struct{ name, data, path, problem string }{
		{"a text for a number", tool(`,"confidence":"70"`), "confidence", "must be a whole number"},
		{"a fraction for a whole number", tool(`,"confidence":1.5`), "confidence", "must be a whole number"},
		{"a number for a text", tool(`,"name":7`), "name", "must be a string"},
		{"a number in a list of text", tool(`,"aliases":["a",7]`), "aliases[1]", "must be a string"},
		{"a text for a list of objects", tool(`,"kill_chain_phases":"x"`), "kill_chain_phases", "must be a list"},
		{"a text in a list of objects", tool(`,"kill_chain_phases":[{},"x"]`), "kill_chain_phases[1]", "must be a JSON object"},
		{"deep in", tool(`,"external_references":[{"hashes":{"MD5":7}}]`), "external_references[0].hashes", `in it, "MD5" must be a string`},
		{"a list for an object", tool(`,"extensions":[]`), "extensions", "must be a JSON object"},
	} {
		_, err := typed.Read[typed.Tool](parse(t, c.data))
		var fault *stix.Fault
		if !errors.As(err, &fault) || fault.Path != c.path || fault.Problem != c.problem {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := typed.Read[typed.Malware](parse(t, tool(""))); err == nil || !strings.Contains(err.Error(), "malware") {
		t.Errorf("a tool is read as malware: %v", err)
	}
	if _, err := typed.Read[typed.Tool](stix.Object{}); err == nil {
		t.Error("nothing is read")
	}
	if _, err := typed.Read[struct{ Name string }](parse(t, tool(""))); err == nil {
		t.Error("a struct that could not keep anything is read into")
	}
}

func TestAnyGivesTheStructOfTheType(t *testing.T) {
	for _, typ := range stixtest.Types() {
		v, err := typed.Any(parse(t, stixtest.Examples()[typ]))
		if err != nil {
			t.Fatal(err)
		}
		if tag := reflect.TypeOf(v).Elem().Field(0).Tag.Get("stix"); tag != typ {
			t.Errorf("%s is a %T", typ, v)
		}
	}
	for data, want := range map[string]any{
		`{"type":"x-thing","id":"x-thing--e2e1a340-4415-4ba8-9671-f7343fbf0836","created":"2026-03-01T09:30:00.000Z"}`: &typed.Versioned{},
		`{"type":"x-thing","id":"x-thing--e2e1a340-4415-4ba8-9671-f7343fbf0836"}`:                                      &typed.Observable{},
	} {
		if v, err := typed.Any(parse(t, data)); err != nil || reflect.TypeOf(v) != reflect.TypeOf(want) {
			t.Errorf("%s is a %T, %v", data, v, err)
		}
	}
	if _, err := typed.Any(stix.Object{}); err == nil {
		t.Error("nothing is something")
	}
}

func TestHeaderFieldsAreListsAndWereTexts(t *testing.T) {
	traffic := read[typed.NetworkTraffic](t, `{"type":"network-traffic","id":"network-traffic--e2e1a340-4415-4ba8-9671-f7343fbf0836","protocols":["http"],
		"extensions":{"http-request-ext":{"request_method":"get","request_value":"/","request_header":{"Host":"a.example","Accept":["b","c"]}}}}`)
	request, ok, err := typed.Extension[typed.HTTPRequestExt](traffic.Extensions)
	if err != nil || !ok || len(request.RequestHeader["Host"]) != 1 || len(request.RequestHeader["Accept"]) != 2 {
		t.Fatalf("%+v, %v, %v", request, ok, err)
	}
	request.RequestHeader["Via"] = typed.Texts{"d"}
	request.RequestHeader["Host"] = append(request.RequestHeader["Host"], "e.example")
	if err := traffic.Extensions.Set(request); err != nil {
		t.Fatal(err)
	}
	o, err := typed.Write(traffic)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"Host":["a.example","e.example"],"Accept":["b","c"],"Via":["d"]}`
	if got, _ := o.Raw("extensions.http-request-ext.request_header"); string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func BenchmarkRead(b *testing.B) {
	o := parse(b, indicator)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := typed.Read[typed.Indicator](o); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "objects/s")
}

func BenchmarkWriteChanged(b *testing.B) {
	v := read[typed.Indicator](b, indicator)
	v.Confidence = new(80)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := typed.Write(v); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "objects/s")
}
