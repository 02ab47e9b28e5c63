package stix_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/stix"
)

func TestBuildWritesInTheStandardsOrder(t *testing.T) {
	o, err := stix.New("indicator").
		Set("x_zebra", true).
		Set("labels", []string{"a"}).
		Set("valid_from", mustTime(t, "2026-03-01T09:30:00Z")).
		Set("x_ant", 1).
		Set("pattern_type", "stix").
		Set("pattern", "[url:value = 'https://example.com/?a=1&b=<c>']").
		Created(mustTime(t, "2026-03-01T09:30:00.000100Z")).
		ID(indicatorID).
		Set("object_marking_refs", []stix.ID{stix.TLPRed}).
		Build()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"indicator","spec_version":"2.1","id":"` + indicatorID + `","created":"2026-03-01T09:30:00.000100Z",` +
		`"modified":"2026-03-01T09:30:00.000100Z","pattern":"[url:value = 'https://example.com/?a=1&b=<c>']","pattern_type":"stix",` +
		`"valid_from":"2026-03-01T09:30:00Z","labels":["a"],"object_marking_refs":["marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"],` +
		`"x_zebra":true,"x_ant":1}`
	if string(o.Bytes()) != want {
		t.Errorf("\n got %s\nwant %s", o.Bytes(), want)
	}
}

func TestBuildCanonicalIsCanonical(t *testing.T) {
	start := func() *stix.Builder {
		return stix.New("indicator").
			Set("x_zebra", map[string]any{"b": 1.0, "a": []float64{1e21, 0.5, math.Copysign(0, -1)}}).
			Set("labels", []string{"tab\t", "\u001f", "é", "\u2028"}).
			Set("valid_from", mustTime(t, "2026-03-01T09:30:00Z")).
			Set("x_ant", 12).
			Set("pattern_type", "stix").
			Set("pattern", "[url:value = 'https://example.com/?a=1&b=<c>']").
			Created(mustTime(t, "2026-03-01T09:30:00.000Z")).
			ID(indicatorID)
	}
	built, err := start().Build()
	if err != nil {
		t.Fatal(err)
	}
	want, err := built.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	got, err := start().BuildCanonical()
	if err != nil || string(got.Bytes()) != string(want.Bytes()) {
		t.Errorf("%v\n got %s\nwant %s", err, got.Bytes(), want.Bytes())
	}
	if _, err := stix.New("indicator").BuildCanonical(); err == nil {
		t.Error("an indicator of nothing is built")
	}
}

func TestBuildOfUnknownType(t *testing.T) {
	const id = "x-vessel--e2e1a340-4415-4ba8-9671-f7343fbf0836"
	versioned, err := stix.New("x-vessel").Set("flag", "XX").Set("labels", []string{"a"}).Set("imo", "9074729").
		ID(id).Created(mustTime(t, "2026-03-01T09:30:00.000Z")).Build()
	if err != nil {
		t.Fatal(err)
	}
	if got := names(versioned); got != "type spec_version id created modified flag imo labels" {
		t.Error(got)
	}
	plain, err := stix.New("x-vessel").Set("flag", "XX").ID(id).Set("defanged", false).Build()
	if err != nil {
		t.Fatal(err)
	}
	if got := names(plain); got != "type spec_version id flag defanged" {
		t.Error(got)
	}
}

func names(o stix.Object) string {
	var all []string
	for name := range o.Properties() {
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

func TestBuildTimes(t *testing.T) {
	moment := time.Date(2026, 3, 1, 10, 30, 0, 0, time.FixedZone("", 3600))
	for nanosecond, want := range map[int]string{
		0: "2026-03-01T09:30:00.000Z", 5e6: "2026-03-01T09:30:00.005Z",
		5e3: "2026-03-01T09:30:00.000005Z", 5: "2026-03-01T09:30:00.000000005Z",
	} {
		o, err := stix.New("file").Set("name", "a").Set("mtime", moment.Add(time.Duration(nanosecond))).Build()
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := o.String("mtime"); got != want {
			t.Errorf("%d: %s, want %s", nanosecond, got, want)
		}
	}
	if _, err := stix.New("file").Set("name", "a").Set("mtime", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)).Build(); err == nil {
		t.Error("the year 10000 is written")
	}
}

func TestBuildKeepsASetModifiedAndTheLastValue(t *testing.T) {
	created := mustTime(t, "2026-03-01T09:30:00.000Z")
	o, err := stix.New("tool").ID("tool--e2e1a340-4415-4ba8-9671-f7343fbf0836").
		Set("name", "first").Created(created).Set("modified", mustTime(t, "2026-03-02T09:30:00.000Z")).Set("name", "last").Build()
	if err != nil {
		t.Fatal(err)
	}
	if name, _ := o.String("name"); name != "last" || o.Modified().String() != "2026-03-02T09:30:00.000Z" {
		t.Errorf("%s, %s", name, o.Modified())
	}
}

func TestBuildRefuses(t *testing.T) {
	created := mustTime(t, "2026-03-01T09:30:00.000Z")
	tool := func() *stix.Builder {
		return stix.New("tool").ID("tool--e2e1a340-4415-4ba8-9671-f7343fbf0836").Created(created).Set("name", "a")
	}
	if _, err := tool().Build(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		build *stix.Builder
		path  string
	}{
		{"an empty list", tool().Set("labels", []string{}), "labels"},
		{"a nil list", tool().Set("labels", []string(nil)), "labels"},
		{"an empty dictionary", tool().Set("extensions", map[string]any{}), "extensions"},
		{"an empty list deep down", tool().Set("x_deep", map[string]any{"abc": []any{[]int{}}}), "x_deep.abc[0]"},
		{"null", tool().Set("description", nil), "description"},
		{"null deep down", tool().Set("x_deep", []any{nil}), "x_deep[0]"},
		{"an id of another type", tool().ID(indicatorID), "id"},
		{"an id that is none", tool().ID("tool--1"), "id"},
		{"no name", stix.New("tool").ID("tool--e2e1a340-4415-4ba8-9671-f7343fbf0836").Created(created), "name"},
		{"no id", stix.New("tool").Created(created).Set("name", "a"), "id"},
		{"no created time", stix.New("tool").ID("tool--e2e1a340-4415-4ba8-9671-f7343fbf0836").Set("name", "a"), "created"},
		{"a created time of seconds", tool().Created(mustTime(t, "2026-03-01T09:30:00Z")), "created"},
		{"a reserved name", tool().Set("severity", 1), "severity"},
		{"a name with a capital", tool().Set("x_Big", 1), "x_Big"},
		{"a type with a capital", stix.New("Tool").ID("tool--e2e1a340-4415-4ba8-9671-f7343fbf0836"), "id"},
	} {
		o, err := c.build.Build()
		var fault *stix.Fault
		if err == nil || !o.IsZero() || !errors.As(err, &fault) || fault.Path != c.path {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for name, b := range map[string]*stix.Builder{
		"a function": tool().Set("x_bad", func() {}), "invalid UTF-8": tool().Set("name", "\xff"),
		"a name of invalid UTF-8": tool().Set("x_\xff", "a"), "a zero time": tool().Created(stix.Timestamp{}),
		"an observable without what makes its id": stix.New("process").Set("pid", 1),
	} {
		if _, err := b.Build(); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestBuildListsEveryFault(t *testing.T) {
	_, err := stix.New("tool").ID("tool--e2e1a340-4415-4ba8-9671-f7343fbf0836").
		Created(mustTime(t, "2026-03-01T09:30:00.000Z")).Set("labels", []string{}).Set("confidence", 101).Build()
	for _, part := range []string{"build tool", "labels: ", "confidence: ", "name: "} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not say %q", err, part)
		}
	}
}

func TestTLP1(t *testing.T) {
	for level, want := range map[string]stix.ID{
		"white": stix.TLPWhite, "green": stix.TLPGreen, "amber": stix.TLPAmber, "red": stix.TLPRed,
	} {
		o, err := stix.TLP1(level)
		if err != nil || o.ID() != want || o.Validate(stix.Strict) != nil {
			t.Errorf("%s: %s, %v", level, o.ID(), err)
		}
		if got, ok := stix.TLPLevel(o.ID()); !ok || got != level {
			t.Errorf("%s is %s", o.ID(), got)
		}
		if name, _ := o.String("name"); name != "TLP:"+strings.ToUpper(level) || o.Created().String() != "2017-01-20T00:00:00.000Z" {
			t.Errorf("%s", o.Bytes())
		}
	}
	for _, level := range []string{"", "clear", "amber+strict", "RED"} {
		if _, err := stix.TLP1(level); err == nil {
			t.Errorf("%q is a level of TLP 1", level)
		}
	}
}

func TestTLP2(t *testing.T) {
	for level, want := range map[string]stix.ID{
		"clear": stix.TLP2Clear, "green": stix.TLP2Green, "amber": stix.TLP2Amber,
		"amber+strict": stix.TLP2AmberStrict, "red": stix.TLP2Red,
	} {
		o, err := stix.TLP2(level)
		if err != nil || o.ID() != want || o.Validate(stix.Strict) != nil {
			t.Errorf("%s: %s, %v", level, o.ID(), err)
		}
		if got, ok := stix.TLPLevel(o.ID()); !ok || got != level {
			t.Errorf("%s is %s", o.ID(), got)
		}
		said, _ := o.String("extensions." + string(stix.TLP2Extension) + ".tlp_2_0")
		if name, _ := o.String("name"); said != level || name != "TLP:"+strings.ToUpper(level) {
			t.Errorf("%s", o.Bytes())
		}
	}
	want := `{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",` +
		`"created":"2022-10-01T00:00:00.000Z","name":"TLP:AMBER+STRICT","extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":` +
		`{"extension_type":"property-extension","tlp_2_0":"amber+strict"}}}`
	if o, err := stix.TLP2("amber+strict"); err != nil || string(o.Bytes()) != want {
		t.Errorf("%s, %v", o.Bytes(), err)
	}
	if _, err := stix.TLP2("white"); err == nil {
		t.Error("white is a level of TLP 2")
	}
	if _, ok := stix.TLPLevel(indicatorID); ok {
		t.Error("an indicator is a TLP level")
	}
}

func TestStatement(t *testing.T) {
	const id = "marking-definition--e2e1a340-4415-4ba8-9671-f7343fbf0836"
	o, err := stix.Statement(id, mustTime(t, "2026-03-01T09:30:00.000Z"), "Copyright 2026, Example")
	if err != nil {
		t.Fatal(err)
	}
	if said, _ := o.String("definition.statement"); said != "Copyright 2026, Example" || o.ID() != id {
		t.Errorf("%s", o.Bytes())
	}
	if !slices.Contains(strings.Fields(names(o)), "definition_type") {
		t.Errorf("%s", o.Bytes())
	}
}
