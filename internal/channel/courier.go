package channel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"parley/internal/store"
)

// Stored is a parcel as a relay hands it out; Cursor is the relay's own mark
// of its place in the mailbox.
type Stored struct {
	Cursor string
	Parcel []byte
}

// Carrier is what a courier needs of a relay. Put returns once the relay has
// the parcel on disk; Fetch waits up to the time given for the next ones.
type Carrier interface {
	Put(ctx context.Context, m Mailbox, id [16]byte, parcel []byte) error
	Fetch(ctx context.Context, m Mailbox, after string, wait time.Duration) ([]Stored, error)
	Remove(ctx context.Context, m Mailbox, through string) error
}

// Courier brings the messages of the outbox to one counterpart and the
// counterpart's into the inbox, each exactly once. A parcel is sealed, or
// opened, in the transaction that moves the channel on; the relay may then be
// told the same thing any number of times.
type Courier struct {
	Store       *store.Store
	Counterpart int64
	Name        string
	Out, In     Carrier // where the counterpart collects; where we do
	Rand        io.Reader
	Now         func() time.Time
	Log         *slog.Logger
	Pace        Pace
	// Cover, if not zero, is the time between two parcels of CoverSize: one is
	// put at each tick, whether there is something to say or not, and none between.
	// What came is asked for at moments of the clock too.
	Cover time.Duration
	// Admit is called with a message's number once it is whole, in the transaction
	// that keeps it: what must not be held is dropped there. May be nil.
	Admit func(ctx context.Context, tx *store.Tx, message uint64) error
	// Arrived is called after messages came into the inbox. May be nil.
	Arrived func()

	signal sync.Once
	wake   chan struct{} // see woken
}

// Pace is how often a courier looks and how long it waits; the zero value
// stands for DefaultPace.
type Pace struct {
	Look    time.Duration // between looks at the outbox
	Poll    time.Duration // a fetch waits this long at the relay
	Ack     time.Duration // an acknowledgement waits this long for company
	Resend  time.Duration // a parcel not acknowledged is put again
	Backoff time.Duration // after an error, doubled up to a minute
}

// DefaultPace suits people at work: a message leaves within a fifth of a second.
func DefaultPace() Pace {
	return Pace{
		Look: 200 * time.Millisecond, Poll: 25 * time.Second, Ack: 500 * time.Millisecond,
		Resend: 6 * time.Hour, Backoff: 500 * time.Millisecond,
	}
}

// maxEarly bounds the parcels kept for one counterpart before their turn.
const maxEarly = 2 * Window

// Run carries until ctx ends. What goes wrong is logged and tried again.
func (c *Courier) Run(ctx context.Context) {
	if c.Pace == (Pace{}) {
		c.Pace = DefaultPace()
	}
	if c.Cover > 0 {
		c.runCovered(ctx)
		return
	}
	var both sync.WaitGroup
	both.Go(func() { c.keep(ctx, "send", c.sendOnce) })
	both.Go(func() { c.keep(ctx, "receive", c.receiver().once) })
	both.Wait()
}

// Wake makes the courier look at the outbox now, or as soon as it runs.
func (c *Courier) Wake() {
	select {
	case c.woken() <- struct{}{}:
	default:
	}
}

// woken is where Wake leaves its mark. It may be called before Run.
func (c *Courier) woken() chan struct{} {
	c.signal.Do(func() { c.wake = make(chan struct{}, 1) })
	return c.wake
}

// keep calls work until ctx ends, waiting longer after each failure in a row.
func (c *Courier) keep(ctx context.Context, what string, work func(context.Context) error) {
	wait := c.Pace.Backoff
	for ctx.Err() == nil {
		err := work(ctx)
		switch {
		case err == nil:
			wait = c.Pace.Backoff
			continue
		case ctx.Err() != nil:
			return
		}
		c.Log.Warn("delivery is held up", "doing", what, "counterpart", c.Name, "error", err, "again_in", wait)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		wait = min(2*wait, time.Minute)
	}
}

// sendOnce gives the relay what it does not have, seals what waits, and then
// waits for the next look. Nothing is sealed before the relay has all that was:
// a warning overtakes what waits, and nothing overtakes what is sealed.
func (c *Courier) sendOnce(ctx context.Context) error {
	for {
		if err := c.putParcels(ctx); err != nil {
			return err
		}
		sealed, err := c.sealNext(ctx)
		if err != nil {
			return err
		}
		if !sealed {
			break
		}
	}
	select {
	case <-ctx.Done():
	case <-c.woken():
	case <-time.After(c.Pace.Look):
	}
	return nil
}

// sealNext seals the next message of the outbox, in one transaction with the
// channel's new state. It reports whether there was one.
func (c *Courier) sealNext(ctx context.Context) (sealed bool, err error) {
	var waiting bool
	err = c.Store.View(ctx, func(tx *store.Tx) error {
		// A channel that cannot go on seals nothing: what waits stays whole for the next one.
		if why, err := tx.Broken(ctx, c.Counterpart); err != nil || why != "" {
			return err
		}
		next, err := tx.NextToSeal(ctx, c.Counterpart)
		waiting = err == nil && c.due(next)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	if err != nil || !waiting {
		return false, err
	}
	err = c.Store.Update(ctx, func(tx *store.Tx) error {
		next, err := tx.NextToSeal(ctx, c.Counterpart)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		sealed = true
		return c.seal(ctx, tx, next)
	})
	return sealed, err
}

// due holds an acknowledgement back for a moment: a message may carry it. One
// from a time to come, queued before the clock was set back, is due at once.
func (c *Courier) due(o store.Outgoing) bool {
	if c.Cover > 0 { // a parcel goes anyway
		return true
	}
	waited := c.Now().Sub(o.QueuedAt)
	return o.Kind != store.Acknowledgement || waited >= c.Pace.Ack || waited < 0
}

func (c *Courier) seal(ctx context.Context, tx *store.Tx, o store.Outgoing) error {
	s, err := loadSession(ctx, tx, c.Counterpart)
	if err != nil {
		return err
	}
	defer s.Zero()
	if o, err = tx.Outgoing(ctx, o.ID); err != nil {
		return err
	}
	parcels, err := c.parcels(s, o)
	if err != nil {
		return fmt.Errorf("seal %s for %s: %w", o.Kind, c.Name, err)
	}
	var bytes int64
	for _, p := range parcels {
		if err := c.keepParcel(ctx, tx, p); err != nil {
			return err
		}
		bytes += int64(len(p.Bytes))
	}
	if err := tx.MarkSealed(ctx, o.ID, parcels[len(parcels)-1].Number, bytes, c.Now()); err != nil {
		return err
	}
	if err := tx.DropWaiting(ctx, c.Counterpart, store.Acknowledgement); err != nil {
		return err
	}
	return saveSession(ctx, tx, c.Counterpart, s)
}

func (c *Courier) keepParcel(ctx context.Context, tx *store.Tx, p Parcel) error {
	box := append(p.Mailbox.Write[:], p.Mailbox.Read[:]...)
	return tx.PutParcel(ctx, store.Parcel{Counterpart: c.Counterpart, Number: p.Number, Mailbox: box, Ident: p.ID[:], Bytes: p.Bytes})
}

func (c *Courier) parcels(s *Session, o store.Outgoing) ([]Parcel, error) {
	m := Message{Kind: o.Kind, Body: o.Body}
	switch {
	case o.Kind == store.Acknowledgement && c.Cover > 0:
		p, err := s.SealAckAs(c.Rand, CoverSize)
		return []Parcel{p}, err
	case o.Kind == store.Acknowledgement:
		p, err := s.SealAck(c.Rand)
		return []Parcel{p}, err
	case c.Cover > 0:
		return s.SealAs(c.Rand, CoverSize, m)
	}
	return s.Seal(c.Rand, m)
}

// putParcels gives the relay every parcel that it does not have yet, in order.
func (c *Courier) putParcels(ctx context.Context) error {
	for {
		var parcels []store.Parcel
		err := c.Store.View(ctx, func(tx *store.Tx) (err error) {
			now := c.Now()
			parcels, err = tx.ParcelsToStore(ctx, c.Counterpart, now.Add(-c.Pace.Resend), now, 16)
			return err
		})
		if err != nil || len(parcels) == 0 {
			return err
		}
		for _, p := range parcels {
			if err := c.putParcel(ctx, p); err != nil {
				return err
			}
		}
	}
}

func (c *Courier) putParcel(ctx context.Context, p store.Parcel) error {
	var m Mailbox
	if len(p.Mailbox) != len(m.Write)+len(m.Read) || len(p.Ident) != tagSize {
		return fmt.Errorf("parcel %d for %s: %w", p.Number, c.Name, store.ErrDamaged)
	}
	copy(m.Write[:], p.Mailbox)
	copy(m.Read[:], p.Mailbox[len(m.Write):])
	if err := c.Out.Put(ctx, m, [tagSize]byte(p.Ident), p.Bytes); err != nil {
		return fmt.Errorf("give parcel %d for %s to the relay: %w", p.Number, c.Name, err)
	}
	return c.Store.Update(ctx, func(tx *store.Tx) error {
		return tx.MarkStored(ctx, c.Counterpart, p.Number, c.Now())
	})
}

func loadSession(ctx context.Context, tx *store.Tx, counterpart int64) (*Session, error) {
	row, err := tx.CounterpartByID(ctx, counterpart)
	if err != nil {
		return nil, err
	}
	if !row.Open() {
		return nil, fmt.Errorf("no channel with %s yet: read their introduction first", row.Name)
	}
	s := new(Session)
	if err := s.UnmarshalBinary(row.Session); err != nil {
		return nil, fmt.Errorf("read the channel with %s: %w", row.Name, err)
	}
	return s, nil
}

func saveSession(ctx context.Context, tx *store.Tx, counterpart int64, s *Session) error {
	b, err := s.MarshalBinary()
	if err != nil {
		return fmt.Errorf("write the channel's state: %w", err)
	}
	defer clear(b)
	return tx.SetSession(ctx, counterpart, b)
}
