package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"parley/internal/node"
	"parley/internal/store"
)

// passkeyActs is adding a passkey.
func passkeyActs() []act {
	return []act{{"/account/passkey/add", (*console).newPasskey, false, (*console).addPasskey}}
}

// relying is the console as WebAuthn sees it: by the name that the browser has.
// Browsers make no passkeys for addresses, so 127.0.0.1 is called localhost.
func relying(r *http.Request) (*webauthn.WebAuthn, error) {
	host := hostOf(r.Host)
	if _, err := netip.ParseAddr(host); err == nil {
		return nil, problem{http.StatusConflict, "No name", "Browsers know passkeys by a name, and the console was opened by an address. Open it by its name, or as localhost, and try again."}
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	w, err := webauthn.New(&webauthn.Config{RPID: host, RPDisplayName: "Parley", RPOrigins: []string{scheme + "://" + r.Host}})
	if err != nil {
		return nil, fmt.Errorf("make ready for passkeys: %w", err)
	}
	return w, nil
}

// holder is a user as WebAuthn sees one.
type holder struct {
	name   string
	handle []byte
	keys   []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return h.handle }
func (h holder) WebAuthnName() string                       { return h.name }
func (h holder) WebAuthnDisplayName() string                { return h.name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func holderOf(name string, handle []byte, all []store.Passkey) (holder, error) {
	h := holder{name: name, handle: handle}
	for _, p := range all {
		var key webauthn.Credential
		if err := json.Unmarshal(p.Credential, &key); err != nil {
			return h, fmt.Errorf("read passkey %d: %w", p.ID, err)
		}
		h.keys = append(h.keys, key)
	}
	return h, nil
}

// self is whoever is signed in, as WebAuthn sees them.
func (c *console) self(r *http.Request) (holder, error) {
	handle, err := c.node.PasskeyHandle(r.Context())
	if err != nil {
		return holder{}, err
	}
	all, err := c.node.Passkeys(r.Context(), c.node.User.Name)
	if err != nil {
		return holder{}, err
	}
	return holderOf(c.node.User.Name, handle, all)
}

// ceremony is what a page asks the browser for.
type ceremony struct {
	Options string // JSON
	State   string // what the answer is checked against, sealed
	Problem string
}

func (c *console) newPasskey(r *http.Request) (view, error) {
	v := view{Page: "passkey", Title: "New passkey"}
	w, err := relying(r)
	var unnamed problem
	if errors.As(err, &unnamed) {
		v.Body = ceremony{Problem: unnamed.Text}
		return v, nil
	}
	if err != nil {
		return v, err
	}
	me, err := c.self(r)
	if err != nil {
		return v, err
	}
	var known []protocol.CredentialDescriptor
	for _, key := range me.keys {
		known = append(known, key.Descriptor())
	}
	made, asked, err := w.BeginRegistration(me, webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementRequired),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		}), webauthn.WithExclusions(known))
	if err != nil {
		return v, fmt.Errorf("ask for a passkey: %w", err)
	}
	v.Body, err = c.asked.ask(me.name, made, asked)
	return v, err
}

func (c *console) addPasskey(r *http.Request) (done, error) {
	w, err := relying(r)
	if err != nil {
		return done{}, err
	}
	me, err := c.self(r)
	if err != nil {
		return done{}, err
	}
	wrong := problem{http.StatusUnprocessableEntity, "No passkey", "The browser made no passkey, or it took too long. Try again."}
	asked, ok := c.asked.take(me.name, r.PostForm.Get("secret-state"))
	if !ok {
		return done{}, wrong
	}
	me.handle = asked.UserID // drawn anew for each page while there is no passkey
	answer, err := protocol.ParseCredentialCreationResponseBytes([]byte(r.PostForm.Get("secret-answer")))
	if err != nil {
		return done{}, wrong
	}
	key, err := w.CreateCredential(me, asked, answer)
	if err != nil {
		return done{}, wrong
	}
	credential, err := json.Marshal(key)
	if err != nil {
		return done{}, fmt.Errorf("keep passkey: %w", err)
	}
	return done{accountPage, "The passkey signs you in from now on."}, c.node.AddPasskey(r.Context(), r.PostForm.Get("name"), me.handle, credential)
}

// passkeySignIn lets somebody in whose device answers for a passkey and has made
// sure of its owner: that stands for both factors.
func (c *console) passkeySignIn(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		c.askPasskey(w, r, http.StatusOK, "")
		return
	}
	if err := r.ParseForm(); err != nil {
		c.refuse(w, r, problem{http.StatusBadRequest, "Not a sign-in", "The form could not be read."})
		return
	}
	if wait, ok := c.attempts.allow(origin(r), "a passkey"); !ok {
		seconds, text := tooMany(wait)
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		c.askPasskey(w, r, http.StatusTooManyRequests, text)
		return
	}
	user, err := c.tryPasskey(r)
	if err != nil {
		c.opt.Log.Warn("a sign-in to the console failed")
		c.askPasskey(w, r, http.StatusUnauthorized, "That passkey does not sign anybody in here, or it took too long. Try again, or use your passphrase.")
		return
	}
	c.welcome(w, r, user, signInForm{To: "/"})
}

func (c *console) askPasskey(w http.ResponseWriter, r *http.Request, status int, problem string) {
	body := ceremony{Problem: problem}
	party, err := relying(r)
	if err == nil {
		var (
			wanted *protocol.CredentialAssertion
			asked  *webauthn.SessionData
		)
		if wanted, asked, err = party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired)); err == nil {
			body, err = c.asked.ask("", wanted, asked)
			body.Problem = problem
		}
	}
	if err != nil {
		body, status = ceremony{Problem: err.Error()}, http.StatusConflict
	}
	c.write(w, r, status, frame{view: view{Page: "sign-in-passkey", Title: "Sign in", Body: body}})
}

func (c *console) tryPasskey(r *http.Request) (node.User, error) {
	party, err := relying(r)
	if err != nil {
		return node.User{}, err
	}
	asked, ok := c.asked.take("", r.PostForm.Get("secret-state"))
	if !ok {
		return node.User{}, node.ErrPasskey
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes([]byte(r.PostForm.Get("secret-answer")))
	if err != nil {
		return node.User{}, err
	}
	var all []store.Passkey
	find := func(_, handle []byte) (webauthn.User, error) {
		if all, err = c.node.PasskeysOf(r.Context(), handle); err != nil {
			return nil, err
		}
		if len(all) == 0 {
			return nil, node.ErrPasskey
		}
		return holderOf(all[0].User, handle, all)
	}
	_, key, err := party.ValidatePasskeyLogin(find, asked, answer)
	if err != nil {
		return node.User{}, err
	}
	if key.Authenticator.CloneWarning {
		return node.User{}, node.ErrPasskey
	}
	credential, err := json.Marshal(key)
	if err != nil {
		return node.User{}, fmt.Errorf("keep passkey: %w", err)
	}
	for _, p := range all {
		var one webauthn.Credential
		if json.Unmarshal(p.Credential, &one) == nil && bytes.Equal(one.ID, key.ID) {
			user, err := c.node.PasskeySignIn(node.Through(r.Context(), "console"), p, credential)
			if err != nil {
				return user, err
			}
			return c.node.Enter(r.Context(), user)
		}
	}
	return node.User{}, node.ErrPasskey
}
