package triage

import (
	"context"
	"errors"
	"sync"

	"parley/selector"
)

// job is one file of the evidence, or one entry of an archive that is itself a
// file of the evidence: what one worker reads, with all that is inside it.
type job struct {
	item    item
	problem error // instead of reading
	shallow bool  // only its hash: its entries are jobs of their own
	disk    *diskFile
	told    *told        // what an earlier run told of it; nil if nothing
	events  chan []event // closed when the job is done
}

// event is what a Sink is told: a File, Finding, Artifact or Fault.
type event any

// jobsAhead is how many jobs wait for each worker, each with a small file's bytes.
const jobsAhead = 8

// A worker may be so many batches of so many events ahead of the teller.
const (
	batchesAhead = 8
	batchSize    = 32
)

// pipeline lists the jobs, lets workers read them, and has the teller tell their
// events in the order of the list.
func pipeline(ctx context.Context, source *source, opt Options, t *teller) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	work, order := make(chan *job, jobsAhead*opt.Workers), make(chan *job, 2*jobsAhead*opt.Workers)
	var all sync.WaitGroup
	var listing error
	lent, list := new(buffers), formats()
	all.Go(func() {
		defer close(order)
		defer close(work)
		listing = (&lister{opt: opt, work: work, order: order, lent: lent, formats: list}).list(ctx, source)
	})
	for range opt.Workers {
		all.Go(func() {
			finder := opt.finder()
			for j := range work {
				j.run(ctx, opt, finder, lent, list)
			}
		})
	}
	told := t.tell(ctx, order)
	cancel()
	for j := range order { // what was listed and will not be told
		for range j.events {
			continue
		}
	}
	all.Wait()
	if told == nil && !t.ended && !errors.Is(listing, context.Canceled) {
		told = listing
	}
	return told
}

func (j *job) run(ctx context.Context, opt Options, finder *selector.Finder, lent *buffers, list []format) {
	defer close(j.events)
	if j.disk != nil {
		defer j.disk.release()
	}
	sink := &eventSink{ctx: ctx, events: j.events, noticed: opt.Noticed}
	defer sink.flush()
	r := &reading{sink: j.left(sink), opt: opt, finder: finder, lent: lent, formats: list}
	switch {
	case j.problem != nil:
		_ = r.fault(j.item.place(), j.problem)
	case j.shallow:
		_ = r.hashOnly(ctx, j.item)
	default:
		_ = r.item(ctx, j.item) // it ends early only when the run ends
	}
}

// left is a sink that leaves out what an earlier run told of the job.
func (j *job) left(sink Sink) Sink {
	if j.told == nil {
		return sink
	}
	j.told.Sink = sink
	return j.told
}

// hashOnly reports an archive whose entries are read by others.
func (r *reading) hashOnly(ctx context.Context, it item) error {
	f, err := load(ctx, it, r.opt.Limits, r.lent)
	if err != nil {
		return r.faultUnless(ctx, it.place(), err)
	}
	defer func() { r.lent.back(f.data) }()
	if err := r.sink.File(File{Place: f.place(), Size: f.size, SHA256: f.sum, Type: it.format.name}); err != nil || it.loaded == nil {
		return err
	}
	return it.loaded(r)
}

// eventSink sends what a worker finds to the teller in batches; see reading.tellNow.
type eventSink struct {
	ctx     context.Context
	events  chan<- []event
	batch   []event
	noticed func(Finding) // may be nil
}

func (s *eventSink) send(e event) error {
	if s.batch == nil {
		s.batch = make([]event, 0, batchSize)
	}
	if s.batch = append(s.batch, e); len(s.batch) < batchSize {
		return nil
	}
	return s.flush()
}

func (s *eventSink) flush() error {
	if len(s.batch) == 0 {
		return nil
	}
	select {
	case s.events <- s.batch:
		s.batch = nil
		return nil
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}

func (s *eventSink) File(f File) error         { return s.send(f) }
func (s *eventSink) Artifact(a Artifact) error { return s.send(a) }
func (s *eventSink) Fault(f Fault) error       { return s.send(f) }

func (s *eventSink) Finding(f Finding) error {
	if s.noticed != nil {
		s.noticed(f)
	}
	return s.send(f)
}
