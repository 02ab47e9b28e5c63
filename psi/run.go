package psi

import (
	"context"
	"fmt"
	"io"
	"time"
)

// Options are what both sides of Run agree on, and what is one side's own.
type Options struct {
	Seed      Seed // this run's secret
	Initiator bool // true on exactly one side: it speaks first
	// MaxTheirs bounds the counterpart's items; 0 stands for MaxItems.
	MaxTheirs int
	// Proceed is asked, once the count is known, whether to go on to the
	// overlap, which takes the consent of both sides. Nil stops at the count.
	Proceed func(count int) bool
}

// Result is what one side learned.
type Result struct {
	Count   int   // how many of our items the counterpart holds
	Theirs  int   // how many items the counterpart has
	Stopped bool  // one side stopped after the count; there is no overlap
	Overlap []int // indexes, ascending, of our items that the counterpart holds
}

// Departs reports that the overlap has another size than the count: the
// counterpart has changed its set or its answers in between. Raise an alarm.
func (r Result) Departs() bool { return !r.Stopped && len(r.Overlap) != r.Count }

// Run counts what two parties both hold and, if both then wish it, finds the
// overlap, in both directions, over rw, which must be private and
// authenticated. Each message is bounded by the two sides' sizes.
//
// When ctx ends, Run stops at the next step; a read or write under way is
// broken off if rw has SetDeadline or, failing that, Close. After an error the
// connection is of no further use.
func Run(ctx context.Context, rw io.ReadWriter, opt Options, items [][]byte) (Result, error) {
	defer opt.Seed.Zero()
	if opt.MaxTheirs <= 0 || opt.MaxTheirs > MaxItems {
		opt.MaxTheirs = MaxItems
	}
	count, err := NewCountParty(opt.Seed, items)
	if err != nil {
		return Result{}, err
	}
	defer count.Zero()
	overlap, err := NewOverlapParty(opt.Seed, items)
	if err != nil {
		return Result{}, err
	}
	defer overlap.Zero()
	defer context.AfterFunc(ctx, func() { interrupt(rw) })()
	r := &run{
		Options: opt, ctx: ctx, count: count, overlap: overlap,
		wire: wire{rw: rw, max: opt.MaxTheirs, own: len(items)},
	}
	if err := r.all(); err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("psi: the run was ended: %w", context.Cause(ctx))
		}
		return Result{}, err
	}
	return r.result, nil
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
	ctx     context.Context
	count   *CountParty
	overlap *OverlapParty
	theirs  []byte // the counterpart's overlap public key
	result  Result
}

func (r *run) all() error {
	if err := r.swapKeys(); err != nil {
		return err
	}
	if err := r.phase(countPhase(r)); err != nil {
		return err
	}
	if r.Proceed == nil || !r.Proceed(r.result.Count) {
		r.result.Stopped = true
	}
	return r.phase(overlapPhase(r))
}

// swapKeys fixes both overlap keys before any query is made.
func (r *run) swapKeys() error {
	say := func() error { return r.write(frameHello, r.overlap.PublicKey()) }
	hear := func() (err error) { _, r.theirs, err = r.read(frameHello); return err }
	if r.Initiator {
		return inOrder(r.ctx, say, hear)
	}
	return inOrder(r.ctx, hear, say)
}

// phase is a query and an answer in each direction.
type phase struct {
	query, answer Kind
	mayStop       bool // a stop may stand in the query's place
	ask           func() []byte
	reply         func(query []byte, max int) ([]byte, error)
	conclude      func(answer []byte) error
}

func countPhase(r *run) phase {
	return phase{
		query: KindCountQuery, answer: KindCountAnswer,
		ask: r.count.Query, reply: r.count.Answer,
		conclude: func(answer []byte) (err error) {
			r.result.Count, err = r.count.Count(answer)
			return err
		},
	}
}

func overlapPhase(r *run) phase {
	return phase{
		query: KindOverlapQuery, answer: KindOverlapAnswer, mayStop: true,
		ask: r.overlap.Query, reply: r.overlap.Answer,
		conclude: func(answer []byte) (err error) {
			r.result.Overlap, err = r.overlap.Overlap(answer, r.theirs)
			return err
		},
	}
}

// phase exchanges: query, then answer and query back, then answer back.
func (r *run) phase(p phase) error {
	var answer []byte // ours, made when their query comes
	ask := func() error {
		if r.result.Stopped {
			return r.write(frameStop, nil)
		}
		return r.write(frameKind(p.query), p.ask())
	}
	hearQuery := func() (err error) { answer, err = r.hearQuery(p); return err }
	reply := func() error {
		if r.result.Stopped {
			return nil
		}
		return r.write(frameKind(p.answer), answer)
	}
	hearAnswer := func() error { return r.hearAnswer(p) }
	if r.Initiator {
		return inOrder(r.ctx, ask, hearQuery, hearAnswer, reply)
	}
	return inOrder(r.ctx, hearQuery, ask, reply, hearAnswer)
}

// hearQuery reads the counterpart's query and makes our answer to it, which
// is sent in its turn.
func (r *run) hearQuery(p phase) ([]byte, error) {
	kinds := []frameKind{frameKind(p.query)}
	if p.mayStop {
		kinds = append(kinds, frameStop)
	}
	kind, query, err := r.read(kinds...)
	if err != nil {
		return nil, err
	}
	if kind == frameStop {
		r.result.Stopped = true
	}
	if r.result.Stopped {
		return nil, nil
	}
	answer, err := p.reply(query, r.MaxTheirs)
	if err != nil {
		return nil, err
	}
	h, err := Inspect(query)
	if err != nil {
		return nil, err
	}
	return answer, r.sameSize(h.Elements)
}

// hearAnswer reads the answer to our query.
func (r *run) hearAnswer(p phase) error {
	if r.result.Stopped {
		return nil
	}
	_, answer, err := r.read(frameKind(p.answer))
	if err != nil {
		return err
	}
	if err := p.conclude(answer); err != nil {
		return err
	}
	h, err := Inspect(answer)
	if err != nil {
		return err
	}
	return r.sameSize(h.Tags)
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
