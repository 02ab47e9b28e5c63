package e2e

import (
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// point is a moment in the job at which a process is killed: so long after a
// step began.
type point struct {
	step  int
	after time.Duration
	who   int // in victims
}

// victims are the processes that are killed.
func (w *world) victims() []*daemon { return []*daemon{w.north.daemon, w.south.daemon, w.relay} }

// points draws the moments of one run. Most steps take about a second; a kill
// that comes later falls between two steps.
func points(seed uint64, n int) []point {
	r := rand.New(rand.NewPCG(seed, 1))
	all := make([]point, n)
	for i := range all {
		all[i] = point{r.IntN(len(job())), time.Duration(r.IntN(1200)) * time.Millisecond, r.IntN(3)}
	}
	return all
}

// TestCrashes kills processes at random moments of the job and starts them
// again at once. The result must be that of a run in which nothing happened:
// the same matches, every message applied once, every act in the ledger once.
func TestCrashes(t *testing.T) {
	t.Parallel()
	runs, kills := 4, 5
	if testing.Short() {
		runs, kills = 1, 3
	}
	seeds := make([]uint64, number(t, "PARLEY_RUNS", runs))
	for i := range seeds {
		seeds[i] = uint64(i + 1)
	}
	if s := os.Getenv("PARLEY_SEED"); s != "" {
		seeds = []uint64{uint64(number(t, "PARLEY_SEED", 0))}
	}
	calm := sync.OnceValue(func() outcome { return runJob(t, nil) })
	want := calm()
	for _, seed := range seeds {
		t.Run("seed "+strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, runJob(t, points(seed, kills))); diff != "" {
				t.Errorf("PARLEY_SEED=%d: not the result of a run without kills (-calm +killed):\n%s", seed, diff)
			}
		})
	}
}

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	s := os.Getenv(name)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("%s=%s is no number", name, s)
	}
	return n
}

// runJob runs the whole job, killing as it goes, and checks both nodes' stores
// and ledgers at the end.
func runJob(t *testing.T, kills []point) outcome {
	t.Helper()
	w := newWorld(t, worldOptions{})
	w.serve()
	for i, s := range job() {
		w.disturbed(s, i, kills)
	}
	got := w.outcome()
	for _, p := range []*party{w.north, w.south} {
		p.whole()
	}
	return got
}

// disturbed takes one step, and kills meanwhile.
func (w *world) disturbed(s step, number int, kills []point) {
	w.t.Helper()
	var chaos sync.WaitGroup
	defer chaos.Wait()
	begin := time.Now()
	for _, p := range kills {
		if p.step == number {
			chaos.Go(func() { w.kill(p) })
		}
	}
	s.do(w)
	w.t.Logf("%s took %s", s.name, time.Since(begin).Round(10*time.Millisecond))
}

// kill waits for the moment, kills and starts again.
func (w *world) kill(p point) {
	time.Sleep(p.after)
	victim := w.victims()[p.who]
	victim.turn.Lock() // two kills of one process come one after the other
	defer victim.turn.Unlock()
	_ = victim.end(syscall.SIGKILL) // killed is how it ends
	w.t.Logf("killed %s %s after step %q began", victim.name, p.after, job()[p.step].name)
	for end := time.Now().Add(patience); ; {
		if err := victim.start(); err != nil {
			w.t.Error(err)
			return
		}
		// A relay may find its port still held by the one that was killed.
		time.Sleep(100 * time.Millisecond)
		if victim.running() || time.Now().After(end) {
			return
		}
	}
}
