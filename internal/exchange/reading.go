package exchange

import (
	"context"
	"sync"
	"time"

	"parley/internal/store"
)

// reading remembers how far consumers have read, until it is written down.
type reading struct {
	mu      sync.Mutex
	through map[[16]byte]time.Time
}

// note takes in that a collection was read up to a moment.
func (r *reading) note(c store.Collection, through time.Time) {
	if !through.After(c.Collected) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.through == nil {
		r.through = map[[16]byte]time.Time{}
	}
	r.through[c.UUID] = later(through, r.through[c.UUID])
}

// take gives what was noted and forgets it.
func (r *reading) take() map[[16]byte]time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	noted := r.through
	r.through = nil
	return noted
}

// WriteDown keeps how far each consumer has read what was released to it, with a line of the ledger for
// each that went further. Call it from time to time, and before the node stops: reading itself writes
// nothing.
func (x *Exchange) WriteDown(ctx context.Context) error {
	noted := x.read.take()
	if len(noted) == 0 {
		return nil
	}
	err := x.store.Update(ctx, func(tx *store.Tx) error {
		for id, through := range noted {
			if err := x.writeDown(ctx, tx, id, through); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		for id, through := range noted { // another time
			x.read.note(store.Collection{UUID: id}, through)
		}
	}
	return err
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
