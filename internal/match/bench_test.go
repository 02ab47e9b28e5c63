package match

import (
	"fmt"
	"testing"
)

// BenchmarkRun is a whole run, count and overlap, both sides of it on this
// machine, stores and messages included. Half of each set is common.
func BenchmarkRun(b *testing.B) {
	for _, n := range []int{100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			north, south := newParty(b, "North", "South", emails(0, n)...), newParty(b, "South", "North", emails(n/2, n+n/2)...)
			o := plainOffer()
			o.MaxItems = n
			for b.Loop() {
				propose(north, south, o)
				accept(south, false)
				exchange(north, south)
				start(north)
				exchange(north, south)
				if got := len(south.overlap()); got != n/2 {
					b.Fatalf("the overlap has %d selectors, want %d", got, n/2)
				}
				north.current++
				south.current++
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(2*n), "µs/item")
		})
	}
}
