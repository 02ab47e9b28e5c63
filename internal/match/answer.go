package match

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parley/internal/store"
	"parley/internal/stream"
	"parley/psi"
)

// asking is a check as it came.
type asking struct {
	in    store.Incoming
	run   RunID
	parts [][]byte
	items int
	hand  hand
}

// checked is the effect of a counterpart's check. It is admitted in a
// transaction of its own, which charges the counterpart before anything is
// evaluated for it; a kill after that comes back to the same message.
func (e *Engine) checked(ctx context.Context, in store.Incoming) (Effect, error) {
	a, err := readCheck(in)
	if err != nil {
		return ignored("%s: %v", in.Kind, err), nil
	}
	var first, m Matching
	err = e.Store.Update(ctx, func(tx *store.Tx) error {
		first, m, err = e.admit(ctx, tx, a)
		return err
	})
	switch {
	case store.Transient(err):
		return Effect{}, err
	case first.ID == 0:
		return ignored("%s: %v", in.Kind, err), nil
	case err != nil:
		return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.refuseCheck(ctx, tx, first, a, err) }}, nil
	}
	t := turn{m: m, held: m.Matching, message: in.ID}
	answer, now, err := e.answer(ctx, &t, first, a)
	switch {
	case store.Transient(err):
		return Effect{}, err
	case errors.Is(err, ErrTerms): // our own list has outgrown them
		return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.giveUp(ctx, tx, t, err) }}, nil
	case err != nil:
		return e.broken(t, fmt.Errorf("%s: %w", in.Kind, err)), nil
	}
	return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.beginAnswering(ctx, tx, t, answer, now) }}, nil
}

// giveUp ends a check that we cannot answer. The other side hears no number.
func (e *Engine) giveUp(ctx context.Context, tx *store.Tx, t turn, why error) error {
	to, err := e.unmoved(ctx, tx, t.held)
	if err != nil {
		return err
	}
	t.m.Progress.Alarm = why.Error()
	return e.end(ctx, tx, e.Self, t.m, to, Aborted, "this check cannot be answered now")
}

func readCheck(in store.Incoming) (a asking, err error) {
	a.in = in
	if a.run, a.parts, err = decodeMessage(in.Body, 4); err != nil {
		return a, err
	}
	if a.hand, err = decodeHand(a.parts[2]); err != nil {
		return a, err
	}
	if query := a.parts[3]; len(query) > 0 {
		if a.items, err = psi.CheckItems(query); err != nil {
			return a, err
		}
	}
	return a, nil
}

// admit holds a check to its terms and to the counterpart's budget and charges
// it with its exact number. No match is returned where the message is of none,
// or is not the first of its run.
func (e *Engine) admit(ctx context.Context, tx *store.Tx, a asking) (first, m Matching, err error) {
	row, err := tx.MatchingByRun(ctx, a.in.Counterpart, a.parts[1])
	if err != nil {
		return first, m, fmt.Errorf("no match with this counterpart has the run %.32x: %w", a.parts[1], err)
	}
	terms, from, err := e.firstUnder(ctx, tx, row.ID)
	if err != nil {
		return first, m, err
	}
	begun, err := tx.MatchingByRun(ctx, a.in.Counterpart, a.run[:])
	switch {
	case err == nil:
		if m, err = load(begun); err == nil && (m.State != Answering || m.Progress.Query != a.in.ID) {
			return first, m, fmt.Errorf("the run %s was begun before: %w", a.run, ErrPeer)
		}
		return terms, m, err
	case !errors.Is(err, store.ErrNotFound):
		return first, m, err
	}
	if err := e.admissible(ctx, tx, terms, a, from.Name); err != nil {
		return terms, m, err
	}
	m = a.runUnder(terms)
	m.State, m.Progress.TheirSize, m.Progress.Query = Answering, a.items, a.in.ID
	if m.AgreedAt, err = e.clock(ctx, tx); err != nil {
		return terms, m, err
	}
	if err := e.addRun(ctx, tx, &m); err != nil {
		return terms, m, err
	}
	if err := e.save(ctx, tx, m); err != nil { // which charges it
		return terms, m, err
	}
	err = e.record(ctx, tx, from.Name, KindCheck, m, from.Name, checkDetail{Under: fmt.Sprintf("M%d", terms.ID), Run: a.run, Items: a.items})
	if err != nil {
		return terms, m, err
	}
	kept, err := tx.Matching(ctx, m.ID)
	if err == nil {
		m, err = load(kept)
	}
	return terms, m, err
}

// runUnder is the run that a check begins.
func (a asking) runUnder(first Matching) Matching {
	m := further(first)
	m.Run = a.run[:]
	m.Progress.BytesIn = int64(len(a.in.Body))
	return m
}

// admissible says whether a check may be answered.
func (e *Engine) admissible(ctx context.Context, tx *store.Tx, first Matching, a asking, from string) error {
	if err := e.allowsCheck(ctx, tx, first); err != nil {
		return err
	}
	switch {
	case first.Checks():
		return fmt.Errorf("%s holds the list, and does not check: %w", from, ErrTerms)
	case string(a.parts[0]) != string(digest(first.Matching.Terms)):
		return fmt.Errorf("the check is under other terms than those that were accepted: %w", ErrTerms)
	case a.items > first.theirMax():
		return fmt.Errorf("the check asks about %d selectors, the terms allow %d: %w", a.items, first.theirMax(), ErrTerms)
	}
	for _, k := range first.Terms.Kinds {
		allowance, err := e.Allowance(ctx, tx, first.Counterpart, k)
		if err != nil {
			return err
		}
		if a.items > allowance.Left() {
			return fmt.Errorf("%s may ask about %d %s selectors in %d days, has asked about %d, and asks about %d more: %w",
				from, allowance.Items, k, allowance.Days, allowance.Used, a.items, ErrBudget)
		}
	}
	return nil
}

// refuseCheck keeps that a check departs from its terms or its budget.
func (e *Engine) refuseCheck(ctx context.Context, tx *store.Tx, first Matching, a asking, why error) error {
	from, err := tx.CounterpartByID(ctx, first.Counterpart)
	if err != nil {
		return err
	}
	m := a.runUnder(first)
	m.State = Refused
	if err := e.addRun(ctx, tx, &m); err != nil {
		return err
	}
	return e.refuseAgain(ctx, tx, m, from, why)
}

// answer makes the answer to a check: what changed on the list since the
// checker's filter, and the evaluations with their proof.
func (e *Engine) answer(ctx context.Context, t *turn, first Matching, a asking) (body []byte, now *psi.Filter, err error) {
	defer t.m.timed("check")()
	key, err := first.listKey()
	if err != nil {
		return nil, nil, err
	}
	defer key.Zero()
	r, err := e.rosterOf(ctx, first, key)
	if err != nil {
		return nil, nil, err
	}
	list, err := r.since(a.hand)
	if err != nil {
		return nil, nil, err
	}
	var evaluated []byte
	if a.items > 0 {
		if evaluated, err = key.Answer(a.parts[3], a.items); err != nil {
			return nil, nil, err
		}
	}
	return encodeMessage(a.run, list, evaluated), r.now, nil
}

// beginAnswering keeps an answer, cut into the stream's chunks, and sends the
// first of them.
func (e *Engine) beginAnswering(ctx context.Context, tx *store.Tx, t turn, answer []byte, now *psi.Filter) error {
	to, err := e.unmoved(ctx, tx, t.held)
	if err != nil {
		return err
	}
	t.pieces = slices.Collect(slices.Chunk(answer, stream.MaxChunk))
	run := stream.Run(t.m.Run)
	if err := stream.Open(ctx, tx, stream.Opening{Counterpart: t.m.Counterpart, Run: run, Window: stream.DefaultWindow}); err != nil {
		return err
	}
	t.m.Progress.OurSize, t.m.Progress.Query = now.Len(), 0
	if err := e.sendAnswer(ctx, tx, &t); err != nil {
		return err
	}
	return e.record(ctx, tx, e.Self, KindAnswer, t.m, to.Name, checkDetail{
		Under: fmt.Sprintf("M%d", t.m.Under), Run: RunID(t.m.Run), Items: t.m.Progress.TheirSize, List: now.Len(), Generation: now.Generation(),
	})
}

// goOnAnswering uses the credit that came, and sends what it allows.
func (e *Engine) goOnAnswering(ctx context.Context, tx *store.Tx, t turn) error {
	if _, err := e.unmoved(ctx, tx, t.held); err != nil {
		return err
	}
	return e.sendAnswer(ctx, tx, &t)
}

// sendAnswer sends as much of an answer as there is room for. With the last
// piece the check is done, for us.
func (e *Engine) sendAnswer(ctx context.Context, tx *store.Tx, t *turn) error {
	side, err := e.use(ctx, tx, t)
	if err != nil {
		return err
	}
	rest, err := e.pump(ctx, tx, &t.m, side, t.pieces, true)
	if err != nil {
		return err
	}
	if !rest {
		t.m.State, t.m.Progress.Finished = Done, e.Now().UTC()
	}
	if err := side.Keep(ctx); err != nil {
		return err
	}
	return e.save(ctx, tx, t.m)
}
