package misp

import (
	"fmt"
	"slices"
	"strings"

	"parley/stix"
)

// assembly is one object being put together.
type assembly struct {
	Object
	template
	path  string
	taken map[string]int // attributes that fill a slot, by its path
	named []int          // attributes that make up the name
	free  []stix.ID      // carriers of the others
	links map[string][]stix.ID
	marks []stix.ID
}

// object turns an object into its carrier and the carriers of those attributes that have no slot in
// it. One of an unknown template, or whose carrier STIX refuses, becomes a grouping.
func (x *export) object(o Object, path string) {
	switch {
	case o.UUID == "":
		x.drop(path, o.Name, "has no uuid to make an id of")
		return
	case o.Deleted:
		x.drop(path, o.Name, "was deleted by its owner")
		return
	case x.carriers[o.UUID] != "":
		x.drop(path, o.Name, "the event holds something else with the same uuid")
		return
	}
	as := &assembly{Object: o, template: templates[o.Name], path: path}
	as.fill(x)
	anchor, err := x.anchor(as)
	if err != nil { // what would have filled slots is then carried alone
		as.taken, as.named = nil, nil
	}
	if err == nil && !x.once(anchor) {
		x.drop(path, o.Name, "the event holds something else with the same uuid")
		return
	}
	x.loose(as)
	if err != nil {
		x.grouping(as)
		return
	}
	x.anchored(as, anchor)
}

// fill gives each slot the first attribute that fits it.
func (as *assembly) fill(x *export) {
	as.taken = map[string]int{}
	for _, s := range as.slots {
		if _, full := as.taken[s.path]; full {
			continue
		}
		for i, a := range as.Attributes {
			if _, err := s.read(a.Value); a.Relation == s.relation && err == nil && !a.Deleted && a.UUID != "" && a.Value != "" {
				as.taken[s.path] = i
				break
			}
		}
	}
	if _, hasName := as.taken["name"]; hasName {
		return
	}
	for _, relation := range as.names {
		for i, a := range as.Attributes {
			if a.Relation == relation && !a.Deleted && a.UUID != "" && a.Value != "" {
				as.named = append(as.named, i)
				break
			}
		}
	}
}

func (as *assembly) isTaken(i int) bool {
	for _, j := range as.taken {
		if i == j {
			return true
		}
	}
	return slices.Contains(as.named, i)
}

// loose carries the attributes that fill no slot.
func (x *export) loose(as *assembly) {
	for i, a := range as.Attributes {
		if as.isTaken(i) {
			continue
		}
		id, ok := x.attribute(a, fmt.Sprintf("%s.Attribute[%d]", as.path, i), &as.Object)
		if ok {
			as.free = append(as.free, id)
		}
	}
}

// anchor builds the carrier of an object. Links are ids only, known before what they name is built.
func (x *export) anchor(as *assembly) (stix.Object, error) {
	if as.typ == "" || len(as.taken)+len(as.named) == 0 {
		return stix.Object{}, fmt.Errorf("no slot of %s is filled", as.Name)
	}
	p := plan{typ: as.typ, id: stix.ID(as.typ + "--" + as.UUID), modified: x.modified(as.Timestamp), said: said{Object: objectWords(as.Object)}}
	p.set = append(p.set, as.fixed...)
	hashes := map[string]string{}
	for _, s := range as.slots {
		i, ok := as.taken[s.path]
		if !ok || as.Attributes[i].Relation != s.relation {
			continue
		}
		a := as.Attributes[i]
		v, err := s.read(a.Value)
		if err != nil {
			return stix.Object{}, err
		}
		if as.typ == "phone-number" {
			v, _ = phoneNumber(a.Value, x.opt)
		}
		if algorithm, ok := strings.CutPrefix(s.path, "hashes."); ok {
			hashes[algorithm] = a.Value
		} else {
			p.set = append(p.set, property{s.path, v})
		}
		x.consume(as, &p, a, v)
	}
	if len(hashes) > 0 {
		p.set = append(p.set, property{"hashes", hashes})
	}
	x.nameOf(as, &p)
	x.linked(as, &p)
	p.marks = as.marks
	return x.build(p)
}

// consume notes an attribute that fills a slot: what the extension says of it.
func (x *export) consume(as *assembly, p *plan, a Attribute, v any) {
	path := as.path + ".Attribute"
	as.marks = append(as.marks, x.markings(a.Tags, path)...)
	p.tags = append(p.tags, a.Tags...)
	f, _ := formOf(as.Name, a.Relation, a.Type)
	words := x.words(a, form{silent: f.silent || f.at == nil}, nil, x.galaxies(a.Galaxies, path))
	if spelt(v) != a.Value {
		words.Value = a.Value
	}
	p.said.Attributes = append(p.said.Attributes, words)
}

// nameOf makes a name of its parts. They stand in the extension as they are, since STIX has one
// property for all of them.
func (x *export) nameOf(as *assembly, p *plan) {
	if len(as.named) == 0 {
		return
	}
	var parts []string
	for _, i := range as.named {
		parts = append(parts, as.Attributes[i].Value)
		x.consume(as, p, as.Attributes[i], nil)
	}
	p.set = append(p.set, property{"name", strings.Join(parts, " ")})
}

// linked sets the properties that refer to other observables of the object.
func (x *export) linked(as *assembly, p *plan) {
	as.links = map[string][]stix.ID{}
	for i, a := range as.Attributes {
		link, ok := as.template.links[a.Relation]
		f, known := formOf(as.Name, a.Relation, a.Type)
		if !ok || !known || a.Deleted || a.UUID == "" || as.isTaken(i) || !link.list && len(as.links[link.property]) > 0 {
			continue
		}
		group, err := x.group(a, f, &as.Object, nil, nil)
		if err == nil && x.carriers[a.UUID] == "" {
			as.links[link.property] = append(as.links[link.property], group[0].ID())
		}
	}
	for _, property := range sortedKeys(as.links) {
		p.set = append(p.set, link(property, as.links[property]))
	}
}

func link(name string, ids []stix.ID) property {
	if strings.HasSuffix(name, "_refs") {
		return property{name, unique(ids)}
	}
	return property{name, ids[0]}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// anchored adds what is about a carrier and its attributes.
func (x *export) anchored(as *assembly, anchor stix.Object) {
	x.refs = append(x.refs, anchor.ID())
	x.carriers[as.UUID] = anchor.ID()
	for i, a := range as.Attributes {
		if !as.isTaken(i) {
			continue
		}
		path := fmt.Sprintf("%s.Attribute[%d]", as.path, i)
		if x.carriers[a.UUID] != "" {
			x.drop(path, a.Type, "the event holds something else with the same uuid")
			continue
		}
		x.carriers[a.UUID] = anchor.ID()
		f, _ := formOf(as.Name, a.Relation, a.Type)
		f.silent = f.silent || f.at == nil
		if s, ok := as.slotOf(a.Relation); ok {
			f.at = []string{s.path}
		}
		x.context(a, anchor, f, x.markings(a.Tags, path), x.galaxies(a.Galaxies, path), path)
	}
	linked := map[stix.ID]bool{}
	for _, ids := range as.links {
		for _, id := range ids {
			linked[id] = true
		}
	}
	for _, id := range as.free {
		if !linked[id] {
			x.relate("related-to", anchor.ID(), id, as.Timestamp, as.marks, as.path)
		}
	}
}

// grouping holds the attributes of an object that has no carrier of its own.
func (x *export) grouping(as *assembly) {
	if len(as.free) == 0 {
		x.drop(as.path, as.Name, "nothing in the object has a place in STIX")
		return
	}
	p := plan{
		typ: "grouping", id: stix.ID("grouping--" + as.UUID), modified: x.modified(as.Timestamp), said: said{Object: objectWords(as.Object)},
		set: []property{{"context", "unspecified"}, {"object_refs", unique(as.free)}},
	}
	if as.Name != "" {
		p.set = append(p.set, property{"name", as.Name})
	}
	if x.put(p, as.path, as.Name) {
		x.refs = append(x.refs, p.id)
		x.carriers[as.UUID] = p.id
	}
}

// objectWords are what the extension says of an object.
func objectWords(o Object) *saidObject {
	return &saidObject{
		Name: o.Name, MetaCategory: o.MetaCategory, Description: o.Description, TemplateUUID: o.TemplateUUID,
		TemplateVersion: o.TemplateVersion, Comment: o.Comment, Timestamp: o.Timestamp,
		FirstSeen: o.FirstSeen, LastSeen: o.LastSeen, Distribution: o.Distribution,
	}
}
