package psi

import (
	"fmt"
	"testing"
	"time"
)

// report gives a benchmark's figures per item of one side.
func report(b *testing.B, items, bytes int) {
	perItem := b.Elapsed() / time.Duration(b.N*items)
	b.ReportMetric(float64(time.Second)/float64(perItem), "items/s")
	b.ReportMetric(float64(perItem)/float64(time.Microsecond), "µs/item")
	b.ReportMetric(float64(bytes)/float64(items), "bytes/item")
	b.ReportMetric(0, "ns/op")
}

var benchSizes = []int{100, 1_000, 10_000}

// BenchmarkCount is a whole count in one direction, both sides' work on this
// machine: query, answer, reading. The sets are of equal size and share half.
func BenchmarkCount(b *testing.B) {
	for _, n := range benchSizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			items := numbered("item", n+n/2)
			bytes := 0
			for b.Loop() {
				asker, answerer := mustCount(b, 1, items[:n]), mustCount(b, 2, items[n/2:])
				query := asker.Query()
				answer := must(answerer.Answer(query, n))(b)
				if got := must(asker.Count(answer))(b); got != n-n/2 {
					b.Fatalf("count %d", got)
				}
				bytes = len(query) + len(answer)
			}
			report(b, n, bytes)
		})
	}
}

// BenchmarkOverlap is a whole overlap in one direction, as BenchmarkCount.
func BenchmarkOverlap(b *testing.B) {
	for _, n := range benchSizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			items := numbered("item", n+n/2)
			bytes := 0
			for b.Loop() {
				asker, answerer := mustOverlap(b, 1, items[:n]), mustOverlap(b, 2, items[n/2:])
				query := asker.Query()
				answer := must(answerer.Answer(query, n))(b)
				if got := must(asker.Overlap(answer, answerer.PublicKey()))(b); len(got) != n-n/2 {
					b.Fatalf("overlap of %d", len(got))
				}
				bytes = len(query) + len(answer)
			}
			report(b, n, bytes)
		})
	}
}

// BenchmarkSteps is each step alone, 1,000 items.
func BenchmarkSteps(b *testing.B) {
	const n = 1_000
	items := numbered("item", n)
	ca, cb := mustCount(b, 1, items), mustCount(b, 2, items)
	oa, ob := mustOverlap(b, 1, items), mustOverlap(b, 2, items)
	countQuery, overlapQuery := ca.Query(), oa.Query()
	countAnswer, overlapAnswer := must(cb.Answer(countQuery, n))(b), must(ob.Answer(overlapQuery, n))(b)
	steps := []struct {
		name  string
		bytes int
		step  func(b *testing.B)
	}{
		{"count query", len(countQuery), func(b *testing.B) { mustCount(b, 1, items).Query() }},
		{"count answer", len(countAnswer), func(b *testing.B) { must(mustCount(b, 2, items).Answer(countQuery, n))(b) }},
		{"count read", 0, func(b *testing.B) { must(ca.Count(countAnswer))(b) }},
		{"overlap query", len(overlapQuery), func(b *testing.B) { mustOverlap(b, 1, items).Query() }},
		{"overlap answer", len(overlapAnswer), func(b *testing.B) { must(mustOverlap(b, 2, items).Answer(overlapQuery, n))(b) }},
		{"overlap read", 0, func(b *testing.B) { must(oa.Overlap(overlapAnswer, ob.PublicKey()))(b) }},
	}
	for _, s := range steps {
		b.Run(s.name, func(b *testing.B) {
			for b.Loop() {
				s.step(b)
			}
			report(b, n, s.bytes)
		})
	}
}
