package node

import (
	"context"
	"fmt"
	"slices"

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
	if err := n.must(Administrator); err != nil {
		return err
	}
	return n.changeVault(ctx, "user.add", u, func(v *vault) error {
		if _, known := v.find(u.Name, true); known { // else two people could go by one name
			return fmt.Errorf("user %s: %w", u.Name, store.ErrExists)
		}
		return v.add(n.rand, u, *n.key, passphrase)
	})
}

// AddUserWithKeyFile gives another person, or a service, a slot that the key
// file with this content opens.
func (n *Node) AddUserWithKeyFile(ctx context.Context, u User, content []byte) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	return n.changeVault(ctx, "user.add", u, func(v *vault) error {
		if _, known := v.slot(u.Name); known {
			return fmt.Errorf("user %s: %w", u.Name, store.ErrExists)
		}
		return v.addKeyFile(n.rand, u, *n.key, content)
	})
}

// AddKeyFile lets the user at work come in with a key file as well.
func (n *Node) AddKeyFile(ctx context.Context, content []byte) error {
	return n.changeVault(ctx, "user.key-file", n.User, func(v *vault) error {
		return v.addKeyFile(n.rand, n.User, *n.key, content)
	})
}

// changeVault changes the file of the users' slots as it is now, while the
// transaction keeps others from it: somebody else may have changed it since
// this node was opened.
func (n *Node) changeVault(ctx context.Context, action string, u User, change func(*vault) error) error {
	return n.store.Update(ctx, func(tx *store.Tx) error {
		if err := n.record(ctx, tx, action, u.Name, "", u); err != nil {
			return err
		}
		v, err := readVault(n.vault.path)
		if err != nil {
			return err
		}
		if err := change(v); err != nil {
			return err
		}
		*n.vault = *v
		return nil
	})
}

// Users lists the people who can open the node.
func (n *Node) Users() []User {
	var all []User
	for _, s := range n.vault.Slots {
		if !slices.ContainsFunc(all, func(u User) bool { return u.Name == s.Name }) {
			all = append(all, s.User)
		}
	}
	return all
}
