package misp

import (
	"regexp"
	"slices"
	"strings"

	"parley/stix"
)

// comparison is one term of a pattern: a property that equals a text or a number.
type comparison struct{ typ, path, value string }

// term is a comparison at the start of a text, and simple a pattern of nothing but such terms that must
// all hold.
var term = regexp.MustCompile(`^\s*([a-z0-9-]+):((?:[a-z_0-9]+|hashes\.'?[A-Za-z0-9-]+'?)(?:\[[*0]\])?(?:\.[a-z_0-9]+)?)\s*=\s*('(?:[^'\\]|\\.)*'|[0-9]+)\s*`)

// comparisons reads a pattern that asks for one observation in which all its terms hold; ok is false
// for any other.
func comparisons(text string) (terms []comparison, ok bool) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "[") || !strings.HasSuffix(text, "]") {
		return nil, false
	}
	for rest := text[1 : len(text)-1]; ; {
		parts := term.FindStringSubmatch(rest)
		if parts == nil {
			return nil, false
		}
		c := comparison{parts[1], strings.ReplaceAll(strings.ReplaceAll(parts[2], "'", ""), "[*]", "[0]"), parts[3]}
		if quoted, isText := strings.CutPrefix(c.value, "'"); isText {
			c.value = unescape.Replace(strings.TrimSuffix(quoted, "'"))
		}
		c.path = strings.TrimSuffix(c.path, ".value")
		terms = append(terms, c)
		if rest = rest[len(parts[0]):]; rest == "" {
			return terms, slices.IndexFunc(terms, func(c comparison) bool { return c.typ != terms[0].typ }) < 0
		}
		if rest, ok = strings.CutPrefix(rest, "AND"); !ok || len(terms) >= mostTerms {
			return nil, false
		}
	}
}

// mostTerms is how many terms of a pattern are looked at; one of more stays a pattern.
const mostTerms = 64

var unescape = strings.NewReplacer(`\\`, `\`, `\'`, `'`)

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
	terms, simple := comparisons(text)
	simple = simple && language == "stix"
	if simple && (m.basedOn(o, terms) || m.asAttribute(o, terms) || m.asObject(o, terms)) {
		return
	}
	typ := ruleType(language)
	if typ == "" {
		m.drop(string(o.ID()), "indicator", "MISP has no attribute for patterns of "+shown(language))
		return
	}
	m.keepIndicator(o, m.plainAttribute(o, typ, text))
}

// keepIndicator adds what an indicator says beside its pattern.
func (m *reverse) keepIndicator(o stix.Object, a Attribute) {
	a.ToIDs = true
	a.Comment = commentOf(o)
	if from, ok := o.String("valid_from"); ok {
		a.FirstSeen = from
	}
	m.keep(o.ID(), "", a)
	m.indicatorLeftover(o)
}

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
	m.leftover(o, "pattern", "pattern_type", "pattern_version", "valid_from", "name", "description", "kill_chain_phases")
	if phases, ok := o.Raw("kill_chain_phases"); ok && !strings.Contains(string(phases), "misp-category") {
		m.drop(string(o.ID()), "kill_chain_phases", noPlace)
	}
}

// asAttribute takes a pattern for one attribute.
func (m *reverse) asAttribute(o stix.Object, terms []comparison) bool {
	types := usual[terms[0].typ]
	if terms[0].typ == "file" {
		for _, a := range algorithms {
			types = append(slices.Clip(types), "filename|"+a.misp)
		}
	}
	if hint := m.hints[string(o.ID())]; hint != "" {
		types = append([]string{hint}, types...)
	}
	for _, typ := range append(slices.Clip(types), "domain|ip") {
		f, ok := forms[typ]
		if !ok || f.silent || len(f.at) != len(terms) || terms[0].typ == "user-account" && len(terms) < 2 && m.hints[string(o.ID())] == "" {
			continue
		}
		if value, ok := valueOf(f.at, terms); ok {
			if sketches, err := f.sketch(value, m.opt); err == nil && sketches[0].typ == terms[0].typ {
				m.keepIndicator(o, m.plainAttribute(o, typ, value))
				return true
			}
		}
	}
	return false
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
	var found []*Attribute
	for _, c := range terms {
		j := slices.IndexFunc(m.event.Objects[i].Attributes, func(a Attribute) bool { return a.Value == c.value })
		if j >= 0 {
			found = append(found, &m.event.Objects[i].Attributes[j])
		}
	}
	for _, a := range found {
		a.ToIDs = true
	}
	if len(found) < len(terms) {
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
