package misp

import (
	"slices"
	"strings"

	"parley/stix"
)

// ours restores what came from MISP: objects with the extension.
func (m *reverse) ours(o stix.Object) {
	switch o.Type() {
	case "marking-definition":
		m.used[o.ID()] = true
		return
	case "extension-definition":
		m.used[o.ID()] = true
		return
	}
	if o.ID() == author {
		m.used[o.ID()] = true
		return
	}
	s, ok := saidBy(o)
	switch {
	case !ok:
	case s.Object != nil:
		m.used[o.ID()] = true
		m.ownObject(o, s)
	case len(s.Attributes) == 1:
		m.ownAttribute(o, s.Attributes[0])
	case s.Report != nil && o.Type() == "note":
		m.used[o.ID()] = true
		m.ownReport(o, *s.Report)
	}
}

// ownAttribute restores an attribute with a carrier of its own. What the extension says must fit what
// stands there; if it does not, the object is taken as anybody's.
func (m *reverse) ownAttribute(o stix.Object, s saidAttribute) {
	f, ok := m.formIn(o, s)
	if !ok || s.OnlyHere || s.UUID != o.ID().UUID().String() {
		return
	}
	value, ok := valuesAt(o, f.at, m.find)
	if ok && s.Value != "" && m.sameIn(o, f, s.Value) {
		value = s.Value
	}
	if !ok || !m.sameIn(o, f, value) {
		m.drop(string(o.ID()), s.Type, "is no longer what the MISP extension says of it, and is taken for what it is")
		return
	}
	m.used[o.ID()] = true
	valuesAt(o, f.at, m.using)
	tags := m.restored(o, s.Tags)
	a := m.worded(s, value, tags)
	if !f.silent {
		a.ToIDs = m.detected(o, a.UUID, a.UUID, f)
	}
	m.keep(o.ID(), s.Object, a)
}

// formIn gives the form in which an attribute stands in its carrier: its type's, or that of a note if
// the value is none that its type could have.
func (m *reverse) formIn(o stix.Object, s saidAttribute) (form, bool) {
	f, ok := formOf(s.ObjectName, s.Relation, s.Type)
	content, _ := o.String("content")
	if ok && o.Type() == "note" && s.ObjectName == "" {
		if _, err := m.made(f, content, o.ID()); err != nil {
			return noteOf(s.Type), true
		}
	}
	return f, ok
}

// made builds what a value would be in STIX, with the UUID of an object that is there.
func (m *reverse) made(f form, value string, id stix.ID) ([]stix.Object, error) {
	uuid := id.UUID().String()
	x := &export{opt: m.opt, created: published, byID: map[stix.ID]stix.Object{}, report: stix.ID("report--" + uuid)}
	return x.group(Attribute{UUID: uuid, Value: value}, f, nil, nil, nil, nil)
}

// sameIn tells whether a value, turned into STIX, is what stands in an object.
func (m *reverse) sameIn(o stix.Object, f form, value string) bool {
	sketches, err := f.sketch(value, m.opt)
	if err != nil || sketches[0].typ != o.Type() {
		return false
	}
	for _, set := range sketches[0].set {
		want, isText := set.value.(string)
		if there, _ := o.String(set.name); isText && there != want {
			return false
		}
	}
	there, ok := valuesAt(o, f.at, m.find)
	made, same := sketches[0].value(f.at, sketches)
	return ok && same && there == made
}

// worded makes an attribute of what the extension says.
func (m *reverse) worded(s saidAttribute, value string, tags []Tag) Attribute {
	a := Attribute{
		UUID: s.UUID, Type: s.Type, Category: s.Category, Value: value, Relation: s.Relation, ToIDs: s.ToIDs, Comment: s.Comment,
		Timestamp: s.Timestamp, FirstSeen: s.FirstSeen, LastSeen: s.LastSeen, Distribution: s.Distribution, Tags: tags,
		NoCorrelation: s.NoCorrelation, Sightings: s.Sightings,
	}
	if s.Distribution == SharingGroup {
		a.Distribution = OwnOrganisation
		m.drop(s.UUID, "sharing group", "who was in the group is not known; the attribute is for its own organisation only")
	}
	if plain, ok := withoutData[s.Type]; ok {
		a = a.named(plain)
		m.drop(s.UUID, s.Type, "its data did not come with it; it is a "+plain+" now")
	}
	a.Galaxies = withRest(m.clusters(s.Galaxies), galaxiesOf(s.Rest)...)
	return a
}

// withoutData are the types that MISP takes only with data, and what their value alone is.
var withoutData = map[string]string{"attachment": "filename", "malware-sample": "filename|md5"}

// ofNames are the categories under which MISP takes the name of a file.
var ofNames = []string{"Payload delivery", "Artifacts dropped", "Payload installation", "External analysis"}

// named gives an attribute without data as the name of a file.
func (a Attribute) named(typ string) Attribute {
	if a.Type = typ; !slices.Contains(ofNames, a.Category) {
		a.Category = usualCategory(typ)
	}
	return a
}

// detected tells whether an attribute has its indicator, whose UUID is from, and takes it if so.
func (m *reverse) detected(o stix.Object, from, uuid string, f form) bool {
	id := stix.ID("indicator--" + from)
	indicator, ok := m.find(id)
	if !ok {
		return false
	}
	m.used[id] = true
	now, _ := indicator.String("pattern")
	want, _ := pattern(o, f.at, m.find)
	switch {
	case indicator.Revoked():
		m.drop(string(id), "indicator", "was revoked")
		return false
	case now != want:
		m.used[id] = false // somebody changed the pattern: it is an indicator of its own
		return false
	}
	m.carriedBy[id] = append(m.carriedBy[id], uuid)
	return true
}

// keep holds an attribute until its object is known.
func (m *reverse) keep(carrier stix.ID, parent string, a Attribute) {
	if m.kept[a.UUID] {
		m.drop(string(carrier), a.Type, "another attribute has its uuid")
		return
	}
	m.kept[a.UUID] = true
	m.carriedBy[carrier] = append(m.carriedBy[carrier], a.UUID)
	m.found = append(m.found, held{parent, a})
}

// ownObject restores an object and the attributes that fill its slots.
func (m *reverse) ownObject(o stix.Object, s said) {
	uuid := o.ID().UUID().String()
	w := s.Object
	object := Object{
		UUID: uuid, Name: w.Name, MetaCategory: w.MetaCategory, Description: w.Description, TemplateUUID: w.TemplateUUID,
		TemplateVersion: w.TemplateVersion, Comment: w.Comment, Timestamp: w.Timestamp,
		FirstSeen: w.FirstSeen, LastSeen: w.LastSeen, Distribution: w.Distribution,
	}
	if w.Distribution == SharingGroup {
		object.Distribution = OwnOrganisation
		m.drop(string(o.ID()), "sharing group", "who was in the group is not known; the object is for its own organisation only")
	}
	m.objectAt[uuid] = len(m.event.Objects)
	m.event.Objects = append(m.event.Objects, object)
	m.carriedBy[o.ID()] = append(m.carriedBy[o.ID()], uuid)
	if o.Type() == "note" && templates[w.Name].typ != "note" && !wordsOf(o, s.Attributes) {
		m.drop(string(o.ID()), w.Name, "is no longer what the MISP extension says of it; its text is a report of the event")
		m.ownReport(o, saidReport{Timestamp: w.Timestamp})
		return
	}
	m.inObject(o, w.Name, uuid, s.Attributes)
}

// wordsOf tells whether a note still says what the attributes say that it was made of.
func wordsOf(o stix.Object, all []saidAttribute) bool {
	content, _ := o.String("content")
	lines := make([]string, len(all))
	for i, a := range all {
		lines[i] = a.Relation + ": " + a.Value
	}
	return content == strings.Join(lines, "\n")
}

// slots is where the attributes of one object stand in its carrier.
type slots struct {
	template
	carrier stix.Object
	object  string         // its UUID
	counted map[string]int // attributes so far that fill a slot that takes several
	named   bool           // the name is still made up of its parts
	extra   []Tag          // of markings of the carrier that no tag stands for
}

// inObject restores the attributes that an object's carrier holds.
func (m *reverse) inObject(o stix.Object, name, uuid string, all []saidAttribute) {
	in := slots{template: templates[name], carrier: o, object: uuid, counted: map[string]int{}}
	if in.typ != o.Type() {
		in.template = template{}
	}
	in.named = madeName(o, in.template, all)
	var tags []Tag
	for _, a := range all {
		tags = append(tags, a.Tags...)
	}
	in.extra = m.extraMarkings(o, tags)
	for _, a := range all {
		if a.UUID == "" {
			m.drop(string(o.ID()), a.Type, "the MISP extension gives it no uuid")
			continue
		}
		m.slotted(&in, name, a)
	}
}

// slotted restores an attribute that fills a slot of an object, makes up its name, or stands in the
// extension alone.
func (m *reverse) slotted(in *slots, name string, s saidAttribute) {
	tags := append(m.withMarkings(in.carrier, s.Tags), in.extra...)
	slot, ok := in.slotOf(s.Relation)
	switch {
	case s.OnlyHere, !ok && in.named && slices.Contains(in.names, s.Relation):
		m.keep(in.carrier.ID(), in.object, m.worded(s, s.Value, tags))
		return
	case !ok:
		m.drop(string(in.carrier.ID()), s.Type, "is no longer what the MISP extension says of it")
		return
	}
	path := slot.at(in.counted[slot.path])
	in.counted[slot.path]++
	value, _, ok := valueAt(in.carrier, path, m.find)
	if !ok {
		m.drop(string(in.carrier.ID()), s.Type, path+" is no longer there")
		return
	}
	if s.Value != "" && m.sameInSlot(in.template, slot, s.Value, value) {
		value = s.Value
	}
	a := m.worded(s, value, tags)
	if f, _ := formOf(name, s.Relation, s.Type); f.at != nil && !f.silent {
		f.at = []string{path}
		a.ToIDs = m.detected(in.carrier, a.UUID, a.UUID, f)
	}
	m.keep(in.carrier.ID(), in.object, a)
}

// sameInSlot tells whether a value of the extension is another spelling of what stands in a slot.
func (m *reverse) sameInSlot(t template, s slot, value, there string) bool {
	v, err := s.read(value)
	if err != nil {
		return false
	}
	if t.typ == "phone-number" {
		v, _ = phoneNumber(value, m.opt)
	}
	return spelt(v) == there
}

// madeName tells whether an object's name is still the one its parts make up.
func madeName(o stix.Object, t template, all []saidAttribute) bool {
	var parts []string
	for _, relation := range t.names {
		for _, a := range all {
			if a.Relation == relation {
				parts = append(parts, a.Value)
			}
		}
	}
	name, _ := o.String("name")
	return name == strings.Join(parts, " ")
}

// ownReport restores a text of the event.
func (m *reverse) ownReport(o stix.Object, s saidReport) {
	r := Report{UUID: o.ID().UUID().String(), Timestamp: s.Timestamp, Distribution: s.Distribution}
	r.Name, _ = o.String("abstract")
	r.Content, _ = o.String("content")
	if s.Distribution == SharingGroup {
		r.Distribution = OwnOrganisation
	}
	m.reportAt[r.UUID] = len(m.event.Reports)
	m.event.Reports = append(m.event.Reports, r)
}
