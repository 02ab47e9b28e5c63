package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/internal/store"
)

// Person is a user as administrators see them.
type Person struct {
	Number int64 `json:"number"`
	User
	Passphrase   bool      `json:"passphrase"` // which of the two they come in with
	KeyFile      bool      `json:"key_file"`
	SecondFactor bool      `json:"second_factor"`
	Passkeys     int       `json:"passkeys"`
	Tokens       int       `json:"tokens"` // that are good now
	AddedBy      string    `json:"added_by,omitempty"`
	AddedAt      time.Time `json:"added_at,omitzero"`
	OnceUntil    time.Time `json:"once_until,omitzero"` // their passphrase is one that somebody else knows
	LockedBy     string    `json:"locked_by,omitempty"`
	LockedWhy    string    `json:"locked_why,omitempty"`
	LockedAt     time.Time `json:"locked_at,omitzero"`
	CameAt       time.Time `json:"came_at,omitzero"`
}

// Locked tells whether an administrator locked them out.
func (p Person) Locked() bool { return !p.LockedAt.IsZero() }

// MaySeePeople tells whether a user may see how others come in.
func MaySeePeople(u User) bool { return u.Is(Administrator) || u.Is(Auditor) }

// People lists the users, those that are locked out too, the oldest first. Who
// is neither administrator nor auditor sees names and roles, and themselves.
func (n *Node) People(ctx context.Context) (all []Person, err error) {
	v, err := readVault(n.vault.path)
	if err != nil {
		return nil, err
	}
	err = n.store.View(ctx, func(tx *store.Tx) error {
		accounts, err := tx.Accounts(ctx)
		if err != nil {
			return err
		}
		tokens, err := tx.Tokens(ctx)
		if err != nil {
			return err
		}
		for _, a := range accounts {
			p, err := n.person(ctx, tx, v, a, tokens)
			if err != nil {
				return err
			}
			if !MaySeePeople(n.User) && p.Name != n.User.Name {
				p = Person{Number: p.Number, User: p.User}
			}
			all = append(all, p)
		}
		return nil
	})
	return all, err
}

// Person reads one of them by number.
func (n *Node) Person(ctx context.Context, id int64) (Person, error) {
	all, err := n.People(ctx)
	if err != nil {
		return Person{}, err
	}
	i := slices.IndexFunc(all, func(p Person) bool { return p.Number == id })
	if i < 0 {
		return Person{}, fmt.Errorf("user U%d: %w", id, store.ErrNotFound)
	}
	return all[i], nil
}

func (n *Node) person(ctx context.Context, tx *store.Tx, v *vault, a store.Account, tokens []store.Token) (p Person, err error) {
	slots, err := slotsOf(v, a)
	if err != nil {
		return p, err
	}
	p = Person{
		Number: a.ID, User: User{Name: a.Name}, AddedBy: a.AddedBy, AddedAt: a.AddedAt, OnceUntil: a.OnceUntil,
		LockedBy: a.LockedBy, LockedWhy: a.LockedWhy, LockedAt: a.LockedAt, CameAt: a.CameAt,
	}
	for _, s := range slots {
		p.KeyFile, p.Passphrase = p.KeyFile || s.KeyFile, p.Passphrase || !s.KeyFile
		p.Roles = s.Roles
	}
	if p.Roles, err = rolesOf(a, p.Roles); err != nil {
		return p, err
	}
	keys, err := tx.Passkeys(ctx, a.Name)
	if err != nil {
		return p, err
	}
	p.Passkeys = len(keys)
	for _, t := range tokens {
		if t.User == a.Name && t.EndedAt.IsZero() && n.now().Before(t.ExpiresAt) {
			p.Tokens++
		}
	}
	_, err = tx.SecondFactor(ctx, a.Name)
	p.SecondFactor = err == nil
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return p, err
}

// slotsOf are a user's, in the key file or taken out of it.
func slotsOf(v *vault, a store.Account) (all []slot, err error) {
	if len(a.Slots) > 0 {
		if err := json.Unmarshal(a.Slots, &all); err != nil {
			return nil, fmt.Errorf("read the slots of %s: %w", a.Name, err)
		}
	}
	for _, s := range v.Slots {
		if s.Name == a.Name && !slices.ContainsFunc(all, func(one slot) bool { return one.KeyFile == s.KeyFile }) {
			all = append(all, s)
		}
	}
	return all, nil
}

// lastAdministrator refuses to take the role from the only one who has it and
// can come in.
func (n *Node) lastAdministrator(ctx context.Context, tx *store.Tx, v *vault, name string) error {
	accounts, err := tx.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.Name == name || !a.LockedAt.IsZero() || !v.has(a.Name) || !a.OnceUntil.IsZero() {
			continue
		}
		i := slices.IndexFunc(v.Slots, func(s slot) bool { return s.Name == a.Name })
		roles, err := rolesOf(a, v.Slots[i].Roles)
		if err != nil {
			return err
		}
		if slices.Contains(roles, Administrator) {
			return nil
		}
	}
	return notYet("%s is the last administrator who can come in: make somebody else one first, who has chosen a passphrase", name)
}

// SetRoles gives a user other roles. One that is taken away counts for nothing
// from now on; one that is given counts from the user's next sign-in.
func (n *Node) SetRoles(ctx context.Context, name string, roles []Role) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	if err := checkRoles(name, roles); err != nil {
		return err
	}
	return n.changeAccount(ctx, "user.roles", name, map[string]any{"roles": roles}, func(tx *store.Tx, v *vault, a *store.Account) (err error) {
		if !slices.Contains(roles, Administrator) {
			if err := n.lastAdministrator(ctx, tx, v, name); err != nil {
				return err
			}
		}
		a.Roles, err = json.Marshal(roles)
		return err
	})
}

// SignOut ends every session of a user.
func (n *Node) SignOut(ctx context.Context, name string) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	return n.changeAccount(ctx, "user.sign-out", name, nil, func(_ *store.Tx, _ *vault, a *store.Account) error {
		a.OutAt = n.now()
		return nil
	})
}

// changeAccount changes what is said of a user, beside the key file as it is.
func (n *Node) changeAccount(ctx context.Context, action, name string, detail any, change func(*store.Tx, *vault, *store.Account) error) error {
	return n.changeVault(ctx, action, name, detail, func(tx *store.Tx, v *vault) error {
		a, err := tx.Account(ctx, name)
		if err != nil {
			return err
		}
		if err := change(tx, v, &a); err != nil {
			return err
		}
		return tx.SetAccount(ctx, a)
	})
}

// Self is the user at work, as they see themselves.
func (n *Node) Self(ctx context.Context) (Person, error) {
	all, err := n.People(ctx)
	if err != nil {
		return Person{}, err
	}
	i := slices.IndexFunc(all, func(p Person) bool { return p.Name == n.User.Name })
	if i < 0 {
		return Person{User: n.User}, nil // a slot that no node has enrolled yet
	}
	return all[i], nil
}
