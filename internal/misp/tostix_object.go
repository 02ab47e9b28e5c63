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
	path   string
	fills  []fill // attributes that fill a slot, in the order of the slots
	named  []int  // attributes that make up the name
	inside []int  // attributes that nothing in STIX is made of; the carrier's extension holds them
	taken  map[int]bool
	free   []stix.ID // carriers of the others
	links  map[string][]stix.ID
	marks  []stix.ID
}

// fill is an attribute in a slot, and where exactly it stands.
type fill struct {
	slot
	path      string
	attribute int
}

// object turns an object into its carrier and the carriers of those attributes that have no slot in
// it. One of an unknown template, or whose carrier STIX refuses, becomes a grouping.
func (x *export) object(o Object, path string) {
	switch {
	case o.Deleted:
		x.drop(path, o.Name, "was deleted by its owner")
		for i, a := range o.Attributes {
			f, _ := formOf(o.Name, a.Relation, a.Type)
			x.revoke(a, f, &o, fmt.Sprintf("%s.Attribute[%d]", path, i))
		}
		return
	case x.carriers[o.UUID] != "":
		x.drop(path, o.Name, "the event holds something else with the same uuid")
		return
	}
	as := &assembly{Object: o, template: templates[o.Name], path: path}
	as.fill()
	anchor, err := x.anchor(as)
	if err != nil { // what would have filled slots is then carried alone
		as.fills, as.named, as.taken = nil, nil, map[int]bool{}
	}
	x.loose(as)
	if err != nil {
		x.without(as)
		return
	}
	if x.keepLinks(as) || len(as.inside) > 0 {
		if anchor, err = x.anchor(as); err != nil {
			x.drop(path, o.Name, err.Error())
			return
		}
	}
	if !x.once(anchor) {
		x.drop(path, o.Name, "the event holds something else with the same uuid")
		return
	}
	x.anchored(as, anchor)
}

// fill gives each slot the first attribute that fits it, or all of them.
func (as *assembly) fill() {
	byRelation := map[string][]int{}
	for i, a := range as.Attributes {
		if !a.Deleted && a.Value != "" {
			byRelation[a.Relation] = append(byRelation[a.Relation], i)
		}
	}
	as.taken = map[int]bool{}
	full := map[string]bool{}
	for _, s := range as.slots {
		if full[s.path] {
			continue
		}
		n := 0
		for _, i := range byRelation[s.relation] {
			if _, err := s.read(as.Attributes[i].Value); err == nil && !as.taken[i] && (n == 0 || s.isList()) {
				as.fills = append(as.fills, fill{s, s.at(n), i})
				as.taken[i] = true
				n++
			}
		}
		full[s.path] = n > 0
	}
	if full["name"] {
		return
	}
	for _, relation := range as.names {
		if all := byRelation[relation]; len(all) > 0 {
			as.named = append(as.named, all[0])
			as.taken[all[0]] = true
		}
	}
}

// loose carries the attributes that fill no slot, and keeps those inside that nothing is made of.
func (x *export) loose(as *assembly) {
	for i, a := range as.Attributes {
		if as.taken[i] {
			continue
		}
		path := fmt.Sprintf("%s.Attribute[%d]", as.path, i)
		if f, ok := formOf(as.Name, a.Relation, a.Type); ok || a.Deleted || x.carriers[a.UUID] != "" {
			id, carried := x.attribute(a, path, &as.Object)
			if carried {
				as.free = append(as.free, id)
				continue
			}
			if a.Deleted || x.carriers[a.UUID] != "" || !ok || f.silent && strings.TrimSpace(a.Value) == "" {
				continue
			}
		}
		as.inside = append(as.inside, i)
	}
}

// anchor builds the carrier of an object. Links are ids only, known before what they name is built.
func (x *export) anchor(as *assembly) (stix.Object, error) {
	if as.typ == "" || len(as.fills)+len(as.named) == 0 {
		return stix.Object{}, fmt.Errorf("no slot of %s is filled", as.Name)
	}
	as.marks = nil
	p := plan{typ: as.typ, id: stix.ID(as.typ + "--" + as.UUID), modified: x.modified(as.Timestamp), said: said{Object: objectWords(as.Object)}}
	p.set = append(p.set, as.fixed...)
	if err := x.filled(as, &p); err != nil {
		return stix.Object{}, err
	}
	x.nameOf(as, &p)
	x.linked(as, &p)
	for _, need := range as.needs {
		if !slices.ContainsFunc(p.set, func(s property) bool { return s.name == need }) {
			return stix.Object{}, fmt.Errorf("an object %s says no %s", as.Name, need)
		}
	}
	switch as.typ {
	case "indicator":
		p.set = append(p.set, property{"valid_from", x.validFrom(Attribute{FirstSeen: as.FirstSeen, Timestamp: as.Timestamp})})
	case "note":
		p.set = append(p.set, property{"object_refs", []stix.ID{x.report}})
	}
	x.held(as, &p)
	p.marks = as.marks
	return x.build(p)
}

// filled sets the properties of the slots.
func (x *export) filled(as *assembly, p *plan) error {
	hashes, lists := map[string]string{}, map[string][]string{}
	for _, f := range as.fills {
		a := as.Attributes[f.attribute]
		v, err := f.read(a.Value)
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(f.slot.path, "[*]")
		algorithm, isHash := strings.CutPrefix(name, "hashes.")
		switch {
		case isHash:
			hashes[algorithm] = a.Value
		case f.isList():
			lists[name] = append(lists[name], a.Value)
		case as.typ == "phone-number" && name == "value":
			v, _ = phoneNumber(a.Value, x.opt)
			p.set = append(p.set, property{name, v})
		default:
			p.set = append(p.set, property{name, v})
		}
		x.consume(as, p, a, v)
	}
	if len(hashes) > 0 {
		p.set = append(p.set, property{"hashes", hashes})
	}
	for _, name := range sortedKeys(lists) {
		p.set = append(p.set, property{name, lists[name]})
	}
	return nil
}

// consume notes an attribute that fills a slot: what the extension says of it.
func (x *export) consume(as *assembly, p *plan, a Attribute, v any) {
	f, _ := formOf(as.Name, a.Relation, a.Type)
	words := x.said(as, p, a, form{silent: f.silent || f.at == nil})
	if spelt(v) != a.Value {
		words.Value = a.Value
	}
	p.said.Attributes = append(p.said.Attributes, words)
}

// said is what the extension of a carrier says of an attribute in it, whose tags reach the carrier.
func (x *export) said(as *assembly, p *plan, a Attribute, f form) saidAttribute {
	path := as.path + ".Attribute"
	as.marks = append(as.marks, x.markings(a.Tags, path)...)
	p.tags = append(p.tags, a.Tags...)
	mapped, rest := x.galaxies(a.Galaxies)
	return x.words(a, f, nil, mapped, rest)
}

// held puts the attributes that nothing is made of into the extension, values and all.
func (x *export) held(as *assembly, p *plan) {
	for _, i := range as.inside {
		words := x.said(as, p, as.Attributes[i], form{silent: true})
		words.Value, words.OnlyHere = as.Attributes[i].Value, true
		p.said.Attributes = append(p.said.Attributes, words)
	}
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
	if as.links == nil {
		x.findLinks(as)
	}
	for _, property := range sortedKeys(as.links) {
		p.set = append(p.set, link(property, as.links[property]))
	}
}

func (x *export) findLinks(as *assembly) {
	as.links = map[string][]stix.ID{}
	for i, a := range as.Attributes {
		link, ok := as.template.links[a.Relation]
		f, known := formOf(as.Name, a.Relation, a.Type)
		if !ok || !known || a.Deleted || as.taken[i] || x.carriers[a.UUID] != "" || !link.list && len(as.links[link.property]) > 0 {
			continue
		}
		if group, err := x.group(a, f, &as.Object, nil, nil, nil); err == nil {
			as.links[link.property] = append(as.links[link.property], group[0].ID())
		}
	}
}

// keepLinks forgets the links to what in the end was not built, and tells whether there were any.
func (x *export) keepLinks(as *assembly) (some bool) {
	for name, ids := range as.links {
		kept := slices.DeleteFunc(slices.Clone(ids), func(id stix.ID) bool { _, built := x.byID[id]; return !built })
		some = some || len(kept) < len(ids)
		if as.links[name] = kept; len(kept) == 0 {
			delete(as.links, name)
		}
	}
	return some
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
