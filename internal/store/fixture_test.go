package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/selector"
)

var (
	noon    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	testKey = [KeySize]byte{1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233}
)

// TestMain lets a test start this program again as another process: what the
// child does is named in the environment.
func TestMain(m *testing.M) {
	if role := os.Getenv("PARLEY_STORE_CHILD"); role != "" {
		if err := children[role](context.Background(), os.Getenv("PARLEY_STORE_FILE")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// fresh is a new store that is closed when the test ends.
func fresh(t testing.TB) *Store {
	t.Helper()
	s, err := Create(t.Context(), filepath.Join(t.TempDir(), "node.db"), testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// change runs fn in a transaction that must be kept.
func change(t testing.TB, s *Store, fn func(ctx context.Context, tx *Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx *Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// look runs fn on a snapshot.
func look(t testing.TB, s *Store, fn func(ctx context.Context, tx *Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), func(tx *Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// counterpart adds one and returns its number.
func counterpart(t testing.TB, s *Store, name string) (id int64) {
	t.Helper()
	change(t, s, func(ctx context.Context, tx *Tx) (err error) {
		id, err = tx.AddCounterpart(ctx, Counterpart{Name: name, AddedAt: noon})
		return err
	})
	return id
}

// object is version v of the object n, with a body that names both.
func object(n, v int) Object {
	o := Object{
		Type: "indicator", Modified: noon.Add(time.Duration(v) * time.Hour), AddedAt: noon,
		Body: fmt.Appendf(nil, `{"object":%d,"version":%d}`, n, v),
	}
	o.UUID[14], o.UUID[15] = byte(n>>8), byte(n)
	return o
}

// put keeps objects and returns their numbers.
func put(t testing.TB, s *Store, all ...Object) (seqs []int64) {
	t.Helper()
	change(t, s, func(ctx context.Context, tx *Tx) error {
		for _, o := range all {
			seq, _, err := tx.PutObject(ctx, o)
			if err != nil {
				return err
			}
			seqs = append(seqs, seq)
		}
		return nil
	})
	return seqs
}

func email(user string) selector.Selector {
	return selector.Selector{Kind: selector.Email, Value: user + "@example.org"}
}

func phone(last int) selector.Selector {
	return selector.Selector{Kind: selector.Phone, Value: fmt.Sprintf("+120255501%02d", last)}
}

// raw runs a statement behind the store's back.
func raw(t testing.TB, s *Store, query string, args ...any) {
	t.Helper()
	if _, err := s.write.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}
