package console

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"parley/internal/node"
)

// Bounds on being signed in.
const (
	idleTime    = 15 * time.Minute // without a request
	longestTime = 12 * time.Hour   // in all
	maxSessions = 256
	tokenSize   = 32 // random bytes
)

// session is one person who is signed in, in one browser.
type session struct {
	number        int64 // to name it by; the token names it to nobody
	from, agent   string
	user          node.User
	started, seen time.Time
	said          string      // what was done last, for the next page to show
	list          placeBefore // that was looked at last
	marks         []judgement // what was judged, to be taken back
	once          []string    // secrets that the next page shows, and no other
	secret        []byte      // of a second factor that is not confirmed yet
	key           keyOf       // a key file that was made for somebody, to be taken once
	acting        sync.Mutex  // one act at a time: a form that is sent twice is done once
}

// sessions are kept in memory alone, each by the hash of its token: whoever
// reads the memory once cannot sign in with what stands there.
type sessions struct {
	now  func() time.Time
	rand io.Reader

	mu   sync.Mutex
	last int64 // number of the newest
	open map[[sha256.Size]byte]*session
}

func newSessions(now func() time.Time, rnd io.Reader) *sessions {
	return &sessions{now: now, rand: rnd, open: map[[sha256.Size]byte]*session{}}
}

// begin signs a user in and returns the token that says so. When there is no
// room, the session that was idle the longest gives way.
func (s *sessions) begin(u node.User, r *http.Request) (string, error) {
	token := make([]byte, tokenSize)
	if _, err := io.ReadFull(s.rand, token); err != nil {
		return "", fmt.Errorf("draw a session's token: %w", err)
	}
	text := base64.RawURLEncoding.EncodeToString(token)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.makeRoom()
	now := s.now()
	s.last++
	s.open[sha256.Sum256([]byte(text))] = &session{
		number: s.last, user: u, started: now, seen: now, from: origin(r).Addr().String(), agent: r.UserAgent(),
	}
	return text, nil
}

// makeRoom forgets what is over, and one more if that is not enough.
func (s *sessions) makeRoom() {
	var oldest [sha256.Size]byte
	for id, one := range s.open {
		if s.over(one) {
			delete(s.open, id)
			continue
		}
		if first, any := s.open[oldest]; !any || one.seen.Before(first.seen) {
			oldest = id
		}
	}
	if len(s.open) >= maxSessions {
		delete(s.open, oldest)
	}
}

func (s *sessions) over(one *session) bool {
	now := s.now()
	return now.Sub(one.seen) >= idleTime || now.Sub(one.started) >= longestTime
}

// find returns who holds a token, and notes that they are still there.
func (s *sessions) find(token string) (*session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, known := s.holder(token)
	if known {
		one.seen = s.now()
	}
	return one, known
}

// peek returns who holds a token.
func (s *sessions) peek(token string) (*session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.holder(token)
}

func (s *sessions) holder(token string) (*session, bool) {
	id := sha256.Sum256([]byte(token))
	one, known := s.open[id]
	if !known {
		return nil, false
	}
	if s.over(one) {
		delete(s.open, id)
		return nil, false
	}
	return one, true
}

// say keeps what was done for the next page that the session opens: an address
// that said it would say it again whenever it is opened.
func (s *sessions) say(one *session, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one.said = what
}

// heard takes what was kept by say.
func (s *sessions) heard(one *session) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	what := one.said
	one.said = ""
	return what
}

// end signs a token's holder out.
func (s *sessions) end(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, sha256.Sum256([]byte(token)))
}

// cookieName has the port that the browser sees in it, because cookies know no
// ports: two nodes on one machine must not sign each other's people out. Over
// TLS the prefix binds it to this host alone.
func cookieName(r *http.Request) string {
	name := withPort("parley", r)
	if r.TLS != nil {
		return "__Host-" + name
	}
	return name
}

// withPort puts the port that the browser sees behind a name.
func withPort(name string, r *http.Request) string {
	if _, port, err := net.SplitHostPort(r.Host); err == nil && port != "" {
		name += "-" + port
	}
	return name
}

func cookie(r *http.Request, token string) *http.Cookie {
	c := &http.Cookie{
		Name: cookieName(r), Value: token, Path: "/", HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode,
	}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}

// token is the session's token that a request carries, or "".
func token(r *http.Request) string {
	c, err := r.Cookie(cookieName(r))
	if err != nil {
		return ""
	}
	return c.Value
}
