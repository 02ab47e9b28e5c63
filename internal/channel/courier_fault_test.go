package channel

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"testing/cryptotest"
	"time"

	"parley/internal/store"
)

const (
	payloads    = 16  // of each side, in each run
	stormSteps  = 400 // things that happen before a storm ends
	calmRounds  = 40  // in which all that is left has to cross
	mostRelays  = 5   // that one direction sees
	fairRuns    = 12  // below which nothing is said about what happened
	fairCrashes = 80  // of each run, on average
)

// TestEveryPayloadIsAppliedOnceInAStorm runs two nodes' ends of a channel, on
// real stores, and the relays between them, through kills, losses,
// duplications, reorderings, jumps of both clocks and swaps of the relays.
//
// All follows from PARLEY_SEED (1 if not set), of which PARLEY_RUNS runs are
// made, each with a seed one higher. A run that fails says its seed; with it
// and PARLEY_RUNS=1 it happens again, to the byte.
func TestEveryPayloadIsAppliedOnceInAStorm(t *testing.T) {
	first, runs := fromEnv(t, "PARLEY_SEED", 1), fromEnv(t, "PARLEY_RUNS", fairRuns)
	fresh, worn := channels(t)
	counts := map[string]int{}
	for seed := first; seed < first+runs; seed++ {
		w := newWorld(t, seed, fresh, worn)
		w.run()
		for kind, n := range w.counts {
			counts[kind] += n
		}
		if seed == first {
			again := newWorld(t, seed, fresh, worn)
			again.run()
			if other := w.differs(again.storm); other != "" {
				t.Fatalf("seed %d told two stories: %s", seed, other)
			}
		}
	}
	crashes := counts[crashSending] + counts[crashReceiving] + counts[crashApplying]
	t.Logf("%d runs, %d crashes", runs, crashes)
	for _, kind := range harms {
		t.Logf("%6d  %s", counts[kind], kind)
		if counts[kind] == 0 && runs >= fairRuns {
			t.Errorf("it never happened: %s", kind)
		}
	}
	if runs >= fairRuns && crashes < fairCrashes*int(runs) {
		t.Errorf("only %d crashes: no fair trial", crashes)
	}
}

func fromEnv(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || n == 0 {
		t.Fatalf("%s is %q, want a number from 1 on", name, text)
	}
	return n
}

// channels are the ends of a channel that was just made and of one whose
// mailboxes are about to change.
func channels(t *testing.T) (fresh, worn [2]*Session) {
	t.Helper()
	cryptotest.SetGlobalRandom(t, 1)
	fresh[0], fresh[1] = pair(t)
	worn[0], worn[1] = copyOf(t, fresh[0]), copyOf(t, fresh[1])
	for range BlockSize - 6 {
		turn(t, worn[0], worn[1])
	}
	return fresh, worn
}

// world is two nodes, the relays between them, and the storm over all.
type world struct {
	t testing.TB
	*storm
	seed  uint64
	ends  [2]*end
	lines [2]*stormy // lines[i] carries what ends[i] sends
}

// end is a node that is killed again and again. What survives is its store.
type end struct {
	*desk
	world    *world
	clock    *calendar
	fuse     *fuse
	courier  *Courier
	receiver *receiver
	queued   [][]byte
}

func newWorld(t *testing.T, seed uint64, fresh, worn [2]*Session) *world {
	t.Helper()
	cryptotest.SetGlobalRandom(t, seed)
	w := &world{t: t, storm: newStorm(seed), seed: seed}
	from := fresh
	if w.rnd.IntN(2) == 0 {
		from = worn
	}
	for i := range w.lines {
		w.lines[i] = &stormy{storm: w.storm, relay: newShelf()}
	}
	for i := range w.ends {
		f := &fuse{storm: w.storm, left: -1}
		e := &end{world: w, clock: &calendar{at: day, fuse: f}, fuse: f}
		e.desk = newDeskIn(t, quickFolder(t), copyOf(t, from[i]), call{w.lines[i], f}, call{w.lines[1-i], f}, Pace{
			Look: 1, Poll: 1, Ack: time.Second, Resend: 6 * time.Hour, Backoff: 1,
		})
		e.boot()
		w.ends[i] = e
	}
	return w
}

// quickFolder is a folder in memory where the system has one: what is tested
// here is what transactions keep, not how fast a disk says so.
func quickFolder(t testing.TB) string {
	t.Helper()
	if info, err := os.Stat("/dev/shm"); err != nil || !info.IsDir() {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp("/dev/shm", "parley-storm-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// boot starts a courier that remembers nothing but what is in the store.
func (e *end) boot() {
	seed := sha256.Sum256(fmt.Appendf(nil, "%d/%d", e.world.seed, e.world.rnd.Uint64()))
	e.courier = &Courier{
		Store: e.store, Counterpart: e.peer, Name: "the other side", Out: e.out, In: e.in,
		Rand: dice{rand.NewChaCha8(seed), e.fuse}, Now: e.clock.now, Log: slog.New(slog.DiscardHandler), Pace: e.pace,
	}
	e.receiver = e.courier.receiver()
}

// live does one thing and counts it if the node is killed at it. Whatever was
// not committed is gone then, and whatever was in memory.
func (e *end) live(kind string, work func(context.Context) error) (err error) {
	defer func() {
		switch dead := recover().(type) {
		case nil:
			e.fuse.left = -1
		case killed:
			e.fuse.left = -1
			e.world.count(kind)
			if e.fuse.inside {
				e.world.count(crashInside)
			}
			if e.world.rnd.IntN(12) == 0 {
				e.world.count(crashReopened)
				e.kill()
				e.open()
			}
			e.boot()
			err = errAway
		default:
			panic(dead)
		}
	}()
	e.fuse.light()
	err = work(e.t.Context())
	e.world.tell("%s: %v", kind, err)
	return err
}

func (e *end) post() { e.send("note", e.next(), false) }
func (e *end) carry() {
	e.live(crashSending, func(ctx context.Context) error { return e.courier.sendOnce(ctx) })
}

func (e *end) collect() {
	e.live(crashReceiving, func(ctx context.Context) error { return e.receiver.once(ctx) })
}

// next is a payload, most often a small one, now and then one of several
// parcels.
func (e *end) next() []byte {
	size := e.world.rnd.IntN(6000)
	if e.world.rnd.IntN(40) == 0 {
		size = 1<<20 + e.world.rnd.IntN(1<<19)
	}
	p := numbered(len(e.queued), size)
	e.queued = append(e.queued, p)
	return p
}

// effect is what a payload does where it is applied.
type effect struct {
	Message uint64 `json:"message"`
	Sum     []byte `json:"sum"`
}

// apply applies the next whole payload: its effect is a line of the ledger,
// written in the transaction that settles it.
func (e *end) apply() {
	e.live(crashApplying, func(ctx context.Context) error {
		return e.store.Update(ctx, func(tx *store.Tx) error {
			in, err := tx.NextIncoming(ctx)
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			sum := sha256.Sum256(in.Body)
			detail, err := json.Marshal(effect{in.Message, sum[:]})
			if err != nil {
				return err
			}
			if _, err := tx.Record(ctx, store.Entry{At: e.clock.now(), Actor: "amira", Action: "applied", Detail: detail}); err != nil {
				return err
			}
			defer e.clock.now() // the last moment before it is kept
			return tx.Settle(ctx, in.ID, store.Applied, "")
		})
	})
}

// effects are those of all payloads applied, in the order in which they were.
func (e *end) effects() (all []effect) {
	e.view(func(ctx context.Context, tx *store.Tx) error {
		entries, err := tx.Entries(ctx, 1, 0)
		for _, entry := range entries {
			if entry.Action != "applied" {
				continue
			}
			var one effect
			if err := json.Unmarshal(entry.Detail, &one); err != nil {
				return err
			}
			all = append(all, one)
		}
		return err
	})
	return all
}

// run lets the storm rage, lets it end, and sees what is left.
func (w *world) run() {
	for range stormSteps {
		w.step()
	}
	w.calm = true
	for _, l := range w.lines {
		l.release()
	}
	for _, e := range w.ends {
		for len(e.queued) < payloads {
			e.post()
		}
	}
	for round := 0; !w.settled(); round++ {
		if round == calmRounds {
			w.fail("the storm is over and not everything arrives: %d of %d and %d of %d payloads were applied",
				len(w.ends[1].effects()), len(w.ends[0].queued), len(w.ends[0].effects()), len(w.ends[1].queued))
		}
		for _, e := range w.ends {
			e.clock.at = e.clock.at.Add(e.pace.Resend + time.Minute)
			e.carry()
		}
		for _, e := range w.ends {
			e.collect()
			for range payloads {
				e.apply()
			}
		}
	}
	w.check()
	w.close()
}

// step lets one thing happen, at one of the two ends or between them.
func (w *world) step() {
	i := w.rnd.IntN(2)
	e := w.ends[i]
	switch w.rnd.IntN(20) {
	case 0, 1:
		if len(e.queued) < payloads {
			e.post()
		}
	case 2, 3, 4, 5, 6:
		e.carry()
	case 7, 8, 9, 10, 11:
		e.collect()
	case 12, 13:
		e.apply()
	case 14, 15:
		e.clock.at = e.clock.at.Add(time.Duration(w.rnd.Int64N(int64(8 * time.Hour))))
	case 16:
		w.count(clockAhead)
		e.clock.at = e.clock.at.Add(time.Duration(w.rnd.Int64N(int64(10000 * time.Hour))))
	case 17:
		w.count(clockBack)
		e.clock.at = e.clock.at.Add(-time.Duration(w.rnd.Int64N(int64(10000 * time.Hour))))
	case 18:
		if len(w.lines[i].former) < mostRelays {
			w.lines[i].swap()
		}
	case 19:
		w.lines[i].release()
	}
}

// settled reports whether all that was sent is applied, and its sender knows.
func (w *world) settled() bool {
	for i, e := range w.ends {
		other := w.ends[1-i]
		if len(other.effects()) < len(e.queued) || !e.acknowledged() || e.session().out != other.session().in {
			return false
		}
	}
	return true
}

// check sees that the payloads were applied once each, in the order in which
// they were sent, and that both ends hold the same keys and can go on.
func (w *world) check() {
	for i, e := range w.ends {
		got := w.ends[1-i].effects()
		if len(got) != len(e.queued) {
			w.fail("side %d sent %d payloads, %d were applied", i, len(e.queued), len(got))
		}
		for n, one := range got {
			if sum := sha256.Sum256(e.queued[n]); one.Message != uint64(n) || !bytes.Equal(one.Sum, sum[:]) {
				w.fail("payload %d of side %d was applied as %d, or was another", n, i, one.Message)
			}
		}
		if e.early() != 0 {
			w.fail("side %d still keeps early parcels", i)
		}
		for _, action := range e.actions() {
			if action == "channel.broken" {
				w.fail("side %d calls the channel broken", i)
			}
		}
		w.tell("%x", got)
	}
	north, south := w.ends[0].session(), w.ends[1].session()
	if north.out != south.in || south.out != north.in {
		w.fail("the ratchets do not agree")
	}
	if got := carry(w.t, north, south, []byte("and on")); string(got) != "and on" {
		w.fail("the ends no longer understand each other")
	}
	if got := carry(w.t, south, north, []byte("and back")); string(got) != "and back" {
		w.fail("the ends no longer understand each other")
	}
}

func (w *world) close() {
	for _, e := range w.ends {
		e.kill()
		os.RemoveAll(filepath.Dir(e.path))
	}
}

func (w *world) fail(format string, args ...any) {
	w.t.Helper()
	w.t.Fatalf("%s; see it again with PARLEY_SEED=%d PARLEY_RUNS=1", fmt.Sprintf(format, args...), w.seed)
}
