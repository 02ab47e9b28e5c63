package psi

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"parley/psi/internal/ristretto"
)

// meter measures a benchmark by what it takes of the processors, since other
// work on the machine stretches the clock, and by the clock too.
type meter struct {
	cpu   time.Duration
	peak  atomic.Uint64 // most bytes on the heap at a time, garbage among them
	ended chan struct{}
}

func startMeter(b *testing.B) *meter {
	runtime.GC()
	m := &meter{cpu: cpuTime(b), ended: make(chan struct{})}
	go func() {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
			metrics.Read(sample)
			m.peak.Store(max(m.peak.Load(), sample[0].Value.Uint64()))
			select {
			case <-m.ended:
				return
			case <-tick.C:
			}
		}
	}()
	return m
}

// report gives the figures per item of one side, and beside the machine's
// floor: one scalar multiplication by the library, and nothing else.
func (m *meter) report(b *testing.B, items, bytes int) {
	cpu := float64(cpuTime(b)-m.cpu) / float64(b.N*items)
	close(m.ended)
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(time.Millisecond), "ms")
	b.ReportMetric(float64(b.N*items)/b.Elapsed().Seconds(), "items/s")
	b.ReportMetric(cpu/float64(time.Microsecond), "cpu-µs/item")
	b.ReportMetric(float64(m.peak.Load())/(1<<20), "peak-heap-MiB")
	if bytes > 0 {
		b.ReportMetric(float64(bytes)/float64(items), "bytes/item")
		b.ReportMetric(float64(bytes), "bytes")
	}
	b.ReportMetric(cpu*floorSize/float64(floor(b)), "floors/item")
	b.ReportMetric(0, "ns/op")
}

// cpuTime is what this process has computed so far, on all cores.
func cpuTime(t testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// floorSize is how many multiplications the floor is measured with.
const floorSize = 2048

// floor is what the library's plain multiplications of points by a secret
// scalar take of the processors, on all cores.
func floor(t testing.TB) time.Duration {
	k := ristretto.HashToScalar([]byte("floor"), []byte("bench"))
	p := ristretto.HashToGroup([]byte("floor"), []byte("bench"))
	begin := cpuTime(t)
	_ = inBatches(floorSize, pointBatch, func(lo, hi int) error { // the work cannot fail
		var q ristretto.Point
		for range hi - lo {
			q.ScalarMult(k, p)
		}
		return nil
	})
	return cpuTime(t) - begin
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

// series is a Source that keeps nothing: items by number.
type series struct{ from, n int }

func (s series) Len() int { return s.n }
func (s series) At(i int) (Item, error) {
	return Item{Value: fmt.Appendf(nil, "phone:+1202%07d", s.from+i)}, nil
}

// halves are two sets of n that share half.
func halves(n int) (a, b series) { return series{0, n}, series{n / 2, n} }

// BenchmarkOverlap is a whole overlap, both sides' work on this machine. An
// item costs the same in every size. Name the sizes up to a million with
// -bench; they take minutes.
func BenchmarkOverlap(b *testing.B) {
	for _, learn := range []struct {
		name string
		who  Learn
	}{{"both", LearnBoth}, {"one", LearnInitiator}} {
		for _, n := range []int{1_000, 10_000, 100_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/%d", learn.name, n), func(b *testing.B) {
				setA, setB := halves(n)
				o := Options{OverlapOptions: OverlapOptions{Learn: learn.who}}
				bytes := 0
				m := startMeter(b)
				for b.Loop() {
					bytes = runBoth(b, o, o, setA, setB)
				}
				m.report(b, n, bytes)
			})
		}
	}
}

// BenchmarkCount is a whole count in one direction, both sides' work.
func BenchmarkCount(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			setA, setB := halves(n)
			bytes := 0
			m := startMeter(b)
			for b.Loop() {
				asker := must(NewCountPartyOf(testSeed(1), setA, 0))(b)
				answerer := must(NewCountPartyOf(testSeed(2), setB, 0))(b)
				query := asker.Query()
				answer := must(answerer.Answer(query, n))(b)
				if got := must(asker.Count(answer))(b); got != n/2 {
					b.Fatalf("count %d", got)
				}
				bytes = len(query) + len(answer)
			}
			m.report(b, n, bytes)
		})
	}
}

// annotated is a series whose items have payloads.
type annotated struct{ series }

func (s annotated) At(i int) (Item, error) {
	item, err := s.series.At(i)
	item.Payload = []byte("call the desk")
	return item, err
}

// BenchmarkPayload is an overlap with payloads of 256 bytes from one side.
func BenchmarkPayload(b *testing.B) {
	const n = 1_000
	setA, setB := halves(n)
	bytes := 0
	m := startMeter(b)
	for b.Loop() {
		bytes = runBoth(b, Options{OverlapOptions: OverlapOptions{MaxPayload: 256}}, Options{OverlapOptions: OverlapOptions{Payload: 256}}, setA, annotated{setB})
	}
	m.report(b, n, bytes)
}

// BenchmarkListBuild evaluates the items of a standing list. After every part
// it measures the floor, so that both see the same machine: floors/item is what
// an item costs beside the one multiplication that it needs, by the processors'
// time, and wall-floors/item the same by the clock.
func BenchmarkListBuild(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			k, set := mustListKey(b, 1), series{0, n}
			var wall, bareWall, cpu, bare time.Duration
			m := startMeter(b)
			for b.Loop() {
				for lo := 0; lo < n; lo += floorSize {
					items := make([][]byte, min(floorSize, n-lo))
					for i := range items {
						items[i] = must(set.At(lo + i))(b).Value
					}
					begin, used := time.Now(), cpuTime(b)
					must(k.Evaluate(context.Background(), items))(b)
					wall, cpu = wall+time.Since(begin), cpu+cpuTime(b)-used
					begin = time.Now()
					share := time.Duration(len(items))
					bare += floor(b) * share / floorSize
					bareWall += time.Since(begin) * share / floorSize
				}
			}
			close(m.ended)
			perItem := float64(cpu) / float64(b.N*n)
			b.ReportMetric(float64(b.N*n)/wall.Seconds(), "items/s")
			b.ReportMetric(perItem/float64(time.Microsecond), "cpu-µs/item")
			b.ReportMetric(float64(cpu)/float64(bare), "floors/item")
			b.ReportMetric(float64(wall)/float64(bareWall), "wall-floors/item")
			b.ReportMetric(float64(m.peak.Load())/(1<<20), "peak-heap-MiB")
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
	m := startMeter(b)
	for b.Loop() {
		check := must(NewCheck(testSeed(2), k.PublicKey(), items, 0))(b)
		answer := must(k.Answer(check.Query(), n))(b)
		if got := must(check.Held(answer, f))(b); len(got) != n/2 {
			b.Fatalf("%d are listed", len(got))
		}
		bytes = len(check.Query()) + len(answer)
	}
	m.report(b, n, bytes)
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
