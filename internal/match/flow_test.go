package match

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/stream"
	"parley/psi"
)

// large is a pair whose overlap takes several chunks: 300 and 250 selectors, of
// which 150 are common, in chunks of 64.
func large(t testing.TB) (north, south *party) {
	t.Helper()
	north, south = newParty(t, "North", "South", emails(0, 300)...), newParty(t, "South", "North", emails(150, 400)...)
	o := plainOffer()
	o.MaxItems = 300
	propose(north, south, o)
	accept(south, false)
	deliver(south, north)
	return north, south
}

func TestALargeOverlapGoesOnAfterACrashBetweenAnyTwoChunks(t *testing.T) {
	north, south := large(t)
	start(north)
	var learnt [2][]int
	for moved := true; moved; {
		moved = false
		for i, p := range []*party{north, south} {
			other := []*party{south, north}[i]
			for _, l := range p.sent() {
				moved = true
				p.crash()
				other.crash()
				other.overlaps = underway{} // its memory is gone
				if refused := other.take(l); refused != "" {
					t.Fatalf("%s: %s", l.kind, refused)
				}
				learnt[1-i] = append(learnt[1-i], len(other.overlap()))
				// Whoever stops now has the answers to one chunk more than the other, at most.
				if more := len(north.overlap()) - len(south.overlap()); more > 64 || more < -64 {
					t.Errorf("one side knows %d of what both hold, the other %d", len(north.overlap()), len(south.overlap()))
				}
			}
		}
	}
	for i, p := range []*party{north, south} {
		if m := ended(t, p, Done); m.Progress.Overlap != 150 || m.Progress.Alarm != "" {
			t.Errorf("%s: an overlap of %d, alarm %q", p.Self, m.Progress.Overlap, m.Progress.Alarm)
		}
		if got := p.overlap(); len(got) != 150 {
			t.Errorf("%s: the overlap has %d selectors", p.Self, len(got))
		}
		if steps := slices.Compact(learnt[i]); len(steps) < 4 {
			t.Errorf("%s learnt in steps of %v, want one for each chunk", p.Self, steps)
		}
	}
}

func TestProgressIsSeenOnBothSides(t *testing.T) {
	north, south := large(t)
	clock := noon
	for _, p := range []*party{north, south} {
		p.Now = func() time.Time { clock = clock.Add(time.Second); return clock }
	}
	start(north)
	for _, p := range []*party{north, south} {
		var last Flow
		for p.match().Progress.Flow == nil || p.match().Progress.Flow.Stage != psi.StageOverlap || p.match().Progress.Flow.Done < 128 {
			if len(deliver(north, south))+len(deliver(south, north)) == 0 {
				t.Fatal("it stands still")
			}
		}
		last = *p.match().Progress.Flow
		if total := p.match().Progress.OurSize; last.Total != total || last.Done >= total || last.Left() <= 0 {
			t.Errorf("%s: %+v, %v left", p.Self, last, last.Left())
		}
	}
	if err := abort(north); err != nil {
		t.Fatal(err)
	}
	late := south.sent() // a chunk that was on its way
	exchange(north, south)
	for _, l := range late {
		if refused := north.take(l); refused != "" || l.kind != stream.KindChunk {
			t.Errorf("%s that came late: %q", l.kind, refused)
		}
	}
	for _, p := range []*party{north, south} {
		m := ended(t, p, Aborted)
		if m.Progress.Overlap == 0 || m.Progress.Overlap != len(p.overlap()) {
			t.Errorf("%s: it says that it learnt %d, and knows %d", p.Self, m.Progress.Overlap, len(p.overlap()))
		}
		if text := p.ledger(); !strings.Contains(text, `"flow":{"stage":"overlap","done":`) {
			t.Errorf("%s: the ledger does not say how far it had gone:\n%s", p.Self, text)
		}
	}
}
