package node

import (
	"context"
	"fmt"
	"time"

	"parley/internal/store"
	"parley/stix"
)

// Report is a report that the node holds, as the version that shows says.
type Report struct {
	ID        stix.ID   `json:"id"`
	Name      string    `json:"name"`
	Published time.Time `json:"published"`
	From      string    `json:"from,omitempty"` // the counterpart that gave it; empty if it is ours
	Objects   int       `json:"objects"`        // how many it names
	Revoked   bool      `json:"revoked,omitempty"`
}

// Reports lists the reports held, the newest added last: ours, or those too that
// counterparts gave us.
func (n *Node) Reports(ctx context.Context, theirs bool) (all []Report, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		from, err := names(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := tx.Objects(ctx, "report")
		if err != nil {
			return err
		}
		all = []Report{}
		for _, row := range rows {
			if row.Origin != 0 && !theirs {
				continue
			}
			o, err := stix.ParseObject(row.Body)
			if err != nil {
				return fmt.Errorf("report number %d: %w", row.Seq, err)
			}
			all = append(all, reportOf(o, from[row.Origin]))
		}
		return nil
	})
	return all, err
}

func reportOf(o stix.Object, from string) Report {
	name, _ := o.String("name")
	published, _ := o.Time("published")
	refs, _ := o.Strings("object_refs")
	return Report{ID: o.ID(), Name: name, Published: published.Time(), From: from, Objects: len(refs), Revoked: o.Revoked()}
}

// names gives the names of counterparts by their numbers.
func names(ctx context.Context, tx *store.Tx) (map[int64]string, error) {
	all, err := tx.Counterparts(ctx)
	if err != nil {
		return nil, err
	}
	by := make(map[int64]string, len(all))
	for _, c := range all {
		by[c.ID] = c.Name
	}
	return by, nil
}
