package channel

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/store"
)

const (
	// CoverSize is the size of every parcel of a courier that covers, in bytes.
	CoverSize = 32 << 10
	// coverAhead is how many parcels may wait for the counterpart before no more
	// empty ones are made: then those that wait are put again.
	coverAhead = 128
)

// coverLoop puts one parcel at each tick. What fails is tried at the next:
// a retry in between would be seen.
func (c *Courier) coverLoop(ctx context.Context) {
	tick := time.NewTicker(c.Cover)
	defer tick.Stop()
	err := c.prepare(ctx)
	for {
		if err != nil && ctx.Err() == nil {
			c.Log.Warn("delivery is held up", "doing", "cover", "counterpart", c.Name, "error", err, "again_in", c.Cover)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			err = c.coverOnce(ctx)
		}
	}
}

// coverOnce puts the parcel that is ready, and only then makes the next one
// ready: how long that takes says how much there is to say, and must not move
// the moment of the put.
func (c *Courier) coverOnce(ctx context.Context) error {
	return errors.Join(c.putOne(ctx), c.prepare(ctx))
}

// putOne puts the first parcel that the relay should have and, where there is
// none, one that it had before.
func (c *Courier) putOne(ctx context.Context) error {
	var parcels []store.Parcel
	err := c.Store.View(ctx, func(tx *store.Tx) (err error) {
		now := c.Now()
		parcels, err = tx.ParcelsToStore(ctx, c.Counterpart, now.Add(-c.Pace.Resend), now, 1)
		if err == nil && len(parcels) == 0 {
			parcels, err = tx.ParcelsToStore(ctx, c.Counterpart, now.Add(time.Second), now, 1)
		}
		return err
	})
	if err != nil || len(parcels) == 0 {
		return err
	}
	return c.putParcel(ctx, parcels[0])
}

// prepare sees that a parcel is ready for the next tick: one that waits, else
// the next message of the outbox, else an empty one.
func (c *Courier) prepare(ctx context.Context) error {
	ready, room := false, false
	err := c.Store.View(ctx, func(tx *store.Tx) error {
		now := c.Now()
		parcels, err := tx.ParcelsToStore(ctx, c.Counterpart, now.Add(-c.Pace.Resend), now, 1)
		if err != nil {
			return err
		}
		_, underway, err := tx.Waiting(ctx, c.Counterpart)
		ready, room = len(parcels) > 0, underway < coverAhead
		return err
	})
	if err != nil || ready {
		return err
	}
	sealed, err := c.sealNext(ctx)
	if err != nil || sealed || !room {
		return err
	}
	return c.sealEmpty(ctx)
}

// sealEmpty seals a parcel that says nothing but how far we have read.
func (c *Courier) sealEmpty(ctx context.Context) error {
	return c.Store.Update(ctx, func(tx *store.Tx) error {
		s, err := loadSession(ctx, tx, c.Counterpart)
		if err != nil {
			return err
		}
		defer s.Zero()
		p, err := s.SealAckAs(c.Rand, CoverSize)
		if err != nil {
			return fmt.Errorf("seal an empty parcel for %s: %w", c.Name, err)
		}
		if err := c.keepParcel(ctx, tx, p); err != nil {
			return err
		}
		return saveSession(ctx, tx, c.Counterpart, s)
	})
}
