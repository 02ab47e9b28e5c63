package node

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"parley/internal/store"
)

// onceTime is for how long a key is known.
const onceTime = 24 * time.Hour

// ErrKeyUsed: the key of a request was used for another one.
var ErrKeyUsed = errors.New("the key was used for something else: draw another")

// errDone: it was done already, under the same key.
var errDone = errors.New("it was done already")

// Repeated is what was done under a key before.
type Repeated struct {
	Answer  []byte // what was answered; empty where the node was stopped between the act and the answer
	Subject string // what it was done to, as the ledger says; then too
}

// Once has what the user does under the context done at most once for a key: the
// key is kept in the transaction of the first change, so that neither a second
// request nor a node that is killed can do it twice. Where it was done before,
// [Node.Before] says what came of it, and what is done fails with an error that
// [IsDone] knows.
func (n *Node) Once(ctx context.Context, key string, request []byte) context.Context {
	a := n.keyed(key, request)
	return store.Provided(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.ForgetKeyed(ctx, a.At.Add(-onceTime)); err != nil {
			return err
		}
		err := tx.PutKeyed(ctx, a)
		if errors.Is(err, store.ErrExists) {
			return errDone
		}
		return err
	})
}

func (n *Node) keyed(key string, request []byte) store.Keyed {
	k, r := sha256.Sum256([]byte(key)), sha256.Sum256(request)
	return store.Keyed{User: n.User.Name, Key: k[:], Request: r[:], At: n.now()}
}

// IsDone tells whether something was refused because it was done before.
func IsDone(err error) bool { return errors.Is(err, errDone) }

// Before finds what was done under a key. [ErrKeyUsed] where that was something
// else; [store.ErrNotFound] where nothing was.
func (n *Node) Before(ctx context.Context, key string, request []byte) (r Repeated, err error) {
	want := n.keyed(key, request)
	err = n.store.View(ctx, func(tx *store.Tx) error {
		a, err := tx.Keyed(ctx, want.User, want.Key)
		switch {
		case err != nil:
			return err
		case want.At.Sub(a.At) > onceTime:
			return fmt.Errorf("a key of %s: %w", a.At.Format(time.DateTime), store.ErrNotFound)
		case !bytes.Equal(a.Request, want.Request):
			return ErrKeyUsed
		}
		r.Answer = a.Answer
		next, err := tx.Entries(ctx, a.After+1, 1)
		if err == nil && len(next) > 0 {
			r.Subject = next[0].Subject
		}
		return err
	})
	return r, err
}

// Answered keeps what was answered to what was done under a key.
func (n *Node) Answered(ctx context.Context, key string, answer []byte) error {
	a := n.keyed(key, nil)
	return n.store.Update(ctx, func(tx *store.Tx) error { return tx.AnswerKeyed(ctx, a.User, a.Key, answer) })
}
