package node

import (
	"context"
	"fmt"
	"io"

	"parley/internal/list"
	"parley/internal/permit"
	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

// Format is how selectors are written out.
type Format string

// The formats, each of which is read again by an import.
const (
	CSV   Format = "csv"
	Lines Format = "lines"
	JSON  Format = "json"
	STIX  Format = "stix"
)

// Formats lists them.
func Formats() []Format { return []Format{CSV, Lines, JSON, STIX} }

// Export says which selectors are written out, how, and to where.
type Export struct {
	Scope  store.Scope
	Format Format
	To     string     // in words, for the ledger
	Theirs bool       // those too that only a counterpart's objects hold
	Use    permit.Use // what they are written out for; what was given for another use stays
}

// Exported says what was written out.
type Exported struct {
	To        string                `json:"to"`
	Format    Format                `json:"format"`
	Selectors int                   `json:"selectors"`
	Kinds     map[selector.Kind]int `json:"kinds"`
	LeftOut   int                   `json:"left_out,omitempty"` // only counterparts' objects hold them
	Theirs    bool                  `json:"theirs,omitempty"`
	Use       permit.Use            `json:"use,omitempty"`
	OtherUse  int                   `json:"other_use,omitempty"` // were given for another use
	Evidence  int64                 `json:"evidence,omitempty"`
	Match     int64                 `json:"match,omitempty"`
}

// ExportSelectors writes selectors out of the node. The ledger says who took how
// many to where, before the first of them leaves. What a counterpart gave us
// stays, unless it is asked for: it goes to nobody else.
func (n *Node) ExportSelectors(ctx context.Context, e Export, w io.Writer) (Exported, error) {
	if err := n.must(Analyst); err != nil {
		return Exported{}, err
	}
	write, err := n.writer(e.Format)
	if err != nil {
		return Exported{}, err
	}
	out := Exported{To: e.To, Format: e.Format, Kinds: map[selector.Kind]int{}, Theirs: e.Theirs, Use: e.Use, Evidence: e.Scope.Evidence, Match: e.Scope.Match}
	var entries []list.Entry
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		if entries, err = n.entries(ctx, tx, e, &out); err != nil {
			return err
		}
		return n.record(ctx, tx, "selectors.export", e.To, "", out)
	})
	if err != nil {
		return Exported{}, fmt.Errorf("write selectors out: %w", err)
	}
	if err := write(w, entries); err != nil {
		return Exported{}, fmt.Errorf("write selectors out to %s: %w", e.To, err)
	}
	return out, nil
}

// entries reads what is to be written, and counts it.
func (n *Node) entries(ctx context.Context, tx *store.Tx, e Export, out *Exported) ([]list.Entry, error) {
	if e.Scope.Match != 0 {
		if _, err := tx.Matching(ctx, e.Scope.Match); err != nil {
			return nil, err
		}
	}
	if e.Scope.Evidence != 0 {
		if _, err := tx.Evidence(ctx, e.Scope.Evidence); err != nil {
			return nil, err
		}
	}
	scope := e.Scope
	scope.Ours = !e.Theirs
	all, err := tx.PlacedSelectors(ctx, scope)
	if err == nil && e.Theirs {
		all, out.OtherUse, err = givenFor(ctx, tx, all, scope, e.Use)
	}
	if err != nil {
		return nil, err
	}
	entries := make([]list.Entry, len(all))
	for i, p := range all {
		entries[i] = list.Entry{Selector: p.Selector, Findings: p.Findings, Source: source(p.First), Place: p.First.Place, Confidence: p.Confidence}
		out.Kinds[p.Selector.Kind]++
	}
	out.Selectors = len(entries)
	if scope.Ours {
		scope.Ours = false
		every, err := tx.Selectors(ctx, scope)
		if err != nil {
			return nil, err
		}
		out.LeftOut = len(every) - len(entries)
	}
	return entries, nil
}

// writer finds what writes a format.
func (n *Node) writer(f Format) (func(io.Writer, []list.Entry) error, error) {
	switch f {
	case CSV:
		return list.WriteTable, nil
	case Lines:
		return list.WriteLines, nil
	case JSON:
		return list.WriteEntries, nil
	case STIX:
		return n.writeObservables, nil
	}
	return nil, invalid("selectors are not written as %.40q: there are csv, lines, json and stix", f)
}

// writeObservables writes a bundle with an observable for each selector. Their ids
// are random: one made from the value, as STIX would have it, shows the value to
// whoever meets the id alone.
func (n *Node) writeObservables(w io.Writer, all []list.Entry) error {
	id, err := stix.NewID("bundle", n.rand)
	if err != nil {
		return err
	}
	objects := make([]stix.Object, len(all))
	for i, e := range all {
		if objects[i], err = n.observable(e.Selector); err != nil {
			return err
		}
	}
	return stix.WriteBundle(w, id, objects)
}
