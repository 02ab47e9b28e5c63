package node

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"parley/internal/match"
	"parley/internal/release"
	"parley/internal/store"
	"parley/internal/stream"
)

// effect is what an incoming message comes to: commit applies it in the
// transaction that settles the message; refused says why it was not taken.
type effect struct {
	refused string
	commit  func(context.Context, *store.Tx) error
}

func refuse(format string, args ...any) effect {
	return effect{refused: fmt.Sprintf(format, args...), commit: func(context.Context, *store.Tx) error { return nil }}
}

// applyNext applies the oldest message of the inbox, of matches or of all else, and reports whether there
// was one. What a counterpart did wrong settles the message as refused; an
// error means that nothing happened and the message must be tried again.
func (n *Node) applyNext(ctx context.Context, matches bool) (bool, error) {
	var in store.Incoming
	err := n.store.View(ctx, func(tx *store.Tx) (err error) {
		in, err = tx.NextOf(ctx, matches)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	eff, err := n.dispatch(ctx, in)
	if store.Transient(err) {
		return false, fmt.Errorf("work on %s: %w", in.Kind, err)
	}
	if err != nil {
		eff = refuse("%v", err)
	}
	err = n.settle(ctx, in, eff)
	switch {
	case errors.Is(err, match.ErrState):
		return true, nil // one of our people moved the match meanwhile: work on the message again
	case err != nil && !store.Transient(err):
		// What it asks for cannot be done, now or later: no message of a
		// counterpart may stand in the way of the next.
		err = n.settle(ctx, in, refuse("%v", err))
	}
	return true, err
}

// dispatch hands a message to the part that knows its kind.
func (n *Node) dispatch(ctx context.Context, in store.Incoming) (effect, error) {
	switch {
	case strings.HasPrefix(in.Kind, "match."), stream.Ours(in.Kind):
		eff, err := n.match.Handle(ctx, in)
		return effect{eff.Refused, eff.Commit}, err
	case in.Kind == release.KindBundle:
		return n.received(in), nil
	case in.Kind == release.KindWarning:
		return n.warned(in), nil
	case in.Kind == release.KindWarningReceipt:
		return n.receipted(in), nil
	case in.Kind == release.KindAsk, in.Kind == release.KindAnswer, in.Kind == release.KindWithdrawal, in.Kind == release.KindWithdrawalReceipt:
		return n.followed(in), nil
	}
	return refuse("this program knows no message of the kind %.60q", in.Kind), nil
}

// settle applies an effect and closes its message, in one transaction.
func (n *Node) settle(ctx context.Context, in store.Incoming, eff effect) error {
	return n.store.Update(ctx, func(tx *store.Tx) error {
		if err := eff.commit(ctx, tx); err != nil {
			return err
		}
		if eff.refused == "" {
			return tx.Settle(ctx, in.ID, store.Applied, "")
		}
		n.log.Warn("an incoming message was refused", "kind", in.Kind, "why", eff.refused)
		from, err := tx.CounterpartByID(ctx, in.Counterpart)
		if err != nil {
			return err
		}
		if err := n.recordAs(ctx, tx, from.Name, "message.refused", in.Kind, from.Name, reason{eff.refused}); err != nil {
			return err
		}
		return tx.Settle(ctx, in.ID, store.Refused, eff.refused)
	})
}

type reason struct {
	Reason string `json:"reason"`
}
