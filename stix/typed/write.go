package typed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"parley/stix"
	"parley/stix/internal/scan"
)

// Write gives a value, or a pointer to one, as an object. Of a value that was read it gives the
// object it was read from, with those properties written anew that were changed. What comes of it
// must still be an object, within the default [stix.Limits], but is not validated. A value that was made is written as
// [stix.Builder.Build] does: in the standard's order, with the properties that follow from others
// filled in, and valid by [stix.Strict]. Required numbers and truth values are written even if zero.
func Write(v any) (stix.Object, error) {
	value, err := addressable(v)
	if err != nil {
		return stix.Object{}, err
	}
	p, err := planOf(value.Type())
	if err != nil {
		return stix.Object{}, fmt.Errorf("write typed value: %w", err)
	}
	read := partOf(value).read
	if read == nil {
		return p.build(value)
	}
	text, err := encodeStruct(value)
	if err != nil {
		return stix.Object{}, fmt.Errorf("write %s: %w", read.object.ID(), err)
	}
	if bytes.Equal(text, read.raw) && !read.object.IsZero() {
		return read.object, nil
	}
	o, err := stix.ParseObject(text)
	if err != nil {
		return stix.Object{}, fmt.Errorf("write %s: %w", read.object.ID(), err)
	}
	return o, nil
}

// addressable gives the struct that v is or points to, as one whose address can be taken.
func addressable(v any) (reflect.Value, error) {
	value := reflect.ValueOf(v)
	if value.Kind() == reflect.Pointer && !value.IsNil() {
		return value.Elem(), nil
	}
	if value.Kind() != reflect.Struct {
		return reflect.Value{}, fmt.Errorf("write typed value: %T must be a struct or point to one", v)
	}
	copied := reflect.New(value.Type()).Elem()
	copied.Set(value)
	return copied, nil
}

// build writes a value that was made.
func (p *plan) build(v reflect.Value) (stix.Object, error) {
	typ := p.name
	if i, ok := p.index["type"]; ok && v.FieldByIndex(p.fields[i].index).String() != "" {
		typ = v.FieldByIndex(p.fields[i].index).String()
	}
	if typ == "" || p.name != "" && typ != p.name {
		return stix.Object{}, fmt.Errorf("write typed value: the type of a %s must be %q and not %q", v.Type(), p.name, typ)
	}
	b := stix.New(typ)
	changes, err := p.changes([]byte("{}"), v)
	if err != nil {
		return stix.Object{}, fmt.Errorf("write %s: %w", typ, err)
	}
	for _, c := range changes {
		b.Set(c.Name, json.RawMessage(c.Value))
	}
	return b.Build()
}

// encodeStruct writes a struct: what it was read from, with the fields that changed.
func encodeStruct(v reflect.Value) ([]byte, error) {
	p, err := planOf(v.Type())
	if err != nil {
		return nil, err
	}
	raw := []byte("{}")
	if read := partOf(v).read; read != nil {
		raw = read.raw
	}
	changes, err := p.changes(raw, v)
	if err != nil || len(changes) == 0 {
		return raw, err
	}
	return scan.Splice(raw, changes), nil
}

// changes finds the fields that are not what raw says they are.
func (p *plan) changes(raw []byte, v reflect.Value) (changes []scan.Change, err error) {
	was := make([][]byte, len(p.fields))
	for name, value := range scan.Members(raw) {
		if i, known := p.index[string(name)]; known {
			was[i] = value
		}
	}
	made := partOf(v).read == nil
	for i, f := range p.fields {
		now := v.FieldByIndex(f.index)
		if same(was[i], now) && !(made && f.alwaysWritten(now.Kind())) {
			continue
		}
		c := scan.Change{Name: f.name}
		if !f.absent(now) {
			if c.Value, err = encode(now, was[i]); err != nil {
				return nil, fmt.Errorf("%s: %w", f.name, err)
			}
		}
		if !bytes.Equal(c.Value, was[i]) {
			changes = append(changes, c)
		}
	}
	return changes, nil
}

// alwaysWritten tells whether a field stands for a required number or truth value, which is written
// even if it is zero.
func (f field) alwaysWritten(k reflect.Kind) bool {
	return !f.optional && (k == reflect.Bool || k >= reflect.Int && k <= reflect.Float64)
}

// absent tells whether a field says that its property is not there. A required text that was emptied
// is there.
func (f field) absent(now reflect.Value) bool {
	switch {
	case now.Type() == timestamp, f.optional:
		return now.IsZero()
	case now.Kind() == reflect.Slice, now.Kind() == reflect.Map, now.Kind() == reflect.Pointer:
		return now.IsNil()
	}
	return false
}

// same tells whether a field is what JSON, or nil for a property that is not there, says it is.
func same(was []byte, now reflect.Value) bool {
	before := reflect.New(now.Type()).Elem()
	if was != nil && string(was) != "null" && decode(was, before) != nil {
		return false
	}
	return reflect.DeepEqual(before.Interface(), now.Interface())
}

// encode writes one value. Was is the JSON that stood in its place, or nil.
func encode(now reflect.Value, was []byte) ([]byte, error) {
	switch now.Kind() {
	case reflect.Pointer:
		return encode(now.Elem(), was)
	case reflect.Struct:
		if now.Type() != timestamp {
			return encodeStruct(now)
		}
	case reflect.Slice:
		if isRaw(now.Type()) {
			return wholeValue(now.Bytes())
		}
		return encodeList(now, was)
	case reflect.Map:
		return encodeMap(now, was)
	}
	return jsonv2.Marshal(now.Interface())
}

// wholeValue makes sure that JSON from outside is one value, and so can bring nothing with it.
func wholeValue(raw []byte) ([]byte, error) {
	if !jsontext.Value(raw).IsValid() {
		return nil, fmt.Errorf("%.80q is not a JSON value", raw)
	}
	return raw, nil
}

// encodeList writes a list. An element that is what stood in its place keeps its bytes, and one that
// was read keeps its own wherever it stands now.
func encodeList(now reflect.Value, was []byte) ([]byte, error) {
	if !scan.IsList(was) {
		was = []byte("[]")
	}
	list := make([][]byte, now.Len())
	for i, element := range scan.Elements(was) {
		if i < now.Len() && same(element, now.Index(i)) {
			list[i] = element
		}
	}
	for i := range list {
		if list[i] != nil {
			continue
		}
		text, err := encode(now.Index(i), nil)
		if err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
		list[i] = text
	}
	return scan.SpliceList(was, list), nil
}

// encodeMap writes a dictionary: the one that was there with the entries that changed, and those that
// are new after them, sorted.
func encodeMap(now reflect.Value, was []byte) ([]byte, error) {
	if !scan.IsObject(was) {
		was = []byte("{}")
	}
	before := map[string][]byte{}
	var changes []scan.Change
	for name, value := range scan.Members(was) {
		before[string(name)] = value
		if key := reflect.ValueOf(string(name)).Convert(now.Type().Key()); !now.MapIndex(key).IsValid() {
			changes = append(changes, scan.Change{Name: string(name)})
		}
	}
	keys := now.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, key := range keys {
		entry := reflect.New(now.Type().Elem()).Elem() // one whose address can be taken
		entry.Set(now.MapIndex(key))
		old := before[key.String()]
		if old != nil && same(old, entry) {
			continue
		}
		text, err := encode(entry, old)
		if err != nil {
			return nil, fmt.Errorf("%.80q: %w", key.String(), err)
		}
		changes = append(changes, scan.Change{Name: key.String(), Value: text})
	}
	return scan.Splice(was, changes), nil
}
