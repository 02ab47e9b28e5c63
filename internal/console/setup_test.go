package console_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/console"
	"parley/internal/node"
)

const own = "violin harbour teacup gravel meadow onion"

// beginSetup serves a set-up in a folder that is not there yet.
func beginSetup(t *testing.T) (s *console.Setup, home string) {
	t.Helper()
	home = filepath.Join(t.TempDir(), "north")
	s, err := console.SetUp(t.Context(), home, console.Options{}, console.ListenOptions{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	return s, home
}

// made takes the node that a set-up made.
func made(t *testing.T, s *console.Setup) *node.Node {
	t.Helper()
	n, err := s.Made(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	return n
}

func setupFields() url.Values {
	return url.Values{
		"party": {"North"}, "region": {"us"}, "relays": {"https://relay.example:7443"}, "user": {"amira"}, "secret-new": {own}, "secret-again": {own},
	}
}

// Whoever has the code makes a node, once, as a whole; nobody else does anything.
func TestSetUpIsGuardedByTheCode(t *testing.T) {
	s, home := beginSetup(t)
	amira, other := another(t, s.URL()), another(t, s.URL())
	there := func() bool {
		_, err := os.Stat(home)
		return err == nil
	}
	if a := other.post("/setup/make", setupFields()); a.status != http.StatusUnauthorized || there() {
		t.Errorf("without the code it answered %d", a.status)
	}
	if a := other.post("/setup/code", url.Values{"secret-code": {"aaaa-bbbb-cccc-dddd"}}); a.status != http.StatusUnauthorized {
		t.Errorf("a wrong code answered %d", a.status)
	}
	cross := other.request(http.MethodPost, "/setup/code", url.Values{"secret-code": {s.Code}})
	cross.Header.Set("Sec-Fetch-Site", "cross-site")
	if a := other.do(cross); a.status != http.StatusForbidden {
		t.Errorf("from another site it answered %d", a.status)
	}
	has(t, amira.page("/"), "Type the code that parley setup printed")
	if a := amira.post("/setup/code", url.Values{"secret-code": {strings.ToUpper(s.Code)}}); a.status != http.StatusSeeOther {
		t.Fatalf("the code answered %d", a.status)
	}
	if a := other.post("/setup/code", url.Values{"secret-code": {s.Code}}); a.status != http.StatusUnauthorized {
		t.Errorf("the code a second time answered %d", a.status)
	}
	has(t, other.page("/"), "The code was given in another browser")

	for name, c := range map[string]struct{ field, value, says string }{
		"no party":              {"party", "", "a party's name has"},
		"a relay that is none":  {"relays", "relay.example", "relay"},
		"a region that is none": {"region", "Atlantis", "region"},
		"a user's name":         {"user", "a b", "use letters"},
		"two that differ":       {"secret-again", "another", "differ"},
		"a weak passphrase":     {"secret-new", "password1234", "It is weak"},
	} {
		form := setupFields()
		form.Set(c.field, c.value)
		if c.field == "secret-new" {
			form.Set("secret-again", c.value)
		}
		a := amira.post("/setup/make", form)
		if a.status != http.StatusUnprocessableEntity || there() || !strings.Contains(reads(t, a.body), c.says) {
			t.Errorf("%s answered %d: %s", name, a.status, reads(t, a.body))
		}
		if strings.Contains(a.body, own) {
			t.Errorf("%s: the passphrase stands in the page", name)
		}
	}
	if a := amira.post("/setup/make", setupFields()); a.status != http.StatusSeeOther || a.header.Get("Location") != "/introduce" {
		t.Fatalf("making it answered %d: %s", a.status, reads(t, a.body))
	}
	n := made(t, s)
	if n.Settings.Party != "North" || n.Settings.Region != "US" || len(n.Settings.Relays) != 1 {
		t.Errorf("it is %+v", n.Settings)
	}
	has(t, amira.page("/introduce"), "The node is made, and you are signed in. Your passphrase: It is strong", "done The node is made", "to do A second person can clear a release")
	has(t, amira.page("/"), "What waits")
	if a := other.get("/"); a.status != http.StatusUnauthorized || !strings.Contains(a.body, `id="passphrase"`) {
		t.Errorf("who did not make it reads %d", a.status)
	}
	if a := amira.post("/setup/make", setupFields()); a.status == http.StatusSeeOther {
		t.Error("it was made twice")
	}
	if _, err := console.SetUp(t.Context(), home, console.Options{}, console.ListenOptions{Addr: "127.0.0.1:0"}); err == nil {
		t.Error("a node is set up where there is one")
	}
	if _, err := console.SetUp(t.Context(), t.TempDir(), console.Options{}, console.ListenOptions{Addr: "0.0.0.0:0"}); err == nil {
		t.Error("it is set up where others could reach it")
	}
}

// upload sends files as a form with a file field does.
func (b *browser) upload(path string, files ...string) answer {
	b.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i, content := range files {
		part, err := form.CreateFormFile("file", fmt.Sprintf("%d.png", i))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			b.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		b.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, b.base+path, &body)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// nodeWithRelay is a node that can introduce itself.
func nodeWithRelay(t *testing.T, party string) *node.Node {
	t.Helper()
	n, err := node.Init(t.Context(), node.Options{Home: t.TempDir(), User: "amira", Passphrase: passphrase},
		node.Settings{Party: party, Relays: []string{"https://relay.example:7443"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	return n
}

// Two nodes are introduced in their consoles by pictures, large and small, and by
// the digits.
func TestIntroductionsByPicture(t *testing.T) {
	north, south := nodeWithRelay(t, "North"), nodeWithRelay(t, "South")
	amira, chen := browse(t, north, console.Options{}).signedIn("amira", passphrase), browse(t, south, console.Options{}).signedIn("amira", passphrase)
	for b, to := range map[*browser]string{amira: "South", chen: "North"} {
		if a := b.post("/introduce/begin", url.Values{"to": {to}}); a.status != http.StatusSeeOther || a.header.Get("Location") != "/introduce/C1" {
			t.Fatalf("beginning answered %d: %s", a.status, reads(t, a.body))
		}
	}
	large := chen.get("/introduce/C1/code/1")
	if large.status != http.StatusOK || large.header.Get("Content-Type") != "image/png" {
		t.Fatalf("the code answered %d", large.status)
	}
	for name, files := range map[string][]string{
		"nothing": {""}, "no code": {"\x89PNG\r\n\x1a\n"}, "our own": {amira.get("/introduce/C1/code/1").body},
		"one of several": {chen.get("/introduce/C1/code/1?codes=small").body},
	} {
		if a := amira.upload("/introduce/C1/read", files...); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s answered %d: %s", name, a.status, reads(t, a.body))
		}
	}
	var small []string
	for _, src := range pictures(t, amira.get("/introduce/C1?codes=small").body) {
		small = append(small, amira.get(src).body)
	}
	if len(small) < 2 {
		t.Fatalf("%d small codes", len(small))
	}
	for _, c := range []struct {
		b     *browser
		files []string
	}{{amira, []string{large.body}}, {chen, small}} {
		if a := c.b.upload("/introduce/C1/read", c.files...); a.status != http.StatusSeeOther {
			t.Fatalf("their pictures answered %d: %s", a.status, reads(t, a.body))
		}
	}
	if a := amira.get("/introduce/C1/file"); a.status != http.StatusNotFound {
		t.Errorf("an introduction that was used is handed out: %d", a.status)
	}
	page := amira.page("/introduce/C1")
	has(t, page, "It was used, and its secret is erased.", "Type what they read to you")
	all, err := south.Counterparts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	has(t, page, strings.Join(strings.Fields(all[0].Spoken)[:6], " "))
	if a := amira.post("/introduce/C1/verify", url.Values{"digits": {"12345 67890"}}); a.status == http.StatusSeeOther {
		t.Error("other digits were taken")
	}
	if a := amira.post("/introduce/C1/verify", url.Values{"digits": {all[0].Spoken}}); a.status != http.StatusSeeOther {
		t.Errorf("the right digits answered %d: %s", a.status, reads(t, a.body))
	}
	has(t, amira.page("/introduce/C1"), "They were compared, and are the same.")
	wantLedger(t, north, "amira introduce South console", "amira counterpart.add South console", "amira counterpart.verify South console")
}

// pictures are the addresses of a page's pictures.
func pictures(t *testing.T, body string) (all []string) {
	t.Helper()
	for n := range nodes(t, body) {
		for _, a := range n.Attr {
			if n.Data == "img" && a.Key == "src" {
				all = append(all, a.Val)
			}
		}
	}
	return all
}

// Only an administrator sees an introduction: it holds a secret.
func TestIntroductionsAreForAdministrators(t *testing.T) {
	n := nodeWithRelay(t, "North")
	if err := n.AddUser(t.Context(), node.User{Name: "bilal", Roles: []node.Role{node.Releaser, node.Auditor}}, passphrase); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Introduce(t.Context(), "South", false); err != nil {
		t.Fatal(err)
	}
	b := browse(t, n, console.Options{})
	bilal := another(t, b.base).signedIn("bilal", passphrase)
	for _, path := range []string{"/introduce", "/introduce/C1", "/introduce/C1/code/1", "/introduce/C1/file"} {
		if a := b.get(path); a.status != http.StatusUnauthorized {
			t.Errorf("%s answered %d to a stranger", path, a.status)
		}
		if a := bilal.get(path); a.status != http.StatusForbidden {
			t.Errorf("%s answered %d to a releaser", path, a.status)
		}
	}
	if a := bilal.upload("/introduce/C1/read", "x"); a.status != http.StatusForbidden {
		t.Errorf("reading answered %d", a.status)
	}
	if a := b.upload("/introduce/C1/read", strings.Repeat("x", 1<<20)); a.status != http.StatusUnauthorized {
		t.Errorf("a large file of a stranger answered %d", a.status)
	}
}

// A first run in a real browser, by keys and clicks alone: code, node, second
// person, introduction.
func TestFirstRunInABrowser(t *testing.T) {
	s, _ := beginSetup(t)
	b := openTab(t)
	b.open(s.URL() + "/")
	b.fill("#code", s.Code)
	b.press("form button", "/setup")
	for field, text := range map[string]string{"#party": "North", "#region": "US", "#relays": "https://relay.example:7443", "#user": "amira", "#new": own, "#again": own} {
		b.fill(field, text)
	}
	b.look("setup", "light")
	b.press("form.act button", "/introduce")
	n := made(t, s)
	b.says("The node is made, and you are signed in.", "A second person can clear a release")
	b.press(`a[href="/users"]`, "/users")
	b.eval(`document.querySelector("details summary").click(); document.querySelector("[name=role][value=releaser]").click()`)
	b.fill("#name", "bilal")
	b.press("form.act button", "/users/U2")
	b.says("Shown only now", "one-time passphrase")
	b.open(s.URL() + "/introduce")
	b.says("done", "A second person can clear a release")
	b.fill("#to", "South")
	b.press("form.act button", "/introduce/C1")
	b.eval(`Promise.all(Array.from(document.images, i => i.decode())).then(() => "all")`)
	if w := b.eval(`document.images[0].naturalWidth`); w == "0" {
		t.Error("the code is not shown")
	}
	b.look("introduction", "light")
	south := nodeWithRelay(t, "South")
	theirs, err := south.Introduce(t.Context(), "North", false)
	if err != nil {
		t.Fatal(err)
	}
	b.fill("#text", string(theirs))
	b.press("form.act button", "/introduce/C1")
	all, err := n.Counterparts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b.says("Compare the digits before you use it.", strings.Fields(all[0].Spoken)[0])
	b.fill("#digits", all[0].Spoken)
	b.press("form.act button", "/introduce/C1")
	b.says("They were compared, and are the same.")
	b.quiet()
	wantLedger(t, n, "amira user.add bilal console", "amira introduce South console", "amira counterpart.add South console", "amira counterpart.verify South console")
}
