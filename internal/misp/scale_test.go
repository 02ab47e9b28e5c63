package misp_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/internal/misp"
	"parley/stix"
)

func numbered(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012x", n) }

// shapes are events of which one thing is in so many times as a stranger may like.
var shapes = map[string]func(n int) misp.Event{
	"attributes": load,
	"attributes without uuid": func(n int) misp.Event {
		e := plain()
		for range n {
			e.Attributes = append(e.Attributes, misp.Attribute{Type: "domain", Value: "example.com"})
		}
		return e
	},
	"attributes of one list": func(n int) misp.Event {
		return inOne("victim", n, misp.Attribute{Type: "text", Relation: "roles", Value: "x"})
	},
	"attributes of one name": func(n int) misp.Event {
		return inOne("person", n, misp.Attribute{Type: "first-name", Relation: "first-name", Value: "x"})
	},
	"links of one object": func(n int) misp.Event {
		return inOne("domain-ip", n, misp.Attribute{Type: "ip-dst", Relation: "ip", Value: "192.0.2.1"}, misp.Attribute{UUID: attributeID, Type: "domain", Relation: "domain", Value: "example.com"})
	},
	"galaxies of the event": func(n int) misp.Event {
		e := plain(misp.Attribute{UUID: attributeID, Type: "domain", Value: "example.com"})
		e.Galaxies = galaxies(n)
		return e
	},
	"galaxies of an attribute": func(n int) misp.Event {
		return plain(misp.Attribute{UUID: attributeID, Type: "domain", Value: "example.com", Galaxies: galaxies(n)})
	},
	"references": func(n int) misp.Event {
		o := object("file", field{"filename", "filename", "a"})
		for i := range n {
			o.References = append(o.References, misp.Reference{UUID: numbered(i), Object: objectID, Referenced: objectID, Type: "uses"})
		}
		e := plain()
		e.Objects = []misp.Object{o}
		return e
	},
	"tags": func(n int) misp.Event {
		e := plain(misp.Attribute{UUID: attributeID, Type: "domain", Value: "example.com"})
		for i := range n {
			e.Tags = append(e.Tags, misp.Tag{Name: fmt.Sprint("t", i)}, misp.Tag{Name: fmt.Sprint("tlp:", i)})
		}
		return e
	},
	"sightings": func(n int) misp.Event {
		a := misp.Attribute{UUID: attributeID, Type: "domain", Value: "example.com"}
		for i := range n {
			a.Sightings = append(a.Sightings, misp.Sighting{UUID: numbered(i), Type: fmt.Sprint(i % 4), Date: 5 + int64(i)})
		}
		return plain(a)
	},
}

func inOne(name string, n int, a misp.Attribute, more ...misp.Attribute) misp.Event {
	e := plain()
	o := misp.Object{UUID: objectID, Name: name, Attributes: more}
	for i := range n {
		a.UUID = numbered(i)
		o.Attributes = append(o.Attributes, a)
	}
	e.Objects = []misp.Object{o}
	return e
}

func galaxies(n int) (all []misp.Galaxy) {
	for i := range n {
		all = append(all, misp.Galaxy{Name: fmt.Sprint(i), Type: "tool", Clusters: []misp.Cluster{{Value: fmt.Sprint(i), TagName: fmt.Sprint(i)}}})
	}
	return all
}

// effort is the lesser of two times that it takes to bring an event through and back and into a feed.
func effort(t *testing.T, e misp.Event) time.Duration {
	t.Helper()
	least := time.Hour
	for range 2 {
		began := time.Now()
		objects, _, err := misp.ToSTIX(e, misp.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := misp.FromSTIX(objects, misp.Options{}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := misp.Prepare(e, day); err != nil {
			t.Fatal(err)
		}
		least = min(least, time.Since(began))
	}
	return least
}

// Ten times as much takes about ten times as long, whatever it is much of. What grows with the square
// would take a hundred times as long.
func TestEffortGrowsWithSize(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			few, many := shape(100), shape(1000)
			for tries := 1; ; tries++ {
				ratio := float64(effort(t, many)) / float64(effort(t, few))
				if ratio < 30 {
					return
				}
				if tries == 3 { // a machine that is busy with something else may be slow twice
					t.Fatalf("ten times as much takes %.0f times as long", ratio)
				}
			}
		})
	}
}

func TestAHundredThousandAttributes(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const n = 100_000
	var file bytes.Buffer
	e := load(n)
	e.Distribution = misp.AllCommunities
	if err := misp.Write(&file, e); err != nil {
		t.Fatal(err)
	}
	events, err := misp.Read(&file, misp.Limits{})
	if err != nil || len(events[0].Attributes) != n {
		t.Fatal(err)
	}
	issue, left, err := misp.Prepare(events[0], day)
	if err != nil || len(left) != 0 || bytes.Count(issue.Hashes, []byte("\n")) != n {
		t.Fatal(err, len(left))
	}
}

// What would not fit into one report of STIX is refused, and so is what would multiply.
func TestEventsThatWouldNotFit(t *testing.T) {
	e := plain()
	for i := range 2 * 1000 {
		e.Tags = append(e.Tags, misp.Tag{Name: fmt.Sprint(`parley:statement="`, i, `"`)})
	}
	if _, _, err := misp.ToSTIX(e, misp.Options{}); err == nil || !strings.Contains(err.Error(), "markings") {
		t.Errorf("%v", err)
	}
}

// A marking in words goes through MISP and back, whole.
func TestPermittedUsesTravel(t *testing.T) {
	const use = "Parley permitted use: detection. Use only to find this in your own systems. It goes to nobody else without the originator's consent."
	mark, err := stix.Statement("marking-definition--"+objectID, stix.NewTimestamp(day, 3), use)
	if err != nil {
		t.Fatal(err)
	}
	objects := foreign(t, `{"type":"domain-name","id":"domain-name--`+attributeID+`","value":"example.com"}`)
	objects = append(edited(t, objects, "report--"+eventID, `["`+string(stix.TLP2Amber)+`"]`, `["`+string(stix.TLP2Amber)+`","`+string(mark.ID())+`"]`), mark)
	e, unmapped := back(t, objects)
	if len(unmapped) != 0 || len(e.Tags) != 3 || e.Tags[2].Name != `parley:statement="`+use+`"` {
		t.Fatalf("%v, %v", e.Tags, unmapped)
	}
	again, _, err := misp.ToSTIX(e, misp.Options{TLP2: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, typ := range []string{"report", "domain-name"} {
		refs := find(again, typ)[0].MarkingRefs()
		said := byID(t, again, string(refs[len(refs)-1]))
		if words, _ := said.String("definition.statement"); words != use {
			t.Errorf("%s is marked %q", typ, words)
		}
	}
	if twice, _ := back(t, again); len(twice.Tags) != 3 || twice.Tags[2].Name != e.Tags[2].Name {
		t.Errorf("%v", twice.Tags)
	}
}
