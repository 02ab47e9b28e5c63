package stix_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"parley/stix"
)

const (
	bundleID = "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d"
	toolA    = `{"type":"tool","id":"tool--00000000-0000-4000-8000-00000000000a","name":"A"}`
	toolB    = `{ "type":"tool" , "id":"tool--00000000-0000-4000-8000-00000000000b","name":"B" }`
)

func bundleOf(objects ...string) string {
	return `{"type":"bundle","id":"` + bundleID + `","objects":[` + strings.Join(objects, ",") + `]}`
}

// readAll collects what ReadBundle hands over.
func readAll(data string, lim stix.Limits) (stix.ID, []string, error) {
	var got []string
	id, err := stix.ReadBundle(strings.NewReader(data), lim, func(o stix.Object) error {
		got = append(got, string(o.Bytes()))
		return nil
	})
	return id, got, err
}

func TestReadBundle(t *testing.T) {
	for _, c := range []struct {
		name, data string
		id         stix.ID
		want       []string
	}{
		{"two objects", bundleOf(toolA, toolB), bundleID, []string{toolA, toolB}},
		{"spaces and lines", "\n " + bundleOf(" "+toolA+"\n", "\t"+toolB) + " \n", bundleID, []string{toolA, toolB}},
		{"no objects", `{"type":"bundle","id":"` + bundleID + `"}`, bundleID, nil},
		{"an empty list", bundleOf(), bundleID, nil},
		{"objects before type and id", `{"objects":[` + toolA + `],"id":"` + bundleID + `","type":"bundle"}`, bundleID, []string{toolA}},
		{"other properties", `{"x_a":[{"b":1}],"type":"bundle","id":"` + bundleID + `","objects":[` + toolA + `],"x_c":"d"}`, bundleID, []string{toolA}},
		{"one object", toolB, "", []string{toolB}},
		{"one object and a line", toolB + "\n", "", []string{toolB}},
		{"one object with a list called objects", with(`"objects":[1]`), "", []string{with(`"objects":[1]`)}},
	} {
		id, got, err := readAll(c.data, stix.Limits{})
		if err != nil || id != c.id || strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s: %s, %q, %v", c.name, id, got, err)
		}
	}
}

func TestReadBundleRefuses(t *testing.T) {
	bad := `{"type":"tool","id":"tool--1"}`
	for _, c := range []struct {
		name, data string
		before     int    // objects handed over first
		path       string // of the fault
	}{
		{"nothing", "", 0, ""},
		{"a list", "[" + toolA + "]", 0, ""},
		{"null", "null", 0, ""},
		{"an empty object", "{}", 0, "type"},
		{"no id", `{"type":"bundle","objects":[` + toolA + `]}`, 1, "id"},
		{"no type", `{"id":"` + bundleID + `","objects":[` + toolA + `]}`, 1, "type"},
		{"another type after the objects", `{"objects":[` + toolA + `],"type":"tool","id":"tool--00000000-0000-4000-8000-00000000000a"}`, 1, "objects"},
		{"an id of another type", strings.Replace(bundleOf(toolA), "bundle--", "tool--", 1), 1, "id"},
		{"a bad object", bundleOf(toolA, bad, toolB), 1, "objects[1].id"},
		{"a number for an object", bundleOf(toolA, "1"), 1, "objects[1]"},
		{"null for an object", bundleOf("null"), 0, "objects[0]"},
		{"a bundle in a bundle", bundleOf(bundleOf(toolA)), 0, "objects[0].type"},
		{"a bad time", bundleOf(toolA, toolB, with(`"created":"x"`)), 2, "objects[2].created"},
		{"a name twice in an object", bundleOf(toolA, with(`"x_a":{"b":1,"b":2}`)), 1, "objects[1].x_a.b"},
		{"objects twice", `{"type":"bundle","id":"` + bundleID + `","objects":[` + toolA + `],"objects":[]}`, 1, "objects"},
		{"invalid UTF-8", bundleOf(toolA, with("\"name\":\"\xff\"")), 1, "objects[1].name"},
		{"the end missing", bundleOf(toolA, toolB)[:220], 1, ""},
		{"the last brace missing", strings.TrimSuffix(bundleOf(toolA), "}"), 1, ""},
		{"more after the end", bundleOf(toolA) + "x", 1, ""},
		{"a second bundle", bundleOf(toolA) + bundleOf(toolA), 1, ""},
		{"objects is an object", `{"type":"bundle","id":"` + bundleID + `","objects":{}}`, 0, "objects"},
	} {
		id, got, err := readAll(c.data, stix.Limits{})
		if err == nil || id != "" || len(got) != c.before {
			t.Errorf("%s: %s, %d objects, %v", c.name, id, len(got), err)
			continue
		}
		var fault *stix.Fault
		if !errors.As(err, &fault) || c.path != "" && fault.Path != c.path {
			t.Errorf("%s: path %q in %v", c.name, fault.Path, err)
		}
	}
}

func TestBundleErrorNamesTheByte(t *testing.T) {
	data := bundleOf(toolA, `{"type":"tool","id":"tool--1"}`)
	_, _, err := readAll(data, stix.Limits{})
	var fault *stix.Fault
	if !errors.As(err, &fault) || fault.Offset != int64(strings.LastIndex(data, `{"type"`)) {
		t.Errorf("%+v", fault)
	}
	if want := fmt.Sprintf("read bundle: objects[1].id: stix id \"tool--1\": must be a type, two hyphens and a UUID (byte %d)", fault.Offset); err.Error() != want {
		t.Errorf("%v is not %q", err, want)
	}
}

func TestBundleLimits(t *testing.T) {
	big := with(`"x_text":"` + strings.Repeat("a", 300_000) + `"`)
	for _, c := range []struct {
		name, data string
		lim        stix.Limits
	}{
		{"too many objects", bundleOf(toolA, toolA, toolA), stix.Limits{Objects: 2}},
		{"too many bytes", bundleOf(big, big, big), stix.Limits{Bytes: 500_000}},
		{"an object too large", bundleOf(toolA, big), stix.Limits{ObjectBytes: 200_000}},
		{"an object larger than is read ahead", bundleOf(toolA, big), stix.Limits{ObjectBytes: 1000}},
		{"an object slightly too large", bundleOf(toolA, toolB), stix.Limits{ObjectBytes: len(toolB) - 1}},
		{"a single object too large", big, stix.Limits{ObjectBytes: 1000}},
		{"an object too deep", bundleOf(with(`"x_deep":[[[1]]]`)), stix.Limits{Depth: 3}},
		{"a single object too deep", with(`"x_deep":[[[1]]]`), stix.Limits{Depth: 3}},
		{"a property too deep", `{"x_deep":[[[[1]]]],` + bundleOf(toolA)[1:], stix.Limits{Depth: 3}},
		{"a property too large", `{"x_a":` + big + `,` + bundleOf(toolA)[1:], stix.Limits{ObjectBytes: 1000}},
	} {
		if _, _, err := readAll(c.data, c.lim); !errors.Is(err, stix.ErrLimit) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	exact := stix.Limits{Objects: 2, ObjectBytes: len(toolB), Bytes: int64(len(bundleOf(toolA, toolB))), Depth: 1}
	if _, got, err := readAll(bundleOf(toolA, toolB), exact); err != nil || len(got) != 2 {
		t.Errorf("exactly at the limits: %v", err)
	}
}

// endless gives a head and then the same bytes for ever.
type endless struct {
	head, body string
	sent       int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		if e.sent < len(e.head) {
			p[i] = e.head[e.sent]
		} else {
			p[i] = e.body[(e.sent-len(e.head))%len(e.body)]
		}
		e.sent++
	}
	return len(p), nil
}

// A sender who never stops must be stopped, wherever in the bundle it is, before memory fills.
func TestEndlessInputIsBounded(t *testing.T) {
	for name, source := range map[string]*endless{
		"a string without end":      {head: `{"type":"bundle","objects":[{"name":"`, body: "a"},
		"names without end":         {head: `{"type":"bundle"`, body: " "},
		"spaces before":             {head: "", body: " "},
		"spaces between objects":    {head: `{"type":"bundle","objects":[` + toolA, body: " "},
		"nesting without end":       {head: `{"type":"bundle","objects":[`, body: "["},
		"an object without end":     {head: `{"type":"bundle","objects":[{"a":[0`, body: ",1"},
		"a name without end":        {head: `{"`, body: "a"},
		"digits without end":        {head: `{"type":"bundle","objects":[{"a":`, body: "1"},
		"spaces in a single object": {head: `{"type":"tool"`, body: "\n"},
	} {
		lim := stix.Limits{ObjectBytes: 1 << 20, Bytes: 1 << 26}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := stix.ReadBundle(source, lim, func(stix.Object) error { return nil })
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
		if source.sent > 4<<20 {
			t.Errorf("%s: %d bytes were read before it stopped", name, source.sent)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 24<<20 {
			t.Errorf("%s: %d bytes were allocated", name, grown)
		}
	}
}

func TestReadBundleStopsWhenToldTo(t *testing.T) {
	enough := errors.New("enough")
	n := 0
	data := bundleOf(toolA, toolB)
	_, err := stix.ReadBundle(strings.NewReader(data), stix.Limits{}, func(stix.Object) error {
		n++
		return enough
	})
	if !errors.Is(err, enough) || n != 1 || !strings.Contains(err.Error(), fmt.Sprintf("objects[0] at byte %d:", strings.Index(data, toolA))) {
		t.Errorf("%d objects, %v", n, err)
	}
}

func TestReaderErrorIsKept(t *testing.T) {
	gone := errors.New("gone")
	source := io.MultiReader(strings.NewReader(bundleOf(toolA, toolB)[:150]), iotest.ErrReader(gone))
	if _, err := stix.ReadBundle(source, stix.Limits{}, func(stix.Object) error { return nil }); !errors.Is(err, gone) {
		t.Errorf("err = %v", err)
	}
	if _, _, err := readAll(bundleOf(toolA)[:60], stix.Limits{}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("err = %v", err)
	}
}

func TestReadItemsGoesOnAfterABadOne(t *testing.T) {
	data := `{"more":true,"next":"abc","objects":[` + toolA + `,{"type":"tool"},7,` + toolB + `]}`
	var items []stix.Item
	envelope, err := stix.ReadItems(iotest.OneByteReader(strings.NewReader(data)), stix.Limits{}, func(item stix.Item) error {
		items = append(items, item)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if envelope.Type != "" || envelope.Objects != 4 || string(envelope.Properties["next"]) != `"abc"` || string(envelope.Properties["more"]) != "true" {
		t.Errorf("%+v", envelope)
	}
	var said []string
	for i, item := range items {
		if item.Index != i || !strings.HasPrefix(data[item.Offset:], "{") && data[item.Offset] != '7' {
			t.Errorf("item %d is %+v", i, item)
		}
		if (item.Err == nil) == item.Object.IsZero() {
			t.Errorf("item %d has both an object and an error, or neither", i)
		}
		var fault *stix.Fault
		if errors.As(item.Err, &fault) {
			said = append(said, fault.Path)
		}
	}
	if strings.Join(said, " ") != "objects[1].id objects[2]" {
		t.Errorf("faults at %v", said)
	}
}

func TestReadItemsOfASingleObject(t *testing.T) {
	envelope, err := stix.ReadItems(strings.NewReader(" "+toolA), stix.Limits{}, func(item stix.Item) error {
		if string(item.Object.Bytes()) != toolA || item.Offset != 1 {
			t.Errorf("%+v", item)
		}
		return nil
	})
	if err != nil || !envelope.Single || envelope.Objects != 1 || envelope.Type != "tool" {
		t.Errorf("%+v, %v", envelope, err)
	}
}

func TestWriteBundle(t *testing.T) {
	var out bytes.Buffer
	objects := []stix.Object{mustParse(t, toolA), mustParse(t, toolB), mustParse(t, sample)}
	if err := stix.WriteBundle(&out, bundleID, objects); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(out.Bytes()) {
		t.Fatalf("not JSON: %s", out.Bytes())
	}
	id, got, err := readAll(out.String(), stix.Limits{})
	if err != nil || id != bundleID || strings.Join(got, "|") != toolA+"|"+toolB+"|"+sample {
		t.Errorf("%s, %q, %v", id, got, err)
	}
	out.Reset()
	if err := stix.WriteBundle(&out, bundleID, nil); err != nil || strings.Contains(out.String(), "objects") || !json.Valid(out.Bytes()) {
		t.Errorf("%s, %v", out.String(), err)
	}
}

func TestWriteBundleRefuses(t *testing.T) {
	for _, id := range []stix.ID{"", "bundle--1", indicatorID} {
		if err := stix.WriteBundle(io.Discard, id, nil); err == nil {
			t.Errorf("the id %q is accepted", id)
		}
	}
	if err := stix.WriteBundle(io.Discard, bundleID, []stix.Object{{}}); err == nil {
		t.Error("an empty object is written")
	}
	full := &failing{after: 10}
	if err := stix.WriteBundle(full, bundleID, []stix.Object{mustParse(t, toolA)}); !errors.Is(err, errFull) {
		t.Errorf("err = %v", err)
	}
}

var errFull = errors.New("full")

// failing is a writer with room for some bytes only.
type failing struct{ after int }

func (f *failing) Write(p []byte) (int, error) {
	if f.after -= len(p); f.after < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// What is read can be written and read again as the same objects; nothing panics or hangs.
func FuzzReadBundle(f *testing.F) {
	f.Add([]byte(bundleOf(toolA, toolB, sample)))
	f.Add([]byte(toolA))
	f.Add([]byte(`{"objects":[` + toolA + `],"more":true}`))
	f.Add([]byte(`{"objects":[],"type":"bundle","id":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		lim := stix.Limits{Bytes: 1 << 20, ObjectBytes: 1 << 16, Objects: 100, Depth: 16}
		var objects []stix.Object
		id, err := stix.ReadBundle(bytes.NewReader(data), lim, func(o stix.Object) error {
			if !bytes.Contains(data, o.Bytes()) {
				t.Fatalf("%q does not stand in the input", o.Bytes())
			}
			objects = append(objects, o)
			return nil
		})
		items := 0
		_, itemsErr := stix.ReadItems(bytes.NewReader(data), lim, func(stix.Item) error { items++; return nil })
		if err != nil {
			return
		}
		if itemsErr != nil || items != len(objects) {
			t.Fatalf("ReadItems gives %d of %d and %v", items, len(objects), itemsErr)
		}
		if id == "" {
			id = bundleID
		}
		var out bytes.Buffer
		if err := stix.WriteBundle(&out, id, objects); err != nil {
			t.Fatal(err)
		}
		n := 0
		again, err := stix.ReadBundle(&out, stix.Limits{}, func(o stix.Object) error {
			if !bytes.Equal(o.Bytes(), objects[n].Bytes()) {
				t.Fatalf("objects[%d] changed", n)
			}
			n++
			return nil
		})
		if err != nil || again != id || n != len(objects) {
			t.Fatalf("%s, %d objects, %v", again, n, err)
		}
	})
}
