package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

// maxContents bounds what of a report is shown: more than a release draws in.
const maxContents = 5_000

// Contents are a report and everything that it refers to, directly or through
// others, as a person reads it who is to say what may be told of it.
type Contents struct {
	Report
	Text      string              `json:"text"`
	Objects   []Content           `json:"objects"`   // but for the report itself
	Selectors []selector.Selector `json:"selectors"` // that stand in them, by kind and value
}

// Content is one object that a report refers to.
type Content struct {
	ID   stix.ID `json:"id"`
	Type string  `json:"type"`
	Name string  `json:"name,omitempty"` // its name, or its value, or what it says
	From string  `json:"from,omitempty"` // the counterpart that gave it; empty if it is ours
}

// ReportContents reads a report with what it refers to.
func (n *Node) ReportContents(ctx context.Context, id stix.ID) (c Contents, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		from, err := names(ctx, tx)
		if err != nil {
			return err
		}
		found := map[selector.Selector]bool{}
		err = eachDrawn(ctx, tx, id, func(row store.Object, o stix.Object) {
			if o.ID() == id {
				c.Report = reportOf(o, from[row.Origin])
				c.Text, _ = o.String("description")
			} else {
				c.Objects = append(c.Objects, Content{o.ID(), o.Type(), nameOf(o), from[row.Origin]})
			}
			for _, f := range n.selectorsOf(o, row.Seq, "") {
				found[f.Selector] = true
			}
		})
		for s := range found {
			c.Selectors = append(c.Selectors, s)
		}
		return err
	})
	slices.SortFunc(c.Selectors, func(a, b selector.Selector) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value))
	})
	return c, err
}

// eachDrawn walks an object and what it refers to, the nearest first. What is
// not held is left out, but for the first.
func eachDrawn(ctx context.Context, tx *store.Tx, first stix.ID, each func(store.Object, stix.Object)) error {
	seen := map[stix.ID]bool{first: true}
	for next := []stix.ID{first}; len(next) > 0; next = next[1:] {
		row, err := tx.Object(ctx, next[0].Type(), next[0].UUID())
		if errors.Is(err, store.ErrNotFound) && next[0] != first {
			continue
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", first, err)
		}
		o, err := stix.ParseObject(row.Body)
		if err != nil {
			return fmt.Errorf("read %s: %w", first, err)
		}
		each(row, o)
		for _, ref := range o.References() {
			if !seen[ref] && len(seen) < maxContents {
				seen[ref] = true
				next = append(next, ref)
			}
		}
	}
	return nil
}

// nameOf is what an object is called, or what it holds.
func nameOf(o stix.Object) string {
	for _, property := range []string{"name", "value", "pattern", "content", "abstract", "description"} {
		if text, ok := o.String(property); ok && text != "" {
			return text
		}
	}
	return ""
}
