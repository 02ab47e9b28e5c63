package channel

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"
)

// shelf is a relay in memory, with a real one's promises: what was put is kept
// once for each id, is handed out in order, and stays until it is removed.
type shelf struct {
	mu      sync.Mutex
	boxes   map[Mailbox][]lying
	last    int
	arrived chan struct{} // closed and made anew with every change
	puts    int
}

type lying struct {
	place  int
	id     [16]byte
	parcel []byte
}

func newShelf() *shelf {
	return &shelf{boxes: map[Mailbox][]lying{}, arrived: make(chan struct{})}
}

func (s *shelf) Put(_ context.Context, m Mailbox, id [16]byte, parcel []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.puts++
	if !slices.ContainsFunc(s.boxes[m], func(l lying) bool { return l.id == id }) {
		s.lay(m, id, parcel)
	}
	return nil
}

// lay puts a parcel down whatever lies there, and wakes who waits.
func (s *shelf) lay(m Mailbox, id [16]byte, parcel []byte) {
	s.last++
	s.boxes[m] = append(s.boxes[m], lying{s.last, id, bytes.Clone(parcel)})
	close(s.arrived)
	s.arrived = make(chan struct{})
}

func (s *shelf) Fetch(ctx context.Context, m Mailbox, after string, wait time.Duration) ([]Stored, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		found, arrived := s.after(m, after)
		if len(found) > 0 {
			return found, nil
		}
		select {
		case <-arrived:
		case <-timer.C:
			return nil, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (s *shelf) after(m Mailbox, after string) (found []Stored, arrived chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	place, _ := strconv.Atoi(after)
	for _, l := range s.boxes[m] {
		if l.place > place {
			found = append(found, Stored{Cursor: strconv.Itoa(l.place), Parcel: bytes.Clone(l.parcel)})
		}
	}
	return found, s.arrived
}

func (s *shelf) Remove(_ context.Context, m Mailbox, through string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	place, err := strconv.Atoi(through)
	s.boxes[m] = slices.DeleteFunc(s.boxes[m], func(l lying) bool { return l.place <= place })
	return err
}

// all is every parcel that lies on the shelf.
func (s *shelf) all() (parcels [][]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, box := range s.boxes {
		for _, l := range box {
			parcels = append(parcels, l.parcel)
		}
	}
	return parcels
}

var errAway = errors.New("the relay is away")

// villain is a relay that does whatever it can to the parcels, for as long as
// its patience lasts; then it is honest. Its mischief follows from a seed.
type villain struct {
	*shelf
	mu       sync.Mutex
	rnd      *rand.Rand
	patience int
	calls    int
	held     []func() // puts that it delays
}

func newVillain(seed uint64, patience int) *villain {
	return &villain{shelf: newShelf(), rnd: rand.New(rand.NewPCG(seed, 1)), patience: patience}
}

// mood draws what to do next: 0 is the honest thing.
func (v *villain) mood(kinds int) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.calls++
	if v.patience == 0 || v.rnd.IntN(2) == 0 {
		return 0
	}
	v.patience--
	return 1 + v.rnd.IntN(kinds)
}

// done is how many calls it had, and how much mischief it has left.
func (v *villain) done() (calls, patience int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.calls, v.patience
}

func (v *villain) draw(n int) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.rnd.IntN(n)
}

func (v *villain) Put(ctx context.Context, m Mailbox, id [16]byte, parcel []byte) error {
	put := func() { _ = v.shelf.Put(ctx, m, id, parcel) }
	switch v.mood(5) {
	case 0:
		put()
	case 1: // says it has it, and throws it away
	case 2: // refuses
		return errAway
	case 3: // keeps it, and says it has not
		put()
		return errAway
	case 4: // keeps it back
		v.mu.Lock()
		v.held = append(v.held, put)
		v.mu.Unlock()
	case 5: // keeps it twice
		put()
		v.shelf.mu.Lock()
		v.lay(m, id, parcel)
		v.shelf.mu.Unlock()
	}
	v.mu.Lock()
	held := v.held
	if v.patience > 0 && v.rnd.IntN(3) > 0 {
		held = nil
	} else {
		v.held = nil
	}
	v.mu.Unlock()
	slices.Reverse(held)
	for _, put := range held {
		put()
	}
	return nil
}

func (v *villain) Fetch(ctx context.Context, m Mailbox, after string, wait time.Duration) ([]Stored, error) {
	found, err := v.shelf.Fetch(ctx, m, after, wait)
	if err != nil || len(found) == 0 {
		return found, err
	}
	at := v.draw(len(found))
	switch v.mood(6) {
	case 1: // fails
		return nil, errAway
	case 2: // flips a bit on the way
		p := found[at].Parcel
		p[v.draw(len(p))] ^= 1 << v.draw(8)
	case 3: // in another order
		slices.Reverse(found)
		for i := range found { // the places are still those of the relay
			found[i].Cursor = max(found[0].Cursor, found[i].Cursor)
		}
	case 4: // one of them twice
		found = slices.Insert(found, at, found[at])
	case 5: // a parcel of some other mailbox
		others := v.all()
		if len(others) > 0 {
			found = slices.Insert(found, at, Stored{Cursor: found[at].Cursor, Parcel: others[v.draw(len(others))]})
		}
	case 6: // rubbish behind a true tag, ahead of the true parcel
		forged := bytes.Repeat([]byte{0x5a}, len(found[at].Parcel))
		copy(forged, found[at].Parcel[:tagSize])
		found = slices.Insert(found, at, Stored{Cursor: found[at].Cursor, Parcel: forged})
	}
	return found, nil
}

func (v *villain) Remove(ctx context.Context, m Mailbox, through string) error {
	switch v.mood(2) {
	case 1: // fails
		return errAway
	case 2: // says that it did
		return nil
	}
	return v.shelf.Remove(ctx, m, through)
}
