package misp

import (
	"fmt"
	"slices"
)

// fitting turns an event into what a feed holds of it, and lists what it does not.
type fitting struct{ left []Unmapped }

func (f *fitting) leave(path, typ, why string) {
	f.left = append(f.left, Unmapped{Path: path, Type: shown(typ), Why: why})
}

const narrower = "MISP keeps it to fewer than can read a feed; it is left out"

// withdrawn is what stands for a value that is taken back.
const withdrawn = "withdrawn"

// unsaid takes off what analysts say, which does not go into a feed.
func (f *fitting) unsaid(a *Analysed, path string) {
	if len(a.Notes)+len(a.Opinions) > 0 {
		f.leave(path, "analyst data", "does not go into a feed")
	}
	*a = Analysed{}
}

func (f *fitting) event(e Event) Event {
	f.unsaid(&e.Analysed, "Event")
	e.Published, e.Distribution = false, NoDistribution
	e.Tags, e.Galaxies = tagged(e.Tags, e.Galaxies), nil
	e.Analysis, e.ThreatLevel = orElse(e.Analysis, "2"), orElse(e.ThreatLevel, "4")
	var newest int64
	e.Attributes, newest = f.attributes(e.Attributes, "Attribute")
	e.Timestamp = max(e.Timestamp, newest)
	objects := e.Objects
	e.Objects = nil
	for i, o := range objects {
		path := fmt.Sprintf("Object[%d]", i)
		if !o.Distribution.forAll() {
			f.leave(path, o.Name, narrower)
			continue
		}
		o = f.object(o, path)
		e.Objects, e.Timestamp = append(e.Objects, o), max(e.Timestamp, o.Timestamp)
	}
	reports := e.Reports
	e.Reports = nil
	for i, r := range reports {
		if !r.Distribution.forAll() {
			f.leave(fmt.Sprintf("EventReport[%d]", i), "EventReport", narrower)
			continue
		}
		f.unsaid(&r.Analysed, fmt.Sprintf("EventReport[%d]", i))
		if r.Distribution = NoDistribution; r.Deleted {
			r.Name, r.Content = withdrawn, withdrawn
		}
		e.Reports, e.Timestamp = append(e.Reports, r), max(e.Timestamp, r.Timestamp)
	}
	return e
}

func (f *fitting) object(o Object, path string) Object {
	o.Distribution = NoDistribution
	f.unsaid(&o.Analysed, path)
	if o.Deleted {
		o.Comment = ""
		o.Attributes = withdrawAll(o.Attributes, o.Timestamp)
	}
	var newest int64
	o.Attributes, newest = f.attributes(o.Attributes, path+".Attribute")
	o.Timestamp = max(o.Timestamp, newest)
	o.References = slices.Clone(o.References)
	for i := range o.References {
		if r := &o.References[i]; r.Deleted {
			r.Comment = ""
		}
		o.Timestamp = max(o.Timestamp, o.References[i].Timestamp)
	}
	return o
}

// attributes gives those that a feed may hold, and the newest timestamp among them.
func (f *fitting) attributes(all []Attribute, path string) (fit []Attribute, newest int64) {
	for i, a := range all {
		at := fmt.Sprintf("%s[%d]", path, i)
		plain, isData := withoutData[a.Type]
		switch {
		case !a.Distribution.forAll():
			f.leave(at, a.Type, narrower)
			continue
		case a.Deleted:
			a = Attribute{
				UUID: a.UUID, Type: "text", Category: "Other", Value: withdrawn, Relation: a.Relation, Deleted: true, Timestamp: a.Timestamp,
			}
		case isData:
			f.leave(at, a.Type, "its data is not here; it is a "+plain+" now")
			a = a.named(plain)
		}
		a.Distribution, a.Tags, a.Galaxies, a.Sightings = NoDistribution, tagged(a.Tags, a.Galaxies), nil, nil
		f.unsaid(&a.Analysed, at)
		a.Category = orElse(a.Category, usualCategory(a.Type))
		fit, newest = append(fit, a), max(newest, a.Timestamp)
	}
	return fit, newest
}

// tagged gives the tags that are not for their own instance alone, and those of clusters, by which a
// feed names them.
func tagged(tags []Tag, galaxies []Galaxy) (out []Tag) {
	known := map[string]bool{}
	for _, t := range tags {
		known[t.Name] = true
		if !t.Local {
			out = append(out, t)
		}
	}
	for _, g := range galaxies {
		for _, c := range g.Clusters {
			if c.TagName != "" && !known[c.TagName] {
				known[c.TagName] = true
				out = append(out, Tag{Name: c.TagName})
			}
		}
	}
	return out
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
