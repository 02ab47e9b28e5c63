package channel

import (
	"context"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"parley/internal/relay"
)

// crossing is what somebody at the relay's door writes down of one piece of a
// connection: when, which way, how many bytes. A size of 0 is a new connection.
type crossing struct {
	at   time.Time
	in   bool
	size int
}

// door stands before a real relay and writes down all that crosses.
type door struct {
	mu  sync.Mutex
	log []crossing
}

func (d *door) note(in bool, size int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.log = append(d.log, crossing{time.Now(), in, size})
}

// seen gives what crossed since the last time.
func (d *door) seen() []crossing {
	d.mu.Lock()
	defer d.mu.Unlock()
	log := d.log
	d.log = nil
	return log
}

// noting is a reader that writes down every read.
type noting struct {
	io.Reader
	door *door
	in   bool
}

func (n noting) Read(b []byte) (int, error) {
	k, err := n.Reader.Read(b)
	if k > 0 {
		n.door.note(n.in, k)
	}
	return k, err
}

// listen opens the door: what comes in goes to the relay, and its answers back.
func (d *door) listen(t *testing.T, relay string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			d.note(true, 0)
			go func() {
				defer c.Close()
				to, err := net.Dial("tcp", relay)
				if err != nil {
					return
				}
				defer to.Close()
				go func() {
					_, _ = io.Copy(to, struct{ io.Reader }{noting{c, d, true}}) // it ends with the connection
					to.Close()
				}()
				_, _ = io.Copy(c, struct{ io.Reader }{noting{to, d, false}})
			}()
		}
	}()
	return l.Addr().String()
}

// overTLS is a carrier to a real relay.
type overTLS struct{ *relay.Client }

func (c overTLS) Put(ctx context.Context, m Mailbox, id [16]byte, parcel []byte) error {
	return c.Client.Put(ctx, relay.Mailbox(m), id, parcel)
}

func (c overTLS) Fetch(ctx context.Context, m Mailbox, after string, wait time.Duration) ([]Stored, error) {
	found, err := c.Client.Fetch(ctx, relay.Mailbox(m), relay.Cursor(after), wait)
	all := make([]Stored, len(found))
	for i, f := range found {
		all[i] = Stored{string(f.Cursor), f.Parcel}
	}
	return all, err
}

func (c overTLS) Remove(ctx context.Context, m Mailbox, through string) error {
	return c.Client.Remove(ctx, relay.Mailbox(m), relay.Cursor(through))
}

// spell is a stretch of time, busy or quiet by the toss of a coin, and what
// crossed in it.
type spell struct {
	busy bool
	log  []crossing
}

const tick = 150 * time.Millisecond // of cover, and of what people write

// recorded lets two nodes talk through a real relay, and gives what was seen.
func recorded(t *testing.T, cover time.Duration, spells int, seed uint64) (all []spell) {
	t.Helper()
	r, err := relay.Open(t.Context(), relay.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ctx, stop := context.WithCancel(t.Context())
	s, err := r.Listen(ctx, "127.0.0.1:0", relay.TLSOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var d door
	address := s.Address()
	address.Host = d.listen(t, address.Host)
	carrier := func() Carrier {
		c, err := relay.NewClient(address, relay.ClientOptions{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		return overTLS{c}
	}
	n, o := pair(t)
	pace := Pace{Look: tick / 10, Poll: 25 * time.Second, Ack: tick / 2, Resend: time.Hour, Backoff: tick}
	both := []*desk{newDeskIn(t, quickFolder(t), n, carrier(), carrier(), pace), newDeskIn(t, quickFolder(t), o, carrier(), carrier(), pace)}
	for _, k := range both {
		k.cover = cover
		k.run()
	}
	rnd := rand.New(rand.NewPCG(seed, seed))
	clock := time.NewTicker(tick)
	defer clock.Stop()
	for range 10 { // until all connections are there
		<-clock.C
	}
	d.seen()
	sent := 0
	for range spells {
		busy := rnd.IntN(2) == 0
		for range 8 {
			<-clock.C
			for _, k := range both {
				if busy && rnd.IntN(3) > 0 || rnd.IntN(30) == 0 {
					k.send("note", numbered(sent, 200+rnd.IntN(20_000)), false)
					sent++
				}
			}
		}
		all = append(all, spell{busy, d.seen()})
		for range 2 { // what was said last is out before the next begins
			<-clock.C
		}
		d.seen()
	}
	for _, k := range both {
		k.kill()
	}
	stop()
	if err := s.Wait(); err != nil {
		t.Fatal(err)
	}
	return all
}

// features are what the classifier is given: counts, bytes, gaps and
// turnarounds, by direction.
func (s spell) features() (f []float64) {
	for _, in := range []bool{true, false} {
		var sizes, gaps []float64
		var last time.Time
		opened := 0.0
		for _, c := range s.log {
			if c.in != in {
				continue
			}
			if c.size == 0 {
				opened++
				continue
			}
			sizes = append(sizes, float64(c.size))
			if !last.IsZero() {
				gaps = append(gaps, c.at.Sub(last).Seconds())
			}
			last = c.at
		}
		f = append(f, opened, float64(len(sizes)), sum(sizes))
		for _, of := range [][]float64{sizes, gaps, s.turnarounds(in)} {
			slices.Sort(of)
			for _, q := range []float64{0.1, 0.25, 0.5, 0.75, 0.9, 1} {
				v := 0.0
				if len(of) > 0 {
					v = of[int(q*float64(len(of)-1))]
				}
				f = append(f, v)
			}
			f = append(f, spread(of))
		}
	}
	return f
}

// turnarounds are the times from the last byte one way to the first the other
// way: how long the relay took to answer, and how long a node was at work on an answer
// before it asked for something else.
func (s spell) turnarounds(in bool) (all []float64) {
	for i := 1; i < len(s.log); i++ {
		if s.log[i].in == in && s.log[i-1].in != in {
			all = append(all, s.log[i].at.Sub(s.log[i-1].at).Seconds())
		}
	}
	return all
}

func sum(all []float64) (s float64) {
	for _, v := range all {
		s += v
	}
	return s
}

func spread(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	mean, v := sum(all)/float64(len(all)), 0.0
	for _, x := range all {
		v += (x - mean) * (x - mean)
	}
	return math.Sqrt(v / float64(len(all)))
}

// centroids is a classifier: each feature in deviations of those it learnt
// from, and the nearer of two means.
type centroids struct{ mean, scale, busy, quiet []float64 }

func learnCentroids(all []spell) (c centroids) {
	var table [][]float64
	for _, s := range all {
		table = append(table, s.features())
	}
	for i := range table[0] {
		var column, busy, quiet []float64
		for j, row := range table {
			column = append(column, row[i])
			if all[j].busy {
				busy = append(busy, row[i])
			} else {
				quiet = append(quiet, row[i])
			}
		}
		scale := spread(column)
		if scale == 0 {
			scale = 1
		}
		c.mean, c.scale = append(c.mean, sum(column)/float64(len(column))), append(c.scale, scale)
		c.busy, c.quiet = append(c.busy, sum(busy)/float64(len(busy))), append(c.quiet, sum(quiet)/float64(len(quiet)))
	}
	return c
}

func (c centroids) says(s spell) bool {
	toBusy, toQuiet := 0.0, 0.0
	for i, v := range s.features() {
		toBusy += math.Pow((v-c.busy[i])/c.scale[i], 2)
		toQuiet += math.Pow((v-c.quiet[i])/c.scale[i], 2)
	}
	return toBusy < toQuiet
}

// rightOf counts the spells of another recording that it tells.
func (c centroids) rightOf(all []spell) (right int) {
	for _, s := range all {
		if c.says(s) == s.busy {
			right++
		}
	}
	return right
}

// byLuck is the chance that n tosses of a coin give k or more.
func byLuck(k, n int) (p float64) {
	for i := k; i <= n; i++ {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(i + 1))
		c, _ := math.Lgamma(float64(n - i + 1))
		p += math.Exp(a - b - c - float64(n)*math.Ln2)
	}
	return p
}

// falseAlarm is how often the test may fail though nothing leaks.
const falseAlarm = 0.001

// spellsOf is how many spells to record, if this machine is quiet enough to
// measure times on.
func spellsOf(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("PARLEY_SPELLS"))
	if err != nil || n < 14 {
		t.Skip("it measures times: on a machine that does nothing else, set PARLEY_SPELLS to 14 or more (a minute for ten)")
	}
	return n
}

// TestCoverHidesBusySpellsFromARealRelay records what crosses before a real
// relay, over TLS: one recording to learn from, another to be asked about.
func TestCoverHidesBusySpellsFromARealRelay(t *testing.T) {
	spells := spellsOf(t)
	for _, c := range []struct {
		name  string
		cover time.Duration
		told  bool
	}{{"without cover", 0, true}, {"with cover", tick, false}} {
		t.Run(c.name, func(t *testing.T) {
			learnt := learnCentroids(recorded(t, c.cover, spells, 1))
			asked := recorded(t, c.cover, spells, 2)
			right := learnt.rightOf(asked)
			luck := byLuck(right, len(asked))
			t.Logf("right in %d of %d spells; a coin does as well with a chance of %.4f", right, len(asked), luck)
			if told := luck < falseAlarm; told != c.told {
				t.Errorf("busy is told from quiet: %v, want %v", told, c.told)
			}
		})
	}
}
