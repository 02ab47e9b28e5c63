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

// isLink tells whether STIX takes a text for a URL.
func isLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && !strings.ContainsAny(s, " <>\"{}|\\^`")
}

// sighting turns a sighting into one of an indicator, into observed data where there is none, and a
// false positive into an opinion. Reports do not refer to them, as they come and go without one.
func (x *export) sighting(s Sighting, uuid, attribute string, about, carrier stix.ID, marks []stix.ID, path string) {
	if s.isWords() {
		return
	}
	p := plan{
		modified: x.modified(s.Date), marks: marks, by: x.organisation(s.By, path+".Organisation"), nobody: true,
		said: said{Sighting: &saidSighting{Attribute: attribute, Type: s.Type, Date: s.Date, Source: s.Source}},
	}
	at := stix.NewTimestamp(time.Unix(s.Date, 0), 3)
	switch {
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
	if s.Source != "" && s.Type != "1" && p.typ == "sighting" {
		p.set = append(p.set, property{"description", "seen by " + s.Source})
	}
	p.id = stix.ID(p.typ + "--" + uuid)
	x.put(p, path, "sighting")
}

// isWords tells whether a sighting is none in STIX: that something expires, or was seen at no time said.
// The extension of its attribute holds it.
func (s Sighting) isWords() bool { return s.Type == "2" || s.Date == 0 && s.Type != "1" }

// expires gives when the last of those who say that an attribute expires says so, or 0.
func (a Attribute) expires() (second int64) {
	for _, s := range a.Sightings {
		if s.Type == "2" {
			second = max(second, s.Date)
		}
	}
	return second
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
	case r.Content == "":
		x.drop(path, "EventReport", "has no text")
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
		x.analysed(r.Analysed, p.id, r.UUID, path)
	}
}
