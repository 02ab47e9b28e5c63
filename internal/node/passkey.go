package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"parley/internal/store"
)

// ErrPasskey: no passkey of ours. It does not say why.
var ErrPasskey = errors.New("no such passkey")

const (
	maxPasskeys = 20 // of one user
	handleSize  = 32
)

// Passkeys lists a user's, the oldest first. A passkey lets somebody in to a
// node that is open already, and opens none: the node's key is sealed under
// passphrases and key files alone.
func (n *Node) Passkeys(ctx context.Context, user string) (all []store.Passkey, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Passkeys(ctx, user)
		return err
	})
	return all, err
}

// PasskeysOf lists those of whom a device knows by a handle.
func (n *Node) PasskeysOf(ctx context.Context, handle []byte) (all []store.Passkey, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.PasskeysOf(ctx, handle)
		return err
	})
	return all, err
}

// PasskeyHandle is by what a device knows the user: the same for all of their
// passkeys, and no name.
func (n *Node) PasskeyHandle(ctx context.Context) ([]byte, error) {
	all, err := n.Passkeys(ctx, n.User.Name)
	if err != nil {
		return nil, err
	}
	if len(all) > 0 {
		return all[0].Handle, nil
	}
	handle := make([]byte, handleSize)
	if _, err := io.ReadFull(n.rand, handle); err != nil {
		return nil, fmt.Errorf("draw a passkey's handle: %w", err)
	}
	return handle, nil
}

// AddPasskey keeps a passkey of the user at work, with the roles they have now.
func (n *Node) AddPasskey(ctx context.Context, name string, handle, credential []byte) error {
	if length := utf8.RuneCountInString(strings.TrimSpace(name)); length < 1 || length > maxName {
		return invalid("a passkey has a name of 1 to %d characters, to know it by", maxName)
	}
	roles, err := json.Marshal(n.User.Roles)
	if err != nil {
		return fmt.Errorf("keep passkey: %w", err)
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Passkeys(ctx, n.User.Name)
		if err != nil {
			return err
		}
		if len(all) >= maxPasskeys {
			return invalid("user %s has %d passkeys already: remove one first", n.User.Name, len(all))
		}
		id, err := tx.AddPasskey(ctx, store.Passkey{User: n.User.Name, Roles: roles, Handle: handle, Name: name, Credential: credential, MadeAt: n.now()})
		if err != nil {
			return err
		}
		return n.record(ctx, tx, "user.passkey", n.User.Name, "", map[string]any{"passkey": id})
	})
}

// RemovePasskey forgets one of the user's own.
func (n *Node) RemovePasskey(ctx context.Context, id int64) error {
	return n.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.RemovePasskey(ctx, n.User.Name, id); err != nil {
			return err
		}
		return n.record(ctx, tx, "user.no-passkey", n.User.Name, "", map[string]any{"passkey": id})
	})
}

// PasskeySignIn notes that a passkey was used, as its credential is now, and
// says whose it is. Whoever calls it has checked what the device answered.
func (n *Node) PasskeySignIn(ctx context.Context, p store.Passkey, credential []byte) (User, error) {
	u, err := n.stillHere(p.User, p.Roles, ErrPasskey)
	if err != nil {
		return u, err
	}
	p.Credential, p.UsedAt = credential, n.now()
	return u, n.store.Update(ctx, func(tx *store.Tx) error { return tx.UsePasskey(ctx, p) })
}
