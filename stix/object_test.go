package stix_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"parley/stix"
)

// mustParse reads an object that is known to be good.
func mustParse(t testing.TB, data string) stix.Object {
	t.Helper()
	o, err := stix.ParseObject([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// sample has every kind of thing an object may hold: escapes, odd spacing, custom and unknown parts.
const sample = `{
  "type": "indicator",	"spec_version":"2.1",
  "id": "indicator--e2e1a340-4415-4ba8-9671-f7343fbf0836",
  "created_by_ref": "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5",
  "created": "2026-03-01T09:30:00.000Z", "modified": "2026-03-01T09:30:00.000100Z",
  "revoked": false,
  "\u006eame": "tab\there \"quoted\" \ud83d\ude00",
  "description": "",
  "pattern": "[domain-name:value = 'example.com']", "pattern_type": "stix",
  "valid_from": "2026-03-01T09:30:00Z",
  "labels": ["a", "b"],
  "confidence": 70,
  "x_big": 9007199254740993,
  "x_ratio": 0.25,
  "x_flag": true,
  "external_references": [{"source_name": "list", "url": "https://example.com/1"}, {"source_name": "cve", "external_id": "CVE-2026-0001"}],
  "object_marking_refs": ["marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"],
  "extensions": {"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": {"extension_type": "property-extension", "stance": "denies", "odd": {"a.b": {"c\"d": ["x"]}}}}
}`

func TestHead(t *testing.T) {
	o := mustParse(t, sample)
	if o.ID() != indicatorID || o.Type() != "indicator" || o.SpecVersion() != "2.1" || o.Revoked() {
		t.Errorf("id %s, type %s, version %s, revoked %v", o.ID(), o.Type(), o.SpecVersion(), o.Revoked())
	}
	if o.Created().String() != "2026-03-01T09:30:00.000Z" || o.Modified().String() != "2026-03-01T09:30:00.000100Z" {
		t.Errorf("created %s, modified %s", o.Created(), o.Modified())
	}
	if o.CreatedByRef() != "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5" {
		t.Errorf("created by %s", o.CreatedByRef())
	}
	refs := o.MarkingRefs()
	if len(refs) != 1 || refs[0] != stix.TLPGreen {
		t.Fatalf("markings %v", refs)
	}
	refs[0] = "changed"
	if o.MarkingRefs()[0] != stix.TLPGreen {
		t.Error("a caller can change an object's markings")
	}
}

func TestBytesAreKept(t *testing.T) {
	data := []byte("  " + sample + "\n")
	o, err := stix.ParseObject(data)
	if err != nil || string(o.Bytes()) != sample {
		t.Fatalf("%v\n%s", err, o.Bytes())
	}
	clear(data)
	if string(o.Bytes()) != sample {
		t.Error("the object changes with the caller's buffer")
	}
	var inner struct{ O stix.Object }
	inner.O = o
	whole, err := json.Marshal(inner)
	if err != nil || !bytes.Contains(whole, []byte(`"confidence":70`)) {
		t.Errorf("%v: %s", err, whole)
	}
}

func TestSpecVersionWithoutOne(t *testing.T) {
	sdo := mustParse(t, `{"type":"tool","id":"tool--e2e1a340-4415-4ba8-9671-f7343fbf0836","created":"2016-01-20T12:31:12.000Z"}`)
	sco := mustParse(t, `{"type":"url","id":"url--e2e1a340-4415-4ba8-9671-f7343fbf0836","value":"https://example.com"}`)
	if sdo.SpecVersion() != "2.0" || sco.SpecVersion() != "2.1" {
		t.Errorf("%s and %s", sdo.SpecVersion(), sco.SpecVersion())
	}
	if !sco.Created().IsZero() || !sco.Modified().IsZero() || sco.MarkingRefs() != nil {
		t.Error("an observable has times or markings that it does not have")
	}
}

func TestEmptyObjectAnswers(t *testing.T) {
	var o stix.Object
	if !o.IsZero() || o.ID() != "" || o.Type() != "" || o.SpecVersion() != "" || o.Bytes() != nil || o.Revoked() {
		t.Error("the empty object says something")
	}
	if _, ok := o.Raw("name"); ok || o.Decode(&struct{}{}) == nil || o.Validate(stix.Lenient) == nil {
		t.Error("the empty object has content")
	}
	if err := o.Walk(func(string, string) error { return errors.New("called") }); err != nil {
		t.Error(err)
	}
	if _, err := json.Marshal(o); err == nil {
		t.Error("the empty object is written")
	}
}

// with puts properties into a small good object.
func with(properties string) string {
	return `{"type":"tool","id":"tool--e2e1a340-4415-4ba8-9671-f7343fbf0836",` + properties + `}`
}

func TestParseObjectRefuses(t *testing.T) {
	for _, c := range []struct{ name, data, path string }{
		{"nothing", ``, ""},
		{"null", `null`, ""},
		{"a list", `[]`, ""},
		{"a string", `"x"`, ""},
		{"an empty object", `{}`, "type"},
		{"no id", `{"type":"tool"}`, "id"},
		{"no type", `{"id":"tool--e2e1a340-4415-4ba8-9671-f7343fbf0836"}`, "type"},
		{"a bundle", `{"type":"bundle","id":"bundle--e2e1a340-4415-4ba8-9671-f7343fbf0836"}`, "type"},
		{"an id of another type", `{"type":"tool","id":"malware--e2e1a340-4415-4ba8-9671-f7343fbf0836"}`, "id"},
		{"an id that is none", `{"type":"tool","id":"tool--1"}`, "id"},
		{"an id that is a number", `{"type":"tool","id":1}`, "id"},
		{"a type that is a list", `{"type":[],"id":"tool--e2e1a340-4415-4ba8-9671-f7343fbf0836"}`, "type"},
		{"a time that is none", with(`"created":"yesterday"`), "created"},
		{"a time that is null", with(`"modified":null`), "modified"},
		{"revoked as a string", with(`"revoked":"true"`), "revoked"},
		{"a marking that is none", with(`"object_marking_refs":["tlp:red"]`), "object_marking_refs"},
		{"markings that are no list", with(`"object_marking_refs":"x"`), "object_marking_refs"},
		{"a creator that is none", with(`"created_by_ref":"me"`), "created_by_ref"},
		{"a name twice", with(`"name":"a","name":"b"`), "name"},
		{"a name twice, once escaped", with(`"name":"a","n\u0061me":"b"`), "name"},
		{"a nested name twice", with(`"x_list":[{"a":1,"a":2}]`), "x_list[0].a"},
		{"invalid UTF-8", with("\"name\":\"\xff\""), "name"},
		{"an overlong encoding", with("\"name\":\"\xc0\xaf\""), "name"},
		{"a lone surrogate", with(`"name":"\ud800"`), "name"},
		{"surrogates in the wrong order", with(`"name":"\udc00\ud800"`), "name"},
		{"a raw surrogate", with("\"name\":\"\xed\xa0\x80\""), "name"},
		{"a byte order mark", "\ufeff" + with(`"name":"a"`), ""},
		{"a control character", with("\"name\":\"\x00\""), "name"},
		{"a comment", with(`"name":"a"/**/`), ""},
		{"a comma too many", with(`"name":"a",`), ""},
		{"single quotes", with(`'name':'a'`), ""},
		{"a number that is none", with(`"x_n":NaN`), "x_n"},
		{"a leading zero", with(`"x_n":01`), ""},
		{"the end missing", with(`"name":"a"`)[:60], ""},
		{"two objects", with(`"name":"a"`) + with(`"name":"a"`), ""},
		{"nested too deep", with(`"x_deep":` + strings.Repeat("[", 64) + strings.Repeat("]", 64)), ""},
		{"nested far too deep", strings.Repeat("[", 1_000_000), ""},
		{"nested far too deep, in objects", strings.Repeat(`{"a":`, 1_000_000), ""},
	} {
		o, err := stix.ParseObject([]byte(c.data))
		if err == nil || !o.IsZero() {
			t.Errorf("%s is accepted", c.name)
			continue
		}
		var fault *stix.Fault
		if !errors.As(err, &fault) {
			t.Errorf("%s: %v is no fault", c.name, err)
		} else if c.path != "" && fault.Path != c.path {
			t.Errorf("%s: path %q, want %q (%v)", c.name, fault.Path, c.path, err)
		}
		if len(err.Error()) > 1000 {
			t.Errorf("%s: the error is %d bytes long", c.name, len(err.Error()))
		}
	}
}

func TestParseObjectAtTheLimits(t *testing.T) {
	mustParse(t, with(`"x_deep":`+strings.Repeat("[", 63)+strings.Repeat("]", 63)))
	mustParse(t, with(`"x_text":"`+strings.Repeat("[{", 1000)+`"`))
	_, err := stix.ParseObject([]byte(with(`"x_text":"` + strings.Repeat("a", 16<<20) + `"`)))
	if !errors.Is(err, stix.ErrLimit) {
		t.Errorf("an object of more than 16 MiB: %v", err)
	}
	_, err = stix.ParseObject([]byte(with(`"x_deep":` + strings.Repeat("[", 65) + strings.Repeat("]", 65))))
	if !errors.Is(err, stix.ErrLimit) {
		t.Errorf("nested too deep: %v", err)
	}
}

// Finding the end of a string must not take time that grows with its square.
func TestEscapesAreReadInOneGo(t *testing.T) {
	for _, escape := range []string{`\n`, `\\`, `\"`} {
		text := strings.Repeat(escape, 4<<20)
		o := mustParse(t, with(`"x_text":"`+text+`","name":"after"`))
		if name, _ := o.String("name"); name != "after" {
			t.Errorf("%s: name is %q", escape, name)
		}
	}
}

func TestNewer(t *testing.T) {
	at := func(times string) stix.Object { return mustParse(t, with(times)) }
	first := at(`"created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z"`)
	same := at(`"created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000000Z"`)
	later := at(`"created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000001Z"`)
	unversioned := at(`"name":"x"`)
	created := at(`"created":"2026-01-01T00:00:00.000Z"`)
	for _, c := range []struct {
		a, b stix.Object
		want int
	}{
		{first, same, 0},
		{later, first, 1},
		{first, later, -1},
		{unversioned, unversioned, 0},
		{unversioned, first, -1},
		{created, first, 0},
	} {
		if got := stix.Newer(c.a, c.b); got != c.want {
			t.Errorf("%s against %s is %d, want %d", c.a.Modified(), c.b.Modified(), got, c.want)
		}
	}
}

// Whatever is accepted keeps its bytes, agrees with another JSON package, and can be asked anything.
func FuzzParseObject(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(with(`"name":"\\\"","x":[[],{},[{"a":[1,"b",null,true]}]]`)))
	f.Add([]byte(`{"type":"url","id":"url--e2e1a340-4415-4ba8-9671-f7343fbf0836","value":"https://example.com"}`))
	f.Add([]byte(`{"type":"file","id":"file--e2e1a340-4415-4ba8-9671-f7343fbf0836","hashes":{"MD5":"x"},"extensions":{"pdf-ext":{}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := stix.ParseObject(data)
		if err != nil {
			return
		}
		if !bytes.Equal(o.Bytes(), bytes.Trim(data, " \t\r\n")) {
			t.Fatalf("the bytes changed: %q", o.Bytes())
		}
		var other map[string]json.RawMessage
		if err := json.Unmarshal(data, &other); err != nil {
			t.Fatal(err)
		}
		n := 0
		for name, value := range o.Properties() {
			if !bytes.Equal(value, other[name]) {
				t.Fatalf("%q is %s, want %s", name, value, other[name])
			}
			n++
		}
		if n != len(other) {
			t.Fatalf("%d properties, want %d", n, len(other))
		}
		err = o.Walk(func(path, value string) error {
			if got, ok := o.String(path); !ok || got != value {
				t.Fatalf("%s is %q (%v), want %q", path, got, ok, value)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		strict, lenient := o.Validate(stix.Strict), o.Validate(stix.Lenient)
		if len(lenient) > len(strict) {
			t.Fatalf("lenient finds more than strict: %v, %v", lenient, strict)
		}
		stix.SCOID(o)
		if canonical, err := stix.Canonical(o.Bytes()); err == nil {
			if _, err := stix.ParseObject(canonical); err != nil {
				t.Fatalf("the canonical form is refused: %v", err)
			}
		}
	})
}
