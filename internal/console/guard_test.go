package console_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"parley/internal/console"
	"parley/internal/node"
)

// wanted are the headers of every answer, whatever it is.
var wanted = map[string]string{
	"Content-Security-Policy":      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cache-Control":                "no-store",
}

func TestHeadersOnEveryAnswer(t *testing.T) {
	n := newNode(t, "North")
	in := browse(t, n, console.Options{}).signedIn("amira", passphrase)
	out := another(t, in.base)
	closed, err := node.Init(t.Context(), node.Options{Home: t.TempDir(), User: "amira", Passphrase: passphrase}, node.Settings{Party: "Gone"})
	if err != nil {
		t.Fatal(err)
	}
	gone := browse(t, closed, console.Options{}).signedIn("amira", passphrase)
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	crossing := in.request(http.MethodPost, "/sign-out", url.Values{})
	crossing.Header.Set("Sec-Fetch-Site", "cross-site")
	renamed := in.request(http.MethodGet, "/", nil)
	renamed.Host = "evil.example"
	long := in.request(http.MethodPost, "/sign-in", url.Values{"user": {strings.Repeat("x", console.MaxBody)}})
	for _, c := range []struct {
		name   string
		b      *browser
		r      *http.Request
		status int
	}{
		{"a page", in, in.request(http.MethodGet, "/warnings", nil), http.StatusOK},
		{"a page's head", in, in.request(http.MethodHead, "/warnings", nil), http.StatusOK},
		{"the style", out, out.request(http.MethodGet, "/style.css", nil), http.StatusOK},
		{"the icon", out, out.request(http.MethodGet, "/icon.svg", nil), http.StatusOK},
		{"health", out, out.request(http.MethodGet, "/healthz", nil), http.StatusOK},
		{"metrics", out, out.request(http.MethodGet, "/metrics", nil), http.StatusOK},
		{"the sign-in", out, out.request(http.MethodGet, "/sign-in", nil), http.StatusOK},
		{"sign-out", out, out.request(http.MethodPost, "/sign-out", url.Values{}), http.StatusSeeOther},
		{"a place that is no number", in, in.request(http.MethodGet, "/warnings?skip=x", nil), http.StatusBadRequest},
		{"a form that is too long", in, long, http.StatusBadRequest},
		{"a page without sign-in", out, out.request(http.MethodGet, "/warnings", nil), http.StatusUnauthorized},
		{"a form of another site", in, crossing, http.StatusForbidden},
		{"no such page", in, in.request(http.MethodGet, "/nowhere", nil), http.StatusNotFound},
		{"no such warning", in, in.request(http.MethodGet, "/warnings/W1", nil), http.StatusNotFound},
		{"a page that is posted to", in, in.request(http.MethodPost, "/warnings", url.Values{}), http.StatusMethodNotAllowed},
		{"a sign-out that is asked for", in, in.request(http.MethodGet, "/sign-out", nil), http.StatusMethodNotAllowed},
		{"another name", in, renamed, http.StatusMisdirectedRequest},
		{"a page that fails", gone, gone.request(http.MethodGet, "/warnings", nil), http.StatusInternalServerError},
		{"health that fails", gone, gone.request(http.MethodGet, "/healthz", nil), http.StatusServiceUnavailable},
		{"metrics that fail", gone, gone.request(http.MethodGet, "/metrics", nil), http.StatusServiceUnavailable},
	} {
		a := c.b.do(c.r)
		if a.status != c.status {
			t.Errorf("%s answered %d, not %d:\n%s", c.name, a.status, c.status, a.body)
		}
		for name, value := range wanted {
			if got := a.header.Get(name); got != value {
				t.Errorf("%s: %s is %q", c.name, name, got)
			}
		}
		if !strings.Contains(a.header.Get("Permissions-Policy"), "camera=()") {
			t.Errorf("%s: Permissions-Policy is %q", c.name, a.header.Get("Permissions-Policy"))
		}
		if a.header.Get("Server") != "" || len(a.header["Access-Control-Allow-Origin"]) > 0 {
			t.Errorf("%s: headers %v", c.name, a.header)
		}
	}
}

// A browser that obeys Referrer-Policy: no-referrer sends "Origin: null" with
// the console's own forms, and says by Sec-Fetch-Site whose they are.
func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	b := browse(t, newNode(t, "North"), console.Options{}).signedIn("amira", passphrase)
	for _, c := range []struct {
		name, site, origin string
		status             int
	}{
		{"another site", "cross-site", "https://evil.example", http.StatusForbidden},
		{"another port of the machine", "same-site", "http://127.0.0.1:1", http.StatusForbidden},
		{"another site, in an old browser", "", "https://evil.example", http.StatusForbidden},
		{"the console itself", "same-origin", "null", http.StatusSeeOther},
	} {
		r := b.request(http.MethodPost, "/sign-out", url.Values{})
		r.Header.Set("Origin", c.origin)
		if r.Header.Set("Sec-Fetch-Site", c.site); c.site == "" {
			r.Header.Del("Sec-Fetch-Site")
		}
		if a := b.do(r); a.status != c.status {
			t.Errorf("a form of %s answered %d, not %d", c.name, a.status, c.status)
		}
		if signedIn := b.get("/").status == http.StatusOK; signedIn != (c.status == http.StatusForbidden) {
			t.Errorf("after a form of %s, signed in: %v", c.name, signedIn)
		}
	}
}

// A name that an attacker's DNS points at the machine is not the machine.
func TestOnlyItsOwnNames(t *testing.T) {
	h := console.New(newNode(t, "North"), console.Options{Named: func(host string) bool { return host == "desk.north.example" }})
	for host, good := range map[string]bool{
		"127.0.0.1:8440": true, "127.0.0.1": true, "localhost:8440": true, "LOCALHOST": true, "[::1]:8440": true, "[::1]": true,
		"127.3.2.1:9000": true, "desk.north.example:8440": true, "DESK.north.example": true,
		"evil.example": false, "evil.example:8440": false, "localhost.evil.example": false, "127.0.0.1.evil.example": false,
		"192.0.2.7:8440": false, "0.0.0.0:8440": false, "[::]:8440": false, "": false, "a b": false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/healthz", nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		want := http.StatusMisdirectedRequest
		if good {
			want = http.StatusOK
		}
		if w.Code != want {
			t.Errorf("host %q answered %d, not %d", host, w.Code, want)
		}
	}
}

// Strict transport security is for names of its own: for localhost it would
// bind every other port of the machine.
func TestStrictTransport(t *testing.T) {
	h := console.New(newNode(t, "North"), console.Options{Named: func(host string) bool { return host == "desk.north.example" }})
	for url, want := range map[string]string{
		"https://desk.north.example/healthz": "max-age=31536000",
		"https://localhost:8440/healthz":     "",
		"http://127.0.0.1:8440/healthz":      "",
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, url, nil))
		if got := w.Header().Get("Strict-Transport-Security"); w.Code != http.StatusOK || got != want {
			t.Errorf("%s answered %d with %q", url, w.Code, got)
		}
	}
}

// The log tells who came and which page failed, and nothing that was typed or
// read.
func TestLogHoldsNoContent(t *testing.T) {
	var log bytes.Buffer
	n, err := node.Init(t.Context(), node.Options{Home: t.TempDir(), User: "amira", Passphrase: passphrase}, node.Settings{Party: "North"})
	if err != nil {
		t.Fatal(err)
	}
	b := browse(t, n, console.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	b.signIn("my passphrase by mistake", "another secret", "/")
	b.signedIn("amira", passphrase)
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	b.get("/ledger?contains=00ff00ff")
	has(t, log.String(), "signed in to the console", "user=amira", "a sign-in to the console failed", "page=/ledger")
	for _, secret := range []string{"mistake", "secret", passphrase, "00ff00ff"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has %q:\n%s", secret, log.String())
		}
	}
}
