package psi

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"testing"
	"time"

	"parley/psi/internal/ristretto"
)

// report gives a benchmark's figures per item of one side, and beside the
// machine's floor: one scalar multiplication, on all cores, and nothing else.
func report(b *testing.B, items, bytes int) {
	perItem := float64(b.Elapsed().Nanoseconds()) / float64(b.N*items)
	b.ReportMetric(1e9/perItem, "items/s")
	b.ReportMetric(perItem, "ns/item")
	if bytes > 0 {
		b.ReportMetric(float64(bytes)/float64(items), "bytes/item")
		b.ReportMetric(float64(bytes), "bytes")
	}
	const n = 4096
	b.ReportMetric(perItem*n/float64(floor(n).Nanoseconds()), "floors/item")
	b.ReportMetric(0, "ns/op")
}

// floor is how long n scalar multiplications take on all cores.
func floor(n int) time.Duration {
	k := ristretto.HashToScalar([]byte("floor"), []byte("bench"))
	p := ristretto.HashToGroup([]byte("floor"), []byte("bench"))
	begin := time.Now()
	_ = inBatches(n, pointBatch, func(lo, hi int) error {
		var q ristretto.Point
		for range hi - lo {
			q.ScalarMult(k, p)
		}
		return nil
	})
	return time.Since(begin)
}

// counted counts what goes over a connection, one way.
type counted struct {
	io.ReadWriter
	written int
}

func (c *counted) Write(p []byte) (int, error) {
	c.written += len(p)
	return c.ReadWriter.Write(p)
}

// runBoth is a whole run of two sides on this machine and the bytes between them.
func runBoth(b *testing.B, i, j Options, setI, setJ Source) (bytes int) {
	b.Helper()
	x, y := net.Pipe()
	i.Initiator, i.Seed, j.Seed = true, testSeed(1), testSeed(2)
	first, second := &counted{ReadWriter: x}, &counted{ReadWriter: y}
	done := make(chan error)
	go func() {
		_, err := Run(context.Background(), second, j, setJ)
		y.Close()
		done <- err
	}()
	r, err := Run(context.Background(), first, i, setI)
	x.Close()
	if other := <-done; err != nil || other != nil {
		b.Fatal(err, other)
	}
	if want := setI.Len() / 2; len(r.Overlap) != want && i.Learn != LearnResponder {
		b.Fatalf("overlap of %d, want %d", len(r.Overlap), want)
	}
	return first.written + second.written
}

// halves are two sets of n that share half.
func halves(n int) (a, b Items) {
	all := numbered("item", n+n/2)
	return all[:n], all[n/2:]
}

// BenchmarkOverlap is a whole overlap, both sides' work on this machine.
func BenchmarkOverlap(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		for name, learn := range map[string]Learn{"both": LearnBoth, "one": LearnInitiator} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				setA, setB := halves(n)
				bytes := 0
				for b.Loop() {
					bytes = runBoth(b, Options{OverlapOptions: OverlapOptions{Learn: learn}}, Options{OverlapOptions: OverlapOptions{Learn: learn}}, setA, setB)
				}
				report(b, n, bytes)
			})
		}
	}
}

// BenchmarkOverlapSizes shows that an item costs the same in every size. Name
// the sizes up to a million with -bench; they take minutes.
func BenchmarkOverlapSizes(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			setA, setB := halves(n)
			bytes := 0
			for b.Loop() {
				bytes = runBoth(b, Options{}, Options{}, setA, setB)
			}
			report(b, n, bytes)
		})
	}
}

// BenchmarkCount is a whole count in one direction, both sides' work.
func BenchmarkCount(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			setA, setB := halves(n)
			bytes := 0
			for b.Loop() {
				asker, answerer := mustCount(b, 1, setA), mustCount(b, 2, setB)
				query := asker.Query()
				answer := must(answerer.Answer(query, n))(b)
				if got := must(asker.Count(answer))(b); got != n/2 {
					b.Fatalf("count %d", got)
				}
				bytes = len(query) + len(answer)
			}
			report(b, n, bytes)
		})
	}
}

// BenchmarkPayload is an overlap with payloads of 256 bytes from one side.
func BenchmarkPayload(b *testing.B) {
	const n = 1_000
	setA, setB := halves(n)
	bytes := 0
	for b.Loop() {
		bytes = runBoth(b, Options{OverlapOptions: OverlapOptions{MaxPayload: 256}}, Options{OverlapOptions: OverlapOptions{Payload: 256}}, setA, withNotes(setB))
	}
	report(b, n, bytes)
}

// BenchmarkListBuild evaluates the items of a standing list. After every batch
// it measures the floor, as many bare scalar multiplications, so that both see
// the same machine: floors/item is what an item costs beside the one it needs.
func BenchmarkListBuild(b *testing.B) {
	const batch = 1000
	for _, n := range []int{1_000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			k, items := mustListKey(b, 1), numbered("item", n)
			var built, bare time.Duration
			for b.Loop() {
				for part := range slices.Chunk(items, batch) {
					begin := time.Now()
					must(k.Evaluate(context.Background(), part))(b)
					built += time.Since(begin)
					bare += floor(batch)
				}
			}
			perItem := float64(built.Nanoseconds()) / float64(b.N*n)
			b.ReportMetric(1e9/perItem, "items/s")
			b.ReportMetric(perItem, "ns/item")
			b.ReportMetric(float64(built)/float64(bare), "floors/item")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkListCheck checks 1,000 items against a filter of a million: query,
// answer, verification and look-up.
func BenchmarkListCheck(b *testing.B) {
	const n = 1_000
	k, items := mustListKey(b, 1), numbered("item", n)
	listed := must(k.Evaluate(context.Background(), items[:n/2]))(b)
	f := must(NewFilter(k.PublicKey(), 1, append(randomValues(rand.New(rand.NewPCG(1, 2)), 1_000_000-n/2), listed...)))(b)
	bytes := 0
	for b.Loop() {
		check := must(NewCheck(testSeed(2), k.PublicKey(), items, 0))(b)
		answer := must(k.Answer(check.Query(), n))(b)
		if got := must(check.Held(answer, f))(b); len(got) != n/2 {
			b.Fatalf("%d are listed", len(got))
		}
		bytes = len(check.Query()) + len(answer)
	}
	report(b, n, bytes)
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/check")
}

// BenchmarkFilter writes, reads and updates a filter of a million.
func BenchmarkFilter(b *testing.B) {
	const n = 1_000_000
	r := rand.New(rand.NewPCG(1, 2))
	values := randomValues(r, n)
	f := must(NewFilter(make([]byte, elementSize), 1, values))(b)
	data := must(f.MarshalBinary())(b)
	later := must(NewFilter(make([]byte, elementSize), 2, append(randomValues(r, 1_000), values[1_000:]...)))(b)
	difference := must(f.Difference(later))(b)
	for name, work := range map[string]func(b *testing.B){
		"write": func(b *testing.B) { must(f.MarshalBinary())(b) },
		"read":  func(b *testing.B) { must(ParseFilter(data, n))(b) },
		"apply": func(b *testing.B) { must(f.Apply(difference, 2*n))(b) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				work(b)
			}
			b.ReportMetric(float64(len(data)), "bytes")
			b.ReportMetric(float64(len(difference)), "difference-bytes")
		})
	}
}
