package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const pageSize = 4096

// filled is the closed file of a store that holds a bit of everything.
func filled(t *testing.T) string {
	t.Helper()
	s := fresh(t)
	for n := range 40 {
		o := object(n, 1)
		o.Body = fmt.Appendf(nil, "object %d %s", n, strings.Repeat(".", 100*n)) // some with pages of their own
		put(t, s, o)
	}
	change(t, s, func(ctx context.Context, tx *Tx) error {
		if err := tx.PutFindings(ctx, []Finding{{Selector: email("maya"), Object: 1, Place: "value"}, {Selector: phone(47), List: "watch", Place: "line 2"}}); err != nil {
			return err
		}
		for range 20 {
			if _, err := tx.Record(ctx, Entry{At: noon, Actor: "amira", Action: "import"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return s.Path()
}

// readAll opens a store and reads every page of it.
func readAll(ctx context.Context, path string) error {
	s, err := Open(ctx, path, testKey, Options{})
	if err != nil {
		return err
	}
	return errors.Join(s.Check(ctx), s.Close())
}

func TestOneFlippedBitInAnyPageIsRefused(t *testing.T) {
	whole, err := os.ReadFile(filled(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(whole)%pageSize != 0 || len(whole) < 50*pageSize {
		t.Fatalf("a file of %d bytes is no fair trial", len(whole))
	}
	path := filepath.Join(t.TempDir(), "flipped.db")
	rnd := rand.New(rand.NewPCG(1, 2))
	for page := range len(whole) / pageSize {
		at, bit := page*pageSize+rnd.IntN(pageSize), rnd.IntN(8)
		whole[at] ^= 1 << bit
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		whole[at] ^= 1 << bit
		err := readAll(t.Context(), path)
		want := ErrDamaged
		if page == 0 {
			want = ErrKey // the page that shows that the key fits
		}
		if !errors.Is(err, want) {
			t.Errorf("bit %d of byte %d, page %d: got %v, want %v", bit, at, page, err, want)
		}
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := readAll(t.Context(), path); err != nil {
		t.Errorf("the file without a flip: %v", err)
	}
}

// A connection that finds the first page in the log must check pages as well,
// and give checksums to those that it moves into the file.
func TestChecksumsAreInForceWhileThereIsALog(t *testing.T) {
	s := fresh(t)
	for n := range 40 {
		put(t, s, object(n, 1)) // the first page is now in the log
	}
	if n := logSize(t, s); n == 0 {
		t.Fatal("there is no log: the test would see nothing")
	}
	for name, db := range map[string]*sql.DB{"writer": s.write, "reader": s.read, "eraser": s.erase} {
		var on int
		if err := db.QueryRowContext(t.Context(), `PRAGMA checksum_verification`).Scan(&on); err != nil || on != 1 {
			t.Errorf("%s: checksums are in force: %d, %v", name, on, err)
		}
	}
	other, err := Open(t.Context(), s.Path(), testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	look(t, s, func(ctx context.Context, tx *Tx) error { // keeps the log from being begun anew
		if _, err := tx.Counts(ctx); err != nil {
			return err
		}
		raw(t, s, `PRAGMA wal_checkpoint(PASSIVE)`)
		change(t, s, func(ctx context.Context, tx *Tx) error { return tx.SetSetting(ctx, "name", []byte("North")) })
		return nil
	})
	raw(t, other, `PRAGMA wal_checkpoint(TRUNCATE)`) // moves pages, but not the first
	if err := errors.Join(other.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	if err := readAll(t.Context(), s.Path()); err != nil {
		t.Error(err)
	}
}

func TestPagesThatChangePlacesAreRefused(t *testing.T) {
	path := filled(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	last := len(whole) - pageSize
	a, b := append([]byte(nil), whole[pageSize:2*pageSize]...), append([]byte(nil), whole[last:]...)
	copy(whole[pageSize:], b)
	copy(whole[last:], a)
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := readAll(t.Context(), path); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want %v", err, ErrDamaged)
	}
}

func TestAFileCutShortIsRefused(t *testing.T) {
	path := filled(t)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int64{info.Size() - 1, info.Size() - pageSize, info.Size() / 2} {
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		if err := readAll(t.Context(), path); !errors.Is(err, ErrDamaged) {
			t.Errorf("at %d of %d bytes: got %v, want %v", size, info.Size(), err, ErrDamaged)
		}
	}
}

// A log of writes ends at the first frame that does not hold: what a flip
// there can do is to take back the newest changes, whole; it cannot alter one.
func TestAFlipInTheLogAltersNothing(t *testing.T) {
	s := fresh(t)
	const batches, each = 12, 3
	for n := range batches {
		change(t, s, func(ctx context.Context, tx *Tx) error {
			for v := range each {
				if _, _, err := tx.PutObject(ctx, object(n, v)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	main, err1 := os.ReadFile(s.Path())
	log, err2 := os.ReadFile(s.Path() + "-wal")
	if err := errors.Join(err1, err2); err != nil || len(log) < batches*pageSize {
		t.Fatalf("a log of %d bytes: %v", len(log), err)
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	rnd := rand.New(rand.NewPCG(3, 4))
	fewest := batches
	for range 20 {
		at, bit := rnd.IntN(len(log)), rnd.IntN(8)
		log[at] ^= 1 << bit
		held, err := batchesIn(t, path, main, log, each)
		log[at] ^= 1 << bit
		if err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrKey) {
			t.Fatalf("bit %d of byte %d: %v", bit, at, err)
		}
		if err == nil {
			fewest = min(fewest, held)
		}
	}
	if fewest == batches {
		t.Error("no flip was noticed")
	}
}

// batchesIn opens a copy of a store and its log, and counts the batches, which
// must be whole and without a gap.
func batchesIn(t *testing.T, path string, main, log []byte, each int) (n int, err error) {
	t.Helper()
	remove(path)
	if err := errors.Join(os.WriteFile(path, main, 0o600), os.WriteFile(path+"-wal", log, 0o600)); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), path, testKey, Options{})
	if err != nil {
		return 0, err
	}
	defer s.Close()
	err = s.View(t.Context(), func(tx *Tx) error {
		all, err := tx.Versions(t.Context(), "indicator")
		for i, o := range all {
			if want := object(i/each, i%each); string(o.Body) != string(want.Body) {
				t.Errorf("object %d is %s, want %s", i, o.Body, want.Body)
			}
		}
		n = len(all) / each
		if len(all)%each != 0 {
			t.Errorf("a torn batch: %d objects", len(all))
		}
		return err
	})
	return n, err
}
