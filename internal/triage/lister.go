package triage

import "context"

// lister makes the list of jobs.
type lister struct {
	opt         Options
	work, order chan<- *job
}

func (l *lister) list(ctx context.Context, source *source) error {
	return source.each(l.opt.Limits, func(it item, problem error) error {
		if problem != nil {
			return l.put(ctx, &job{item: it, problem: problem})
		}
		disk := it.at.(*diskFile)
		disk.hold()
		defer disk.release()
		f, err := l.peek(it)
		if err != nil {
			return l.put(ctx, &job{item: it, problem: err})
		}
		if !isZip(f) || isOffice(f) || l.opt.Limits.Depth <= len(it.chain) {
			return l.put(ctx, &job{item: it, disk: disk})
		}
		return l.fanOut(ctx, f, disk)
	})
}

// peek reads enough of a file on disk to see whether it is an archive.
func (l *lister) peek(it item) (*file, error) {
	f := &file{item: it, size: it.size, inside: l.opt.Limits.allowance(it.size, nil)}
	f.head = make([]byte, min(headSize, it.size))
	_, err := it.at.ReadAt(f.head, 0)
	return f, err
}

// fanOut makes a job of each entry of an archive on disk, so that a single
// archive keeps all workers busy. The budget is checked on what the entries claim,
// for what they take is known only in no certain order.
func (l *lister) fanOut(ctx context.Context, f *file, disk *diskFile) error {
	if err := l.put(ctx, &job{item: f.item, disk: disk, shallow: true}); err != nil {
		return err
	}
	r := newReading(l.opt, faultSink{func(fault Fault) error {
		return l.put(ctx, &job{item: item{chain: fault.Place.Chain}, problem: plain(fault.Problem)})
	}})
	err := zipEntries(ctx, r, f, func(it item) error {
		it.budget = l.opt.Limits.allowance(f.size, nil)
		if err := l.put(ctx, &job{item: it, disk: disk}); err != nil {
			return stop{err}
		}
		return nil
	})
	if err != nil {
		return r.faultUnless(ctx, f.place(), err)
	}
	return nil
}

func (l *lister) put(ctx context.Context, j *job) error {
	j.events = make(chan event, eventsAhead)
	if j.disk != nil {
		j.disk.hold()
	}
	select {
	case l.order <- j:
	case <-ctx.Done():
		j.abandon()
		return ctx.Err()
	}
	select {
	case l.work <- j:
		return nil
	case <-ctx.Done():
		j.abandon()
		return ctx.Err()
	}
}

// abandon ends a job that no worker will take.
func (j *job) abandon() {
	if j.disk != nil {
		j.disk.release()
	}
	close(j.events)
}

// faultSink hears only faults: listing the entries of an archive finds no more.
type faultSink struct{ fault func(Fault) error }

func (s faultSink) File(File) error         { return nil }
func (s faultSink) Finding(Finding) error   { return nil }
func (s faultSink) Artifact(Artifact) error { return nil }
func (s faultSink) Fault(f Fault) error     { return s.fault(f) }

// plain is a problem already put into words.
type plain string

func (p plain) Error() string { return string(p) }
