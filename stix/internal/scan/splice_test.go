package scan_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"parley/stix/internal/scan"
	"pgregory.net/rapid"
)

func set(name, value string) scan.Change { return scan.Change{Name: name, Value: []byte(value)} }
func drop(name string) scan.Change       { return scan.Change{Name: name} }

func TestSplice(t *testing.T) {
	const lines = "{\n  \"a\": 1,\n  \"b\" : [1, 2],\n  \"c\": {}\n}"
	for _, c := range []struct {
		name, object string
		changes      []scan.Change
		want         string
	}{
		{"nothing", lines, nil, lines},
		{"a value", lines, []scan.Change{set("b", `"x"`)}, "{\n  \"a\": 1,\n  \"b\" : \"x\",\n  \"c\": {}\n}"},
		{"the first away", lines, []scan.Change{drop("a")}, "{\n  \"b\" : [1, 2],\n  \"c\": {}\n}"},
		{"the middle away", lines, []scan.Change{drop("b")}, "{\n  \"a\": 1,\n  \"c\": {}\n}"},
		{"the last away", lines, []scan.Change{drop("c")}, "{\n  \"a\": 1,\n  \"b\" : [1, 2]\n}"},
		{"the last two away", lines, []scan.Change{drop("c"), drop("b")}, "{\n  \"a\": 1\n}"},
		{"all away", lines, []scan.Change{drop("c"), drop("b"), drop("a")}, "{\n  \n}"},
		{"one that is not there away", lines, []scan.Change{drop("x")}, lines},
		{"a new one", lines, []scan.Change{set("d", "2")}, "{\n  \"a\": 1,\n  \"b\" : [1, 2],\n  \"c\": {},\n  \"d\": 2\n}"},
		{"one for another", lines, []scan.Change{drop("c"), set("d", "2")}, "{\n  \"a\": 1,\n  \"b\" : [1, 2],\n  \"d\": 2\n}"},
		{"two into an empty one", `{}`, []scan.Change{set("a", "1"), set("b", "2")}, `{"a":1,"b":2}`},
		{"one into an empty one with a space", `{ }`, []scan.Change{set("a", "1")}, `{ "a":1}`},
		{"one beside one", `{"a": 1}`, []scan.Change{set("b", "2")}, `{"a": 1,"b": 2}`},
		{"one for the only one", `{"a": 1 }`, []scan.Change{drop("a"), set("b", "2")}, `{"b": 2 }`},
		{"a name in escapes", `{"\u0061":1}`, []scan.Change{set("a", "2")}, `{"\u0061":2}`},
		{"a name that needs escapes", `{"a":1}`, []scan.Change{set(`"`, "2")}, `{"a":1,"\"":2}`},
		{"braces and quotes in texts", `{"a":"}\"{","b":[",","]"]}`, []scan.Change{set("b", "2")}, `{"a":"}\"{","b":2}`},
	} {
		if got := string(scan.Splice([]byte(c.object), c.changes)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// Whatever is changed, the result has what was asked for and what was there, in the order it was.
func TestSpliceChangesWhatItIsToldTo(t *testing.T) {
	value := rapid.SampledFrom([]string{`1`, `"a,}b"`, `[ 1 , [] ]`, `{ "a" : {} }`, `null`, `1.50e+3`})
	space := rapid.SampledFrom([]string{"", " ", "\n\t"})
	name := rapid.SampledFrom([]string{"a", "b", "c", "d", "é", `q"`})
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(name, 0, 5, rapid.ID).Draw(t, "names")
		object := []byte("{" + space.Draw(t, "lead"))
		was := map[string]json.RawMessage{}
		for i, n := range names {
			if i > 0 {
				object = append(object, ","+space.Draw(t, "gap")...)
			}
			quoted, _ := json.Marshal(n)
			v := value.Draw(t, "value")
			object = append(append(object, quoted...), space.Draw(t, "colon")+":"+v+space.Draw(t, "after")...)
			was[n] = json.RawMessage(v)
		}
		object = append(object, '}')
		var changes []scan.Change
		for _, n := range rapid.SliceOfNDistinct(name, 0, 6, rapid.ID).Draw(t, "changed") {
			if rapid.Bool().Draw(t, "drop") {
				changes, was = append(changes, drop(n)), without(was, n)
				continue
			}
			v := value.Draw(t, "new")
			changes, was[n] = append(changes, set(n, v)), json.RawMessage(v)
		}
		got := scan.Splice(object, changes)
		var now map[string]json.RawMessage
		if err := json.Unmarshal(got, &now); err != nil {
			t.Fatalf("%s: %v", got, err)
		}
		if !maps.EqualFunc(was, now, func(a, b json.RawMessage) bool { return string(a) == string(b) }) {
			t.Fatalf("%s of %s is %s, want %s", changes, object, now, was)
		}
		if order := inOrder(got, names); !slices.IsSortedFunc(order, func(a, b string) int {
			return slices.Index(names, a) - slices.Index(names, b)
		}) {
			t.Fatalf("%s: the order changed", got)
		}
	})
}

func without(all map[string]json.RawMessage, name string) map[string]json.RawMessage {
	delete(all, name)
	return all
}

// inOrder gives those names of an object that are among the given ones, as they come.
func inOrder(object []byte, among []string) (found []string) {
	for name := range scan.Members(object) {
		if slices.Contains(among, string(name)) {
			found = append(found, string(name))
		}
	}
	return found
}

// Any change of any object gives JSON again; undoing it gives the same values.
func FuzzSplice(f *testing.F) {
	f.Add([]byte(`{ "a" : 1, "b":[{"c":"}"}] }`), "a", []byte(`2`))
	f.Add([]byte(`{"\u0061":{}}`), "a", []byte{})
	f.Fuzz(func(t *testing.T, object []byte, name string, value []byte) {
		if !json.Valid(object) || !scan.IsObject(object) || len(value) > 0 && !json.Valid(value) {
			return
		}
		change := scan.Change{Name: name, Value: value}
		if len(value) == 0 {
			change.Value = nil
		}
		if changed := scan.Splice(object, []scan.Change{change}); !json.Valid(changed) {
			t.Fatalf("%s with %q %s is %s", object, name, value, changed)
		}
		if same := scan.Splice(object, nil); string(same) != string(object) {
			t.Fatalf("%s became %s", object, same)
		}
	})
}
