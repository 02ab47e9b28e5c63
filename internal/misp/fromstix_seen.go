package misp

import (
	"slices"

	"parley/stix"
)

// seen restores what is about something else: sightings and references.
func (m *reverse) seen(o stix.Object) {
	s, _ := saidBy(o)
	switch {
	case s.Sighting != nil:
		m.ownSighting(o, *s.Sighting)
	case s.Analyst != nil && (o.Type() == "note" || o.Type() == "opinion"):
		m.ownAnalyst(o, *s.Analyst)
	case o.Type() == "relationship" && s.Reference != nil:
		m.ownReference(o, *s.Reference)
	case o.Type() == "relationship" && m.isStructure(o):
		m.used[o.ID()] = true
	}
}

// isStructure tells whether a relationship only says in STIX what MISP says by where a thing stands.
func (m *reverse) isStructure(o stix.Object) bool {
	kind, from, to := ends(o)
	return derived("relationship", kind, string(from), string(to)) == o.ID() && m.used[from] && m.used[to]
}

func ends(o stix.Object) (kind string, from, to stix.ID) {
	kind, _ = o.String("relationship_type")
	source, _ := o.String("source_ref")
	target, _ := o.String("target_ref")
	return kind, stix.ID(source), stix.ID(target)
}

func (m *reverse) ownSighting(o stix.Object, s saidSighting) {
	a, ok := m.attribute(s.Attribute)
	if !ok {
		return
	}
	m.used[o.ID()] = true
	sighting := Sighting{UUID: o.ID().UUID().String(), Type: s.Type, Date: s.Date, Source: s.Source}
	sighting.By = m.organisation(o.CreatedByRef())
	a.Sightings = append(a.Sightings, sighting)
}

func (m *reverse) ownReference(o stix.Object, s saidReference) {
	kind, from, to := ends(o)
	if s.Type != "" && kind == "related-to" {
		kind = s.Type
	}
	object, ok := m.oneOf(from, s.Object)
	i, isObject := m.objectAt[object]
	if !ok || !isObject {
		return
	}
	target, ok := m.oneOf(to, s.Referenced)
	if !ok {
		return
	}
	m.used[o.ID()] = true
	r := Reference{UUID: o.ID().UUID().String(), Object: object, Referenced: target, Type: kind, Timestamp: s.Timestamp}
	r.Comment, _ = o.String("description")
	m.event.Objects[i].References = append(m.event.Objects[i].References, r)
}

// oneOf gives the UUID of what an object carries: the one hinted at, or the first.
func (m *reverse) oneOf(carrier stix.ID, hint string) (string, bool) {
	all := m.carriedBy[carrier]
	switch {
	case len(all) == 0:
		return "", false
	case slices.Contains(all, hint):
		return hint, true
	}
	return all[0], true
}
