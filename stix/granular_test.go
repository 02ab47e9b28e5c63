package stix_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/stix"
	"pgregory.net/rapid"
)

func TestSelectors(t *testing.T) {
	for selector, path := range map[string]string{
		"description":                         "description",
		"labels.[0]":                          "labels[0]",
		"external_references.[12].url":        "external_references[12].url",
		"hashes.SHA-256":                      "hashes.SHA-256",
		"x_list.[1].[2]":                      "x_list[1][2]",
		"extensions.x-ext.0":                  "extensions.x-ext.0",
		"extensions.extension-definition--1a": "extensions.extension-definition--1a",
	} {
		if got, err := stix.PathOfSelector(selector); err != nil || got != path {
			t.Errorf("%s is %s, %v", selector, got, err)
		}
		if got, err := stix.SelectorOfPath(path); err != nil || got != selector {
			t.Errorf("%s is %s, %v", path, got, err)
		}
	}
	for _, selector := range []string{
		"", ".", "[0]", "a.", ".a", "a..b", "labels[0]", "labels.[]", "labels.[x]", "labels.[-1]", "labels.[0", "labels.0]", "a b",
		"labels.[99999999999999999999]", "$.labels", "labels.*", "a.\x00", "é",
	} {
		if got, err := stix.PathOfSelector(selector); err == nil {
			t.Errorf("%q is %s", selector, got)
		}
	}
	for _, path := range []string{"", `exif_tags["a.b"]`, "a..b", "a["} {
		if got, err := stix.SelectorOfPath(path); err == nil {
			t.Errorf("%q is %s", path, got)
		}
	}
}

const (
	marksAll   stix.ID = "marking-definition--00000000-0000-4000-8000-000000000001"
	marksText  stix.ID = "marking-definition--00000000-0000-4000-8000-000000000002"
	marksURL   stix.ID = "marking-definition--00000000-0000-4000-8000-000000000003"
	marksStray stix.ID = "marking-definition--00000000-0000-4000-8000-000000000004"
)

var marked = with(`"name":"n","description":"d","lang":"fr","labels":["a","b"],"labels_more":["c"],
	"external_references":[{"source_name":"s","url":"u"},{"source_name":"t"}],
	"object_marking_refs":["` + string(marksAll) + `"],
	"granular_markings":[
		{"marking_ref":"` + string(marksText) + `","selectors":["description","labels"]},
		{"marking_ref":"` + string(marksURL) + `","selectors":["external_references.[0].url"]},
		{"lang":"de","selectors":["labels","name"]},
		{"lang":"it","selectors":["labels.[1]"]},
		{"marking_ref":"` + string(marksStray) + `","selectors":["labels[0]"]},
		{"marking_ref":"` + string(marksAll) + `","selectors":["gone","labels.[2]","description.[0]","labels.name"]}]`)

func TestMarkingsOfAPart(t *testing.T) {
	o := mustParse(t, marked)
	for _, c := range []struct {
		path              string
		at, within        []stix.ID
		language, because string
	}{
		{"", []stix.ID{marksAll}, []stix.ID{marksAll, marksText, marksURL, marksStray}, "fr", "the whole has its own, and all that is in it"},
		{"name", []stix.ID{marksAll}, []stix.ID{marksAll}, "de", ""},
		{"description", []stix.ID{marksAll, marksText}, []stix.ID{marksAll, marksText}, "fr", ""},
		{"labels", []stix.ID{marksAll, marksText}, []stix.ID{marksAll, marksText}, "de", ""},
		{"labels[0]", []stix.ID{marksAll, marksText}, []stix.ID{marksAll, marksText}, "de", "a list's marking is its elements'"},
		{"labels[1]", []stix.ID{marksAll, marksText}, []stix.ID{marksAll, marksText}, "it", "the smaller part wins"},
		{"labels_more", []stix.ID{marksAll}, []stix.ID{marksAll}, "fr", "a name that begins alike is another"},
		{"external_references", []stix.ID{marksAll}, []stix.ID{marksAll, marksURL}, "fr", ""},
		{"external_references[0].url", []stix.ID{marksAll, marksURL}, []stix.ID{marksAll, marksURL}, "fr", ""},
		{"external_references[1].source_name", []stix.ID{marksAll}, []stix.ID{marksAll}, "fr", ""},
	} {
		if got := o.MarkingsAt(c.path); !slices.Equal(got, c.at) {
			t.Errorf("at %q: %v, want %v: %s", c.path, got, c.at, c.because)
		}
		if got := o.MarkingsWithin(c.path); !slices.Equal(got, c.within) {
			t.Errorf("within %q: %v, want %v: %s", c.path, got, c.within, c.because)
		}
		if got := o.LanguageAt(c.path); got != c.language {
			t.Errorf("the language at %q is %s, want %s: %s", c.path, got, c.language, c.because)
		}
	}
	if all := o.GranularMarkings(); len(all) != 6 || all[2].Lang != "de" || all[1].Ref != marksURL || len(all[4].Paths) != 0 {
		t.Errorf("%+v", all)
	}
	if lang := mustParse(t, with(`"name":"n"`)).LanguageAt("name"); lang != "en" {
		t.Errorf("the language of text without one is %s", lang)
	}
	if ids := (stix.Object{}).MarkingsWithin(""); ids != nil {
		t.Errorf("nothing is marked with %v", ids)
	}
}

func TestLostSelectors(t *testing.T) {
	var got []string
	for _, fault := range mustParse(t, marked).LostSelectors() {
		got = append(got, fault.Path)
	}
	want := []string{
		"granular_markings[4].selectors[0]", "granular_markings[5].selectors[0]", "granular_markings[5].selectors[1]",
		"granular_markings[5].selectors[2]", "granular_markings[5].selectors[3]",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Whatever has a path can be marked by it, and the marking then applies to it.
func TestMarkingByPath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := rapidObject(t)
		var paths []string
		o.Walk(func(path, _ string) error { paths = append(paths, path); return nil })
		path := rapid.SampledFrom(paths).Draw(t, "path")
		selector, err := stix.SelectorOfPath(path)
		if err != nil {
			return // a name that no selector can hold
		}
		data := strings.TrimSuffix(string(o.Bytes()), "}") + `,"granular_markings":[{"marking_ref":"` + string(marksText) + `","selectors":["` + selector + `"]}]}`
		again, err := stix.ParseObject([]byte(data))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(again.MarkingsAt(path), marksText) || again.LostSelectors() != nil {
			t.Fatalf("%s: %v, %v", path, again.MarkingsAt(path), again.LostSelectors())
		}
		if path != "type" && slices.Contains(again.MarkingsAt("type"), marksText) {
			t.Fatalf("%s marks type", path)
		}
	})
}

// rapidObject draws an object with texts at any depth.
func rapidObject(t *rapid.T) stix.Object {
	name := rapid.SampledFrom([]string{"abc", "SHA-256", "0", "a.b", "x_y"})
	var value func(depth int) string
	value = func(depth int) string {
		kind := rapid.IntRange(0, 2).Draw(t, "kind")
		var parts []string
		switch {
		case kind == 0 || depth == 0:
			return `"t"`
		case kind == 1:
			for range rapid.IntRange(0, 3).Draw(t, "elements") {
				parts = append(parts, value(depth-1))
			}
			return "[" + strings.Join(parts, ",") + "]"
		}
		for _, n := range rapid.SliceOfNDistinct(name, 0, 3, rapid.ID).Draw(t, "names") {
			parts = append(parts, `"`+n+`":`+value(depth-1))
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	o, err := stix.ParseObject([]byte(with(`"x_value":` + value(4))))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Neither many selectors nor long ways to what they select make validation slow.
func TestManySelectorsAreResolvedInOneGo(t *testing.T) {
	many := strings.Repeat(`"x_list.[3]","gone",`, 200_000)
	data := with(`"granular_markings":[{"lang":"de","selectors":[` + many + `"name"]}],"x_list":[` + strings.Repeat("0,", 400_000) + `0],"name":"n"`)
	start := time.Now()
	if lost := mustParse(t, data).LostSelectors(); len(lost) != 100 {
		t.Errorf("%d are lost", len(lost))
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}

func marking(id stix.ID, by ...stix.ID) string {
	refs := make([]string, len(by))
	for i, ref := range by {
		refs[i] = `"` + string(ref) + `"`
	}
	properties := `"name":"n"`
	if len(refs) > 0 {
		properties += `,"object_marking_refs":[` + strings.Join(refs, ",") + `]`
	}
	return `{"type":"marking-definition","id":"` + string(id) + `",` + properties + `}`
}

func TestMarkingCycles(t *testing.T) {
	a, b, c, d := marksAll, marksText, marksURL, marksStray
	for _, test := range []struct {
		name    string
		objects []string
		want    [][]stix.ID
	}{
		{"a chain", []string{marking(a, b), marking(b, c), marking(c)}, nil},
		{"a diamond", []string{marking(a, b, c), marking(b, d), marking(c, d), marking(d)}, nil},
		{"itself", []string{marking(a, a)}, [][]stix.ID{{a}}},
		{"two", []string{marking(a, b), marking(b, a)}, [][]stix.ID{{a, b}}},
		{"three, from outside", []string{marking(d, a), marking(a, b), marking(b, c), marking(c, a)}, [][]stix.ID{{a, b, c}}},
		{"two cycles", []string{marking(a, b, c), marking(b, a), marking(c, a)}, [][]stix.ID{{a, b}, {a, c}}},
		{"granular", []string{marking(a, b), strings.Replace(marking(b), `"name"`, `"granular_markings":[{"marking_ref":"`+string(a)+`","selectors":["name"]}],"name"`, 1)}, [][]stix.ID{{a, b}}},
		{"to what is not there", []string{marking(a, b)}, nil},
		{"a tool marked in a circle", []string{with(`"object_marking_refs":["` + string(a) + `"]`), marking(a)}, nil},
	} {
		var objects []stix.Object
		for _, data := range test.objects {
			objects = append(objects, mustParse(t, data))
		}
		if got := stix.MarkingCycles(objects); !slices.EqualFunc(got, test.want, slices.Equal) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func FuzzPathOfSelector(f *testing.F) {
	for _, seed := range []string{"external_references.[0].url", "a", "[0]", "a.[", `a["b"]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, selector string) {
		path, err := stix.PathOfSelector(selector)
		if err != nil {
			return
		}
		again, err := stix.SelectorOfPath(path)
		if err != nil {
			t.Fatalf("%q is %q, which is no selector: %v", selector, path, err)
		}
		if back, err := stix.PathOfSelector(again); err != nil || back != path {
			t.Fatalf("%q is %q and then %q, %v", selector, path, back, err)
		}
	})
}
