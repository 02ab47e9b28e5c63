package console

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/draw"
	"parley/internal/node"
	"parley/internal/store"
)

// view is what one page shows.
type view struct {
	Page  string // the template's name
	Under string // the menu's entry, when it is not Page
	Title string // no name and nothing that was read: browsers keep titles
	Body  any
}

// page gathers what a page shows, for whoever is signed in. It only reads.
type page func(c *console, r *http.Request) (view, error)

// frame is a page with what stands around it.
type frame struct {
	view
	Party   string
	User    *node.User
	Now     time.Time
	Menu    []entry
	Due     dueWarnings
	Look    look
	Version string // of what the page is about, for its forms
	Said    string // what was done last
	Aids    aids
	tried
}

// May tells whether the reader has one of some roles.
func (f frame) May(roles ...node.Role) bool {
	return f.User != nil && slices.ContainsFunc(roles, f.User.Is)
}

// dueWarnings stand on every page: life comes first.
type dueWarnings struct{ All, Overdue, Life int }

// entry is one entry of the menu.
type entry struct {
	Path, Name string
	Here       bool
	Key        string // that goes there, after g
}

var menu = []entry{
	{Path: "/", Name: "Overview"},
	{Path: "/warnings", Name: "Warnings"},
	{Path: "/inbox", Name: "Inbox"},
	{Path: "/matches", Name: "Matches"},
	{Path: "/releases", Name: "Releases"},
	{Path: "/counterparts", Name: "Counterparts"},
	{Path: "/claims", Name: "Claims"},
	{Path: "/counts", Name: "Counts"},
	{Path: "/evidence", Name: "Evidence"},
	{Path: "/selectors", Name: "Selectors"},
	{Path: "/ledger", Name: "Ledger"},
	{Path: "/users", Name: "Users"},
	{Path: "/health", Name: "Health"},
	{Path: "/search", Name: "Search"},
}

// menuAt is the menu of a user, without what they may not open.
func menuAt(under string, u node.User) (all []entry) {
	for _, e := range menu {
		if e.Path == "/ledger" && !node.MayAudit(u) {
			continue
		}
		if e.Path == "/users" && !node.MaySeePeople(u) {
			continue
		}
		e.Here = e.Path == "/"+under
		all = append(all, e)
	}
	return all
}

// problem is an answer that is not the page asked for.
type problem struct {
	Status int
	Name   string
	Text   string
}

func (p problem) Error() string { return p.Text }

// show makes a page for a user. A page that fails says why to whoever is
// signed in; the log has only which page it was, since the reason may hold
// what stands in the store.
func (c *console) show(w http.ResponseWriter, r *http.Request, p page, t tried) {
	version := c.version(r) // before the page is read: rather too old than too new
	v, err := p(c, r)
	var known problem
	switch {
	case errors.As(err, &known):
	case errors.Is(err, store.ErrNotFound):
		known = problem{http.StatusNotFound, "Not found", "There is nothing of that number here."}
	case errors.Is(err, node.ErrRole):
		known = problem{http.StatusForbidden, "Not for you", err.Error()}
	case err != nil:
		c.opt.Log.Error("a page of the console failed", "page", r.Pattern)
		known = problem{http.StatusInternalServerError, "This page failed", err.Error()}
	}
	status := cmp.Or(t.status, http.StatusOK)
	if err != nil {
		v, status = view{Page: "problem", Title: known.Name, Body: known}, known.Status
	}
	f := frame{view: v, Party: c.node.Settings.Party, User: &c.node.User, Version: version, tried: t}
	if r.Method == http.MethodGet && err == nil {
		f.Said = c.sessions.heard(c.who)
	}
	f.Menu = menuAt(cmp.Or(v.Under, strings.TrimPrefix(v.Page, "overview")), c.node.User)
	if f.Due, err = c.due(r); err != nil {
		c.opt.Log.Error("the console cannot read the warnings", "page", r.Pattern)
	}
	if f.Aids, err = c.aidsOf(r, v); err != nil {
		c.opt.Log.Error("the console cannot read what is kept", "page", r.Pattern)
	}
	c.write(w, r, status, f)
}

func (c *console) due(r *http.Request) (d dueWarnings, err error) {
	all, err := c.node.Warnings(r.Context())
	for _, a := range all {
		clock := a.Clock(c.opt.Now())
		if len(clock) == 0 {
			continue
		}
		d.All++
		if clock[0].Overdue {
			d.Overdue++
		}
		if a.Imminent {
			d.Life++
		}
	}
	return d, err
}

// refuse answers somebody who need not be signed in.
func (c *console) refuse(w http.ResponseWriter, r *http.Request, p problem) {
	c.write(w, r, p.Status, frame{view: view{Page: "problem", Title: p.Name, Body: p}})
}

// write draws a page as a whole before it sends the first byte, so that
// nobody reads half of one.
func (c *console) write(w http.ResponseWriter, r *http.Request, status int, f frame) {
	f.Now, f.Look = c.opt.Now(), lookOf(r)
	var b bytes.Buffer
	if err := c.pages.in(c.spoken.of(r), zoneOf(r))[f.Page].ExecuteTemplate(&b, "layout", f); err != nil {
		c.opt.Log.Error("a page of the console cannot be drawn", "page", f.Page)
		status = http.StatusInternalServerError
		b.Reset()
		b.WriteString("<!doctype html><title>Parley</title><p>This page cannot be drawn.")
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // a browser that has gone is no fault of ours
	}
}

// nothing is every address that is no page.
func (c *console) nothing(*http.Request) (view, error) {
	return view{}, problem{http.StatusNotFound, "Not found", "The console has no such page."}
}

// drawingStyle serves the style of drawings.
func drawingStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = io.WriteString(w, draw.Style) // a browser that has gone is no fault of ours
}

// asset serves a file that belongs to every page.
func asset(name string) http.Handler {
	kind := map[string]string{".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8"}[path.Ext(name)]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		http.ServeFileFS(w, r, files, "pages/"+name)
	})
}

// numbered reads the number in an address: "W3" where the prefix is "W".
func numbered(r *http.Request, prefix string) (int64, error) {
	n, err := idOf(r.PathValue("number"), prefix)
	if err != nil {
		return 0, problem{http.StatusNotFound, "Not found", fmt.Sprintf("The address ends in a number such as %s1.", prefix)}
	}
	return n, nil
}

// idOf reads a number with its letter before it.
func idOf(subject, prefix string) (int64, error) {
	digits, ok := strings.CutPrefix(subject, prefix)
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || n < 1 || strconv.FormatInt(n, 10) != digits {
		return 0, store.ErrNotFound
	}
	return n, nil
}
