package misp

import (
	"fmt"
	"strings"
	"time"

	"parley/stix"
)

// attribute turns one attribute into its carrier, what the carrier refers to, an indicator if it may
// be used to detect, and what was seen of it. parent is the object that it stands in. One of an object
// may have no carrier of its own; its object's is to hold it then.
func (x *export) attribute(a Attribute, path string, parent *Object) (stix.ID, bool) {
	name := ""
	if parent != nil {
		name = parent.Name
	}
	f, ok := formOf(name, a.Relation, a.Type)
	switch {
	case x.carriers[a.UUID] != "":
		x.drop(path, a.Type, "the event holds something else with the same uuid")
	case a.Deleted:
		x.drop(path, a.Type, "was deleted by its owner")
		x.revoke(a, f, parent, path)
	case ok:
		return x.carry(a, f, path, parent)
	}
	return "", false
}

// carry builds an attribute's objects and keeps them. A value that does not fit its type is a note.
func (x *export) carry(a Attribute, f form, path string, parent *Object) (stix.ID, bool) {
	marks := x.markings(a.Tags, path+".Tag")
	clusters, rest := x.galaxies(a.Galaxies)
	group, err := x.group(a, f, parent, marks, clusters, rest)
	if err != nil && strings.TrimSpace(a.Value) != "" {
		if parent != nil {
			x.drop(path, a.Type, err.Error()+"; it stands in the extension of its object only")
			return "", false
		}
		x.drop(path, a.Type, err.Error()+"; it is a note")
		f = noteOf(a.Type)
		group, err = x.group(a, f, parent, marks, clusters, rest)
	}
	if err != nil {
		x.drop(path, a.Type, err.Error())
		return "", false
	}
	for _, o := range group {
		if !x.once(o) {
			x.drop(path, a.Type, "the event holds something else with the same uuid")
			return "", false
		}
		x.refs = append(x.refs, o.ID())
	}
	x.carriers[a.UUID] = group[0].ID()
	x.context(a, group[0], f, marks, clusters, path)
	return group[0].ID(), true
}

// context adds what is about a carrier: its indicator, clusters and sightings.
func (x *export) context(a Attribute, carrier stix.Object, f form, marks, clusters []stix.ID, path string) {
	about := carrier.ID()
	if a.ToIDs && !f.silent {
		if p, ok := pattern(carrier, f.at, x.find); ok {
			if id := x.indicator(a, p, marks, false, path); id != "" {
				about = id
			}
		}
	}
	for _, cluster := range clusters {
		kind := "related-to"
		if about.Type() == "indicator" {
			kind = "indicates"
		}
		x.relate(kind, about, cluster, a.Timestamp, marks, path+".Galaxy")
	}
	x.analysed(a.Analysed, carrier.ID(), a.UUID, path)
	for i, s := range a.Sightings {
		x.sighting(s, placed(s.UUID, "sighting", a.UUID, i), a.UUID, about, carrier.ID(), marks, fmt.Sprintf("%s.Sighting[%d]", path, i))
	}
}

// group builds the carrier and what it refers to, without keeping them.
func (x *export) group(a Attribute, f form, parent *Object, marks, clusters []stix.ID, rest []Galaxy) ([]stix.Object, error) {
	sketches, err := f.sketch(a.Value, x.opt)
	if err != nil {
		return nil, err
	}
	words := x.words(a, f, parent, clusters, rest)
	if v, ok := sketches[0].value(f.at, sketches); !ok || v != a.Value {
		words.Value = a.Value
	}
	group := make([]stix.Object, len(sketches))
	for i := len(sketches) - 1; i >= 0; i-- {
		var content said
		if i == 0 {
			content = said{Attributes: []saidAttribute{words}}
		}
		if group[i], err = x.sketched(sketches[i], a, parent, content, marks); err != nil {
			return nil, err
		}
	}
	return group, nil
}

// among finds objects in a short list.
func among(group []stix.Object) finder {
	return func(id stix.ID) (stix.Object, bool) {
		for _, o := range group {
			if o.ID() == id {
				return o, true
			}
		}
		return stix.Object{}, false
	}
}

// words are what the extension says of an attribute.
func (x *export) words(a Attribute, f form, parent *Object, clusters []stix.ID, rest []Galaxy) saidAttribute {
	s := saidAttribute{
		UUID: a.UUID, Type: a.Type, Category: a.Category, Relation: a.Relation, ToIDs: a.ToIDs && f.silent, Comment: a.Comment,
		Timestamp: a.Timestamp, FirstSeen: a.FirstSeen, LastSeen: a.LastSeen, Distribution: a.Distribution,
		NoCorrelation: a.NoCorrelation, Tags: a.Tags, Galaxies: clusters, Rest: saidOf(rest),
	}
	if parent != nil {
		s.Object, s.ObjectName = parent.UUID, parent.Name
	}
	for _, g := range a.Sightings {
		if g.isWords() {
			s.Sightings = append(s.Sightings, g)
		}
	}
	return s
}

// sketched builds one object of an attribute.
func (x *export) sketched(s sketch, a Attribute, parent *Object, content said, marks []stix.ID) (stix.Object, error) {
	p := plan{
		typ: s.typ, id: stix.ID(s.typ + "--" + a.UUID), modified: x.modified(a.Timestamp),
		tags: a.Tags, marks: marks, said: content,
	}
	for _, set := range s.set {
		switch v := set.value.(type) {
		case kin:
			set.value = string(v) + "--" + a.UUID
		case []kin:
			set.value = []string{string(v[0]) + "--" + a.UUID}
		}
		p.set = append(p.set, set)
	}
	switch s.typ {
	case "note":
		p.set = append(p.set, property{"object_refs", []stix.ID{x.report}})
	case "indicator":
		p.set = append(p.set, property{"valid_from", x.validFrom(a)})
	}
	return x.build(p)
}

// validFrom is when the attribute was first seen, or else when this version of it was written.
func (x *export) validFrom(a Attribute) stix.Timestamp {
	if at, err := asTime(a.FirstSeen); err == nil {
		return at.(stix.Timestamp)
	}
	return x.modified(a.Timestamp)
}

// indicator builds what may be used to detect an attribute. Its id has the attribute's UUID.
func (x *export) indicator(a Attribute, pattern string, marks []stix.ID, revoked bool, path string) stix.ID {
	p := plan{
		typ: "indicator", id: stix.ID("indicator--" + a.UUID), modified: x.modified(a.Timestamp), tags: a.Tags, marks: marks,
		set: []property{{"name", a.Type}, {"pattern", pattern}, {"pattern_type", "stix"}, {"valid_from", x.validFrom(a)}},
	}
	if a.Comment != "" {
		p.set = append(p.set, property{"description", a.Comment})
	}
	if until := stix.NewTimestamp(time.Unix(a.expires(), 0), 3); until.Compare(x.validFrom(a)) > 0 {
		p.set = append(p.set, property{"valid_until", until})
	}
	if revoked {
		p.set = append(p.set, property{"revoked", true})
	}
	if !x.put(p, path, a.Type) {
		return ""
	}
	x.refs = append(x.refs, p.id)
	return p.id
}

// revoke takes back the indicator of an attribute that its owner deleted. Observables cannot be
// revoked; they say nothing but that such a value exists.
func (x *export) revoke(a Attribute, f form, parent *Object, path string) {
	if f.at == nil || f.silent || !a.ToIDs {
		return
	}
	marks := x.markings(a.Tags, path+".Tag")
	group, err := x.group(a, f, parent, marks, nil, nil)
	if err != nil {
		return
	}
	if p, ok := pattern(group[0], f.at, among(group)); ok {
		x.indicator(a, p, marks, true, path)
	}
}

// relate joins two objects.
func (x *export) relate(kind string, from, to stix.ID, second int64, marks []stix.ID, path string) {
	x.put(plan{
		typ: "relationship", id: derived("relationship", kind, string(from), string(to)), modified: x.modified(second), marks: marks,
		set: []property{{"relationship_type", kind}, {"source_ref", from}, {"target_ref", to}},
	}, path, "relationship")
}
