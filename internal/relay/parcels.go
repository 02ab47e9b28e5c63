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
	type end struct {
		created bool
		err     error
	}
	ended := make(chan end, 1)
	err = r.journal.append(a, id, parcel, func(seq uint64, duplicate bool, err error) {
		e := entry{seq, id, uint32(r.opt.Now().Unix()), class}
		ended <- end{!duplicate, r.settled(a, e, duplicate, err)}
	})
	if err != nil {
		r.index.release(a, class)
		return false, err
	}
	select {
	case e := <-ended:
		return e.created, e.err
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// settled does to the index what became of a put. In a cluster the parcel itself comes to the index
// by the journal, as it does at the other replicas.
func (r *Relay) settled(a boxAddress, e entry, duplicate bool, err error) error {
	if err == nil && !duplicate && !r.opt.Cluster.on() {
		r.index.arrive(a, e)
		return nil
	}
	r.index.release(a, e.class)
	if err == nil {
		return nil
	}
	if r.opt.Cluster.on() {
		return errNoMajority
	}
	r.opt.Log.Error("a parcel could not be written", "error", longHex.ReplaceAllString(err.Error(), "…"))
	r.broken.Store(true)
	return errBroken
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
		parcel, err := r.read(ctx, a, e.seq)
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

func (r *Relay) read(ctx context.Context, a boxAddress, seq uint64) ([]byte, error) {
	leave, err := r.enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	return r.journal.read(ctx, a, seq)
}

// remove deletes a mailbox's parcels up to and including a number, from the disk first.
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
	if err := r.journal.removeThrough(ctx, a, through); err != nil {
		return err
	}
	// In a cluster the journal tells the index too; doing it now lets no reader see them again here.
	r.index.removeThrough(a, through)
	return nil
}
