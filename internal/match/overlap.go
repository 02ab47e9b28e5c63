package match

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"parley/internal/store"
	"parley/psi"
)

const (
	// leastChunk and mostChunk bound the items of a chunk: what a side may have
	// over the other when it stops. A message of mostChunk fills a chunk of a
	// stream.
	leastChunk = 64
	mostChunk  = 3584
	// mostNoted is the same where notes go with the tags.
	mostNoted = 896
	// turns is how many chunks the largest set of the terms makes between them.
	turns = 128
)

// chunkOf is how many items a chunk has: both sides take it from the terms.
func chunkOf(t Terms) int {
	a, b := t.Max.of(Initiator)
	most := mostChunk
	if t.payload() > 0 {
		most = mostNoted
	}
	return min(max(leastChunk, max(a, b)/turns), most)
}

// overlap is a run's overlap at work: the party, with the set that it reads and
// what it keeps of the counterpart's.
type overlap struct {
	*psi.Overlap
	set   *items
	kept  *records
	state []byte // as it is in the store, or will be once what it did is kept
	flow  Flow
}

// underway are overlaps that are at work in this process, so that a run's set
// need not be read and ordered anew for each chunk. It is a shortcut: what a
// run needs is in the store.
type underway struct {
	mu  sync.Mutex
	all map[int64]*overlap
}

// take gives a match's overlap if it stands where the store says, and forgets
// it: whoever took it puts it back.
func (u *underway) take(id int64, state []byte) *overlap {
	u.mu.Lock()
	defer u.mu.Unlock()
	o := u.all[id]
	delete(u.all, id)
	if o == nil || string(o.state) == string(state) {
		return o
	}
	o.Zero() // its last step was not kept
	return nil
}

func (u *underway) put(id int64, o *overlap) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.all == nil {
		u.all = map[int64]*overlap{}
	}
	u.all[id] = o
}

func (u *underway) drop(id int64) {
	if o := u.take(id, nil); o != nil {
		o.Zero()
	}
}

// overlapOf goes on with a match's overlap where the store says that it is, or
// begins it.
func (e *Engine) overlapOf(ctx context.Context, m Matching) (*overlap, error) {
	var state []byte
	err := e.Store.View(ctx, func(tx *store.Tx) (err error) {
		state, err = tx.MatchingRun(ctx, m.ID)
		return err
	})
	begun := !errors.Is(err, store.ErrNotFound)
	if err != nil && begun {
		return nil, err
	}
	if o := e.overlaps.take(m.ID, state); o != nil {
		o.set.ctx, o.kept.ctx, o.kept.wait = ctx, ctx, nil
		return o, nil
	}
	seed, err := m.seed()
	if err != nil {
		return nil, err
	}
	defer seed.Zero()
	o := &overlap{
		set:  e.setOf(ctx, m),
		kept: &records{ctx: ctx, store: e.Store, match: m.ID},
	}
	if m.Progress.Flow != nil {
		o.flow = *m.Progress.Flow
	}
	options := psi.OverlapOptions{
		Seed: seed, Initiator: m.Role == Initiator, Chunk: chunkOf(m.Terms), Terms: m.Matching.Terms,
		Learn: m.Terms.learn(), Pad: m.ourPad(), Payload: m.Terms.payload(), MaxPayload: m.Terms.payload(), MaxTheirs: m.theirMax(), TheirKey: m.Progress.TheirKey, Spool: o.kept, Progress: o.flow.note,
	}
	if begun {
		o.Overlap, err = psi.ResumeOverlap(options, o.set, state)
		o.kept.wait = nil // it writes again what it reads again
	} else {
		o.Overlap, err = psi.NewOverlap(ctx, options, o.set)
	}
	if err != nil {
		return nil, fmt.Errorf("go on with the overlap of match M%d: %w", m.ID, err)
	}
	return o, nil
}

// items are a run's set, read from the store by pages, or one by one where it is
// not read in order.
type items struct {
	ctx   context.Context // of the step that is worked on
	store *store.Store
	match int64
	size  int
	note  []byte // goes with each
	first int    // position of the page's first item
	page  [][]byte
	last  int // position that was read last
}

func (e *Engine) setOf(ctx context.Context, m Matching) *items {
	return &items{ctx: ctx, store: e.Store, match: m.ID, size: m.Progress.OurSize, note: []byte(m.Progress.Note), last: -1}
}

// pageSize is how many items are read at a time.
const pageSize = 1024

func (s *items) Len() int { return s.size }

func (s *items) At(i int) (psi.Item, error) {
	inOrder := i == 0 || i == s.last+1
	s.last = i
	if i < s.first || i >= s.first+len(s.page) {
		to := i + 1
		if inOrder {
			to = i + pageSize
		}
		if err := s.read(i, to); err != nil {
			return psi.Item{}, err
		}
	}
	return psi.Item{Value: s.page[i-s.first], Payload: s.note}, nil
}

func (s *items) read(from, to int) error {
	return s.store.View(s.ctx, func(tx *store.Tx) error {
		some, err := tx.MatchingPage(s.ctx, s.match, from, to)
		if err != nil {
			return err
		}
		if len(some) != min(to, s.size)-from {
			return fmt.Errorf("the set of match M%d has %d selectors from %d on: %w", s.match, len(some), from, store.ErrDamaged)
		}
		s.first, s.page = from, canonical(some)
		return nil
	})
}

// records keeps what the counterpart sent for its set. What is written waits
// for the transaction that keeps the step.
type records struct {
	ctx   context.Context
	store *store.Store
	match int64
	start int64
	wait  []byte
}

func (r *records) WriteAt(p []byte, at int64) (int, error) {
	r.start, r.wait = at, append([]byte(nil), p...)
	return len(p), nil
}

// recordsRow is how much of it one row of the store has, so that one sealed
// note is read without the thousand beside it.
const recordsRow = 4 << 10

// ReadAt reads what was written before, from wherever it begins.
func (r *records) ReadAt(p []byte, at int64) (n int, err error) {
	err = r.store.View(r.ctx, func(tx *store.Tx) error {
		for n < len(p) {
			b, err := tx.MatchingRecords(r.ctx, r.match, at+int64(n))
			if err != nil {
				return err
			}
			if len(b) == 0 {
				return io.ErrUnexpectedEOF
			}
			n += copy(p[n:], b)
		}
		return nil
	})
	return n, err
}

// keep puts what waits into the store.
func (r *records) keep(ctx context.Context, tx *store.Tx) error {
	if len(r.wait) == 0 {
		return nil
	}
	defer func() { r.wait = nil }()
	for at := 0; at < len(r.wait); at += recordsRow {
		row := r.wait[at:min(at+recordsRow, len(r.wait))]
		if err := tx.PutMatchingRecords(ctx, r.match, r.start+int64(at), row); err != nil {
			return err
		}
	}
	return nil
}
