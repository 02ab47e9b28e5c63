package store

import (
	"context"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAStoreIsOpenedAgainWithItsKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "node.db")
	s, err := Create(t.Context(), path, testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, object(1, 1))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = Open(t.Context(), path, testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	look(t, s, func(ctx context.Context, tx *Tx) error {
		_, err := tx.Object(ctx, "indicator", object(1, 1).UUID)
		return err
	})
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if s.Path() != path {
		t.Errorf("the path is %s, want %s", s.Path(), path)
	}
}

func TestTheFileIsForItsOwnerOnly(t *testing.T) {
	s := fresh(t)
	put(t, s, object(1, 1))
	for _, suffix := range []string{"", "-wal"} { // -shm holds page numbers only
		info, err := os.Stat(s.Path() + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("node.db%s can be read by others: %v", suffix, info.Mode())
		}
	}
}

func TestWhatCannotBeOpenedIsRefused(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.db")
	s, err := Create(t.Context(), good, testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	other := testKey
	other[31] ^= 1
	plain := make([]byte, 8192)
	copy(plain, "SQLite format 3\x00")
	for _, c := range []struct {
		name, path string
		key        [KeySize]byte
		want       error
	}{
		{"a key with one other bit", good, other, ErrKey},
		{"a zero key", good, [KeySize]byte{}, ErrKey},
		{"an empty file", write("empty.db", nil), testKey, ErrDamaged},
		{"a text", write("text.db", []byte(strings.Repeat("no database\n", 1000))), testKey, ErrKey},
		{"less than a page", write("short.db", []byte("x")), testKey, ErrKey},
		{"a database that is not encrypted", write("plain.db", plain), testKey, ErrKey},
		{"nothing", filepath.Join(dir, "none.db"), testKey, ErrNotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Open(t.Context(), c.path, c.key, Options{})
			if s != nil {
				s.Close()
				t.Fatal("it was opened")
			}
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			oneSentence(t, err, c.key)
		})
	}
	if s, err = Open(t.Context(), good, testKey, Options{}); err != nil {
		t.Fatalf("after all of these, the good one: %v", err)
	}
	s.Close()
}

// oneSentence holds an error to what people are shown: one line, no word said
// twice, never the key.
func oneSentence(t *testing.T, err error, key [KeySize]byte) {
	t.Helper()
	text := err.Error()
	if strings.Contains(text, "\n") || strings.Count(text, "the store cannot") > 1 {
		t.Errorf("the error is not one sentence: %q", text)
	}
	if strings.Contains(text, hex.EncodeToString(key[:4])) || strings.Contains(text, string(key[:4])) || strings.Contains(text, "hexkey") {
		t.Errorf("the error shows the key: %q", text)
	}
}

func TestTheAddressHoldsNoKey(t *testing.T) {
	for _, path := range []string{"/srv/north/node.db", "/srv/100% ?#&/node.db"} {
		if a := address(path, "immediate", Options{}); strings.Contains(a, "key") || strings.Count(a, "?") != 1 {
			t.Errorf("the address of %s is %s", path, a)
		}
	}
}

func TestAPathIsTakenAsItIs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "100% ?vfs=os#&")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := Create(t.Context(), filepath.Join(dir, "node.db"), testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put(t, s, object(1, 1))
	if _, err := os.Stat(filepath.Join(dir, "node.db-wal")); err != nil {
		t.Errorf("the store is somewhere else: %v", err)
	}
}

func TestCreateNeverTouchesWhatIsThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "node.db")
	if err := os.WriteFile(path, []byte("dear diary"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(t.Context(), path, testKey, Options{}); !errors.Is(err, ErrExists) {
		t.Errorf("got %v, want %v", err, ErrExists)
	}
	if got, _ := os.ReadFile(path); string(got) != "dear diary" {
		t.Errorf("the file now holds %q", got)
	}
}

func TestACreateThatFailsLeavesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "node.db")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Create(ctx, path, testKey, Options{}); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want %v", err, context.Canceled)
	}
	s, err := Create(t.Context(), path, testKey, Options{})
	if err != nil {
		t.Fatalf("the second attempt: %v", err)
	}
	s.Close()
}

func TestMigrationsRunOnce(t *testing.T) {
	s := fresh(t)
	put(t, s, object(1, 1))
	for range 2 {
		if err := migrate(t.Context(), s.write); err != nil {
			t.Fatal(err)
		}
	}
	look(t, s, func(ctx context.Context, tx *Tx) error {
		n, err := tx.number(ctx, `SELECT count(*) FROM goose_db_version WHERE version_id > 0`)
		if want, _ := migrations.ReadDir("migrations/sqlite"); n != int64(len(want)) {
			t.Errorf("%d migrations are noted, want %d", n, len(want))
		}
		return err
	})
}

func TestAStoreOfANewerProgramIsRefused(t *testing.T) {
	s := fresh(t)
	raw(t, s, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`)
	s.Close()
	_, err := Open(t.Context(), s.Path(), testKey, Options{})
	if err == nil || !strings.Contains(err.Error(), "newer parley (schema 999") {
		t.Errorf("got %v", err)
	}
}

func TestManyOpenANewStoreAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "node.db")
	key := testKey
	db, err := openWriter(path, &key, Options{}.withDefaults()) // encrypted, with no table yet
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `SELECT 1`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	ended := make(chan error)
	for range 4 {
		go func() {
			s, err := Open(t.Context(), path, testKey, Options{})
			if err == nil {
				err = s.Close()
			}
			ended <- err
		}()
	}
	for range 4 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func TestAViewCannotWrite(t *testing.T) {
	s := fresh(t)
	err := s.View(t.Context(), func(tx *Tx) error {
		return tx.SetSetting(t.Context(), "name", []byte("North"))
	})
	if err == nil {
		t.Error("it wrote")
	}
	look(t, s, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.Setting(ctx, "name"); !errors.Is(err, ErrNotFound) {
			t.Errorf("got %v, want %v", err, ErrNotFound)
		}
		return nil
	})
}

func TestAnUpdateIsAllOrNothing(t *testing.T) {
	s := fresh(t)
	sorry := errors.New("sorry")
	err := s.Update(t.Context(), func(tx *Tx) error {
		if err := tx.SetSetting(t.Context(), "name", []byte("North")); err != nil {
			return err
		}
		return sorry
	})
	if !errors.Is(err, sorry) || err.Error() != "sorry" {
		t.Errorf("got %q, want the function's own error", err)
	}
	look(t, s, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.Setting(ctx, "name"); !errors.Is(err, ErrNotFound) {
			t.Errorf("half of it was kept: %v", err)
		}
		return nil
	})
}

func TestAPanicKeepsNothingAndFreesTheStore(t *testing.T) {
	s := fresh(t)
	func() {
		defer func() { _ = recover() }()
		_ = s.Update(t.Context(), func(tx *Tx) error {
			if err := tx.SetSetting(t.Context(), "name", []byte("North")); err != nil {
				return err
			}
			panic("a bug")
		})
	}()
	change(t, s, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.Setting(ctx, "name"); !errors.Is(err, ErrNotFound) {
			t.Errorf("half of it was kept: %v", err)
		}
		return nil
	})
}

func TestAnErrorNamesItsCauseOnce(t *testing.T) {
	s := fresh(t)
	counterpart(t, s, "South")
	err := s.Update(t.Context(), func(tx *Tx) error {
		_, err := tx.AddCounterpart(t.Context(), Counterpart{Name: "South"})
		return err
	})
	if !errors.Is(err, ErrExists) || strings.Count(err.Error(), ErrExists.Error()) != 1 {
		t.Errorf("got %q", err)
	}
}
