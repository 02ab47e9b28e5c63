package node

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/store"
)

// hana is a user who comes in with a key file, which costs no time.
func hana(t *testing.T, n *Node, roles ...Role) (content []byte) {
	t.Helper()
	_, content = keyFile(t)
	must(t, n.AddUserWithKeyFile(t.Context(), User{"hana", roles}, content))
	return content
}

func openAs(t *testing.T, at *table, content []byte) (*Node, error) {
	t.Helper()
	return Open(t.Context(), Options{Home: at.North.Home(), User: "hana", KeyFile: content, Now: at.clock.now})
}

func personOf(t *testing.T, n *Node, name string) Person {
	t.Helper()
	all, err := n.People(t.Context())
	must(t, err)
	i := slices.IndexFunc(all, func(p Person) bool { return p.Name == name })
	if i < 0 {
		t.Fatalf("%s is not among %v", name, all)
	}
	return all[i]
}

// Other roles hold when somebody opens the node again; one that was taken away
// counts for nothing at once, for whoever came in before and for their tokens.
func TestRolesAreChanged(t *testing.T) {
	at := meet(t)
	n := at.North
	content := hana(t, n, Analyst, Releaser)
	first, err := n.Enter(t.Context(), User{"hana", []Role{Analyst, Releaser}})
	must(t, err)
	must(t, n.SetRoles(t.Context(), "hana", []Role{Releaser, Auditor}))
	still, err := n.Admit(t.Context(), first, at.clock.now())
	must(t, err)
	if !slices.Equal(still.User.Roles, []Role{Releaser}) {
		t.Errorf("who came in before is %v", still.User.Roles)
	}
	opened, err := openAs(t, at, content)
	must(t, err)
	if !slices.Equal(opened.User.Roles, []Role{Releaser, Auditor}) {
		t.Errorf("who opens it now is %v", opened.User.Roles)
	}
	must(t, opened.Close())
	if i := slices.IndexFunc(n.Users(), func(u User) bool { return u.Name == "hana" }); !slices.Equal(n.Users()[i].Roles, []Role{Releaser, Auditor}) {
		t.Errorf("the list says %v", n.Users()[i].Roles)
	}
	for name, roles := range map[string][]Role{"none": nil, "unknown": {"king"}, "twice": {Analyst, Analyst}} {
		if err := n.SetRoles(t.Context(), "hana", roles); !errors.As(err, new(Invalid)) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	wants(t, "nobody's", n.SetRoles(t.Context(), "nobody", []Role{Analyst}), store.ErrNotFound)
}

// There is always somebody who can come in and administer.
func TestTheLastAdministratorStays(t *testing.T) {
	at := meet(t)
	n := at.North
	if err := n.SetRoles(t.Context(), "amira", []Role{Analyst}); !errors.As(err, new(NotYet)) {
		t.Errorf("the only one gave the role away: %v", err)
	}
	hana(t, n, Administrator)
	other := as(n, "hana")
	must(t, n.SetRoles(t.Context(), "amira", []Role{Analyst}))
	if err := as(n, "bilal").LockUser(t.Context(), "hana", "they left"); !errors.Is(err, ErrRole) {
		t.Errorf("a releaser locked somebody out: %v", err)
	}
	if err := other.LockUser(t.Context(), "hana", "they left"); !errors.As(err, new(NotYet)) {
		t.Errorf("somebody locked themselves out: %v", err)
	}
	_, _, err := other.Invite(t.Context(), User{"iris", []Role{Administrator}})
	must(t, err)
	if err := other.SetRoles(t.Context(), "hana", []Role{Analyst}); !errors.As(err, new(NotYet)) {
		t.Errorf("somebody who never came in counts as an administrator: %v", err)
	}
}

// Who is locked out opens the node with nothing, and their slots are not in the
// key file; unlocked, they come in as before.
func TestAUserIsLockedOut(t *testing.T) {
	at := meet(t)
	n := at.North
	content := hana(t, n, Analyst)
	came, err := n.Enter(t.Context(), User{"hana", []Role{Analyst}})
	must(t, err)
	text, err := n.AddToken(t.Context(), "own", []Role{Analyst}, at.clock.now().Add(time.Hour))
	must(t, err)
	keys := filepath.Join(n.Home(), keysFile)
	before, err := os.ReadFile(keys)
	must(t, err)
	must(t, n.LockUser(t.Context(), "hana", "they left"))
	after, err := os.ReadFile(keys)
	must(t, err)
	if bytes.Contains(after, []byte("hana")) {
		t.Error("the slot is still in the key file")
	}
	_, err = openAs(t, at, content)
	wants(t, "who is locked out", err, ErrKeyFile)
	_, err = n.Admit(t.Context(), came, at.clock.now())
	wants(t, "a session", err, ErrGone)
	_, err = n.Enter(t.Context(), came)
	wants(t, "coming in anew", err, ErrPassphrase)
	if _, err := n.TokenUser(t.Context(), text); err != nil {
		t.Errorf("somebody else's token ended: %v", err)
	}
	_, other := keyFile(t)
	wants(t, "the name for somebody else", n.AddUserWithKeyFile(t.Context(), User{"hana", []Role{Analyst}}, other), store.ErrExists)
	if p := personOf(t, n, "hana"); !p.Locked() || p.LockedBy != "amira" || p.LockedWhy != "they left" || !p.KeyFile || p.Passphrase {
		t.Errorf("they stand in the list as %+v", p)
	}

	// A kill before the key file was written: the mark alone keeps them out.
	must(t, os.WriteFile(keys, before, 0o600))
	_, err = openAs(t, at, content)
	wants(t, "who is marked only", err, ErrUserLocked)
	must(t, n.LockUser(t.Context(), "hana", "they left"))
	if after, err = os.ReadFile(keys); err != nil || bytes.Contains(after, []byte("hana")) {
		t.Errorf("to lock again does not write the key file: %v", err)
	}

	must(t, n.UnlockUser(t.Context(), "hana"))
	opened, err := openAs(t, at, content)
	must(t, err)
	must(t, opened.Close())
	if err := n.UnlockUser(t.Context(), "hana"); !errors.As(err, new(NotYet)) {
		t.Errorf("unlocked twice: %v", err)
	}
	if err := n.LockUser(t.Context(), "hana", " "); !errors.As(err, new(Invalid)) {
		t.Errorf("locked without a reason: %v", err)
	}
}

// A one-time passphrase serves to choose another, for a while.
func TestAOneTimePassphrase(t *testing.T) {
	at := meet(t)
	n := at.North
	once, until, err := n.Invite(t.Context(), User{"hana", []Role{Analyst}})
	must(t, err)
	if len(once) != 23 || strings.Count(once, "-") != 3 || !until.Equal(at.clock.now().Add(OnceTime)) {
		t.Errorf("it is %q until %v", once, until)
	}
	enter := func(secret string, choosing bool) (*Node, error) {
		return Open(t.Context(), Options{Home: n.Home(), User: "hana", Passphrase: secret, Choosing: choosing, Now: at.clock.now})
	}
	if _, err := enter(once, false); !errors.As(err, new(NotYet)) {
		t.Errorf("it opened the node: %v", err)
	}
	own, err := enter(once, true)
	must(t, err)
	if !own.MustChoose() {
		t.Error("nothing has to be chosen")
	}
	wants(t, "with a wrong old one", own.ChangePassphrase(t.Context(), "not this one", "three lamps burn"), ErrPassphrase)
	if err := own.ChangePassphrase(t.Context(), once, once); !errors.As(err, new(Invalid)) {
		t.Errorf("the same again: %v", err)
	}
	must(t, own.ChangePassphrase(t.Context(), once, "three lamps burn"))
	if own.MustChoose() {
		t.Error("it has to be chosen again")
	}
	must(t, own.Close())
	_, err = enter(once, false)
	wants(t, "the old one", err, ErrPassphrase)
	own, err = enter("three lamps burn", false)
	must(t, err)
	must(t, own.Close())

	again, _, err := n.Renew(t.Context(), "hana")
	must(t, err)
	_, err = enter("three lamps burn", false)
	wants(t, "the one that was lost", err, ErrPassphrase)
	at.clock.move(OnceTime + time.Second)
	_, err = enter(again, true)
	wants(t, "too late", err, ErrPassphrase)
	_, err = n.Enter(t.Context(), User{"hana", []Role{Analyst}})
	wants(t, "too late in the console", err, ErrPassphrase)
}

// Signing somebody out ends what began before.
func TestSigningOut(t *testing.T) {
	at := meet(t)
	n := at.North
	hana(t, n, Analyst)
	u := User{"hana", []Role{Analyst}}
	began := at.clock.now()
	at.clock.move(time.Second)
	must(t, n.SignOut(t.Context(), "hana"))
	_, err := n.Admit(t.Context(), u, began)
	wants(t, "a session of before", err, ErrGone)
	_, err = n.Admit(t.Context(), u, at.clock.now())
	must(t, err)
	_, err = n.Admit(t.Context(), u, time.Time{})
	must(t, err)
}

// A slot that an older program wrote has no account: the next who opens the
// node gives it one, and believes no roles that nobody has proven.
func TestUsersOfBeforeAreEnrolled(t *testing.T) {
	at := meet(t)
	n := at.North
	v, err := readVault(n.vault.path)
	must(t, err)
	_, content := keyFile(t)
	must(t, v.addKeyFile(n.rand, User{"hana", []Role{Analyst}}, *n.key, content))
	opened, err := openAs(t, at, content)
	must(t, err)
	if p := personOf(t, opened, "hana"); p.Number == 0 || !slices.Equal(p.Roles, []Role{Analyst}) {
		t.Errorf("they stand in the list as %+v", p)
	}
	if other := personOf(t, opened, "amira"); other.AddedBy != "" || other.Passphrase {
		t.Errorf("an analyst sees how others come in: %+v", other)
	}
	must(t, opened.Close())
}
