package release

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"parley/internal/permit"
	rulebook "parley/internal/rules"
	"parley/internal/store"
	"parley/selector"
	"parley/stix"
	"parley/stix/marking"
)

// markings reads objects of the store with what they are marked with, each set of markings once.
type markings struct {
	tx        *store.Tx
	known     map[string]*rulebook.Marked
	consented consented
	watched   map[selector.Selector]bool // nil until it is asked for
}

func newMarkings(tx *store.Tx, c consented) *markings {
	return &markings{tx: tx, known: map[string]*rulebook.Marked{}, consented: c}
}

// isWatched reports whether a selector is on our watch list.
func (m *markings) isWatched(ctx context.Context, sel selector.Selector) (bool, error) {
	if m.watched == nil {
		all, err := m.tx.Watches(ctx)
		if err != nil {
			return false, err
		}
		m.watched = make(map[selector.Selector]bool, len(all))
		for _, w := range all {
			m.watched[w.Selector] = true
		}
	}
	return m.watched[sel], nil
}

func (m *markings) object(ctx context.Context, id stix.ID) (rulebook.Object, error) {
	row, err := m.tx.Object(ctx, id.Type(), id.UUID())
	if err != nil {
		return rulebook.Object{}, fmt.Errorf("%s: %w", id, err)
	}
	return m.read(ctx, row)
}

// read is what rules may know of a version of an object.
func (m *markings) read(ctx context.Context, row store.Object) (rulebook.Object, error) {
	o, err := stix.ParseObject(row.Body)
	if err != nil {
		return rulebook.Object{}, fmt.Errorf("object number %d: %w", row.Seq, err)
	}
	one := rulebook.Object{ID: o.ID(), Type: row.Type, Ours: row.Origin == 0, Use: permit.Use(row.PermittedUse)}
	one.Labels, _ = o.Strings("labels")
	if row.Origin != 0 {
		giver, err := m.tx.CounterpartByID(ctx, row.Origin)
		if err != nil {
			return one, err
		}
		one.GivenBy = giver.Name
		if one.Consented, err = m.consented.to(ctx, m.tx, row); err != nil {
			return one, err
		}
	}
	one.Marked, err = m.marked(ctx, o)
	return one, err
}

// maxSources bounds how many objects a selector is looked for in, for what they are marked with.
const maxSources = 64

// shown is what rules are asked about for an observable that was made of no object of the report: whether
// one of the objects may go that we know its selector from. What stands in evidence or on a list, is watched,
// or was typed, is unmarked.
func (m *markings) shown(ctx context.Context, o stix.Object) ([]rulebook.Object, error) {
	free := []rulebook.Object{{ID: o.ID(), Type: o.Type(), Ours: true}}
	known := observableKinds[o.Type()]
	if len(known.paths) == 0 {
		return free, nil
	}
	value, _ := o.String(known.paths[0])
	found, err := m.tx.Findings(ctx, selector.Selector{Kind: known.kind, Value: value})
	if err != nil || len(found) == 0 {
		return free, err
	}
	if watched, err := m.isWatched(ctx, found[0].Selector); err != nil || watched {
		return free, err
	}
	var sources []rulebook.Object
	for _, f := range found[:min(len(found), maxSources)] {
		if f.Object == 0 {
			return free, nil
		}
		row, err := m.tx.ObjectBySeq(ctx, f.Object)
		if err != nil {
			return nil, err
		}
		one, err := m.read(ctx, row)
		if err != nil {
			return nil, err
		}
		one.ID, one.Type = o.ID(), o.Type() // it goes as what it is in the tearline
		sources = append(sources, one)
	}
	return sources, nil
}

func (m *markings) marked(ctx context.Context, o stix.Object) (*rulebook.Marked, error) {
	var key strings.Builder
	for _, id := range o.MarkingsWithin("") {
		key.WriteString(string(id) + " ")
	}
	for _, g := range o.GranularMarkings() {
		if g.Ref == "" && g.Lang == "" {
			key.WriteString("? ")
		}
	}
	if known := m.known[key.String()]; known != nil {
		return known, nil
	}
	var failed error
	all := marking.Of(o, func(id stix.ID) (stix.Object, bool) {
		row, err := m.tx.Object(ctx, id.Type(), id.UUID())
		if err == nil {
			var found stix.Object
			found, err = stix.ParseObject(row.Body)
			return found, err == nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			failed = err
		}
		return stix.Object{}, false
	})
	m.known[key.String()] = rulebook.Mark(all...)
	return m.known[key.String()], failed
}
