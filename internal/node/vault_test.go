package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"parley/internal/store"
)

func opened(t testing.TB, home, user, passphrase string) error {
	t.Helper()
	n, err := Open(t.Context(), Options{Home: home, User: user, Passphrase: passphrase})
	if err == nil {
		must(t, n.Close())
	}
	return err
}

func TestAPassphraseOpensItsOwnUser(t *testing.T) {
	at := meet(t)
	for _, c := range []struct {
		user, passphrase string
		want             error
	}{
		{"amira", passphrase, nil},
		{"basma", passphrase, nil},
		{"amira", "a lamp in the Window", ErrPassphrase},
		{"amira", "", ErrPassphrase},
		{"nobody", passphrase, ErrPassphrase},
		{"Amira", passphrase, ErrPassphrase},
		{"chen", passphrase, ErrPassphrase},
	} {
		wants(t, c.user, opened(t, at.North.Home(), c.user, c.passphrase), c.want)
	}
}

func TestSignIn(t *testing.T) {
	at := meet(t)
	u, err := at.North.SignIn("bilal", passphrase)
	must(t, err)
	if !u.Is(Releaser) || u.Is(Administrator) {
		t.Errorf("signed in with the roles %v", u.Roles)
	}
	_, err = at.North.SignIn("bilal", passphrase+"!")
	wants(t, "another passphrase", err, ErrPassphrase)

	// A slot with a key of somebody's own opens nothing, though its passphrase is right.
	v, err := readVault(filepath.Join(at.North.Home(), keysFile))
	must(t, err)
	must(t, v.add(at.North.rand, User{"mallory", []Role{Administrator}}, [store.KeySize]byte{1}, passphrase))
	_, err = at.North.SignIn("mallory", passphrase)
	wants(t, "a slot that was put in", err, ErrPassphrase)
}

// TestAKeyFileChangedByHand alters the key file in each way that an insider
// with an editor could, and tries to get in.
func TestAKeyFileChangedByHand(t *testing.T) {
	at := meet(t)
	path := filepath.Join(at.North.Home(), keysFile)
	whole, err := os.ReadFile(path)
	must(t, err)
	theirs, err := readVault(filepath.Join(at.South.Home(), keysFile))
	must(t, err)
	for _, c := range []struct {
		name  string
		user  string
		spoil func(*vault)
		says  string
	}{
		{"a role more", "basma", func(v *vault) { v.Slots[2].Roles = append(v.Slots[2].Roles, Releaser) }, ErrPassphrase.Error()},
		{"a role less", "bilal", func(v *vault) { v.Slots[1].Roles = v.Slots[1].Roles[:1] }, ErrPassphrase.Error()},
		{"another's name", "amira2", func(v *vault) { v.Slots[2].Name = "amira2" }, ErrPassphrase.Error()},
		{"another's sealed key", "basma", func(v *vault) { v.Slots[2].Sealed = v.Slots[0].Sealed }, ErrPassphrase.Error()},
		{"another's slot whole", "basma", func(v *vault) {
			v.Slots[2].Sealed, v.Slots[2].Salt = v.Slots[0].Sealed, v.Slots[0].Salt
		}, ErrPassphrase.Error()},
		{"a byte of the salt", "basma", func(v *vault) { v.Slots[2].Salt[0] ^= 1 }, ErrPassphrase.Error()},
		{"a shorter seal", "basma", func(v *vault) { v.Slots[2].Sealed = v.Slots[2].Sealed[:20] }, ErrPassphrase.Error()},
		{"no seal", "basma", func(v *vault) { v.Slots[2].Sealed = nil }, ErrPassphrase.Error()},
		{"other passes", "basma", func(v *vault) { v.Slots[2].Cost.Passes = 2 }, ErrPassphrase.Error()},
		{"a slot of another node", "chen", func(v *vault) { v.Slots[0] = theirs.Slots[0] }, store.ErrKey.Error()},
		{"no slot", "amira", func(v *vault) { v.Slots = nil }, "0 users"},
		{"too many slots", "amira", func(v *vault) { v.Slots = make([]slot, maxSlots+1) }, "257 users"},
		{"another version", "amira", func(v *vault) { v.Version = 2 }, "version 2"},
		{"two terabytes", "amira", func(v *vault) { v.Slots[1].Cost.Memory = 1 << 31 }, "asks for"},
		{"just over a gibibyte", "amira", func(v *vault) { v.Slots[1].Cost.Memory = maxMemory + 1 }, "asks for"},
		{"no memory", "amira", func(v *vault) { v.Slots[1].Cost.Memory = 0 }, "asks for"},
		{"no passes", "amira", func(v *vault) { v.Slots[1].Cost.Passes = 0 }, "asks for"},
		{"a day of passes", "amira", func(v *vault) { v.Slots[1].Cost.Passes = 1 << 20 }, "asks for"},
		{"no threads", "amira", func(v *vault) { v.Slots[1].Cost.Threads = 0 }, "asks for"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var v vault
			must(t, json.Unmarshal(whole, &v))
			c.spoil(&v)
			spoilt, err := json.Marshal(v)
			must(t, err)
			must(t, os.WriteFile(path, spoilt, 0o600))
			if err := opened(t, at.North.Home(), c.user, passphrase); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want it to say %q", err, c.says)
			}
		})
	}
	must(t, os.WriteFile(path, []byte("{"), 0o600))
	if err := opened(t, at.North.Home(), "amira", passphrase); err == nil {
		t.Error("half a key file was read")
	}
}

func TestWhoMayBeAdded(t *testing.T) {
	at := meet(t)
	path := filepath.Join(at.North.Home(), keysFile)
	before, err := os.ReadFile(path)
	must(t, err)
	long := strings.Repeat("a", maxUserName+1)
	for _, c := range []struct {
		name       string
		user       User
		passphrase string
		says       string
	}{
		{"a name taken", User{"bilal", []Role{Analyst}}, passphrase, store.ErrExists.Error()},
		{"no name", User{"", []Role{Analyst}}, passphrase, "1 to 64 bytes"},
		{"a long name", User{long, []Role{Analyst}}, passphrase, "1 to 64 bytes"},
		{"a space", User{"two words", []Role{Analyst}}, passphrase, "use letters"},
		{"a slash", User{"../amira", []Role{Analyst}}, passphrase, "use letters"},
		{"a hidden character", User{"ami\u200bra", []Role{Analyst}}, passphrase, "use letters"},
		{"no role", User{"hana", nil}, passphrase, "needs a role"},
		{"an unknown role", User{"hana", []Role{"king"}}, passphrase, "no role is called"},
		{"nine characters", User{"hana", []Role{Analyst}}, "123456789", "too short"},
		{"nine characters in many bytes", User{"hana", []Role{Analyst}}, "ламплампа", "too short"},
	} {
		err := at.North.AddUser(t.Context(), c.user, c.passphrase)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want it to say %q", c.name, err, c.says)
		}
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Error("a user who was refused changed the key file")
	}
}

func TestAddUser(t *testing.T) {
	at := meet(t)
	head, err := at.North.VerifyLedger(t.Context(), "")
	must(t, err)
	must(t, at.North.AddUser(t.Context(), User{"hana", []Role{Releaser}}, "ten chars!"))
	must(t, opened(t, at.North.Home(), "hana", "ten chars!"))
	if u := at.North.Users(); len(u) != 4 || u[3].Name != "hana" || !u[3].Is(Releaser) {
		t.Errorf("the users are %v", u)
	}
	for _, name := range []string{keysFile, storeFile} {
		info, err := os.Stat(filepath.Join(at.North.Home(), name))
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", name, info.Mode().Perm())
		}
	}
	if got := ledger(t, at.North, head.Entries+1); len(got) != 1 || got[0] != "user.add" {
		t.Errorf("the ledger says %v", got)
	}
	text, err := os.ReadFile(filepath.Join(at.North.Home(), keysFile))
	must(t, err)
	if bytes.Contains(text, []byte("ten chars!")) || bytes.Contains(text, at.North.key[:]) {
		t.Error("the key file holds a secret as it is")
	}
}

// TestTwoAdministratorsAddUsers has the node open twice, as two people have.
// What one wrote must not be lost by what the other writes.
func TestTwoAdministratorsAddUsers(t *testing.T) {
	at := meet(t)
	other := reopened(t, at.North.Home(), *at.North.key, at.clock, 9)
	must(t, at.North.AddUser(t.Context(), User{"hana", []Role{Releaser}}, passphrase))
	must(t, other.AddUser(t.Context(), User{"ilya", []Role{Releaser}}, passphrase))
	v, err := readVault(filepath.Join(at.North.Home(), keysFile))
	must(t, err)
	for _, name := range []string{"amira", "hana", "ilya"} {
		if _, there := v.slot(name); !there {
			t.Errorf("%s cannot open the node any more", name)
		}
	}
	wants(t, "a name that the other took", at.North.AddUser(t.Context(), User{"ilya", []Role{Releaser}}, passphrase), store.ErrExists)
}

func TestAUserThatCannotBeWrittenIsNotThere(t *testing.T) {
	at := meet(t)
	broken := *at.North
	broken.rand = iotest.ErrReader(errors.New("no randomness"))
	if err := broken.AddUser(t.Context(), User{"hana", []Role{Releaser}}, passphrase); err == nil {
		t.Fatal("a user was added without randomness")
	}
	for _, u := range at.North.Users() {
		if u.Name == "hana" {
			t.Error("the node lists somebody who cannot open it")
		}
	}
}
