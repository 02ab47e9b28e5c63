package taxii

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"
)

// Authenticator finds out who sends a request.
type Authenticator interface {
	// Authenticate gives the client, or [ErrUnauthenticated] or [ErrForbidden].
	Authenticate(ctx context.Context, r *http.Request) (Requester, error)
	// Challenges are the values of WWW-Authenticate that go with status 401, one at least.
	Challenges() []string
}

// Credentials is an [Authenticator] for a few clients with fixed secrets. It keeps digests of the
// secrets only and compares all of them, in constant time, so that neither a name nor a secret can be
// found by the clock. The digests are fast ones: make secrets with a random generator, 16 bytes and
// more. Where people choose passwords, write an Authenticator that stretches them.
type Credentials struct {
	realm     string
	anonymous bool
	known     []credential
}

// credential is one secret and who it belongs to.
type credential struct {
	digest [sha256.Size]byte
	who    Requester
}

// CredentialsOptions say who may come in.
type CredentialsOptions struct {
	Realm     string            // shown to people by browsers; "TAXII" if empty
	Passwords map[string]string // name to password, for HTTP Basic
	Tokens    map[string]string // name to token, for Bearer
	Anonymous bool              // whether a request without credentials is let in as Requester{}
}

// NewCredentials digests the secrets.
func NewCredentials(opts CredentialsOptions) (*Credentials, error) {
	c := &Credentials{realm: opts.Realm, anonymous: opts.Anonymous}
	if c.realm == "" {
		c.realm = "TAXII"
	}
	for name, password := range opts.Passwords {
		if name == "" || password == "" || strings.Contains(name, ":") {
			return nil, fmt.Errorf("credentials of %s: give a name without a colon, and a password", shown(name))
		}
		c.known = append(c.known, credential{digestOf("basic", name, password), Requester{Name: name}})
	}
	for name, token := range opts.Tokens {
		if name == "" || token == "" {
			return nil, fmt.Errorf("credentials of %s: give a name and a token", shown(name))
		}
		c.known = append(c.known, credential{digestOf("bearer", token), Requester{Name: name}})
	}
	return c, nil
}

// digestOf hashes a secret with the name of its scheme. No part may hold the separator.
func digestOf(parts ...string) [sha256.Size]byte {
	return sha256.Sum256([]byte(strings.Join(parts, "\x00")))
}

// Authenticate reads the Authorization header.
func (c *Credentials) Authenticate(_ context.Context, r *http.Request) (Requester, error) {
	header := r.Header.Values("Authorization")
	switch {
	case len(header) == 0 && c.anonymous:
		return Requester{}, nil
	case len(header) != 1:
		return Requester{}, ErrUnauthenticated
	}
	if name, password, ok := r.BasicAuth(); ok && !strings.Contains(name+password, "\x00") {
		return c.find(digestOf("basic", name, password))
	}
	scheme, token, _ := strings.Cut(header[0], " ")
	// Token is what OASIS's own Python client calls the scheme.
	if strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "Token") {
		return c.find(digestOf("bearer", strings.TrimSpace(token)))
	}
	return Requester{}, ErrUnauthenticated
}

// find compares a digest with every one there is.
func (c *Credentials) find(digest [sha256.Size]byte) (Requester, error) {
	found := -1
	for i := range c.known {
		equal := subtle.ConstantTimeCompare(c.known[i].digest[:], digest[:])
		found = subtle.ConstantTimeSelect(equal, i, found)
	}
	if found < 0 {
		return Requester{}, ErrUnauthenticated
	}
	return c.known[found].who, nil
}

// Challenges names both schemes.
func (c *Credentials) Challenges() []string {
	return []string{
		fmt.Sprintf(`Basic realm=%q, charset="UTF-8"`, c.realm),
		fmt.Sprintf(`Bearer realm=%q`, c.realm),
	}
}

// anybody lets everybody in.
type anybody struct{}

func (anybody) Authenticate(context.Context, *http.Request) (Requester, error) {
	return Requester{}, nil
}

func (anybody) Challenges() []string { return []string{`Basic realm="TAXII"`} }
