package relay

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// The journal's beginning is cut off as far as it is of no use: at once when that is much, and when nothing
// happens. A parcel that nobody collects would hold it up; when what is of no use is more than what is of use, and
// then some, what still is goes to the journal's end.
const (
	tidyTime    = time.Second
	cutBytes    = 16 << 20 // of no use at the journal's beginning, cut off at once
	slackBytes  = 64 << 20 // of no use in the journal, beside as much as is of use
	maxTidyMove = 64       // bundles moved in one go
)

// tidyOften keeps the journal short.
func (r *Relay) tidyOften() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r.swept.Go(func() {
		<-r.closing
		cancel()
	})
	tick := time.NewTicker(tidyTime)
	defer tick.Stop()
	var seen, cut uint64
	for {
		select {
		case <-tick.C:
		case <-r.closing:
			return
		}
		now := r.journal.seen.Load()
		quiet := now == seen
		seen = now
		if err := r.tidy(ctx, quiet, &cut); err != nil && !r.opt.Cluster.on() && !r.broken.Load() {
			r.opt.Log.Error("the journal could not be made shorter", "error", err)
		}
	}
}

// tidy moves and cuts. In a cluster the leader does so; the others follow.
func (r *Relay) tidy(ctx context.Context, quiet bool, cut *uint64) error {
	p := &r.index.pages
	alone := !r.opt.Cluster.on() || r.journal.leads()
	if alone && p.total() > 2*r.index.bytes.Load()+r.opt.slack {
		if err := r.move(ctx); err != nil {
			return err
		}
	}
	if n, bytes := p.spent(); n > 0 && (quiet || bytes >= cutBytes) {
		*cut = p.cut(n)
	}
	if !alone || *cut == 0 {
		return nil
	}
	if err := r.journal.cut(ctx, *cut); err != nil {
		return err
	}
	*cut = 0
	return nil
}

// move writes anew what is still of use in the journal's oldest messages.
func (r *Relay) move(ctx context.Context) error {
	p := &r.index.pages
	spent, _ := p.spent()
	p.mu.Lock()
	first, n := p.first+uint64(spent), min(maxTidyMove, len(p.of)-spent)
	p.mu.Unlock()
	for seq := first; seq < first+uint64(n); seq++ {
		if err := r.moveMessage(ctx, seq); err != nil && !errors.Is(err, errGone) {
			return err
		}
	}
	return nil
}

// moveMessage writes what is of use in a message anew, and returns when the index says so.
func (r *Relay) moveMessage(ctx context.Context, seq uint64) error {
	c, err := r.journal.content(ctx, seq)
	if err != nil {
		return err
	}
	var last atomic.Uint64
	ended := make(chan error, len(c.records))
	n := 0
	for i, rec := range c.records {
		rec, used := r.moved(rec, placeOf(seq, i))
		if !used {
			continue
		}
		var parcel []byte
		if rec.isParcel() {
			parcel, _ = c.parcel(i, rec.address, rec.id)
		}
		n++
		r.journal.write(rec, parcel, func(place uint64, err error) {
			last.Store(messageOf(place))
			ended <- err
		})
	}
	for range n {
		if e := <-ended; e != nil {
			err = r.settled(e)
		}
	}
	if n == 0 || err != nil {
		return err
	}
	return r.journal.await(ctx, last.Load())
}

// moved is what to write anew of a record at a place, if it is still of use.
func (r *Relay) moved(rec record, where uint64) (_ record, used bool) {
	switch rec.kind {
	case recordOpening:
		s, known := r.openings.opened(rec.token)
		return rec, known && s.where == where
	case recordPut:
		rec.kind, rec.number = recordMoved, where
	case recordRemoval:
		return rec, false
	}
	e, held := r.index.where(rec.address, rec.number)
	rec.at = e.at
	return rec, held && e.where == where
}
