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

// takeNext takes in some of what was put into each collection, and reports
// whether there may be more. None waits until another is empty, and what goes
// wrong with one keeps no other.
func (n *Node) takeNext(ctx context.Context) (more bool, err error) {
	var collections []store.Collection
	err = n.store.View(ctx, func(tx *store.Tx) (err error) {
		collections, err = tx.WritableCollections(ctx)
		return err
	})
	for _, c := range collections {
		some, failed := n.take(ctx, c)
		more, err = more || some, errors.Join(err, failed)
	}
	return more, err
}

// take takes in the members that follow those taken before. They are the
// consumer's, as what comes over a channel is the counterpart's. How far it has
// come changes in the same transaction.
func (n *Node) take(ctx context.Context, c store.Collection) (more bool, err error) {
	from, members, err := n.newMembers(ctx, c)
	if err != nil || len(members) == 0 {
		return false, err
	}
	note := takenNote{Collection: c.Alias}
	gifts, through := n.unwrapMembers(members, from.Name, &note)
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		for _, g := range gifts {
			added, err := n.keepGift(ctx, tx, g, c.Counterpart, from.Name)
			switch {
			case errors.Is(err, store.ErrVersion):
				note.Refused++
			case err != nil:
				return err
			case added:
				note.Objects, note.Selectors = note.Objects+1, note.Selectors+len(g.findings)
			}
		}
		raised, err := n.raiseFor(ctx, tx, note.Selectors)
		if err != nil {
			return err
		}
		note.Warnings = len(raised)
		if err := tx.SetTaken(ctx, c.ID, through); err != nil {
			return err
		}
		return n.recordAs(ctx, tx, from.Name, "collection.take", from.Name, from.Name, note)
	})
	return err == nil, err
}

// unwrapMembers looks at as many members as go into a transaction, counts those
// that are refused, and gives when the last was added.
func (n *Node) unwrapMembers(members []store.Member, from string, note *takenNote) (gifts []gift, through time.Time) {
	var l load
	seek := newSeeker(n.selectorOptions())
	for _, m := range members {
		through = m.Added
		o, err := stix.ParseObject(m.Body)
		var g gift
		if err == nil {
			g, err = unwrap(o, seek, from)
		}
		if err != nil {
			note.Refused++
			continue
		}
		if gifts = append(gifts, g); l.add(len(m.Body), len(g.findings)) {
			break
		}
	}
	return gifts, through
}

type takenNote struct {
	Collection string `json:"collection"`
	Objects    int    `json:"objects"`
	Refused    int    `json:"refused,omitempty"` // other content for a version that is held, or too many selectors
	Selectors  int    `json:"selectors"`
	Warnings   int    `json:"warnings"`
}

// newMembers reads what follows in a collection after what was taken in, as much
// as goes into a transaction, and whose it is.
func (n *Node) newMembers(ctx context.Context, c store.Collection) (from store.Counterpart, members []store.Member, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		if from, err = tx.CounterpartByID(ctx, c.Counterpart); err != nil {
			return err
		}
		if members, err = tx.Members(ctx, store.MemberScope{Collection: c.ID, After: c.Taken}, takeBatch); err != nil {
			return err
		}
		var l load
		for i, m := range members {
			if l.add(m.Size, 0) {
				members = members[:i+1]
				break
			}
		}
		return tx.Bodies(ctx, members)
	})
	return from, members, err
}
