package assess_test

import (
	"encoding/json"
	"testing"

	"parley/internal/assess"
	"parley/stix"
)

func TestExtensionsAreDefined(t *testing.T) {
	objects, err := assess.Extensions()
	if err != nil {
		t.Fatal(err)
	}
	ids := []stix.ID{assess.Author, assess.ExtSource, assess.ExtClaim, assess.ExtJudgement, assess.ExtACH, assess.ExtWarning}
	if len(objects) != len(ids) {
		t.Fatalf("%d objects", len(objects))
	}
	for i, o := range objects {
		if o.ID() != ids[i] {
			t.Errorf("object %d is %s, want %s", i, o.ID(), ids[i])
		}
		if i == 0 {
			continue
		}
		schema, _ := o.String("schema")
		file, err := assess.Schema(ids[i])
		if err != nil || schema != string(file) || !json.Valid(file) {
			t.Errorf("schema of %s: %v", ids[i], err)
		}
	}
	if _, err := assess.Schema(assess.Author); err == nil {
		t.Error("an identity has no schema")
	}
}

// Every property that is written is in the published schema.
func TestSchemasNameEveryProperty(t *testing.T) {
	for _, o := range demo(t) {
		for _, extension := range []stix.ID{assess.ExtSource, assess.ExtClaim, assess.ExtJudgement} {
			raw, ok := o.Raw("extensions." + string(extension))
			if !ok {
				continue
			}
			schema, err := assess.Schema(extension)
			if err != nil {
				t.Fatal(err)
			}
			var document any
			var value any
			if json.Unmarshal(schema, &document) != nil || json.Unmarshal(raw, &value) != nil {
				t.Fatal("not JSON")
			}
			named(t, string(o.ID()), document, value)
		}
	}
}

// named walks a value beside its schema and fails where the schema has no such property.
func named(t *testing.T, path string, schema, value any) {
	t.Helper()
	s, _ := schema.(map[string]any)
	switch v := value.(type) {
	case map[string]any:
		properties, _ := s["properties"].(map[string]any)
		for name, child := range v {
			if properties[name] == nil {
				t.Errorf("%s.%s is in no schema", path, name)
				continue
			}
			named(t, path+"."+name, properties[name], child)
		}
	case []any:
		for _, child := range v {
			named(t, path+"[]", s["items"], child)
		}
	}
}
