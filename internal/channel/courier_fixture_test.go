package channel

import (
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley/internal/store"
)

// quick is a pace for tests: what takes hours takes a moment.
func quick() Pace {
	return Pace{
		Look: 2 * time.Millisecond, Poll: 20 * time.Millisecond, Ack: time.Millisecond,
		Resend: 150 * time.Millisecond, Backoff: time.Millisecond,
	}
}

// unhurried is quick, but puts nothing again by itself.
func unhurried() Pace {
	p := quick()
	p.Resend = time.Hour
	return p
}

var storeKey = [store.KeySize]byte{7}

// emptyStore is the file of a new store, made once.
var emptyStore = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "parley-channel")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "empty.db")
	s, err := store.Create(context.Background(), path, storeKey, store.Options{})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// desk is one node's end: a store with the channel in it, and a courier that
// can be killed and started again.
type desk struct {
	t       testing.TB
	path    string
	peer    int64
	out, in Carrier
	pace    Pace
	cover   time.Duration
	store   *store.Store
	kill    func()  // ends the courier and closes the store
	sent    []int64 // messages put into the outbox
}

// desks are North's and South's, with couriers that do not run yet. to carries
// what North sends, back what South sends.
func desks(t testing.TB, to, back Carrier, pace Pace) (north, south *desk) {
	t.Helper()
	n, s := pair(t)
	return newDesk(t, n, to, back, pace), newDesk(t, s, back, to, pace)
}

func newDesk(t testing.TB, s *Session, out, in Carrier, pace Pace) *desk {
	t.Helper()
	return newDeskIn(t, t.TempDir(), s, out, in, pace)
}

func newDeskIn(t testing.TB, dir string, s *Session, out, in Carrier, pace Pace) *desk {
	t.Helper()
	empty, err := emptyStore()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, path: filepath.Join(dir, s.Self().Name+".db"), out: out, in: in, pace: pace}
	if err := os.WriteFile(d.path, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	d.open()
	d.update(func(ctx context.Context, tx *store.Tx) (err error) {
		d.peer, err = tx.AddCounterpart(ctx, store.Counterpart{Name: s.Peer().Name, Session: state(t, s), AddedAt: day})
		return err
	})
	t.Cleanup(func() { d.kill() })
	return d
}

func (d *desk) open() {
	d.t.Helper()
	s, err := store.Open(context.Background(), d.path, storeKey, store.Options{})
	if err != nil {
		d.t.Fatal(err)
	}
	d.store = s
	d.kill = func() { s.Close() }
}

// courier makes one that does not run yet.
func (d *desk) courier() *Courier {
	return &Courier{
		Store: d.store, Counterpart: d.peer, Name: "the other side", Out: d.out, In: d.in,
		Rand: crand.Reader, Now: time.Now, Log: slog.New(slog.DiscardHandler), Pace: d.pace, Cover: d.cover,
	}
}

// run starts the courier.
func (d *desk) run() *Courier {
	c := d.courier()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.Run(ctx)
	}()
	s := d.store
	d.kill = func() {
		cancel()
		<-ended
		s.Close()
	}
	return c
}

// crash kills the courier wherever it is, and starts another on what was kept.
func (d *desk) crash() {
	d.t.Helper()
	d.kill()
	d.open()
	d.run()
}

func (d *desk) update(fn func(context.Context, *store.Tx) error) {
	d.t.Helper()
	ctx := context.Background()
	if err := d.store.Update(ctx, func(tx *store.Tx) error { return fn(ctx, tx) }); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) view(fn func(context.Context, *store.Tx) error) {
	d.t.Helper()
	ctx := context.Background()
	if err := d.store.View(ctx, func(tx *store.Tx) error { return fn(ctx, tx) }); err != nil {
		d.t.Fatal(err)
	}
}

// send puts a message into the outbox.
func (d *desk) send(kind string, body []byte, urgent bool) {
	d.t.Helper()
	d.update(func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.Enqueue(ctx, store.Outgoing{Counterpart: d.peer, Kind: kind, Body: body, Urgent: urgent, QueuedAt: time.Now()})
		d.sent = append(d.sent, id)
		return err
	})
}

// acknowledged reports whether the other side has said that it applied every
// message from here.
func (d *desk) acknowledged() (all bool) {
	d.t.Helper()
	all = true
	d.view(func(ctx context.Context, tx *store.Tx) error {
		for _, id := range d.sent {
			o, err := tx.Outgoing(ctx, id)
			if err != nil {
				return err
			}
			all = all && !o.AckedAt.IsZero()
		}
		return nil
	})
	return all
}

// received lists the whole messages that came, oldest first.
func (d *desk) received() (whole []store.Incoming) {
	d.t.Helper()
	d.view(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Inbox(ctx, 0)
		for i := len(all) - 1; i >= 0; i-- {
			if all[i].State != store.Arriving {
				whole = append(whole, all[i])
			}
		}
		return err
	})
	return whole
}

// kinds are those of the messages that came.
func (d *desk) kinds() (all []string) {
	d.t.Helper()
	for _, in := range d.received() {
		all = append(all, in.Kind)
	}
	return all
}

// waiting counts what is under way from here.
func (d *desk) waiting() (messages, parcels int64) {
	d.t.Helper()
	d.view(func(ctx context.Context, tx *store.Tx) (err error) {
		messages, parcels, err = tx.Waiting(ctx, d.peer)
		return err
	})
	return messages, parcels
}

// early counts the parcels kept before their turn.
func (d *desk) early() (n int64) {
	d.t.Helper()
	d.view(func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = tx.CountEarly(ctx, d.peer)
		return err
	})
	return n
}

// session reads the channel's state as it is kept.
func (d *desk) session() (s *Session) {
	d.t.Helper()
	d.view(func(ctx context.Context, tx *store.Tx) (err error) {
		s, err = loadSession(ctx, tx, d.peer)
		return err
	})
	return s
}

// actions lists what the ledger tells of, and sees that it is whole.
func (d *desk) actions() (all []string) {
	d.t.Helper()
	d.view(func(ctx context.Context, tx *store.Tx) error {
		_, err1 := tx.VerifyLedger(ctx, nil)
		entries, err2 := tx.Entries(ctx, 1, 0)
		for _, e := range entries {
			all = append(all, e.Action)
		}
		return errors.Join(err1, err2)
	})
	return all
}

// until waits for a thing to come true.
func until(t testing.TB, what string, true func() bool) {
	t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for !true() {
		if time.Now().After(deadline) {
			t.Fatalf("it never came true that %s", what)
		}
		time.Sleep(3 * time.Millisecond)
	}
}

// settledWith waits until all that a sent is at b, and a knows.
func settledWith(t testing.TB, a, b *desk, messages int) {
	t.Helper()
	until(t, fmt.Sprintf("%d messages arrive", messages), func() bool { return len(b.received()) == messages })
	until(t, "they are acknowledged", a.acknowledged)
}
