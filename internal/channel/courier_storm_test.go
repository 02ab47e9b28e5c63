package channel

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// The kinds of harm that a storm does. Each is counted, and each has to happen.
const (
	crashSending   = "a courier is killed while it seals or sends"
	crashReceiving = "a courier is killed while it opens or fetches"
	crashApplying  = "a node is killed while it applies a payload"
	crashInside    = "a kill in the middle of a transaction"
	crashReopened  = "the store is opened again after a kill"
	lostPut        = "a parcel that the relay said it has is gone"
	lostAnswer     = "a put whose answer is lost"
	refusedPut     = "a put that fails"
	heldPut        = "a parcel that is held back and comes late"
	doubledPut     = "a parcel that lies at the relay twice"
	failedFetch    = "a fetch that fails"
	shuffledFetch  = "a fetch in another order"
	doubledFetch   = "a fetch that brings a parcel twice"
	alteredFetch   = "a fetch that brings an altered parcel"
	failedRemove   = "a removal that fails"
	ignoredRemove  = "a removal that does not happen"
	clockAhead     = "a clock that jumps ahead"
	clockBack      = "a clock that jumps back"
	swappedRelay   = "a relay that is replaced by an empty one"
	returnedRelay  = "a relay that comes back with what it had"
)

var harms = []string{
	crashSending, crashReceiving, crashApplying, crashInside, crashReopened, lostPut, lostAnswer, refusedPut, heldPut,
	doubledPut, failedFetch, shuffledFetch, doubledFetch, alteredFetch, failedRemove, ignoredRemove, clockAhead, clockBack,
	swappedRelay, returnedRelay,
}

// storm is all that can go wrong between two nodes and within them. Every draw
// comes from one seed; it stops when it is told to.
type storm struct {
	rnd    *rand.Rand
	calm   bool
	counts map[string]int
	story  []string // all that happened, in order
}

func newStorm(seed uint64) *storm {
	return &storm{rnd: rand.New(rand.NewPCG(seed, 4)), counts: map[string]int{}}
}

// strikes draws one of the harms given, or none: more often none.
func (s *storm) strikes(kinds ...string) string {
	if s.calm || s.rnd.IntN(3) > 0 {
		return ""
	}
	kind := kinds[s.rnd.IntN(len(kinds))]
	s.count(kind)
	return kind
}

func (s *storm) count(kind string) {
	s.counts[kind]++
	s.tell("%s", kind)
}

// tell adds a line to the story.
func (s *storm) tell(format string, args ...any) {
	s.story = append(s.story, fmt.Sprintf(format, args...))
}

// differs is the first line in which two stories differ; empty where they are
// the same.
func (s *storm) differs(other *storm) string {
	for i := range max(len(s.story), len(other.story)) {
		one, two := "the end", "the end"
		if i < len(s.story) {
			one = s.story[i]
		}
		if i < len(other.story) {
			two = other.story[i]
		}
		if one != two {
			return fmt.Sprintf("line %d is %q, and then %q", i+1, one, two)
		}
	}
	return ""
}

// killed is what a node dies of.
type killed struct{}

// fuse kills a node at one of the places where it looks at something outside
// itself: its clock, its randomness, the relay. The first two are looked at
// within transactions.
type fuse struct {
	*storm
	left   int // places to pass before it burns; none below 0
	inside bool
}

func (f *fuse) light() {
	f.left, f.inside = -1, false
	if !f.calm && f.rnd.IntN(5) > 0 {
		f.left = f.rnd.IntN(6)
	}
}

func (f *fuse) pass(inside bool) {
	if f.left == 0 {
		f.inside = inside
		panic(killed{})
	}
	f.left--
}

// calendar is a node's clock.
type calendar struct {
	at   time.Time
	fuse *fuse
}

func (c *calendar) now() time.Time {
	c.fuse.pass(true)
	return c.at
}

// dice are a node's randomness.
type dice struct {
	*rand.ChaCha8
	fuse *fuse
}

func (d dice) Read(p []byte) (int, error) {
	d.fuse.pass(true)
	return d.ChaCha8.Read(p)
}

// stormy is one direction's relay in a storm. The node that calls burns its
// fuse before and after the relay acts.
type stormy struct {
	*storm
	relay  *shelf
	former []*shelf
	held   []func()
}

// swap puts another relay in the place of this one, empty or with what it had
// when it was swapped away.
func (r *stormy) swap() {
	old := r.relay
	if len(r.former) > 0 && r.rnd.IntN(2) == 0 {
		r.count(returnedRelay)
		r.relay, r.former = r.former[0], r.former[1:]
	} else {
		r.count(swappedRelay)
		r.relay = newShelf()
	}
	r.former = append(r.former, old)
}

// release lets parcels that were held back come, the last first.
func (r *stormy) release() {
	slices.Reverse(r.held)
	for _, put := range r.held {
		put()
	}
	r.held = nil
}

// call is a stormy relay as one node reaches it.
type call struct {
	*stormy
	fuse *fuse
}

func (c call) Put(ctx context.Context, m Mailbox, id [16]byte, parcel []byte) error {
	c.fuse.pass(false)
	defer c.fuse.pass(false)
	relay := c.relay
	put := func() { _ = relay.Put(ctx, m, id, parcel) }
	switch c.strikes(lostPut, lostAnswer, refusedPut, heldPut, doubledPut) {
	case lostPut:
		return nil
	case refusedPut:
		return errAway
	case lostAnswer:
		put()
		return errAway
	case heldPut:
		c.held = append(c.held, put)
		return nil
	case doubledPut:
		put()
		relay.lay(m, id, parcel)
		return nil
	}
	put()
	return nil
}

func (c call) Fetch(ctx context.Context, m Mailbox, after string, _ time.Duration) ([]Stored, error) {
	c.fuse.pass(false)
	defer c.fuse.pass(false)
	place, ours := c.place(after)
	if !ours {
		return nil, errAway
	}
	found, err := c.relay.Fetch(ctx, m, place, 0)
	if err != nil || len(found) == 0 {
		return found, err
	}
	for i := range found {
		found[i].Cursor = fmt.Sprintf("%p/%s", c.relay, found[i].Cursor)
	}
	c.tell("%d parcels are fetched", len(found))
	at := c.rnd.IntN(len(found))
	switch c.strikes(failedFetch, shuffledFetch, doubledFetch, alteredFetch) {
	case failedFetch:
		return nil, errAway
	case shuffledFetch:
		last := found[len(found)-1].Cursor
		c.rnd.Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
		for i := range found {
			found[i].Cursor = last
		}
	case doubledFetch:
		found = slices.Insert(found, at, found[at])
	case alteredFetch:
		p := bytes.Clone(found[at].Parcel)
		p[c.rnd.IntN(len(p))] ^= 1 << c.rnd.IntN(8)
		found[at].Parcel = p
	}
	return found, nil
}

func (c call) Remove(ctx context.Context, m Mailbox, through string) error {
	c.fuse.pass(false)
	defer c.fuse.pass(false)
	switch c.strikes(failedRemove, ignoredRemove) {
	case failedRemove:
		return errAway
	case ignoredRemove:
		return nil
	}
	place, ours := c.place(through)
	if !ours {
		return nil
	}
	return c.relay.Remove(ctx, m, place)
}

// place is where a cursor points, if this relay made it: no other may take it.
func (c call) place(cursor string) (place string, ours bool) {
	if cursor == "" {
		return "", true
	}
	return strings.CutPrefix(cursor, fmt.Sprintf("%p/", c.relay))
}
