package exchange

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/taxii"
)

// large is how many objects a collection has for the benchmarks.
var large = flag.Int("objects", 50_000, "how many objects a collection has for the benchmarks")

const benchEnvelope = 1000

// bench is an exchange on a socket, with one collection.
type bench struct {
	b          *testing.B
	url, token string
	http       *http.Client
}

func newBench(b *testing.B) *bench {
	h := newHouse(b, func(o *Options) { o.Now = time.Now })
	at, token := h.consumer("Siem")
	server, err := taxii.NewServer(h, taxii.ServerOptions{Authenticator: h})
	if err != nil {
		b.Fatal(err)
	}
	web := httptest.NewServer(server)
	b.Cleanup(web.Close)
	return &bench{b: b, url: web.URL + "/api/collections/" + at.Collection + "/", token: token, http: web.Client()}
}

// do sends one request and gives how long the body was and what is in the last date header.
func (x *bench) do(method, below string, body []byte, want int) (size int64, last string) {
	r, err := http.NewRequest(method, x.url+below, bytes.NewReader(body))
	if err != nil {
		x.b.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+x.token)
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

// feedEnvelope writes the n-th envelope of objects like a feed's: some 1.3 KiB each, random ids, three
// quarters with versions, a quarter observables.
func feedEnvelope(n, size int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"objects":[`)
	for i := n * size; i < (n+1)*size; i++ {
		typ := []string{"indicator", "relationship", "malware", "ipv4-addr"}[i%4]
		if i%size > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":%q,"spec_version":"2.1","id":"%s--%s"`, typ, typ, feedUUID(i))
		if typ != "ipv4-addr" {
			fmt.Fprintf(&b, `,"created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:%02d.%03dZ"`, i%60, i%1000)
		}
		fmt.Fprintf(&b, `,"name":"object %d","x_text":"%s.","labels":["malicious-activity","x"]}`, i, strings.Repeat(feedUUID(i+1)+" was what an analyst wrote ", 10+i*7%20))
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

// feedUUID is a random-looking version 4 UUID.
func feedUUID(i int) string {
	x := uint64(i+1) * 0x9e3779b97f4a7c15
	x ^= x >> 29
	y := x * 0xbf58476d1ce4e5b9
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", x>>32, x>>16&0xffff, x&0xfff, y>>52, y&0xffffffffffff)
}

// fill posts all envelopes, with some writers at once.
func (x *bench) fill(writers int) {
	next := make(chan int)
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for n := range next {
				x.do("POST", "objects/", feedEnvelope(n, benchEnvelope), 202)
			}
		})
	}
	for n := range *large / benchEnvelope {
		next <- n
	}
	close(next)
	all.Wait()
}

// BenchmarkPost is durable and encrypted, over a socket, the making of the envelopes included.
func BenchmarkPost(b *testing.B) {
	for _, writers := range []int{1, 4} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			worked := time.Duration(0)
			for b.Loop() {
				b.StopTimer()
				x := newBench(b)
				before := processorTime()
				b.StartTimer()
				x.fill(writers)
				worked += processorTime() - before
			}
			perObject(b, worked)
		})
	}
}

// perObject reports how many objects went through a second and, since a busy machine says little by
// that, how much work each was, the client's included.
func perObject(b *testing.B, worked time.Duration) {
	n := float64(b.N * *large)
	b.ReportMetric(n/b.Elapsed().Seconds(), "objects/s")
	b.ReportMetric(float64(worked.Microseconds())/n, "cpu-us/object")
}

// processorTime is what this process has used of all processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkRead reads a collection to its end, in pages of 1,000, by added_after.
func BenchmarkRead(b *testing.B) {
	x := newBench(b)
	x.fill(2)
	for _, what := range []string{"objects", "manifest"} {
		b.Run(what, func(b *testing.B) {
			before := processorTime()
			for b.Loop() {
				last := ""
				for range *large / benchEnvelope {
					below := what + "/?limit=1000"
					if last != "" {
						below += "&added_after=" + last
					}
					_, last = x.do("GET", below, nil, 200)
				}
				if n, _ := x.do("GET", what+"/?added_after="+last, nil, 200); n != 2 {
					b.Fatalf("%d bytes are left after the last page", n)
				}
			}
			perObject(b, processorTime()-before)
		})
	}
	for name, below := range map[string]string{
		"first page": "objects/?limit=1000", "first manifest": "manifest/?limit=1000", "one object": "objects/indicator--" + feedUUID(8) + "/",
		"a type": "objects/?limit=1000&match[type]=malware", "no such type": "objects/?match[type]=campaign",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				x.do("GET", below, nil, 200)
			}
		})
	}
}
