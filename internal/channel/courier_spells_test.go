package channel

import (
	"context"
	"math"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// before is the courier as it was before it had a schedule: it reads what it
// puts at the tick, and asks when some time has passed since the last answer.
func before(settle time.Duration) func(context.Context, *Courier) {
	return func(ctx context.Context, c *Courier) {
		c.In = &settling{Carrier: c.In, settle: settle}
		p := coverer{Courier: c}
		_ = p.prepare(ctx) // it is tried again
		ticks := beat{time.Now(), c.Cover}
		var both sync.WaitGroup
		both.Go(func() {
			for ticks.wait(ctx, time.Time{}) == nil {
				p.ready, _, _ = p.first(ctx, c.Pace.Resend)
				_ = p.once(ctx)
			}
		})
		both.Go(func() { c.keep(ctx, "receive", c.receiver().once) })
		both.Wait()
	}
}

// settling lets some time pass from each answer to the removal of what it brought.
type settling struct {
	Carrier
	settle time.Duration
	rested <-chan time.Time
}

func (s *settling) Fetch(ctx context.Context, m Mailbox, after string, wait time.Duration) ([]Stored, error) {
	found, err := s.Carrier.Fetch(ctx, m, after, wait)
	s.rested = time.After(s.settle)
	return found, err
}

func (s *settling) Remove(ctx context.Context, m Mailbox, through string) error {
	select {
	case <-ctx.Done():
	case <-s.rested:
	}
	return s.Carrier.Remove(ctx, m, through)
}

func asItIs(ctx context.Context, c *Courier) { c.Run(ctx) }

func TestCompare(t *testing.T) {
	spells, err := strconv.Atoi(os.Getenv("PARLEY_SPELLS"))
	if err != nil {
		t.Skip()
	}
	several, _ := strconv.Atoi(os.Getenv("PARLEY_SEVERAL"))
	tick := 150 * time.Millisecond
	ways := []way{{"no cover", 0, asItIs}, {"before, settle 0", tick, before(0)}, {"before, settle half", tick, before(tick / 2)}, {"cover", tick, asItIs}}
	all := recorded(t, ways, several, spells, tick)
	for i, w := range ways {
		name := w.name
		for _, times := range []bool{false, true} {
			e := evidenceOf(all[i], tick, times)
			v := e.judge(2000)
			t.Logf("%s, times %v: %d of %d (%.2f), luck %.4f; %d features", name, times, v.right, v.of, float64(v.right)/float64(v.of), v.luck, len(e.features))
			slices.SortFunc(e.features, func(a, b feature) int {
				x, y := math.Abs(auc(a.values, e.busy)-.5), math.Abs(auc(b.values, e.busy)-.5)
				if x > y {
					return -1
				}
				return 1
			})
			for _, f := range e.features[:min(8, len(e.features))] {
				t.Logf("    %.3f %s", auc(f.values, e.busy), f.name)
			}
		}
	}
}
