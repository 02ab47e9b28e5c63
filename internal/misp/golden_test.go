package misp_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	gocmp "github.com/google/go-cmp/cmp"

	"parley/internal/misp"
	"parley/stix"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is otherwise (-was +is); if that is meant, run the test with -update:\n%s", name, diff)
	}
}

// lamp reads the invented event of testdata.
func lamp(t testing.TB) misp.Event {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "event.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	events, err := misp.Read(f, misp.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return events[0]
}

func TestTheInventedEvent(t *testing.T) {
	objects, unmapped, err := misp.ToSTIX(lamp(t), misp.Options{Region: "US"})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, o := range objects {
		text := jsontext.Value(bytes.Clone(o.Bytes()))
		if err := text.Indent(); err != nil {
			t.Fatal(err)
		}
		out.Write(text)
		out.WriteByte('\n')
	}
	golden(t, "objects.txt", out.Bytes())
	out.Reset()
	for _, u := range unmapped {
		out.WriteString(u.Path + " (" + u.Type + "): " + u.Why + "\n")
	}
	golden(t, "unmapped.txt", out.Bytes())
}

func TestTheInventedEventComesBack(t *testing.T) {
	e := lamp(t)
	objects, _, err := misp.ToSTIX(e, misp.Options{Region: "US"})
	if err != nil {
		t.Fatal(err)
	}
	back, unmapped := back(t, objects)
	if len(unmapped) != 1 || unmapped[0].Type != "attachment" {
		t.Errorf("%v", unmapped)
	}
	if back.Info != e.Info || len(back.Objects) != len(e.Objects) || back.Timestamp != e.Timestamp {
		t.Errorf("%+v", back)
	}
}

func TestMarkingsReachEverything(t *testing.T) {
	objects, _, err := misp.ToSTIX(lamp(t), misp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	shared := map[string]bool{"identity": true, "marking-definition": true, "extension-definition": true, "threat-actor": true, "attack-pattern": true}
	for _, o := range objects {
		if marked := len(o.MarkingRefs()) > 0; !marked && (!shared[o.Type()] || strings.Contains(string(o.Bytes()), objectID)) {
			t.Errorf("%s has no marking", o.ID())
		}
	}
}

func TestTLP(t *testing.T) {
	for _, c := range []struct {
		tag  string
		tlp2 bool
		want stix.ID
	}{
		{"tlp:white", true, stix.TLPWhite},
		{"tlp:clear", false, stix.TLP2Clear},
		{"tlp:green", false, stix.TLPGreen},
		{"tlp:green", true, stix.TLP2Green},
		{"TLP:AMBER", false, stix.TLPAmber},
		{"tlp:amber+strict", false, stix.TLP2AmberStrict},
		{"tlp:red", true, stix.TLP2Red},
		{"tlp:unclear", false, stix.TLPRed},
		{"tlp:ex:chr", true, stix.TLP2Red},
	} {
		e := plain(misp.Attribute{UUID: attributeID, Type: "domain", Value: "example.com"})
		e.Tags = []misp.Tag{{Name: c.tag}}
		objects, unmapped, err := misp.ToSTIX(e, misp.Options{TLP2: c.tlp2})
		if err != nil {
			t.Fatal(err)
		}
		for _, typ := range []string{"report", "domain-name"} {
			if refs := find(objects, typ)[0].MarkingRefs(); len(refs) != 1 || refs[0] != c.want {
				t.Errorf("%s, TLP 2 %v: %s is marked %v", c.tag, c.tlp2, typ, refs)
			}
		}
		if unknown := c.tag == "tlp:unclear" || c.tag == "tlp:ex:chr"; unknown != (len(unmapped) == 1) {
			t.Errorf("%s: unmapped %v", c.tag, unmapped)
		}
		if e, _ := back(t, objects); e.Tags[0].Name != c.tag || len(e.Attributes[0].Tags) != 0 {
			t.Errorf("%s came back as %v", c.tag, e.Tags)
		}
	}
}

func TestGradesStayLetters(t *testing.T) {
	const source, information = `admiralty-scale:source-reliability="`, `admiralty-scale:information-credibility="`
	for _, c := range []struct {
		tags       []string
		want       misp.Grade
		confidence int64
	}{
		{[]string{source + `b"`, information + `2"`}, misp.Grade{Reliability: []string{"B"}, Credibility: []string{"2"}}, 70},
		{[]string{information + `1"`}, misp.Grade{Credibility: []string{"1"}}, 90},
		{[]string{information + `5"`}, misp.Grade{Credibility: []string{"5"}}, 10},
		{[]string{source + `f"`, information + `6"`}, misp.Grade{Reliability: []string{"F"}, Credibility: []string{"6"}}, 0},
		{[]string{source + `a"`, source + `d"`}, misp.Grade{Reliability: []string{"A", "D"}}, 0},
		{[]string{information + `2"`, information + `4"`, information + `2"`}, misp.Grade{Credibility: []string{"2", "4"}}, 0},
		{[]string{information + `7"`, source + `h"`, source + `ab"`, source}, misp.Grade{}, 0},
	} {
		e := plain(misp.Attribute{UUID: attributeID, Type: "domain", Value: "example.com"})
		for _, name := range c.tags {
			e.Tags = append(e.Tags, misp.Tag{Name: name})
		}
		if diff := gocmp.Diff(c.want, misp.GradeOf(e.Tags)); diff != "" {
			t.Errorf("%v: %s", c.tags, diff)
		}
		objects, _, err := misp.ToSTIX(e, misp.Options{})
		if err != nil {
			t.Fatal(err)
		}
		report := find(objects, "report")[0]
		if got, _ := report.Int("confidence"); got != c.confidence {
			t.Errorf("%v: confidence %d", c.tags, got)
		}
		if len(report.MarkingRefs()) != 0 {
			t.Errorf("%v: a grade became a marking", c.tags)
		}
	}
}

func TestWhenThingsAreFrom(t *testing.T) {
	a := misp.Attribute{UUID: attributeID, Type: "domain", Value: "example.com", ToIDs: true, Timestamp: day.Unix() + 60}
	indicator := func(e misp.Event, opt misp.Options) stix.Object {
		objects, _, err := misp.ToSTIX(e, opt)
		if err != nil {
			t.Fatal(err)
		}
		return byID(t, objects, "indicator--"+attributeID)
	}
	first := indicator(plain(a), misp.Options{})
	a.Timestamp += 3600
	a.FirstSeen = "2026-02-01T09:00:00.250000+01:00"
	second := indicator(plain(a), misp.Options{})
	if first.Created().Compare(second.Created()) != 0 || stix.Newer(second, first) != 1 {
		t.Errorf("created %s and %s, modified %s and %s", first.Created(), second.Created(), first.Modified(), second.Modified())
	}
	if from, _ := second.String("valid_from"); from != "2026-02-01T08:00:00.250Z" {
		t.Errorf("valid from %s", from)
	}
	e := plain(a)
	e.Date, e.Timestamp, e.PublishTimestamp = "", 0, 0
	if _, _, err := misp.ToSTIX(e, misp.Options{}); err == nil || !strings.Contains(err.Error(), "neither date nor timestamp") {
		t.Errorf("an event of no time: %v", err)
	}
	if at := indicator(e, misp.Options{Undated: day}).Created(); at.Time() != day {
		t.Errorf("an event of no time is from %s", at)
	}
}
