package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/store"
)

// ErrUserLocked: an administrator locked the user out.
var ErrUserLocked = errors.New("an administrator locked this user out")

// ErrGone: who came in before may not be here any more: they were locked out or
// signed out, or have no slot in the key file.
var ErrGone = errors.New("signed out")

// accountsOf reads what administrators said of users, by name.
func accountsOf(ctx context.Context, tx *store.Tx) (map[string]store.Account, error) {
	all, err := tx.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	byName := make(map[string]store.Account, len(all))
	for _, a := range all {
		byName[a.Name] = a
	}
	return byName, nil
}

// enrol gives every slot of the key file its account, where it has none: a node
// of before, or a kill between the two. Of those that are known the roles are
// written down; those of others are not proven before their slot is opened.
func (n *Node) enrol(ctx context.Context, tx *store.Tx, v *vault, known ...User) error {
	there, err := accountsOf(ctx, tx)
	if err != nil {
		return err
	}
	for _, s := range v.Slots {
		if _, has := there[s.Name]; has {
			continue
		}
		a := store.Account{Name: s.Name, AddedBy: n.User.Name, AddedAt: n.now()}
		if i := slices.IndexFunc(known, func(u User) bool { return u.Name == s.Name }); i >= 0 {
			if a.Roles, err = json.Marshal(known[i].Roles); err != nil {
				return fmt.Errorf("add user %s: %w", s.Name, err)
			}
		}
		if _, err := tx.AddAccount(ctx, a); err != nil {
			return err
		}
		there[s.Name] = a
	}
	return nil
}

// confirm makes whoever opened the node who they are by now: with the roles that
// an administrator gave them since their slot was sealed, or not at all.
func (n *Node) confirm(ctx context.Context, choosing bool) error {
	if slices.ContainsFunc(n.vault.Slots, func(s slot) bool { _, there := n.accounts[s.Name]; return !there }) {
		if err := n.store.Update(ctx, func(tx *store.Tx) error { return n.enrol(ctx, tx, n.vault, n.User) }); err != nil {
			return err
		}
		if err := n.loadSettings(ctx); err != nil {
			return err
		}
	}
	a := n.accounts[n.User.Name]
	if !a.LockedAt.IsZero() {
		return fmt.Errorf("open the node as %s: %w", n.User.Name, ErrUserLocked)
	}
	if err := n.checkOnce(a, choosing); err != nil {
		return err
	}
	roles, err := rolesOf(a, n.User.Roles)
	n.User.Roles = roles
	return err
}

func (n *Node) checkOnce(a store.Account, choosing bool) error {
	switch {
	case a.OnceUntil.IsZero():
		return nil
	case n.now().After(a.OnceUntil):
		return fmt.Errorf("the one-time passphrase of %s served until %s: ask an administrator for another: %w", a.Name, a.OnceUntil.Format(time.RFC3339), ErrPassphrase)
	case choosing:
		return nil
	}
	return notYet("somebody else knows this passphrase: choose one of your own first, with 'parley user passphrase' or in the console")
}

// rolesOf are the roles that hold: an administrator's word, or else those that
// are sealed in the slot.
func rolesOf(a store.Account, slot []Role) ([]Role, error) {
	if len(a.Roles) == 0 {
		return slot, nil
	}
	var roles []Role
	if err := json.Unmarshal(a.Roles, &roles); err != nil {
		return nil, fmt.Errorf("read the roles of %s: %w", a.Name, err)
	}
	return roles, nil
}

// Enter notes that somebody came in, by whichever way, and says with which
// roles. Whoever calls it has made sure of the user, as [Node.SignIn] does. One
// who is locked out is told no more than a stranger: the error is [ErrPassphrase].
func (n *Node) Enter(ctx context.Context, u User) (User, error) {
	err := n.store.Update(ctx, func(tx *store.Tx) error {
		a, err := tx.Account(ctx, u.Name)
		if errors.Is(err, store.ErrNotFound) {
			return nil // a slot that no node has enrolled yet
		}
		if err != nil {
			return err
		}
		if !a.LockedAt.IsZero() || n.checkOnce(a, true) != nil {
			return ErrPassphrase
		}
		if len(a.Roles) == 0 && len(u.Roles) > 0 { // whoever came in has proven those of the slot
			if a.Roles, err = json.Marshal(u.Roles); err != nil {
				return fmt.Errorf("keep the roles of %s: %w", u.Name, err)
			}
		}
		if u.Roles, err = rolesOf(a, u.Roles); err != nil {
			return err
		}
		a.CameAt = n.now()
		return tx.SetAccount(ctx, a)
	})
	return u, err
}

// Admit is [Node.As] for somebody who came in at a time, zero for a program's
// token: with no role that an administrator took away meanwhile, and [ErrGone]
// where they may not be here any more.
func (n *Node) Admit(ctx context.Context, u User, since time.Time) (*Node, error) {
	as, err := n.As(ctx, u)
	if err != nil {
		return nil, err
	}
	a, known := as.accounts[u.Name]
	if !as.Here() || !a.LockedAt.IsZero() || !since.IsZero() && since.Before(a.OutAt) {
		return nil, ErrGone
	}
	if !known || len(a.Roles) == 0 {
		return as, nil
	}
	hold, err := rolesOf(a, nil)
	as.User.Roles = slices.DeleteFunc(slices.Clone(u.Roles), func(r Role) bool { return !slices.Contains(hold, r) })
	return as, err
}

// MustChoose tells whether the user has to choose a passphrase of their own
// before anything else.
func (n *Node) MustChoose() bool { return !n.accounts[n.User.Name].OnceUntil.IsZero() }

// Users lists the people who can open the node, with the roles that hold.
func (n *Node) Users() []User {
	var all []User
	for _, s := range n.vault.Slots {
		a := n.accounts[s.Name]
		if !a.LockedAt.IsZero() || slices.ContainsFunc(all, func(u User) bool { return u.Name == s.Name }) {
			continue
		}
		u := s.User
		if roles, err := rolesOf(a, u.Roles); err == nil {
			u.Roles = roles
		}
		all = append(all, u)
	}
	return all
}

// checkRoles refuses a set of roles that no user can have.
func checkRoles(name string, roles []Role) error {
	if len(roles) == 0 {
		return invalid("user %s needs a role: %v", name, Roles())
	}
	for i, r := range roles {
		if !slices.Contains(Roles(), r) {
			return invalid("no role is called %q: there are %v", r, Roles())
		}
		if slices.Contains(roles[:i], r) {
			return invalid("role %s is named twice", r)
		}
	}
	return nil
}

// because checks why something is done to somebody.
func because(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxReason {
		return "", invalid("say why, in at most %d bytes", maxReason)
	}
	return text, nil
}

const maxReason = 1000
