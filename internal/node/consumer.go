package node

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"parley/internal/exchange"
	"parley/internal/release"
	"parley/internal/store"
)

// A consumer is a counterpart whose tools come to our exchange: they read what
// was released to it, and may put there what it has for us. It has a token in
// place of a channel.

// sentAlias is the collection into which a consumer puts what it has for us.
const sentAlias = "sent"

// maxAlias bounds a collection's readable name in bytes.
const maxAlias = 64

// ConsumerOptions say what a new consumer may do.
type ConsumerOptions struct {
	MaySend bool // it gets a collection to put things into
}

// AddConsumer lets a party's tools in, and returns the token to give to it. The
// token is shown once: the node keeps its digest.
func (n *Node) AddConsumer(ctx context.Context, name string, opt ConsumerOptions) (token string, err error) {
	if err := n.must(Administrator); err != nil {
		return "", err
	}
	if err := checkConsumerName(name); err != nil {
		return "", err
	}
	token, digest, err := exchange.NewToken(n.rand)
	if err != nil {
		return "", err
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		id, err := n.partyNamed(ctx, tx, name)
		if err != nil {
			return err
		}
		if err := tx.AddConsumer(ctx, store.Consumer{Counterpart: id, Name: name, Token: digest, AddedAt: n.now()}); err != nil {
			return err
		}
		if err := n.addCollection(ctx, tx, id, CollectionOptions{Alias: release.UsualCollection, Title: "Released to " + name}); err != nil {
			return err
		}
		if opt.MaySend {
			if err := n.addCollection(ctx, tx, id, CollectionOptions{Alias: sentAlias, Title: "Sent by " + name, Writable: true}); err != nil {
				return err
			}
		}
		return n.record(ctx, tx, "consumer.add", name, name, opt)
	})
	return token, err
}

func checkConsumerName(name string) error {
	switch {
	case name == "" || len(name) > maxUserName:
		return invalid("a consumer's name has 1 to %d bytes", maxUserName)
	case strings.ContainsAny(name, ":\x00\r\n"):
		return invalid("a consumer's name is what its tools sign in with: it has no colon and no line breaks")
	}
	return nil
}

// partyNamed finds a counterpart, or makes one that has no channel.
func (n *Node) partyNamed(ctx context.Context, tx *store.Tx, name string) (int64, error) {
	c, err := tx.Counterpart(ctx, name)
	if errors.Is(err, store.ErrNotFound) {
		return tx.AddCounterpart(ctx, store.Counterpart{Name: name, AddedAt: n.now()})
	}
	return c.ID, err
}

// CollectionOptions describe a new collection of a consumer.
type CollectionOptions struct {
	Alias       string `json:"alias"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	Writable    bool   `json:"writable,omitempty"` // the consumer puts things there; otherwise it reads what we release there
}

// AddCollection gives a consumer another collection.
func (n *Node) AddCollection(ctx context.Context, consumer string, opt CollectionOptions) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	if opt.Alias == "" || len(opt.Alias) > maxAlias || strings.ContainsAny(opt.Alias, "/ \t\r\n") {
		return invalid("a collection's alias has 1 to %d bytes, and no slashes or blanks: it stands in URLs", maxAlias)
	}
	if _, err := uuid.Parse(opt.Alias); err == nil {
		return invalid("a collection's alias must not look like an id")
	}
	return n.onConsumer(ctx, consumer, "collection.create", opt, func(tx *store.Tx, c store.Consumer) error {
		return n.addCollection(ctx, tx, c.Counterpart, opt)
	})
}

// addCollection makes a collection. What a consumer puts somewhere it may read
// again; what we release it may only read.
func (n *Node) addCollection(ctx context.Context, tx *store.Tx, counterpart int64, opt CollectionOptions) error {
	id, err := uuid.NewRandomFromReader(n.rand)
	if err != nil {
		return fmt.Errorf("make the id of a collection: %w", err)
	}
	if opt.Title == "" {
		opt.Title = opt.Alias
	}
	_, err = tx.AddCollection(ctx, store.Collection{
		UUID: id, Counterpart: counterpart, Alias: opt.Alias, Title: opt.Title, Description: opt.Description,
		CanRead: true, CanWrite: opt.Writable, AddedAt: n.now(),
	})
	return err
}

// onConsumer does something about a consumer, with a line in the ledger.
func (n *Node) onConsumer(ctx context.Context, name, action string, detail any, do func(*store.Tx, store.Consumer) error) error {
	return n.store.Update(ctx, func(tx *store.Tx) error {
		c, err := n.consumerNamed(ctx, tx, name)
		if err != nil {
			return err
		}
		if err := do(tx, c); err != nil {
			return err
		}
		return n.record(ctx, tx, action, name, name, detail)
	})
}

func (n *Node) consumerNamed(ctx context.Context, tx *store.Tx, name string) (store.Consumer, error) {
	party, err := tx.Counterpart(ctx, name)
	if err != nil {
		return store.Consumer{}, fmt.Errorf("consumer %q: %w", name, store.ErrNotFound)
	}
	return tx.Consumer(ctx, party.ID)
}

// RenewConsumer draws a new token, and lets nobody in with the old one.
func (n *Node) RenewConsumer(ctx context.Context, name string) (token string, err error) {
	if err := n.must(Administrator); err != nil {
		return "", err
	}
	token, digest, err := exchange.NewToken(n.rand)
	if err != nil {
		return "", err
	}
	err = n.onConsumer(ctx, name, "consumer.token", nil, func(tx *store.Tx, c store.Consumer) error {
		c.Token = digest
		return tx.SetConsumer(ctx, c)
	})
	return token, err
}

// SuspendConsumer keeps a consumer out, or lets it in again. What was released to
// it stays.
func (n *Node) SuspendConsumer(ctx context.Context, name string, out bool) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	action := "consumer.resume"
	if out {
		action = "consumer.suspend"
	}
	return n.onConsumer(ctx, name, action, nil, func(tx *store.Tx, c store.Consumer) error {
		c.Suspended = out
		return tx.SetConsumer(ctx, c)
	})
}

// Consumer is a consumer and its collections.
type Consumer struct {
	store.Consumer
	Collections []store.Collection
}

// Consumers lists all, by name.
func (n *Node) Consumers(ctx context.Context) (all []Consumer, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		held, err := tx.Consumers(ctx)
		if err != nil {
			return err
		}
		all = make([]Consumer, len(held))
		for i, c := range held {
			if all[i], err = withCollections(ctx, tx, c); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// Consumer finds one by name.
func (n *Node) Consumer(ctx context.Context, name string) (one Consumer, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		c, err := n.consumerNamed(ctx, tx, name)
		if err == nil {
			one, err = withCollections(ctx, tx, c)
		}
		return err
	})
	return one, err
}

func withCollections(ctx context.Context, tx *store.Tx, c store.Consumer) (Consumer, error) {
	all, err := tx.Collections(ctx, c.Counterpart)
	return Consumer{c, all}, err
}

// releasable finds a counterpart to whom something may be released: over its
// channel, or at our exchange.
func (n *Node) releasable(ctx context.Context, tx *store.Tx, name string) (store.Counterpart, error) {
	party, err := tx.Counterpart(ctx, name)
	if err != nil {
		return party, err
	}
	c, err := tx.Consumer(ctx, party.ID)
	if party.Open() || errors.Is(err, store.ErrNotFound) {
		return n.reachable(ctx, tx, name)
	}
	if err != nil {
		return party, err
	}
	if c.Suspended {
		return party, notYet("%s is suspended: let its tools in first with 'parley consumer resume %s'", name, name)
	}
	return party, nil
}
