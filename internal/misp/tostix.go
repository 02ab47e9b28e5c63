package misp

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/stix"
)

// Options says what an event or a bundle does not.
type Options struct {
	Region  string    // ISO 3166 code of the country whose national phone numbers are meant
	TLP2    bool      // write tlp:green, amber and red as TLP 2.0, not as TLP 1, which every tool knows
	Undated time.Time // when an event that has neither date nor timestamp is said to be from

	// For [FromSTIX]. Key is a secret of the one who makes events, the same every time, from which other
	// UUIDs are made for ids that are not random; see [ErrNoKey]. Heading is the event to make of objects
	// among which are neither a report nor a grouping.
	Key     []byte
	Heading *Event
}

// ErrUndated is returned for an event without any time, as every STIX object needs one.
var ErrUndated = errors.New("the event has neither date nor timestamp; say in Options.Undated when it is from")

// export is one event on its way to STIX.
type export struct {
	opt      Options
	event    Event
	created  stix.Timestamp
	newest   int64
	report   stix.ID
	creator  stix.ID
	inherits []stix.ID // markings of the event, which hold for all that is in it

	out      []stix.Object
	byID     map[stix.ID]stix.Object
	refs     []stix.ID          // what the report refers to
	rest     []Galaxy           // clusters of the event that STIX has no type for
	carriers map[string]stix.ID // by the UUID of an attribute or object
	unmapped []Unmapped
	dropped  map[Unmapped]bool
}

// ToSTIX turns an event into a report and what the report is about, each object valid by itself. The
// same event gives the same bytes. Tags of TLP and PAP become markings of the report and, since a
// report's markings do not reach what it refers to, of every object made of the event. What has no
// place is in the list; an event of which nothing maps gives no objects. The error says that the event
// as a whole cannot be taken.
func ToSTIX(e Event, opt Options) ([]stix.Object, []Unmapped, error) {
	e = e.identified()
	x := &export{
		opt: opt, event: e, report: stix.ID("report--" + e.UUID),
		byID: map[stix.ID]stix.Object{}, carriers: map[string]stix.ID{}, unmapped: slices.Clone(e.Unread), dropped: map[Unmapped]bool{},
	}
	if _, err := stix.ParseID(string(x.report)); err != nil {
		return nil, nil, fmt.Errorf("turn MISP event into STIX: its uuid %q is none", shown(e.UUID))
	}
	if err := x.times(); err != nil {
		return nil, nil, fmt.Errorf("turn MISP event %s into STIX: %w", e.UUID, err)
	}
	x.creator = x.organisation(e.Creator, "Orgc")
	if x.inherits = x.markings(e.Tags, "Tag"); len(x.inherits) > mostMarkings {
		return nil, nil, fmt.Errorf("turn MISP event %s into STIX: its tags make %d markings, more than the %d that all in it can carry: %w", e.UUID, len(x.inherits), mostMarkings, ErrLimit)
	}
	for i, a := range e.Attributes {
		x.attribute(a, fmt.Sprintf("Attribute[%d]", i), nil)
	}
	for i, o := range e.Objects {
		x.object(o, fmt.Sprintf("Object[%d]", i))
	}
	for i, o := range e.Objects {
		x.references(o, fmt.Sprintf("Object[%d]", i))
	}
	clusters, rest := x.galaxies(e.Galaxies)
	x.refs, x.rest = append(x.refs, clusters...), rest
	for i, r := range e.Reports {
		x.eventReport(r, fmt.Sprintf("EventReport[%d]", i))
	}
	if len(x.refs) > 0 || x.creator != "" { // else there will be no report
		x.analysed(e.Analysed, x.report, e.UUID, "Event")
	}
	return x.finish()
}

// times sets when the event's objects are from: created on the event's date, since MISP keeps no
// other time that stays the same from version to version.
func (x *export) times() error {
	e := x.event
	x.newest = max(e.Timestamp, e.PublishTimestamp)
	day, err := time.Parse(time.DateOnly, e.Date)
	switch {
	case err == nil && day.Year() > 0:
	case x.newest > 0:
		day = time.Unix(x.newest, 0)
	case !x.opt.Undated.IsZero():
		day = x.opt.Undated
	default:
		return ErrUndated
	}
	x.created = stix.NewTimestamp(day, 3)
	if x.created.IsZero() {
		return ErrUndated
	}
	return nil
}

// modified gives a version's time, never before the first.
func (x *export) modified(second int64) stix.Timestamp {
	if second <= 0 {
		second = x.newest
	}
	if at := stix.NewTimestamp(time.Unix(second, 0), 3); !at.IsZero() && at.Compare(x.created) > 0 {
		return at
	}
	return x.created
}

// finish builds the report.
func (x *export) finish() ([]stix.Object, []Unmapped, error) {
	e := x.event
	if len(x.refs) == 0 && x.creator != "" {
		x.refs = []stix.ID{x.creator}
	}
	if len(x.refs) == 0 {
		x.drop("", "event", "nothing in the event has a place in STIX")
		return nil, x.unmapped, nil
	}
	if e.Distribution == SharingGroup {
		x.drop("distribution", "sharing group", "who is in the group is not known here")
	}
	name := e.Info
	if name == "" {
		name = "MISP event " + e.UUID
	}
	at := x.created
	if e.PublishTimestamp > 0 {
		at = stix.NewTimestamp(time.Unix(e.PublishTimestamp, 0), 3)
	}
	o, err := x.build(plan{
		typ: "report", id: x.report, modified: x.modified(x.newest), tags: e.Tags,
		set: []property{{"name", name}, {"published", at}, {"object_refs", unique(x.refs)}},
		said: said{Event: &saidEvent{
			Date: e.Date, Timestamp: e.Timestamp, PublishTimestamp: e.PublishTimestamp, Published: e.Published,
			ThreatLevel: e.ThreatLevel, Analysis: e.Analysis, Distribution: e.Distribution, ExtendsUUID: e.ExtendsUUID,
		}, Tags: e.Tags, Rest: saidOf(x.rest)},
	})
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("turn MISP event %s into STIX: %w", e.UUID, err)
	case len(o.Bytes()) > largestReport:
		return nil, nil, fmt.Errorf("turn MISP event %s into STIX: its report would name %d objects, more than fit one; split the event: %w", e.UUID, len(x.refs), ErrLimit)
	}
	definitions, err := Extension()
	if err != nil {
		return nil, nil, err
	}
	return append(append(definitions, x.out...), o), x.unmapped, nil
}

// largestReport is the size to which [stix.Limits] take an object, with some room.
const largestReport = 16<<20 - 1<<10

// plan is all that an object is built of.
type plan struct {
	typ      string
	id       stix.ID
	modified stix.Timestamp
	by       stix.ID // who made it, if not who made the event
	tags     []Tag
	marks    []stix.ID // markings beside those of the event
	set      []property
	said     said
	nobody   bool // nobody says who made it
	shared   bool // stands in several events: is of nobody's and no event's time, and unmarked
}

// build makes an object. One that STIX's rules refuse is an error.
func (x *export) build(p plan) (stix.Object, error) {
	b := stix.New(p.typ).ID(p.id)
	p.said.Grade = GradeOf(p.tags)
	if family := stix.FamilyOf(p.typ); family == stix.Domain || family == stix.Relationship {
		x.head(b, p)
	}
	for _, s := range p.set {
		b.Set(s.name, s.value)
	}
	extensions := map[stix.ID]any{}
	if !p.said.isEmpty() {
		p.said.ExtensionType = "property-extension"
		extensions[ExtensionID] = p.said
	}
	if id, ok := newObservables[p.typ]; ok {
		extensions[id] = map[string]string{"extension_type": "new-sco"}
	}
	if len(extensions) > 0 {
		b.Set("extensions", extensions)
	}
	if marks := unique(append(slices.Clone(x.inherits), p.marks...)); len(marks) > 0 && !p.shared {
		b.Set("object_marking_refs", marks)
	}
	o, err := b.Build()
	if err == nil && p.id.UUID().Version() != 4 && stix.FamilyOf(p.typ) == stix.Observable {
		if _, err := stix.SCOID(o); errors.Is(err, stix.ErrRandomID) {
			return stix.Object{}, fmt.Errorf("a %s of this must have a UUID of version 4 in STIX, and has one of version %d", p.typ, p.id.UUID().Version())
		}
	}
	return o, err
}

// head sets what domain objects and relationships have and observables have not.
func (x *export) head(b *stix.Builder, p plan) {
	created := x.created
	if p.shared {
		created = stix.NewTimestamp(time.Unix(0, 0), 3)
	}
	b.Created(created).Set("modified", p.modified)
	if p.by == "" && !p.shared && !p.nobody {
		p.by = x.creator
	}
	if p.by != "" && p.by != p.id {
		b.Set("created_by_ref", p.by)
	}
	if labels := labelsOf(p.tags); len(labels) > 0 {
		b.Set("labels", labels)
	}
	if figure, ok := GradeOf(p.tags).confidence(); ok {
		b.Set("confidence", figure)
	}
}

// newObservables are types that STIX itself does not have, with the extension definitions that
// muchdogesec/stix2extensions published for them.
var newObservables = map[string]stix.ID{
	"phone-number":          "extension-definition--14a97ee2-e666-5ada-a6bd-b7177f79e211",
	"cryptocurrency-wallet": "extension-definition--be78509e-6958-51b1-8b26-d17ee0eba2d7",
	"bank-account":          "extension-definition--f19f3291-6a84-5674-b311-d75a925d5bd9",
	"payment-card":          "extension-definition--b160c6ee-26b6-591c-8885-c192db67cac9",
	"user-agent":            "extension-definition--7ca5afee-0e4e-5813-b643-de51538658cc",

	"cryptocurrency-transaction": "extension-definition--151d042d-4dcf-5e44-843f-1024440318e5",
}

// labelsOf gives the names of tags that are not markings, each once.
func labelsOf(tags []Tag) (labels []string) {
	if len(tags) == 0 {
		return nil
	}
	seen := map[string]bool{}
	for _, t := range tags {
		if !isMarking(t.Name) && !seen[t.Name] {
			seen[t.Name] = true
			labels = append(labels, t.Name)
		}
	}
	return labels
}

func unique(ids []stix.ID) (once []stix.ID) {
	if len(ids) < 2 {
		return ids
	}
	seen := map[stix.ID]bool{}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			once = append(once, id)
		}
	}
	return once
}

func (x *export) drop(path, typ, why string) {
	u := Unmapped{Path: path, Type: shown(typ), Why: why}
	if !x.dropped[u] {
		x.dropped[u] = true
		x.unmapped = append(x.unmapped, u)
	}
}

// once keeps an object and tells whether it stands: a second with the same id does not, unless it is
// the same.
func (x *export) once(o stix.Object) bool {
	if other, ok := x.byID[o.ID()]; ok {
		return bytes.Equal(other.Bytes(), o.Bytes())
	}
	x.byID[o.ID()] = o
	x.out = append(x.out, o)
	return true
}

func (x *export) find(id stix.ID) (stix.Object, bool) {
	o, ok := x.byID[id]
	return o, ok
}

// put builds and keeps an object, or lists why not.
func (x *export) put(p plan, path, typ string) bool {
	o, err := x.build(p)
	if err != nil {
		x.drop(path, typ, err.Error())
		return false
	}
	if !x.once(o) {
		x.drop(path, typ, "the event holds something else with the same uuid")
		return false
	}
	return true
}
