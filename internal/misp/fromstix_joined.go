package misp

import (
	"parley/stix"
)

// joined takes relationships and sightings of what came from elsewhere, and lists all that is left.
func (m *reverse) joined(o stix.Object) {
	m.used[o.ID()] = true
	switch o.Type() {
	case "relationship":
		m.foreignReference(o)
	case "sighting":
		m.foreignSighting(o)
	case "observed-data":
		m.observed(o)
	case "opinion":
		m.foreignOpinion(o)
	default:
		m.drop(string(o.ID()), o.Type(), "this type has no place in MISP")
	}
}

// foreignReference takes a relationship for a reference of an object.
func (m *reverse) foreignReference(o stix.Object) {
	kind, from, to := ends(o)
	source, target := m.carriedBy[from], m.carriedBy[to]
	if kind == "based-on" && len(source) > 0 && len(target) > 0 && source[0] == target[0] {
		return // an indicator and what it was made of are one thing in MISP
	}
	if len(source) > 0 && len(target) > 0 {
		if i, ok := m.objectAt[source[0]]; ok {
			r := Reference{UUID: m.uuid(o.ID()), Object: source[0], Referenced: target[0], Type: kind, Timestamp: m.moment(o)}
			r.Comment, _ = o.String("description")
			m.event.Objects[i].References = append(m.event.Objects[i].References, r)
			m.leftover(o, "relationship_type", "source_ref", "target_ref", "description")
			return
		}
	}
	if one, ok := m.clustered[to]; ok && len(source) > 0 && (kind == "indicates" || kind == "related-to") {
		for _, uuid := range source {
			if _, ok := m.places[uuid]; ok {
				if m.given[uuid] == nil {
					m.given[uuid] = new(galaxyList)
				}
				m.given[uuid].add(one.galaxy, one.cluster)
			}
		}
		m.leftover(o, "relationship_type", "source_ref", "target_ref")
		return
	}
	m.drop(string(o.ID()), kind, "in MISP only an object can refer, to an object or an attribute of the same event")
}

func (m *reverse) foreignSighting(o stix.Object) {
	of, _ := o.String("sighting_of_ref")
	when, ok := o.Time("last_seen")
	if !ok {
		when = o.Created()
	}
	uuid, known := m.oneOf(stix.ID(of), "")
	a, found := m.attribute(uuid)
	if !known || !found {
		m.drop(string(o.ID()), "sighting", "what was seen is no attribute of the event")
		return
	}
	s := Sighting{UUID: m.uuid(o.ID()), Type: "0", Date: second(when.Time().Unix())}
	s.Source, _ = o.String("description")
	by := o.CreatedByRef()
	if where, _ := o.Strings("where_sighted_refs"); len(where) > 0 {
		by = stix.ID(where[0])
		if len(where) > 1 {
			m.drop(string(o.ID()), "where_sighted_refs", "in MISP one organisation saw it; the first was taken")
		}
	}
	s.By = m.organisation(by)
	a.Sightings = append(a.Sightings, s)
	m.leftover(o, "sighting_of_ref", "last_seen", "where_sighted_refs", "description")
}

// observed says of what it holds when it was seen.
func (m *reverse) observed(o stix.Object) {
	first, _ := o.String("first_observed")
	last, _ := o.String("last_observed")
	refs, _ := o.Strings("object_refs")
	some := false
	for _, ref := range refs {
		for _, uuid := range m.carriedBy[stix.ID(ref)] {
			some = true
			if i, ok := m.objectAt[uuid]; ok {
				m.event.Objects[i].FirstSeen, m.event.Objects[i].LastSeen = first, last
			} else if a, ok := m.attribute(uuid); ok {
				a.FirstSeen, a.LastSeen = first, last
			}
		}
	}
	if !some {
		m.drop(string(o.ID()), o.Type(), "nothing that was observed is in the event")
		return
	}
	m.carriedBy[o.ID()] = m.carriedBy[stix.ID(refs[0])]
	m.leftover(o, "first_observed", "last_observed", "object_refs", "number_observed")
	if n, _ := o.Int("number_observed"); n > 1 {
		m.drop(string(o.ID()), "number_observed", noPlace)
	}
}
