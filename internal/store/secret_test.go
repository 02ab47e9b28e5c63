package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3/driver"

	"parley/selector"
)

func TestNothingReadableIsOnTheDisk(t *testing.T) {
	s := fresh(t)
	o := object(1, 1)
	o.Body = []byte(`{"name":"the hall's night guard"}`)
	seqs := put(t, s, o)
	south := counterpart(t, s, "South-Eastern Desk")
	change(t, s, func(ctx context.Context, tx *Tx) error {
		found := Finding{Selector: email("maya"), Object: seqs[0], Place: "/sdcard/notes.txt", Raw: "Maya@Example.org", Context: "write to Maya"}
		if err := tx.PutFindings(ctx, []Finding{found}); err != nil {
			return err
		}
		if err := tx.SetSession(ctx, south, []byte("a very secret session")); err != nil {
			return err
		}
		_, err := tx.Record(ctx, Entry{At: noon, Actor: "amira", Action: "import", Subject: "E1"})
		return err
	})
	put(t, s, object(2, 1)) // so that the log of writes is not empty
	words := []string{
		"night guard", "South-Eastern", "maya@example", "Maya@Example", "notes.txt", "secret session", "amira",
		"indicator", "CREATE TABLE", "ledger", "SQLite format 3", string(testKey[:8]),
	}
	look := func(when string, suffixes ...string) {
		for _, suffix := range suffixes {
			content, err := os.ReadFile(s.Path() + suffix)
			if err != nil || len(content) == 0 {
				t.Fatalf("%s, node.db%s: %d bytes, %v", when, suffix, len(content), err)
			}
			for _, w := range words {
				if bytes.Contains(content, []byte(w)) {
					t.Errorf("%s, node.db%s holds %q", when, suffix, w)
				}
			}
		}
	}
	look("while open", "", "-wal", "-shm")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	look("when closed", "")
	if _, err := os.Stat(s.Path() + "-wal"); err == nil {
		t.Error("a closed store leaves its log of writes")
	}
}

func TestEqualPagesLookDifferent(t *testing.T) {
	s := fresh(t)
	o := object(1, 1)
	o.Body = make([]byte, 50*pageSize)
	put(t, s, o)
	s.Close()
	content, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for at := 0; at < len(content); at += 16 {
		if before, again := seen[string(content[at:at+16])]; again {
			t.Fatalf("bytes %d and %d are the same", before, at)
		}
		seen[string(content[at:at+16])] = at
	}
}

// decrypted is every page of a store's file in the clear, those that are free
// too, and the log of writes applied: what a thief with the passphrase reads.
func decrypted(t *testing.T, db *sql.DB) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plain.db")
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = conn.Raw(func(c any) error { return c.(driver.Conn).Raw().Backup("main", "file:"+path+"?vfs=os") })
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(content, []byte("SQLite format 3")) {
		t.Fatal("the copy is not in the clear: the test would see nothing")
	}
	return content
}

// marker is n bytes with a word in each sixteen.
func marker(word string, n int) []byte {
	return bytes.Repeat(fmt.Appendf(nil, "%-16.16s", word), n/16)
}

func TestWhatIsErasedIsOverwritten(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	step := func(session string) {
		change(t, s, func(ctx context.Context, tx *Tx) error { return tx.SetSession(ctx, south, marker(session, 3200)) })
	}
	step("session one")
	if !bytes.Contains(decrypted(t, s.read), []byte("session one")) {
		t.Fatal("the session is not where the test looks")
	}
	var out int64
	change(t, s, func(ctx context.Context, tx *Tx) (err error) {
		out, err = tx.Enqueue(ctx, Outgoing{Counterpart: south, Kind: "note", Body: marker("for your eyes", 64000)})
		return err
	})
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.MarkSealed(ctx, out, 0, 1, noon) })
	step("session two")
	got := decrypted(t, s.read)
	for _, gone := range []string{"session one", "for your eyes"} {
		if n := bytes.Count(got, []byte(gone)); n > 0 {
			t.Errorf("%q is still there %d times", gone, n)
		}
	}
	if !bytes.Contains(got, []byte("session two")) {
		t.Error("the newest session is gone")
	}
}

// TestErasingIsTheEnginesDoing shows that the test above would notice.
func TestErasingIsTheEnginesDoing(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	raw(t, s, `PRAGMA secure_delete=off`)
	change(t, s, func(ctx context.Context, tx *Tx) error {
		return tx.SetSession(ctx, south, marker("session one", 64000))
	})
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.SetSession(ctx, south, []byte("two")) })
	if !bytes.Contains(decrypted(t, s.read), []byte("session one")) {
		t.Error("without secure deletion the old session is gone as well")
	}
}

func TestTheLogKeepsNoReplacedSecret(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	put(t, s, object(1, 1))
	if logSize(t, s) == 0 {
		t.Fatal("a plain change leaves no log: the test would see nothing")
	}
	match := Matching{Run: make([]byte, 16), Counterpart: south, Role: "initiator", State: "proposed", Terms: []byte("{}"), Progress: []byte("{}"), Secret: []byte("seed")}
	for _, c := range []struct {
		name  string
		empty bool
		fn    func(context.Context, *Tx) error
	}{
		{"a new session", true, func(ctx context.Context, tx *Tx) error { return tx.SetSession(ctx, south, []byte("one")) }},
		{"a counterpart's new keys", true, func(ctx context.Context, tx *Tx) error { return tx.SetCounterpart(ctx, Counterpart{ID: south}) }},
		{"a match that begins", false, func(ctx context.Context, tx *Tx) (err error) { match.ID, err = tx.AddMatching(ctx, match); return err }},
		{"a match under way", false, func(ctx context.Context, tx *Tx) error { return tx.SetMatching(ctx, match) }},
		{"a match that ends", true, func(ctx context.Context, tx *Tx) error { match.Secret = nil; return tx.SetMatching(ctx, match) }},
	} {
		change(t, s, c.fn)
		if empty := logSize(t, s) == 0; empty != c.empty {
			t.Errorf("after %s the log is empty: %v, want %v", c.name, empty, c.empty)
		}
	}
}

func TestAReaderDelaysErasingButNotTheChange(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	look(t, s, func(ctx context.Context, tx *Tx) error {
		before, err := tx.CounterpartByID(ctx, south)
		if err != nil {
			return err
		}
		change(t, s, func(ctx context.Context, tx *Tx) error { return tx.SetSession(ctx, south, []byte("one")) })
		if logSize(t, s) == 0 {
			t.Error("the log was cut under a reader")
		}
		after, err := tx.CounterpartByID(ctx, south)
		if string(after.Session) != string(before.Session) {
			t.Error("the snapshot changed")
		}
		return err
	})
	put(t, s, object(1, 1))
	if n := logSize(t, s); n != 0 {
		t.Errorf("after the next change the log still has %d bytes", n)
	}
}

func logSize(t *testing.T, s *Store) int64 {
	t.Helper()
	info, err := os.Stat(s.Path() + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestErrorsNameNoSecret(t *testing.T) {
	s := fresh(t)
	err := s.Update(t.Context(), func(tx *Tx) error {
		return tx.SetCounterpart(t.Context(), Counterpart{ID: 7, Name: "South", Session: []byte("a very secret session")})
	})
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
	err = s.Update(t.Context(), func(tx *Tx) error {
		return tx.PutFindings(t.Context(), []Finding{{Selector: selector.Selector{Kind: selector.Email, Value: "maya@example.org"}, Object: 99, Place: "value"}})
	})
	if err == nil || strings.Contains(err.Error(), "maya") {
		t.Errorf("got %v", err)
	}
}
