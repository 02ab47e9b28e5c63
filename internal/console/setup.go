package console

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"

	"parley/internal/listen"
	"parley/internal/node"
)

// Setup is a console that begins without a node: whoever has the code that was
// printed where it was started makes one, and then it is that node's console.
type Setup struct {
	*Server
	Code string // serves once

	made chan *node.Node
}

// SetUp serves the pages that make a node in an empty or absent folder, on a
// loopback address, until ctx ends, and returns at once.
func SetUp(ctx context.Context, home string, opt Options, l ListenOptions) (*Setup, error) {
	opt = opt.withDefaults()
	raw := make([]byte, codeSize)
	if _, err := io.ReadFull(opt.Rand, raw); err != nil {
		return nil, fmt.Errorf("draw a code for the set-up: %w", err)
	}
	code := strings.ToLower(base32.StdEncoding.EncodeToString(raw))
	s := &Setup{Code: code[:4] + "-" + code[4:8] + "-" + code[8:12] + "-" + code[12:], made: make(chan *node.Node, 1)}
	if err := node.Vacant(home); err != nil {
		return nil, err
	}
	var err error
	s.Server, err = listen.Start(ctx, func(*x509.Certificate) http.Handler { return newSetup(home, code, opt, s.made) },
		listen.Options{What: "the set-up", Addr: l.Addr, ReadTime: readTime, WriteTime: pageTime + readTime})
	return s, err
}

// Made waits until the node is made, and gives it: whoever asked closes it.
func (s *Setup) Made(ctx context.Context) (*node.Node, error) {
	select {
	case n := <-s.made:
		return n, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

const codeSize = 10 // random bytes: 16 characters

// setup serves what makes a node, and afterwards the node's console.
type setup struct {
	home string
	bare *console // without a node: it draws pages and no more
	made chan<- *node.Node

	making sync.Mutex // one at a time makes a node

	mu    sync.Mutex
	code  [sha256.Size]byte // of the code that serves once
	used  bool
	proof [sha256.Size]byte // of the cookie of whoever gave the code
	after http.Handler      // the node's console, once there is one
}

func newSetup(home, code string, opt Options, made chan<- *node.Node) http.Handler {
	s := &setup{home: home, bare: newConsole(nil, opt), made: made, code: sha256.Sum256([]byte(code))}
	mux := http.NewServeMux()
	mux.Handle("/setup/code", only(http.HandlerFunc(s.takeCode), s.bare.refuseMethod, http.MethodPost))
	mux.Handle("/setup/make", only(http.HandlerFunc(s.make), s.bare.refuseMethod, http.MethodPost))
	for _, name := range []string{"style.css", "icon.svg", "live.js"} {
		mux.Handle("/"+name, only(asset(name), s.bare.refuseMethod, http.MethodGet, http.MethodHead))
	}
	mux.Handle("/draw.css", only(http.HandlerFunc(drawingStyle), s.bare.refuseMethod, http.MethodGet, http.MethodHead))
	mux.Handle("/", only(http.HandlerFunc(s.page), s.bare.refuseMethod, http.MethodGet, http.MethodHead))
	guarded := s.bare.guard(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		after := s.after
		s.mu.Unlock()
		if after != nil {
			after.ServeHTTP(w, r)
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

// setupForm is what the page of the set-up shows.
type setupForm struct {
	Proven  bool // whoever asks gave the code
	Used    bool // somebody gave it before
	Home    string
	Problem string
	Party   string
	Region  string
	Relays  string
	User    string
}

func (s *setup) show(w http.ResponseWriter, r *http.Request, status int, f setupForm) {
	f.Home = filepath.Base(s.home)
	s.bare.write(w, r, status, frame{view: view{Page: "setup", Title: "Set up", Body: f}})
}

func (s *setup) page(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" && r.URL.Path != "/setup" {
		seeOther(w, "/")
		return
	}
	proven, used := s.proven(r)
	s.show(w, r, http.StatusOK, setupForm{Proven: proven, Used: used})
}

// proven tells whether a request comes from whoever gave the code, and whether
// somebody did.
func (s *setup) proven(r *http.Request) (proven, used bool) {
	sum := sha256.Sum256([]byte(setupToken(r)))
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.used && subtle.ConstantTimeCompare(sum[:], s.proof[:]) == 1, s.used
}

func setupToken(r *http.Request) string {
	c, err := r.Cookie(withPort("parley-setup", r))
	if err != nil {
		return ""
	}
	return c.Value
}

// takeCode takes the code from the terminal, once.
func (s *setup) takeCode(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil {
		s.show(w, r, http.StatusBadRequest, setupForm{Problem: "The form could not be read."})
		return
	}
	if wait, ok := s.bare.attempts.allow(origin(r), "set-up"); !ok {
		_, text := tooMany(wait)
		s.show(w, r, http.StatusTooManyRequests, setupForm{Problem: text})
		return
	}
	raw := make([]byte, tokenSize)
	if _, err := io.ReadFull(s.bare.opt.Rand, raw); err != nil {
		s.show(w, r, http.StatusInternalServerError, setupForm{Problem: "The machine gives no random numbers."})
		return
	}
	token := base64.RawURLEncoding.EncodeToString(raw)
	given := sha256.Sum256([]byte(strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(r.PostForm.Get("secret-code")))))
	s.mu.Lock()
	right := !s.used && subtle.ConstantTimeCompare(given[:], s.code[:]) == 1
	if right {
		s.used, s.proof = true, sha256.Sum256([]byte(token))
	}
	used := s.used
	s.mu.Unlock()
	if !right {
		s.show(w, r, http.StatusUnauthorized, setupForm{Used: used, Problem: "That is not the code, or it was used."})
		return
	}
	http.SetCookie(w, &http.Cookie{Name: withPort("parley-setup", r), Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	seeOther(w, "/setup")
}

// make makes the node as a whole or not at all, signs its first user in, and
// hands everything over to its console.
func (s *setup) make(w http.ResponseWriter, r *http.Request) {
	if proven, used := s.proven(r); !proven {
		s.show(w, r, http.StatusUnauthorized, setupForm{Used: used, Problem: "First give the code that stands at the terminal."})
		return
	}
	if r.ParseForm() != nil {
		s.show(w, r, http.StatusBadRequest, setupForm{Proven: true, Problem: "The form could not be read."})
		return
	}
	s.making.Lock()
	defer s.making.Unlock()
	f := setupForm{
		Proven: true, Party: strings.TrimSpace(r.PostForm.Get("party")), Region: strings.ToUpper(strings.TrimSpace(r.PostForm.Get("region"))),
		Relays: r.PostForm.Get("relays"), User: strings.TrimSpace(r.PostForm.Get("user")),
	}
	how, err := chosenTwice(r, f.User, f.Party)
	var n *node.Node
	if err == nil {
		n, err = node.Init(r.Context(), node.Options{Home: s.home, User: f.User, Passphrase: r.PostForm.Get("secret-new"), Log: s.bare.opt.Log},
			node.Settings{Party: f.Party, Region: f.Region, Relays: strings.Fields(f.Relays)})
	}
	if err != nil {
		f.Problem = err.Error()
		s.show(w, r, refusal(err), f)
		return
	}
	c := newConsole(n, s.bare.opt)
	text, err := c.sessions.begin(n.User, r)
	if err == nil {
		http.SetCookie(w, cookie(r, text))
		if one, known := c.sessions.find(text); known {
			c.sessions.say(one, "The node is made, and you are signed in. Your passphrase: "+how.String())
		}
	}
	http.SetCookie(w, &http.Cookie{Name: withPort("parley-setup", r), Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	s.mu.Lock()
	s.after = c.handler()
	s.mu.Unlock()
	s.made <- n
	c.opt.Log.Info("the node is made, and the console is its own from now on", "user", n.User.Name)
	seeOther(w, "/introduce")
}
