package node

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"parley/internal/store"
)

// ErrOutside: nobody of ours is known to the provider by that name, or they may
// not come in so. It does not say which.
var ErrOutside = errors.New("nobody of ours signs in so")

// Provider is who vouches for our people from outside, by OpenID Connect Core
// 1.0. What it vouches for lets somebody in to a node that is open already, and
// opens none: it gives no secret that a key could be sealed under.
type Provider struct {
	Issuer   string    `json:"issuer"` // an https address, as it names itself
	ClientID string    `json:"client_id"`
	Secret   string    `json:"-"`
	Claim    string    `json:"claim"` // that says who somebody is: sub, email, …
	CA       string    `json:"ca,omitempty"`
	SetBy    string    `json:"set_by"`
	SetAt    time.Time `json:"set_at"`
}

// keptProvider is a provider as the encrypted store has it.
type keptProvider struct {
	Provider
	Secret string `json:"secret"`
}

const providerName = "provider of sign-ins"

// Bounds on what says who provides sign-ins.
const (
	maxIssuer   = 300
	maxClient   = 300
	maxSecret   = 4 << 10
	maxCA       = 64 << 10
	maxOutside  = 300 // bytes of a claim's value
	maxOutsides = 1_000
)

var claimName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)

// CheckProvider refuses what cannot be a provider.
func CheckProvider(p Provider) error {
	u, err := url.Parse(p.Issuer)
	switch {
	case err != nil || len(p.Issuer) > maxIssuer || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return invalid("the issuer %.80q is no https address without anything behind its path", p.Issuer)
	case p.ClientID == "" || len(p.ClientID) > maxClient:
		return invalid("a client id has 1 to %d bytes", maxClient)
	case p.Secret == "" || len(p.Secret) > maxSecret:
		return invalid("a client secret has 1 to %d bytes", maxSecret)
	case !claimName.MatchString(p.Claim):
		return invalid("the claim %.80q is no name such as sub or email", p.Claim)
	case len(p.CA) > maxCA || p.CA != "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(p.CA)):
		return invalid("the authority's file holds no PEM certificate")
	}
	return nil
}

// SetProvider says who vouches for our people from outside. Its secret is kept
// in the encrypted store. Those who sign in by another issuer or claim do not any more.
func (n *Node) SetProvider(ctx context.Context, p Provider) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	if err := CheckProvider(p); err != nil {
		return err
	}
	p.SetBy, p.SetAt = n.User.Name, n.now()
	return n.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.SetJSONSetting(ctx, providerName, keptProvider{p, p.Secret}); err != nil {
			return err
		}
		return n.record(ctx, tx, "provider.set", "", "", map[string]any{"issuer": p.Issuer, "client_id": p.ClientID, "claim": p.Claim})
	})
}

// RemoveProvider lets nobody in from outside any more.
func (n *Node) RemoveProvider(ctx context.Context) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := n.provider(ctx, tx); err != nil {
			return err
		}
		if err := tx.SetJSONSetting(ctx, providerName, keptProvider{}); err != nil {
			return err
		}
		return n.record(ctx, tx, "provider.remove", "", "", nil)
	})
}

// Provider reads it, with its secret; ErrNotFound where there is none.
func (n *Node) Provider(ctx context.Context) (p Provider, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		p, err = n.provider(ctx, tx)
		return err
	})
	return p, err
}

func (n *Node) provider(ctx context.Context, tx *store.Tx) (Provider, error) {
	var k keptProvider
	if err := tx.JSONSetting(ctx, providerName, &k); err != nil {
		return Provider{}, err
	}
	if k.Issuer == "" {
		return Provider{}, fmt.Errorf("a provider of sign-ins: %w", store.ErrNotFound)
	}
	k.Provider.Secret = k.Secret
	return k.Provider, nil
}

// MapOutsider lets whom the provider's claim names so in as one of our users.
func (n *Node) MapOutsider(ctx context.Context, value, user string) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	if value == "" || len(value) > maxOutside || strings.TrimSpace(value) != value {
		return invalid("what the claim says has 1 to %d bytes, without blanks around it", maxOutside)
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		p, err := n.provider(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := tx.Account(ctx, user); err != nil {
			return err
		}
		all, err := tx.Outsiders(ctx)
		if err != nil {
			return err
		}
		if len(all) >= maxOutsides {
			return invalid("%d people sign in from outside already", len(all))
		}
		if _, err := tx.Outsider(ctx, p.Issuer, p.Claim, value); !errors.Is(err, store.ErrNotFound) {
			return errors.Join(err, fmt.Errorf("whom the claim names so: %w", store.ErrExists))
		}
		id, err := tx.AddOutsider(ctx, store.Outsider{Issuer: p.Issuer, Claim: p.Claim, Value: value, User: user, AddedBy: n.User.Name, AddedAt: n.now()})
		if err != nil {
			return err
		}
		return n.record(ctx, tx, "provider.map", user, "", map[string]any{"number": id, "claim": p.Claim, "value": value})
	})
}

// UnmapOutsider takes that back.
func (n *Node) UnmapOutsider(ctx context.Context, id int64) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.RemoveOutsider(ctx, id); err != nil {
			return err
		}
		return n.record(ctx, tx, "provider.unmap", "", "", map[string]any{"number": id})
	})
}

// Outsiders lists who signs in from outside: everybody, for administrators and
// auditors, and others as they themselves do.
func (n *Node) Outsiders(ctx context.Context) (all []store.Outsider, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Outsiders(ctx)
		return err
	})
	if !MaySeePeople(n.User) {
		all = slices.DeleteFunc(all, func(o store.Outsider) bool { return o.User != n.User.Name })
	}
	return all, err
}

// OutsideSignIn says whom a claim's value names. Whoever calls it has checked
// what the provider answered. Somebody who never came in with what opens their
// slot has no roles that are proven, and is not let in so.
func (n *Node) OutsideSignIn(ctx context.Context, p Provider, value string) (u User, err error) {
	v, err := readVault(n.vault.path)
	if err != nil {
		return u, err
	}
	return u, n.store.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Outsider(ctx, p.Issuer, p.Claim, value)
		if errors.Is(err, store.ErrNotFound) {
			return ErrOutside
		}
		if err != nil {
			return err
		}
		a, err := tx.Account(ctx, o.User)
		if err != nil {
			return err
		}
		if !v.has(a.Name) || !a.LockedAt.IsZero() || !a.OnceUntil.IsZero() || len(a.Roles) == 0 {
			return ErrOutside
		}
		u.Name = a.Name
		if u.Roles, err = rolesOf(a, nil); err != nil {
			return err
		}
		return tx.UseOutsider(ctx, o.ID, n.now())
	})
}
