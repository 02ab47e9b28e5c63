package channel

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/internal/store"
)

// receiver fetches one counterpart's parcels. It remembers where it is in the
// mailbox only to save work: after a restart it begins at the front, and what
// was applied before is recognised and dropped.
type receiver struct {
	*Courier
	mailbox Mailbox
	after   string
	looks   int       // how often in a row we looked again after a parcel was refused
	beat    beat      // the moments at which it asks; none is as soon as its work is done
	came    time.Time // when the last parcels came; zero if the last answer brought none
	applied place     // what the relay may forget
}

// place is one in a mailbox.
type place struct {
	mailbox Mailbox
	cursor  string
}

// maxLooks is how often a mailbox is looked at again before a refused parcel
// is let go.
const maxLooks = 3

// errAltered: the parcel that was refused may lie whole at the relay.
var errAltered = errors.New("a parcel was refused; if it was altered on its way, the relay still has the genuine one")

func (c *Courier) receiver() *receiver { return &receiver{Courier: c} }

// once waits for parcels, applies them in one transaction, and only then lets
// the relay forget them. Where one is refused the relay keeps them all for some
// more looks: whoever altered it on its way cannot make us throw the genuine
// one away, and the sender would only put it again hours later.
//
// Under cover all requests go at moments of the clock, with nothing to do
// between them: how long a node works on what came says how much came.
func (r *receiver) once(ctx context.Context) error {
	m, err := r.where(ctx)
	if err != nil {
		return err
	}
	if m != r.mailbox {
		r.mailbox, r.after, r.looks = m, "", 0
	}
	if err := r.moment(ctx); err != nil {
		return err
	}
	if err := r.forget(ctx); err != nil {
		return err
	}
	stored, err := r.In.Fetch(ctx, m, r.after, r.Pace.Poll)
	r.came = time.Now()
	if err != nil {
		r.after = "" // the relay may have lost the place: begin at the front
		return fmt.Errorf("fetch parcels from %s: %w", r.Name, err)
	}
	if len(stored) == 0 {
		r.came = time.Time{}
		return nil
	}
	arrived, refused, err := r.applyAll(ctx, stored)
	if err != nil {
		return err
	}
	if arrived && r.Arrived != nil {
		r.Arrived()
	}
	if refused && r.looks < maxLooks {
		r.after, r.looks = "", r.looks+1
		return fmt.Errorf("parcels from %s: %w", r.Name, errAltered)
	}
	r.looks = 0
	r.after = stored[len(stored)-1].Cursor
	r.applied = place{m, r.after}
	if r.beat == (beat{}) {
		return r.forget(ctx)
	}
	return nil
}

// moment waits for one at which it may ask. Half a beat at least is left for
// the work on what came, whether the work takes it or not.
func (r *receiver) moment(ctx context.Context) error {
	if r.came.IsZero() {
		return nil
	}
	return r.beat.wait(ctx, r.came.Add(r.beat.every/2))
}

// forget lets the relay forget what was applied. It is told once: what is left
// there comes again after a restart, and is dropped.
func (r *receiver) forget(ctx context.Context) error {
	through := r.applied
	r.applied = place{}
	if through.cursor == "" {
		return nil
	}
	if err := r.In.Remove(ctx, through.mailbox, through.cursor); err != nil {
		return fmt.Errorf("let the relay forget parcels from %s: %w", r.Name, err)
	}
	return nil
}

// where reads which mailbox the next expected parcel arrives in.
func (r *receiver) where(ctx context.Context) (m Mailbox, err error) {
	err = r.Store.View(ctx, func(tx *store.Tx) error {
		s, err := loadSession(ctx, tx, r.Counterpart)
		if err != nil {
			return err
		}
		defer s.Zero()
		m = s.Receiving()[0]
		return nil
	})
	return m, err
}

func (r *receiver) applyAll(ctx context.Context, stored []Stored) (arrived, refused bool, err error) {
	err = r.Store.Update(ctx, func(tx *store.Tx) error {
		s, err := loadSession(ctx, tx, r.Counterpart)
		if err != nil {
			return err
		}
		defer s.Zero()
		b := batch{Courier: r.Courier, tx: tx, session: s}
		for _, p := range stored {
			if err := b.take(ctx, p.Parcel); err != nil {
				return err
			}
		}
		if err := b.takeEarly(ctx); err != nil {
			return err
		}
		arrived, refused = b.arrived, b.refused
		return b.close(ctx)
	})
	return arrived, refused, err
}

// batch is the parcels of one transaction.
type batch struct {
	*Courier
	tx      *store.Tx
	session *Session
	arrived bool
	refused bool // a parcel that is none of the counterpart's, or was altered
	owed    bool // an acknowledgement
	again   bool // a parcel came that was applied before
	acked   uint64
}

// take applies one parcel. Whatever a relay or a stranger put there is told
// apart and dropped; only a failing store stops the batch.
func (b *batch) take(ctx context.Context, parcel []byte) error {
	o, err := b.session.Open(parcel)
	switch {
	case err == nil:
		return b.apply(ctx, o)
	case errors.Is(err, ErrDuplicate):
		b.again = true
		return nil
	case errors.Is(err, ErrEarly):
		return b.keepEarly(ctx, parcel)
	default:
		b.refused = true
		return b.refuse(ctx, parcel, err)
	}
}

func (b *batch) apply(ctx context.Context, o Opened) error {
	for _, f := range o.Fragments {
		err := b.tx.AddFragment(ctx, b.Counterpart, store.Fragment{
			Message: f.Message, Kind: f.Kind, Total: f.Total, Start: f.Offset, Data: f.Data, At: b.Now(),
		})
		if err != nil {
			return err
		}
		if f.Last && b.Admit != nil {
			if err := b.Admit(ctx, b.tx, f.Message); err != nil {
				return err
			}
		}
		b.arrived = b.arrived || f.Last
	}
	b.owed = b.owed || o.WantsAck
	b.acked = max(b.acked, o.Acked)
	return nil
}

// keepEarly keeps a parcel whose turn has not come, by the hash of its bytes:
// a relay could put rubbish behind a true tag.
func (b *batch) keepEarly(ctx context.Context, parcel []byte) error {
	sum := sha256.Sum256(parcel)
	n, err := b.tx.CountEarly(ctx, b.Counterpart)
	if err != nil {
		return err
	}
	if n >= maxEarly {
		return b.refuse(ctx, parcel, errors.New("too many parcels came before their turn"))
	}
	return b.tx.PutEarly(ctx, b.Counterpart, sum[:], parcel)
}

// takeEarly opens kept parcels for as long as one of them is the next.
func (b *batch) takeEarly(ctx context.Context) error {
	kept, err := b.tx.EarlyParcels(ctx, b.Counterpart, tagSize)
	if err != nil {
		return err
	}
	for {
		due := slices.IndexFunc(kept, func(p store.EarlyParcel) bool { return b.due(p.Start) })
		if due < 0 {
			return nil
		}
		parcel, err := b.tx.Early(ctx, b.Counterpart, kept[due].Ident)
		if err != nil {
			return err
		}
		if err := b.take(ctx, parcel); err != nil {
			return err
		}
		if err := b.tx.DropEarly(ctx, b.Counterpart, kept[due].Ident); err != nil {
			return err
		}
		kept = slices.Delete(kept, due, due+1)
	}
}

// due reports whether a kept parcel need not be kept longer, going by its tag:
// it is the next, or its number was used by another.
func (b *batch) due(tag []byte) bool {
	_, err := b.session.in.locate(tag)
	return !errors.Is(err, ErrEarly)
}

// close keeps the channel's new state, drops what the counterpart has applied,
// and notes that an acknowledgement is owed.
func (b *batch) close(ctx context.Context) error {
	if b.acked > 0 {
		if err := b.tx.Acknowledge(ctx, b.Counterpart, b.acked, b.Now()); err != nil {
			return err
		}
	}
	owed, err := b.owes(ctx)
	if err != nil {
		return err
	}
	if owed {
		// One that waits already keeps its time: whoever sends old parcels again
		// and again must not put it off for ever.
		waits, err := b.tx.Waits(ctx, b.Counterpart, store.Acknowledgement)
		if err != nil {
			return err
		}
		if waits {
			return saveSession(ctx, b.tx, b.Counterpart, b.session)
		}
		if _, err := b.tx.Enqueue(ctx, store.Outgoing{Counterpart: b.Counterpart, Kind: store.Acknowledgement, QueuedAt: b.Now()}); err != nil {
			return err
		}
	}
	return saveSession(ctx, b.tx, b.Counterpart, b.session)
}

// owes reports whether the counterpart must be told how far we have read.
//
// One that sends a parcel again has not heard from us. But parcels of ours that
// it has not acknowledged say it already, and will be put again: another one
// for every repetition would let a relay that repeats old parcels fill our disk.
func (b *batch) owes(ctx context.Context) (bool, error) {
	if b.owed || !b.again {
		return b.owed, nil
	}
	_, underway, err := b.tx.Waiting(ctx, b.Counterpart)
	return underway == 0, err
}
