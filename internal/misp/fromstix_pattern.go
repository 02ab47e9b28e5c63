package misp

import (
	"maps"
	"slices"
	"strings"

	"parley/stix"
)

// foreignIndicator takes a pattern for what it looks for, if MISP has that as an attribute or an
// object, and for a rule otherwise.
func (m *reverse) foreignIndicator(o stix.Object) {
	if o.Type() != "indicator" {
		return
	}
	m.used[o.ID()] = true
	language, _ := o.String("pattern_type")
	text, _ := o.String("pattern")
	if o.Revoked() {
		m.drop(string(o.ID()), "indicator", "was revoked")
		return
	}
	terms, all, simple := comparisons(text)
	switch {
	case !simple || language != "stix":
	case all && (m.basedOn(o, terms) || m.asAttribute(o, terms) || m.asObject(o, terms)):
		return
	case !all && m.asAttributes(o, terms):
		return
	}
	typ := ruleType(language)
	if typ == "" {
		m.drop(string(o.ID()), "indicator", "MISP has no attribute for patterns of "+shown(language))
		return
	}
	a := m.plainAttribute(o, typ, text)
	if m.kept[a.UUID] { // an observable of the same UUID is in the event too
		a.UUID = placed("", "pattern", a.UUID, 0)
	}
	m.keepIndicator(o, a)
	m.indicatorLeftover(o)
}

// keepIndicator adds what an indicator says beside its pattern. Where the event holds the value already,
// that attribute is what may be used to detect: MISP takes no value twice.
func (m *reverse) keepIndicator(o stix.Object, a Attribute) {
	if there, ok := m.attribute(m.byValue[typedValue{a.Type, a.Value}]); ok {
		m.carriedBy[o.ID()] = append(m.carriedBy[o.ID()], there.UUID)
		there.Comment = orElse(there.Comment, commentOf(o))
		m.detect(o, there)
		return
	}
	a.Comment = commentOf(o)
	m.detect(o, &a)
	m.keep(o.ID(), "", a)
}

// detect marks an attribute as one that may be used to detect, from when and how long.
func (m *reverse) detect(o stix.Object, a *Attribute) {
	a.ToIDs = true
	if from, ok := o.String("valid_from"); ok {
		a.FirstSeen = orElse(a.FirstSeen, from)
	}
	if until, ok := o.Time("valid_until"); ok {
		a.Sightings = append(a.Sightings, Sighting{UUID: placed("", "expiration", a.UUID, len(a.Sightings)), Type: "2", Date: second(until.Time().Unix())})
	}
}

// typedValue finds an attribute of the event itself.
type typedValue struct{ typ, value string }

// commentOf gives what an indicator says in words.
func commentOf(o stix.Object) string {
	name, _ := o.String("name")
	description, _ := o.String("description")
	if name != "" && description != "" && name != description {
		return name + ": " + description
	}
	return orElse(description, name)
}

func (m *reverse) indicatorLeftover(o stix.Object) {
	m.leftover(o, "pattern", "pattern_type", "pattern_version", "valid_from", "valid_until", "name", "description", "kill_chain_phases")
	if phases, ok := o.Raw("kill_chain_phases"); ok && !strings.Contains(string(phases), "misp-category") {
		m.drop(string(o.ID()), "kill_chain_phases", noPlace)
	}
}

// asAttribute takes a pattern for one attribute.
func (m *reverse) asAttribute(o stix.Object, terms []comparison) bool {
	typ, value := m.attributeOf(terms, m.hints[string(o.ID())])
	if typ == "" {
		return false
	}
	m.keepIndicator(o, m.plainAttribute(o, typ, value))
	m.indicatorLeftover(o)
	return true
}

// asAttributes takes a pattern of alternatives for as many attributes, if each is one.
func (m *reverse) asAttributes(o stix.Object, terms []comparison) bool {
	all := make([]Attribute, len(terms))
	for i, c := range terms {
		typ, value := m.attributeOf([]comparison{c}, "")
		if typ == "" {
			return false
		}
		all[i] = m.plainAttribute(o, typ, value)
		all[i].UUID = placed("", "alternative", all[i].UUID, i)
	}
	for _, a := range all {
		m.keepIndicator(o, a)
		m.settle()
	}
	m.indicatorLeftover(o)
	return true
}

// attributeOf finds the type of the attribute that terms look for, and its value. An attribute of the
// event with that value goes before.
func (m *reverse) attributeOf(terms []comparison, hint string) (typ, value string) {
	types := usual[terms[0].typ]
	if terms[0].typ == "user-account" && hint == "" {
		return "", "" // the service is not known
	}
	if terms[0].typ == "file" && len(terms) == 2 {
		for _, a := range algorithms {
			types = append(slices.Clip(types), "filename|"+a.misp)
		}
	}
	if hint != "" {
		types = append([]string{hint}, types...)
	}
	for _, t := range append(slices.Clip(types), "domain|ip") {
		f, ok := forms[t]
		if !ok || f.silent || len(f.at) != len(terms) {
			continue
		}
		v, ok := valueOf(f.at, terms)
		if !ok {
			continue
		}
		if sketches, err := f.sketch(v, m.opt); err == nil && sketches[0].typ == terms[0].typ {
			if _, there := m.byValue[typedValue{t, v}]; there {
				return t, v
			}
			if typ == "" {
				typ, value = t, v
			}
		}
	}
	return typ, value
}

// valueOf joins the values of the terms in the order of the paths.
func valueOf(paths []string, terms []comparison) (string, bool) {
	parts := make([]string, len(paths))
	for i, path := range paths {
		j := slices.IndexFunc(terms, func(c comparison) bool { return c.path == path })
		if j < 0 {
			return "", false
		}
		parts[i] = terms[j].value
	}
	return strings.Join(parts, "|"), true
}

// asObject takes a pattern for an object of a template, each term of which is an attribute.
func (m *reverse) asObject(o stix.Object, terms []comparison) bool {
	if len(terms) < 2 {
		return false
	}
	for _, u := range usualTemplates {
		t := templates[u.name]
		if t.typ != terms[0].typ {
			continue
		}
		in := &templating{object: m.newObject(u.name, m.uuid(o.ID()), m.moment(o)), tags: m.restored(o, labelled(o, nil))}
		if !in.fits(t, terms) {
			continue
		}
		in.object.Comment = commentOf(o)
		m.objectAt[in.object.UUID] = len(m.event.Objects)
		m.event.Objects = append(m.event.Objects, in.object)
		m.carriedBy[o.ID()] = append(m.carriedBy[o.ID()], in.object.UUID)
		for _, a := range in.attributes {
			a.ToIDs = true
			m.keep(o.ID(), in.object.UUID, a)
		}
		m.indicatorLeftover(o)
		return true
	}
	return false
}

// fits fills a template with the terms of a pattern and tells whether all had a place.
func (in *templating) fits(t template, terms []comparison) bool {
	for _, c := range terms {
		fixed := slices.IndexFunc(t.fixed, func(s property) bool { return s.name == c.path })
		slot := slices.IndexFunc(t.slots, func(s slot) bool { return s.at(0) == c.path })
		switch {
		case fixed >= 0:
			if text, _ := t.fixed[fixed].value.(string); text != c.value {
				return false
			}
		case slot >= 0:
			in.add(t.slots[slot].relation, c.value)
		default:
			relation, ok := linkOf(t, c.path)
			if !ok {
				return false
			}
			in.add(relation, c.value)
		}
	}
	return len(in.attributes) > 0
}

// linkOf names the relation whose values a property refers to.
func linkOf(t template, path string) (string, bool) {
	for _, relation := range sortedKeys(t.links) {
		if t.links[relation].property == strings.TrimSuffix(path, "[0]") {
			return relation, true
		}
	}
	return "", false
}

// basedOn takes an indicator for the wish to detect with what it shares its UUID with, as MISP's own
// converter writes it, if all its terms are there.
func (m *reverse) basedOn(o stix.Object, terms []comparison) bool {
	uuid := m.uuid(o.ID())
	i, isObject := m.objectAt[uuid]
	if !isObject {
		a, ok := m.attribute(uuid)
		if !ok || !says(forms[a.Type].at, a.Value, terms) {
			return false
		}
		a.ToIDs = true
		m.carriedBy[o.ID()] = append(m.carriedBy[o.ID()], a.UUID)
		m.indicatorLeftover(o)
		return true
	}
	found := map[string]bool{}
	for _, c := range terms {
		found[c.value] = false
	}
	attributes := m.event.Objects[i].Attributes
	for j := range attributes {
		if _, asked := found[attributes[j].Value]; asked {
			found[attributes[j].Value], attributes[j].ToIDs = true, true
		}
	}
	if slices.Contains(slices.Collect(maps.Values(found)), false) {
		m.drop(string(o.ID()), "indicator", "not all that its pattern asks for is in the object that it is of; what is there may be used to detect")
	}
	m.carriedBy[o.ID()] = append(m.carriedBy[o.ID()], m.event.Objects[i].UUID)
	m.indicatorLeftover(o)
	return true
}

// says tells whether an attribute's value is what the terms ask for.
func says(paths []string, value string, terms []comparison) bool {
	asked, ok := valueOf(paths, terms)
	return ok && len(paths) > 0 && asked == value
}

// ruleType gives the attribute type of rules in a language.
func ruleType(language string) string {
	for _, typ := range sortedKeys(rules) {
		if rules[typ] == language {
			return typ
		}
	}
	return ""
}
