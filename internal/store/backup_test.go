package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestBackupIsAWholeEncryptedCopy(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	var key [KeySize]byte
	copy(key[:], "a key for this test and no other")
	s, err := Create(ctx, filepath.Join(dir, "node.db"), key, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	write := func(action string) {
		t.Helper()
		err := s.Update(ctx, func(tx *Tx) error {
			_, err := tx.Record(ctx, Entry{At: time.Unix(1, 0), Actor: "amira", Action: action})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	write("before-the-backup")
	to := filepath.Join(dir, "copy.db")
	if err := s.Backup(ctx, to, key); err != nil {
		t.Fatal(err)
	}
	write("after-the-backup")

	raw, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("before-the-backup")) || bytes.Contains(raw, []byte("SQLite format")) {
		t.Error("the copy is not encrypted")
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy has mode %v, %v; want 0600", info.Mode(), err)
	}
	c, err := Open(ctx, to, key, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Check(ctx); err != nil {
		t.Error(err)
	}
	err = c.View(ctx, func(tx *Tx) error {
		head, err := tx.VerifyLedger(ctx, nil)
		if head.Seq != 1 || head.Action != "before-the-backup" {
			t.Errorf("the copy's ledger ends with entry %d %q, want the one before the backup", head.Seq, head.Action)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(ctx, to, key); !errors.Is(err, ErrExists) {
		t.Errorf("a second backup to the same file: got %v, want ErrExists", err)
	}
	if err := s.Backup(ctx, filepath.Join(dir, "absent", "copy.db"), key); err == nil || bytes.Contains([]byte(err.Error()), []byte("hexkey")) {
		t.Errorf("a backup into a folder that is not there: got %v", err)
	}
}
