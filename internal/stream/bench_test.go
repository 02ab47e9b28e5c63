package stream

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/store"
)

// shelf is a relay in memory.
type shelf struct {
	mu      sync.Mutex
	boxes   map[channel.Mailbox][]channel.Stored
	last    int
	arrived chan struct{} // closed and made anew with every parcel
}

func newShelf() *shelf {
	return &shelf{boxes: map[channel.Mailbox][]channel.Stored{}, arrived: make(chan struct{})}
}

func (s *shelf) Put(_ context.Context, m channel.Mailbox, _ [16]byte, parcel []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	s.boxes[m] = append(s.boxes[m], channel.Stored{Cursor: strconv.Itoa(s.last), Parcel: bytes.Clone(parcel)})
	close(s.arrived)
	s.arrived = make(chan struct{})
	return nil
}

func (s *shelf) Fetch(ctx context.Context, m channel.Mailbox, after string, wait time.Duration) ([]channel.Stored, error) {
	ctx, end := context.WithTimeout(ctx, wait)
	defer end()
	for {
		s.mu.Lock()
		at := slices.IndexFunc(s.boxes[m], func(p channel.Stored) bool { return p.Cursor == after })
		found, arrived := slices.Clone(s.boxes[m][at+1:]), s.arrived
		s.mu.Unlock()
		if len(found) > 0 {
			return found, nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return nil, nil
		}
	}
}

func (s *shelf) Remove(_ context.Context, m channel.Mailbox, through string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := slices.IndexFunc(s.boxes[m], func(p channel.Stored) bool { return p.Cursor == through }); at >= 0 {
		s.boxes[m] = s.boxes[m][at+1:]
	}
	return nil
}

// connect gives both nodes the two ends of a channel, and sets couriers going.
func connect(b *testing.B, north, south *node) (wake func(), arrived chan struct{}) {
	b.Helper()
	ni, ns := introduced(b, "North", "South")
	si, ss := introduced(b, "South", "North")
	to, back := newShelf(), newShelf()
	arrived = make(chan struct{}, 1)
	var couriers []*channel.Courier
	for _, end := range []struct {
		node    *node
		secrets *channel.Secrets
		theirs  *channel.Introduction
		out, in *shelf
	}{{north, ns, si, to, back}, {south, ss, ni, back, to}} {
		session, err := channel.Establish(end.secrets, end.theirs)
		if err != nil {
			b.Fatal(err)
		}
		state, err := session.MarshalBinary()
		if err != nil {
			b.Fatal(err)
		}
		n := end.node
		n.update(func(ctx context.Context, tx *store.Tx) error { return tx.SetSession(ctx, n.peer, state) })
		couriers = append(couriers, &channel.Courier{
			Store: n.store, Counterpart: n.peer, Name: "the other side", Out: end.out, In: end.in, Rand: crand.Reader, Now: time.Now,
			Log: slog.New(slog.DiscardHandler), Pace: channel.DefaultPace(),
			Admit: func(ctx context.Context, tx *store.Tx, message uint64) error { return Admit(ctx, tx, n.peer, message) },
			Arrived: func() {
				select {
				case arrived <- struct{}{}:
				default:
				}
			},
		})
	}
	ctx, end := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, c := range couriers {
		running.Go(func() { c.Run(ctx) })
	}
	b.Cleanup(func() { end(); running.Wait() })
	return func() { couriers[0].Wake(); couriers[1].Wake() }, arrived
}

// pump works on all that came to a node, and sends chunks while there is room.
// It reports how many chunks came, and what of the stream the node holds.
func pump(b *testing.B, n *node, chunk []byte, left *int) (taken, held int) {
	b.Helper()
	for more := true; more; {
		n.update(func(ctx context.Context, tx *store.Tx) error {
			s := n.resume(ctx, tx)
			underway, err := tx.StreamUnderway(ctx, s.ID, KindChunk)
			if err != nil {
				return err
			}
			held = max(held, int(s.Arrived-s.Taken), int(underway))
			in, err := tx.NextOf(ctx, true)
			more = err == nil
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if more {
				m, err := s.Take(ctx, in)
				if err != nil {
					return err
				}
				if m.Kind == KindChunk {
					taken++
				}
				if err := tx.Settle(ctx, in.ID, store.Applied, ""); err != nil {
					return err
				}
			}
			for *left > 0 {
				if err := s.Send(ctx, chunk, false); errors.Is(err, ErrRoom) {
					break
				} else if err != nil {
					return err
				}
				*left--
			}
			return s.Keep(ctx)
		})
	}
	return taken, held
}

// BenchmarkStream carries 64 MB one way through two encrypted stores, two
// couriers and a relay in memory.
func BenchmarkStream(b *testing.B) {
	const chunks = 256
	for range b.N {
		north, south := newNode(b, b.TempDir(), "north", "South"), newNode(b, b.TempDir(), "south", "North")
		north.open(DefaultWindow)
		south.open(DefaultWindow)
		wake, arrived := connect(b, north, south)
		chunk, left, none, came, most := make([]byte, MaxChunk), chunks, 0, 0, 0
		begin := time.Now()
		for came < chunks {
			_, out := pump(b, north, chunk, &left)
			wake()
			taken, in := pump(b, south, nil, &none)
			wake()
			came += taken
			most = max(most, in, out)
			select {
			case <-arrived:
			case <-time.After(10 * time.Millisecond):
			}
		}
		b.ReportMetric(chunks*MaxChunk/1e6/time.Since(begin).Seconds(), "MB/s")
		b.ReportMetric(float64(most*MaxChunk), "peak-held-bytes")
		if most > DefaultWindow {
			b.Fatalf("%d chunks were held", most)
		}
	}
}
