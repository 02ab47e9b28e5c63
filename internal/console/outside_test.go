package console_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"parley/internal/console"
	"parley/internal/node"
	"parley/internal/otp"
)

// idp is a provider of sign-ins over TLS. It does what OpenID Connect asks of
// one, and what an attacker who holds it, or stands before it, could do besides.
type idp struct {
	t      testing.TB
	server *httptest.Server
	key    *ecdsa.PrivateKey
	mu     sync.Mutex
	codes  map[string]url.Values // what was asked for with each code

	now  func() time.Time
	lie  func(claims map[string]any) // changes what is claimed
	sign func(payload []byte) string // signs in another way, when not nil
}

const secretOfClient = "hush-hush-client"

func newIDP(t testing.TB) *idp {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &idp{t: t, key: key, codes: map[string]url.Values{}, now: time.Now, lie: func(map[string]any) {}}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.answer(w, map[string]any{
			"issuer": p.server.URL, "authorization_endpoint": p.server.URL + "/authorize", "token_endpoint": p.server.URL + "/token", "jwks_uri": p.server.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"ES256"}, "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		p.answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.key.Public(), KeyID: "1", Algorithm: "ES256", Use: "sig"}}})
	})
	mux.HandleFunc("/token", p.token)
	p.server = httptest.NewTLSServer(mux)
	t.Cleanup(p.server.Close)
	return p
}

func (p *idp) answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Error(err)
	}
}

// authorize is somebody who signs in at the provider: the address that the
// browser is sent back to.
func (p *idp) authorize(to string) string {
	p.t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		p.t.Fatal(err)
	}
	q := u.Query()
	if q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || len(q.Get("state")) < 20 || len(q.Get("nonce")) < 20 || !strings.Contains(q.Get("scope"), "openid") {
		p.t.Errorf("the console asks for %v", q)
	}
	code := rand.Text()
	p.mu.Lock()
	p.codes[code] = q
	p.mu.Unlock()
	return q.Get("redirect_uri") + "?" + url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {p.server.URL}}.Encode()
}

// token trades a code, once, for whoever has the verifier and the secret.
func (p *idp) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.t.Error(err)
	}
	p.mu.Lock()
	asked, known := p.codes[r.PostForm.Get("code")]
	delete(p.codes, r.PostForm.Get("code"))
	p.mu.Unlock()
	id, secret, _ := r.BasicAuth()
	sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	if !known || id != "parley" || secret != secretOfClient || base64.RawURLEncoding.EncodeToString(sum[:]) != asked.Get("code_challenge") {
		w.WriteHeader(http.StatusBadRequest)
		p.answer(w, map[string]string{"error": "invalid_grant"})
		return
	}
	now := p.now()
	claims := map[string]any{
		"iss": p.server.URL, "aud": "parley", "sub": "8c3f21", "nonce": asked.Get("nonce"), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
		"email": "bilal@north.example", "email_verified": true,
	}
	p.lie(claims)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	payload, err := json.Marshal(claims)
	if err != nil {
		p.t.Error(err)
	}
	p.answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": p.signed(payload)})
}

func (p *idp) signed(payload []byte) string {
	if p.sign != nil {
		return p.sign(payload)
	}
	return signedBy(p.t, jose.ES256, p.key, payload)
}

func signedBy(t testing.TB, alg jose.SignatureAlgorithm, key any, payload []byte) string {
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: "1"}}, nil)
	if err != nil {
		t.Error(err)
		return ""
	}
	signed, err := s.Sign(payload)
	if err != nil {
		t.Error(err)
		return ""
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Error(err)
	}
	return text
}

// vouched is a node for which a provider vouches, with bilal known to it.
func vouched(t *testing.T, claim, value string) (*node.Node, *idp) {
	t.Helper()
	n, p := newNode(t, "North"), newIDP(t)
	if err := n.AddUserWithKeyFile(t.Context(), node.User{Name: "bilal", Roles: []node.Role{node.Releaser}}, []byte(strings.Repeat("k", node.MinKeyFile))); err != nil {
		t.Fatal(err)
	}
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.server.Certificate().Raw})
	err := n.SetProvider(t.Context(), node.Provider{Issuer: p.server.URL, ClientID: "parley", Secret: secretOfClient, Claim: claim, CA: string(ca)})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.MapOutsider(t.Context(), value, "bilal"); err != nil {
		t.Fatal(err)
	}
	return n, p
}

// leaves is the address at the provider that the console sends a browser to.
func (b *browser) leaves() string {
	b.Helper()
	a := b.get("/sign-in/outside")
	if a.status != http.StatusSeeOther {
		b.Fatalf("leaving answered %d: %s", a.status, reads(b, a.body))
	}
	return a.header.Get("Location")
}

// back opens the address that a provider sends a browser to, as a browser does
// that comes from another site.
func (b *browser) back(to string) answer {
	b.Helper()
	r := b.request(http.MethodGet, strings.TrimPrefix(to, b.base), nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	return b.do(r)
}

// Somebody whom the provider vouches for is let in, with the roles of the user
// they are, and only while the node has them.
func TestSigningInFromOutside(t *testing.T) {
	n, p := vouched(t, "sub", "8c3f21")
	var log bytes.Buffer
	b := browse(t, n, console.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	has(t, reads(t, b.get("/").body), "Use your organisation's sign-in")
	a := b.back(p.authorize(b.leaves()))
	if a.status != http.StatusOK {
		t.Fatalf("coming back answered %d: %s", a.status, reads(t, a.body))
	}
	has(t, reads(t, a.body), "Go on to the overview")
	has(t, b.page("/"), "Signed in as bilal: releaser.")
	if strings.Contains(log.String(), secretOfClient) || strings.Contains(log.String(), "8c3f21") {
		t.Errorf("the log says %s", log.String())
	}
	if err := n.LockUser(t.Context(), "bilal", "left the desk"); err != nil {
		t.Fatal(err)
	}
	b = another(t, b.base)
	if a := b.back(p.authorize(b.leaves())); a.status != http.StatusUnauthorized {
		t.Errorf("who is locked out comes in: %d", a.status)
	}
}

// Whatever else a provider, or somebody before it, says lets nobody in.
func TestNobodyElseComesInFromOutside(t *testing.T) {
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	clock := newClock()
	n, p := vouched(t, "email", "bilal@north.example")
	p.now = clock.Now
	b := browse(t, n, console.Options{Now: clock.Now})
	set := func(name string, v any) func(map[string]any) { return func(c map[string]any) { c[name] = v } }
	for name, lie := range map[string]func(map[string]any){
		"another nonce":       set("nonce", "another"),
		"no nonce":            set("nonce", nil),
		"another audience":    set("aud", "another"),
		"a party besides":     set("aud", []string{"parley", "another"}),
		"for another party":   set("azp", "another"),
		"expired":             func(c map[string]any) { c["exp"] = clock.Now().Add(-time.Minute).Unix() },
		"not yet":             func(c map[string]any) { c["nbf"] = clock.Now().Add(time.Hour).Unix() },
		"another issuer":      set("iss", "https://login.example"),
		"nobody of ours":      set("email", "mallory@north.example"),
		"in other letters":    set("email", "Bilal@north.example"),
		"not verified":        set("email_verified", false),
		"verified, as a text": set("email_verified", "true"),
		"no claim":            set("email", nil),
		"a claim of a number": set("email", 7),
		"an empty claim":      set("email", ""),
	} {
		clock.pass(console.AttemptsTime)
		p.lie = lie
		b = another(t, b.base)
		if a := b.back(p.authorize(b.leaves())); a.status != http.StatusUnauthorized || b.get("/").status != http.StatusUnauthorized {
			t.Errorf("%s answered %d: %s", name, a.status, reads(t, a.body))
		}
	}
	p.lie = func(map[string]any) {}
	public, err := p.key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for name, sign := range map[string]func([]byte) string{
		"a stranger's key":                  func(b []byte) string { return signedBy(t, jose.ES256, stranger, b) },
		"the public key as a shared secret": func(b []byte) string { return signedBy(t, jose.HS256, public, b) },
		"the client's secret":               func(b []byte) string { return signedBy(t, jose.HS256, []byte(strings.Repeat(secretOfClient, 3)), b) },
		"nothing": func(b []byte) string {
			return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(b) + "."
		},
		"no token": func([]byte) string { return "" },
	} {
		clock.pass(console.AttemptsTime)
		p.sign = sign
		b = another(t, b.base)
		if a := b.back(p.authorize(b.leaves())); a.status != http.StatusUnauthorized || b.get("/").status != http.StatusUnauthorized {
			t.Errorf("signed by %s it answered %d", name, a.status)
		}
	}
	p.sign = nil
	clock.pass(console.AttemptsTime)
	if a := b.back(p.authorize(b.leaves())); a.status != http.StatusOK {
		t.Errorf("the truth answered %d: %s", a.status, reads(t, a.body))
	}
}

// What was taken along to the provider holds for one browser, once, for a while.
func TestTheWayBackFromOutside(t *testing.T) {
	clock := newClock()
	n, p := vouched(t, "sub", "8c3f21")
	p.now = clock.Now
	b := browse(t, n, console.Options{Now: clock.Now})
	refused := func(name string, a answer) {
		t.Helper()
		clock.pass(console.AttemptsTime / 2)
		if a.status != http.StatusUnauthorized || a.header.Get("Location") != "" {
			t.Errorf("%s answered %d", name, a.status)
		}
	}
	to := p.authorize(b.leaves())
	refused("another browser", another(t, b.base).back(to))
	refused("another state", b.back(strings.Replace(to, "state=", "state=x", 1)))

	b = another(t, b.base)
	to = p.authorize(b.leaves())
	kept := b.client.Jar.Cookies(mustURL(t, b.base+"/sign-in/outside/back"))
	if a := b.back(to); a.status != http.StatusOK {
		t.Fatalf("coming back answered %d", a.status)
	}
	thief := another(t, b.base)
	thief.client.Jar.SetCookies(mustURL(t, b.base+"/sign-in/outside/back"), kept)
	refused("the same again, with the cookie", thief.back(to))

	b = another(t, b.base)
	first, second := p.authorize(b.leaves()), p.authorize(another(t, b.base).leaves())
	stolen := mustURL(t, second).Query().Get("code")
	q := mustURL(t, first).Query()
	q.Set("code", stolen)
	refused("another's code", b.back("/sign-in/outside/back?"+q.Encode()))

	b = another(t, b.base)
	to = p.authorize(b.leaves())
	refused("from another issuer", b.back(strings.Replace(to, "iss=", "iss=x", 1)))
	b = another(t, b.base)
	to = p.authorize(b.leaves())
	clock.pass(11 * time.Minute)
	refused("too late", b.back(to))
	b = another(t, b.base)
	b.leaves()
	refused("refused there", b.back("/sign-in/outside/back?error=access_denied"))

	p.server.Close()
	clock.pass(console.AttemptsTime)
	if a := b.get("/sign-in/outside"); a.status != http.StatusBadGateway {
		t.Errorf("a provider that is gone answered %d", a.status)
	}
}

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// A provider stands for the passphrase, and not for the second factor.
func TestACodeIsAskedForFromOutsideToo(t *testing.T) {
	n, p := vouched(t, "sub", "8c3f21")
	bilal := asUser(t, n, "bilal", node.Releaser)
	secret, err := bilal.NewSecondFactor()
	if err != nil {
		t.Fatal(err)
	}
	recovery, err := bilal.SetSecondFactor(t.Context(), secret, otp.Code(secret, otp.Step(time.Now())))
	if err != nil {
		t.Fatal(err)
	}
	b := browse(t, n, console.Options{})
	a := b.back(p.authorize(b.leaves()))
	has(t, reads(t, a.body), "One-time code")
	if got := b.get("/").status; got != http.StatusUnauthorized {
		t.Errorf("without a code a page answered %d", got)
	}
	state := between(a.body, `name="secret-state" value="`, `"`)
	give := func(state, code string) int {
		return b.post("/sign-in/outside/code", url.Values{"secret-state": {state}, "secret-code": {code}}).status
	}
	if got := give(state, "000000"); got != http.StatusUnauthorized {
		t.Errorf("a wrong code answered %d", got)
	}
	if got := give(state+"x", recovery[0]); got != http.StatusUnauthorized {
		t.Errorf("a state that was changed answered %d", got)
	}
	if got := give(state, recovery[1]); got != http.StatusOK {
		t.Fatalf("a code answered %d", got)
	}
	has(t, b.page("/"), "Signed in as bilal: releaser.")
	if got := give(state, recovery[2]); got != http.StatusUnauthorized {
		t.Errorf("the same state again answered %d", got)
	}
}

// An administrator says who is who; the page and the program's answer show no secret.
func TestWhoIsWhoOutside(t *testing.T) {
	n, _ := vouched(t, "sub", "8c3f21")
	amira := browse(t, n, console.Options{}).signedIn("amira", passphrase)
	page := amira.page("/users/outside")
	has(t, page, "bilal | sub | 8c3f21", "the claim sub", "/sign-in/outside/back")
	if a := amira.post("/users/outside/map", url.Values{"value": {"77"}, "user": {"amira"}}); a.status != http.StatusSeeOther {
		t.Errorf("a second answered %d: %s", a.status, reads(t, a.body))
	}
	if a := amira.post("/users/outside/map", url.Values{"value": {"77"}, "user": {"bilal"}}); a.status != http.StatusConflict {
		t.Errorf("one claim for two users answered %d", a.status)
	}
	if a := amira.post("/users/outside/unmap", url.Values{"number": {"1"}}); a.status != http.StatusSeeOther {
		t.Errorf("ending one answered %d", a.status)
	}
	a := withToken(t, n, amira.base, node.Administrator).ask(http.MethodGet, "/api/v1/users/outside", "")
	has(t, a.body, `"value":"77"`, `"claim":"sub"`)
	if strings.Contains(a.body+page, secretOfClient) || strings.Contains(a.body, "8c3f21") {
		t.Errorf("it says %s", a.body)
	}
}
