package release

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"parley/internal/exchange"
	"parley/internal/store"
	"parley/stix"
)

// UsualCollection is where a consumer reads what is released to it, unless an order names another.
const UsualCollection = "released"

// collection finds where an order's release would be put; the zero Collection is the channel.
func (d *Desk) collection(ctx context.Context, tx *store.Tx, to store.Counterpart, o Order) (store.Collection, error) {
	alias := o.Collection
	consumer, err := tx.Consumer(ctx, to.ID)
	if alias == "" && (to.Open() || errors.Is(err, store.ErrNotFound)) {
		return store.Collection{}, nil
	}
	switch {
	case err != nil:
		return store.Collection{}, err
	case consumer.Suspended:
		return store.Collection{}, fmt.Errorf("%s is suspended, and reads nothing: %w", to.Name, ErrStep)
	case alias == "":
		alias = UsualCollection
	}
	c, err := tx.CollectionByAlias(ctx, to.ID, alias)
	if errors.Is(err, store.ErrNotFound) {
		return c, fmt.Errorf("%s reads no collection called %q: 'parley consumer show' lists what there is: %w", to.Name, alias, err)
	}
	if err == nil && !c.CanRead {
		return c, fmt.Errorf("%s may not read the collection %q: %w", to.Name, alias, ErrStep)
	}
	return c, err
}

// way refuses an order whose release could not be delivered.
func (d *Desk) way(ctx context.Context, tx *store.Tx, to store.Counterpart, o Order) error {
	_, err := d.collection(ctx, tx, to, o)
	return err
}

// deliver puts the cleared bytes where they go: into the outbox, or object by object, each as it stands
// in the bundle, into the consumer's collection.
func (d *Desk) deliver(ctx context.Context, tx *store.Tx, r *store.Release, to store.Counterpart) error {
	o, err := ReadOrder(*r)
	if err != nil {
		return err
	}
	c, err := d.collection(ctx, tx, to, o)
	if err != nil {
		return err
	}
	if c.ID == 0 {
		r.Outbox, err = tx.Enqueue(ctx, store.Outgoing{Counterpart: r.Counterpart, Kind: KindBundle, Body: r.Bundle, QueuedAt: d.Now()})
		return err
	}
	var objects []stix.Object
	_, err = stix.ReadBundle(bytes.NewReader(r.Bundle), stix.Limits{}, func(o stix.Object) error {
		objects = append(objects, o)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read release R%d: %w", r.ID, err)
	}
	r.Collection = c.ID
	r.PutAt, err = exchange.Put(ctx, tx, c, objects, exchange.Options{Now: d.Now})
	return err
}
