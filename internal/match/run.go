package match

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/store"
	"parley/internal/stream"
	"parley/psi"
	"parley/selector"
)

// arm makes our side ready for a run before we agree to it: the set is fixed,
// so that later steps and repeats after a crash see the same one, the run's
// secret drawn, and the public key that follows from it noted.
func (e *Engine) arm(ctx context.Context, tx *store.Tx, m *Matching) error {
	most := m.ourMost()
	ours, err := tx.Selectors(ctx, store.Scope{Kinds: m.Terms.Kinds, Evidence: m.Progress.Evidence, Ours: true})
	switch {
	case err != nil:
		return err
	case len(ours) == 0 && m.ourPad() == 0: // decoys alone say that as well
		return errors.New("we hold no selector of the kinds that the terms name: import or triage first")
	case len(ours) > most:
		return fmt.Errorf("our set has %d selectors, the terms allow %d: name fewer kinds or one evidence, or agree to a larger set", len(ours), most)
	}
	ids := make([]int64, len(ours))
	for i, t := range ours {
		ids[i] = t.ID
	}
	if err := tx.SetMatchingItems(ctx, m.ID, ids); err != nil {
		return err
	}
	seed, err := psi.NewSeed(e.Rand)
	if err != nil {
		return fmt.Errorf("draw the run's secret: %w", err)
	}
	defer seed.Zero()
	m.Secret = append([]byte(nil), seed[:]...)
	m.Progress.OurSize = len(ids)
	if m.Progress.OurKey, err = psi.PublicKey(seed); err != nil {
		return fmt.Errorf("make the run's key: %w", err)
	}
	return e.openStream(ctx, tx, *m)
}

func canonical(items []selector.Selector) [][]byte {
	all := make([][]byte, len(items))
	for i, sel := range items {
		all[i] = sel.Canonical()
	}
	return all
}

// Start begins the count of an accepted match. Only the side that proposed it
// starts it.
func (e *Engine) Start(ctx context.Context, actor string, id int64) error {
	return again(func() error {
		t, err := e.ready(ctx, id, Accepted)
		if err != nil {
			return err
		}
		if t.m.Role != Initiator {
			return fmt.Errorf("match M%d was proposed by %s, who starts it: %w", id, t.m.Terms.From, ErrState)
		}
		if t.m.State, t.m.Progress.Started = Counting, e.Now().UTC(); !t.m.Learns() {
			t.reply(KindCountBegin)
			return e.move(ctx, actor, "match.start", t)
		}
		query, err := e.countQuery(ctx, &t.m)
		if err != nil {
			return err
		}
		t.reply(KindCountQuery, query)
		return e.move(ctx, actor, "match.start", t)
	})
}

// Continue goes on from the count to the overlap, after a hold. Where the
// other side has not asked for the overlap yet, it lifts the hold.
func (e *Engine) Continue(ctx context.Context, actor string, id int64) error {
	return again(func() error {
		t, err := e.ready(ctx, id, Counted)
		if err != nil {
			return err
		}
		if !t.m.Terms.goesOn() {
			return fmt.Errorf("the terms of match M%d reveal the count only: propose other terms to learn more", id)
		}
		t.m.Progress.Hold = false
		switch {
		case t.m.Role == Initiator:
			err = e.begin(ctx, &t)
		case t.in != nil:
			err = e.goOn(ctx, &t)
		}
		if departs(err) { // the chunk that waited is none: it was not looked into before
			return errors.Join(fmt.Errorf("match M%d: the counterpart's first chunk: %w", id, err), e.refuse(ctx, t, err))
		}
		if err != nil {
			return err
		}
		return e.move(ctx, actor, "match.continue", t)
	})
}

// goOn takes the chunk that waited for a person.
func (e *Engine) goOn(ctx context.Context, t *turn) error {
	heard, err := stream.Parse(t.in.Kind, t.in.Body)
	if err != nil {
		return fmt.Errorf("read the chunk that waited: %w", err)
	}
	return e.next(ctx, t, heard.Data)
}

// again repeats a step for as long as others move the match while it is worked
// on. Each of them brought the match forward, so that this ends.
func again(step func() error) error {
	for {
		if err := step(); !errors.Is(err, errMoved) {
			return err
		}
	}
}

// ready reads a match in the state given, for one of our people to move it, and
// the chunk that waited for this person, if one did.
func (e *Engine) ready(ctx context.Context, id int64, state string) (t turn, err error) {
	err = e.Store.View(ctx, func(tx *store.Tx) error {
		if t.m, _, err = e.load(ctx, tx, id, state); err != nil {
			return err
		}
		if err := e.stillHolds(ctx, tx, t.m); err != nil {
			return err
		}
		t.held = t.m.Matching
		if t.m.Progress.Asked == 0 {
			return nil
		}
		in, err := tx.Incoming(ctx, t.m.Progress.Asked)
		t.in = &in
		return err
	})
	return t, err
}

// move keeps a match's new state and sends what goes with it, unless the match
// was moved by somebody else meanwhile.
func (e *Engine) move(ctx context.Context, actor, action string, t turn) error {
	return e.Store.Update(ctx, func(tx *store.Tx) error {
		t := t
		to, err := e.unmoved(ctx, tx, t.held)
		if err != nil {
			return err
		}
		if err := tx.MarkMatched(ctx, t.m.ID, t.matched); err != nil {
			return err
		}
		if err := t.keepNotes(ctx, tx); err != nil {
			return err
		}
		for _, msg := range t.send {
			if err := e.send(ctx, tx, &t.m, msg.kind, msg.parts...); err != nil {
				return err
			}
		}
		if err := e.flow(ctx, tx, &t); err != nil {
			return err
		}
		if err := e.save(ctx, tx, t.m); err != nil {
			return err
		}
		return e.record(ctx, tx, actor, action, t.m, to.Name, t.summary())
	})
}

// refuse ends a match whose counterpart sent something that cannot be used.
func (e *Engine) refuse(ctx context.Context, t turn, why error) error {
	return e.Store.Update(ctx, func(tx *store.Tx) error {
		to, err := e.unmoved(ctx, tx, t.held)
		if err != nil {
			return err
		}
		return e.end(ctx, tx, e.Self, t.m, to, Refused, why.Error())
	})
}

// countQuery makes our count query.
func (e *Engine) countQuery(ctx context.Context, m *Matching) (query []byte, err error) {
	defer m.timed("count")()
	p, err := countParty(*m, e.setOf(ctx, *m))
	if err != nil {
		return nil, err
	}
	defer p.Zero()
	return p.Query(), nil
}

func countParty(m Matching, ours psi.Source) (*psi.CountParty, error) {
	seed, err := m.seed()
	if err != nil {
		return nil, err
	}
	defer seed.Zero()
	return psi.NewCountPartyOf(seed, ours, m.ourPad())
}

// timed adds the time until the returned function runs to a phase's account.
func (m *Matching) timed(phase string) func() {
	begin := time.Now()
	return func() {
		if m.Progress.Steps == nil {
			m.Progress.Steps = map[string]int64{}
		}
		m.Progress.Steps[phase] += time.Since(begin).Microseconds()
	}
}
