package release

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/store"
	"parley/stix"
)

// maxClosure bounds how many objects one report may draw in.
const maxClosure = 5000

// drawn is a reference on the way: to what, and when the object that makes it was
// added.
type drawn struct {
	id stix.ID
	at time.Time
}

// closure gathers a report and everything it refers to, directly or through
// others. Something that another counterpart gave us stops it, unless it may be
// passed on: the third-party rule. But what was given only after it was referred to is nothing that the
// report draws in: else any counterpart could stop our releases by giving us
// objects under the ids that stand in them.
func (d *Desk) closure(ctx context.Context, tx *store.Tx, report stix.ID, to int64, p *passage) ([]stix.Object, error) {
	var all []stix.Object
	seen := map[stix.ID]bool{report: true}
	for next := []drawn{{id: report}}; len(next) > 0; next = next[1:] {
		id := next[0].id
		row, err := tx.Object(ctx, id.Type(), id.UUID())
		if errors.Is(err, store.ErrNotFound) && id != report {
			continue // a reference to something that we do not hold
		}
		if err != nil {
			return nil, fmt.Errorf("report %s: %w", report, err)
		}
		if row.Origin != 0 && row.Origin != to {
			first, err := tx.FirstAdded(ctx, id.Type(), id.UUID())
			if err != nil {
				return nil, fmt.Errorf("report %s: %w", report, err)
			}
			if id != report && first.After(next[0].at) {
				continue
			}
			if err := p.through(ctx, tx, row.Seq); err != nil {
				return nil, fmt.Errorf("report %s draws in %s, of which we hold no copy of our own: %w", report, id, err)
			}
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
				next = append(next, drawn{ref, row.AddedAt})
			}
		}
	}
	return all, nil
}
