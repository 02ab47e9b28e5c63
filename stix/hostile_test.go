package stix_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/stix"
	"parley/stix/typed"
)

// What somebody who means harm, or a broken program, may put into an object: it is refused with its
// place, or kept to the byte and judged as the standard says.
func TestHostileObjects(t *testing.T) {
	digits := strings.Repeat("9", 400)
	deep := func(n int) string { return strings.Repeat(`{"abc":`, n) + "1" + strings.Repeat("}", n) }
	extended := func(content string) string {
		return with(`"name":"n","extensions":{"extension-definition` + otherUUID + `":` + content + `}`)
	}
	for _, c := range []struct {
		name, data string
		refused    string // the path at which reading refuses it; "" if it is kept, "." for the whole
		strict     string // the path of the only strict fault; "" if there is none
	}{
		{"nested 64 deep in an extension", extended(deep(62)), "", ""},
		{"nested deeper in an extension", extended(deep(63)), ".", ""},
		{"nested a million deep in an extension", extended(strings.Repeat("[", 1_000_000)), ".", ""},
		{"over the size of an object", with(`"x_text":"` + strings.Repeat("a", 17<<20) + `"`), ".", ""},
		{"a name twice in an extension", extended(`{"abc":{"def":1,"def":2}}`), "extensions.extension-definition" + otherUUID + ".abc.def", ""},
		{"an extension twice", with(`"extensions":{"pdf-ext":{},"pdf-ext":{}}`), "extensions.pdf-ext", ""},
		{"an id twice, once in escapes", with(`"\u0069d":"tool` + otherUUID + `"`), "id", ""},
		{"a number that no float holds", with(`"name":"n","x_n":1e400`), "", ""},
		{"one that a rule needs", with(`"name":"n","confidence":1e400`), "", "confidence"},
		{"a number of 400 digits", with(`"name":"n","x_n":` + digits), "", ""},
		{"one that a rule needs, of 400 digits", with(`"name":"n","confidence":` + digits), "", "confidence"},
		{"a fraction of 400 digits", with(`"name":"n","x_n":0.` + digits), "", ""},
		{"minus nought", with(`"name":"n","x_n":-0`), "", ""},
		{"invalid UTF-8 in an extension", extended("{\"abc\":\"\xff\"}"), "extensions.extension-definition" + otherUUID + ".abc", ""},
		{"invalid UTF-8 in a name", with("\"x_\xff\":1"), ".", ""},
		{"a lone surrogate", with(`"x_text":["a","\udfff"]`), "x_text[1]", ""},
		{"a lone surrogate in a name", with(`"x_\ud800":1`), ".", ""},
		{"a NUL", with("\"name\":\"a\x00\""), "name", ""},
		{"a NUL in escapes", with(`"name":"\u0000"`), "", ""},
		{"a control character", with("\"name\":\"a\x1f\""), "name", ""},
		{"a line in a text", with("\"name\":\"a\n\""), "name", ""},
		{"DEL and the end of lines of Unicode", with("\"name\":\"\x7f\u2028\u0085\""), "", ""},
		{"a byte order mark", "\ufeff" + with(`"name":"n"`), ".", ""},
		{"a second object", with(`"name":"n"`) + toolB, ".", ""},
		{"a NUL after the end", with(`"name":"n"`) + "\x00", ".", ""},
		{"an id of another type", strings.Replace(toolA, "tool--", "malware--", 1), "id", ""},
		{"an id of a type that is longer", strings.Replace(toolA, `"id":"tool--`, `"id":"tool-x--`, 1), "id", ""},
		{"a type in capitals", strings.ReplaceAll(toolA, "tool", "TOOL"), "id", ""},
		{"a type of a bundle", strings.ReplaceAll(toolA, "tool", "bundle"), "type", ""},
		{"null for an object's property", with(`"name":null`), "", "name"},
		{"a name of nothing", with(`"name":"n","":1`), "", `[""]`},
		{"a name with a dot", with(`"name":"n","a.b[0]":1`), "", `["a.b[0]"]`},
		{"a prototype", with(`"name":"n","__proto__":{"abc":1}`), "", "__proto__"},
		{"a list of a million", with(`"name":"n","labels":[` + strings.Repeat(`"a",`, 1_000_000) + `"a"]`), "", ""},
		{"two hundred thousand properties", with(`"name":"n","x_many":{` + many(200_000) + `}`), "", ""},
	} {
		o, err := stix.ParseObject([]byte(c.data))
		if c.refused != "" {
			var fault *stix.Fault
			if !errors.As(err, &fault) || c.refused != "." && fault.Path != c.refused {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if err != nil || string(o.Bytes()) != c.data {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		data := strings.Replace(c.data, `"type":"tool",`, `"type":"tool","spec_version":"2.1","created":"2026-03-01T09:30:00.000Z","modified":"2026-03-01T09:30:00.000Z",`, 1)
		found := mustParse(t, data).Validate(stix.Strict)
		if c.strict == "" && found != nil || c.strict != "" && (len(found) == 0 || found[0].Path != c.strict) {
			t.Errorf("%s: %v", c.name, found)
		}
		keptByStruct(t, c.name, o)
	}
}

// many gives n properties.
func many(n int) string {
	var out strings.Builder
	for i := range n {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(`"k`)
		out.WriteString(strings.Repeat("x", i%5))
		for d := i; d > 0; d /= 10 {
			out.WriteByte(byte('0' + d%10))
		}
		out.WriteString(`":0`)
	}
	return out.String()
}

// keptByStruct reads an object as a struct, and writes it with one more label.
func keptByStruct(t *testing.T, name string, o stix.Object) {
	v, err := typed.Read[typed.Tool](o)
	if err != nil {
		if o.Validate(stix.Lenient) == nil {
			t.Errorf("%s: %v", name, err)
		}
		return
	}
	v.Labels = append(v.Labels, "more")
	changed, err := typed.Write(v)
	if err != nil && !errors.Is(err, stix.ErrLimit) {
		t.Errorf("%s: %v", name, err)
	}
	if err == nil && string(changed.Bytes()[:40]) != string(o.Bytes()[:40]) {
		t.Errorf("%s: changed", name)
	}
}

// Numbers that would change when an id is made of them make none.
func TestHostileNumbersMakeNoID(t *testing.T) {
	for number, want := range map[string]string{
		"1e400": "too large", strings.Repeat("9", 400): "too large", "-1e400": "too large", "64496": "",
	} {
		_, err := stix.SCOID(mustParse(t, observable("autonomous-system", `"number":`+number)))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.20s: %v", number, err)
		}
	}
}

// What a bundle may hold that its objects, each by itself, do not show.
func TestHostileBundles(t *testing.T) {
	version := func(modified, name string) string {
		return `{"type":"tool","id":"tool--00000000-0000-4000-8000-00000000000a","created":"2026-01-01T00:00:00.000Z","modified":"` + modified + `","name":"` + name + `"}`
	}
	const one, two = "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"
	for _, c := range []struct {
		name, data string
		objects    int    // handed over
		refused    string // the path of what stops it, "." for the whole
		together   string // the start of the only thing found in them together
	}{
		{"a byte order mark", "\ufeff" + bundleOf(toolA), 0, ".", ""},
		{"an id twice with other content", bundleOf(version(one, "a"), version(one, "b")), 2, "", "objects[1]: is of the same id and version as objects[0]"},
		{"an older version after a newer", bundleOf(version(two, "a"), version(one, "b")), 2, "", ""},
		{"one UUID under two types", bundleOf(toolA, strings.ReplaceAll(toolA, "tool", "malware")), 2, "", ""},
		{"the prefix of another type", bundleOf(toolA, strings.Replace(toolA, `"id":"tool`, `"id":"malware`, 1)), 1, "objects[1].id", ""},
		{"a bundle in a bundle", bundleOf(toolA, bundleOf(toolB)), 1, "objects[1].type", ""},
		{"a list in the list", bundleOf(toolA, "["+toolB+"]"), 1, "objects[1]", ""},
		{"objects twice", `{"type":"bundle","id":"` + bundleID + `","objects":[` + toolA + `],"objects":[` + toolB + `]}`, 1, "objects", ""},
		{"a duplicate in an object", bundleOf(toolA, with(`"a":1,"a":2`)), 1, "objects[1].a", ""},
		{"a lone surrogate in an object", bundleOf(toolA, with(`"a":"\ud800"`)), 1, "objects[1].a", ""},
		{"a NUL between objects", bundleOf(toolA) + "\x00", 1, ".", ""},
		{"a comma too many", strings.Replace(bundleOf(toolA), "]}", ",]}", 1), 1, ".", ""},
		{"a number without end", `{"type":"bundle","objects":[` + toolA + `,` + strings.Repeat("1", 17<<20), 1, ".", ""},
	} {
		var together stix.Together
		n := 0
		_, err := stix.ReadBundle(strings.NewReader(c.data), stix.Limits{}, func(o stix.Object) error {
			n++
			return together.Add(o)
		})
		var fault *stix.Fault
		if (err != nil) != (c.refused != "") || n != c.objects || err != nil && (!errors.As(err, &fault) || c.refused != "." && fault.Path != c.refused) {
			t.Errorf("%s: %d objects, %v", c.name, n, err)
		}
		found := together.Faults()
		if (len(found) > 0) != (c.together != "") || len(found) > 0 && !strings.HasPrefix(found[0].Error(), c.together) {
			t.Errorf("%s: %v", c.name, found)
		}
	}
}

// A list of references may say one twice; that is kept, and advised against at most 100 times.
func TestReferencesTwice(t *testing.T) {
	ref := `"tool` + otherUUID + `"`
	data := `{"type":"note","spec_version":"2.1","id":"note--e2e1a340-4415-4ba8-9671-f7343fbf0836","created":"2026-03-01T09:30:00.000Z",` +
		`"modified":"2026-03-01T09:30:00.000Z","content":"c","object_refs":[` + strings.Join(slices.Repeat([]string{ref}, 200_000), ",") + `]}`
	start := time.Now()
	if o := mustParse(t, data); o.Validate(stix.Strict) != nil || len(o.Validate(stix.Recommended)) != 100 {
		t.Error("references that stand twice are not kept, or not advised against")
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}
