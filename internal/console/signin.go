package console

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"parley/internal/node"
)

// signInForm is what the sign-in page shows. It names neither the party nor
// its people: whoever finds the address learns that a node is here, and no
// more.
type signInForm struct {
	To      string // where to go afterwards
	Problem string
	Kept    []kept // a form that waits to be sent
	Outside bool   // a provider outside vouches for people
}

func (c *console) signInHandler() http.Handler {
	return only(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			c.signIn(w, r)
			return
		}
		c.askWho(w, r, http.StatusOK, signInForm{To: "/"})
	}), c.refuseMethod, http.MethodGet, http.MethodHead, http.MethodPost)
}

func (c *console) askWho(w http.ResponseWriter, r *http.Request, status int, form signInForm) {
	_, err := c.node.Provider(r.Context())
	form.Outside = err == nil
	c.write(w, r, status, frame{view: view{Page: "sign-in", Title: "Sign in", Body: form}})
}

// signedIn makes a page for whoever is signed in, and asks everybody else who
// they are, at the same address.
func (c *console) signedIn(p page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mine, r, ok := c.inHand(w, r, signInForm{To: local(r.URL.RequestURI())})
		if ok {
			mine.show(w, r, p, tried{})
		}
	})
}

// inHand gives the console as whoever made the request has it, or asks who that is.
func (c *console) inHand(w http.ResponseWriter, r *http.Request, form signInForm) (*console, *http.Request, bool) {
	find := c.sessions.find
	if r.Header.Get("Sec-Fetch-Dest") == "empty" { // a script of the page asks: nobody need be there
		find = c.sessions.peek
	}
	who, known := find(token(r))
	if !known {
		c.askWho(w, r, http.StatusUnauthorized, form)
		return nil, r, false
	}
	as, err := c.node.Admit(r.Context(), who.user, who.started)
	if errors.Is(err, node.ErrGone) {
		c.sessions.end(token(r))
		c.askWho(w, r, http.StatusUnauthorized, form)
		return nil, r, false
	}
	if err != nil {
		c.opt.Log.Error("the console cannot read the node", "page", r.Pattern)
		c.refuse(w, r, problem{http.StatusInternalServerError, "This page failed", "The node cannot be read. Its operator finds the reason with 'parley doctor'."})
		return nil, r, false
	}
	if as.MustChoose() && !strings.HasPrefix(r.URL.Path, choosePage) {
		seeOther(w, choosePage)
		return nil, r, false
	}
	mine := *c
	mine.node, mine.who = as, who
	return &mine, r.WithContext(node.Through(r.Context(), "console")), true
}

// signIn tries a user name and a passphrase. Opening a slot takes much memory
// on purpose, so it is done for one request at a time.
func (c *console) signIn(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		c.refuse(w, r, problem{http.StatusBadRequest, "Not a sign-in", "The form could not be read: go back and fill it in again."})
		return
	}
	form := signInForm{To: local(r.PostForm.Get("to")), Kept: keptBefore(r)}
	if wait, ok := c.attempts.allow(origin(r), r.PostForm.Get("user")); !ok {
		var seconds int
		seconds, form.Problem = tooMany(wait)
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		c.askWho(w, r, http.StatusTooManyRequests, form)
		return
	}
	user, err := c.tryPassphrase(r)
	if err == nil {
		err = c.node.CheckSecondFactor(node.Through(r.Context(), "console"), user.Name, r.PostForm.Get("code"))
	}
	if err == nil {
		user, err = c.node.Enter(r.Context(), user)
	}
	if errors.Is(err, node.ErrPassphrase) || errors.Is(err, node.ErrCode) {
		c.opt.Log.Warn("a sign-in to the console failed")
		form.Problem = "Wrong user, passphrase or code."
		c.askWho(w, r, http.StatusUnauthorized, form)
		return
	}
	if r.Context().Err() != nil {
		return // the browser has gone
	}
	if err != nil {
		c.opt.Log.Error("nobody can sign in to the console", "error", err)
		c.refuse(w, r, problem{http.StatusInternalServerError, "Nobody can sign in", "The node's key file cannot be read. Its operator finds the reason in the log of 'parley serve'."})
		return
	}
	c.welcome(w, r, user, form)
}

// choosePage is where people choose a passphrase.
const choosePage = "/account/choose"

func (c *console) tryPassphrase(r *http.Request) (node.User, error) {
	select {
	case c.opening <- struct{}{}:
		defer func() { <-c.opening }()
	case <-r.Context().Done():
		return node.User{}, r.Context().Err()
	}
	return c.node.SignIn(r.PostForm.Get("user"), r.PostForm.Get("passphrase"))
}

// welcome begins a session; one that the browser had before ends.
func (c *console) welcome(w http.ResponseWriter, r *http.Request, user node.User, form signInForm) {
	c.sessions.end(token(r))
	text, err := c.sessions.begin(user, r)
	if err != nil {
		c.opt.Log.Error("nobody can sign in to the console", "error", err)
		c.refuse(w, r, problem{http.StatusInternalServerError, "Nobody can sign in", "The machine gives no random numbers."})
		return
	}
	c.opt.Log.Info("signed in to the console", "user", user.Name)
	http.SetCookie(w, cookie(r, text))
	if len(form.Kept) > 0 {
		c.write(w, r, http.StatusOK, frame{view: view{Page: "resume", Title: "Not done yet", Body: form}})
		return
	}
	seeOther(w, form.To)
}

func (c *console) signOut(w http.ResponseWriter, r *http.Request) {
	if who, known := c.sessions.find(token(r)); known {
		c.opt.Log.Info("signed out of the console", "user", who.user.Name)
	}
	c.sessions.end(token(r))
	http.SetCookie(w, cookie(r, ""))
	seeOther(w, "/sign-in")
}

func seeOther(w http.ResponseWriter, to string) {
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusSeeOther)
}

// local is an address within the console, or its first page: nobody is sent
// elsewhere after signing in.
func local(to string) string {
	u, err := url.Parse(to)
	bad := func(r rune) bool { return r <= ' ' || r == '\\' || r > '~' }
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(to, "/") ||
		strings.HasPrefix(to, "//") || strings.ContainsFunc(to, bad) || strings.HasPrefix(u.Path, "/sign-") {
		return "/"
	}
	return u.RequestURI()
}
