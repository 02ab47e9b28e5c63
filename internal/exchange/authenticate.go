package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"parley/internal/store"
	"parley/taxii"
)

// tokenBytes is how much chance is in a consumer's secret.
const tokenBytes = 32

// NewToken draws a consumer's secret. What the store keeps of it is its digest: a fast hash is enough
// for 256 bits of chance.
func NewToken(rand io.Reader) (token string, digest []byte, err error) {
	var secret [tokenBytes]byte
	if _, err := io.ReadFull(rand, secret[:]); err != nil {
		return "", nil, fmt.Errorf("draw a token: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(secret[:])
	clear(secret[:])
	return token, digestOf(token), nil
}

func digestOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Authenticate finds the consumer that sends a request. Its token is the password of its name, or
// stands alone as a bearer's.
func (x *Exchange) Authenticate(ctx context.Context, r *http.Request) (taxii.Requester, error) {
	name, token, ok := credentialsOf(r)
	if !ok {
		return taxii.Requester{}, taxii.ErrUnauthenticated
	}
	var c store.Consumer
	err := x.store.View(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.ConsumerByToken(ctx, digestOf(token))
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return taxii.Requester{}, taxii.ErrUnauthenticated
	case err != nil:
		return taxii.Requester{}, err
	case name != "" && name != c.Name:
		return taxii.Requester{}, taxii.ErrUnauthenticated
	case c.Suspended:
		return taxii.Requester{}, taxii.ErrForbidden
	}
	return taxii.Requester{Name: c.Name}, x.seen(ctx, c)
}

// credentialsOf reads what stands in the Authorization header, of which there must be one.
func credentialsOf(r *http.Request) (name, token string, ok bool) {
	header := r.Header.Values("Authorization")
	if len(header) != 1 {
		return "", "", false
	}
	if name, token, ok = r.BasicAuth(); ok {
		return name, token, name != ""
	}
	scheme, token, _ := strings.Cut(header[0], " ")
	// Token is what OASIS's own Python client calls the scheme.
	return "", strings.TrimSpace(token), strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "Token")
}

// Challenges names both schemes.
func (x *Exchange) Challenges() []string {
	return []string{
		fmt.Sprintf(`Basic realm=%q, charset="UTF-8"`, x.opt.Title),
		fmt.Sprintf(`Bearer realm=%q`, x.opt.Title),
	}
}

// seen notes that a consumer came, once an hour at most.
func (x *Exchange) seen(ctx context.Context, c store.Consumer) error {
	now := x.opt.Now()
	if now.Sub(c.SeenAt) < time.Hour {
		return nil
	}
	return full(x.store.Update(ctx, func(tx *store.Tx) error { return tx.SetConsumerSeen(ctx, c.Counterpart, now) }))
}
