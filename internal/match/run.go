package match

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/store"
	"parley/psi"
	"parley/selector"
)

// arm makes our side ready for a run before we agree to it: the set is fixed,
// so that later steps and repeats after a crash see the same one, the run's
// secret drawn, and the public key that follows from it noted.
func (e *Engine) arm(ctx context.Context, tx *store.Tx, m *Matching) error {
	most, _ := m.Terms.Max.of(m.Role)
	ours, err := tx.Selectors(ctx, store.Scope{Kinds: m.Terms.Kinds, Evidence: m.Progress.Evidence, Ours: true})
	switch {
	case err != nil:
		return err
	case len(ours) == 0:
		return errors.New("we hold no selector of the kinds that the terms name: import or triage first")
	case len(ours) > most:
		return fmt.Errorf("our set has %d selectors, the terms allow %d: name fewer kinds or one evidence, or agree to a larger set", len(ours), most)
	}
	ids, items := make([]int64, len(ours)), make([]selector.Selector, len(ours))
	for i, t := range ours {
		ids[i], items[i] = t.ID, t.Selector
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
	m.Progress.OurSize = len(items)
	p, err := overlapParty(*m, canonical(items))
	if err != nil {
		return fmt.Errorf("make the run's key: %w", err)
	}
	defer p.Zero()
	m.Progress.OurKey = p.PublicKey()
	return nil
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
		r, err := e.ready(ctx, id, Accepted)
		if err != nil {
			return err
		}
		if r.m.Role != Initiator {
			return fmt.Errorf("match M%d was proposed by %s, who starts it: %w", id, r.m.Terms.From, ErrState)
		}
		query, err := countQuery(&r.m, r.items)
		if err != nil {
			return err
		}
		r.m.State, r.m.Progress.Started = Counting, e.Now().UTC()
		return e.move(ctx, actor, "match.start", r, message{KindCountQuery, [][]byte{query}})
	})
}

// Continue goes on from the count to the overlap, after a hold. Where the
// other side has not asked for the overlap yet, it lifts the hold.
func (e *Engine) Continue(ctx context.Context, actor string, id int64) error {
	return again(func() error {
		r, err := e.ready(ctx, id, Counted)
		if err != nil {
			return err
		}
		if r.m.Terms.Mode != ModeOverlap {
			return fmt.Errorf("the terms of match M%d reveal the count only: propose other terms to learn more", id)
		}
		r.m.Progress.Hold = false
		if r.m.Role == Responder && r.asked == nil {
			return e.move(ctx, actor, "match.continue", r)
		}
		msg, err := overlapStep(&r.m, r.items, r.asked)
		if errors.Is(err, psi.ErrMessage) { // the query that waited is no query: it was not looked into before
			return errors.Join(fmt.Errorf("match M%d: the counterpart's overlap query: %w", id, err), e.refuse(ctx, r, err))
		}
		if err != nil {
			return err
		}
		r.m.State = Overlapping
		return e.move(ctx, actor, "match.continue", r, msg)
	})
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

// run is a match that one of our people moves: as it is, and what it needs.
type run struct {
	held  store.Matching // as it was when the work began
	m     Matching
	items [][]byte // our set
	asked []byte   // the overlap query that waited for this person
}

// ready reads a match in the state given.
func (e *Engine) ready(ctx context.Context, id int64, state string) (r run, err error) {
	err = e.Store.View(ctx, func(tx *store.Tx) error {
		if r.m, _, err = e.load(ctx, tx, id, state); err != nil {
			return err
		}
		if err := e.stillHolds(ctx, tx, r.m); err != nil {
			return err
		}
		r.held = r.m.Matching
		set, err := tx.MatchingItems(ctx, id)
		if err != nil {
			return err
		}
		r.items = canonical(set)
		if r.m.Progress.Asked == 0 {
			return nil
		}
		in, err := tx.Incoming(ctx, r.m.Progress.Asked)
		if err != nil {
			return err
		}
		_, parts, err := decodeMessage(in.Body, 1)
		if err != nil {
			return fmt.Errorf("read the overlap query that waited: %w", err)
		}
		r.asked = parts[0]
		return nil
	})
	return r, err
}

// move keeps a match's new state and sends what goes with it, unless the match
// was moved by somebody else meanwhile.
func (e *Engine) move(ctx context.Context, actor, action string, r run, send ...message) error {
	return e.Store.Update(ctx, func(tx *store.Tx) error {
		to, err := e.unmoved(ctx, tx, r.held)
		if err != nil {
			return err
		}
		for _, msg := range send {
			if err := e.send(ctx, tx, &r.m, msg.kind, msg.parts...); err != nil {
				return err
			}
		}
		if err := e.save(ctx, tx, r.m); err != nil {
			return err
		}
		return e.record(ctx, tx, actor, action, r.m, to.Name, turn{m: r.m}.summary())
	})
}

// refuse ends a match whose counterpart sent something that cannot be used.
func (e *Engine) refuse(ctx context.Context, r run, why error) error {
	return e.Store.Update(ctx, func(tx *store.Tx) error {
		to, err := e.unmoved(ctx, tx, r.held)
		if err != nil {
			return err
		}
		return e.end(ctx, tx, e.Self, r.m, to, Refused, why.Error())
	})
}

// overlapStep makes the message with which our side enters the overlap: our
// query and, on the side that was asked, the answer.
func overlapStep(m *Matching, items [][]byte, asked []byte) (message, error) {
	defer m.timed("overlap")()
	p, err := overlapParty(*m, items)
	if err != nil {
		return message{}, err
	}
	defer p.Zero()
	if m.Role == Initiator {
		return message{KindOverlapQuery, [][]byte{p.Query()}}, nil
	}
	answer, err := p.Answer(asked, m.theirMax())
	if err != nil {
		return message{}, err
	}
	return message{KindOverlapReply, [][]byte{answer, p.Query()}}, nil
}

func countQuery(m *Matching, items [][]byte) ([]byte, error) {
	defer m.timed("count")()
	p, err := countParty(*m, items)
	if err != nil {
		return nil, err
	}
	defer p.Zero()
	return p.Query(), nil
}

func countParty(m Matching, items [][]byte) (*psi.CountParty, error) {
	seed, err := m.seed()
	if err != nil {
		return nil, err
	}
	return psi.NewCountParty(seed, items)
}

func overlapParty(m Matching, items [][]byte) (*psi.OverlapParty, error) {
	seed, err := m.seed()
	if err != nil {
		return nil, err
	}
	return psi.NewOverlapParty(seed, items)
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
