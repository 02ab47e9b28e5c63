package console_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/console"
	"parley/internal/node"
)

func TestOnlyTheRightPassphraseSignsIn(t *testing.T) {
	b := browse(t, newNode(t, "North"), console.Options{})
	for _, c := range []struct{ name, user, passphrase string }{
		{"a wrong passphrase", "amira", "correct horse batterY"},
		{"no passphrase", "amira", ""},
		{"a user who is not there", "nobody", passphrase},
		{"no user", "", passphrase},
		{"the longest that fits", strings.Repeat("x", 64), strings.Repeat("y", 4096)},
	} {
		a := b.signIn(c.user, c.passphrase, "/")
		if a.status != http.StatusUnauthorized || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s answered %d with cookie %q", c.name, a.status, a.header.Get("Set-Cookie"))
		}
		has(t, reads(t, a.body), "Wrong user, passphrase or code.")
		if c.user != "" && strings.Contains(a.body, c.user) {
			t.Errorf("%s: the answer repeats what was typed as the user", c.name)
		}
		if again := b.get("/"); again.status != http.StatusUnauthorized {
			t.Errorf("after %s the overview answered %d", c.name, again.status)
		}
	}
	if a := b.signIn("amira", passphrase, "/warnings"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/warnings" {
		t.Errorf("the right one answered %d to %q", a.status, a.header.Get("Location"))
	}
	has(t, b.page("/"), "What waits", "amira", "North")
}

func TestSessionCookie(t *testing.T) {
	n := newNode(t, "North")
	plain := browse(t, n, console.Options{})
	cookie := plain.signIn("amira", passphrase, "/").header.Get("Set-Cookie")
	name, rest, _ := strings.Cut(cookie, "=")
	value, attributes, _ := strings.Cut(rest, "; ")
	if len(value) != 43 { // 32 bytes in base64
		t.Errorf("the token is %d characters", len(value))
	}
	if attributes != "Path=/; HttpOnly; SameSite=Strict" {
		t.Errorf("cookie attributes %q", attributes)
	}
	if u, err := url.Parse(plain.base); err != nil || name != "parley-"+u.Port() {
		t.Errorf("cookie %q at %s: two consoles on one machine must not share it", name, plain.base)
	}

	s := httptest.NewTLSServer(console.New(n, console.Options{}))
	defer s.Close()
	secure := another(t, s.URL)
	secure.client.Transport = s.Client().Transport
	cookie = secure.signIn("amira", passphrase, "/").header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "__Host-parley-") || !strings.HasSuffix(cookie, "; Path=/; HttpOnly; Secure; SameSite=Strict") {
		t.Errorf("cookie over TLS: %q", cookie)
	}
}

func TestEverySignInHasItsOwnToken(t *testing.T) {
	b := browse(t, newNode(t, "North"), console.Options{})
	first := b.signIn("amira", passphrase, "/").header.Get("Set-Cookie")
	old := another(t, b.base)
	r := old.request(http.MethodGet, "/", nil)
	r.Header.Set("Cookie", first)
	if a := old.do(r); a.status != http.StatusOK {
		t.Fatalf("the first token answered %d", a.status)
	}
	if second := b.signIn("amira", passphrase, "/").header.Get("Set-Cookie"); second == first {
		t.Error("the second sign-in has the first one's token")
	}
	if a := old.do(r.Clone(t.Context())); a.status != http.StatusUnauthorized {
		t.Errorf("the first token answered %d after a new sign-in from the same browser", a.status)
	}
}

func TestSessionsEnd(t *testing.T) {
	time := newClock()
	b := browse(t, newNode(t, "North"), console.Options{Now: time.Now}).signedIn("amira", passphrase)
	status := func(want int, when string) {
		t.Helper()
		if a := b.get("/warnings"); a.status != want {
			t.Errorf("%s: answered %d, not %d", when, a.status, want)
		}
	}
	time.pass(console.IdleTime - 1)
	status(http.StatusOK, "a moment before the idle time is over")
	time.pass(console.IdleTime - 1)
	status(http.StatusOK, "a moment before it is over again")
	time.pass(console.IdleTime)
	status(http.StatusUnauthorized, "after the idle time")

	b.signedIn("amira", passphrase)
	for range console.LongestTime / (console.IdleTime - 1) {
		time.pass(console.IdleTime - 1)
		b.get("/warnings")
	}
	time.pass(console.IdleTime - 1)
	status(http.StatusUnauthorized, "after the longest time, never idle")

	token := b.signIn("amira", passphrase, "/").header.Get("Set-Cookie")
	status(http.StatusOK, "signed in")
	if a := b.do(b.request(http.MethodPost, "/sign-out", url.Values{})); a.status != http.StatusSeeOther || !strings.Contains(a.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("sign-out answered %d with cookie %q", a.status, a.header.Get("Set-Cookie"))
	}
	r := another(t, b.base).request(http.MethodGet, "/", nil)
	r.Header.Set("Cookie", token)
	if a := b.do(r); a.status != http.StatusUnauthorized {
		t.Errorf("the token answered %d after sign-out", a.status)
	}
}

func TestGuessingIsSlow(t *testing.T) {
	clock := newClock()
	b := browse(t, newNode(t, "North"), console.Options{Now: clock.Now})
	for i := range console.AttemptsOfOne {
		if a := b.signIn("amira", "a wrong guess", "/"); a.status != http.StatusUnauthorized {
			t.Fatalf("attempt %d answered %d", i+1, a.status)
		}
		clock.pass(time.Second)
	}
	a := b.signIn("amira", passphrase, "/")
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "54" || a.header.Get("Set-Cookie") != "" {
		t.Errorf("one attempt too many answered %d, retry after %q", a.status, a.header.Get("Retry-After"))
	}
	has(t, reads(t, a.body), "Too many attempts. Wait 54 seconds, then try again.")
	clock.pass(54 * time.Second)
	if a := b.signIn("amira", passphrase, "/"); a.status != http.StatusSeeOther {
		t.Errorf("after the wait it answered %d", a.status)
	}
}

// A link to a page asks for a sign-in where it leads, and goes on there.
func TestSignInLeadsBackAndNowhereElse(t *testing.T) {
	n := newNode(t, "North")
	a := browse(t, n, console.Options{}).get("/claims?skip=200")
	if a.status != http.StatusUnauthorized || !strings.Contains(a.body, `name="to" value="/claims?skip=200"`) {
		t.Errorf("answered %d:\n%s", a.status, a.body)
	}
	if a := browse(t, n, console.Options{}).signIn("amira", passphrase, "/claims?skip=200"); a.header.Get("Location") != "/claims?skip=200" {
		t.Errorf("it leads on to %q", a.header.Get("Location"))
	}
	if a := browse(t, n, console.Options{}).signIn("amira", passphrase, "//evil.example/"); a.header.Get("Location") != "/" {
		t.Errorf("it leads on to %q", a.header.Get("Location"))
	}
}

// The key file is read at each sign-in: who was added while the node is served
// can come in at once.
func TestUsersAddedLaterSignIn(t *testing.T) {
	n := newNode(t, "North")
	b := browse(t, n, console.Options{})
	beside, err := node.Open(t.Context(), node.Options{Home: n.Home(), User: "amira", Passphrase: passphrase})
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	if err := beside.AddUser(t.Context(), node.User{Name: "bilal", Roles: []node.Role{node.Releaser}}, "another staple here"); err != nil {
		t.Fatal(err)
	}
	has(t, b.signedIn("bilal", "another staple here").page("/"), "Signed in as bilal: releaser.")
}

// A slot that was put into the key file opens with its passphrase, and holds
// another node's key.
func TestAForgedSlotOpensNothing(t *testing.T) {
	north, other := newNode(t, "North"), newNode(t, "Other")
	if err := other.AddUser(t.Context(), node.User{Name: "mallory", Roles: node.Roles()}, "mallory's own words"); err != nil {
		t.Fatal(err)
	}
	var keys, forged map[string]any
	for _, f := range []struct {
		n    *node.Node
		into *map[string]any
	}{{north, &keys}, {other, &forged}} {
		text, err := os.ReadFile(filepath.Join(f.n.Home(), "keys.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, f.into); err != nil {
			t.Fatal(err)
		}
	}
	keys["slots"] = append(keys["slots"].([]any), forged["slots"].([]any)[1])
	text, err := json.Marshal(keys)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(north.Home(), "keys.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	b := browse(t, north, console.Options{})
	if a := b.signIn("mallory", "mallory's own words", "/"); a.status != http.StatusUnauthorized {
		t.Errorf("the forged slot answered %d", a.status)
	}
	if a := b.signIn("amira", passphrase, "/"); a.status != http.StatusSeeOther {
		t.Errorf("the true one answered %d", a.status)
	}
}

func TestAKeyFileThatCannotBeReadLetsNobodyIn(t *testing.T) {
	n := newNode(t, "North")
	if err := os.WriteFile(filepath.Join(n.Home(), "keys.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := browse(t, n, console.Options{}).signIn("amira", passphrase, "/")
	if a.status != http.StatusInternalServerError || strings.Contains(a.body, n.Home()) {
		t.Errorf("answered %d:\n%s", a.status, a.body)
	}
}
