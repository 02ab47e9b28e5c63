package console

import (
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"time"

	"parley/internal/node"
)

// Options are what a console needs beside its node; the zero value serves.
type Options struct {
	Now  func() time.Time // time.Now when nil
	Rand io.Reader        // crypto/rand when nil
	Log  *slog.Logger     // nobody when nil; told who signs in, never what is read
	// Named tells whether the console goes by a host name or address beside
	// those of the machine itself, which it always answers to. Nil: by none.
	Named func(host string) bool
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Named == nil {
		o.Named = func(string) bool { return false }
	}
	return o
}

// console is a node with the people who are signed in to it.
type console struct {
	node     *node.Node
	opt      Options
	pages    *zonedPages
	sessions *sessions
	attempts *attempts
	opening  chan struct{} // held by the one passphrase that is being tried
}

// New makes a node's console. What it needs of a server, its limits above all,
// is in [Listen].
func New(n *node.Node, opt Options) http.Handler {
	return newConsole(n, opt).handler()
}

func newConsole(n *node.Node, opt Options) *console {
	opt = opt.withDefaults()
	return &console{
		node: n, opt: opt, pages: newPages(),
		sessions: newSessions(opt.Now, opt.Rand), attempts: &attempts{now: opt.Now}, opening: make(chan struct{}, 1),
	}
}

// route is one page: where it is, and how it is made.
type route struct {
	pattern string // a path as http.ServeMux takes it, without method
	page    page
}

// routes lists every page that needs a sign-in.
func (c *console) routes() []route {
	return []route{
		{"/{$}", c.overview},
		{"/warnings", c.warnings},
		{"/warnings/{number}", c.warning},
		{"/matches", c.matches},
		{"/matches/{number}", c.match},
		{"/releases", c.releases},
		{"/releases/{number}", c.release},
		{"/inbox", c.inbox},
		{"/inbox/{number}", c.letter},
		{"/claims", c.claims},
		{"/claims/{id}", c.claim},
		{"/counts", c.counts},
		{"/evidence", c.evidence},
		{"/evidence/{number}", c.exhibit},
		{"/evidence/{number}/artifacts", c.artifacts},
		{"/evidence/{number}/timeline", c.timeline},
		{"/evidence/{number}/contacts", c.contacts},
		{"/evidence/{number}/map", c.earth},
		{"/evidence/{number}/pictures", c.gallery},
		{"/evidence/{number}/files", c.files},
		{"/selectors", c.selectors},
		{"/selectors/{number}", c.selector},
		{"/findings/{number}", c.finding},
		{"/ledger", c.ledger},
		{"/look", c.looks},
		{"/styleguide", c.styleguide},
	}
}

// handler puts the pages behind the sign-in, and everything behind the guard.
func (c *console) handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range c.routes() {
		mux.Handle(r.pattern, only(c.signedIn(r.page), c.refuseMethod, http.MethodGet, http.MethodHead))
	}
	mux.Handle("/sign-in", c.signInHandler())
	mux.Handle("/sign-out", only(http.HandlerFunc(c.signOut), c.refuseMethod, http.MethodPost))
	mux.Handle("POST /look", http.HandlerFunc(c.chooseLook))
	mux.Handle("/draw.css", only(http.HandlerFunc(drawingStyle), c.refuseMethod, http.MethodGet, http.MethodHead))
	mux.Handle("/metrics", only(http.HandlerFunc(c.metrics), c.refuseMethod, http.MethodGet, http.MethodHead))
	mux.Handle("/healthz", only(http.HandlerFunc(c.health), c.refuseMethod, http.MethodGet, http.MethodHead))
	for _, name := range []string{"style.css", "icon.svg"} {
		mux.Handle("/"+name, only(asset(name), c.refuseMethod, http.MethodGet, http.MethodHead))
	}
	mux.Handle("/", c.signedIn(c.nothing))
	return c.guard(mux)
}
