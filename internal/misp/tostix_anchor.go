package misp

import (
	"fmt"
	"strings"

	"parley/stix"
)

// anchored adds what is about a carrier and its attributes.
func (x *export) anchored(as *assembly, anchor stix.Object) {
	x.refs = append(x.refs, anchor.ID())
	x.carriers[as.UUID] = anchor.ID()
	x.analysed(as.Analysed, anchor.ID(), as.UUID, as.path)
	for _, f := range as.fills {
		x.about(as, anchor, f.attribute, f.path)
	}
	for _, i := range append(as.named, as.inside...) {
		x.about(as, anchor, i, "")
	}
	linked := map[stix.ID]bool{}
	for _, ids := range as.links {
		for _, id := range ids {
			linked[id] = true
		}
	}
	for _, id := range as.free {
		if !linked[id] {
			x.relate("related-to", anchor.ID(), id, as.Timestamp, as.marks, as.path)
		}
	}
}

// about adds what is about one attribute that its object carries: at says where it stands, if there.
func (x *export) about(as *assembly, anchor stix.Object, i int, at string) {
	a, path := as.Attributes[i], fmt.Sprintf("%s.Attribute[%d]", as.path, i)
	if x.carriers[a.UUID] != "" {
		x.drop(path, a.Type, "the event holds something else with the same uuid")
		return
	}
	x.carriers[a.UUID] = anchor.ID()
	f, _ := formOf(as.Name, a.Relation, a.Type)
	f.silent = f.silent || f.at == nil || at == ""
	f.at = []string{at}
	mapped, _ := x.galaxies(a.Galaxies)
	x.context(a, anchor, f, x.markings(a.Tags, path), mapped, path)
}

// without makes the carrier of an object that has none of its own: a grouping of its attributes'
// carriers or, where there are none, a note that says in words what the object says.
func (x *export) without(as *assembly) {
	p := plan{modified: x.modified(as.Timestamp), said: said{Object: objectWords(as.Object)}}
	switch {
	case len(as.free) > 0:
		p.typ, p.set = "grouping", []property{{"context", "unspecified"}, {"object_refs", unique(as.free)}}
		if as.Name != "" {
			p.set = append(p.set, property{"name", as.Name})
		}
	case len(as.inside) > 0:
		p.typ, p.set = "note", []property{{"content", inWords(as.Attributes, as.inside)}, {"object_refs", []stix.ID{x.report}}}
		if as.Name != "" {
			p.set = append(p.set, property{"abstract", as.Name})
		}
	default:
		x.drop(as.path, as.Name, "nothing in the object has a place in STIX")
		return
	}
	p.id = stix.ID(p.typ + "--" + as.UUID)
	as.marks = nil
	x.held(as, &p)
	p.marks = as.marks
	o, err := x.build(p)
	switch {
	case err != nil:
		x.drop(as.path, as.Name, err.Error())
	case !x.once(o):
		x.drop(as.path, as.Name, "the event holds something else with the same uuid")
	default:
		as.free, as.links = nil, nil
		x.anchored(as, o)
	}
}

// inWords writes attributes as lines of relation and value.
func inWords(attributes []Attribute, which []int) string {
	lines := make([]string, len(which))
	for n, i := range which {
		lines[n] = attributes[i].Relation + ": " + attributes[i].Value
	}
	return strings.Join(lines, "\n")
}

// objectWords are what the extension says of an object.
func objectWords(o Object) *saidObject {
	return &saidObject{
		Name: o.Name, MetaCategory: o.MetaCategory, Description: o.Description, TemplateUUID: o.TemplateUUID,
		TemplateVersion: o.TemplateVersion, Comment: o.Comment, Timestamp: o.Timestamp,
		FirstSeen: o.FirstSeen, LastSeen: o.LastSeen, Distribution: o.Distribution,
	}
}
