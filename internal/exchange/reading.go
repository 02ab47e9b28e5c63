package exchange

import (
	"context"
	"slices"
	"sync"
	"time"

	"parley/internal/store"
	"parley/taxii"
)

// reading remembers what consumers have read, until it is written down.
type reading struct {
	mu      sync.Mutex
	through map[[16]byte]time.Time // how far collections were read
	events  map[event]bool         // which were read
}

// event is one of a feed, as it was put there at a moment.
type event struct {
	id      int64
	changed time.Time
}

// note takes in that a collection was read up to a moment.
func (r *reading) note(c store.Collection, through time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !through.After(c.Collected) {
		return
	}
	if r.through == nil {
		r.through = map[[16]byte]time.Time{}
	}
	r.through[c.UUID] = later(through, r.through[c.UUID])
}

// known is how far a collection was read.
func (r *reading) known(c store.Collection) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return later(c.Collected, r.through[c.UUID])
}

func (r *reading) noteEvent(e event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.events == nil {
		r.events = map[event]bool{}
	}
	r.events[e] = true
}

// take gives what was noted and forgets it.
func (r *reading) take() (through map[[16]byte]time.Time, events map[event]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	through, events = r.through, r.events
	r.through, r.events = nil, nil
	return through, events
}

// noteRead takes in that a page went to a consumer, if it goes on from what it has read: what it left out,
// by a filter or by beginning later, it has not read.
func (x *Exchange) noteRead(ctx context.Context, tx *store.Tx, c store.Collection, q taxii.Query, page []store.Member) error {
	if !q.Content || q.Peek || len(page) == 0 || len(q.IDs) > 0 || len(q.Types) > 0 || q.Versions.First || len(q.Versions.At) > 0 ||
		len(q.SpecVersions) > 0 && !slices.Contains(q.SpecVersions, "2.1") {
		return nil
	}
	if known := x.read.known(c); q.After.After(known) {
		next, err := tx.Members(ctx, store.MemberScope{Collection: c.ID, After: known}, 1)
		if err != nil || len(next) > 0 && !next[0].Added.After(q.After) {
			return err
		}
	}
	x.read.note(c, page[len(page)-1].Added)
	return nil
}

// WriteDown keeps how far each consumer has read what was released to it, with a line of the ledger for
// each that went further. Call it from time to time, and before the node stops: reading itself writes
// nothing.
func (x *Exchange) WriteDown(ctx context.Context) error {
	through, events := x.read.take()
	if len(through)+len(events) == 0 {
		return nil
	}
	err := x.store.Update(ctx, func(tx *store.Tx) error {
		for id, at := range through {
			if err := x.writeDown(ctx, tx, id, at); err != nil {
				return err
			}
		}
		for e := range events {
			if err := x.writeDownEvent(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		for id, at := range through { // another time
			x.read.note(store.Collection{UUID: id}, at)
		}
		for e := range events {
			x.read.noteEvent(e)
		}
	}
	return err
}

func (x *Exchange) writeDownEvent(ctx context.Context, tx *store.Tx, e event) error {
	news, err := tx.SetIssueRead(ctx, e.id, e.changed, x.opt.Now())
	if err != nil || !news {
		return err
	}
	i, err := tx.IssueByID(ctx, e.id)
	if err != nil {
		return err
	}
	c, err := tx.CollectionByID(ctx, i.Collection)
	if err != nil {
		return err
	}
	who, err := tx.CounterpartByID(ctx, c.Counterpart)
	if err != nil {
		return err
	}
	return record(ctx, tx, x.opt.Now(), "collection.read", c, who.Name, eventNote{i.UUID})
}

type eventNote struct {
	Event string `json:"event"`
}

func (x *Exchange) writeDown(ctx context.Context, tx *store.Tx, id [16]byte, through time.Time) error {
	c, err := tx.Collection(ctx, id)
	if err != nil {
		return err
	}
	further, err := tx.SetCollected(ctx, c.ID, through, x.opt.Now())
	if err != nil || !further {
		return err
	}
	who, err := tx.CounterpartByID(ctx, c.Counterpart)
	if err != nil {
		return err
	}
	return record(ctx, tx, x.opt.Now(), "collection.read", c, who.Name, readNote{through})
}

type readNote struct {
	Through time.Time `json:"through"`
}
