package channel

import (
	"context"
	"errors"
	"fmt"
	"sync"
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

// beat is a schedule that depends on nothing but the clock: one moment in each
// stretch of time. The zero value is no schedule.
type beat struct {
	start time.Time
	every time.Duration
}

// wait waits for the first moment after now and after from.
func (b beat) wait(ctx context.Context, from time.Time) error {
	if b.every <= 0 {
		return nil
	}
	now := time.Now()
	if from.Before(now) {
		from = now
	}
	passed := from.Sub(b.start)
	timer := time.NewTimer(b.start.Add(passed.Truncate(b.every) + b.every).Sub(now))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// runCovered carries until ctx ends. It puts at each tick and asks for what
// came half a tick later: the work after the one is done before the other.
func (c *Courier) runCovered(ctx context.Context) {
	now := time.Now()
	in := c.receiver()
	in.beat = beat{now.Add(c.Cover / 2), c.Cover}
	in.came = now // the first time, too, it waits for its moment
	var both sync.WaitGroup
	both.Go(func() { c.coverLoop(ctx, beat{now, c.Cover}) })
	both.Go(func() { c.keep(ctx, "receive", in.once) })
	both.Wait()
}

// coverLoop puts one parcel at each tick. What fails is tried at the next:
// a retry in between would be seen.
func (c *Courier) coverLoop(ctx context.Context, ticks beat) {
	p := coverer{Courier: c}
	err := p.prepare(ctx)
	for {
		if err != nil && ctx.Err() == nil {
			c.Log.Warn("delivery is held up", "doing", "cover", "counterpart", c.Name, "error", err, "again_in", c.Cover)
		}
		if ticks.wait(ctx, time.Time{}) != nil {
			return
		}
		err = p.once(ctx)
	}
}

// coverer holds the parcel of the next tick in memory: reading it at the tick
// would take longer while others are at the store.
type coverer struct {
	*Courier
	ready []store.Parcel // one, or none
}

// once puts the parcel that is ready, and only then makes the next one ready:
// how long that takes says how much there is to say, and must not move the
// moment of the put.
func (p *coverer) once(ctx context.Context) (err error) {
	for _, ready := range p.ready {
		err = p.putParcel(ctx, ready)
	}
	return errors.Join(err, p.prepare(ctx))
}

// prepare sees that a parcel is ready for the next tick: one that waits, else
// the next message of the outbox, else an empty one and, where so many wait
// that there is no room for it, one that the relay had before.
func (p *coverer) prepare(ctx context.Context) (err error) {
	room := false
	if p.ready, room, err = p.first(ctx, p.Pace.Resend); err != nil || len(p.ready) > 0 {
		return err
	}
	since := p.Pace.Resend
	sealed, err := p.sealNext(ctx)
	switch {
	case err != nil:
		return err
	case !sealed && room:
		err = p.sealEmpty(ctx)
	case !sealed:
		since = -time.Second // all of them
	}
	if err == nil {
		p.ready, _, err = p.first(ctx, since)
	}
	return err
}

// first finds the first parcel that was not put in the time given, and whether
// there is room for more.
func (p *coverer) first(ctx context.Context, since time.Duration) (found []store.Parcel, room bool, err error) {
	err = p.Store.View(ctx, func(tx *store.Tx) error {
		now := p.Now()
		if found, err = tx.ParcelsToStore(ctx, p.Counterpart, now.Add(-since), now, 1); err != nil {
			return err
		}
		_, underway, err := tx.Waiting(ctx, p.Counterpart)
		room = underway < coverAhead
		return err
	})
	return found, room, err
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
