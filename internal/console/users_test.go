package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/internal/console"
	"parley/internal/node"
)

// An administrator adds somebody, who chooses a passphrase before anything else
// is open to them.
func TestAnInvitedUserChoosesAPassphrase(t *testing.T) {
	n := newNode(t, "North")
	amira := browse(t, n, console.Options{}).signedIn("amira", passphrase)
	a := amira.post("/users/add", url.Values{"name": {"hana"}, "role": {"analyst", "releaser"}, "with": {"passphrase"}})
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/users/U2" {
		t.Fatalf("adding answered %d to %q: %s", a.status, a.header.Get("Location"), reads(t, a.body))
	}
	page := amira.get("/users/U2").body
	found := pinned.FindStringSubmatch(page)
	if found == nil || pinned.MatchString(amira.get("/users/U2").body) {
		t.Fatalf("the passphrase must be shown once:\n%s", reads(t, page))
	}
	has(t, amira.page("/users"), "U1 | amira | open | analyst, releaser, administrator | passphrase | 1 | 0", "U2 | hana | one-time passphrase | analyst, releaser | passphrase | 0 | 0")

	hana := another(t, amira.base).signedIn("hana", found[1])
	for _, path := range []string{"/", "/warnings", "/account"} {
		if a := hana.get(path); a.status != http.StatusSeeOther || a.header.Get("Location") != "/account/choose" {
			t.Errorf("%s answered %d to %q", path, a.status, a.header.Get("Location"))
		}
	}
	if a := hana.get("/api/v1/status"); a.status != http.StatusUnauthorized {
		t.Errorf("a program's address answered %d", a.status)
	}
	if a := hana.post("/watches/add", url.Values{"selector": {"+12025550147"}}); a.status != http.StatusSeeOther {
		t.Errorf("a form answered %d", a.status)
	}
	choose := func(old, chosen, again, weak string) int {
		return hana.post("/account/choose/passphrase", url.Values{"secret-old": {old}, "secret-new": {chosen}, "secret-again": {again}, "weak": {weak}}).status
	}
	const own = "violin harbour teacup gravel meadow onion"
	for name, c := range map[string][4]string{
		"two that differ":     {found[1], own, own + "s", ""},
		"a wrong old one":     {"not this one", own, own, ""},
		"a weak one":          {found[1], "password1234", "password1234", ""},
		"one that is too few": {found[1], "short", "short", "yes"},
	} {
		if got := choose(c[0], c[1], c[2], c[3]); got != http.StatusUnprocessableEntity {
			t.Errorf("%s answered %d", name, got)
		}
	}
	if got := choose(found[1], own, own, ""); got != http.StatusSeeOther {
		t.Fatalf("choosing answered %d", got)
	}
	has(t, hana.page("/account"), "It is strong", "hana: analyst, releaser")
	if strings.Contains(hana.get("/").body, `href="/users"`) {
		t.Error("an analyst has the list of users in the menu")
	}
	wantLedger(t, n, "amira user.add hana console", "hana user.passphrase hana console")
}

// What an administrator does about a user holds with their next page.
func TestAnAdministratorLooksAfterUsers(t *testing.T) {
	n, _ := pair(t)
	amira := browse(t, n, console.Options{}).signedIn("amira", passphrase)
	bilal := another(t, amira.base).signedIn("bilal", passphrase)
	act := func(what string, form url.Values) answer {
		t.Helper()
		for k, v := range amira.versionAt("/users/U2") {
			form[k] = v
		}
		return amira.post("/users/U2/"+what, form)
	}
	old := amira.versionAt("/users/U2")
	if a := act("roles", url.Values{"role": {"auditor"}}); a.status != http.StatusSeeOther {
		t.Fatalf("the roles answered %d: %s", a.status, reads(t, a.body))
	}
	old.Set("role", "analyst")
	if a := amira.post("/users/U2/roles", old); a.status != http.StatusConflict {
		t.Errorf("a form of before answered %d", a.status)
	}
	has(t, bilal.page("/"), "Signed in as bilal: .")
	bilal.signedIn("bilal", passphrase)
	has(t, bilal.page("/users"), "U2 | bilal | open | auditor")
	if page := bilal.page("/users/U1"); strings.Contains(page, "Change the roles") {
		t.Errorf("an auditor has forms:\n%s", page)
	}
	if a := bilal.post("/users/U1/sign-out", url.Values{}); a.status != http.StatusForbidden {
		t.Errorf("an auditor signing somebody out answered %d", a.status)
	}
	if a := amira.post("/users/U1/roles", url.Values{"role": {"analyst"}, "version": amira.versionAt("/users/U1")["version"]}); a.status != http.StatusConflict {
		t.Errorf("the last administrator gives the role away: %d", a.status)
	}

	act("sign-out", url.Values{})
	if a := bilal.get("/"); a.status != http.StatusUnauthorized {
		t.Errorf("who was signed out reads a page: %d", a.status)
	}
	bilal.signedIn("bilal", passphrase)
	if a := act("lock", url.Values{"reason": {"left the desk"}}); a.status != http.StatusSeeOther {
		t.Fatalf("locking answered %d: %s", a.status, reads(t, a.body))
	}
	has(t, amira.page("/users/U2"), "locked out by amira", "left the desk")
	if a := bilal.get("/"); a.status != http.StatusUnauthorized {
		t.Errorf("who is locked out reads a page: %d", a.status)
	}
	if a := bilal.signIn("bilal", passphrase, "/"); a.status != http.StatusUnauthorized || !strings.Contains(a.body, "Wrong user, passphrase or code.") {
		t.Errorf("who is locked out signs in: %d", a.status)
	}
	if a := act("unlock", url.Values{}); a.status != http.StatusSeeOther {
		t.Errorf("unlocking answered %d", a.status)
	}
	bilal.signedIn("bilal", passphrase)
	if a := act("renew", url.Values{}); a.status != http.StatusSeeOther {
		t.Errorf("another passphrase answered %d", a.status)
	}
	if found := pinned.FindStringSubmatch(amira.get("/users/U2").body); found == nil {
		t.Error("the one-time passphrase is not shown")
	}
	wantLedger(t, n, "amira user.roles bilal console", "amira user.sign-out bilal console", "amira user.lock bilal console", "amira user.unlock bilal console", "amira user.renew bilal console")
}

// A key file is handed out once, to whoever made it.
func TestAKeyFileIsHandedOutOnce(t *testing.T) {
	n := newNode(t, "North")
	amira := browse(t, n, console.Options{}).signedIn("amira", passphrase)
	amira.post("/users/add", url.Values{"name": {"courier"}, "role": {"analyst"}, "with": {"key"}})
	has(t, amira.page("/users/U2"), "The key file of courier")
	a := amira.post("/users/key", url.Values{})
	if a.status != http.StatusOK || len(a.body) != node.MinKeyFile || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("it answered %d with %d bytes", a.status, len(a.body))
	}
	if again := amira.post("/users/key", url.Values{}); again.status != http.StatusNotFound {
		t.Errorf("a second time it answered %d", again.status)
	}
	opened, err := node.Open(t.Context(), node.Options{Home: n.Home(), User: "courier", KeyFile: []byte(a.body)})
	if err != nil {
		t.Fatal(err)
	}
	if err := opened.Close(); err != nil {
		t.Error(err)
	}
}

// Programs read users and look after them, with an administrator's token.
func TestAProgramLooksAfterUsers(t *testing.T) {
	n, _ := pair(t)
	b := browse(t, n, console.Options{})
	admin, analyst := withToken(t, n, b.base, node.Administrator), withToken(t, n, b.base, node.Analyst)
	if a := analyst.ask(http.MethodGet, "/api/v1/users", ""); !strings.Contains(a.body, `"name":"bilal","roles":["releaser"],"passphrase":false`) {
		t.Errorf("an analyst sees how others come in: %s", a.body)
	}
	a := admin.ask(http.MethodGet, "/api/v1/users/U2", "")
	version := fieldOf(t, a, "version")
	has(t, a.body, `"number":2,"name":"bilal","roles":["releaser"],"passphrase":true`)
	if a := admin.ask(http.MethodPost, "/api/v1/users/U2/roles", `{"role":["releaser","auditor"],"version":"`+version+`"}`); a.status != http.StatusOK {
		t.Errorf("the roles answered %d: %s", a.status, a.body)
	}
	if a := admin.ask(http.MethodPost, "/api/v1/users/U2/lock", `{"reason":"left","version":"`+version+`"}`); a.status != http.StatusConflict {
		t.Errorf("an old version answered %d: %s", a.status, a.body)
	}
	if a := admin.ask(http.MethodPost, "/api/v1/users/add", `{"name":"hana"}`); a.status != http.StatusMethodNotAllowed {
		t.Errorf("a new user answered %d", a.status)
	}
}

// Words, years and rows of keys count for less than their letters.
func TestStrength(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "weak",
		"password1234":                   "weak",
		"amira-North-2026":               "weak",
		"aaaaaaaaaaaaaaaaaaaa":           "weak",
		"lamp lamp lamp lamp":            "weak",
		"violin harbour teacup":          "weak",
		"violin harbour 7 teacup gravel": "fair",
		"violin harbour teacup gravel meadow onion": "strong",
		"k3m7p-9wq2x-hd5rt-4bnv8":                   "strong",
	} {
		if got := console.Strength(text, "amira", "North"); got != want {
			t.Errorf("%q is %s, not %s", text, got, want)
		}
	}
}
