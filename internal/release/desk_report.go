package release

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/store"
	"parley/stix"
)

// maxClosure bounds how many objects one report may draw in.
const maxClosure = 5000

// closure gathers a report and everything it refers to, directly or through
// others. Something that another counterpart gave us stops it: the third-party
// rule.
func (d *Desk) closure(ctx context.Context, tx *store.Tx, report stix.ID, to int64) ([]stix.Object, error) {
	var all []stix.Object
	seen := map[stix.ID]bool{report: true}
	for next := []stix.ID{report}; len(next) > 0; next = next[1:] {
		id := next[0]
		row, err := tx.Object(ctx, id.Type(), id.UUID())
		if errors.Is(err, store.ErrNotFound) && id != report {
			continue // a reference to something that we do not hold
		}
		if err != nil {
			return nil, fmt.Errorf("report %s: %w", report, err)
		}
		if row.Origin != 0 && row.Origin != to {
			return nil, fmt.Errorf("report %s draws in %s: %w", report, id, ErrThirdParty)
		}
		o, err := stix.ParseObject(row.Body)
		if err != nil {
			return nil, fmt.Errorf("report %s: %w", report, err)
		}
		if all = append(all, o); len(all) > maxClosure {
			return nil, fmt.Errorf("report %s draws in more than %d objects: release less at once", report, maxClosure)
		}
		for _, ref := range o.References() {
			if !seen[ref] {
				seen[ref] = true
				next = append(next, ref)
			}
		}
	}
	return all, nil
}
