package channel

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/internal/relay"
)

// crossing is what somebody at the relay's door writes down of one piece of a
// connection: when, on which, which way, how many bytes. One with a size of 0
// is a new connection.
type crossing struct {
	at   time.Time
	line int
	in   bool
	size int
}

// door stands before a real relay and writes down all that crosses.
type door struct {
	mu    sync.Mutex
	lines int
	log   []crossing
}

func (d *door) note(line int, in bool, size int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.log = append(d.log, crossing{time.Now(), line, in, size})
}

// opened numbers a new connection.
func (d *door) opened() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines++
	d.log = append(d.log, crossing{time.Now(), d.lines, true, 0})
	return d.lines
}

// noting is a reader that writes down every read.
type noting struct {
	io.Reader
	door *door
	line int
	in   bool
}

func (n noting) Read(b []byte) (int, error) {
	k, err := n.Reader.Read(b)
	if k > 0 {
		n.door.note(n.line, n.in, k)
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
			line := d.opened()
			go func() {
				defer c.Close()
				to, err := net.Dial("tcp", relay)
				if err != nil {
					return
				}
				defer to.Close()
				go func() {
					_, _ = io.Copy(to, struct{ io.Reader }{noting{c, d, line, true}}) // it ends with the connection
					to.Close()
				}()
				_, _ = io.Copy(c, struct{ io.Reader }{noting{to, d, line, false}})
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

// asked is one request at the door and its answer, as they look under TLS.
type asked struct {
	line               int
	first, last        time.Time     // byte of the request
	answered, finished time.Time     // first and last byte of the answer
	in, out            int           // bytes
	rest               time.Duration // until the next request on this connection; 0 for the last
}

// kinds of requests that their sizes tell apart.
const (
	puts = iota
	fetches
	others // a removal, a fetch that brings nothing, the start of a connection
	kinds
)

func (a asked) kind() int {
	switch {
	case a.in > 3<<10:
		return puts
	case a.out > 3<<10:
		return fetches
	}
	return others
}

// requests puts together what crossed on each connection.
func (d *door) requests() (all []asked) {
	d.mu.Lock()
	defer d.mu.Unlock()
	open := map[int]int{} // the last request of each connection
	for _, c := range d.log {
		at, ok := open[c.line]
		switch {
		case c.size == 0:
		case c.in && ok && all[at].out == 0:
			all[at].in += c.size
			all[at].last = c.at
		case c.in:
			if ok {
				all[at].rest = c.at.Sub(all[at].finished)
			}
			open[c.line] = len(all)
			all = append(all, asked{line: c.line, first: c.at, last: c.at, in: c.size})
		case ok:
			if all[at].out == 0 {
				all[at].answered = c.at
			}
			all[at].out += c.size
			all[at].finished = c.at
		}
	}
	return all
}

// talk is two nodes that speak through a door of their own.
type talk struct {
	door   door
	desks  []*desk
	sent   int
	spells []spell
}

// spell is a stretch of time, busy or quiet by the toss of a coin.
type spell struct {
	busy     bool
	from, to time.Time
}

// way is how the couriers of a talk run.
type way struct {
	name  string
	cover time.Duration
	run   func(context.Context, *Courier)
}

// theRelay is a real one. Its address is given, and what ends it.
func theRelay(t *testing.T) (relay.Address, func()) {
	t.Helper()
	r, err := relay.Open(t.Context(), relay.Options{Dir: quickFolder(t)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	s, err := r.Listen(ctx, "127.0.0.1:0", relay.TLSOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return s.Address(), func() {
		stop()
		if err := s.Wait(); err != nil {
			t.Error(err)
		}
		r.Close()
	}
}

// begin lets two nodes run.
func begin(t *testing.T, at relay.Address, w way, tick time.Duration) *talk {
	t.Helper()
	k := new(talk)
	at.Host = k.door.listen(t, at.Host)
	carrier := func() Carrier {
		c, err := relay.NewClient(at, relay.ClientOptions{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		return overTLS{c}
	}
	n, o := pair(t)
	pace := Pace{Look: tick / 10, Poll: 25 * time.Second, Ack: tick / 2, Resend: time.Hour, Backoff: tick}
	for _, s := range []*Session{n, o} {
		d := newDeskIn(t, quickFolder(t), s, carrier(), carrier(), pace)
		k.desks = append(k.desks, d)
		d.cover = w.cover
		c, store := d.courier(), d.store
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			w.run(ctx, c)
		}()
		d.kill = func() {
			cancel()
			<-ended
			store.Close()
		}
	}
	return k
}

// Each spell takes some ticks, and some more until what was said last is out.
const spoken, silent = 6, 2

// recorded lets two nodes talk in each of the ways, several at a time, all
// through one relay and at the same time. It gives the talks of each way.
func recorded(t *testing.T, ways []way, several, spells int, tick time.Duration) (all [][]*talk) {
	t.Helper()
	address, end := theRelay(t)
	all = make([][]*talk, len(ways))
	for range several {
		for i, w := range ways {
			all[i] = append(all[i], begin(t, address, w, tick))
		}
	}
	rnd := rand.New(rand.NewPCG(uint64(several), uint64(spells)))
	clock := time.NewTicker(tick)
	defer clock.Stop()
	for range 10 { // until all connections are there
		<-clock.C
	}
	for range spells {
		for _, k := range slices.Concat(all...) {
			k.spells = append(k.spells, spell{busy: rnd.IntN(2) == 0, from: time.Now()})
		}
		for range spoken {
			<-clock.C
			for _, k := range slices.Concat(all...) {
				k.speak(rnd)
			}
		}
		for range silent {
			<-clock.C
		}
		for _, k := range slices.Concat(all...) {
			k.spells[len(k.spells)-1].to = time.Now()
		}
	}
	for _, k := range slices.Concat(all...) {
		for _, d := range k.desks {
			d.kill()
		}
	}
	end()
	return all
}

// speak gives the nodes something to say: often in a busy spell, seldom in a quiet one.
func (k *talk) speak(rnd *rand.Rand) {
	for _, d := range k.desks {
		if k.spells[len(k.spells)-1].busy && rnd.IntN(3) > 0 || rnd.IntN(30) == 0 {
			d.send("note", numbered(k.sent, 200+rnd.IntN(20_000)), false)
			k.sent++
		}
	}
}
