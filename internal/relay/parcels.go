package relay

import (
	"context"
	"errors"
	"io"
	"time"
)

// takeIn counts bytes of puts in memory, and refuses more than the relay is set to hold.
func (r *Relay) takeIn(size int64) (done func(), err error) {
	if r.coming.Add(size) > r.opt.ComingBytes {
		r.coming.Add(-size)
		return nil, errBusy
	}
	return func() { r.coming.Add(-size) }, nil
}

// put keeps a parcel of a size class. It returns when the parcel is on the disk; created is false
// when it was there before. When ctx ends first the parcel may be kept nevertheless.
func (r *Relay) put(ctx context.Context, a boxAddress, id parcelID, class uint8, parcel []byte) (created bool, err error) {
	leave, err := r.enter()
	if err != nil {
		return false, err
	}
	defer leave()
	if r.broken.Load() {
		return false, errBroken
	}
	held, err := r.index.reserve(a, id, class)
	if held || err != nil {
		return false, err
	}
	if err := r.roomOnDisk(); err != nil {
		r.index.release(a, class)
		return false, err
	}
	ended := make(chan error, 1)
	rec := record{kind: recordPut, address: a, id: id, class: class, reserved: !r.opt.Cluster.on()}
	r.journal.write(rec, parcel, func(_ uint64, err error) {
		if err != nil || !rec.reserved { // in a cluster the index has it from the journal, like everybody's
			r.index.release(a, class)
		}
		ended <- r.settled(err)
	})
	select {
	case err := <-ended:
		return err == nil, err
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// settled is what became of something that was to be written.
func (r *Relay) settled(err error) error {
	if err == nil {
		return nil
	}
	if r.opt.Cluster.on() {
		return errNoMajority
	}
	r.opt.Log.Error("the journal could not be written", "error", longHex.ReplaceAllString(err.Error(), "…"))
	r.broken.Store(true)
	return errBroken
}

// write writes a record and returns when it is on the disk; place is where.
func (r *Relay) write(ctx context.Context, rec record, parcel []byte) (place uint64, err error) {
	type end struct {
		place uint64
		err   error
	}
	ended := make(chan end, 1)
	r.journal.write(rec, parcel, func(place uint64, err error) { ended <- end{place, r.settled(err)} })
	select {
	case e := <-ended:
		return e.place, e.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// await gives what lies in a mailbox after a number, waiting for the first parcel if it must.
func (r *Relay) await(ctx context.Context, stopping <-chan struct{}, a boxAddress, after uint64, wait time.Duration) ([]entry, error) {
	leave, err := r.enter()
	if err != nil {
		return nil, err
	}
	leave()
	if wait <= 0 {
		return r.index.list(a, after), nil
	}
	entries, wake, err := r.index.wait(a, after)
	if len(entries) > 0 || err != nil {
		return entries, err
	}
	defer r.index.leave(a)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-wake:
		return r.index.list(a, after), nil
	case <-timer.C:
		return nil, nil
	case <-r.closing:
		return nil, nil
	case <-stopping:
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// send writes entries as an answer, one parcel in memory at a time. before is called ahead of each.
func (r *Relay) send(ctx context.Context, w io.Writer, a boxAddress, c cursors, entries []entry, before func()) error {
	for _, e := range entries {
		before()
		parcel, err := r.read(ctx, a, e)
		if errors.Is(err, errGone) {
			continue
		}
		if err != nil {
			return err
		}
		if err := writeParcel(w, c.seal(e.seq), parcel); err != nil {
			return err
		}
		r.counts.fetched.Add(1)
	}
	return writeEnd(w)
}

// read gets a parcel, wherever it was moved to meanwhile.
func (r *Relay) read(ctx context.Context, a boxAddress, e entry) ([]byte, error) {
	leave, err := r.enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	for {
		parcel, err := r.journal.read(ctx, a, e)
		if !errors.Is(err, errGone) {
			return parcel, err
		}
		now, held := r.index.where(a, e.seq)
		if !held || now.where == e.where {
			return nil, errGone
		}
		e = now
	}
}

// seenTime is how long a removal that was written waits for this replica's index to show it.
const seenTime = time.Second

// remove deletes a mailbox's parcels up to and including a number. It returns when the disk says so.
func (r *Relay) remove(ctx context.Context, a boxAddress, through uint64) error {
	leave, err := r.enter()
	if err != nil {
		return err
	}
	defer leave()
	if r.broken.Load() {
		return errBroken
	}
	// A replica that is behind does not hold yet what another gave the reader; the removal has to wait for it in
	// the journal, or it would come to stay.
	if !r.index.holds(a, through) && r.journal.hasSeen(through) {
		return nil
	}
	at, err := r.write(ctx, record{kind: recordRemoval, address: a, number: through}, nil)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, seenTime)
	defer cancel()
	_ = r.journal.await(ctx, messageOf(at)) // it is done; where the index is far behind, it may be given once more
	return nil
}
