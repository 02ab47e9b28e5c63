package misp

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/stix"
)

// ErrNoReport is returned by [FromSTIX] for objects among which is no report, as an event is one.
var ErrNoReport = errors.New("there is neither a report nor a grouping among the objects; say in Options.Heading which event to make of them")

// reverse is one report on its way to MISP.
type reverse struct {
	opt      Options
	objects  []stix.Object
	byID     map[stix.ID]stix.Object
	report   stix.Object
	used     map[stix.ID]bool
	event    Event
	unmapped []Unmapped
	err      error
	hints    map[string]string // the attribute types that MISP's own converter says, by id
	rest     galaxyList        // clusters that nothing refers to

	reportMarks map[stix.ID]bool
	byValue     map[typedValue]string  // UUIDs of attributes of the event itself
	clustered   map[stix.ID]oneCluster // what became clusters
	given       map[string]*galaxyList // clusters that relationships give to attributes, by UUID

	objectAt  map[string]int       // index in event.Objects by UUID
	reportAt  map[string]int       // and in event.Reports
	kept      map[string]bool      // UUIDs of attributes that are taken
	places    map[string]place     // of attributes, by UUID
	found     []held               // attributes of objects, until all objects are known
	carriedBy map[stix.ID][]string // UUIDs of attributes and objects, by the id of their carrier
}

// place is where an attribute stands: in an object, or (-1) in the event itself.
type place struct{ object, attribute int }

// held is an attribute and the object it belongs to.
type held struct {
	parent string
	Attribute
}

// FromSTIX turns the first report among the objects (or grouping, or [Options].Heading where there is
// neither), and all the others, into one event. What came from MISP comes back as it was, but where the
// objects say otherwise now: properties, markings and indicators count, and the extension only fills in
// what they leave open. Other objects map by their type. What has no place is in the list; of an object
// that maps only in part, what is left over.
func FromSTIX(objects []stix.Object, opt Options) (Event, []Unmapped, error) {
	m := &reverse{
		opt: opt, objects: objects, byID: map[stix.ID]stix.Object{}, used: map[stix.ID]bool{}, hints: map[string]string{},
		objectAt: map[string]int{}, reportAt: map[string]int{}, kept: map[string]bool{}, places: map[string]place{}, carriedBy: map[stix.ID][]string{},
		byValue: map[typedValue]string{}, clustered: map[stix.ID]oneCluster{}, given: map[string]*galaxyList{},
	}
	for _, o := range objects {
		if held, twice := m.byID[o.ID()]; !twice || stix.Newer(o, held) > 0 {
			m.byID[o.ID()] = usualHashes(o)
		}
		m.learn(o)
	}
	if err := m.heading(); err != nil {
		return Event{}, nil, fmt.Errorf("turn STIX into a MISP event: %w", err)
	}
	for _, pass := range []func(stix.Object){m.ours, m.seen, m.foreign, m.foreignIndicator, m.joined} {
		m.each(pass)
	}
	if m.err != nil {
		return Event{}, nil, m.err
	}
	m.event.Galaxies = withRest(m.event.Galaxies, m.rest.galaxies...)
	for uuid, list := range m.given {
		if a, ok := m.attribute(uuid); ok {
			a.Galaxies = withRest(a.Galaxies, list.galaxies...)
		}
	}
	return m.event, m.unmapped, nil
}

// heading finds what the event is made of.
func (m *reverse) heading() error {
	for _, typ := range []string{"report", "grouping"} {
		for _, o := range m.objects {
			if o.Type() != typ {
				continue
			}
			if s, _ := saidBy(o); s.Object == nil {
				m.report = m.byID[o.ID()]
				m.reportMarks = marksOf(m.report)
				m.head()
				return nil
			}
		}
	}
	if m.opt.Heading == nil {
		return ErrNoReport
	}
	h := *m.opt.Heading // whose lists are the caller's own
	h.Attributes, h.Objects, h.Galaxies, h.Reports = slices.Clone(h.Attributes), slices.Clone(h.Objects), slices.Clone(h.Galaxies), slices.Clone(h.Reports)
	m.event = h
	return nil
}

// each hands over the objects that nothing was made of yet, newest versions only.
func (m *reverse) each(pass func(stix.Object)) {
	for _, o := range m.objects {
		o = m.byID[o.ID()]
		switch {
		case m.used[o.ID()]:
		case o.Revoked() && o.Type() != "indicator": // an indicator's attribute has a say too
			m.used[o.ID()] = true
			m.drop(string(o.ID()), o.Type(), "was revoked")
		default:
			pass(o)
		}
	}
	m.settle()
}

func (m *reverse) find(id stix.ID) (stix.Object, bool) {
	o, ok := m.byID[id]
	return o, ok
}

// using is find that takes what it finds for spoken for.
func (m *reverse) using(id stix.ID) (stix.Object, bool) {
	o, ok := m.byID[id]
	if ok {
		m.used[id] = true
	}
	return o, ok
}

func (m *reverse) drop(path, typ, why string) {
	m.unmapped = append(m.unmapped, Unmapped{Path: path, Type: typ, Why: why})
}

// head makes the event of the report.
func (m *reverse) head() {
	o := m.report
	m.used[o.ID()] = true
	if o.Revoked() {
		m.drop(string(o.ID()), o.Type(), "was revoked; what was made of it before is to be withdrawn")
	}
	s, ok := saidBy(o)
	m.event = Event{UUID: o.ID().UUID().String(), Creator: m.organisation(o.CreatedByRef())}
	m.event.Info, _ = o.String("name")
	if ok && s.Event != nil {
		m.ownHead(*s.Event)
	} else {
		m.event.UUID = m.uuid(o.ID())
		m.foreignHead(o)
	}
	m.event.Tags = m.restored(o, labelled(o, s.Tags))
	m.event.Galaxies = withRest(m.clusters(m.reportRefs()), galaxiesOf(s.Rest)...)
	if description, ok := o.String("description"); ok {
		m.event.Reports = append(m.event.Reports, Report{
			UUID: placed("", "description", m.event.UUID, 0), Name: m.event.Info, Content: description, Timestamp: m.event.Timestamp,
		})
	}
}

// ownHead takes what MISP said of the event, unless somebody made another version of the report since.
func (m *reverse) ownHead(e saidEvent) {
	m.event.Date, m.event.Timestamp, m.event.PublishTimestamp = e.Date, e.Timestamp, e.PublishTimestamp
	m.event.Published, m.event.ThreatLevel, m.event.Analysis = e.Published, e.ThreatLevel, e.Analysis
	m.event.ExtendsUUID, m.event.Distribution = e.ExtendsUUID, e.Distribution
	if e.Distribution == SharingGroup {
		m.event.Distribution = OwnOrganisation
		m.drop(string(m.report.ID()), "sharing group", "who was in the group is not known; the event is for its own organisation only")
	}
	at, newest := m.report.Modified(), max(e.Timestamp, e.PublishTimestamp)
	if at.Compare(m.report.Created()) > 0 && at.Time().Unix() != newest {
		m.event.Timestamp = second(at.Time().Unix())
	}
}

func (m *reverse) foreignHead(o stix.Object) {
	m.event.Date = o.Created().Time().Format(time.DateOnly)
	m.event.Timestamp = second(o.Modified().Time().Unix())
	if at, ok := o.Time("published"); ok {
		m.event.PublishTimestamp = second(at.Time().Unix())
	}
	m.event.Analysis = "2"
	m.leftover(o, "name", "published", "object_refs", "description", "context")
	if context, ok := o.String("context"); ok && context != "unspecified" {
		m.drop(string(o.ID()), "context", noPlace)
	}
}

func (m *reverse) reportRefs() (ids []stix.ID) {
	refs, _ := m.report.Strings("object_refs")
	for _, ref := range refs {
		ids = append(ids, stix.ID(ref))
	}
	return ids
}

// labelled gives the tags of an object with labels: those it still has, and labels that are new.
func labelled(o stix.Object, kept []Tag) (tags []Tag) {
	labels, _ := o.Strings("labels")
	there, known := map[string]bool{}, map[string]bool{}
	for _, label := range labels {
		there[label] = true
	}
	for _, t := range kept {
		if isMarking(t.Name) || there[t.Name] {
			tags, known[t.Name] = append(tags, t), true
		}
	}
	for _, label := range labels {
		if !known[label] && !isMarking(label) && !isHint(label) {
			tags, known[label] = append(tags, Tag{Name: label}), true
		}
	}
	return tags
}

// organisation gives who an identity is, or nil.
func (m *reverse) organisation(id stix.ID) *Organisation {
	if id == "" {
		return nil
	}
	o, ok := m.using(id)
	name, _ := o.String("name")
	if !ok || name == "" {
		m.drop(string(id), "identity", "is not among the objects, so its name is not known")
		return nil
	}
	return &Organisation{UUID: id.UUID().String(), Name: name}
}

// settle puts attributes into their objects. One whose object did not come stands alone.
func (m *reverse) settle() {
	for _, h := range m.found {
		i, ok := m.objectAt[h.parent]
		if !ok {
			if h.parent != "" {
				m.drop(h.UUID, h.Type, "its object did not come with it; it stands alone")
				h.Relation = ""
			}
			m.places[h.UUID] = place{-1, len(m.event.Attributes)}
			m.byValue[typedValue{h.Type, h.Value}] = h.UUID
			m.event.Attributes = append(m.event.Attributes, h.Attribute)
			continue
		}
		m.places[h.UUID] = place{i, len(m.event.Objects[i].Attributes)}
		m.event.Objects[i].Attributes = append(m.event.Objects[i].Attributes, h.Attribute)
	}
	m.found = nil
}

// attribute finds one that stands already.
func (m *reverse) attribute(uuid string) (*Attribute, bool) {
	at, ok := m.places[uuid]
	if !ok {
		return nil, false
	}
	if at.object < 0 {
		return &m.event.Attributes[at.attribute], true
	}
	return &m.event.Objects[at.object].Attributes[at.attribute], true
}

// common are properties that every object has or that are read for all.
var common = []string{
	"type", "spec_version", "id", "created", "modified", "created_by_ref", "object_marking_refs", "labels", "extensions", "revoked", "granular_markings",
}

// leftover lists the properties of an object that nothing was made of.
func (m *reverse) leftover(o stix.Object, taken ...string) {
	for name := range o.Properties() {
		if !slices.Contains(common, name) && !slices.Contains(taken, name) && !(name == "confidence" && sureAsGraded(o)) {
			m.drop(string(o.ID()), name, "this property has no place in MISP")
		}
	}
}

// sureAsGraded tells whether an object's confidence only repeats the grade among its labels.
func sureAsGraded(o stix.Object) bool {
	figure, ok := GradeOf(labelled(o, nil)).confidence()
	said, has := o.Int("confidence")
	return ok && has && said == int64(figure)
}
