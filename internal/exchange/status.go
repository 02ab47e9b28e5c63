package exchange

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"parley/internal/store"
	"parley/taxii"
)

// Status gives the status of a request to the consumer that made it.
func (x *Exchange) Status(ctx context.Context, who taxii.Requester, root, id string) (status taxii.Status, err error) {
	name, err := uuid.Parse(id)
	if err != nil || root != Root {
		return status, taxii.ErrNotFound
	}
	err = x.store.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Counterpart(ctx, who.Name)
		if err != nil {
			return hidden(err)
		}
		r, err := tx.Request(ctx, c.ID, name)
		if err != nil {
			return hidden(err)
		}
		if r.DoneAt.Before(x.opt.Now().Add(-x.opt.StatusRetention)) {
			return taxii.ErrNotFound
		}
		if err := json.Unmarshal(r.Report, &status); err != nil {
			return fmt.Errorf("read the report on a request: %w", err)
		}
		return nil
	})
	return status, err
}
