//go:build unix

package store

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"syscall"
	"testing"
)

// fillDisk writes under a limit on the size of files, which is what a full
// disk looks like to a program, until nothing more goes in.
func fillDisk(ctx context.Context, path string) error {
	s, err := Open(ctx, path, testKey, Options{})
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	limit.Cur = 1 << 20
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	kept, err := fill(ctx, s)
	fmt.Println(kept)
	if !errors.Is(err, ErrFull) {
		return fmt.Errorf("got %w, want %w", err, ErrFull)
	}
	return nil
}

// fill puts objects in until one is refused.
func fill(ctx context.Context, s *Store) (kept int, err error) {
	for n := range 10000 {
		if err := s.Update(ctx, func(tx *Tx) error {
			o := object(n, 1)
			o.Body = make([]byte, 20_000)
			_, _, err := tx.PutObject(ctx, o)
			return err
		}); err != nil {
			return n, err
		}
	}
	return 0, errors.New("the limit did not bite")
}

func TestAFullDiskKeepsTheStoreAsItWas(t *testing.T) {
	s := fresh(t)
	s.Close()
	child, said := start(t, "fill", s.Path())
	var kept int
	if !said.Scan() {
		t.Fatal("the child said nothing")
	}
	if _, err := fmt.Sscan(said.Text(), &kept); err != nil || kept == 0 {
		t.Fatalf("the child kept %q: %v", said.Text(), err)
	}
	if err := child.Wait(); err != nil {
		t.Fatal(err)
	}
	holds(t, s.Path(), kept)
}

func TestAStoreAtItsLimitKeepsWhatItHas(t *testing.T) {
	s := fresh(t)
	raw(t, s, `PRAGMA max_page_count=200`)
	kept, err := fill(t.Context(), s)
	if !errors.Is(err, ErrFull) || kept == 0 {
		t.Fatalf("after %d objects: got %v, want %v", kept, err, ErrFull)
	}
	oneSentence(t, err, testKey)
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.SetSetting(ctx, "name", []byte("North")) }) // small things still fit
	s.Close()
	holds(t, s.Path(), kept)
}

// holds sees that a store holds the objects that were kept and nothing else,
// and can be written to again.
func holds(t *testing.T, path string, kept int) {
	t.Helper()
	s, err := Open(t.Context(), path, testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	look(t, s, func(ctx context.Context, tx *Tx) error {
		all, err := tx.Objects(ctx)
		if len(all) != kept {
			t.Errorf("%d objects are there, %d were kept", len(all), kept)
		}
		return err
	})
	put(t, s, object(20_000, 1))
}
