package misp

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"parley/stix"
)

// organisation gives the identity of an organisation, or "".
func (x *export) organisation(o *Organisation, path string) stix.ID {
	if o == nil {
		return ""
	}
	if o.UUID == "" || o.Name == "" {
		x.drop(path, "organisation", "has no uuid or no name")
		return ""
	}
	p := plan{
		typ: "identity", id: stix.ID("identity--" + o.UUID), modified: stix.NewTimestamp(time.Unix(0, 0), 3), shared: true,
		set: []property{{"name", o.Name}, {"identity_class", "organization"}},
	}
	if !x.put(p, path, "organisation") {
		return ""
	}
	return p.id
}

// clusterTypes are the STIX types of MISP's galaxies, by the galaxy's type or its end.
var clusterTypes = []struct{ galaxy, stix string }{
	{"threat-actor", "threat-actor"},
	{"microsoft-activity-group", "threat-actor"},
	{"intrusion-set", "intrusion-set"},
	{"attack-pattern", "attack-pattern"},
	{"mitre-ics-techniques", "attack-pattern"},
	{"course-of-action", "course-of-action"},
	{"malware", "malware"},
	{"malpedia", "malware"},
	{"ransomware", "malware"},
	{"stealer", "malware"},
	{"banker", "malware"},
	{"backdoor", "malware"},
	{"tool", "tool"},
	{"rat", "tool"},
	{"campaign", "campaign"},
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

// galaxies turns clusters into the actors, techniques and tools that they are. Their tags stay tags.
func (x *export) galaxies(galaxies []Galaxy, path string) (ids []stix.ID) {
	for i, g := range galaxies {
		for j, c := range g.Clusters {
			at := fmt.Sprintf("%s[%d].GalaxyCluster[%d]", path, i, j)
			typ, ok := clusterType(g.Type)
			if !ok {
				x.drop(at, g.Type, "this galaxy has no place in STIX")
				continue
			}
			if id := x.clusterOnce(g, c, typ, at); id != "" {
				ids = append(ids, id)
			}
		}
	}
	return unique(ids)
}

// clusterOnce keeps the object of a cluster, which may stand in an event many times. Old versions of
// MISP give none a UUID; one is made of its galaxy and its value then.
func (x *export) clusterOnce(g Galaxy, c Cluster, typ, path string) stix.ID {
	if c.Value == "" {
		x.drop(path, g.Type, "has no value")
		return ""
	}
	id := stix.ID(typ + "--" + c.UUID)
	if c.UUID == "" {
		id = derived(typ, g.Type, c.Value)
	}
	o, err := x.build(x.cluster(g, c, typ, id, path))
	if err != nil {
		x.drop(path, g.Type, err.Error())
		return ""
	}
	if x.once(o) {
		return id
	}
	if s, ours := saidBy(x.byID[id]); !ours || s.Cluster == nil {
		x.drop(path, g.Type, "the event holds something else with the same uuid")
		return ""
	}
	x.drop(path, g.Type, "the event describes this cluster in two ways; the first was taken")
	return id
}

// cluster plans the object of a cluster. It is of no event, so its times are its own: the version, as
// seconds.
func (x *export) cluster(g Galaxy, c Cluster, typ string, id stix.ID, path string) plan {
	p := plan{
		typ: typ, id: id, modified: stix.NewTimestamp(time.Unix(c.Version, 0), 3), shared: true,
		set: []property{{"name", c.Value}},
		said: said{Cluster: &saidCluster{
			GalaxyUUID: g.UUID, GalaxyName: g.Name, GalaxyType: g.Type,
			Type: c.Type, TagName: c.TagName, Source: c.Source, Version: c.Version,
		}},
	}
	if typ == "malware" {
		p.set = append(p.set, property{"is_family", true})
	}
	if c.Description != "" {
		p.set = append(p.set, property{"description", c.Description})
	}
	switch {
	case len(c.Meta.Synonyms) == 0:
	case typ == "course-of-action":
		x.drop(path+".meta.synonyms", "synonyms", "a course of action has no aliases in STIX")
	default:
		p.set = append(p.set, property{"aliases", c.Meta.Synonyms})
	}
	var refs []map[string]string
	for _, ref := range c.Meta.Refs {
		kind := "description"
		if isLink(ref) {
			kind = "url"
		}
		refs = append(refs, map[string]string{"source_name": "misp-galaxy", kind: ref})
	}
	if len(refs) > 0 {
		p.set = append(p.set, property{"external_references", refs})
	}
	return p
}

// isLink tells whether STIX takes a text for a URL.
func isLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && !strings.ContainsAny(s, " <>\"{}|\\^`")
}

// sighting turns a sighting into one of an indicator, into observed data where there is none, and a
// false positive into an opinion. Reports do not refer to them, as they come and go without one.
func (x *export) sighting(s Sighting, a Attribute, about, carrier stix.ID, marks []stix.ID, path string) {
	p := plan{
		modified: x.modified(s.Date), marks: marks, by: x.organisation(s.By, path+".Organisation"), nobody: true,
		said: said{Sighting: &saidSighting{Attribute: a.UUID, Type: s.Type, Date: s.Date, Source: s.Source}},
	}
	at := stix.NewTimestamp(time.Unix(s.Date, 0), 3)
	switch {
	case s.Date == 0 && s.Type != "1":
		x.drop(path, "sighting", "does not say when")
		return
	case s.Type == "2":
		x.drop(path, "sighting", "that something expires is not a sighting in STIX")
		return
	case s.Type == "1":
		p.typ, p.set = "opinion", []property{{"opinion", "strongly-disagree"}, {"explanation", "a false positive"}, {"object_refs", []stix.ID{about}}}
	case stix.FamilyOf(about.Type()) == stix.Domain:
		p.typ, p.set = "sighting", []property{{"first_seen", at}, {"last_seen", at}, {"count", 1}, {"sighting_of_ref", about}}
		if p.by != "" {
			p.set = append(p.set, property{"where_sighted_refs", []stix.ID{p.by}})
		}
	default:
		p.typ, p.set = "observed-data", []property{{"first_observed", at}, {"last_observed", at}, {"number_observed", 1}, {"object_refs", []stix.ID{carrier}}}
	}
	p.id = stix.ID(p.typ + "--" + s.UUID)
	if s.UUID == "" || s.UUID == a.UUID {
		p.id = derived(p.typ, a.UUID, s.Type, fmt.Sprint(s.Date), s.Source)
	}
	x.put(p, path, "sighting")
}

// references turns the references of an object into relationships.
func (x *export) references(o Object, path string) {
	from := x.carriers[o.UUID]
	for i, r := range o.References {
		at := fmt.Sprintf("%s.ObjectReference[%d]", path, i)
		to := x.carriers[r.Referenced]
		switch {
		case r.Deleted:
			x.drop(at, r.Type, "was deleted by its owner")
		case r.UUID == "":
			x.drop(at, r.Type, "has no uuid to make an id of")
		case from == "" || to == "":
			x.drop(at, r.Type, "what it joins has no place in STIX or is not in the event")
		default:
			x.reference(r, from, to, at)
		}
	}
}

func (x *export) reference(r Reference, from, to stix.ID, path string) {
	p := plan{
		typ: "relationship", id: stix.ID("relationship--" + r.UUID), modified: x.modified(r.Timestamp),
		said: said{Reference: &saidReference{Object: r.Object, Referenced: r.Referenced, Timestamp: r.Timestamp}},
	}
	kind := r.Type
	if strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || kind == "" {
		p.said.Reference.Type, kind = r.Type, "related-to"
	}
	p.set = []property{{"relationship_type", kind}, {"source_ref", from}, {"target_ref", to}}
	if r.Comment != "" {
		p.set = append(p.set, property{"description", r.Comment})
	}
	if x.put(p, path, r.Type) {
		x.refs = append(x.refs, p.id)
	}
}

// eventReport turns a text in Markdown into a note.
func (x *export) eventReport(r Report, path string) {
	switch {
	case r.Deleted:
		x.drop(path, "EventReport", "was deleted by its owner")
		return
	case r.UUID == "" || r.Content == "":
		x.drop(path, "EventReport", "has no uuid or no text")
		return
	}
	p := plan{
		typ: "note", id: stix.ID("note--" + r.UUID), modified: x.modified(r.Timestamp),
		set:  []property{{"content", r.Content}, {"object_refs", []stix.ID{x.report}}},
		said: said{Report: &saidReport{Timestamp: r.Timestamp, Distribution: r.Distribution}},
	}
	if r.Name != "" {
		p.set = append(p.set, property{"abstract", r.Name})
	}
	if x.put(p, path, "EventReport") {
		x.refs = append(x.refs, p.id)
	}
}
