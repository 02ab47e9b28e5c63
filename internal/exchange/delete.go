package exchange

import (
	"context"

	"parley/internal/store"
	"parley/taxii"
)

// Delete removes what a query means of a collection's members, chosen before anything is gone.
func (x *Exchange) Delete(ctx context.Context, at taxii.Place, query taxii.Query) (n int, err error) {
	err = x.store.Update(ctx, func(tx *store.Tx) error {
		c, err := collection(ctx, tx, at)
		if err != nil {
			return err
		}
		ids := make([][16]byte, len(query.IDs))
		for i, id := range query.IDs {
			ids[i] = id.UUID()
		}
		groups, err := groupsOf(ctx, tx, c.ID, ids)
		if err != nil {
			return err
		}
		for _, id := range query.IDs {
			g := groups[id]
			if g == nil {
				continue
			}
			removed, err := g.delete(ctx, tx, c.ID, query)
			if err != nil {
				return err
			}
			n += removed
		}
		if n == 0 {
			return nil
		}
		return record(ctx, tx, x.opt.Now(), "collection.delete", c, at.Requester.Name, deleteNote{n})
	})
	return n, full(err)
}

type deleteNote struct {
	Objects int `json:"objects"`
}

// delete removes the versions of one object that a query means.
func (g *group) delete(ctx context.Context, tx *store.Tx, collection int64, q taxii.Query) (int, error) {
	var doomed []store.Member
	g.remove(func(v *version) bool {
		if !means(q, v.Member) {
			return false
		}
		doomed = append(doomed, v.Member)
		return true
	})
	if len(doomed) == 0 {
		return 0, nil
	}
	if err := tx.RemoveMembers(ctx, collection, doomed); err != nil {
		return 0, err
	}
	g.rerank()
	return len(doomed), g.keepRanks(ctx, tx)
}
