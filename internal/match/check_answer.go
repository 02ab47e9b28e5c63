package match

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/store"
	"parley/internal/stream"
	"parley/psi"
)

// heardAnswer works on what came in the stream of a check.
func (e *Engine) heardAnswer(ctx context.Context, t turn, heard stream.Message) (Effect, error) {
	switch {
	case t.m.State == Answering && heard.Kind == stream.KindCredit:
		return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.goOnAnswering(ctx, tx, t) }}, nil
	case t.m.State != Checking:
		return e.broken(t, fmt.Errorf("%s came while the match is %s", heard.Kind, t.m.State)), nil
	case heard.Kind == stream.KindCredit:
		return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.flow(ctx, tx, &t) }}, nil
	}
	if err := e.inTime(ctx, heard.Kind, t.m); errors.Is(err, ErrTerms) {
		return e.broken(t, fmt.Errorf("%s: %w", heard.Kind, err)), nil
	} else if err != nil {
		return Effect{}, err
	}
	t.m.Progress.BytesIn += int64(len(t.in.Body))
	if most := t.m.longestAnswer(); t.m.Progress.BytesIn > most {
		return e.broken(t, fmt.Errorf("the answer to the check has more than %d bytes", most)), nil
	}
	if !heard.Last {
		t.piece = heard.Data
		return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.keepPiece(ctx, tx, t) }}, nil
	}
	l, err := e.learn(ctx, &t, heard.Data)
	if departs(err) || errors.Is(err, psi.ErrFilter) {
		return e.broken(t, err), nil
	}
	if err != nil {
		return Effect{}, err
	}
	return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.keepAnswer(ctx, tx, t, l) }}, nil
}

// longestAnswer bounds an answer to a check in bytes: a list of the largest size
// and an element for each item, with what stands around them.
func (m Matching) longestAnswer() int64 {
	return 11*int64(m.theirMax()) + 33*int64(m.Progress.OurSize) + 4096
}

func (e *Engine) keepPiece(ctx context.Context, tx *store.Tx, t turn) error {
	if _, err := e.unmoved(ctx, tx, t.held); err != nil {
		return err
	}
	if err := e.flow(ctx, tx, &t); err != nil {
		return err
	}
	return e.save(ctx, tx, t.m)
}

// learned is what an answer says.
type learned struct {
	list   store.Standing // as it was
	filter *psi.Filter    // as it is
	values []psi.Value    // what the items asked about are on it
	found  []int          // those of them that are listed
	again  moved          // what it says of earlier ones
}

// learn reads an answer that is whole: it brings the filter forward and looks
// the items up in it.
func (e *Engine) learn(ctx context.Context, t *turn, last []byte) (l learned, err error) {
	defer t.m.timed("check")()
	var (
		items [][]byte
		kept  []store.StandingValue
		body  []byte
	)
	err = e.Store.View(ctx, func(tx *store.Tx) error {
		if body, err = assembled(ctx, tx, t.m.ID, last); err != nil {
			return err
		}
		if l.list, err = tx.Standing(ctx, t.m.Under); err != nil {
			return err
		}
		if kept, err = tx.StandingValues(ctx, t.m.Under); err != nil {
			return err
		}
		set, err := tx.MatchingPage(ctx, t.m.ID, 0, t.m.Progress.OurSize)
		items = canonical(set)
		return err
	})
	if err != nil {
		return l, err
	}
	parts, err := partsOf(RunID(t.m.Run), body, 2)
	if err != nil {
		return l, fmt.Errorf("the answer to the check: %w: %w", err, ErrPeer)
	}
	if l.filter, err = t.m.bring(l.list, parts[0]); err != nil {
		return l, err
	}
	l.again = lookAgain(kept, l.filter)
	if len(items) == 0 {
		if len(parts[1]) > 0 {
			return l, fmt.Errorf("an answer came where nothing was asked: %w", ErrPeer)
		}
		return l, nil
	}
	seed, err := t.m.seed()
	if err != nil {
		return l, err
	}
	c, err := psi.NewCheck(seed, t.m.Progress.TheirKey, items, 0)
	if err != nil {
		return l, err
	}
	defer c.Zero()
	if l.values, err = c.Values(parts[1]); err != nil {
		return l, err
	}
	for i, v := range l.values {
		if l.filter.Contains(v) {
			l.found = append(l.found, i)
		}
	}
	return l, nil
}

// bring applies what came of a list to the filter at hand: nothing, a
// difference, or a whole filter, which is never older and of the same key.
func (m Matching) bring(list store.Standing, came []byte) (*psi.Filter, error) {
	had, err := m.filter(list)
	switch {
	case err != nil:
		return nil, err
	case had != nil && len(came) == 0:
		return had, nil
	case had != nil:
		if next, err := had.Apply(came, m.theirMax()); err == nil {
			return next, nil
		} else if !psi.IsFilter(came) {
			return nil, err
		}
	}
	f, err := psi.ParseFilter(came, m.theirMax())
	switch {
	case err != nil:
		return nil, err
	case string(f.PublicKey()) != string(m.Progress.TheirKey):
		return nil, fmt.Errorf("%w: it is under another key than the terms", psi.ErrFilter)
	case had != nil && f.Generation() < had.Generation():
		return nil, fmt.Errorf("%w: generation %d came, we have %d", psi.ErrFilter, f.Generation(), had.Generation())
	}
	return f, nil
}

// keepAnswer keeps what a check found, and the filter that it was found in.
func (e *Engine) keepAnswer(ctx context.Context, tx *store.Tx, t turn, l learned) error {
	from, err := e.unmoved(ctx, tx, t.held)
	if err != nil {
		return err
	}
	if err := e.flow(ctx, tx, &t); err != nil {
		return err
	}
	if err := tx.MarkMatched(ctx, t.m.ID, l.found); err != nil {
		return err
	}
	if err := e.keepValues(ctx, tx, t.m, l); err != nil {
		return err
	}
	list, err := tx.Standing(ctx, t.m.Under)
	if err != nil {
		return err
	}
	list.Generation = int64(l.filter.Generation())
	if list.Filter, err = l.filter.MarshalBinary(); err != nil {
		return err
	}
	if err := tx.SetStanding(ctx, list); err != nil {
		return err
	}
	p := &t.m.Progress
	p.Appeared = len(l.again.appeared)
	found := len(l.found) + p.Appeared
	p.TheirSize, p.Count, p.CountKnown, p.Overlap, p.Finished = l.filter.Len(), found, true, found, e.Now().UTC()
	t.m.State = Done
	if err := e.save(ctx, tx, t.m); err != nil {
		return err
	}
	if list.WatchedBy != "" && found > 0 && e.Found != nil {
		if err := e.Found(ctx, tx, t.m, list.WatchedBy); err != nil {
			return err
		}
	}
	return e.record(ctx, tx, from.Name, KindAnswer, t.m, from.Name, checkDetail{
		Under: fmt.Sprintf("M%d", t.m.Under), Run: RunID(t.m.Run), Items: p.OurSize,
		List: l.filter.Len(), Generation: l.filter.Generation(), Found: &p.Count, Appeared: p.Appeared,
	})
}
