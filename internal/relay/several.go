package relay

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// MaxSeveral is how many relays one end of a channel may name.
const MaxSeveral = 8

// Several are independent relays that serve one end of a channel together. A parcel goes to the first
// of them that takes it; a reader looks at all. While one of them is away the rest carry on, and what
// it holds comes when it is back: parcels may overtake each other. It is safe for concurrent use.
type Several struct {
	clients []*Client
	now     func() time.Time

	mu   sync.Mutex
	away []time.Time // when each last failed
}

// restTime is how long a relay that failed is tried last.
const restTime = 30 * time.Second

// NewSeveral prepares clients for relays, the preferred one first; it does not connect.
func NewSeveral(relays []Address, o ClientOptions) (*Several, error) {
	if len(relays) == 0 || len(relays) > MaxSeveral {
		return nil, fmt.Errorf("%d relays are named, want 1 to %d", len(relays), MaxSeveral)
	}
	s := &Several{now: time.Now, away: make([]time.Time, len(relays))}
	for _, a := range relays {
		c, err := NewClient(a, o)
		if err != nil {
			return nil, err
		}
		s.clients = append(s.clients, c)
	}
	return s, nil
}

// Close gives up idle connections.
func (s *Several) Close() {
	for _, c := range s.clients {
		c.Close()
	}
}

// Put keeps a parcel at the first relay that takes it; see Client.Put.
func (s *Several) Put(ctx context.Context, m Mailbox, id [16]byte, parcel []byte) error {
	var failures []error
	for _, i := range s.order() {
		err := s.clients[i].Put(ctx, m, id, parcel)
		if !errors.Is(err, ErrUnavailable) || ctx.Err() != nil {
			return err
		}
		s.failed(i)
		failures = append(failures, err)
	}
	return latest(failures)
}

// order gives the relays in their order, those that failed lately last.
func (s *Several) order() (all []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var resting []int
	for i, at := range s.away {
		if !at.IsZero() && s.now().Sub(at) < restTime {
			resting = append(resting, i)
		} else {
			all = append(all, i)
		}
	}
	return append(all, resting...)
}

func (s *Several) failed(i int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away[i] = s.now()
}

// fetched is what one relay answered.
type fetched struct {
	relay   int
	parcels []Stored
	err     error
}

// Fetch asks all relays at once and gives the first parcels that come, all from one relay; see
// Client.Fetch. It fails when every relay does. The cursors are of all these relays together.
func (s *Several) Fetch(ctx context.Context, m Mailbox, after Cursor, wait time.Duration) ([]Stored, error) {
	place, err := s.place(after)
	if err != nil {
		return nil, fmt.Errorf("fetching parcels: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // sends home whoever still waits
	answers := make(chan fetched, len(s.clients))
	for i, c := range s.clients {
		go func() {
			parcels, err := c.Fetch(ctx, m, place.of[i], wait)
			if errors.Is(err, ErrCursor) {
				parcels, err = c.Fetch(ctx, m, "", wait)
			}
			answers <- fetched{i, parcels, err}
		}()
	}
	var failures []error
	for range s.clients {
		a := <-answers
		if len(a.parcels) > 0 {
			return place.mark(a.relay, a.parcels), nil
		}
		if a.err != nil {
			failures = append(failures, a.err)
		}
	}
	if len(failures) == len(s.clients) {
		return nil, latest(failures)
	}
	return nil, nil
}

// Remove deletes parcels up to and including a place, at the relay that gave it.
func (s *Several) Remove(ctx context.Context, m Mailbox, through Cursor) error {
	place, err := s.place(through)
	if err != nil {
		return fmt.Errorf("removing parcels: %w", err)
	}
	return s.clients[place.from].Remove(ctx, m, place.of[place.from])
}

// Health asks every relay and says which of them cannot be used.
func (s *Several) Health(ctx context.Context) error {
	var all error
	for _, c := range s.clients {
		err := c.Health(ctx)
		switch {
		case err != nil && all != nil:
			all = fmt.Errorf("%w; %s: %w", all, c.address, err)
		case err != nil:
			all = fmt.Errorf("%s: %w", c.address, err)
		}
	}
	return all
}

// place is where a reader is at each of several relays: a cursor of each, and which of them the last
// parcel came from. Written down it is `from.cursor.cursor`; no relay ever sees another's cursor.
type place struct {
	from int
	of   []Cursor
}

func (s *Several) place(c Cursor) (place, error) {
	p := place{of: make([]Cursor, len(s.clients))}
	if c == "" {
		return p, nil
	}
	parts := strings.Split(string(c), ".")
	from, err := strconv.ParseUint(parts[0], 10, 8)
	if err != nil || len(parts) != 1+len(s.clients) || from >= uint64(len(s.clients)) {
		return p, fmt.Errorf("%w: this place was not given by these relays", ErrCursor)
	}
	for i, part := range parts[1:] {
		p.of[i] = Cursor(part)
	}
	p.from = int(from)
	return p, nil
}

// mark gives each parcel the place that the reader has once it has that parcel.
func (p place) mark(from int, parcels []Stored) []Stored {
	for i := range parcels {
		p.of[from] = parcels[i].Cursor
		text := strconv.Itoa(from)
		for _, c := range p.of {
			text += "." + string(c)
		}
		parcels[i].Cursor = Cursor(text)
	}
	return parcels
}
