package bench

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// writers is how many post at once; others were measured with one.
const writers = 4

// servers are Parley, new and empty, and those that were named.
func servers(t testing.TB) []server { return append([]server{parley(t)}, peers(t)...) }

// post sends envelopes, some at once, and gives how long that took.
func (s server) post(t testing.TB, posts [][]byte, writers int) time.Duration {
	begin := time.Now()
	next := make(chan []byte)
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			defer func() { // one that failed leaves nobody waiting
				for range next {
				}
			}()
			for p := range next {
				s.do(t, http.MethodPost, "objects/", p, http.StatusAccepted)
			}
		})
	}
	for _, p := range posts {
		next <- p
	}
	close(next)
	all.Wait()
	return time.Since(begin)
}

// BenchmarkTAXII posts the same objects to each server, durably where it is, reads them and their
// manifest to the end, and asks for single pages.
func BenchmarkTAXII(b *testing.B) {
	name, all := objects(b)
	posts := envelopes(all)
	for _, s := range servers(b) {
		b.Run(fmt.Sprintf("%s/%s=%d", s.name, name, len(all)), func(b *testing.B) { s.measure(b, posts, len(all)) })
	}
}

func (s server) measure(b *testing.B, posts [][]byte, objects int) {
	if b.N != 1 {
		b.Skip("a server is filled once: run with -benchtime 1x")
	}
	at := 1
	if s.name == "parley" {
		at = writers
	}
	perSecond := func(what string, n int, took time.Duration) { b.ReportMetric(float64(n)/took.Seconds(), what+"/s") }
	perSecond("posted", objects, s.post(b, posts, at))
	for _, list := range []string{"manifest", "objects"} {
		begin := time.Now()
		n := s.readAll(b, list)
		perSecond("read-"+list, n, time.Since(begin))
		b.ReportMetric(float64(objects-n), "missing-"+list)
	}
	b.ReportMetric(s.latency(b, "objects/?limit=1000"), "first-page-ms")
	b.ReportMetric(s.latency(b, "manifest/?limit=1000"), "first-manifest-ms")
	if p := peak(s.pid); p > 0 {
		b.ReportMetric(p/(1<<20), "peak-MiB")
	}
	b.ReportMetric(0, "ns/op")
}

// latency is the median time of a request in milliseconds.
func (s server) latency(t testing.TB, below string) float64 {
	var took []time.Duration
	for range 21 {
		begin := time.Now()
		s.do(t, http.MethodGet, below, nil, http.StatusOK)
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	return float64(took[len(took)/2].Microseconds()) / 1000
}

// BenchmarkPageAtAnySize asks a collection of ten thousand and one of as many as -objects says for their
// first page, one from the middle and their last one.
func BenchmarkPageAtAnySize(b *testing.B) {
	for _, size := range []int{10_000, *generated} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			if b.N != 1 {
				b.Skip("a server is filled once: run with -benchtime 1x")
			}
			s := parley(b)
			for n := 0; n < size; n += 10_000 {
				var all [][]byte
				for i := n; i < min(n+10_000, size); i++ {
					all = append(all, generate(i))
				}
				s.post(b, envelopes(all), writers)
			}
			after := s.places(b)
			for i, name := range []string{"first", "middle", "last"} {
				b.ReportMetric(s.latency(b, "objects/?limit=1000&added_after="+after[i*(len(after)-1)/2]), name+"-page-ms")
			}
			b.ReportMetric(peak(s.pid)/(1<<20), "peak-MiB")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// places goes through the manifest and gives where each of its whole pages begins.
func (s server) places(t testing.TB) []string {
	all := []string{"2000-01-01T00:00:00Z"}
	for {
		a := s.do(t, http.MethodGet, "manifest/?limit=1000&added_after="+all[len(all)-1], nil, http.StatusOK)
		if members(a.body) < 1000 {
			return all[:max(1, len(all)-1)]
		}
		all = append(all, a.last)
	}
}

// TestEveryObjectIsReadBackEqual posts many objects, with four writers, and compares what is read with
// what was posted, byte for byte.
func TestEveryObjectIsReadBackEqual(t *testing.T) {
	_, all := objects(t)
	s := parley(t)
	took := s.post(t, envelopes(all), writers)
	want := make(map[[sha256.Size]byte]bool, len(all))
	for _, o := range all {
		want[sha256.Sum256(o)] = true
	}
	posted := len(want) // published sets hold some objects twice
	all = nil
	for after, pages := "", 0; ; pages++ {
		below := "objects/?limit=1000"
		if after != "" {
			below += "&added_after=" + after
		}
		a := s.do(t, http.MethodGet, below, nil, http.StatusOK)
		var page struct {
			Objects []json.RawMessage `json:"objects"`
		}
		if err := json.Unmarshal(a.body, &page); err != nil {
			t.Fatal(err)
		}
		if len(page.Objects) == 0 {
			break
		}
		for _, o := range page.Objects {
			sum := sha256.Sum256(o)
			if !want[sum] {
				t.Fatalf("page %d has what was not posted, or has it twice: %.200s", pages, o)
			}
			delete(want, sum)
		}
		after = a.last
	}
	if len(want) > 0 {
		t.Errorf("%d of %d objects did not come back", len(want), posted)
	}
	t.Logf("%d objects posted in %s and read back equal; the program held %.0f MiB at most", posted, took.Round(time.Millisecond), peak(s.pid)/(1<<20))
}
