package misp_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/go-json-experiment/json"

	"parley/internal/misp"
)

// load is an event of so many attributes, half of them to detect with.
func load(attributes int) misp.Event {
	e := plain()
	for i := range attributes {
		e.Attributes = append(e.Attributes, misp.Attribute{
			UUID: fmt.Sprintf("00000000-0000-4000-8000-%012x", i), Type: "domain", Category: "Network activity",
			Value: fmt.Sprintf("host-%d.example.com", i), ToIDs: i%2 == 0, Timestamp: day.Unix() + int64(i), Comment: "found in a log",
		})
	}
	return e
}

const attributesInLoad = 1000

func report(b *testing.B) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(b.N)*attributesInLoad/b.Elapsed().Seconds(), "attributes/s")
}

func BenchmarkRead(b *testing.B) {
	data, err := json.Marshal(map[string]misp.Event{"Event": load(attributesInLoad)})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := misp.Read(bytes.NewReader(data), misp.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
	report(b)
}

func BenchmarkToSTIX(b *testing.B) {
	e := load(attributesInLoad)
	for b.Loop() {
		if _, _, err := misp.ToSTIX(e, misp.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	report(b)
}

func BenchmarkFromSTIX(b *testing.B) {
	objects, _, err := misp.ToSTIX(load(attributesInLoad), misp.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := misp.FromSTIX(objects, misp.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	report(b)
}
