package typed_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"parley/stix"
	"parley/stix/stixtest"
	"parley/stix/typed"
	"pgregory.net/rapid"
)

// Any valid object of any type, read and written, is the same to the byte.
func TestRoundTripKeepsEveryByte(t *testing.T) {
	for _, typ := range stixtest.Types() {
		t.Run(typ, func(t *testing.T) {
			objects := stixtest.Object(typ)
			rapid.Check(t, func(t *rapid.T) {
				o := objects.Draw(t, "object")
				v, err := typed.Any(o)
				if err != nil {
					t.Fatal(err)
				}
				again, err := typed.Write(v)
				if err != nil || !bytes.Equal(again.Bytes(), o.Bytes()) {
					t.Fatalf("%v\n got %s\nwant %s", err, again.Bytes(), o.Bytes())
				}
			})
		})
	}
}

// Any one property of any object, changed, leaves every byte around its value as it was.
func TestChangeOfOneKeepsTheRest(t *testing.T) {
	for _, typ := range stixtest.Types() {
		t.Run(typ, func(t *testing.T) {
			objects := stixtest.Object(typ)
			rapid.Check(t, func(t *rapid.T) {
				o := objects.Draw(t, "object")
				v, err := typed.Any(o)
				if err != nil {
					t.Fatal(err)
				}
				fields := changeable(o, reflect.ValueOf(v).Elem())
				if len(fields) == 0 {
					return
				}
				name := rapid.SampledFrom(fields).Draw(t, "property")
				field := fieldFor(reflect.ValueOf(v).Elem(), name)
				change(field)
				changed, err := typed.Write(v)
				if err != nil {
					t.Fatal(err)
				}
				before, after := around(o.Bytes(), name)
				got := changed.Bytes()
				if len(got) < len(before)+len(after) || !bytes.HasPrefix(got, before) || !bytes.HasSuffix(got, after) || bytes.Equal(got, o.Bytes()) {
					t.Fatalf("%s changed:\n got %s\nfrom %s", name, got, o.Bytes())
				}
				value := got[len(before) : len(got)-len(after)]
				if !json.Valid(value) {
					t.Fatalf("%s is now %s", name, value)
				}
				for _, kept := range keptWithin(o, name, field.Kind()) {
					if !bytes.Contains(value, kept) {
						t.Fatalf("%s lost %s and is now %s", name, kept, value)
					}
				}
			})
		})
	}
}

// changeable gives the properties that are there, have a field and may take any value.
func changeable(o stix.Object, v reflect.Value) (names []string) {
	for name := range o.Properties() {
		switch name {
		case "type", "id", "created", "modified", "created_by_ref", "object_marking_refs":
			continue
		}
		if fieldFor(v, name).IsValid() {
			names = append(names, name)
		}
	}
	return names
}

// fieldFor gives the field that stands for a property.
func fieldFor(v reflect.Value, property string) reflect.Value {
	for _, f := range reflect.VisibleFields(v.Type()) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name == property {
			return v.FieldByIndex(f.Index)
		}
	}
	return reflect.Value{}
}

// change makes something else of a value: of a list, its first element, of a dictionary, one more entry.
func change(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		change(v.Elem())
	case reflect.String:
		v.SetString(v.String() + "+")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Float64:
		v.SetFloat(v.Float() + 1)
	case reflect.Slice:
		change(v.Index(0))
	case reflect.Map:
		entry := reflect.New(v.Type().Elem()).Elem()
		if entry.Type() == reflect.TypeFor[json.RawMessage]() {
			entry.SetBytes([]byte(`{"added":1}`))
		}
		v.SetMapIndex(reflect.ValueOf("added").Convert(v.Type().Key()), entry)
	case reflect.Struct:
		changeStruct(v)
	}
}

func changeStruct(v reflect.Value) {
	if at, ok := v.Addr().Interface().(*stix.Timestamp); ok {
		*at = stix.NewTimestamp(at.Time().AddDate(0, 0, 1), 9)
		return
	}
	for i := range v.NumField() {
		if f := v.Field(i); v.Type().Field(i).Name != "Part" && !f.IsZero() {
			change(f)
			return
		}
	}
}

// around gives what stands before and after a property's value, found by another JSON package.
func around(object []byte, property string) (before, after []byte) {
	decoder := json.NewDecoder(bytes.NewReader(object))
	decoder.Token()
	for decoder.More() {
		name, _ := decoder.Token()
		var value json.RawMessage
		decoder.Decode(&value)
		if name == property {
			end := int(decoder.InputOffset())
			return object[:end-len(value)], object[end:]
		}
	}
	return nil, nil
}

// keptWithin gives what must still stand in a list or dictionary of which one element was changed:
// the custom properties in its objects, and all other elements.
func keptWithin(o stix.Object, name string, kind reflect.Kind) (kept [][]byte) {
	raw, _ := o.Raw(name)
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		for i, element := range list {
			var object map[string]json.RawMessage
			if json.Unmarshal(element, &object) == nil && object["x_within"] != nil {
				kept = append(kept, object["x_within"])
			}
			if i > 0 {
				kept = append(kept, element)
			}
		}
	}
	var dictionary map[string]json.RawMessage
	if kind == reflect.Map && json.Unmarshal(raw, &dictionary) == nil {
		for _, entry := range dictionary {
			kept = append(kept, entry)
		}
	}
	return kept
}

// Whatever can be read is written as it was; with one property more, all others are as they were.
func FuzzReadWrite(f *testing.F) {
	f.Add([]byte(indicator))
	for _, example := range stixtest.Examples() {
		f.Add([]byte(example))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := stix.ParseObject(data)
		if err != nil {
			return
		}
		v, err := typed.Any(o)
		if err != nil {
			return
		}
		if again, err := typed.Write(v); err != nil || !bytes.Equal(again.Bytes(), o.Bytes()) {
			t.Fatalf("%v: %s became %s", err, o.Bytes(), again.Bytes())
		}
		any, err := typed.Read[struct {
			typed.Part
			Added string `json:"x_added"`
		}](o)
		if err != nil {
			return
		}
		any.Added += "+"
		changed, err := typed.Write(any)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range o.Properties() {
			if now := property(changed, name); name != "x_added" && !bytes.Equal(now, value) {
				t.Fatalf("%q was %s and is %s", name, value, now)
			}
		}
	})
}

func property(o stix.Object, wanted string) []byte {
	for name, value := range o.Properties() {
		if name == wanted {
			return value
		}
	}
	return nil
}
