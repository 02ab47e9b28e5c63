package console_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/internal/console"
	"parley/internal/node"
	"parley/internal/otp"
)

// A passkey is made and used in a real browser, with an authenticator that the
// browser itself plays.
func TestAPasskeyInABrowser(t *testing.T) {
	n := newNode(t, "North")
	base := strings.Replace(served(t, n), "127.0.0.1", "localhost", 1)
	b := person(t, base, "amira")
	b.Call("WebAuthn.enable", nil, nil)
	b.Call("WebAuthn.addVirtualAuthenticator", map[string]any{"options": map[string]any{
		"protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
		"isUserVerified": true, "automaticPresenceSimulation": true,
	}}, nil)
	b.open(base + "/account")
	b.press(`a[href="/account/passkey"]`, "/account/passkey")
	b.fill("#name", "the desk's computer")
	b.press("form.act button", "/account")
	b.says("The passkey signs you in from now on.", "the desk's computer")
	b.press(".who button", "/sign-in")
	b.press(`a[href="/sign-in/passkey"]`, "/sign-in/passkey")
	b.press("form button", "/")
	b.says("What waits", "Signed in as amira: analyst, releaser, administrator.")
	b.quiet()

	b.open(base + "/account")
	b.press(`form[action="/account/passkey-end"] button`, "/account")
	b.says("The passkey is forgotten.")
	b.press(".who button", "/sign-in")
	b.open(base + "/sign-in/passkey")
	b.Complaints()
	b.press("form button", "/sign-in/passkey")
	b.says("That passkey does not sign anybody in here")
	wantLedger(t, n, "amira user.passkey amira console", "amira user.no-passkey amira console")
}

// Nothing that a program could make up signs anybody in.
func TestMadeUpPasskeys(t *testing.T) {
	n := newNode(t, "North")
	b := browse(t, n, console.Options{})
	if a := b.get("/sign-in/passkey"); a.status != http.StatusConflict {
		t.Errorf("by an address it answered %d", a.status)
	}
	here := another(t, strings.Replace(b.base, "127.0.0.1", "localhost", 1))
	state := between(here.get("/sign-in/passkey").body, `name="secret-state" value="`, `"`)
	for name, form := range map[string]url.Values{
		"nothing":             {},
		"an answer to nobody": {"secret-state": {"e30.e30"}, "secret-answer": {"{}"}},
		"no answer":           {"secret-state": {state}, "secret-answer": {"{}"}},
		"the same again":      {"secret-state": {state}, "secret-answer": {`{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{}}`}},
	} {
		if a := here.post("/sign-in/passkey", form); a.status != http.StatusUnauthorized || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s answered %d", name, a.status)
		}
	}
}

var pinned = regexp.MustCompile(`class="mono once">([^<]+)<`)

// One-time codes are asked for once they are set up; a recovery code stands in
// for one, once.
func TestOneTimeCodes(t *testing.T) {
	clock := newClock()
	n, err := node.Init(t.Context(), node.Options{Home: t.TempDir(), User: "amira", Passphrase: passphrase, Now: clock.Now}, node.Settings{Party: "North"})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	b := browse(t, n, console.Options{Now: clock.Now}).signedIn("amira", passphrase)
	b.post("/account/factor", url.Values{})
	secret := secretOf(t, between(b.get("/account").body, `id="secret">`, `<`))
	code := func() string { return otp.Code(secret, otp.Step(clock.Now())) }
	if a := b.post("/account/confirm", url.Values{"secret-code": {"000000x"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong first code answered %d", a.status)
	}
	if a := b.post("/account/confirm", url.Values{"secret-code": {code()}}); a.status != http.StatusSeeOther {
		t.Fatalf("the first code answered %d: %s", a.status, reads(t, a.body))
	}
	found := pinned.FindAllStringSubmatch(b.get("/account").body, -1)
	if len(found) != 10 || pinned.MatchString(b.get("/account").body) {
		t.Fatalf("%d recovery codes, which must be shown once", len(found))
	}
	signIn := func(code string) int {
		clock.pass(console.AttemptsTime)
		return b.do(b.request(http.MethodPost, "/sign-in", url.Values{"user": {"amira"}, "passphrase": {passphrase}, "code": {code}})).status
	}
	for _, c := range []struct {
		name, code string
		want       int
	}{
		{"no code", "", http.StatusUnauthorized},
		{"a recovery code", found[0][1], http.StatusSeeOther},
		{"the same again", found[0][1], http.StatusUnauthorized},
	} {
		if got := signIn(c.code); got != c.want {
			t.Errorf("%s answered %d", c.name, got)
		}
	}
	clock.pass(console.AttemptsTime)
	if a := b.do(b.request(http.MethodPost, "/sign-in", url.Values{"user": {"amira"}, "passphrase": {passphrase}, "code": {code()}})); a.status != http.StatusSeeOther {
		t.Errorf("a code answered %d", a.status)
	}
}

func secretOf(t *testing.T, text string) []byte {
	t.Helper()
	secret, err := otp.Secret(text)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// Sessions are listed with where they came from, and can be ended from another;
// other people's only by an administrator.
func TestSessionsAreListedAndEnded(t *testing.T) {
	north, _ := pair(t)
	amira := browse(t, north, console.Options{}).signedIn("amira", passphrase)
	bilal := another(t, amira.base).signedIn("bilal", passphrase)
	has(t, amira.page("/account"), "1 this one | amira | 127.0.0.1 | Go-http-client/1.1", "2 | bilal")
	if strings.Contains(bilal.page("/account"), "amira") {
		t.Error("bilal sees amira's session")
	}
	if a := bilal.post("/account/session-end", url.Values{"number": {"1"}}); a.status != http.StatusNotFound {
		t.Errorf("ending another's session answered %d", a.status)
	}
	if a := amira.post("/account/session-end", url.Values{"number": {"2"}}); a.status != http.StatusSeeOther {
		t.Errorf("an administrator's answered %d", a.status)
	}
	if a := bilal.get("/"); a.status != http.StatusUnauthorized {
		t.Errorf("the ended session answered %d", a.status)
	}
}

// Who has no slot in the key file any more is signed out with the next page,
// and does nothing.
func TestWhoHasNoSlotIsSignedOut(t *testing.T) {
	north, _ := pair(t)
	amira := browse(t, north, console.Options{}).signedIn("amira", passphrase)
	bilal := another(t, amira.base).signedIn("bilal", passphrase)
	if a := bilal.get("/api/v1/warnings"); a.status != http.StatusOK {
		t.Fatalf("with a slot it answered %d", a.status)
	}
	path := filepath.Join(north.Home(), "keys.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]any
	if err := json.Unmarshal(text, &keys); err != nil {
		t.Fatal(err)
	}
	keys["slots"] = keys["slots"].([]any)[:1]
	if text, err = json.Marshal(keys); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if a := bilal.get("/api/v1/warnings"); a.status != http.StatusUnauthorized {
		t.Errorf("without one a program's address answered %d", a.status)
	}
	if a := bilal.post("/watches/add", url.Values{"selector": {"+12025550147"}}); a.status != http.StatusUnauthorized {
		t.Errorf("a form answered %d", a.status)
	}
	if a := bilal.get("/"); a.status != http.StatusUnauthorized {
		t.Errorf("a page answered %d", a.status)
	}
	if a := amira.get("/watches"); a.status != http.StatusOK || strings.Contains(a.body, "2025550147") {
		t.Errorf("the other's page answered %d: %s", a.status, reads(t, a.body))
	}
}

// Whoever has somebody's browser guesses no code to be asked for none any more.
func TestCodesAreNotGuessedWhenSignedIn(t *testing.T) {
	clock := newClock()
	n, err := node.Init(t.Context(), node.Options{Home: t.TempDir(), User: "amira", Passphrase: passphrase, Now: clock.Now}, node.Settings{Party: "North"})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	b := browse(t, n, console.Options{Now: clock.Now}).signedIn("amira", passphrase)
	b.post("/account/factor", url.Values{})
	secret := secretOf(t, between(b.get("/account").body, `id="secret">`, `<`))
	b.post("/account/confirm", url.Values{"secret-code": {otp.Code(secret, otp.Step(clock.Now()))}})
	clock.pass(console.AttemptsTime)
	guess := func() int { return b.post("/account/forget", url.Values{"secret-code": {"none"}}).status }
	for range console.AttemptsOfOne {
		if got := guess(); got != http.StatusUnprocessableEntity {
			t.Fatalf("a wrong code answered %d", got)
		}
	}
	if got := guess(); got != http.StatusTooManyRequests {
		t.Errorf("one more answered %d", got)
	}
	clock.pass(console.AttemptsTime)
	if a := b.post("/account/forget", url.Values{"secret-code": {otp.Code(secret, otp.Step(clock.Now()))}}); a.status != http.StatusSeeOther {
		t.Errorf("the right code answered %d after a while: %s", a.status, reads(t, a.body))
	}
}

// A token is shown once.
func TestATokenIsShownOnce(t *testing.T) {
	n := newNode(t, "North")
	b := browse(t, n, console.Options{}).signedIn("amira", passphrase)
	if a := b.post("/account/token", url.Values{"name": {"the feed"}, "role": {"auditor"}, "days": {"30"}}); a.status != http.StatusForbidden {
		t.Errorf("a token with a role that one has not answered %d", a.status)
	}
	b.post("/account/token", url.Values{"name": {"the feed"}, "role": {"analyst"}, "days": {"30"}})
	found := pinned.FindStringSubmatch(b.get("/account").body)
	if found == nil || pinned.MatchString(b.get("/account").body) {
		t.Fatal("it must be shown once")
	}
	if u, err := n.TokenUser(t.Context(), found[1]); err != nil || u.Name != "amira" || len(u.Roles) != 1 {
		t.Errorf("it acts for %+v, %v", u, err)
	}
	b.post("/account/token-end", url.Values{"number": {"1"}})
	if _, err := n.TokenUser(t.Context(), found[1]); err == nil {
		t.Error("it was ended and lets its holder in")
	}
}

// An auditor reads everything and changes nothing; who only reads does not read
// the ledger.
func TestAuditorsAndReaders(t *testing.T) {
	north, _ := pair(t)
	for _, u := range []node.User{{Name: "odile", Roles: []node.Role{node.Auditor}}, {Name: "rana", Roles: []node.Role{node.Reader}}} {
		if err := north.AddUser(t.Context(), u, passphrase); err != nil {
			t.Fatal(err)
		}
	}
	report := string(reportIn(t, north))
	odile := browse(t, north, console.Options{Now: time.Now}).signedIn("odile", passphrase)
	rana := another(t, odile.base).signedIn("rana", passphrase)
	for _, c := range []struct {
		who    *browser
		path   string
		status int
	}{
		{odile, "/ledger", http.StatusOK},
		{rana, "/ledger", http.StatusForbidden},
		{odile, "/releases/new?report=" + report, http.StatusOK},
		{rana, "/evidence", http.StatusOK},
	} {
		if a := c.who.get(c.path); a.status != c.status {
			t.Errorf("%s answered %d, not %d", c.path, a.status, c.status)
		}
	}
	for _, who := range []*browser{odile, rana} {
		if a := who.post("/releases/new/draft", draftForm(report, "Look for +12025550147.")); a.status != http.StatusForbidden {
			t.Errorf("a draft answered %d", a.status)
		}
		if a := who.post("/watches/add", url.Values{"selector": {"+12025550147"}}); a.status != http.StatusForbidden {
			t.Errorf("a watch answered %d", a.status)
		}
	}
}
