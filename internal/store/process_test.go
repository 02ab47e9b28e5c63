package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

// children is what this program does when a test starts it again.
var children = map[string]func(ctx context.Context, path string) error{
	"batches": writeBatches,
	"ledger":  writeLedger,
	"hold":    holdStore,
	"fill":    fillDisk,
}

// start runs a child on a store's file.
func start(t *testing.T, role, path string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "PARLEY_STORE_CHILD="+role, "PARLEY_STORE_FILE="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cmd.StdinPipe(); err != nil { // open for as long as the child lives
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// batchSize is large enough that a batch has pages of its own.
const batchSize = 25

// writeBatches goes on from the last batch it finds, and says the number of
// each after it is kept, until it is killed.
func writeBatches(ctx context.Context, path string) error {
	s, err := Open(ctx, path, testKey, Options{})
	if err != nil {
		return err
	}
	var next int
	if err := s.View(ctx, func(tx *Tx) error {
		all, err := tx.Versions(ctx, "indicator")
		next = len(all) / batchSize
		return err
	}); err != nil {
		return err
	}
	for ; ; next++ {
		err := s.Update(ctx, func(tx *Tx) error {
			for v := range batchSize {
				o := object(next, v)
				o.Body = append(o.Body, make([]byte, 1000)...)
				if _, _, err := tx.PutObject(ctx, o); err != nil {
					return err
				}
			}
			_, err := tx.Record(ctx, Entry{At: noon, Actor: "amira", Action: "import", Subject: strconv.Itoa(next)})
			return err
		})
		if err != nil {
			return err
		}
		fmt.Println(next)
	}
}

func TestNothingAcknowledgedIsLostWhenKilled(t *testing.T) {
	s := fresh(t)
	s.Close()
	last := -1
	for round := range 6 {
		child, said := start(t, "batches", s.Path())
		for i := 0; i < 3+7*round && said.Scan(); i++ {
			n, err := strconv.Atoi(said.Text())
			if err != nil || n != last+1 {
				t.Fatalf("the child said %q after batch %d", said.Text(), last)
			}
			last = n
		}
		if err := child.Process.Kill(); err != nil { // SIGKILL: in the middle of the next batch, or of its commit
			t.Fatal(err)
		}
		for said.Scan() { // what it said before it died counts too
			last++
		}
		_ = child.Wait()
		last = wholeBatches(t, s.Path(), last)
	}
}

// wholeBatches sees that the store holds at least the batches up to last, all
// of them whole, and returns the number of the newest.
func wholeBatches(t *testing.T, path string, last int) int {
	t.Helper()
	s, err := Open(t.Context(), path, testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	look(t, s, func(ctx context.Context, tx *Tx) error {
		all, err := tx.Versions(ctx, "indicator")
		if err != nil {
			return err
		}
		head, err := tx.VerifyLedger(ctx, nil)
		if err != nil {
			return err
		}
		held := len(all)/batchSize - 1
		if len(all)%batchSize != 0 || head.Seq != int64(held+1) {
			t.Errorf("a torn batch: %d objects, %d entries", len(all), head.Seq)
		}
		if held < last {
			t.Errorf("batch %d was acknowledged, the last that is there is %d", last, held)
		}
		last = held
		return nil
	})
	return last
}

const ledgerLines = 60

// writeLedger appends lines one by one, each chained to the newest there is.
func writeLedger(ctx context.Context, path string) error {
	s, err := Open(ctx, path, testKey, Options{})
	if err != nil {
		return err
	}
	for range ledgerLines {
		if err := s.Update(ctx, func(tx *Tx) error {
			_, err := tx.Record(ctx, Entry{At: noon, Actor: "child", Action: "note"})
			return err
		}); err != nil {
			return err
		}
	}
	return s.Close()
}

func TestTwoProcessesWrite(t *testing.T) {
	s := fresh(t)
	var all []*exec.Cmd
	for range 2 {
		child, _ := start(t, "ledger", s.Path())
		all = append(all, child)
	}
	for range ledgerLines {
		change(t, s, func(ctx context.Context, tx *Tx) error {
			_, err := tx.Record(ctx, Entry{At: noon, Actor: "parent", Action: "note"})
			return err
		})
	}
	for _, child := range all {
		if err := child.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	look(t, s, func(ctx context.Context, tx *Tx) error {
		head, err := tx.VerifyLedger(ctx, nil)
		if head.Seq != 3*ledgerLines {
			t.Errorf("%d lines, want %d", head.Seq, 3*ledgerLines)
		}
		return err
	})
}

// holdStore keeps the store for itself until its input ends.
func holdStore(ctx context.Context, path string) error {
	s, err := Open(ctx, path, testKey, Options{})
	if err != nil {
		return err
	}
	return s.Update(ctx, func(tx *Tx) error {
		fmt.Println("holding")
		_, err := os.Stdin.Read(make([]byte, 1))
		return err
	})
}

func TestAWriterDoesNotWaitForEver(t *testing.T) {
	made := fresh(t)
	child, said := start(t, "hold", made.Path())
	if !said.Scan() {
		t.Fatal("the child did not begin")
	}
	s, err := Open(t.Context(), made.Path(), testKey, Options{BusyWait: 20 * time.Millisecond})
	if err != nil {
		t.Fatalf("a store that another process writes to cannot be opened: %v", err)
	}
	defer s.Close()
	setName := func(tx *Tx) error { return tx.SetSetting(t.Context(), "name", []byte("North")) }
	if err := s.Update(t.Context(), setName); !errors.Is(err, ErrBusy) {
		t.Errorf("while another process holds it: got %v, want %v", err, ErrBusy)
	}
	look(t, s, func(ctx context.Context, tx *Tx) error { _, err := tx.Counts(ctx); return err })
	if err := errors.Join(child.Process.Kill()); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	if err := s.Update(t.Context(), setName); err != nil {
		t.Errorf("after that process died: %v", err)
	}
}
