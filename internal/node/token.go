package node

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/store"
)

// ErrToken: no token of ours, or one that has expired or was ended. It does not
// say which.
var ErrToken = errors.New("no valid token")

const (
	tokenPrefix = "parley_" // by which scanners for leaked secrets know it
	tokenBytes  = 32
	maxTokenAge = 366 * 24 * time.Hour
	maxTokens   = 1_000
	maxName     = 64 // of a token or a passkey, in characters
)

// Token is what a program comes in with, as people see it.
type Token struct {
	Number    int64     `json:"number"`
	User      string    `json:"user"`
	Name      string    `json:"name"`
	Roles     []Role    `json:"roles"`
	MadeAt    time.Time `json:"made_at"`
	ExpiresAt time.Time `json:"expires_at"`
	EndedAt   time.Time `json:"ended_at,omitzero"`
}

// AddToken makes a token that acts in the user's name, with some of the user's
// roles, until a time. Its text is told here and nowhere else: the store has
// its hash.
func (n *Node) AddToken(ctx context.Context, name string, roles []Role, until time.Time) (text string, err error) {
	if err := n.checkToken(name, roles, until); err != nil {
		return "", err
	}
	raw := make([]byte, tokenBytes)
	if _, err := io.ReadFull(n.rand, raw); err != nil {
		return "", fmt.Errorf("draw a token: %w", err)
	}
	text = tokenPrefix + base64.RawURLEncoding.EncodeToString(raw)
	may, err := json.Marshal(roles)
	if err != nil {
		return "", fmt.Errorf("keep token: %w", err)
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Tokens(ctx)
		if err != nil {
			return err
		}
		if len(all) >= maxTokens {
			return invalid("the node has %d tokens already", len(all))
		}
		id, err := tx.AddToken(ctx, store.Token{Hash: tokenHash(text), User: n.User.Name, Roles: may, Name: name, MadeAt: n.now(), ExpiresAt: until})
		if err != nil {
			return err
		}
		return n.record(ctx, tx, "token.add", fmt.Sprintf("T%d", id), "", map[string]any{"roles": roles, "until": until.UTC()})
	})
	return text, err
}

func (n *Node) checkToken(name string, roles []Role, until time.Time) error {
	if length := utf8.RuneCountInString(strings.TrimSpace(name)); length < 1 || length > maxName {
		return invalid("a token has a name of 1 to %d characters, to know it by", maxName)
	}
	if len(roles) == 0 {
		return invalid("a token needs one of your roles: %v", n.User.Roles)
	}
	for _, r := range roles {
		if !n.User.Is(r) {
			return fmt.Errorf("user %s is no %s, so a token of theirs is none: %w", n.User.Name, r, ErrRole)
		}
	}
	if left := until.Sub(n.now()); left <= 0 || left > maxTokenAge {
		return invalid("a token expires within %d days", maxTokenAge/(24*time.Hour))
	}
	return nil
}

func tokenHash(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// TokenUser is who a token acts for, with the roles that it has.
func (n *Node) TokenUser(ctx context.Context, text string) (u User, err error) {
	if !strings.HasPrefix(text, tokenPrefix) {
		return u, ErrToken
	}
	var t store.Token
	err = n.store.View(ctx, func(tx *store.Tx) error {
		t, err = tx.Token(ctx, tokenHash(text))
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return u, ErrToken
	}
	if err != nil {
		return u, err
	}
	if !t.EndedAt.IsZero() || !n.now().Before(t.ExpiresAt) {
		return u, ErrToken
	}
	return n.stillHere(t.User, t.Roles, ErrToken)
}

// stillHere is a user as something in the store names them, if they still have a
// slot.
func (n *Node) stillHere(name string, roles []byte, otherwise error) (u User, err error) {
	v, err := readVault(n.vault.path)
	if err != nil {
		return u, err
	}
	if !v.has(name) {
		return u, otherwise
	}
	u.Name = name
	if err := json.Unmarshal(roles, &u.Roles); err != nil {
		return u, fmt.Errorf("read the roles of %s: %w", name, err)
	}
	return u, nil
}

// Tokens lists the user's own tokens, or everybody's for an administrator or an
// auditor; the newest first.
func (n *Node) Tokens(ctx context.Context) (all []Token, err error) {
	everybody := n.User.Is(Administrator) || n.User.Is(Auditor)
	err = n.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Tokens(ctx)
		for _, row := range rows {
			if !everybody && row.User != n.User.Name {
				continue
			}
			t := Token{Number: row.ID, User: row.User, Name: row.Name, MadeAt: row.MadeAt, ExpiresAt: row.ExpiresAt, EndedAt: row.EndedAt}
			if err := json.Unmarshal(row.Roles, &t.Roles); err != nil {
				return fmt.Errorf("read token T%d: %w", row.ID, err)
			}
			all = append(all, t)
		}
		return err
	})
	return all, err
}

// EndToken ends a token: the user's own, or anybody's for an administrator.
func (n *Node) EndToken(ctx context.Context, id int64) error {
	all, err := n.Tokens(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(t Token) bool { return t.Number == id })
	if i < 0 {
		return fmt.Errorf("token T%d: %w", id, store.ErrNotFound)
	}
	if err := n.must(Administrator); err != nil && all[i].User != n.User.Name {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.EndToken(ctx, id, n.now()); err != nil {
			return err
		}
		return n.record(ctx, tx, "token.end", fmt.Sprintf("T%d", id), "", nil)
	})
}
