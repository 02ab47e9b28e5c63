package console

import (
	"context"
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
	// Life is for how long work goes on that a form began, such as a triage. Nil:
	// as long as the program.
	Life context.Context
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
	if o.Life == nil {
		o.Life = context.Background()
	}
	return o
}

// console is a node with the people who are signed in to it. A request of one
// of them has a copy, with the node in that person's hands.
type console struct {
	node     *node.Node
	opt      Options
	who      *session // of a request; nil in the console itself
	raised   int      // warnings that a request raised
	pages    *zonedPages
	spoken   languages
	sessions *sessions
	attempts *attempts
	paces    *paces
	opening  chan struct{} // held by the one passphrase that is being tried
	asked    *challenges
	triages  *triages
}

// New makes a node's console. What it needs of a server, its limits above all,
// is in [Listen].
func New(n *node.Node, opt Options) http.Handler {
	return newConsole(n, opt).handler()
}

func newConsole(n *node.Node, opt Options) *console {
	opt = opt.withDefaults()
	return &console{
		node: n, opt: opt, pages: newPages(), spoken: newLanguages(),
		sessions: newSessions(opt.Now, opt.Rand), attempts: &attempts{now: opt.Now}, paces: &paces{now: opt.Now}, opening: make(chan struct{}, 1),
		asked: newChallenges(opt.Now, opt.Rand), triages: newTriages(opt.Life),
	}
}

// route is one page: where it is, and how it is made.
type route struct {
	pattern string // a path as http.ServeMux takes it, without method
	page    page
}

// routes lists every page that needs a sign-in.
func routes() []route {
	return []route{
		{"/{$}", (*console).overview},
		{"/warnings", (*console).warnings},
		{"/warnings/{number}", (*console).warning},
		{"/watches", (*console).watches},
		{"/matches", (*console).matches},
		{"/matches/new", (*console).newMatch},
		{"/matches/{number}", (*console).match},
		{"/counterparts", (*console).counterparts},
		{"/introduce", (*console).introductions},
		{"/introduce/{number}", (*console).introduction},
		{"/counterparts/{number}", (*console).room},
		{"/rules", (*console).rules},
		{"/releases", (*console).releases},
		{"/releases/new", (*console).newRelease},
		{"/releases/compare", (*console).compare},
		{"/releases/{number}", (*console).release},
		{"/consents", (*console).consents},
		{"/consents/{number}", (*console).consent},
		{"/inbox", (*console).inbox},
		{"/inbox/{number}", (*console).letter},
		{"/claims", (*console).claims},
		{"/claims/{id}", (*console).claim},
		{"/counts", (*console).counts},
		{"/evidence", (*console).evidence},
		{"/evidence/new", (*console).newEvidence},
		{"/evidence/{number}", (*console).exhibit},
		{"/evidence/{number}/artifacts", (*console).artifacts},
		{"/evidence/{number}/timeline", (*console).timeline},
		{"/evidence/{number}/contacts", (*console).contacts},
		{"/evidence/{number}/contacts/all", everything("contacts", "Who wrote to whom, and called", manyContacts)},
		{"/evidence/{number}/timeline/all", everything("timeline", "When", manyEvents)},
		{"/evidence/{number}/map/all", everything("map", "Where", manySpots)},
		{"/evidence/{number}/map", (*console).earth},
		{"/evidence/{number}/pictures", (*console).gallery},
		{"/evidence/{number}/files", (*console).files},
		{"/evidence/{number}/review", (*console).review},
		{"/selectors", (*console).selectors},
		{"/selectors/{number}", (*console).selector},
		{"/findings/{number}", (*console).finding},
		{"/ledger", (*console).ledger},
		{"/search", (*console).search},
		{"/search/{number}", (*console).found},
		{"/objects/{number}", (*console).heldObject},
		{"/help", (*console).help},
		{"/account", (*console).account},
		{"/account/passkey", (*console).newPasskey},
		{"/account/choose", (*console).choose},
		{"/health", (*console).nodeHealth},
		{"/users", (*console).users},
		{"/users/{number}", (*console).user},
		{"/users/outside", (*console).outsiders},
		{"/look", (*console).looks},
		{"/styleguide", (*console).styleguide},
	}
}

// handler puts the pages behind the sign-in, and everything behind the guard.
func (c *console) handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range routes() {
		mux.Handle(r.pattern, only(c.signedIn(r.page), c.refuseMethod, http.MethodGet, http.MethodHead))
	}
	for _, l := range lists() {
		mux.Handle("POST "+l.pattern+outward, c.writeOut(l))
	}
	for _, a := range acts() {
		mux.Handle(a.pattern, only(c.acting(a), c.refuseMethod, http.MethodGet, http.MethodHead, http.MethodPost))
	}
	for pattern, gather := range scenes() {
		mux.Handle(pattern, only(c.scene(gather), c.refuseMethod, http.MethodGet, http.MethodHead))
	}
	mux.Handle(bringing, only(http.HandlerFunc(c.bring), c.refuseMethod, http.MethodGet, http.MethodHead, http.MethodPost))
	mux.Handle(apiRoot+"/evidence/new", only(http.HandlerFunc(c.bringByProgram), c.refuseMethodToProgram, http.MethodPost))
	c.apiHandler(mux)
	mux.Handle("/sign-in", c.signInHandler())
	mux.Handle("/sign-in/passkey", only(http.HandlerFunc(c.passkeySignIn), c.refuseMethod, http.MethodGet, http.MethodHead, http.MethodPost))
	mux.Handle(outsidePath, only(http.HandlerFunc(c.leave), c.refuseMethod, http.MethodGet))
	mux.Handle(outsidePath+"/back", only(http.HandlerFunc(c.comeBack), c.refuseMethod, http.MethodGet))
	mux.Handle(outsidePath+"/code", only(http.HandlerFunc(c.outsideCode), c.refuseMethod, http.MethodPost))
	mux.Handle("/sign-out", only(http.HandlerFunc(c.signOut), c.refuseMethod, http.MethodPost))
	mux.Handle("GET /introduce/{number}/code/{code}", http.HandlerFunc(c.introductionCode))
	mux.Handle("GET /introduce/{number}/file", http.HandlerFunc(c.introductionFile))
	mux.Handle("POST /users/key", http.HandlerFunc(c.handKey))
	mux.Handle("POST /look", http.HandlerFunc(c.chooseLook))
	mux.Handle("/draw.css", only(http.HandlerFunc(drawingStyle), c.refuseMethod, http.MethodGet, http.MethodHead))
	mux.Handle("/metrics", only(http.HandlerFunc(c.metrics), c.refuseMethod, http.MethodGet, http.MethodHead))
	mux.Handle("/healthz", only(http.HandlerFunc(c.health), c.refuseMethod, http.MethodGet, http.MethodHead))
	for _, name := range []string{"style.css", "icon.svg", "keys.js", "live.js", "palette.js", "bulk.js", "passkey.js", "canvas.js"} {
		mux.Handle("/"+name, only(asset(name), c.refuseMethod, http.MethodGet, http.MethodHead))
	}
	mux.Handle("/", c.signedIn((*console).nothing))
	return c.guard(mux)
}
