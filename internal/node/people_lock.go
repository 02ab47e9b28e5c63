package node

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"parley/internal/store"
)

// LockUser keeps a user out until somebody unlocks them: their slots are taken
// out of the key file and kept in the store, so that not even another program
// opens the folder with their passphrase. Whoever copied the key file, or the
// key, before has it still. Sessions, tokens and passkeys let them in no more.
//
// The account is marked first and the file written then: a kill between leaves
// a user who is locked out by the mark, and to lock again writes the file.
func (n *Node) LockUser(ctx context.Context, name, why string) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	why, err := because(why)
	if err != nil {
		return err
	}
	if name == n.User.Name {
		return notYet("you are at work as %s: somebody else can lock you out", name)
	}
	err = n.changeAccount(ctx, "user.lock", name, map[string]any{"why": why}, func(tx *store.Tx, v *vault, a *store.Account) (err error) {
		if err := n.lastAdministrator(ctx, tx, v, name); err != nil {
			return err
		}
		slots, err := slotsOf(v, *a)
		if err != nil {
			return err
		}
		if a.Slots, err = json.Marshal(slots); err != nil {
			return fmt.Errorf("keep the slots of %s: %w", name, err)
		}
		a.LockedBy, a.LockedWhy, a.LockedAt, a.OutAt = n.User.Name, why, n.now(), n.now()
		return nil
	})
	if err != nil {
		return err
	}
	return n.editVault(ctx, func(v *vault) {
		v.drop(func(s slot) bool { return s.Name == name })
	})
}

// UnlockUser lets a user in again who was locked out, with what they came in
// with before.
func (n *Node) UnlockUser(ctx context.Context, name string) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	return n.changeAccount(ctx, "user.unlock", name, nil, func(_ *store.Tx, v *vault, a *store.Account) error {
		if a.LockedAt.IsZero() {
			return notYet("user %s is not locked out", name)
		}
		slots, err := slotsOf(v, *a)
		if err != nil {
			return err
		}
		v.drop(func(s slot) bool { return s.Name == name })
		if len(v.Slots)+len(slots) > maxSlots {
			return notYet("the node has %d slots: at most %d", len(v.Slots), maxSlots)
		}
		v.Slots = append(v.Slots, slots...)
		a.LockedBy, a.LockedWhy, a.LockedAt, a.Slots = "", "", time.Time{}, nil
		return v.write()
	})
}

// editVault writes the key file anew, while a transaction keeps others from it.
func (n *Node) editVault(ctx context.Context, edit func(*vault)) error {
	return n.store.Update(ctx, func(*store.Tx) error {
		v, err := readVault(n.vault.path)
		if err != nil {
			return err
		}
		edit(v)
		if err := v.write(); err != nil {
			return err
		}
		*n.vault = *v
		return nil
	})
}
