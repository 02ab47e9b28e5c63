package typed

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// plan is how a struct's fields stand for properties.
type plan struct {
	name   string // of the stix tag: the type or the extension it is for, or "" for any
	fields []field
	index  map[string]int
}

// field is one field that stands for a property.
type field struct {
	name     string
	index    []int
	optional bool
}

// plans keeps what was found out about each struct type, which never changes.
var plans sync.Map

// planOf gives the plan of a struct type that has a [Part].
func planOf(t reflect.Type) (*plan, error) {
	if known, ok := plans.Load(t); ok {
		return known.(*plan), nil
	}
	if t.Kind() != reflect.Struct || !isParted(t) {
		return nil, fmt.Errorf("%s must be a struct that embeds typed.Versioned, typed.Observable or typed.Part", t)
	}
	p := &plan{index: map[string]int{}}
	for _, f := range reflect.VisibleFields(t) {
		p.add(f)
	}
	plans.Store(t, p)
	return p, nil
}

// add takes in one field. A field of an outer struct goes before one of the same name deeper down.
func (p *plan) add(f reflect.StructField) {
	if f.Anonymous && p.name == "" {
		p.name = f.Tag.Get("stix")
	}
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" || name == "-" || !f.IsExported() {
		return
	}
	found := field{name: name, index: f.Index, optional: options == "omitzero"}
	if i, known := p.index[name]; known {
		if len(p.fields[i].index) > len(f.Index) {
			p.fields[i] = found
		}
		return
	}
	p.index[name] = len(p.fields)
	p.fields = append(p.fields, found)
}

func isParted(t reflect.Type) bool { return reflect.PointerTo(t).Implements(reflect.TypeFor[parted]()) }

// partOf gives the part of an addressable struct.
func partOf(v reflect.Value) *Part { return v.Addr().Interface().(parted).part() }
