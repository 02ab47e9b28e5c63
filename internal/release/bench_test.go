package release_test

import (
	"encoding/json"
	"fmt"
	"syscall"
	"testing"
	"time"

	"parley/internal/release"
	"parley/selector"
	"parley/stix"
)

// largeReport makes a report that gives a tearline of about n objects: numbers, indicators for them,
// campaigns in the analyst's words, and relationships.
func largeReport(b *testing.B, n int) ([]stix.Object, release.Request) {
	req := request(b)
	req.Words = map[stix.ID]release.Words{}
	var objects []stix.Object
	add := func(properties map[string]any) {
		data, err := json.Marshal(properties)
		if err != nil {
			b.Fatal(err)
		}
		o, err := stix.ParseObject(data)
		if err != nil {
			b.Fatal(err)
		}
		objects = append(objects, o)
	}
	for i := range n / 4 {
		host := fmt.Sprintf("site%d.example.org", i)
		req.Cleared = append(req.Cleared, selector.Selector{Kind: selector.Domain, Value: host})
		id := func(typ string) string { return fmt.Sprintf("%s--%08x-0000-4000-8000-%012x", typ, i, i) }
		object := func(typ string, more map[string]any) {
			more["type"], more["id"], more["spec_version"] = typ, id(typ), "2.1"
			more["created"], more["modified"] = "2025-03-12T03:40:12.482Z", "2025-03-12T03:40:12.482Z"
			more["x_raw"] = "Pelican line, at 03:12: the white van will be waiting behind the old mill"
			add(more)
		}
		add(map[string]any{"type": "domain-name", "spec_version": "2.1", "id": id("domain-name"), "value": host})
		object("indicator", map[string]any{
			"pattern": "[domain-name:value = '" + host + "']", "pattern_type": "stix", "valid_from": "2025-03-12T03:12:09Z",
		})
		object("campaign", map[string]any{"name": "COLDHARBOUR", "first_seen": "2025-02-03T17:20:00Z"})
		object("relationship", map[string]any{
			"relationship_type": "indicates", "source_ref": id("indicator"), "target_ref": id("campaign"),
		})
		req.Words[stix.ID(id("campaign"))] = release.Words{
			Name: "Preparation", Description: fmt.Sprintf("A group %s buys %s and meets over some weeks, and speaks of a %s gathering in the spring.",
				variant(i), variant(i/7), variant(i/49)),
		}
	}
	return objects, req
}

// variant makes the texts of a large report differ, as those of people do.
func variant(i int) string {
	words := []string{"slowly", "vehicles", "public", "openly", "tickets", "musical", "again"}
	return words[i%len(words)] + words[(i/3)%len(words)]
}

// cpuTime is what the process used of the processor, whatever else runs on the machine.
func cpuTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkTearline builds and checks a release of a thousand objects with two hundred secret names.
func BenchmarkTearline(b *testing.B) {
	report, req := largeReport(b, 1000)
	s := secrets(b)
	s.Cleared = req.Cleared
	for i := range 200 {
		s.NeverList = append(s.NeverList, fmt.Sprintf("Codename%d Heron", i))
	}
	for _, o := range report {
		s.OriginalIDs = append(s.OriginalIDs, string(o.ID()))
	}
	var written int
	began := cpuTime(b)
	for b.Loop() {
		tearline, err := release.Build(report, req, fixed())
		if err != nil {
			b.Fatal(err)
		}
		for _, f := range release.Check(tearline, s) {
			if f.Blocking {
				b.Fatalf("%+v", f)
			}
		}
		written = len(tearline.Objects)
	}
	b.ReportMetric(float64(written), "objects")
	b.ReportMetric(float64((cpuTime(b)-began).Milliseconds())/float64(b.N), "cpu-ms/release")
}

func BenchmarkVerify(b *testing.B) {
	report, req := largeReport(b, 1000)
	tearline, err := release.Build(report, req, fixed())
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(tearline.Bundle)))
	for b.Loop() {
		if _, err := release.Verify(tearline.Bundle); err != nil {
			b.Fatal(err)
		}
	}
}
