package psi

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"time"
)

// Options are what Run needs beyond an overlap's options.
type Options struct {
	OverlapOptions
	// CountFirst has both sides count before the overlap begins; it is agreed
	// on. A count is safe only against a counterpart that follows it.
	CountFirst bool
	// Proceed is asked, once the count is known, whether to go on to the
	// overlap, which takes the consent of both sides. Nil goes on. A side that
	// learns nothing is not asked.
	Proceed func(count int) bool
}

// Result is what one side learned.
type Result struct {
	Count   int     // how many of our items the counterpart holds; -1 if not counted
	Theirs  int     // how many items the counterpart has, decoys among them
	Stopped bool    // one side stopped after the count; there is no overlap
	Overlap []Match // our items that the counterpart holds, by ascending index
}

// Departs reports that the overlap has another size than the count: the
// counterpart has changed its set or its answers in between. Raise an alarm.
func (r Result) Departs() bool { return !r.Stopped && r.Count >= 0 && len(r.Overlap) != r.Count }

// Run finds the overlap, chunk by chunk in both directions, over rw, which
// must be private and authenticated. Every message is bounded by the options
// and by what both sides commit to.
//
// When ctx ends, Run stops at the next step; a read or write under way is
// broken off if rw has SetDeadline or, failing that, Close. After an error the
// connection is of no further use, and the matches found until then are in
// the result.
func Run(ctx context.Context, rw io.ReadWriter, options Options, source Source) (Result, error) {
	defer options.Seed.Zero()
	if err := options.complete(); err != nil {
		return Result{}, err
	}
	if err := ctx.Err(); err != nil {
		return Result{}, fmt.Errorf("psi: the run was ended: %w", context.Cause(ctx))
	}
	defer context.AfterFunc(ctx, func() { interrupt(rw) })()
	r := &run{
		Options: options, ctx: ctx, source: source,
		wire: wire{rw: rw, max: options.MaxTheirs, own: max(source.Len(), options.Pad), message: options.MaxMessage()},
	}
	r.result.Count = -1
	err := r.all()
	slices.SortFunc(r.result.Overlap, func(a, b Match) int { return cmp.Compare(a.Index, b.Index) })
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("psi: the run was ended: %w", context.Cause(ctx))
	}
	return r.result, err
}

// interrupt breaks off reads and writes under way.
func interrupt(rw io.ReadWriter) {
	switch c := rw.(type) {
	case interface{ SetDeadline(time.Time) error }:
		_ = c.SetDeadline(time.Unix(1, 0))
	case io.Closer:
		_ = c.Close()
	}
}

// run is one side of a Run under way.
type run struct {
	Options
	wire
	ctx    context.Context
	source Source
	result Result
}

func (r *run) all() error {
	if r.CountFirst {
		if err := r.count(); err != nil {
			return err
		}
		if err := r.decide(); err != nil || r.result.Stopped {
			return err
		}
	}
	o, err := NewOverlap(r.ctx, r.OverlapOptions, r.source)
	if err != nil {
		return err
	}
	defer o.Zero()
	return r.overlap(o)
}

// overlap speaks in turn until both sides are done.
func (r *run) overlap(o *Overlap) error {
	if r.Initiator {
		hello, err := o.Begin()
		if err != nil {
			return err
		}
		if err := r.write(frameOverlap, hello); err != nil {
			return err
		}
	}
	for {
		_, message, err := r.read(frameOverlap)
		if err != nil {
			return err
		}
		turn, err := o.Next(r.ctx, message)
		if err != nil {
			return err
		}
		if err := r.sameSize(o.Theirs()); err != nil {
			return err
		}
		r.result.Overlap = append(r.result.Overlap, turn.Matches...)
		if turn.Message != nil {
			if err := r.write(frameOverlap, turn.Message); err != nil {
				return err
			}
		}
		if turn.Done {
			return nil
		}
	}
}

// sameSize refuses a counterpart that has one number of items in one message
// and another in the next.
func (r *run) sameSize(items int) error {
	if r.result.Theirs != 0 && r.result.Theirs != items {
		return fmt.Errorf("%w: the counterpart has %d items where it had %d before", ErrMessage, items, r.result.Theirs)
	}
	r.result.Theirs = items
	return nil
}

// inOrder runs the steps until one fails or the context ends.
func inOrder(ctx context.Context, steps ...func() error) error {
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
