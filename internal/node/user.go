package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parley/internal/store"
)

// enter opens the user's slot with what the options hold.
func (v *vault) enter(opt Options) (User, [store.KeySize]byte, error) {
	if opt.KeyFile != nil {
		return v.openKeyFile(opt.User, opt.KeyFile)
	}
	return v.open(opt.User, opt.Passphrase)
}

// admit gives the first user a slot.
func (v *vault) admit(opt Options, u User, key [store.KeySize]byte) error {
	if opt.KeyFile != nil {
		return v.addKeyFile(opt.Rand, u, key, opt.KeyFile)
	}
	return v.add(opt.Rand, u, key, opt.Passphrase)
}

// AddUser gives another person a passphrase of their own.
func (n *Node) AddUser(ctx context.Context, u User, passphrase string) error {
	return n.addUser(ctx, u, time.Time{}, func(v *vault) error { return v.add(n.rand, u, *n.key, passphrase) })
}

// AddUserWithKeyFile gives another person, or a service, a slot that the key
// file with this content opens.
func (n *Node) AddUserWithKeyFile(ctx context.Context, u User, content []byte) error {
	return n.addUser(ctx, u, time.Time{}, func(v *vault) error { return v.addKeyFile(n.rand, u, *n.key, content) })
}

// addUser gives somebody an account and a slot. A name that somebody has or had
// goes to nobody else: the ledger would not say which of them it was.
func (n *Node) addUser(ctx context.Context, u User, once time.Time, slot func(*vault) error) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	if err := checkUser(u); err != nil {
		return err
	}
	roles, err := json.Marshal(u.Roles)
	if err != nil {
		return fmt.Errorf("add user %s: %w", u.Name, err)
	}
	return n.changeVault(ctx, "user.add", u.Name, u, func(tx *store.Tx, v *vault) error {
		_, err := tx.Account(ctx, u.Name)
		if v.has(u.Name) || err == nil {
			return fmt.Errorf("user %s: %w", u.Name, store.ErrExists)
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if _, err := tx.AddAccount(ctx, store.Account{Name: u.Name, Roles: roles, AddedBy: n.User.Name, AddedAt: n.now(), OnceUntil: once}); err != nil {
			return err
		}
		return slot(v)
	})
}

// AddKeyFile lets the user at work come in with a key file as well.
func (n *Node) AddKeyFile(ctx context.Context, content []byte) error {
	return n.changeVault(ctx, "user.key-file", n.User.Name, n.User, func(_ *store.Tx, v *vault) error {
		return v.addKeyFile(n.rand, n.User, *n.key, content)
	})
}

// changeVault changes the file of the users' slots as it is now, while the
// transaction keeps others from it: somebody else may have changed it since
// this node was opened.
func (n *Node) changeVault(ctx context.Context, action, subject string, detail any, change func(*store.Tx, *vault) error) error {
	var (
		v        *vault
		accounts map[string]store.Account
	)
	err := n.store.Update(ctx, func(tx *store.Tx) (err error) {
		if err := n.record(ctx, tx, action, subject, "", detail); err != nil {
			return err
		}
		if v, err = readVault(n.vault.path); err != nil {
			return err
		}
		if err := change(tx, v); err != nil {
			return err
		}
		accounts, err = accountsOf(ctx, tx)
		return err
	})
	if err == nil {
		*n.vault, n.accounts = *v, accounts
	}
	return err
}
