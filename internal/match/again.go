package match

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"parley/internal/store"
)

// KindAgain begins a further run under terms that were accepted before: hash of
// the terms, the first run's number, public key. Its own run is a new one.
const KindAgain = "match.again"

type againDetail struct {
	Under string `json:"under"`
	Run   RunID  `json:"run"`
}

// Again begins a further run under the terms of a match, without a new consent.
// Our node holds them as the other side's does.
func (e *Engine) Again(ctx context.Context, tx *store.Tx, actor string, id int64) (int64, error) {
	first, to, err := e.firstUnder(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	if first.Role != Initiator {
		return 0, fmt.Errorf("match M%d was proposed by %s, who begins its runs: %w", first.ID, first.Terms.From, ErrState)
	}
	if err := e.allowsRun(ctx, tx, first); err != nil {
		return 0, err
	}
	m := further(first)
	m.State, m.Progress = Proposed, asFirst(first)
	var run RunID
	if _, err := io.ReadFull(e.Rand, run[:]); err != nil {
		return 0, fmt.Errorf("draw a run number: %w", err)
	}
	m.Run = run[:]
	if err := e.addRun(ctx, tx, &m); err != nil {
		return 0, err
	}
	if err := e.agree(ctx, tx, &m, to.Name); err != nil {
		return 0, err
	}
	if err := e.send(ctx, tx, &m, KindAgain, digest(first.Matching.Terms), first.Run, m.Progress.OurKey); err != nil {
		return 0, err
	}
	if err := e.save(ctx, tx, m); err != nil {
		return 0, err
	}
	if err := e.recordNote(ctx, tx, actor, m, to.Name); err != nil {
		return 0, err
	}
	return m.ID, e.record(ctx, tx, actor, KindAgain, m, to.Name, againDetail{fmt.Sprintf("M%d", first.ID), run})
}

// firstUnder finds the match whose terms a run is under.
func (e *Engine) firstUnder(ctx context.Context, tx *store.Tx, id int64) (Matching, store.Counterpart, error) {
	row, err := tx.Matching(ctx, id)
	if err == nil && row.Under != 0 {
		row, err = tx.Matching(ctx, row.Under)
	}
	if err != nil {
		return Matching{}, store.Counterpart{}, err
	}
	m, err := load(row)
	if err != nil {
		return m, store.Counterpart{}, err
	}
	to, err := tx.CounterpartByID(ctx, m.Counterpart)
	return m, to, err
}

// further is a new run under the terms of a match.
func further(first Matching) Matching {
	m := Matching{Terms: first.Terms}
	m.Matching = store.Matching{Counterpart: first.Counterpart, Role: first.Role, Terms: first.Matching.Terms, Under: first.ID}
	return m
}

// asFirst is what our people said for the first run, and holds for all.
func asFirst(first Matching) Progress {
	p := first.Progress
	return Progress{Hold: p.Hold, Evidence: p.Evidence, Note: p.Note}
}

func (e *Engine) addRun(ctx context.Context, tx *store.Tx, m *Matching) error {
	row, err := m.row(e.Now())
	if err != nil {
		return err
	}
	m.ID, err = tx.AddMatching(ctx, row)
	return err
}

// askedAgain is the effect of a counterpart's beginning a further run. Whether
// the terms allow it is decided where it is kept, so that of two at once the
// second sees the first.
func (e *Engine) askedAgain(in store.Incoming) Effect {
	run, parts, err := decodeMessage(in.Body, 3)
	switch {
	case err != nil:
		return ignored("%s: %v", in.Kind, err)
	case len(parts[2]) != keySize:
		return ignored("%s: a public key of %d bytes", in.Kind, len(parts[2]))
	}
	return Effect{Commit: func(ctx context.Context, tx *store.Tx) error {
		return e.keepAgain(ctx, tx, in, run, parts)
	}}
}

func (e *Engine) keepAgain(ctx context.Context, tx *store.Tx, in store.Incoming, run RunID, parts [][]byte) error {
	row, err := tx.MatchingByRun(ctx, in.Counterpart, parts[1])
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("no match with this counterpart has the run %.32x: %w", parts[1], ErrPeer)
	} else if err != nil {
		return err
	}
	first, from, err := e.firstUnder(ctx, tx, row.ID)
	if err != nil {
		return err
	}
	m := further(first)
	m.Run, m.State = run[:], Accepted
	m.Progress = asFirst(first)
	m.Progress.TheirKey, m.Progress.BytesIn = parts[2], int64(len(in.Body))
	if err := e.addRun(ctx, tx, &m); errors.Is(err, store.ErrExists) {
		return fmt.Errorf("the run %s was begun before: %w", run, ErrPeer)
	} else if err != nil {
		return err
	}
	err = e.agreeAgain(ctx, tx, first, &m, parts[0], from.Name)
	if store.Transient(err) {
		return err
	}
	if err != nil {
		return e.refuseAgain(ctx, tx, m, from, err)
	}
	if err := e.send(ctx, tx, &m, KindAccept, digest(m.Matching.Terms), m.Progress.OurKey); err != nil {
		return err
	}
	if err := e.save(ctx, tx, m); err != nil {
		return err
	}
	if err := e.recordNote(ctx, tx, e.Self, m, from.Name); err != nil {
		return err
	}
	return e.record(ctx, tx, from.Name, KindAgain, m, from.Name, againDetail{fmt.Sprintf("M%d", first.ID), run})
}

// agreeAgain holds a further run to the terms that were accepted.
func (e *Engine) agreeAgain(ctx context.Context, tx *store.Tx, first Matching, m *Matching, named []byte, from string) error {
	if first.Role != Responder {
		return fmt.Errorf("%s was asked, and does not begin runs: %w", from, ErrTerms)
	}
	if !bytes.Equal(named, digest(first.Matching.Terms)) {
		return fmt.Errorf("the run is under other terms than those that were accepted: %w", ErrTerms)
	}
	if err := e.allowsRun(ctx, tx, first); err != nil {
		return err
	}
	return e.agree(ctx, tx, m, from)
}

// refuseAgain keeps that a run was begun which departs from its terms, and
// tells the other side so. Of our set it says nothing.
func (e *Engine) refuseAgain(ctx context.Context, tx *store.Tx, m Matching, from store.Counterpart, why error) error {
	told := "this run cannot be made now"
	if errors.Is(why, ErrTerms) || errors.Is(why, ErrBudget) {
		told = "the terms or the budget do not allow this run"
	}
	m.State, m.AgreedAt = Refused, time.Time{}
	m.Progress.Reason, m.Progress.Finished = why.Error(), e.Now().UTC()
	if err := e.send(ctx, tx, &m, KindDecline, []byte(told)); err != nil {
		return err
	}
	if err := e.save(ctx, tx, m); err != nil {
		return err
	}
	return e.record(ctx, tx, e.Self, "match.refused", m, from.Name, reasoned{Reason: why.Error()})
}
