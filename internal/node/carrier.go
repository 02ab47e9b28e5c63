package node

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/channel"
	"parley/internal/relay"
)

// carrier lets a courier use the relays of one end of a channel.
type carrier struct{ client *relay.Several }

func (c carrier) Put(ctx context.Context, m channel.Mailbox, id [16]byte, parcel []byte) error {
	return c.client.Put(ctx, relay.Mailbox(m), id, parcel)
}

func (c carrier) Fetch(ctx context.Context, m channel.Mailbox, after string, wait time.Duration) ([]channel.Stored, error) {
	found, err := c.client.Fetch(ctx, relay.Mailbox(m), relay.Cursor(after), wait)
	all := make([]channel.Stored, len(found))
	for i, f := range found {
		all[i] = channel.Stored{Cursor: string(f.Cursor), Parcel: f.Parcel}
	}
	return all, err
}

func (c carrier) Remove(ctx context.Context, m channel.Mailbox, through string) error {
	err := c.client.Remove(ctx, relay.Mailbox(m), relay.Cursor(through))
	if errors.Is(err, relay.ErrCursor) {
		return nil // the relay forgot the place, and with it what stood there
	}
	return err
}

// reach makes the carrier for the relays named, the preferred one first.
func reach(relays []string, opt relay.ClientOptions) (carrier, error) {
	if len(relays) == 0 {
		return carrier{}, errors.New("no relay is named")
	}
	addresses := make([]relay.Address, len(relays))
	for i, name := range relays {
		var err error
		if addresses[i], err = relay.ParseAddress(name); err != nil {
			return carrier{}, err
		}
	}
	client, err := relay.NewSeveral(addresses, opt)
	if err != nil {
		return carrier{}, fmt.Errorf("relay %s: %w", relays[0], err)
	}
	return carrier{client}, nil
}
