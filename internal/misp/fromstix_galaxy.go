package misp

import (
	"github.com/go-json-experiment/json"

	"parley/stix"
)

// clusters gives those of the objects that are entries of galaxies, by galaxy.
func (m *reverse) clusters(ids []stix.ID) (galaxies []Galaxy) {
	var all galaxyList
	for _, id := range ids {
		o, ok := m.find(id)
		switch {
		case ok:
			if g, c, is := m.cluster(o); is {
				m.used[id] = true
				m.clustered[id] = oneCluster{g, c}
				all.add(g, c)
			}
		case clusterGalaxies[id.Type()] != "":
			m.drop(string(id), id.Type(), "is referred to and not among the objects")
		}
	}
	return all.galaxies
}

// oneCluster is a cluster and the galaxy that it is of.
type oneCluster struct {
	galaxy  Galaxy
	cluster Cluster
}

// galaxyList puts clusters into their galaxies.
type galaxyList struct {
	galaxies []Galaxy
	at       map[galaxyName]int
}

type galaxyName struct{ uuid, name, typ string }

func (l *galaxyList) add(g Galaxy, clusters ...Cluster) {
	if l.at == nil {
		l.at = map[galaxyName]int{}
	}
	name := galaxyName{g.UUID, g.Name, g.Type}
	i, there := l.at[name]
	if !there {
		g.Clusters = nil
		i, l.at[name] = len(l.galaxies), len(l.galaxies)
		l.galaxies = append(l.galaxies, g)
	}
	l.galaxies[i].Clusters = append(l.galaxies[i].Clusters, clusters...)
}

// withRest adds the clusters that STIX has no type for, and that only the extension holds.
func withRest(galaxies []Galaxy, rest ...Galaxy) []Galaxy {
	var all galaxyList
	for _, g := range galaxies {
		all.add(g, g.Clusters...)
	}
	for _, g := range rest {
		all.add(g, g.Clusters...)
	}
	return all.galaxies
}

// clusterGalaxies are the galaxies for objects that came from elsewhere, named as MISP's own converter
// names them.
var clusterGalaxies = map[string]string{
	"threat-actor": "STIX 2.1 Threat Actor", "intrusion-set": "STIX 2.1 Intrusion Set",
	"attack-pattern": "STIX 2.1 Attack Pattern", "malware": "STIX 2.1 Malware", "tool": "STIX 2.1 Tool",
	"course-of-action": "STIX 2.1 Course of Action", "campaign": "STIX 2.1 Campaign",
}

// cluster turns an object into the entry of a galaxy. What carries an attribute or an object is none.
func (m *reverse) cluster(o stix.Object) (Galaxy, Cluster, bool) {
	s, ours := saidBy(o)
	c := Cluster{UUID: o.ID().UUID().String()}
	c.Value, _ = o.String("name")
	c.Description, _ = o.String("description")
	switch {
	case c.Value == "", o.Revoked(), ours && s.Cluster == nil, !ours && clusterGalaxies[o.Type()] == "":
		return Galaxy{}, c, false
	case !ours:
		return m.foreignCluster(o, c)
	}
	w := s.Cluster
	g := Galaxy{UUID: w.GalaxyUUID, Name: w.GalaxyName, Type: w.GalaxyType}
	c.Type, c.TagName, c.Source, c.Version, c.Meta = w.Type, w.TagName, w.Source, w.Version, metaOf(w.Meta)
	if aliases, ok := o.Strings("aliases"); ok {
		c.Meta["synonyms"] = aliases
	}
	for _, ref := range externalReferences(o) {
		if ref.ID == "" {
			c.Meta["refs"] = append(c.Meta["refs"], ref.URL+ref.Description)
		}
	}
	if nameless(o.Type(), g, c) == o.ID() {
		c.UUID = ""
	}
	return g, c, true
}

func (m *reverse) foreignCluster(o stix.Object, c Cluster) (Galaxy, Cluster, bool) {
	g := Galaxy{Name: clusterGalaxies[o.Type()], Type: "stix-2.1-" + o.Type(), UUID: derived("galaxy", o.Type()).UUID().String()}
	if typ := hint(o, "galaxy-type"); typ != "" {
		g = Galaxy{Name: hint(o, "galaxy-name"), Type: typ}
	}
	c.UUID, c.Type, c.Source, c.Meta = m.uuid(o.ID()), g.Type, "STIX", map[string][]string{}
	c.TagName = "misp-galaxy:" + g.Type + `="` + c.Value + `"`
	c.Version = second(o.Modified().Time().Unix())
	if aliases, ok := o.Strings("aliases"); ok {
		c.Meta["synonyms"] = aliases
	}
	seen := map[string]bool{}
	for _, ref := range externalReferences(o) {
		switch {
		case ref.URL != "" && !seen[ref.URL]:
			seen[ref.URL] = true
			c.Meta["refs"] = append(c.Meta["refs"], ref.URL)
		case ref.URL == "" && ref.ID == "":
			m.drop(string(o.ID()), "external_references", "a reference with neither URL nor id has no place in MISP")
		}
		if ref.ID != "" {
			c.Meta["external_id"] = append(c.Meta["external_id"], ref.ID)
		}
	}
	m.leftover(o, "name", "description", "aliases", "external_references", "is_family")
	return g, c, true
}

// externalReference is what is read of one.
type externalReference struct {
	URL         string `json:"url"`
	Description string `json:"description"`
	ID          string `json:"external_id"`
}

func externalReferences(o stix.Object) (refs []externalReference) {
	if raw, ok := o.Raw("external_references"); ok {
		if err := json.Unmarshal(raw, &refs); err != nil {
			return nil
		}
	}
	return refs
}
