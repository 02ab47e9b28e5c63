package misp_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

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
	var data bytes.Buffer
	if err := misp.Write(&data, load(attributesInLoad)); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(data.Len()))
	for b.Loop() {
		if _, err := misp.Read(bytes.NewReader(data.Bytes()), misp.Limits{}); err != nil {
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

func BenchmarkWrite(b *testing.B) {
	e := load(attributesInLoad)
	for b.Loop() {
		if err := misp.Write(io.Discard, e); err != nil {
			b.Fatal(err)
		}
	}
	report(b)
}

func BenchmarkPrepare(b *testing.B) {
	e := load(attributesInLoad)
	for b.Loop() {
		if _, _, err := misp.Prepare(e, day); err != nil {
			b.Fatal(err)
		}
	}
	report(b)
}

// eventsInFeed is a large feed; each event has ten attributes.
const eventsInFeed = 10_000

func largeFeed(b *testing.B) *misp.Shelf {
	s := new(misp.Shelf)
	e := load(10)
	for i := range eventsInFeed {
		e.UUID = fmt.Sprintf("00000000-0000-4000-9000-%012x", i)
		issue, _, err := misp.Prepare(e, day)
		if err != nil {
			b.Fatal(err)
		}
		s.Put(issue)
	}
	return s
}

func serve(b *testing.B, h http.Handler, path string, status int, header ...string) int {
	r := httptest.NewRequestWithContext(b.Context(), "GET", path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != status {
		b.Fatalf("%s: %d", path, w.Code)
	}
	return w.Body.Len()
}

func BenchmarkFeedManifestAnew(b *testing.B) {
	s := largeFeed(b)
	for b.Loop() {
		serve(b, misp.FeedHandler(s), "/manifest.json", 200, "Accept-Encoding", "gzip")
	}
	b.ReportMetric(float64(b.N)*eventsInFeed/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkFeedManifestKept(b *testing.B) {
	h := misp.FeedHandler(largeFeed(b))
	for b.Loop() {
		b.SetBytes(int64(serve(b, h, "/manifest.json", 200, "Accept-Encoding", "gzip")))
	}
}

func BenchmarkFeedManifestUnchanged(b *testing.B) {
	h := misp.FeedHandler(largeFeed(b))
	for b.Loop() {
		serve(b, h, "/manifest.json", 304, "If-None-Match", "*")
	}
}

func BenchmarkFeedHashes(b *testing.B) {
	h := misp.FeedHandler(largeFeed(b))
	for b.Loop() {
		b.SetBytes(int64(serve(b, h, "/hashes.csv", 200)))
	}
}

func BenchmarkFeedEvent(b *testing.B) {
	h := misp.FeedHandler(largeFeed(b))
	for b.Loop() {
		b.SetBytes(int64(serve(b, h, "/00000000-0000-4000-9000-000000000007.json", 200)))
	}
}

func BenchmarkPull(b *testing.B) {
	server := httptest.NewServer(misp.FeedHandler(largeFeed(b)))
	defer server.Close()
	for b.Loop() {
		got, err := misp.Pull(b.Context(), misp.Remote{URL: server.URL}, misp.Bookmark{}, misp.PullOptions{}, func(misp.Event, misp.Bookmark) error { return nil })
		if err != nil || got.Taken != eventsInFeed {
			b.Fatal(err, got.Taken)
		}
	}
	b.ReportMetric(float64(b.N)*eventsInFeed/b.Elapsed().Seconds(), "events/s")
}
