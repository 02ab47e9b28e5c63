package misp

import (
	"slices"
	"strings"
	"time"

	"parley/stix"
)

// clusterTypes are the STIX types of MISP's galaxies, by the galaxy's type or its end.
var clusterTypes = []struct{ galaxy, stix string }{
	{"threat-actor", "threat-actor"},
	{"terrorist-groups", "threat-actor"},
	{"microsoft-activity-group", "threat-actor"},
	{"360net", "threat-actor"},
	{"groups", "intrusion-set"},
	{"intrusion-set", "intrusion-set"},
	{"attack-pattern", "attack-pattern"},
	{"techniques", "attack-pattern"},
	{"technique", "attack-pattern"},
	{"misinformation-pattern", "attack-pattern"},
	{"attck4fraud", "attack-pattern"},
	{"tea-matrix", "attack-pattern"},
	{"course-of-action", "course-of-action"},
	{"countermeasures", "course-of-action"},
	{"mitigations", "course-of-action"},
	{"d3fend", "course-of-action"},
	{"preventive-measure", "course-of-action"},
	{"guidelines", "course-of-action"},
	{"malware", "malware"},
	{"malpedia", "malware"},
	{"ransomware", "malware"},
	{"stealer", "malware"},
	{"banker", "malware"},
	{"backdoor", "malware"},
	{"botnet", "malware"},
	{"wiper", "malware"},
	{"stalkerware", "malware"},
	{"cryptominers", "malware"},
	{"android", "malware"},
	{"tool", "tool"},
	{"rat", "tool"},
	{"exploit-kit", "tool"},
	{"tds", "tool"},
	{"campaign", "campaign"},
	{"campaigns", "campaign"},
	{"branded-vulnerability", "vulnerability"},
	{"branded_vulnerability", "vulnerability"},
	{"sector", "identity"},
	{"intelligence-agencies", "identity"},
	{"surveillance-vendor", "identity"},
	{"software-vendor", "identity"},
	{"country", "location"},
	{"target-information", "location"},
}

// clusterType gives the STIX type of a galaxy.
func clusterType(galaxy string) (string, bool) {
	for _, t := range clusterTypes {
		if galaxy == t.galaxy || strings.HasSuffix(galaxy, "-"+t.galaxy) {
			return t.stix, true
		}
	}
	return "", false
}

// galaxies turns clusters into the actors, techniques and places that they are. Those that STIX has no
// type for, or that lack what their type needs, are given back for the extension to hold. The tags of
// all stay tags.
func (x *export) galaxies(galaxies []Galaxy) (ids []stix.ID, rest []Galaxy) {
	for _, g := range galaxies {
		left := g
		left.Clusters = nil
		for _, c := range g.Clusters {
			if id := x.clusterOnce(g, c); id != "" {
				ids = append(ids, id)
			} else {
				left.Clusters = append(left.Clusters, c)
			}
		}
		if len(left.Clusters) > 0 || len(g.Clusters) == 0 {
			rest = append(rest, left)
		}
	}
	return unique(ids), rest
}

// clusterOnce keeps the object of a cluster, which may stand in an event many times. Old versions of
// MISP give none a UUID; one is made of its galaxy and its value then, both of which a catalogue
// publishes. One that is not as it was before, or that shares its UUID, has no object.
func (x *export) clusterOnce(g Galaxy, c Cluster) stix.ID {
	typ, ok := clusterType(g.Type)
	if !ok || c.Value == "" {
		return ""
	}
	id := stix.ID(typ + "--" + c.UUID)
	if c.UUID == "" {
		id = nameless(typ, g, c)
	}
	o, err := x.build(cluster(g, c, typ, id))
	if err != nil {
		return ""
	}
	if !x.once(o) {
		return ""
	}
	return id
}

// nameless gives the id of a cluster to which MISP gave no UUID.
func nameless(typ string, g Galaxy, c Cluster) stix.ID { return derived(typ, g.Type, c.Value) }

// cluster plans the object of a cluster. It is of no event, so its times are its own: the version, as
// seconds.
func cluster(g Galaxy, c Cluster, typ string, id stix.ID) plan {
	words := &saidCluster{
		GalaxyUUID: g.UUID, GalaxyName: g.Name, GalaxyType: g.Type, Type: c.Type, TagName: c.TagName, Source: c.Source, Version: c.Version,
	}
	p := plan{
		typ: typ, id: id, modified: stix.NewTimestamp(time.Unix(c.Version, 0), 3), shared: true,
		set: append([]property{{"name", c.Value}}, natural(typ, g, c)...), said: said{Cluster: words},
	}
	if c.Description != "" {
		p.set = append(p.set, property{"description", c.Description})
	}
	for _, m := range saidMetaOf(c.Meta) {
		switch {
		case m.Name == "synonyms" && slices.Contains(withAliases, typ):
			p.set = append(p.set, property{"aliases", m.Values})
		case m.Name != "refs":
			words.Meta = append(words.Meta, m)
		}
	}
	if refs := clusterReferences(g, c); len(refs) > 0 {
		p.set = append(p.set, property{"external_references", refs})
	}
	return p
}

// withAliases are the types of clusters that have other names in STIX.
var withAliases = []string{"threat-actor", "intrusion-set", "attack-pattern", "malware", "tool", "campaign"}

// natural are the properties that the type of a cluster needs beside a name.
func natural(typ string, g Galaxy, c Cluster) []property {
	switch typ {
	case "malware":
		return []property{{"is_family", true}}
	case "threat-actor":
		if g.Type == "terrorist-groups" {
			return []property{{"threat_actor_types", []string{"terrorist"}}}
		}
	case "identity":
		if g.Type == "sector" || strings.HasSuffix(g.Type, "-sector") {
			return []property{{"identity_class", "class"}}
		}
		return []property{{"identity_class", "organization"}}
	case "location":
		for _, name := range []string{"ISO", "iso-code"} {
			if code := c.Meta[name]; len(code) > 0 {
				return []property{{"country", strings.ToUpper(code[0])}}
			}
		}
	}
	return nil
}

// clusterReferences are a cluster's links, and the name it has in its catalogue.
func clusterReferences(g Galaxy, c Cluster) (refs []map[string]string) {
	for _, ref := range c.Meta["refs"] {
		kind := "description"
		if isLink(ref) {
			kind = "url"
		}
		refs = append(refs, map[string]string{"source_name": "misp-galaxy", kind: ref})
	}
	for _, id := range c.Meta["external_id"] {
		if id != "" && g.Type != "" {
			refs = append(refs, map[string]string{"source_name": catalogueOf(id, g.Type), "external_id": id})
		}
	}
	return refs
}

// catalogueOf gives the name that STIX asks for of the catalogue that an id is from, or the galaxy's.
func catalogueOf(id, galaxy string) string {
	for _, name := range []string{"cve", "capec"} {
		if strings.HasPrefix(id, strings.ToUpper(name)+"-") {
			return name
		}
	}
	return galaxy
}
