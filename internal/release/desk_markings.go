package release

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"parley/internal/permit"
	rulebook "parley/internal/rules"
	"parley/internal/store"
	"parley/stix"
	"parley/stix/marking"
)

// markings reads objects of the store with what they are marked with, each set of markings once.
type markings struct {
	tx    *store.Tx
	known map[string]*rulebook.Marked
}

func newMarkings(tx *store.Tx) *markings { return &markings{tx, map[string]*rulebook.Marked{}} }

func (m *markings) object(ctx context.Context, id stix.ID) (rulebook.Object, error) {
	row, err := m.tx.Object(ctx, id.Type(), id.UUID())
	if err != nil {
		return rulebook.Object{}, fmt.Errorf("%s: %w", id, err)
	}
	o, err := stix.ParseObject(row.Body)
	if err != nil {
		return rulebook.Object{}, fmt.Errorf("%s: %w", id, err)
	}
	one := rulebook.Object{ID: id, Type: row.Type, Ours: row.Origin == 0, Use: permit.Use(row.PermittedUse)}
	one.Labels, _ = o.Strings("labels")
	if row.Origin != 0 {
		giver, err := m.tx.CounterpartByID(ctx, row.Origin)
		if err != nil {
			return one, err
		}
		one.GivenBy = giver.Name
	}
	one.Marked, err = m.marked(ctx, o)
	return one, err
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
