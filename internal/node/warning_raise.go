package node

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"parley/internal/store"
	"parley/internal/warning"
	"parley/stix"
)

// raise holds everything in the store against the watch list and raises a
// warning for each recipient and source that has none yet.
func (n *Node) raise(ctx context.Context, tx *store.Tx) ([]store.Warning, error) {
	watches, err := tx.Watches(ctx)
	if err != nil {
		return nil, err
	}
	list := make(warning.WatchList, len(watches))
	for i, w := range watches {
		list[i] = warning.Watch{Selector: w.Selector, Note: w.Note, Owner: w.Owner, Imminent: w.Imminent, Recipient: w.Recipient}
	}
	found, err := tx.Sightings(ctx)
	if err != nil {
		return nil, err
	}
	sighted := make([]warning.Sighted, len(found))
	for i, f := range found {
		sighted[i] = warning.Sighted{Selector: f.Selector, Where: source(f)}
	}
	var raised []store.Warning
	for _, group := range grouped(list.Hits(sighted)) {
		rows, err := n.raiseGroup(ctx, tx, group)
		if err != nil {
			return nil, err
		}
		raised = append(raised, rows...)
	}
	return raised, nil
}

// raiseFor raises what selectors give rise to that were just kept; where there are
// none, nothing can be on the watch list that was not before.
func (n *Node) raiseFor(ctx context.Context, tx *store.Tx, selectors int) ([]store.Warning, error) {
	if selectors == 0 {
		return nil, nil
	}
	return n.raise(ctx, tx)
}

// source names what a sighting came with: evidence, a counterpart's report, an
// imported bundle.
func source(f store.Finding) string {
	if f.Evidence != 0 {
		return fmt.Sprintf("E%d", f.Evidence)
	}
	return f.List
}

// grouped puts together the hits that one recipient must be told of one source.
func grouped(hits []warning.Hit) [][]warning.Hit {
	var groups [][]warning.Hit
	at := map[string]int{}
	for _, h := range hits {
		key := ident(h, 0)
		if i, known := at[key]; known {
			groups[i] = append(groups[i], h)
			continue
		}
		at[key] = len(groups)
		groups = append(groups, []warning.Hit{h})
	}
	return groups
}

// ident is what a warning is known by: whom to tell, of which source, for the
// how manieth time.
func ident(h warning.Hit, round int) string {
	who := h.Watch.Recipient
	if who == "" {
		who = h.Watch.Selector.String()
	}
	text := who + "\x00" + h.Where
	if round > 0 {
		text += fmt.Sprintf("\x00%d", round)
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// maxSelectors is how many selectors one warning rests on at most.
const maxSelectors = 256

// raiseGroup raises what one recipient has not been warned of in one source. A
// selector that was watched only later, or that one warning has no room for,
// gets another: nobody is left out because somebody else was seen there before.
func (n *Node) raiseGroup(ctx context.Context, tx *store.Tx, hits []warning.Hit) (raised []store.Warning, err error) {
	for round := 0; len(hits) > 0; round++ {
		key := ident(hits[0], round)
		row, err := tx.WarningByIdent(ctx, key)
		if errors.Is(err, store.ErrNotFound) {
			some := hits[:min(len(hits), maxSelectors)]
			hits = hits[len(some):]
			if row, err = n.raiseOne(ctx, tx, some, key); err != nil {
				return nil, err
			}
			raised = append(raised, row)
			continue
		}
		if err != nil {
			return nil, err
		}
		a, err := readAlert(row)
		if err != nil {
			return nil, err
		}
		hits = slices.DeleteFunc(hits, func(h warning.Hit) bool { return slices.Contains(a.Basis.Selectors, h.Watch.Selector) })
	}
	return raised, nil
}

func (n *Node) raiseOne(ctx context.Context, tx *store.Tx, hits []warning.Hit, key string) (store.Warning, error) {
	id, err := stix.NewID("report", n.rand)
	if err != nil {
		return store.Warning{}, err
	}
	w := hits[0].Warning(string(id))
	w.Protocol = "duty to warn"
	for _, h := range hits[1:] {
		w.Basis.Selectors = append(w.Basis.Selectors, h.Watch.Selector)
		w.Imminent = w.Imminent || h.Watch.Imminent
	}
	if len(w.Basis.Selectors) > 1 {
		w.Subject = fmt.Sprintf("%d watched selectors seen in %s", len(w.Basis.Selectors), hits[0].Where)
	}
	return n.addWarning(ctx, tx, Alert{Warning: w}, key, "watch list")
}

func (n *Node) addWarning(ctx context.Context, tx *store.Tx, a Alert, ident, actor string) (store.Warning, error) {
	if err := a.Apply(warning.Event{At: n.now(), Actor: actor, To: warning.Candidate}); err != nil {
		return store.Warning{}, err
	}
	row, err := a.row(ident)
	if err != nil {
		return row, err
	}
	if row.ID, err = tx.AddWarning(ctx, row); err != nil {
		return row, err
	}
	return row, n.recordAs(ctx, tx, actor, "warning.raise", fmt.Sprintf("W%d", row.ID), "", map[string]any{
		"imminent": a.Imminent, "recipient": a.Recipient, "selectors": len(a.Basis.Selectors),
	})
}
