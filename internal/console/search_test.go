package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/internal/console"
	"parley/internal/node"
)

// lookFor looks for something by the form, and gives the page that it leads to.
func (b *browser) lookFor(query string) string {
	b.Helper()
	a := b.post("/search/look", url.Values{"query": {query}})
	if a.status != http.StatusSeeOther {
		b.Fatalf("looking for something answered %d: %s", a.status, reads(b, a.body))
	}
	return a.header.Get("Location")
}

// What is looked for stands in no address and no title; its page says what was
// found and where, leads there, and is there for nobody else until it is shared.
func TestSearchPage(t *testing.T) {
	n := triaged(t)
	if err := n.AddUser(t.Context(), node.User{Name: "rana", Roles: []node.Role{node.Reader}}, passphrase); err != nil {
		t.Fatal(err)
	}
	b := browse(t, n, console.Options{}).signedIn("amira", passphrase)
	rana := another(t, b.base).signedIn("rana", passphrase)
	at := b.lookFor("(202) 555-0147")
	a := b.get(at)
	says(t, reads(t, a.body), `Read as phone \+12025550147.*`, `selector \| S1 \| phone:\+12025550147 \| in 1 place \| –`)
	if at != "/search/L1" || !strings.Contains(a.body, `<a href="/selectors/S1">`) || strings.Contains(a.body[:strings.Index(a.body, "</title>")], "555") {
		t.Errorf("it is at %s:\n%s", at, reads(t, a.body))
	}
	if b.lookFor("(202) 555-0147") != at {
		t.Error("the same search has another number")
	}
	for _, c := range []struct {
		b      *browser
		path   string
		form   url.Values
		status int
	}{
		{rana, at, nil, http.StatusNotFound},
		{rana, at + "/keep", url.Values{"name": {"mine"}}, http.StatusNotFound},
		{b, at + "/keep", url.Values{"name": {" "}}, http.StatusUnprocessableEntity},
		{b, at + "/keep", url.Values{"name": {"The <desk>"}, "shared": {"yes"}}, http.StatusSeeOther},
		{rana, at, nil, http.StatusOK},
		{rana, at + "/keep", url.Values{"name": {"mine"}}, http.StatusForbidden},
		{rana, at + "/remove", url.Values{}, http.StatusForbidden},
		{b, "/search/look", url.Values{"query": {strings.Repeat("x", 600)}}, http.StatusUnprocessableEntity},
		{b, at + "?skip=-1", nil, http.StatusBadRequest},
		{b, "/search/L99", nil, http.StatusNotFound},
	} {
		a := c.b.get(c.path)
		if c.form != nil {
			a = c.b.post(c.path, c.form)
		}
		if a.status != c.status {
			t.Errorf("%s %v answered %d, not %d", c.path, c.form, a.status, c.status)
		}
	}
	says(t, rana.page("/search"), `The <desk> \| \(202\) 555-0147 \| everybody; amira keeps it \|.*`)
	rana.lookFor("init")
	if text := rana.page("/search/L2"); strings.Contains(text, "ledger |") {
		t.Errorf("somebody who only reads finds lines of the ledger: %s", text)
	}
	b.lookFor("init")
	says(t, b.page("/search/L3"), `ledger \| 1 \| init.* \| by amira \| `+anyTime)
	b.post(at+"/remove", url.Values{})
	if a := rana.get(at); a.status != http.StatusNotFound {
		t.Errorf("what was removed answered %d", a.status)
	}
	wantLedger(t, n, "amira filter.share L1 console", "amira filter.unshare L1 console")
}

// A list with its filter and order is kept under a name, and stands above it; no
// content can be kept in an address.
func TestListsAreKept(t *testing.T) {
	b := browse(t, triaged(t), console.Options{}).signedIn("amira", passphrase)
	keep := func(address string) answer {
		return b.post("/search/list", url.Values{"address": {address}, "name": {"Numbers"}})
	}
	if a := keep("/selectors?kind=phone&sort=-places&skip=200&q=secret"); a.header.Get("Location") != "/selectors?kind=phone&sort=-places" {
		t.Errorf("it answered %d to %q", a.status, a.header.Get("Location"))
	}
	for _, address := range []string{"/selectors/new", "https://elsewhere.example/matches", "//elsewhere.example", "/search/L1", "/sign-out", ""} {
		if a := keep(address); a.status != http.StatusUnprocessableEntity {
			t.Errorf("keeping %q answered %d", address, a.status)
		}
	}
	if a := keep("/selectors?kind=+12025550147"); a.header.Get("Location") != "/selectors" {
		t.Errorf("content was kept in %q", a.header.Get("Location"))
	}
	has(t, b.page("/selectors"), "Kept: Numbers")
	if strings.Contains(b.page("/matches"), "Kept: ") {
		t.Error("another list shows it")
	}
}

// What was opened from a list leads back to it, with its order.
func TestTheWayBack(t *testing.T) {
	b := browse(t, triaged(t), console.Options{}).signedIn("amira", passphrase)
	b.page("/selectors?sort=-value")
	if body := b.get("/selectors/S1").body; !strings.Contains(body, `<a href="/selectors?sort=-value" data-key="b">← Back to Selectors</a>`) {
		t.Errorf("no way back:\n%s", reads(t, body))
	}
	at := b.lookFor("hall")
	b.page(at)
	if body := b.get("/selectors/S1").body; !strings.Contains(body, `<a href="`+at+`" data-key="b">`) {
		t.Errorf("no way back to the search:\n%s", reads(t, body))
	}
	if strings.Contains(b.get("/matches").body, "Back to") {
		t.Error("a list leads back to another")
	}
}

// Programs look for things as people do.
func TestProgramsSearch(t *testing.T) {
	n := triaged(t)
	importText(t, n, "x.json", bundle(t, `{"type":"campaign","spec_version":"2.1","created":"2026-09-01T10:00:00.000Z","modified":"2026-09-01T10:00:00.000Z","id":"campaign--77777777-7777-4777-8777-777777777777","name":"A lamp"}`))
	p := withToken(t, n, browse(t, n, console.Options{}).base, node.Analyst)
	a := p.ask(http.MethodPost, "/api/v1/search/look", `{"query":"LAMP"}`)
	if fieldOf(t, a, "at") != "/api/v1/search/L1" {
		t.Fatalf("it answered %d: %s", a.status, a.body)
	}
	has(t, p.ask(http.MethodGet, "/api/v1/search/L1", "").body, `"what":"campaign","name":"O1","text":"A lamp","where":"ours"`)
	has(t, p.ask(http.MethodGet, "/api/v1/objects/O1", "").body, `"id":"campaign--77777777-7777-4777-8777-777777777777"`)
	b := another(t, p.base).signedIn("amira", passphrase)
	says(t, b.page("/objects/O1"), "Object O1: campaign", "From: ours")
	if a := b.get("/objects/O9"); a.status != http.StatusNotFound {
		t.Errorf("no object answered %d", a.status)
	}
}
