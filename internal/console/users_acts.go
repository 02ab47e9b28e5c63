package console

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"parley/internal/node"
	"parley/internal/store"
)

// userActs are what administrators do about users.
func userActs() []act {
	user := (*console).user
	return []act{
		{"/users/add", (*console).users, false, (*console).addUser},
		{"/users/{number}/roles", user, true, about((*console).setRoles)},
		{"/users/{number}/lock", user, true, about((*console).lockUser)},
		{"/users/{number}/unlock", user, true, about((*console).unlockUser)},
		{"/users/{number}/sign-out", user, false, about((*console).signUserOut)},
		{"/users/{number}/renew", user, true, about((*console).renewUser)},
		{"/users/{number}/forget", user, false, about((*console).forgetUserFactor)},
		{"/users/{number}/token-end", user, false, about((*console).endUserToken)},
		{"/users/{number}/session-end", user, false, about((*console).endUserSession)},
	}
}

// about makes an act of what is done about the user in the address.
func about(do func(*console, *http.Request, node.Person) (string, error)) func(*console, *http.Request) (done, error) {
	return func(c *console, r *http.Request) (done, error) {
		p, err := c.person(r)
		if err != nil {
			return done{}, err
		}
		said, err := do(c, r, p)
		return done{userPage(p.Number), said}, err
	}
}

func rolesIn(r *http.Request) (roles []node.Role) {
	for _, role := range r.PostForm["role"] {
		roles = append(roles, node.Role(role))
	}
	return roles
}

// addUser gives somebody a one-time passphrase, which is shown once, or a key
// file, which can be taken once.
func (c *console) addUser(r *http.Request) (done, error) {
	u := node.User{Name: r.PostForm.Get("name"), Roles: rolesIn(r)}
	var said string
	switch with := r.PostForm.Get("with"); with {
	case "passphrase":
		text, until, err := c.node.Invite(r.Context(), u)
		if err != nil {
			return done{}, err
		}
		c.sessions.change(c.who, func(one *session) { one.once = []string{text} })
		said = onceWords(until)
	case "key":
		content := make([]byte, node.MinKeyFile)
		if _, err := io.ReadFull(c.opt.Rand, content); err != nil {
			return done{}, fmt.Errorf("draw a key file: %w", err)
		}
		if err := c.node.AddUserWithKeyFile(r.Context(), u, content); err != nil {
			return done{}, err
		}
		c.sessions.change(c.who, func(one *session) { one.key = keyOf{u.Name, content} })
		said = "The user is added. Take the key file now: it is handed out once."
	default:
		return done{}, problem{http.StatusUnprocessableEntity, "No way in", "Say what they come in with: a passphrase or a key file."}
	}
	all, err := c.node.People(r.Context())
	i := slices.IndexFunc(all, func(p node.Person) bool { return p.Name == u.Name })
	if err != nil || i < 0 {
		return done{}, cmp.Or(err, store.ErrNotFound)
	}
	return done{userPage(all[i].Number), said}, nil
}

func onceWords(until time.Time) string {
	return fmt.Sprintf("This is a one-time passphrase, shown only now. Until %s it serves to sign in and choose another.", until.UTC().Format(time.RFC3339))
}

func (c *console) setRoles(r *http.Request, p node.Person) (string, error) {
	return "The roles are changed. One that was taken away counts no more; one that is new counts from their next sign-in.",
		c.node.SetRoles(r.Context(), p.Name, rolesIn(r))
}

func (c *console) lockUser(r *http.Request, p node.Person) (string, error) {
	err := c.node.LockUser(r.Context(), p.Name, r.PostForm.Get("reason"))
	if err == nil {
		c.sessions.endOf(p.Name)
	}
	return "The user is locked out.", err
}

func (c *console) unlockUser(r *http.Request, p node.Person) (string, error) {
	return "The user can come in again, as before.", c.node.UnlockUser(r.Context(), p.Name)
}

func (c *console) signUserOut(r *http.Request, p node.Person) (string, error) {
	err := c.node.SignOut(r.Context(), p.Name)
	if err == nil {
		c.sessions.endOf(p.Name)
	}
	return "Signed out everywhere.", err
}

func (c *console) renewUser(r *http.Request, p node.Person) (string, error) {
	text, until, err := c.node.Renew(r.Context(), p.Name)
	if err != nil {
		return "", err
	}
	c.sessions.endOf(p.Name)
	c.sessions.change(c.who, func(one *session) { one.once = []string{text} })
	return onceWords(until), nil
}

func (c *console) forgetUserFactor(r *http.Request, p node.Person) (string, error) {
	if p.Name == c.node.User.Name {
		return "", problem{http.StatusConflict, "Your own", "Your own second factor is forgotten with a code of it, under your name above."}
	}
	return "No code is asked for any more.", c.node.RemoveSecondFactor(r.Context(), p.Name, "")
}

// endUserToken ends a token of that user: an administrator's page of one user
// ends no other's.
func (c *console) endUserToken(r *http.Request, p node.Person) (string, error) {
	id, err := formNumber(r)
	if err != nil {
		return "", err
	}
	all, err := c.node.Tokens(r.Context())
	if err == nil && !slices.ContainsFunc(all, func(t node.Token) bool { return t.Number == id && t.User == p.Name }) {
		err = store.ErrNotFound
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Token T%d is ended.", id), c.node.EndToken(r.Context(), id)
}

func (c *console) endUserSession(r *http.Request, p node.Person) (string, error) {
	id, err := formNumber(r)
	if err != nil {
		return "", err
	}
	if !c.node.User.Is(node.Administrator) {
		return "", fmt.Errorf("user %s is no administrator: %w", c.node.User.Name, node.ErrRole)
	}
	if !c.sessions.endNumber(id, node.User{Name: p.Name}) {
		return "", store.ErrNotFound
	}
	return "The session is ended.", nil
}

// keyOf is a key file that was made for somebody and not taken yet.
type keyOf struct {
	user    string
	content []byte
}

func (s *sessions) holdsKey(one *session, user string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return one.key.content != nil && one.key.user == user
}

// handKey hands out the key file that whoever is signed in made, once.
func (c *console) handKey(w http.ResponseWriter, r *http.Request) {
	mine, _, ok := c.inHand(w, r, signInForm{To: "/users"})
	if !ok {
		return
	}
	var key keyOf
	mine.sessions.change(mine.who, func(one *session) { key, one.key = one.key, keyOf{} })
	if key.content == nil {
		c.refuse(w, r, problem{http.StatusNotFound, "No key file", "It was handed out already. If nobody has it, lock that user out and add another."})
		return
	}
	defer clear(key.content)
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="parley.key"`)
	w.Header().Set("Content-Length", strconv.Itoa(len(key.content)))
	_, _ = w.Write(key.content) // a browser that has gone is told that it was handed out
}

// choose is the page on which people choose a passphrase; those with a
// one-time passphrase see no other.
func (c *console) choose(r *http.Request) (view, error) {
	return view{Page: "choose", Title: "Choose a passphrase", Body: c.node.MustChoose()}, nil
}

func (c *console) choosePassphrase(r *http.Request) (done, error) {
	how, err := chosenTwice(r, c.node.User.Name, c.node.Settings.Party)
	if err != nil {
		return done{}, err
	}
	if wait, ok := c.attempts.allow(origin(r), c.node.User.Name); !ok { // whoever has the browser may not guess the old one
		_, text := tooMany(wait)
		return done{}, problem{http.StatusTooManyRequests, "Too many attempts", text}
	}
	if err := c.changePassphrase(r.Context(), r.PostForm.Get("secret-old"), r.PostForm.Get("secret-new")); err != nil {
		return done{}, err
	}
	now := c.opt.Now()
	c.sessions.endOthers(c.who)
	c.sessions.change(c.who, func(one *session) { one.started = now })
	return done{accountPage, "From now on you come in with the new passphrase. " + how.String()}, nil
}

// changePassphrase is done for one request at a time, as a sign-in is.
func (c *console) changePassphrase(ctx context.Context, old, chosen string) error {
	select {
	case c.opening <- struct{}{}:
		defer func() { <-c.opening }()
	case <-ctx.Done():
		return ctx.Err()
	}
	err := c.node.ChangePassphrase(ctx, old, chosen)
	if errors.Is(err, node.ErrPassphrase) {
		return problem{http.StatusUnprocessableEntity, "Not your passphrase", "That is not the passphrase you have now."}
	}
	return err
}

// endOthers ends a user's sessions but for one.
func (s *sessions) endOthers(but *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, one := range s.open {
		if one.user.Name == but.user.Name && one != but {
			delete(s.open, id)
		}
	}
}
