package console

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"
)

// challengeTime is how long a browser may take to answer.
const challengeTime = 5 * time.Minute

// challenges are what browsers were asked to answer with a passkey. What was
// asked goes along in the page, under a key of this console's own, so that
// nobody can fill a table of them; only those that were answered are remembered,
// to take no answer twice.
type challenges struct {
	now  func() time.Time
	rand io.Reader

	mu       sync.Mutex
	key      []byte // drawn for the first; nil before
	answered map[string]time.Time
}

func newChallenges(now func() time.Time, rnd io.Reader) *challenges {
	return &challenges{now: now, rand: rnd, answered: map[string]time.Time{}}
}

// sealed is what goes along in the page.
type sealed struct {
	Asked webauthn.SessionData
	User  string // who was asked; nobody yet in a sign-in
	Until time.Time
}

// ask makes what a page asks for.
func (c *challenges) ask(user string, options any, asked *webauthn.SessionData) (ceremony, error) {
	text, err := json.Marshal(options)
	if err != nil {
		return ceremony{}, fmt.Errorf("ask for a passkey: %w", err)
	}
	state, err := json.Marshal(sealed{*asked, user, c.now().Add(challengeTime)})
	if err != nil {
		return ceremony{}, fmt.Errorf("ask for a passkey: %w", err)
	}
	sum, err := c.sum(state)
	if err != nil {
		return ceremony{}, err
	}
	return ceremony{Options: string(text), State: base64.RawURLEncoding.EncodeToString(state) + "." + base64.RawURLEncoding.EncodeToString(sum)}, nil
}

// sum binds a state to this console.
func (c *challenges) sum(state []byte) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.key == nil {
		key := make([]byte, sha256.Size)
		if _, err := io.ReadFull(c.rand, key); err != nil {
			return nil, fmt.Errorf("draw a key: %w", err)
		}
		c.key = key
	}
	mac := hmac.New(sha256.New, c.key)
	mac.Write(state)
	return mac.Sum(nil), nil
}

// take opens a state that this console made for a user, not too long ago, once.
func (c *challenges) take(user, text string) (webauthn.SessionData, bool) {
	var s sealed
	state, sum, _ := strings.Cut(text, ".")
	raw, err := base64.RawURLEncoding.DecodeString(state)
	if err != nil {
		return s.Asked, false
	}
	given, err := base64.RawURLEncoding.DecodeString(sum)
	if err != nil {
		return s.Asked, false
	}
	if want, err := c.sum(raw); err != nil || !hmac.Equal(given, want) {
		return s.Asked, false
	}
	if err := json.Unmarshal(raw, &s); err != nil || s.User != user || !c.now().Before(s.Until) {
		return s.Asked, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.answered, func(_ string, until time.Time) bool { return !c.now().Before(until) })
	if _, again := c.answered[s.Asked.Challenge]; again {
		return s.Asked, false
	}
	c.answered[s.Asked.Challenge] = s.Until
	return s.Asked, true
}
