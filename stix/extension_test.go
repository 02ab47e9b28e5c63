package stix_test

import (
	"slices"
	"strings"
	"testing"

	"parley/stix"
	"parley/stix/stixtest"
)

const (
	extA = "extension-definition--00000000-0000-4000-8000-00000000000a"
	extB = "extension-definition--00000000-0000-4000-8000-00000000000b"
)

// defined makes an extension definition of the given kinds and properties.
func defined(t testing.TB, id string, kinds, properties []string) stix.Object {
	t.Helper()
	data := strings.Replace(stixtest.Examples()["extension-definition"], "extension-definition--e2e1a340-4415-4ba8-9671-f7343fbf0836", id, 1)
	data = changed(t, data, "extension_types", `["`+strings.Join(kinds, `","`)+`"]`)
	if properties == nil {
		return mustParse(t, changed(t, data, "extension_properties", ""))
	}
	return mustParse(t, changed(t, data, "extension_properties", `["`+strings.Join(properties, `","`)+`"]`))
}

func among(all ...stix.Object) func(stix.ID) (stix.Object, bool) {
	return func(id stix.ID) (stix.Object, bool) {
		i := slices.IndexFunc(all, func(o stix.Object) bool { return o.ID() == id })
		if i < 0 {
			return stix.Object{}, false
		}
		return all[i], true
	}
}

func TestCheckExtensions(t *testing.T) {
	nested := defined(t, extA, []string{"property-extension"}, nil)
	top := defined(t, extA, []string{"toplevel-property-extension"}, []string{"rank", "toxicity"})
	silent := defined(t, extA, []string{"toplevel-property-extension"}, nil)
	hybrid := defined(t, extA, []string{"new-sdo", "new-sco", "property-extension"}, nil)
	redefines := defined(t, extA, []string{"toplevel-property-extension"}, []string{"rank", "name"})
	extended := func(key, content, more string) string {
		return with(`"name":"n","extensions":{"` + key + `":` + content + `}` + more)
	}
	thing := func(created, kind, more string) string {
		return `{"type":"x-thing","id":"x-thing--e2e1a340-4415-4ba8-9671-f7343fbf0836"` + created + `,"extensions":{"` + extA + `":{"extension_type":"` + kind + `"}}` + more + `}`
	}
	const at = `,"created":"2026-03-01T09:30:00.000Z","modified":"2026-03-01T09:30:00.000Z"`
	for _, c := range []struct {
		name, object string
		definition   stix.Object
		faults       string // the start of the only one, after its path
		unknown      string
		undeclared   string
	}{
		{"no extension", with(`"name":"n"`), top, "", "", ""},
		{"a custom property", with(`"name":"n","x_a":1,"x_b":2`), top, "", "", "x_a x_b"},
		{"a nested one", extended(extA, `{"extension_type":"property-extension","rank":5}`, ""), nested, "", "", ""},
		{"a nested one and a stray property", extended(extA, `{"extension_type":"property-extension","rank":5}`, `,"rank":5`), nested, "", "", "rank"},
		{"top-level properties", extended(extA, `{"extension_type":"toplevel-property-extension"}`, `,"rank":5,"toxicity":8`), top, "", "", ""},
		{"one that is not named", extended(extA, `{"extension_type":"toplevel-property-extension"}`, `,"rank":5,"smell":8`), top, "", "", "smell"},
		{"a definition that names none", extended(extA, `{"extension_type":"toplevel-property-extension"}`, `,"rank":5`), silent, "", extA, "rank"},
		{"another kind", extended(extA, `{"extension_type":"toplevel-property-extension"}`, ``), nested, `has the extension_type "toplevel-property-extension" and its definition gives property-extension`, "", ""},
		{"no kind", extended(extA, `{"rank":1}`, ``), nested, "must have an extension_type", "", ""},
		{"one not defined", extended(extB, `{"extension_type":"property-extension"}`, ``), nested, "", extB, ""},
		{"a key of one's own", extended("x-my-ext", `{"abc":1}`, ``), nested, "", "x-my-ext", ""},
		{"a property of the standard", extended(extA, `{"extension_type":"toplevel-property-extension"}`, ``), redefines, `defines the property "name"`, "", ""},
		{"a definition that is none", extended(extA, `{"extension_type":"property-extension"}`, ``), mustParse(t, toolA), "", extA, ""},
		{"a new SDO", thing(at, "new-sdo", `,"some":1`), hybrid, "", "", ""},
		{"a new SCO", thing("", "new-sco", `,"some":1`), hybrid, "", "", ""},
		{"a new SCO with times", thing(at, "new-sco", ``), hybrid, "is a new-sco, but the object has a created time", "", ""},
		{"a new SDO without", thing("", "new-sdo", ``), hybrid, "is a new-sdo, but the object has no created time", "", ""},
		{"a new SDO of a standard type", extended(extA, `{"extension_type":"new-sdo"}`, ``), hybrid, "is a new-sdo, but tool is a type of the standard", "", ""},
		{"a predefined one", observable("file", `"name":"n","extensions":{"pdf-ext":{"version":"1"}}`), nested, "", "", ""},
		{"a predefined one of another type", observable("url", `"value":"https://example.com","extensions":{"pdf-ext":{"version":"1"}}`), nested, "", "pdf-ext", ""},
	} {
		got := stix.CheckExtensions(mustParse(t, c.object), among(c.definition))
		if (len(got.Faults) > 0) != (c.faults != "") || len(got.Faults) > 0 && (len(got.Faults) > 1 || !strings.HasPrefix(got.Faults[0].Problem, c.faults) || got.Faults[0].Path != "extensions."+extA) {
			t.Errorf("%s: %v, want %q", c.name, got.Faults, c.faults)
		}
		if strings.Join(got.Unknown, " ") != c.unknown || strings.Join(got.Undeclared, " ") != c.undeclared {
			t.Errorf("%s: unknown %v, undeclared %v", c.name, got.Unknown, got.Undeclared)
		}
	}
	tool := func(stix.ID) (stix.Object, bool) { return mustParse(t, toolA), true }
	if got := stix.CheckExtensions(mustParse(t, extended(extA, `{}`, "")), tool); len(got.Faults) != 1 || !strings.Contains(got.Faults[0].Problem, "no extension-definition") {
		t.Errorf("a tool as a definition: %v", got)
	}
}
