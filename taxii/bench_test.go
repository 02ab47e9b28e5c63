package taxii_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"parley/taxii"
)

// The benchmarks use 25,000 objects of some 1 KiB, posted in envelopes of 500, read in pages of 1,000,
// through a real socket.
const (
	benchObjects  = 25_000
	benchEnvelope = 500
	benchPage     = 1000
)

// feedObjects writes objects like a feed's: three quarters have versions, a quarter are observables.
func feedObjects(n int) []string {
	types := []string{"indicator", "relationship", "malware", "ipv4-addr"}
	all := make([]string, n)
	for i := range all {
		typ, modified := types[i%len(types)], v(i%50)
		if typ == "ipv4-addr" {
			modified = ""
		}
		all[i] = object(typ, i, modified, `"name":"object `+fmt.Sprint(i)+`"`,
			`"x_text":"`+strings.Repeat("what an analyst wrote ", 10+i*7%50)+`."`, `"labels":["malicious-activity","x"]`)
	}
	return all
}

func benchEnvelopes() (all [][]byte, size int) {
	objects := feedObjects(benchObjects)
	for i := 0; i < len(objects); i += benchEnvelope {
		text := envelope(objects[i : i+benchEnvelope]...)
		all, size = append(all, []byte(text)), size+len(text)
	}
	return all, size
}

// bench is a station on a socket.
type bench struct {
	b    *testing.B
	url  string
	http *http.Client
}

func newBench(b *testing.B) *bench {
	s := newStation(b)
	s.clock.Store(time.Now().UnixNano())
	web := httptest.NewServer(s.server)
	b.Cleanup(web.Close)
	return &bench{b: b, url: web.URL + openURL, http: web.Client()}
}

// do sends one request and gives how long the body was and what is in the last date header.
func (x *bench) do(method, below string, body []byte, want int) (size int64, last string) {
	r, err := http.NewRequest(method, x.url+below, bytes.NewReader(body))
	if err != nil {
		x.b.Fatal(err)
	}
	r.Header.Set("Accept", taxii.MediaType)
	r.Header.Set("Content-Type", taxii.MediaType)
	r.Header.Set("Accept-Encoding", "identity")
	resp, err := x.http.Do(r)
	if err != nil {
		x.b.Fatal(err)
	}
	defer resp.Body.Close()
	if size, err = io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != want {
		x.b.Fatalf("%s %s: status %d, %v", method, below, resp.StatusCode, err)
	}
	return size, resp.Header.Get("X-TAXII-Date-Added-Last")
}

func (x *bench) fill() {
	envelopes, _ := benchEnvelopes()
	for _, e := range envelopes {
		x.do("POST", "objects/", e, 202)
	}
}

func BenchmarkPost(b *testing.B) {
	envelopes, size := benchEnvelopes()
	b.SetBytes(int64(size))
	for b.Loop() {
		b.StopTimer()
		x := newBench(b)
		b.StartTimer()
		for _, e := range envelopes {
			x.do("POST", "objects/", e, 202)
		}
	}
	b.ReportMetric(float64(b.N)*benchObjects/b.Elapsed().Seconds(), "objects/s")
}

// everything reads a list to its end, by added_after.
func everything(b *testing.B, below string) {
	x := newBench(b)
	x.fill()
	for b.Loop() {
		size, last := int64(0), ""
		for range benchObjects / benchPage {
			params := query("limit", fmt.Sprint(benchPage))
			if last != "" {
				params += "&added_after=" + last
			}
			var n int64
			n, last = x.do("GET", below+params, nil, 200)
			size += n
		}
		if n, _ := x.do("GET", below+query("added_after", last), nil, 200); n != 2 {
			b.Fatalf("%d bytes are left after the last page", n)
		}
		b.SetBytes(size)
	}
	b.ReportMetric(float64(b.N)*benchObjects/b.Elapsed().Seconds(), "objects/s")
}

func BenchmarkGetObjects(b *testing.B)  { everything(b, "objects/") }
func BenchmarkGetManifest(b *testing.B) { everything(b, "manifest/") }

// one measures a single request over the full collection.
func one(b *testing.B, below string) {
	x := newBench(b)
	x.fill()
	for b.Loop() {
		x.do("GET", below, nil, 200)
	}
}

func BenchmarkFirstPage(b *testing.B)         { one(b, "objects/?limit=1000") }
func BenchmarkFirstManifestPage(b *testing.B) { one(b, "manifest/?limit=1000") }
func BenchmarkOneObject(b *testing.B)         { one(b, "objects/"+idOf("indicator", 20_000)+"/") }
func BenchmarkMatchType(b *testing.B)         { one(b, "objects/?match[type]=malware&limit=1000") }
func BenchmarkMatchRareType(b *testing.B)     { one(b, "objects/?match[type]=campaign") }

func BenchmarkClientReads(b *testing.B) {
	s := newStation(b)
	for _, text := range func() [][]byte { all, _ := benchEnvelopes(); return all }() {
		s.ask("POST", openURL+"objects/", string(text)).want(202)
	}
	feed := serve(b, s.server, taxii.ClientOptions{}).Feed("/api1/", openID)
	for b.Loop() {
		if n := len(idsOf(b, feed.Objects(background, taxii.Filter{PageSize: benchPage}))); n != benchObjects {
			b.Fatalf("%d objects came", n)
		}
	}
	b.ReportMetric(float64(b.N)*benchObjects/b.Elapsed().Seconds(), "objects/s")
}

// BenchmarkHeap tells what the objects cost while nobody asks.
func BenchmarkHeap(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	x := newBench(b)
	x.fill()
	runtime.GC()
	runtime.ReadMemStats(&after)
	for b.Loop() {
		x.do("GET", "manifest/?limit=1", nil, 200)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/benchObjects, "heap-bytes/object")
}
