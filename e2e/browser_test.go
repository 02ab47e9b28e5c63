package e2e

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/browsertest"
	"parley/internal/node"
)

// passphrase is that of everybody who signs in to a console.
const passphrase = "correct horse battery"

// chromium is the one browser of all tests.
var chromium = sync.OnceValues(func() (b *browsertest.Browser, err error) {
	opened, err = browsertest.Start()
	return opened, err
})

// opened is that browser, once a test opened it.
var opened *browsertest.Browser

// makeWithPassphrases makes a node whose two people can sign in to its console,
// beside the key file that its commands are given with.
func (p *party) makeWithPassphrases(ctx context.Context) *node.Node {
	p.w.t.Helper()
	n, err := node.Init(ctx, node.Options{Home: p.home, User: p.first, Passphrase: passphrase},
		node.Settings{Party: p.name, Region: "US", Relays: []string{p.w.address}})
	if err != nil {
		p.w.t.Fatal(err)
	}
	if err := errors.Join(n.AddKeyFile(ctx, []byte(peopleKey)),
		n.AddUser(ctx, node.User{Name: p.second, Roles: []node.Role{node.Analyst, node.Releaser}}, passphrase)); err != nil {
		p.w.t.Fatal(err)
	}
	return n
}

// serveConsoles starts both nodes with their consoles, each on a port that it
// comes back to however often it is killed.
func (w *world) serveConsoles() {
	w.t.Helper()
	for _, p := range []*party{w.north, w.south} {
		file := w.path(p.name + ".address")
		p.args = []string{"serve", "--listen", "127.0.0.1:0", "--address-file", file}
		if err := p.start(); err != nil {
			w.t.Fatal(err)
		}
		until(w.t, p.name+"'s console", func() bool {
			b, err := os.ReadFile(file)
			p.url = strings.TrimSpace(string(b))
			return err == nil && p.url != ""
		})
		at, err := url.Parse(p.url)
		if err != nil {
			w.t.Fatal(err)
		}
		p.args = []string{"serve", "--listen", at.Host}
	}
}

// person is somebody at a node's console, in a browser of their own.
type person struct {
	*browsertest.Tab
	at   *party
	name string
}

// browserWorld is a world whose people sit at browsers, or skips the test.
func browserWorld(t *testing.T) *world {
	t.Helper()
	if _, err := chromium(); errors.Is(err, browsertest.ErrNone) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, worldOptions{console: true})
	w.serveConsoles()
	return w
}

// person signs somebody in.
func (p *party) person(user string) *person {
	p.w.t.Helper()
	b, err := chromium()
	if err != nil {
		p.w.t.Fatal(err)
	}
	who := &person{b.Tab(p.w.t), p, user}
	who.Open(p.url + "/sign-in")
	who.signIn("/")
	return who
}

func (who *person) signIn(to string) {
	who.Helper()
	who.Type("#user", who.name)
	who.Type("#passphrase", passphrase)
	who.Go("form button", to)
}

// open opens a page of the person's own console.
func (who *person) open(path string) {
	who.Helper()
	who.Open(who.at.url + path)
}

// says sees that the page says something.
func (who *person) says(words ...string) {
	who.Helper()
	text := who.Text()
	for _, one := range words {
		if !strings.Contains(text, one) {
			who.Errorf("%s's page does not say %q:\n%s", who.name, one, text)
		}
	}
}

// reads waits until the page says something, without touching it.
func (who *person) reads(words string) {
	who.Helper()
	for end := time.Now().Add(patience); !strings.Contains(who.Text(), words); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			who.Fatalf("not in %s: %s's page says %q:\n%s", patience, who.name, words, who.Text())
		}
	}
}

// finds opens a page again and again until it says something.
func (who *person) finds(path, words string) {
	who.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		quiet(who)
		if who.open(path); strings.Contains(who.Text(), words) {
			return
		}
		for _, one := range who.Complaints() {
			if !strings.Contains(one, "404 (Not Found)") || !strings.HasSuffix(one, path) { // it has not come yet
				who.Errorf("%s's browser complains: %s", who.name, one)
			}
		}
		if time.Now().After(end) {
			who.Fatalf("not in %s: %s finds %q at %s:\n%s", patience, who.name, words, path, who.Text())
		}
	}
}

// row is where the first link of the row leads that says something.
func (who *person) row(words string) string {
	who.Helper()
	return who.Eval(`[...document.querySelectorAll("tbody tr")].find((row) => row.innerText.includes("` + words + `")).querySelector("a").getAttribute("href")`)
}

// act sends the form of an address.
func (who *person) act(form, to string) {
	who.Helper()
	who.Go(`form[action="`+form+`"] button:not([formaction])`, to)
}

// bring brings a file of the demonstration in.
func (who *person) bring(file, to, said string) {
	who.Helper()
	who.open("/evidence")
	who.Go(`main a[href="/evidence/new"]`, "/evidence/new")
	who.Choose("#file", filepath.Join(who.at.w.dir, file))
	who.act("/evidence/new/bring", to)
	who.says(said)
}

// content is what a file of the demonstration says.
func (w *world) content(file string) string {
	w.t.Helper()
	b, err := os.ReadFile(w.path(file))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

// quiet sees that no page had anything to complain about, and that no tab was
// made to ask for anything elsewhere.
func quiet(all ...*person) {
	for _, who := range all {
		who.Helper()
		for _, one := range who.Complaints() {
			if !strings.Contains(one, "401 (Unauthorized)") { // a page that asks for a sign-in
				who.Errorf("%s's browser complains: %s", who.name, one)
			}
		}
		for _, one := range who.Elsewhere(who.at.url) {
			who.Errorf("%s's browser was made to ask for %s", who.name, one)
		}
	}
}
