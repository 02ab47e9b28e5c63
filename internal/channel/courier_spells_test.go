package channel

import (
	"context"
	"os"
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

// asItIs is the courier of today.
func asItIs(ctx context.Context, c *Courier) { c.Run(ctx) }

// want is what has to come out.
type want int

const (
	told want = iota
	hidden
	either
)

// see judges what was recorded of a way, and says what it would have found.
func see(t *testing.T, talks []*talk, tick time.Duration, whats int, w want) {
	t.Helper()
	v := evidenceOf(talks, tick, whats).tell(t)
	switch {
	case w == told && !v.told():
		t.Error("busy is not told from quiet: the test proves nothing, or this machine is too busy for it")
	case w == hidden && v.told():
		t.Error("busy is told from quiet")
	case w == hidden:
		for _, q := range []float64{0.6, 0.65, 0.7, 0.75, 0.8} {
			t.Logf("who is right about %.2f of all spells would have been found with a chance of %.2f", q, power(v.of, q))
		}
	}
}

// TestCoverHidesBusySpellsAtTheDoor records what crosses before a real relay,
// over TLS, with cover and without at the same time. It judges the sizes, counts, order and kinds
// of requests, and in which tick they come: on any machine the same.
func TestCoverHidesBusySpellsAtTheDoor(t *testing.T) {
	const tick = 100 * time.Millisecond
	ways := []way{{"no cover", 0, asItIs}, {"cover", tick, asItIs}}
	all := recorded(t, ways, 2, 24, tick)
	for i, w := range []want{told, hidden} {
		t.Run(ways[i].name, func(t *testing.T) { see(t, all[i], tick, coarse, w) })
	}
}

// TestCoverHidesBusySpellsByTheClock judges fine times too, and compares with
// the courier as it was.
func TestCoverHidesBusySpellsByTheClock(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("PARLEY_SPELLS"))
	if err != nil || n < 100 {
		t.Skip("it measures times: on a machine that does nothing else, set PARLEY_SPELLS to 100 or more (a minute and a half)")
	}
	const tick = 100 * time.Millisecond
	ways := []way{
		{"no cover", 0, asItIs},
		{"put from the store, ask when done", tick, before(0)},
		{"put from the store, ask half a tick after an answer", tick, before(tick / 2)},
		{"cover", tick, asItIs},
	}
	all := recorded(t, ways, 1, n, tick)
	for i, w := range []want{told, either, either, hidden} {
		t.Run(ways[i].name, func(t *testing.T) { see(t, all[i], tick, whats, w) })
	}
}
