package match

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"parley/internal/store"
	"parley/psi"
	"parley/selector"
)

// roster is a list that we hold as it is now, with what it was.
type roster struct {
	public []byte
	values []store.StandingValue
	now    *psi.Filter
}

// evaluated is how many values are computed and kept at a time: what a kill
// loses.
const evaluated = 1024

// Prepare computes what is new on the lists that we hold, so that no check
// waits for it.
func (e *Engine) Prepare(ctx context.Context) error {
	all, err := e.standing(ctx)
	for _, m := range all {
		if m.Checks() {
			continue
		}
		key, failed := m.listKey()
		if failed == nil {
			_, failed = e.rosterOf(ctx, m, key)
			key.Zero()
		}
		err = errors.Join(err, failed)
	}
	return err
}

// rosterOf brings a list that we hold to what we hold now: it computes the
// values of what is new, batch by batch, and begins a generation if anything
// changed.
func (e *Engine) rosterOf(ctx context.Context, first Matching, key *psi.ListKey) (r roster, err error) {
	var (
		ours []store.Tally
		list store.Standing
		kept []store.StandingValue
	)
	err = e.Store.View(ctx, func(tx *store.Tx) error {
		if ours, err = e.listed(ctx, tx, first); err != nil {
			return err
		}
		if list, err = tx.Standing(ctx, first.ID); err != nil {
			return err
		}
		kept, err = tx.StandingValues(ctx, first.ID)
		return err
	})
	if err != nil {
		return r, err
	}
	for batch := range slices.Chunk(unvalued(ours, kept), evaluated) {
		if err := e.evaluate(ctx, first, key, batch, list.Generation+1); err != nil {
			return r, err
		}
	}
	r.public = key.PublicKey()
	err = e.Store.Update(ctx, func(tx *store.Tx) error {
		list, r.values, err = e.advance(ctx, tx, first.ID, ours)
		return err
	})
	if err != nil {
		return r, err
	}
	r.now, err = r.at(uint64(list.Generation))
	return r, err
}

// unvalued are those of ours that have no value yet.
func unvalued(ours []store.Tally, kept []store.StandingValue) []store.Tally {
	have := make(map[int64]bool, len(kept))
	for _, v := range kept {
		have[v.Selector] = true
	}
	return slices.DeleteFunc(slices.Clone(ours), func(t store.Tally) bool { return have[t.ID] })
}

func (e *Engine) evaluate(ctx context.Context, first Matching, key *psi.ListKey, batch []store.Tally, generation int64) error {
	values, err := key.Evaluate(ctx, canonical(selectorsOf(batch)))
	if err != nil {
		return fmt.Errorf("compute the list of match M%d: %w", first.ID, err)
	}
	rows := make([]store.StandingValue, len(values))
	for i, v := range values {
		rows[i] = store.StandingValue{Selector: batch[i].ID, Value: v[:], Came: generation}
	}
	return e.Store.Update(ctx, func(tx *store.Tx) error {
		if err := e.stands(ctx, tx, first.ID); err != nil {
			return err
		}
		return tx.PutStandingValues(ctx, first.ID, rows)
	})
}

// stands sees that a list was not ended while it was worked on: nothing of it
// may be kept any more.
func (e *Engine) stands(ctx context.Context, tx *store.Tx, id int64) error {
	_, _, err := e.load(ctx, tx, id, Standing)
	return err
}

// advance begins a generation of a list if it differs from the one before.
func (e *Engine) advance(ctx context.Context, tx *store.Tx, id int64, ours []store.Tally) (list store.Standing, values []store.StandingValue, err error) {
	if err := e.stands(ctx, tx, id); err != nil {
		return list, nil, err
	}
	if list, err = tx.Standing(ctx, id); err != nil {
		return list, nil, err
	}
	if values, err = tx.StandingValues(ctx, id); err != nil {
		return list, nil, err
	}
	wanted := make(map[int64]bool, len(ours))
	for _, t := range ours {
		wanted[t.ID] = true
	}
	next, changed := list.Generation+1, list.Generation == 0
	for i := range values {
		v := &values[i]
		there := v.Went == 0
		changed = changed || v.Came == next
		if there == wanted[v.Selector] {
			continue
		}
		if changed = true; there {
			v.Went = next
		} else {
			v.Came, v.Went = next, 0
		}
		if err := tx.MoveStandingValue(ctx, id, *v); err != nil {
			return list, nil, err
		}
	}
	if !changed {
		return list, values, nil
	}
	list.Generation = next
	return list, values, tx.SetStanding(ctx, list)
}

// at is the filter of a generation, as far as the values still show it: a
// selector that went and came back shows its last coming only.
func (r roster) at(generation uint64) (*psi.Filter, error) {
	var on []psi.Value
	for _, v := range r.values {
		if uint64(v.Came) <= generation && (v.Went == 0 || uint64(v.Went) > generation) {
			on = append(on, psi.Value(v.Value))
		}
	}
	return psi.NewFilter(r.public, generation, on)
}

// since is what turns the filter that a checker has into the list of now:
// nothing, a difference, or the whole where that is shorter or the checker has
// another filter than we gave.
func (r roster) since(h hand) ([]byte, error) {
	whole, err := r.now.MarshalBinary()
	if err != nil || h.generation == 0 || h.generation > r.now.Generation() {
		return whole, err
	}
	then, err := r.at(h.generation)
	if err != nil {
		return nil, err
	}
	switch {
	case then.Digest() != h.digest:
		return whole, nil
	case h.generation == r.now.Generation():
		return nil, nil
	}
	difference, err := then.Difference(r.now)
	if err != nil || len(difference) < len(whole) {
		return difference, err
	}
	return whole, nil
}

// hand is the filter that a checker has at hand.
type hand struct {
	generation uint64 // 0: none
	digest     [32]byte
}

const handSize = 8 + 32

func handOf(f *psi.Filter) (h hand) {
	if f != nil {
		h = hand{f.Generation(), f.Digest()}
	}
	return h
}

func (h hand) encode() []byte {
	return append(binary.BigEndian.AppendUint64(nil, h.generation), h.digest[:]...)
}

func decodeHand(b []byte) (h hand, err error) {
	if len(b) != handSize {
		return h, fmt.Errorf("a filter's generation and digest have %d bytes, not %d", len(b), handSize)
	}
	return hand{binary.BigEndian.Uint64(b), [32]byte(b[8:])}, nil
}

func selectorsOf(all []store.Tally) []selector.Selector {
	out := make([]selector.Selector, len(all))
	for i, t := range all {
		out[i] = t.Selector
	}
	return out
}
