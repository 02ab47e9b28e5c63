package node

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"parley/internal/store"
)

func keyFile(t testing.TB) (path string, content []byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "own.key")
	must(t, MakeKeyFile(path, rand.Reader))
	content, err := ReadKeyFile(path)
	must(t, err)
	return path, content
}

func openedWith(t testing.TB, home, user string, content []byte) error {
	t.Helper()
	n, err := Open(t.Context(), Options{Home: home, User: user, KeyFile: content})
	if err == nil {
		must(t, n.Close())
	}
	return err
}

func TestAKeyFileOpensItsOwnUser(t *testing.T) {
	at := meet(t)
	_, own := keyFile(t)
	_, other := keyFile(t)
	must(t, at.North.AddKeyFile(t.Context(), own))
	must(t, at.North.AddUserWithKeyFile(t.Context(), User{"courier", []Role{Analyst}}, other))
	home := at.North.Home()
	for _, c := range []struct {
		name, user string
		content    []byte
		want       error
	}{
		{"her own", "amira", own, nil},
		{"the service's", "courier", other, nil},
		{"another's", "amira", other, ErrKeyFile},
		{"one of somebody without any", "basma", own, ErrKeyFile},
		{"nobody's", "nobody", own, ErrKeyFile},
		{"a byte more", "amira", append(bytes.Clone(own), 0), ErrKeyFile},
		{"an empty one", "amira", []byte{}, ErrKeyFile},
	} {
		wants(t, c.name, openedWith(t, home, c.user, c.content), c.want)
	}
	must(t, opened(t, home, "amira", passphrase)) // her passphrase is as good as before
	wants(t, "a passphrase where there is a key file only", opened(t, home, "courier", string(other)), ErrPassphrase)
	wants(t, "a second key file", at.North.AddKeyFile(t.Context(), other), store.ErrExists)
	wants(t, "a name that has a key file", at.North.AddUser(t.Context(), User{"courier", []Role{Analyst}}, passphrase), store.ErrExists)
	wants(t, "a name that has a passphrase", at.North.AddUserWithKeyFile(t.Context(), User{"basma", []Role{Releaser}}, other), store.ErrExists)
	wants(t, "by somebody else", as(at.North, "basma").AddUserWithKeyFile(t.Context(), User{"x", []Role{Analyst}}, other), ErrRole)
	if err := at.North.AddUserWithKeyFile(t.Context(), User{"x", []Role{Analyst}}, other[:31]); err == nil {
		t.Error("31 bytes were taken")
	}
	names := 0
	for _, u := range at.North.Users() {
		if u.Name == "amira" {
			names++
		}
	}
	if names != 1 {
		t.Errorf("amira is listed %d times", names)
	}
}

// TestAKeyFilesSlotChangedByHand: roles and kind are sealed with the key.
func TestAKeyFilesSlotChangedByHand(t *testing.T) {
	at := meet(t)
	_, content := keyFile(t)
	must(t, at.North.AddUserWithKeyFile(t.Context(), User{"courier", []Role{Analyst}}, content))
	path := filepath.Join(at.North.Home(), keysFile)
	whole, err := os.ReadFile(path)
	must(t, err)
	if bytes.Contains(whole, content) {
		t.Error("what is in the key file stands in the vault")
	}
	for name, spoil := range map[string]func(*slot){
		"a role more":      func(s *slot) { s.Roles = Roles() },
		"another name":     func(s *slot) { s.Name = "courier2" },
		"another kind":     func(s *slot) { s.KeyFile, s.Cost = false, defaultCost() },
		"a byte of salt":   func(s *slot) { s.Salt[0] ^= 1 },
		"a byte of seal":   func(s *slot) { s.Sealed[30] ^= 1 },
		"a shorter seal":   func(s *slot) { s.Sealed = s.Sealed[:9] },
		"no seal, no salt": func(s *slot) { s.Sealed, s.Salt = nil, nil },
	} {
		var v vault
		must(t, json.Unmarshal(whole, &v))
		last := &v.Slots[len(v.Slots)-1]
		spoil(last)
		text, err := json.Marshal(v)
		must(t, err)
		must(t, os.WriteFile(path, text, 0o600))
		wants(t, name, openedWith(t, at.North.Home(), last.Name, content), ErrKeyFile)
	}
}

func TestWhichKeyFilesAreTaken(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name string
		size int
		mode os.FileMode
		says string
	}{
		{"the shortest", MinKeyFile, 0o600, ""},
		{"read only", MinKeyFile, 0o400, ""},
		{"the longest", MaxKeyFile, 0o600, ""},
		{"too short", MinKeyFile - 1, 0o600, "31 bytes"},
		{"empty", 0, 0o600, "0 bytes"},
		{"too long", MaxKeyFile + 1, 0o600, "4097 bytes"},
		{"the group reads it", MinKeyFile, 0o640, "others (mode 640)"},
		{"everybody reads it", MinKeyFile, 0o604, "others (mode 604)"},
		{"everybody writes it", MinKeyFile, 0o602, "others (mode 602)"},
	} {
		if runtime.GOOS == "windows" && strings.Contains(c.says, "others") {
			continue
		}
		path := filepath.Join(dir, c.name)
		must(t, os.WriteFile(path, make([]byte, c.size), 0o600))
		must(t, os.Chmod(path, c.mode))
		_, err := ReadKeyFile(path)
		if c.says == "" != (err == nil) || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want it to say %q", c.name, err, c.says)
		}
	}
	if _, err := ReadKeyFile(dir); err == nil || !strings.Contains(err.Error(), "no plain file") {
		t.Errorf("a folder: %v", err)
	}
	made, content := keyFile(t)
	if err := MakeKeyFile(made, rand.Reader); err == nil {
		t.Error("a key file was written over")
	}
	if again, err := ReadKeyFile(made); err != nil || !bytes.Equal(again, content) {
		t.Errorf("the key file changed: %v", err)
	}
}
