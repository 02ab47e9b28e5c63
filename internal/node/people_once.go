package node

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"time"

	"parley/internal/store"
)

// OnceTime is for how long a one-time passphrase serves.
const OnceTime = 7 * 24 * time.Hour

// onceSize is how many random bytes it has: 100 bits of them are written.
const onceSize = 13

// letters are those of a one-time passphrase: none looks like another.
var letters = base32.NewEncoding("023456789abcdefghjkmnpqrstuvwxyz").WithPadding(base32.NoPadding)

func newPassphrase(rnd io.Reader) (string, error) {
	raw := make([]byte, onceSize)
	defer clear(raw)
	if _, err := io.ReadFull(rnd, raw); err != nil {
		return "", fmt.Errorf("draw a passphrase: %w", err)
	}
	text := letters.EncodeToString(raw)[:20]
	return text[:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:], nil
}

// Invite adds a user with a passphrase that is drawn by chance and told here
// and nowhere else. It serves to choose another, until a time.
func (n *Node) Invite(ctx context.Context, u User) (passphrase string, until time.Time, err error) {
	if passphrase, err = newPassphrase(n.rand); err != nil {
		return "", until, err
	}
	until = n.now().Add(OnceTime)
	return passphrase, until, n.addUser(ctx, u, until, func(v *vault) error { return v.add(n.rand, u, *n.key, passphrase) })
}

// Renew gives a user who lost theirs a one-time passphrase in the old one's
// place, and ends their sessions. Their key file stays as it is.
func (n *Node) Renew(ctx context.Context, name string) (passphrase string, until time.Time, err error) {
	if err := n.must(Administrator); err != nil {
		return "", until, err
	}
	if name == n.User.Name {
		return "", until, notYet("you are at work as %s: choose another passphrase yourself", name)
	}
	if passphrase, err = newPassphrase(n.rand); err != nil {
		return "", until, err
	}
	until = n.now().Add(OnceTime)
	return passphrase, until, n.changeAccount(ctx, "user.renew", name, nil, func(tx *store.Tx, v *vault, a *store.Account) error {
		if !a.LockedAt.IsZero() {
			return notYet("user %s is locked out: unlock them first", name)
		}
		if err := n.lastAdministrator(ctx, tx, v, name); err != nil {
			return err
		}
		a.OnceUntil, a.OutAt = until, n.now()
		return n.reseal(v, *a, passphrase)
	})
}

// ChangePassphrase gives the user at work another passphrase, and ends the
// sessions that began with the old one. old is asked for where there is one.
func (n *Node) ChangePassphrase(ctx context.Context, old, passphrase string) error {
	if old == passphrase {
		return invalid("that is the passphrase you have: choose another")
	}
	return n.changeAccount(ctx, "user.passphrase", n.User.Name, nil, func(_ *store.Tx, v *vault, a *store.Account) error {
		if _, has := v.slot(n.User.Name); has {
			_, key, err := v.open(n.User.Name, old)
			defer clear(key[:])
			if err != nil {
				return err
			}
			if subtle.ConstantTimeCompare(key[:], n.key[:]) != 1 {
				return ErrPassphrase
			}
		}
		a.OnceUntil, a.OutAt = time.Time{}, n.now()
		return n.reseal(v, *a, passphrase)
	})
}

// reseal puts a slot with another passphrase into the old one's place.
func (n *Node) reseal(v *vault, a store.Account, passphrase string) error {
	before := v.drop(func(s slot) bool { return s.Name == a.Name && !s.KeyFile })
	u := User{Name: a.Name}
	switch file, has := v.find(a.Name, true); {
	case len(before) > 0:
		u.Roles = before[0].Roles
	case has:
		u.Roles = file.Roles
	default:
		return errors.Join(store.ErrNotFound, fmt.Errorf("user %s has no slot", a.Name))
	}
	var err error
	if u.Roles, err = rolesOf(a, u.Roles); err != nil {
		return err
	}
	return v.add(n.rand, u, *n.key, passphrase)
}
