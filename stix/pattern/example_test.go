package pattern_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"parley/stix"
	"parley/stix/pattern"
)

// A pattern is parsed and matched with observed-data that any JSON decoder has read.
func Example() {
	p, err := pattern.Parse(`([network-traffic:dst_ref.value ISSUBSET '198.51.100.0/24']
		FOLLOWEDBY [file:name LIKE '%.scr']) WITHIN 300 SECONDS`, pattern.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := pattern.Compile(p, pattern.MatchOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var objects []pattern.Object
	err = json.Unmarshal([]byte(`[
		{"type": "observed-data", "id": "observed-data--1", "number_observed": 1,
		 "first_observed": "2026-03-01T09:30:00Z", "last_observed": "2026-03-01T09:30:05Z",
		 "object_refs": ["network-traffic--1", "ipv4-addr--1"]},
		{"type": "network-traffic", "id": "network-traffic--1", "dst_ref": "ipv4-addr--1"},
		{"type": "ipv4-addr", "id": "ipv4-addr--1", "value": "198.51.100.7"},
		{"type": "observed-data", "id": "observed-data--2", "number_observed": 1,
		 "first_observed": "2026-03-01T09:31:00Z", "last_observed": "2026-03-01T09:31:00Z",
		 "object_refs": ["file--1"]},
		{"type": "file", "id": "file--1", "name": "holiday.scr"}
	]`), &objects)
	if err != nil {
		fmt.Println(err)
		return
	}
	observations, err := pattern.Observe(objects)
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := m.Match(observations)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Matched)
	for _, b := range result.Bindings {
		fmt.Println(observations[b.Observation].ID, b.Expression.Test)
	}
	// Output:
	// true
	// observed-data--1 network-traffic:dst_ref.value ISSUBSET '198.51.100.0/24'
	// observed-data--2 file:name LIKE '%.scr'
}

// A refusal names the place.
func ExampleParse() {
	_, err := pattern.Parse("[file:size = 1280 AND\n file:name = readme.txt]", pattern.Options{})
	fmt.Println(err)
	// Output:
	// stix pattern: line 2, column 14: expected a constant: a string in apostrophes, a number, true, false, t'…', b'…' or h'…', found "readme"
}

// Check says what the grammar lets pass and the standard does not.
func ExamplePattern_Check() {
	p, err := pattern.Parse("[ipv4-addr:value = '192.0.2.1' AND domain-name:value = 'www.example.com']", pattern.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, fault := range p.Check() {
		fmt.Println(fault.Place(), fault.Rule)
	}
	// Output:
	// line 1, column 36 types
}

// A converter asks which types, paths and values a pattern compares.
func ExamplePattern_Comparisons() {
	p, err := pattern.Parse("[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e'] OR [url:value IN ('http://a.example/', 'http://b.example/')]", pattern.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for c := range p.Comparisons() {
		fmt.Println(c.Path.Type, c.Path.Steps, c.Operator, len(c.Constants))
	}
	// Output:
	// file [hashes MD5] = 1
	// url [value] IN 2
}

// A pattern can be built and printed.
func ExamplePattern_String() {
	p := &pattern.Pattern{Root: &pattern.Qualified{
		Operand: &pattern.Single{Test: &pattern.Comparison{
			Path:      pattern.Path{Type: "domain-name", Steps: []pattern.Step{{Key: "value"}}},
			Constants: []pattern.Constant{pattern.String("it's.example")},
		}},
		Qualifiers: []pattern.Qualifier{pattern.Repeats{Times: 5}, pattern.Within{Seconds: 90}},
	}}
	fmt.Println(p)
	// Output:
	// [domain-name:value = 'it\'s.example'] REPEATS 5 TIMES WITHIN 90 SECONDS
}

// Objects of package stix are decoded into maps.
func ExampleObserve() {
	bundle := `{"type": "bundle", "id": "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d", "objects": [
		{"type": "observed-data", "spec_version": "2.1", "id": "observed-data--b67d30ff-02ac-498a-92f9-32f845f448cf",
		 "created": "2026-03-01T09:40:00.000Z", "modified": "2026-03-01T09:40:00.000Z", "number_observed": 50,
		 "first_observed": "2026-03-01T09:30:00Z", "last_observed": "2026-03-01T09:35:00Z",
		 "object_refs": ["domain-name--3c10e93f-798e-5a26-a0c1-08156efab7f5"]},
		{"type": "domain-name", "id": "domain-name--3c10e93f-798e-5a26-a0c1-08156efab7f5", "value": "example.com"}
	]}`
	var objects []pattern.Object
	_, err := stix.ReadBundle(strings.NewReader(bundle), stix.Limits{}, func(o stix.Object) error {
		var object pattern.Object
		err := o.Decode(&object)
		objects = append(objects, object)
		return err
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	observations, err := pattern.Observe(objects)
	fmt.Println(len(observations), observations[0].Number, err)
	// Output:
	// 1 50 <nil>
}
