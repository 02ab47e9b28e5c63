package node

import (
	"os"
	"path/filepath"
	"testing"

	"parley/internal/store"
)

func TestABackupOpensLikeTheNode(t *testing.T) {
	at := meet(t)
	n := at.North
	imported(t, n, "x.json", seen(101))
	dir := filepath.Join(t.TempDir(), "copy")
	head, err := n.Backup(t.Context(), dir)
	must(t, err)
	imported(t, n, "y.json", seen(102)) // afterwards

	for user, want := range map[string]error{"amira": nil, "basma": nil, "chen": ErrPassphrase} {
		wants(t, user, opened(t, dir, user, passphrase), want)
	}
	c := reopened(t, dir, *n.key, at.clock, 44)
	got, err := c.VerifyLedger(t.Context(), head.Hash)
	if err != nil || got != head {
		t.Errorf("its ledger ends at %+v, %v; want %+v", got, err, head)
	}
	if !knows(t, c, phone(101), true) || knows(t, c, phone(102), true) {
		t.Error("it must hold what was there, and nothing that came later")
	}
	if err := c.checkFiles(); err != nil {
		t.Error(err)
	}
	if c.Settings.Party != "North" || len(c.Users()) != 3 {
		t.Errorf("it is %s's, with %d users", c.Settings.Party, len(c.Users()))
	}
	if l := ledger(t, n, head.Entries+1); len(l) == 0 || l[0] != "backup" {
		t.Errorf("the ledger goes on with %v", l)
	}
}

func TestABackupSparesWhatIsThere(t *testing.T) {
	at := meet(t)
	head := entries(t, at.North)
	full := t.TempDir()
	kept := filepath.Join(full, "mine")
	must(t, os.WriteFile(kept, []byte("x"), 0o600))
	_, err := at.North.Backup(t.Context(), full)
	wants(t, "a folder that is there", err, store.ErrExists)
	if _, err := os.Stat(kept); err != nil {
		t.Error(err)
	}
	absent := filepath.Join(t.TempDir(), "absent", "copy")
	if _, err := at.North.Backup(t.Context(), absent); err == nil {
		t.Error("a copy was made in a folder that is not there")
	}
	must(t, os.Remove(filepath.Join(at.North.Home(), keysFile)))
	dir := filepath.Join(t.TempDir(), "copy")
	if _, err := at.North.Backup(t.Context(), dir); err == nil {
		t.Error("a copy without a key file counts")
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("half a copy was left: %v", err)
	}
	if entries(t, at.North) != head {
		t.Error("the ledger has a line of a copy that is none")
	}
}
