package node

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/channel"
	"parley/internal/relay"
)

// carrier lets a courier use a relay's client.
type carrier struct{ client *relay.Client }

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

// reach makes the carrier for the first of the relays named.
func reach(relays []string, proxy string) (carrier, error) {
	if len(relays) == 0 {
		return carrier{}, errors.New("no relay is named")
	}
	address, err := relay.ParseAddress(relays[0])
	if err != nil {
		return carrier{}, fmt.Errorf("relay %s: %w", relays[0], err)
	}
	client, err := relay.NewClient(address, relay.ClientOptions{Proxy: proxy})
	if err != nil {
		return carrier{}, fmt.Errorf("relay %s: %w", relays[0], err)
	}
	return carrier{client}, nil
}
