package console

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/node"
	"parley/internal/otp"
	"parley/internal/store"
)

// accountActs are what people do with how they themselves come in.
func accountActs() []act {
	page := (*console).account
	return []act{
		{"/account/factor", page, false, (*console).beginFactor},
		{"/account/confirm", page, false, (*console).confirmFactor},
		{"/account/forget", page, false, (*console).forgetFactor},
		{"/account/token", page, false, (*console).addToken},
		{"/account/token-end", page, false, (*console).endToken},
		{"/account/session-end", page, false, (*console).endSession},
		{"/account/passkey-end", page, false, (*console).endPasskey},
		{"/account/choose/passphrase", (*console).choose, false, (*console).choosePassphrase},
	}
}

// accountBody is how somebody comes in, and what is open in their name.
type accountBody struct {
	Once     []string // told now and never again
	Factor   bool     // one-time codes are asked for
	Secret   string   // of a second factor that waits for its first code
	URI      string
	Passkeys []store.Passkey
	Tokens   []node.Token
	Sessions []sessionRow
	Self     node.Person
	Now      time.Time
}

// sessionRow is one session as its owner, or an administrator, sees it.
type sessionRow struct {
	Number        int64
	User          string
	From, Agent   string
	Started, Seen time.Time
	Here          bool
}

func (c *console) account(r *http.Request) (view, error) {
	b := accountBody{Now: c.opt.Now(), Sessions: c.sessions.list(c.who, c.node.User)}
	var err error
	if b.Factor, err = c.node.HasSecondFactor(r.Context(), c.node.User.Name); err != nil {
		return view{}, err
	}
	if b.Passkeys, err = c.node.Passkeys(r.Context(), c.node.User.Name); err != nil {
		return view{}, err
	}
	if b.Tokens, err = c.node.Tokens(r.Context()); err != nil {
		return view{}, err
	}
	b.Tokens = b.Tokens[:min(len(b.Tokens), pageRows)]
	if b.Self, err = c.node.Self(r.Context()); err != nil {
		return view{}, err
	}
	var secret []byte
	b.Once, secret = c.sessions.secrets(c.who, r.Method == http.MethodGet)
	if secret != nil && !b.Factor {
		b.Secret, b.URI = otp.Text(secret), otp.URI(secret, "Parley", c.node.User.Name)
	}
	return view{Page: "account", Title: "How you come in", Body: b}, nil
}

const accountPage = "/account"

func (c *console) beginFactor(*http.Request) (done, error) {
	secret, err := c.node.NewSecondFactor()
	if err != nil {
		return done{}, err
	}
	c.sessions.change(c.who, func(one *session) { one.secret = secret })
	return done{accountPage, "Put the secret into your authenticator, and type the code that it shows."}, nil
}

func (c *console) confirmFactor(r *http.Request) (done, error) {
	_, secret := c.sessions.secrets(c.who, false)
	if secret == nil {
		return done{}, problem{http.StatusConflict, "No secret", "Draw a secret first."}
	}
	recovery, err := c.node.SetSecondFactor(r.Context(), secret, strings.TrimSpace(r.PostForm.Get("secret-code")))
	if err != nil {
		return done{}, err
	}
	c.sessions.change(c.who, func(one *session) { one.secret, one.once = nil, recovery })
	return done{accountPage, "From now on you are asked for a code. Write these down: each stands in for a code once, and they are shown only now."}, nil
}

func (c *console) forgetFactor(r *http.Request) (done, error) {
	if wait, ok := c.attempts.allow(origin(r), c.node.User.Name); !ok { // whoever has the browser may not guess codes
		_, text := tooMany(wait)
		return done{}, problem{http.StatusTooManyRequests, "Too many attempts", text}
	}
	user := cmp.Or(r.PostForm.Get("user"), c.node.User.Name)
	err := c.node.RemoveSecondFactor(r.Context(), user, r.PostForm.Get("secret-code"))
	return done{accountPage, "No code is asked for any more."}, err
}

func (c *console) addToken(r *http.Request) (done, error) {
	days, err := strconv.Atoi(r.PostForm.Get("days"))
	if err != nil {
		return done{}, problem{http.StatusUnprocessableEntity, "No end", "Say in how many days the token expires."}
	}
	var roles []node.Role
	for _, role := range r.PostForm["role"] {
		roles = append(roles, node.Role(role))
	}
	text, err := c.node.AddToken(r.Context(), r.PostForm.Get("name"), roles, c.opt.Now().AddDate(0, 0, min(max(days, 0), 10_000)))
	if err != nil {
		return done{}, err
	}
	c.sessions.change(c.who, func(one *session) { one.once = []string{text} })
	return done{accountPage, "This is the token. It is shown only now."}, nil
}

// formNumber reads the number in a form's field.
func formNumber(r *http.Request) (int64, error) {
	n, err := strconv.ParseInt(r.PostForm.Get("number"), 10, 64)
	if err != nil {
		return 0, store.ErrNotFound
	}
	return n, nil
}

func (c *console) endToken(r *http.Request) (done, error) {
	id, err := formNumber(r)
	if err != nil {
		return done{}, err
	}
	return done{accountPage, fmt.Sprintf("Token T%d is ended.", id)}, c.node.EndToken(r.Context(), id)
}

func (c *console) endPasskey(r *http.Request) (done, error) {
	id, err := formNumber(r)
	if err != nil {
		return done{}, err
	}
	return done{accountPage, "The passkey is forgotten."}, c.node.RemovePasskey(r.Context(), id)
}

func (c *console) endSession(r *http.Request) (done, error) {
	id, err := formNumber(r)
	if err != nil {
		return done{}, err
	}
	if !c.sessions.endNumber(id, c.node.User) {
		return done{}, store.ErrNotFound
	}
	return done{accountPage, "The session is ended."}, nil
}

// change changes what a session holds.
func (s *sessions) change(one *session, how func(*session)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	how(one)
}

// secrets gives what a session shows once, and forgets it where it is shown now;
// and the secret of a second factor that waits.
func (s *sessions) secrets(one *session, now bool) (once []string, secret []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now {
		once, one.once = one.once, nil
	}
	return once, one.secret
}

// sees tells whether a user may see and end a session: their own, or any as an
// administrator.
func sees(u node.User, one *session) bool { return one.user.Name == u.Name || u.Is(node.Administrator) }

// list gives the sessions that are open, the newest first.
func (s *sessions) list(here *session, u node.User) (rows []sessionRow) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.open {
		if !s.over(one) && sees(u, one) {
			rows = append(rows, sessionRow{one.number, one.user.Name, one.from, one.agent, one.started, one.seen, one == here})
		}
	}
	slices.SortFunc(rows, func(a, b sessionRow) int { return cmp.Compare(b.Number, a.Number) })
	return rows
}

// endNumber ends a session; false where the user sees none of that number.
func (s *sessions) endNumber(number int64, u node.User) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, one := range s.open {
		if one.number == number && sees(u, one) {
			delete(s.open, id)
			return true
		}
	}
	return false
}
