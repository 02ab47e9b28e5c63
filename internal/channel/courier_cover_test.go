package channel

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

const (
	hours    = 80 // half to learn from, half to be asked about
	minutes  = 10 // between two ticks, or looks
	anHour   = 60 / minutes
	chance   = 0.5
	ofChance = 0.18 // how far from it an answer may be by luck: 2.3 deviations of 40 tosses
)

// logged is a line of what a relay sees of one direction.
type logged struct {
	at   time.Time
	what string
	size int
}

// witness is a relay that writes down all that it sees, whoever does it.
type witness struct {
	*shelf
	now func() time.Time
	log *[]logged
}

func (w witness) note(what string, size int) {
	*w.log = append(*w.log, logged{w.now(), what, size})
}

func (w witness) Put(ctx context.Context, m Mailbox, id [16]byte, parcel []byte) error {
	w.note("put", len(parcel))
	return w.shelf.Put(ctx, m, id, parcel)
}

func (w witness) Fetch(ctx context.Context, m Mailbox, after string, _ time.Duration) ([]Stored, error) {
	found, err := w.shelf.Fetch(ctx, m, after, 0)
	for _, f := range found {
		w.note("fetched", len(f.Parcel))
	}
	return found, err
}

func (w witness) Remove(ctx context.Context, m Mailbox, through string) error {
	w.note("removed", 0)
	return w.shelf.Remove(ctx, m, through)
}

// observed is what the relays saw in one hour, and what kind of hour it was.
type observed struct {
	busy bool
	log  []logged
}

// covering has its first parcel ready.
func covering(t *testing.T, c *Courier) *coverer {
	t.Helper()
	p := &coverer{Courier: c}
	if err := p.prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

// watched lets two nodes talk for hours, of which a coin says whether they are
// busy, and returns what the relays saw of each.
func watched(t *testing.T, cover time.Duration) (all []observed) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(5, 5))
	now := day
	clock := func() time.Time { return now }
	var log []logged
	to, back := witness{newShelf(), clock, &log}, witness{newShelf(), clock, &log}
	n, s := pair(t)
	pace := Pace{Look: 1, Poll: 1, Ack: time.Second, Resend: 1000 * time.Hour, Backoff: 1}
	desks := []*desk{newDeskIn(t, quickFolder(t), n, to, back, pace), newDeskIn(t, quickFolder(t), s, back, to, pace)}
	var sends []func(context.Context) error
	var receivers []*receiver
	for _, d := range desks {
		c := d.courier()
		c.Now, c.Cover = clock, cover
		send := c.sendOnce
		if cover > 0 {
			send = covering(t, c).once
		}
		sends, receivers = append(sends, send), append(receivers, c.receiver())
	}
	sent := [2]int{}
	look := func() {
		t.Helper()
		for i, send := range sends {
			now = now.Add(time.Duration(rnd.IntN(3000)) * time.Millisecond) // no machine is exact
			if err := send(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := receivers[1-i].once(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for hour := range hours {
		busy := rnd.IntN(2) == 0
		log = nil
		for tick := range anHour {
			now = day.Add(time.Duration(hour*anHour+tick) * minutes * time.Minute)
			for i, d := range desks {
				if rnd.IntN(30) == 0 || busy && rnd.IntN(3) > 0 {
					d.send("note", numbered(sent[i], 200+rnd.IntN(25_000)), false)
					sent[i]++
				}
			}
			look()
		}
		all = append(all, observed{busy, log})
	}
	for range 3 * anHour { // what still waits
		look()
	}
	for i := range desks {
		got := desks[1-i].received()
		if len(got) != sent[i] {
			t.Fatalf("%d of %d messages arrived", len(got), sent[i])
		}
		inOrderOnce(t, desks[1-i])
	}
	return all
}

// features are what a simple classifier is given of an hour: how much, how
// large, and how even.
func (o observed) features() map[string]float64 {
	f := map[string]float64{}
	var last time.Time
	var gaps []float64
	for _, l := range o.log {
		f["lines"]++
		f["bytes"] += float64(l.size)
		f["largest"] = max(f["largest"], float64(l.size))
		if l.what != "put" {
			continue
		}
		f["puts"]++
		if !last.IsZero() {
			gaps = append(gaps, l.at.Sub(last).Seconds())
		}
		last = l.at
	}
	for _, g := range gaps {
		f["gap"] += g / float64(len(gaps))
	}
	for _, g := range gaps {
		f["spread"] += math.Pow(g-f["gap"], 2) / float64(len(gaps))
	}
	return f
}

// stump tells busy from quiet by one feature.
type stump struct {
	feature string
	above   float64
	busy    bool // what is above it
}

func (s stump) says(o observed) bool { return (o.features()[s.feature] > s.above) == s.busy }

func (s stump) rightIn(all []observed) float64 {
	right := 0.0
	for _, o := range all {
		if s.says(o) == o.busy {
			right++
		}
	}
	return right / float64(len(all))
}

// learn finds the stump that tells the most of these hours.
func learn(all []observed) (best stump) {
	most := 0.0
	for _, feature := range []string{"lines", "bytes", "largest", "puts", "gap", "spread"} {
		for _, o := range all {
			for _, busy := range []bool{true, false} {
				s := stump{feature, o.features()[feature], busy}
				if right := s.rightIn(all); right > most {
					best, most = s, right
				}
			}
		}
	}
	return best
}

// guessed is how often a classifier that learnt from the first half of the
// hours is right about the second.
func guessed(t *testing.T, all []observed) float64 {
	t.Helper()
	s := learn(all[:len(all)/2])
	right := s.rightIn(all[len(all)/2:])
	t.Logf("by %s above %.0f: right in %.0f of 100 hours", s.feature, s.above, 100*right)
	return right
}

func TestCoverHidesBusyHours(t *testing.T) {
	without, with := watched(t, 0), watched(t, minutes*time.Minute)
	if right := guessed(t, without); right < 0.9 {
		t.Errorf("without cover only %.2f of the hours were told: the test proves nothing", right)
	}
	if right := guessed(t, with); right > chance+ofChance {
		t.Errorf("with cover %.2f of the hours were told", right)
	}
	// Not only this classifier: but for the exact moments all hours are the same.
	shape := func(o observed) string {
		var lines []string
		for _, l := range o.log {
			lines = append(lines, fmt.Sprint(l.what, l.size, l.at.Truncate(minutes*time.Minute).Minute()))
		}
		return fmt.Sprint(lines)
	}
	for n, o := range with {
		if shape(o) != shape(with[0]) {
			t.Fatalf("hour %d is not like the first:\n%s\n%s", n, shape(o), shape(with[0]))
		}
	}
}

// A counterpart that is away for long must not fill our disk with empty
// parcels, and the relay must not see that we noticed.
func TestCoverGoesOnWhileNobodyAnswers(t *testing.T) {
	var log []logged
	now := day
	to := witness{newShelf(), func() time.Time { return now }, &log}
	n, _ := pair(t)
	north := newDeskIn(t, quickFolder(t), n, to, newShelf(), unhurried())
	c := north.courier()
	c.Now, c.Cover, c.Pace.Resend = to.now, time.Minute, 1000*time.Hour
	p := covering(t, c)
	for range coverAhead + 50 {
		now = now.Add(c.Cover)
		if err := p.once(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, parcels := north.waiting(); parcels != coverAhead {
		t.Errorf("%d parcels are kept, want %d", parcels, coverAhead)
	}
	if len(log) != coverAhead+50 || slices.ContainsFunc(log, func(l logged) bool { return l.size != CoverSize }) {
		t.Errorf("%d parcels were put, want %d of %d bytes", len(log), coverAhead+50, CoverSize)
	}
	gap := func(a, b logged) int { return cmp.Compare(a.at.Unix(), b.at.Unix()) }
	if !slices.IsSortedFunc(log, gap) {
		t.Error("they were not put one after the other")
	}
	north.send("warning", []byte("now"), true)
	for range 2 {
		if err := p.once(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if messages, _ := north.waiting(); messages != 0 {
		t.Error("a warning waits behind the cover")
	}
}

// TestALongMessageCrossesUnderCover has it cut into parcels of one size, by a
// courier that runs by the clock.
func TestALongMessageCrossesUnderCover(t *testing.T) {
	to, back := newShelf(), newShelf()
	north, south := desks(t, to, back, quick())
	large := body(200_000)
	north.send("large", large, false)
	for _, d := range []*desk{north, south} {
		d.cover = 5 * time.Millisecond
		d.run()
	}
	settledWith(t, north, south, 1)
	if got := south.received()[0].Body; !bytes.Equal(got, large) {
		t.Errorf("%d bytes arrived", len(got))
	}
	for _, p := range append(to.all(), back.all()...) {
		if len(p) != CoverSize {
			t.Errorf("a parcel has %d bytes", len(p))
		}
	}
}
