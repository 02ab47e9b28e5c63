package console

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"parley/internal/node"
)

// Bounds on signing in by a provider outside.
const (
	outsideTime = 10 * time.Minute // from leaving until coming back
	answerTime  = 10 * time.Second // for one answer of the provider
	maxAnswer   = 1 << 20          // bytes of one
)

// outsidePath is where people leave for a provider, and below it where they
// come back.
const outsidePath = "/sign-in/outside"

// algorithms are those that an identity token may be signed by: none with a
// shared secret, and not "none".
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}

// errOutside: the provider vouches for nobody.
var errOutside = errors.New("the provider's answer does not hold")

// leaving is what a browser takes along to a provider, in a cookie that is sealed
// by this console.
type leaving struct {
	State, Nonce, Verifier string
	Until                  time.Time
}

// relyingParty is the console as a provider of sign-ins knows it.
type relyingParty struct {
	node.Provider
	ctx      context.Context // with the client that reaches the provider
	provider *oidc.Provider
	oauth    oauth2.Config
}

// relyOn asks the provider where things are.
func (c *console) relyOn(r *http.Request) (*relyingParty, error) {
	p, err := c.node.Provider(r.Context())
	if err != nil {
		return nil, err
	}
	ctx := oidc.ClientContext(r.Context(), outsideClient(p.CA))
	provider, err := oidc.NewProvider(ctx, p.Issuer)
	if err != nil {
		return nil, fmt.Errorf("ask the provider of sign-ins where to go: %w", err)
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return &relyingParty{p, ctx, provider, oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.Secret, Endpoint: provider.Endpoint(),
		RedirectURL: scheme + "://" + r.Host + outsidePath + "/back", Scopes: scopesFor(p.Claim),
	}}, nil
}

func scopesFor(claim string) []string {
	switch {
	case claim == "sub":
		return []string{oidc.ScopeOpenID}
	case strings.HasPrefix(claim, "email"):
		return []string{oidc.ScopeOpenID, "email"}
	}
	return []string{oidc.ScopeOpenID, "profile"}
}

// outsideClient reaches a provider and nobody else: over TLS, by no proxy of the
// environment, without following it elsewhere, and not beyond a size.
func outsideClient(ca string) *http.Client {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if ca != "" {
		config.RootCAs = x509.NewCertPool()
		config.RootCAs.AppendCertsFromPEM([]byte(ca)) // it was checked when it was set
	}
	return &http.Client{
		Transport: bounded{&http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}, Timeout: answerTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("the provider sends elsewhere") },
	}
}

// bounded lets requests over TLS through, and so many bytes of an answer.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" {
		return nil, errors.New("the provider names an address without TLS")
	}
	res, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, maxAnswer), res.Body}
	}
	return res, err
}

// leave sends a browser to the provider: authorization code with PKCE (RFC 7636),
// state and nonce.
func (c *console) leave(w http.ResponseWriter, r *http.Request) {
	if wait, ok := c.attempts.allow(origin(r), "outside"); !ok {
		_, text := tooMany(wait)
		c.refuse(w, r, problem{http.StatusTooManyRequests, "Too many attempts", text})
		return
	}
	rp, err := c.relyOn(r)
	if err != nil {
		c.refuseOutside(w, r, err)
		return
	}
	if u := rp.oauth.Endpoint.AuthURL; !strings.HasPrefix(u, "https://") {
		c.refuseOutside(w, r, errOutside)
		return
	}
	l := leaving{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Until: c.opt.Now().Add(outsideTime)}
	sealed, err := c.asked.seal("leaving", l)
	if err != nil {
		c.refuseOutside(w, r, err)
		return
	}
	http.SetCookie(w, outsideCookie(r, sealed))
	seeOther(w, rp.oauth.AuthCodeURL(l.State, oidc.Nonce(l.Nonce), oauth2.S256ChallengeOption(l.Verifier)))
}

// outsideCookie goes along when a provider sends the browser back, as a strict
// one would not.
func outsideCookie(r *http.Request, value string) *http.Cookie {
	c := &http.Cookie{
		Name: withPort("parley-outside", r), Value: value, Path: outsidePath, HttpOnly: true, Secure: r.TLS != nil,
		SameSite: http.SameSiteLaxMode, MaxAge: int(outsideTime / time.Second),
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// comeBack is where the provider sends a browser, with a code or a refusal.
func (c *console) comeBack(w http.ResponseWriter, r *http.Request) {
	if wait, ok := c.attempts.allow(origin(r), "outside"); !ok {
		_, text := tooMany(wait)
		c.refuse(w, r, problem{http.StatusTooManyRequests, "Too many attempts", text})
		return
	}
	http.SetCookie(w, outsideCookie(r, ""))
	user, err := c.vouchedFor(r)
	if err != nil {
		c.refuseOutside(w, r, err)
		return
	}
	asked, err := c.node.HasSecondFactor(r.Context(), user.Name)
	if err != nil {
		c.refuseOutside(w, r, err)
		return
	}
	if asked {
		c.askCode(w, r, user.Name, http.StatusOK, "")
		return
	}
	c.arrive(w, r, user)
}

// vouchedFor is the user whom the provider vouches for.
func (c *console) vouchedFor(r *http.Request) (u node.User, err error) {
	sealed, err := r.Cookie(withPort("parley-outside", r))
	if err != nil {
		return u, errOutside
	}
	var l leaving
	q := r.URL.Query()
	if !c.asked.unseal("leaving", sealed.Value, &l) || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(l.State)) != 1 || !c.asked.first(l.State, l.Until) {
		return u, errOutside
	}
	if q.Get("code") == "" {
		return u, errOutside // it was refused there
	}
	rp, err := c.relyOn(r)
	if err != nil {
		return u, err
	}
	if iss := q.Get("iss"); iss != "" && iss != rp.Issuer { // RFC 9207
		return u, errOutside
	}
	value, err := c.claimed(rp, q.Get("code"), l)
	if err != nil {
		return u, err
	}
	return c.node.OutsideSignIn(node.Through(r.Context(), "console"), rp.Provider, value)
}

// claimed trades the code for an identity token and reads the claim in it.
// Why something does not hold is told to nobody: it may have the token in it.
func (c *console) claimed(rp *relyingParty, code string, l leaving) (string, error) {
	token, err := rp.oauth.Exchange(rp.ctx, code, oauth2.VerifierOption(l.Verifier))
	if err != nil {
		return "", errOutside
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := rp.provider.VerifierContext(rp.ctx, &oidc.Config{ClientID: rp.ClientID, SupportedSigningAlgs: algorithms, Now: c.opt.Now}).Verify(rp.ctx, raw)
	if err != nil || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(l.Nonce)) != 1 {
		return "", errOutside
	}
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		return "", errOutside
	}
	if party, named := claims["azp"]; (named || len(id.Audience) > 1) && party != rp.ClientID { // OpenID Connect Core, section 3.1.3.7
		return "", errOutside
	}
	if rp.Claim == "email" && claims["email_verified"] != true {
		return "", errOutside
	}
	value, _ := claims[rp.Claim].(string)
	if value == "" {
		return "", errOutside
	}
	return value, nil
}

// outsideBody is the page on which somebody comes back.
type outsideBody struct {
	Code    string // sealed: who is asked for a one-time code; empty: they are in
	Problem string
}

// pending is somebody whom the provider vouches for and who is asked for a code.
type pending struct {
	User  string
	Until time.Time
}

func (c *console) askCode(w http.ResponseWriter, r *http.Request, user string, status int, problem string) {
	text, err := c.asked.seal("pending", pending{user, c.opt.Now().Add(challengeTime)})
	if err != nil {
		c.refuseOutside(w, r, err)
		return
	}
	c.write(w, r, status, frame{view: view{Page: "outside", Title: "Sign in", Body: outsideBody{text, problem}}})
}

// outsideCode takes the one-time code of somebody whom the provider vouches for:
// it stands for the passphrase, and not for the second factor.
func (c *console) outsideCode(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		c.refuse(w, r, problem{http.StatusBadRequest, "Not a sign-in", "The form could not be read."})
		return
	}
	var p pending
	if !c.asked.unseal("pending", r.PostForm.Get("secret-state"), &p) || !c.opt.Now().Before(p.Until) {
		c.refuseOutside(w, r, errOutside)
		return
	}
	if wait, ok := c.attempts.allow(origin(r), p.User); !ok {
		_, text := tooMany(wait)
		c.askCode(w, r, p.User, http.StatusTooManyRequests, text)
		return
	}
	err := c.node.CheckSecondFactor(node.Through(r.Context(), "console"), p.User, r.PostForm.Get("secret-code"))
	if errors.Is(err, node.ErrCode) {
		c.askCode(w, r, p.User, http.StatusUnauthorized, "Wrong code.")
		return
	}
	if err != nil || !c.asked.first(r.PostForm.Get("secret-state"), p.Until) {
		c.refuseOutside(w, r, cmp.Or(err, errOutside))
		return
	}
	c.arrive(w, r, node.User{Name: p.User})
}

// arrive begins a session. The page leads on by a link: a redirect would still
// come from the provider's site, and the session's cookie would not go along.
func (c *console) arrive(w http.ResponseWriter, r *http.Request, user node.User) {
	user, err := c.node.Enter(r.Context(), user)
	if err != nil {
		c.refuseOutside(w, r, err)
		return
	}
	c.sessions.end(token(r))
	text, err := c.sessions.begin(user, r)
	if err != nil {
		c.refuseOutside(w, r, err)
		return
	}
	c.opt.Log.Info("signed in to the console from outside", "user", user.Name)
	http.SetCookie(w, cookie(r, text))
	c.write(w, r, http.StatusOK, frame{view: view{Page: "outside", Title: "Signed in", Body: outsideBody{}}})
}

func (c *console) refuseOutside(w http.ResponseWriter, r *http.Request, err error) {
	c.opt.Log.Warn("a sign-in to the console from outside failed")
	p := problem{http.StatusUnauthorized, "Not signed in", "Your organisation's sign-in does not let you in here, or it took too long. Try again, or use your passphrase."}
	if !errors.Is(err, errOutside) && !errors.Is(err, node.ErrOutside) && !errors.Is(err, node.ErrPassphrase) {
		p = problem{http.StatusBadGateway, "Not signed in", "Nobody can sign in from outside now: there is no provider of sign-ins, or it cannot be reached. Use your passphrase."}
	}
	c.refuse(w, r, p)
}

// seal makes something that only this console can have made, for one purpose.
func (c *challenges) seal(purpose string, v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("seal what a browser takes along: %w", err)
	}
	sum, err := c.sum(slices.Concat([]byte(purpose), []byte{0}, b))
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b) + "." + base64.RawURLEncoding.EncodeToString(sum), nil
}

// unseal reads what seal made, for that purpose and not too long ago.
func (c *challenges) unseal(purpose, text string, v any) bool {
	body, sum, _ := strings.Cut(text, ".")
	b, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return false
	}
	given, err := base64.RawURLEncoding.DecodeString(sum)
	if err != nil {
		return false
	}
	want, err := c.sum(slices.Concat([]byte(purpose), []byte{0}, b))
	return err == nil && hmac.Equal(given, want) && json.Unmarshal(b, v) == nil
}

// first tells whether something comes for the first time, before it is over.
func (c *challenges) first(what string, until time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.answered, func(_ string, until time.Time) bool { return !c.now().Before(until) })
	if _, again := c.answered[what]; again || !c.now().Before(until) {
		return false
	}
	c.answered[what] = until
	return true
}
