package node

import (
	"errors"
	"slices"
	"testing"
	"time"

	"parley/internal/otp"
	"parley/internal/store"
)

// A second factor is asked for once a code of it was given; each code counts
// once, and so does each recovery code.
func TestSecondFactor(t *testing.T) {
	at := meet(t)
	n := at.North
	name := n.User.Name
	must(t, n.CheckSecondFactor(t.Context(), name, ""))
	secret, err := n.NewSecondFactor()
	must(t, err)
	code := func() string { return otp.Code(secret, otp.Step(at.clock.now())) }
	_, err = n.SetSecondFactor(t.Context(), secret, "12345")
	wants(t, "a wrong first code", err, ErrCode)
	recovery, err := n.SetSecondFactor(t.Context(), secret, code())
	must(t, err)
	_, err = n.SetSecondFactor(t.Context(), secret, code())
	wants(t, "a second secret", err, store.ErrExists)

	wants(t, "the code that set it up", n.CheckSecondFactor(t.Context(), name, code()), ErrCode)
	at.clock.move(otp.Period)
	must(t, n.CheckSecondFactor(t.Context(), name, code()))
	wants(t, "a code twice", n.CheckSecondFactor(t.Context(), name, code()), ErrCode)
	wants(t, "no code", n.CheckSecondFactor(t.Context(), name, ""), ErrCode)
	must(t, n.CheckSecondFactor(t.Context(), name, " "+recovery[3]+" "))
	wants(t, "a recovery code twice", n.CheckSecondFactor(t.Context(), name, recovery[3]), ErrCode)
	must(t, n.CheckSecondFactor(t.Context(), "basma", ""))

	analyst := with(n, "basma", Analyst)
	wants(t, "another takes it away", analyst.RemoveSecondFactor(t.Context(), name, ""), ErrRole)
	wants(t, "taking one's own away without a code", n.RemoveSecondFactor(t.Context(), name, ""), ErrCode)
	must(t, n.RemoveSecondFactor(t.Context(), name, recovery[0]))
	must(t, n.CheckSecondFactor(t.Context(), name, ""))
}

// A token acts for its user with the roles it was given, until it expires or is
// ended; its text is nowhere in the store.
func TestTokens(t *testing.T) {
	at := meet(t)
	n := at.North
	until := at.clock.now().Add(time.Hour)
	text, err := n.AddToken(t.Context(), "the feed", []Role{Analyst}, until)
	must(t, err)
	u, err := n.TokenUser(t.Context(), text)
	if err != nil || u.Name != n.User.Name || !slices.Equal(u.Roles, []Role{Analyst}) {
		t.Errorf("it acts for %+v, %v", u, err)
	}
	for name, wrong := range map[string]string{"none": "", "another": text[:len(text)-1] + "_", "longer": text + "A", "its number": "1"} {
		_, err := n.TokenUser(t.Context(), wrong)
		wants(t, name, err, ErrToken)
	}
	reader := with(n, "basma", Reader)
	_, err = reader.AddToken(t.Context(), "more than I may", []Role{Analyst}, until)
	wants(t, "a token with another's role", err, ErrRole)
	var invalid Invalid
	for name, try := range map[string]func() (string, error){
		"no name":     func() (string, error) { return n.AddToken(t.Context(), " ", []Role{Analyst}, until) },
		"no role":     func() (string, error) { return n.AddToken(t.Context(), "x", nil, until) },
		"in the past": func() (string, error) { return n.AddToken(t.Context(), "x", []Role{Analyst}, at.clock.now()) },
		"for years":   func() (string, error) { return n.AddToken(t.Context(), "x", []Role{Analyst}, until.AddDate(2, 0, 0)) },
	} {
		if _, err := try(); !errors.As(err, &invalid) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	wants(t, "another ends it", reader.EndToken(t.Context(), 1), store.ErrNotFound)
	must(t, n.EndToken(t.Context(), 1))
	_, err = n.TokenUser(t.Context(), text)
	wants(t, "an ended token", err, ErrToken)
	again, err := n.AddToken(t.Context(), "the feed", []Role{Analyst}, until)
	must(t, err)
	at.clock.move(time.Hour)
	_, err = n.TokenUser(t.Context(), again)
	wants(t, "an expired token", err, ErrToken)
}

// Whoever has no slot any more comes in by no other way.
func TestAPasskeyOfSomebodyWhoIsGone(t *testing.T) {
	n := meet(t).North
	gone := with(n, "gone", Analyst)
	handle, err := gone.PasskeyHandle(t.Context())
	must(t, err)
	must(t, gone.AddPasskey(t.Context(), "the telephone", handle, []byte(`{}`)))
	all, err := n.Passkeys(t.Context(), "gone")
	must(t, err)
	_, err = n.PasskeySignIn(t.Context(), all[0], []byte(`{}`))
	wants(t, "a passkey of somebody who is gone", err, ErrPasskey)
	must(t, gone.RemovePasskey(t.Context(), all[0].ID))
	wants(t, "a second time", gone.RemovePasskey(t.Context(), all[0].ID), store.ErrNotFound)
}
