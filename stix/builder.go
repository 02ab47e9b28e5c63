package stix

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Builder puts a new object together. Its zero value is not useful; start with [New].
type Builder struct {
	typ    string
	names  []string
	values map[string]jsontext.Value
	err    error
}

// New starts an object of the given type, standard or not.
func New(typ string) *Builder {
	b := &Builder{typ: typ, values: map[string]jsontext.Value{}}
	return b.Set("type", typ)
}

// ID sets the id. A cyber-observable that is given none gets its deterministic id, see [SCOID].
func (b *Builder) ID(id ID) *Builder { return b.Set("id", id) }

// Created sets the created time, and the modified time too unless that is set: a first version has
// the two the same.
func (b *Builder) Created(t Timestamp) *Builder { return b.Set("created", t) }

// Set sets a property to anything that writes as JSON. Setting it again replaces the value. Empty
// lists and dictionaries and null are refused by [Builder.Build], as STIX has none.
func (b *Builder) Set(name string, value any) *Builder {
	data, err := marshal(value)
	if err != nil && b.err == nil {
		b.err = fmt.Errorf("build %s: set %s: %w", b.typ, shown(name), err)
	}
	if _, again := b.values[name]; !again {
		b.names = append(b.names, name)
	}
	b.values[name] = data
	return b
}

// marshal writes a value. Most are texts and lists of them, which need no reflection.
func marshal(value any) (jsontext.Value, error) {
	switch v := value.(type) {
	case string:
		return jsontext.AppendQuote(nil, v)
	case ID:
		return jsontext.AppendQuote(nil, string(v))
	case Timestamp:
		if !v.IsZero() {
			return jsontext.AppendQuote(nil, v.text)
		}
	case []ID:
		return quoteAll(v)
	case []string:
		return quoteAll(v)
	}
	return json.Marshal(value, json.Deterministic(true), json.WithMarshalers(times))
}

// quoteAll writes a list of texts.
func quoteAll[text ~string](list []text) (out jsontext.Value, err error) {
	out = append(out, '[')
	for i, one := range list {
		if i > 0 {
			out = append(out, ',')
		}
		if out, err = jsontext.AppendQuote(out, string(one)); err != nil {
			return nil, err
		}
	}
	return append(out, ']'), nil
}

// times writes Go's moments as STIX writes them, to the digits they have and at least milliseconds.
var times = json.MarshalToFunc(func(out *jsontext.Encoder, t time.Time) error {
	digits := 9
	switch nanosecond := t.Nanosecond(); {
	case nanosecond%int(time.Millisecond) == 0:
		digits = 3
	case nanosecond%int(time.Microsecond) == 0:
		digits = 6
	}
	text, err := NewTimestamp(t, digits).MarshalText()
	if err != nil {
		return err
	}
	return out.WriteToken(jsontext.String(string(text)))
})

// Build writes the object: the standard's properties in the standard's order, then the others in
// the order they were set. It fills in spec_version and, where its type has one, modified. What it
// returns is valid by [Strict]; the error lists all that is wrong, each a *[Fault].
func (b *Builder) Build() (Object, error) { return b.build(b.order) }

// BuildCanonical is [Builder.Build] for an object in the form that [Canonical] gives.
func (b *Builder) BuildCanonical() (Object, error) {
	built, err := b.build(sorted)
	if err != nil {
		return Object{}, err
	}
	return built.Canonical() // which is what was built, but for numbers, and names of a kind that few have
}

// sorted gives names in the canonical order, as far as bytes tell.
func sorted(values map[string]jsontext.Value) []string { return slices.Sorted(maps.Keys(values)) }

// build writes the properties in an order.
func (b *Builder) build(order func(map[string]jsontext.Value) []string) (Object, error) {
	if b.err != nil {
		return Object{}, b.err
	}
	values, err := b.complete()
	if err != nil {
		return Object{}, fmt.Errorf("build %s: %w", b.typ, err)
	}
	written := write(values, order(values))
	if fault := strictJSON(written, Limits{}.withDefaults()); fault != nil {
		return Object{}, fmt.Errorf("build %s: %w", b.typ, fault)
	}
	built, err := parseOwn(written)
	if err != nil {
		return Object{}, fmt.Errorf("build %s: %w", b.typ, err)
	}
	if wrong := built.Validate(Strict); wrong != nil {
		return Object{}, fmt.Errorf("build %s: %w", b.typ, faults(wrong))
	}
	return built, nil
}

// complete gives the properties with those filled in that follow from others.
func (b *Builder) complete() (map[string]jsontext.Value, error) {
	values := map[string]jsontext.Value{"spec_version": jsontext.Value(`"2.1"`)}
	for name, value := range b.values {
		values[name] = value
	}
	s := b.shape()
	if _, versioned := s.index["modified"]; versioned && values["modified"] == nil && values["created"] != nil {
		values["modified"] = values["created"]
	}
	if names, known := contributing[b.typ]; known && values["id"] == nil {
		id, err := idFromProperties(b.typ, names, func(name string) []byte { return values[name] })
		if err != nil {
			return nil, err
		}
		values["id"] = jsontext.Value(`"` + string(id) + `"`)
	}
	return values, nil
}

func (b *Builder) shape() *shape {
	_, hasCreated := b.values["created"]
	_, hasModified := b.values["modified"]
	return shapeOf(b.typ, hasCreated || hasModified)
}

// write writes an object of values by their names.
func write(values map[string]jsontext.Value, names []string) []byte {
	size := len(`{}`)
	for name, value := range values {
		size += len(name) + len(`"":,`) + len(value)
	}
	out := append(make([]byte, 0, size), '{')
	for _, name := range names {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out, _ = jsontext.AppendQuote(out, name) // a name of invalid UTF-8 is repaired, then refused
		out = append(append(out, ':'), values[name]...)
	}
	return append(out, '}')
}

// order gives the names to write. The properties of a type that is not in the standard stand where
// a standard type's own would: between the head and the common properties that follow.
func (b *Builder) order(values map[string]jsontext.Value) []string {
	s := b.shape()
	names := make([]string, 0, len(values))
	place := func(from, to int) {
		for _, p := range s.properties[from:to] {
			if values[p.name] != nil {
				names = append(names, p.name)
			}
		}
	}
	split := len(s.properties)
	switch s {
	case unknownVersioned:
		split = 1 + len(versionedBefore)
	case unknownObservable:
		split = 1 + len(observableBefore)
	}
	place(0, split)
	for _, name := range b.names {
		if _, known := s.index[name]; !known {
			names = append(names, name)
		}
	}
	place(split, len(s.properties))
	return names
}
