package node

import (
	"context"

	"parley/internal/store"
	"parley/stix"
)

// HeldObject is one version of a STIX object, with who gave it.
type HeldObject struct {
	Number       int64           `json:"number"`
	ID           stix.ID         `json:"id"`
	Type         string          `json:"type"`
	From         string          `json:"from,omitempty"` // empty: ours
	PermittedUse string          `json:"permitted_use,omitempty"`
	Letters      []int64         `json:"letters,omitempty"` // the messages that brought it
	Object       stix.Object     `json:"object"`
	Selectors    []store.Finding `json:"-"`
}

// HeldObject reads an object by its number.
func (n *Node) HeldObject(ctx context.Context, number int64) (h HeldObject, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		row, err := tx.ObjectBySeq(ctx, number)
		if err != nil {
			return err
		}
		h = HeldObject{Number: number, Type: row.Type, PermittedUse: row.PermittedUse}
		if h.Object, err = stix.ParseObject(row.Body); err != nil {
			return err
		}
		h.ID = h.Object.ID()
		if row.Origin != 0 {
			from, err := tx.CounterpartByID(ctx, row.Origin)
			if err != nil {
				return err
			}
			h.From = from.Name
		}
		gifts, err := tx.GiftsOf(ctx, number)
		if err != nil {
			return err
		}
		for _, g := range gifts {
			h.Letters = append(h.Letters, g.Inbox)
		}
		h.Selectors, err = tx.ObjectFindings(ctx, number)
		return err
	})
	return h, err
}
