package misp_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"parley/internal/misp"
	"parley/stix"
)

// drawn makes events of everything that maps, each part with a UUID of its own.
type drawn struct {
	*rapid.T
	parts *int
}

func draw(t *rapid.T) drawn { return drawn{t, new(int)} }

func (d drawn) uuid() string {
	*d.parts++
	u := uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, *d.parts))
	u[6] = u[6]&0x0f | 0x40 // as random ones look
	return u.String()
}

func (d drawn) words(label string) string {
	return rapid.StringMatching(`[A-Za-z0-9'\\ é…]{0,20}[a-z]`).Draw(d.T, label)
}

func (d drawn) second() int64 {
	return rapid.Int64Range(1_700_000_000, 1_800_000_000).Draw(d.T, "second")
}

func (d drawn) maybe(s string) string {
	if rapid.Bool().Draw(d.T, "maybe") {
		return s
	}
	return ""
}

func (d drawn) tags() (tags []misp.Tag) {
	names := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{
		"tlp:white", "tlp:clear", "tlp:green", "tlp:amber", "tlp:amber+strict", "tlp:red", "PAP:RED", "PAP:CLEAR",
		`admiralty-scale:source-reliability="b"`, `admiralty-scale:information-credibility="2"`, "invented:word",
	}), 0, 4, rapid.ID).Draw(d.T, "tags")
	for _, name := range names {
		tags = append(tags, misp.Tag{Name: name, Colour: d.maybe("#ffc000"), Local: rapid.Bool().Draw(d.T, "local")})
	}
	return tags
}

func (d drawn) analysed() (a misp.Analysed) {
	analyst := func() misp.Analyst {
		who := misp.Analyst{UUID: d.uuid(), Authors: d.maybe("desk@example.org"), Created: d.maybe("2026-03-01 09:30:00"), Modified: d.maybe("2026-03-02 10:00:00"), Distribution: misp.Distribution(d.maybe("3"))}
		if rapid.Bool().Draw(d.T, "by another") {
			who.By = &misp.Organisation{UUID: d.uuid(), Name: "South Desk"}
		}
		return who
	}
	for range rapid.IntRange(0, 1).Draw(d.T, "notes") {
		a.Notes = append(a.Notes, misp.AnalystNote{Analyst: analyst(), Note: d.words("note"), Language: d.maybe("en")})
	}
	for range rapid.IntRange(0, 1).Draw(d.T, "opinions") {
		a.Opinions = append(a.Opinions, misp.AnalystOpinion{Analyst: analyst(), Opinion: rapid.Int64Range(0, 100).Draw(d.T, "opinion"), Comment: d.words("comment")})
	}
	return a
}

func (d drawn) attribute() misp.Attribute {
	row := rapid.SampledFrom(attributeRows).Draw(d.T, "row")
	for row.typ == "attachment" || row.typ == "malware-sample" { // their data is not taken
		row = rapid.SampledFrom(attributeRows).Draw(d.T, "row")
	}
	a := misp.Attribute{
		UUID: d.uuid(), Type: row.typ, Category: "Other", Value: row.value, ToIDs: rapid.Bool().Draw(d.T, "to_ids"),
		Comment: d.maybe(d.words("comment")), Timestamp: d.second(), FirstSeen: d.maybe("2026-02-01T08:00:00.000001+00:00"),
		Distribution: misp.Distribution(d.maybe("5")), Tags: d.tags(), Analysed: d.analysed(),
	}
	for range rapid.IntRange(0, 2).Draw(d.T, "sightings") {
		a.Sightings = append(a.Sightings, misp.Sighting{
			UUID: d.uuid(), Type: rapid.SampledFrom([]string{"0", "1", "3"}).Draw(d.T, "kind"), Date: d.second(), Source: d.maybe("a gate"),
		})
	}
	return a
}

func (d drawn) object() misp.Object {
	row := rapid.SampledFrom(objectRows).Draw(d.T, "object")
	o := misp.Object{
		UUID: d.uuid(), Name: row.name, MetaCategory: "misc", Description: d.maybe("a template"), TemplateUUID: d.uuid(), TemplateVersion: "3",
		Comment: d.maybe(d.words("comment")), Timestamp: d.second(), Distribution: misp.Distribution(d.maybe("3")), Analysed: d.analysed(),
	}
	for _, f := range row.attributes {
		a := misp.Attribute{
			UUID: d.uuid(), Type: f.typ, Category: "Other", Relation: f.relation, Value: f.value,
			ToIDs: rapid.Bool().Draw(d.T, "to_ids"), Timestamp: d.second(), Tags: d.tags(),
		}
		o.Attributes = append(o.Attributes, a)
	}
	return o
}

func (d drawn) galaxy() misp.Galaxy {
	g := misp.Galaxy{UUID: d.uuid(), Name: "Invented", Type: rapid.SampledFrom([]string{
		"threat-actor", "mitre-attack-pattern", "mitre-intrusion-set", "tool", "ransomware", "sector", "weather", "mitre-d3fend",
	}).Draw(d.T, "galaxy")}
	g.Clusters = []misp.Cluster{{
		UUID: d.uuid(), Type: g.Type, Value: d.words("cluster"), TagName: `misp-galaxy:x="y"`, Description: d.maybe("what it is"),
		Source: d.maybe("nobody"), Version: d.second(),
		Meta: map[string][]string{"synonyms": {"Other Name"}, "refs": {"https://example.org/a", "not a link"}, "external_id": {"X1"}, "a name: with anything": {"x", ""}},
	}}
	return g
}

func (d drawn) event() misp.Event {
	e := misp.Event{
		UUID: d.uuid(), Info: d.words("info"), Date: "2023-10-01", Timestamp: d.second(), PublishTimestamp: d.second(), Published: true,
		ThreatLevel: d.maybe("2"), Analysis: d.maybe("1"), Distribution: misp.Distribution(d.maybe("3")), ExtendsUUID: d.maybe(d.uuid()),
		Creator: &misp.Organisation{UUID: d.uuid(), Name: "North Desk"}, Tags: d.tags(), Analysed: d.analysed(),
	}
	for range rapid.IntRange(0, 4).Draw(d.T, "attributes") {
		a := d.attribute()
		if rapid.Bool().Draw(d.T, "with cluster") {
			a.Galaxies = []misp.Galaxy{d.galaxy()}
		}
		for i := range a.Sightings {
			a.Sightings[i].By = &misp.Organisation{UUID: d.uuid(), Name: "South Desk"}
		}
		e.Attributes = append(e.Attributes, a)
	}
	for range rapid.IntRange(0, 3).Draw(d.T, "objects") {
		o := d.object()
		for _, to := range e.Objects {
			o.References = append(o.References, misp.Reference{
				UUID: d.uuid(), Object: o.UUID, Referenced: to.UUID, Type: rapid.SampledFrom([]string{"uses", "Works with"}).Draw(d.T, "kind"),
				Comment: d.maybe("as told"), Timestamp: d.second(),
			})
		}
		e.Objects = append(e.Objects, o)
	}
	if rapid.Bool().Draw(d.T, "galaxies") {
		e.Galaxies = []misp.Galaxy{d.galaxy()}
	}
	if rapid.Bool().Draw(d.T, "reports") {
		e.Reports = []misp.Report{{UUID: d.uuid(), Name: d.maybe("Title"), Content: "# What was found", Timestamp: d.second(), Distribution: "5", Analysed: d.analysed()}}
	}
	return e
}

// sameEvent compares without the order of things, which means nothing in MISP.
func sameEvent(a, b misp.Event) string {
	return gocmp.Diff(a, b, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(misp.Event{}, "Unread"),
		cmpopts.SortSlices(func(a, b misp.Tag) bool { return a.Name < b.Name }),
		cmpopts.SortSlices(func(a, b misp.Attribute) bool { return a.UUID < b.UUID }),
		cmpopts.SortSlices(func(a, b misp.Object) bool { return a.UUID < b.UUID }),
		cmpopts.SortSlices(func(a, b misp.Sighting) bool { return a.UUID < b.UUID }),
		cmpopts.SortSlices(func(a, b misp.Reference) bool { return a.UUID < b.UUID }))
}

func TestWhatMapsComesBackEqual(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := draw(rt).event()
		opt := misp.Options{Region: "US", TLP2: rapid.Bool().Draw(rt, "tlp2")}
		objects, unmapped, err := misp.ToSTIX(e, opt)
		if err != nil || len(unmapped) > 0 {
			rt.Fatalf("to STIX: %v, unmapped %v", err, unmapped)
		}
		for _, o := range objects {
			if wrong := o.Validate(stix.Strict); wrong != nil {
				rt.Fatalf("%s is not valid: %v", o.ID(), wrong)
			}
		}
		back, unmapped, err := misp.FromSTIX(objects, opt)
		if err != nil || len(unmapped) > 0 {
			rt.Fatalf("from STIX: %v, unmapped %v", err, unmapped)
		}
		if diff := sameEvent(e, back); diff != "" {
			rt.Fatalf("came back otherwise (-was +is):\n%s", diff)
		}
	})
}

func TestTheSameEventGivesTheSameBytes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := draw(rt).event()
		once, _, err1 := misp.ToSTIX(e, misp.Options{})
		again, _, err2 := misp.ToSTIX(e, misp.Options{})
		if err1 != nil || err2 != nil || len(once) != len(again) {
			rt.Fatalf("%v, %v: %d and %d objects", err1, err2, len(once), len(again))
		}
		seen := map[stix.ID]bool{}
		for i, o := range once {
			if !bytes.Equal(o.Bytes(), again[i].Bytes()) {
				rt.Fatalf("%s and %s", o.Bytes(), again[i].Bytes())
			}
			if seen[o.ID()] {
				rt.Fatalf("%s stands twice", o.ID())
			}
			seen[o.ID()] = true
		}
	})
}

func TestEveryReferenceResolves(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		objects, _, err := misp.ToSTIX(draw(rt).event(), misp.Options{})
		if err != nil {
			rt.Fatal(err)
		}
		there := map[string]bool{}
		for _, o := range objects {
			there[string(o.ID())] = true
		}
		for _, o := range objects {
			err := o.Walk(func(path, value string) error {
				if id, err := stix.ParseID(value); err == nil && !there[string(id)] {
					return fmt.Errorf("%s.%s refers to %s", o.ID(), path, value)
				}
				return nil
			})
			if err != nil {
				rt.Fatal(err)
			}
		}
	})
}

func TestMISPsJSONComesBackEqual(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := draw(rt).event()
		data, err := json.Marshal(map[string]misp.Event{"Event": e})
		if err != nil {
			rt.Fatal(err)
		}
		back, err := misp.Read(bytes.NewReader(data), misp.Limits{})
		if err != nil || len(back) != 1 || len(back[0].Unread) > 0 {
			rt.Fatalf("read back: %v, %v", err, back)
		}
		if diff := sameEvent(e, back[0]); diff != "" {
			rt.Fatalf("read back otherwise (-was +is):\n%s", diff)
		}
	})
}

// find gives the objects of a type, by id.
func find(objects []stix.Object, typ string) (found []stix.Object) {
	for _, o := range objects {
		if o.Type() == typ {
			found = append(found, o)
		}
	}
	slices.SortFunc(found, func(a, b stix.Object) int { return cmp.Compare(a.ID(), b.ID()) })
	return found
}

var day = time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)

const (
	eventID     = "6f1c64ad-3e19-4b8c-9c57-8a6de0f0a0c1"
	attributeID = "0b0e7a52-6f0c-4f7e-8f5e-3f1d3b9f6a01"
	objectID    = "c2a4f6d0-1b3c-4d5e-9f60-718293a4b5c6"
	northID     = "5a3b8a53-3b24-43d9-8f71-0c7d5a1f7a2b"
)

// plain is an event of North Desk's with what is given.
func plain(attributes ...misp.Attribute) misp.Event {
	return misp.Event{
		UUID: eventID, Info: "A bag left in a lamp works", Date: "2026-03-01", Timestamp: day.Unix() + 3600, Published: true,
		PublishTimestamp: day.Unix() + 7200, Creator: &misp.Organisation{UUID: northID, Name: "North Desk"}, Attributes: attributes,
	}
}
