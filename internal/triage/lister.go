package triage

import (
	"context"
	"slices"
)

// lister makes the list of jobs.
type lister struct {
	opt         Options
	work, order chan<- *job
	listed      int64 // jobs so far
	lent        *buffers
	formats     []format
}

func (l *lister) list(ctx context.Context, source *source) error {
	return source.each(l.opt.Limits, func(it item, problem error) error {
		if problem != nil {
			return l.put(ctx, &job{item: it, problem: problem})
		}
		disk := it.at.(*diskFile)
		disk.hold()
		defer disk.release()
		if it.size, problem = source.begin(disk); problem != nil {
			return l.put(ctx, &job{item: it, problem: problem})
		}
		it.data = disk.small(it.size, l.lent)
		return l.file(ctx, it, disk)
	})
}

// file makes a job of a file on disk, or of what lies in one as it is.
func (l *lister) file(ctx context.Context, it item, disk *diskFile) error {
	f, err := glance(ctx, it, l.opt.Limits)
	if err != nil {
		return l.put(ctx, &job{item: it, problem: err})
	}
	format := formatAmong(l.formats, f)
	if !format.wide || l.opt.Limits.Depth <= len(it.chain) {
		it.format = format
		return l.put(ctx, &job{item: it, disk: disk})
	}
	f.head = slices.Clone(f.head)
	l.lent.back(it.data)
	f.data = nil // its entries are read from the disk
	return l.fanOut(ctx, f, format, disk)
}

// fanOut makes a job of each entry of an archive on disk, so that a single
// archive keeps all workers busy. The budget is checked on what the entries claim,
// for what they take is known only in no certain order.
//
// What an image holds is a disk, whose files are jobs of their own in turn.
func (l *lister) fanOut(ctx context.Context, f *file, format format, disk *diskFile) error {
	f.format = format
	if err := l.put(ctx, &job{item: f.item, disk: disk, shallow: true}); err != nil {
		return err
	}
	r := newReading(l.opt, faultSink{func(fault Fault) error {
		return l.put(ctx, &job{item: item{chain: fault.Place.Chain}, problem: plain(fault.Problem)})
	}})
	if err := l.entries(ctx, r, f, format, disk); err != nil {
		return r.faultUnless(ctx, f.place(), err)
	}
	return nil
}

func (l *lister) entries(ctx context.Context, r *reading, f *file, format format, disk *diskFile) (err error) {
	defer brokeOff(&err)
	return format.entries(ctx, r, f, func(it item) error {
		it.budget = l.opt.Limits.allowance(f.size, nil)
		if it.loaded != nil {
			err = l.file(ctx, it, disk)
		} else {
			err = l.put(ctx, &job{item: it, disk: disk})
		}
		if err != nil {
			return stop{err}
		}
		return nil
	})
}

func (l *lister) put(ctx context.Context, j *job) error {
	if l.passed(j) {
		l.lent.back(j.item.data) // nobody will read it
		return ctx.Err()
	}
	j.events = make(chan []event, batchesAhead)
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
