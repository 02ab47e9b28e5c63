package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"parley/internal/exchange"
	"parley/internal/store"
	"parley/stix"
	"parley/taxii"
)

// cursorKeyName is the setting that holds the key of TAXII cursors, so that
// pages go on after a restart.
const cursorKeyName = "taxii/cursor-key"

// Exchange is the handler at which consumers' tools read and write. It works
// beside [Node.Serve], which takes in what they put there and notes what they
// read.
func (n *Node) Exchange(ctx context.Context) (http.Handler, error) {
	key, err := n.cursorKey(ctx)
	if err != nil {
		return nil, err
	}
	server, err := taxii.NewServer(n.exchange, taxii.ServerOptions{
		Authenticator: n.exchange, CursorKey: key, Log: n.log, Rand: n.rand,
	})
	if err != nil {
		return nil, err
	}
	return n.exchange.Handler(server), nil
}

// newExchange makes the exchange over the node's store.
func newExchange(opt Options, st *store.Store, added func()) *exchange.Exchange {
	return exchange.New(st, exchange.Options{
		Dir: opt.Home, Check: acceptable, Added: added, Log: opt.Log, Now: opt.Now, Rand: opt.Rand,
	})
}

// acceptable refuses objects that none of our programs could read.
func acceptable(o stix.Object) error {
	if faults := o.Validate(stix.Lenient); len(faults) > 0 {
		return &faults[0]
	}
	return nil
}

// cursorKey reads the key, or draws one.
func (n *Node) cursorKey(ctx context.Context) (key []byte, err error) {
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		key, err = tx.Setting(ctx, cursorKeyName)
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		key = make([]byte, taxii.CursorKeySize)
		if _, err := io.ReadFull(n.rand, key); err != nil {
			return fmt.Errorf("draw a key for cursors: %w", err)
		}
		return tx.SetSetting(ctx, cursorKeyName, key)
	})
	return key, err
}

// Bounds on taking in what consumers put into their collections.
const (
	takeBatch = 500 // objects in a transaction
	takeEvery = 10 * time.Second
)

// takeLoop takes in what consumers put at the exchange, and writes down how far they have read.
func (s *Server) takeLoop(ctx context.Context) {
	tick := time.NewTicker(takeEvery)
	defer tick.Stop()
	for {
		more, err := s.node.takeNext(ctx)
		if err != nil && ctx.Err() == nil {
			s.node.log.Warn("what a consumer sent could not be taken in yet", "error", err)
			more = false
		}
		if more {
			continue
		}
		select {
		case <-ctx.Done():
			s.node.writeDown(context.WithoutCancel(ctx))
			return
		case <-s.node.sent:
		case <-tick.C:
			s.node.writeDown(ctx)
		}
	}
}

func (n *Node) writeDown(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, takeEvery)
	defer cancel()
	if err := n.exchange.WriteDown(ctx); err != nil {
		n.log.Warn("what consumers have read could not be noted yet", "error", err)
	}
}

// takeNext takes in some of what was put into the first collection that has
// something new, and reports whether there may be more.
func (n *Node) takeNext(ctx context.Context) (more bool, err error) {
	var collections []store.Collection
	err = n.store.View(ctx, func(tx *store.Tx) (err error) {
		collections, err = tx.WritableCollections(ctx)
		return err
	})
	if err != nil {
		return false, err
	}
	for _, c := range collections {
		if more, err := n.take(ctx, c); more || err != nil {
			return more, err
		}
	}
	return false, nil
}

// take takes in the members that follow those taken before. They are the
// consumer's, as what comes over a channel is the counterpart's. How far it has
// come changes in the same transaction.
func (n *Node) take(ctx context.Context, c store.Collection) (more bool, err error) {
	members, err := n.newMembers(ctx, c)
	if err != nil || len(members) == 0 {
		return false, err
	}
	return true, n.store.Update(ctx, func(tx *store.Tx) error {
		from, err := tx.CounterpartByID(ctx, c.Counterpart)
		if err != nil {
			return err
		}
		note := takenNote{Collection: c.Alias}
		for _, m := range members {
			o, err := stix.ParseObject(m.Body)
			if err != nil {
				return fmt.Errorf("take in an object of %s: %w", from.Name, err)
			}
			added, found, err := n.putObject(ctx, tx, o, store.Object{Origin: c.Counterpart}, from.Name)
			switch {
			case errors.Is(err, store.ErrVersion):
				note.Refused++
			case err != nil:
				return err
			case added:
				note.Objects, note.Selectors = note.Objects+1, note.Selectors+found
			}
		}
		raised, err := n.raise(ctx, tx)
		if err != nil {
			return err
		}
		note.Warnings = len(raised)
		if err := tx.SetTaken(ctx, c.ID, members[len(members)-1].Added); err != nil {
			return err
		}
		return n.recordAs(ctx, tx, from.Name, "collection.take", from.Name, from.Name, note)
	})
}

type takenNote struct {
	Collection string `json:"collection"`
	Objects    int    `json:"objects"`
	Refused    int    `json:"refused,omitempty"` // other content for a version that is held
	Selectors  int    `json:"selectors"`
	Warnings   int    `json:"warnings"`
}

// newMembers reads what follows in a collection after what was taken in.
func (n *Node) newMembers(ctx context.Context, c store.Collection) (members []store.Member, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		members, err = tx.Members(ctx, store.MemberScope{Collection: c.ID, After: c.Taken}, takeBatch)
		if err != nil {
			return err
		}
		return tx.Bodies(ctx, members)
	})
	return members, err
}
