package misp_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/internal/misp"
)

func read(text string) ([]misp.Event, error) {
	return misp.Read(strings.NewReader(text), misp.Limits{})
}

const bare = `"uuid":"` + eventID + `","info":"lamps"`

func TestTheBoxesOfEvents(t *testing.T) {
	for _, c := range []struct {
		name, text string
		events     int
	}{
		{"an event", `{"Event":{` + bare + `}}`, 1},
		{"an event without its box", `{` + bare + `}`, 1},
		{"a list", `[{"Event":{` + bare + `}},{"Event":{` + bare + `}}]`, 2},
		{"a search's answer", `{"response":[{"Event":{` + bare + `}}]}`, 1},
		{"an answer of one", `{"response":{"Event":{` + bare + `}}}`, 1},
		{"an empty answer", `{"response":[]}`, 0},
		{"an empty list", `[]`, 0},
		{"an event with something beside it", `{"Event":{` + bare + `},"signature":{"a":[1]}}`, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			events, err := read(c.text)
			if err != nil || len(events) != c.events {
				t.Fatalf("%v, %d events", err, len(events))
			}
			for _, e := range events {
				if e.UUID != eventID || e.Info != "lamps" {
					t.Errorf("%+v", e)
				}
			}
		})
	}
}

func TestWhatMISPReallyWrites(t *testing.T) {
	want := misp.Event{
		UUID: eventID, Info: "lamps", Date: "2026-03-01", Timestamp: 1772323200, Published: true, ThreatLevel: "3", Analysis: "2",
		Distribution: misp.AllCommunities,
		Creator:      &misp.Organisation{UUID: northID, Name: "North Desk"},
		Tags:         []misp.Tag{{Name: "tlp:red", Colour: "#f00", Local: true}},
		Attributes: []misp.Attribute{
			{UUID: attributeID, Type: "counter", Value: "7", ToIDs: true, Sightings: []misp.Sighting{{Type: "0", Date: 1772323200}}},
		},
	}
	for _, c := range []struct{ name, text string }{
		{"numbers as strings", `"date":"2026-03-01","timestamp":"1772323200","published":"1","threat_level_id":"3","analysis":"2","distribution":"3",
			"Orgc":{"id":"1","name":"North Desk","uuid":"` + northID + `"},"Tag":[{"name":"tlp:red","colour":"#f00","local":"1"}],
			"Attribute":[{"uuid":"` + attributeID + `","type":"counter","value":"7","to_ids":"1","Sighting":[{"type":"0","date_sighting":"1772323200"}]}]`},
		{"strings as numbers", `"date":"2026-03-01","timestamp":1772323200,"published":1,"threat_level_id":3,"analysis":2,"distribution":3,
			"Orgc":{"name":"North Desk","uuid":"` + strings.ToUpper(northID) + `"},"Tag":[{"name":"tlp:red","colour":"#f00","exportable":false}],
			"Attribute":[{"uuid":"` + attributeID + `","type":"counter","value":7,"to_ids":1,"Sighting":[{"type":0,"date_sighting":1772323200.75}]}]`},
		{"objects for lists", `"date":"2026-03-01","timestamp":"1772323200","published":true,"threat_level_id":"3","analysis":"2","distribution":"3",
			"Orgc":{"name":"North Desk","uuid":"` + northID + `"},"Tag":{"name":"tlp:red","colour":"#f00","local":true},
			"Attribute":{"3":{"uuid":"` + attributeID + `","type":"counter","value":"7","to_ids":true,"Sighting":{"type":"0","date_sighting":"1772323200"}}}`},
		{"nothing in many ways", `"date":"2026-03-01","timestamp":"1772323200","published":true,"threat_level_id":"3","analysis":"2","distribution":"3",
			"publish_timestamp":null,"extends_uuid":"","Org":[],"Object":[],"Galaxy":{},"RelatedEvent":null,"ShadowAttribute":[],"EventReport":"","CryptographicKey":[],
			"Orgc":{"name":"North Desk","uuid":"` + northID + `"},"Tag":[{"name":"tlp:red","colour":"#f00","local":true,"exportable":true}],
			"Attribute":[{"uuid":"` + attributeID + `","type":"counter","value":"7","to_ids":true,"Tag":[],"Galaxy":null,"first_seen":null,"comment":null,"deleted":null,
				"ShadowAttribute":[],"data":"","Sighting":[{"type":"0","date_sighting":"1772323200","Organisation":[]}]}]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			events, err := read(`{"Event":{` + bare + `,` + c.text + `}}`)
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(want, events[0], cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatIsNotTakenIsListed(t *testing.T) {
	events, err := read(`{"Event":{` + bare + `,"date":"yesterday","threat_level_id":"9","id":"7","future":{"a":1},
		"SharingGroup":{"name":"x"},"Relationship":[{"related_object_type":"Event"}],
		"Attribute":[{"uuid":"` + attributeID + `","type":"attachment","value":"a.txt","data":"AAAA","ShadowAttribute":[{"value":"b"}],"event_id":"7"}],
		"Galaxy":[{"type":"threat-actor","GalaxyCluster":[{"value":"B","meta":{"synonyms":"C","population":7,"country":{"ZZ":1}}}]}]}}`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range events[0].Unread {
		got = append(got, u.Path)
	}
	want := []string{
		"date", "threat_level_id", "future", "SharingGroup", "Relationship", "Attribute[0].data", "Attribute[0].ShadowAttribute",
		"Galaxy[0].GalaxyCluster[0].meta.country",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	_, unmapped, err := misp.ToSTIX(events[0], misp.Options{Undated: day})
	if err != nil || len(unmapped) < len(want) {
		t.Errorf("%v: ToSTIX passes on %v", err, unmapped)
	}
}

func TestHostileFiles(t *testing.T) {
	long := strings.Repeat("x", 2000)
	small := misp.Limits{Bytes: 4000, Events: 2, Parts: 5, Text: 1000, Depth: 8}
	for _, c := range []struct {
		name, text, path string
		limit            bool
	}{
		{"nothing", ``, "", false},
		{"no JSON", `MISP`, "", false},
		{"a text", `"event"`, "", false},
		{"an empty object", `{}`, "", false},
		{"half an event", `{"Event":{"uuid":"` + eventID, "", false},
		{"more after it", `{"Event":{` + bare + `}} {}`, "", false},
		{"no uuid", `{"Event":{"info":"x"}}`, "Event", false},
		{"a uuid that is none", `{"Event":{"uuid":"../../etc"}}`, "Event.uuid", false},
		{"a uuid in braces", `{"Event":{"uuid":"{` + eventID + `}"}}`, "Event.uuid", false},
		{"a name twice", `{"Event":{` + bare + `,"info":"y"}}`, "Event.info", false},
		{"invalid UTF-8", "{\"Event\":{\"info\":\"\xff\"}}", "Event.info", false},
		{"a lone surrogate", `{"Event":{"info":"\ud800"}}`, "Event.info", false},
		{"an object for a text", `{"Event":{"info":{}}}`, "Event.info", false},
		{"an object among texts", `{"Event":{"Galaxy":{"GalaxyCluster":{"meta":{"refs":[{"a":1}]}}}}}`, "Event.Galaxy.GalaxyCluster.meta.refs[0]", false},
		{"a text for a list", `{"Event":{"Attribute":"x"}}`, "Event.Attribute", false},
		{"a list for an object", `{"Event":{"Orgc":[1]}}`, "Event.Orgc", false},
		{"a number that is none", `{"Event":{"timestamp":"soon"}}`, "Event.timestamp", false},
		{"a number below zero", `{"Event":{"timestamp":-5}}`, "Event.timestamp", false},
		{"a number past all years", `{"Event":{"timestamp":"99999999999999"}}`, "Event.timestamp", false},
		{"a huge number", `{"Event":{"timestamp":1e400}}`, "Event.timestamp", false},
		{"a flag that is none", `{"Event":{"published":"maybe"}}`, "Event.published", false},
		{"names that change their mind", `{"Event":{"Tag":{"0":{"name":"a"},"b":{}}}}`, "Event.Tag.b", false},
		{"too many bytes", `{"Event":{"info":"` + strings.Repeat("x ", 3000) + `"}}`, "", true},
		{"too many bytes of nothing", `{"Event":{` + bare + strings.Repeat(" ", 5000) + `}}`, "", true},
		{"a long text", `{"Event":{"info":"` + long + `"}}`, "Event.info", true},
		{"too many parts", `{"Event":{"Tag":[{},{},{},{},{},{}]}}`, "Event.Tag[4]", true},
		{"too many events", `[{` + bare + `},{` + bare + `},{` + bare + `}]`, "", true},
		{"too deep", strings.Repeat("[", 20) + strings.Repeat("]", 20), "", true},
		{"too deep in boxes", strings.Repeat(`{"Event":`, 20) + `{}` + strings.Repeat(`}`, 20), "", true},
		{"too many notes", `{"Event":{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}}`, "Event.f", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			events, err := misp.Read(strings.NewReader(c.text), small)
			fault := new(misp.Fault)
			switch {
			case err == nil || events != nil:
				t.Fatalf("taken: %v", events)
			case !errors.As(err, &fault):
				t.Fatalf("%T is no fault: %v", err, err)
			case errors.Is(err, misp.ErrLimit) != c.limit:
				t.Errorf("limit is %v: %v", !c.limit, err)
			case c.path != "" && fault.Path != c.path:
				t.Errorf("at %q and should be at %q: %v", fault.Path, c.path, err)
			case !strings.Contains(err.Error(), "byte"):
				t.Errorf("says no byte: %v", err)
			}
		})
	}
}

func TestAReaderThatFails(t *testing.T) {
	broken := errors.New("the disk is gone")
	_, err := misp.Read(io.MultiReader(strings.NewReader(`{"Event":{`), iotest.ErrReader(broken)), misp.Limits{})
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`{"Event":{` + bare + `}}`, `[{` + bare + `}]`, `{"response":[]}`,
		`{"Event":{` + bare + `,"date":"2026-03-01","Attribute":[{"uuid":"` + attributeID + `","type":"ip-src|port","value":"192.0.2.1|80","to_ids":"1"}],
			"Orgc":{"uuid":"` + northID + `","name":"n"},"Galaxy":[{"type":"tool","GalaxyCluster":[{"value":"x","meta":{"refs":["y"]}}]}],"EventReport":[{"content":"z"}],
			"Object":{"0":{"uuid":"` + objectID + `","name":"file","Attribute":[{"uuid":"` + northID + `","object_relation":"md5","type":"md5","value":"` + md5Empty + `"}]}}}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		events, err := misp.Read(strings.NewReader(string(data)), misp.Limits{Bytes: 1 << 20})
		if err != nil {
			fault := new(misp.Fault)
			if events != nil || !errors.As(err, &fault) {
				t.Fatalf("%v with %d events", err, len(events))
			}
			return
		}
		for _, e := range events {
			objects, _, err := misp.ToSTIX(e, misp.Options{Undated: day})
			if err != nil || len(objects) == 0 {
				continue
			}
			back, _, err := misp.FromSTIX(objects, misp.Options{Key: []byte("a key of the fuzzer's")})
			if err != nil || back.UUID != e.UUID {
				t.Fatalf("back: %v, %s", err, fmt.Sprint(back.UUID))
			}
			for _, from := range []misp.Event{e, back} {
				issue, _, err := misp.Prepare(from, day)
				if err != nil {
					continue // it lacks what a feed asks for
				}
				if served, err := misp.Read(bytes.NewReader(issue.File), misp.Limits{}); err != nil || served[0].UUID != e.UUID || served[0].Timestamp != issue.Timestamp {
					t.Fatalf("served: %v: %s", err, issue.File)
				}
			}
		}
	})
}
