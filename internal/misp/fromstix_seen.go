package misp

import (
	"slices"

	"github.com/go-json-experiment/json"

	"parley/stix"
)

// seen restores what is about something else: sightings and references.
func (m *reverse) seen(o stix.Object) {
	s, _ := saidBy(o)
	switch {
	case s.Sighting != nil:
		m.ownSighting(o, *s.Sighting)
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

// clusters gives those of the objects that are entries of galaxies, by galaxy.
func (m *reverse) clusters(ids []stix.ID) (galaxies []Galaxy) {
	type key struct{ uuid, name, typ string }
	places := map[key]int{}
	for _, id := range ids {
		if _, isCluster := clusterGalaxies[id.Type()]; !isCluster {
			continue
		}
		o, ok := m.find(id)
		if !ok {
			m.drop(string(id), id.Type(), "is referred to and not among the objects")
			continue
		}
		g, c, ok := m.cluster(o)
		if !ok {
			continue
		}
		m.used[id] = true
		k := key{g.UUID, g.Name, g.Type}
		i, there := places[k]
		if !there {
			i, places[k] = len(galaxies), len(galaxies)
			galaxies = append(galaxies, g)
		}
		galaxies[i].Clusters = append(galaxies[i].Clusters, c)
	}
	return galaxies
}

// addCluster puts a cluster that nothing named into the galaxies of an event.
func addCluster(galaxies []Galaxy, g Galaxy, c Cluster) []Galaxy {
	i := slices.IndexFunc(galaxies, func(h Galaxy) bool { return h.UUID == g.UUID && h.Type == g.Type && h.Name == g.Name })
	if i < 0 {
		galaxies, i = append(galaxies, g), len(galaxies)
	}
	galaxies[i].Clusters = append(galaxies[i].Clusters, c)
	return galaxies
}

// clusterGalaxies are the galaxies for objects that came from elsewhere, named as MISP's own converter
// names them.
var clusterGalaxies = map[string]string{
	"threat-actor": "STIX 2.1 Threat Actor", "intrusion-set": "STIX 2.1 Intrusion Set",
	"attack-pattern": "STIX 2.1 Attack Pattern", "malware": "STIX 2.1 Malware", "tool": "STIX 2.1 Tool",
	"course-of-action": "STIX 2.1 Course of Action", "campaign": "STIX 2.1 Campaign",
}

// cluster turns an object into the entry of a galaxy. What carries an attribute is none.
func (m *reverse) cluster(o stix.Object) (Galaxy, Cluster, bool) {
	c := Cluster{UUID: o.ID().UUID().String()}
	c.Value, _ = o.String("name")
	c.Description, _ = o.String("description")
	c.Meta.Synonyms, _ = o.Strings("aliases")
	s, ours := saidBy(o)
	switch {
	case ours && s.Cluster == nil, c.Value == "":
		return Galaxy{}, c, false
	case ours:
		w := s.Cluster
		c.Type, c.TagName, c.Source, c.Version = w.Type, w.TagName, w.Source, w.Version
		for _, ref := range externalReferences(o) {
			c.Meta.Refs = append(c.Meta.Refs, ref.URL+ref.Description)
		}
		return Galaxy{UUID: w.GalaxyUUID, Name: w.GalaxyName, Type: w.GalaxyType}, c, true
	}
	return m.foreignCluster(o, c)
}

func (m *reverse) foreignCluster(o stix.Object, c Cluster) (Galaxy, Cluster, bool) {
	g := Galaxy{Name: clusterGalaxies[o.Type()], Type: "stix-2.1-" + o.Type(), UUID: derived("galaxy", o.Type()).UUID().String()}
	c.Type, c.Source = g.Type, "STIX"
	c.TagName = "misp-galaxy:" + g.Type + `="` + c.Value + `"`
	c.Version = second(o.Modified().Time().Unix())
	for _, ref := range externalReferences(o) {
		if ref.URL != "" {
			c.Meta.Refs = append(c.Meta.Refs, ref.URL)
		} else {
			m.drop(string(o.ID()), "external_references", "a reference without a URL has no place in MISP")
		}
	}
	m.leftover(o, "name", "description", "aliases", "external_references")
	return g, c, true
}

// externalReference is what is read of one.
type externalReference struct {
	URL         string `json:"url"`
	Description string `json:"description"`
}

func externalReferences(o stix.Object) (refs []externalReference) {
	if raw, ok := o.Raw("external_references"); ok {
		if err := json.Unmarshal(raw, &refs); err != nil {
			return nil
		}
	}
	return refs
}
