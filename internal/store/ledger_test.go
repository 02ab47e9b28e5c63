package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// write appends n entries and returns the newest.
func write(t testing.TB, s *Store, n int) (head Entry) {
	t.Helper()
	change(t, s, func(ctx context.Context, tx *Tx) (err error) {
		for i := range n {
			head, err = tx.Record(ctx, Entry{
				At: noon.Add(time.Duration(i) * time.Second), Actor: "amira", Action: "import",
				Subject: fmt.Sprintf("E%d", i), Counterpart: "South", Detail: json.RawMessage(`{"objects":3}`),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return head
}

func TestTheLedgerIsAChain(t *testing.T) {
	s := fresh(t)
	look(t, s, func(ctx context.Context, tx *Tx) error {
		head, err := tx.VerifyLedger(ctx, nil)
		if head.Seq != 0 || !bytes.Equal(head.Hash, genesis[:]) {
			t.Errorf("an empty ledger has the head %d, %x", head.Seq, head.Hash)
		}
		return err
	})
	last := write(t, s, 2500) // more than a page of VerifyLedger
	look(t, s, func(ctx context.Context, tx *Tx) error {
		head, err := tx.VerifyLedger(ctx, last.Hash)
		if d := cmp.Diff(last, head); d != "" {
			t.Error(d)
		}
		some, err2 := tx.Entries(ctx, 7, 3)
		if len(some) != 3 || some[0].Seq != 7 || !bytes.Equal(some[1].Previous, some[0].Hash) {
			t.Errorf("entries 7 to 9 are %+v", some)
		}
		all, err3 := tx.Entries(ctx, 1, 0)
		if len(all) != 2500 {
			t.Errorf("%d entries, want 2,500", len(all))
		}
		return errors.Join(err, err2, err3)
	})
}

func TestAnEntryWithoutDetailSaysNothing(t *testing.T) {
	s := fresh(t)
	change(t, s, func(ctx context.Context, tx *Tx) error {
		e, err := tx.Record(ctx, Entry{Actor: "amira", Action: "note"})
		if string(e.Detail) != "{}" || !e.At.IsZero() {
			t.Errorf("it is %+v", e)
		}
		return err
	})
	look(t, s, func(ctx context.Context, tx *Tx) error { _, err := tx.VerifyLedger(ctx, nil); return err })
}

func TestHashesOfDifferentEntriesDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("ab")), 0, 3, -1)
		draw := func(name string) Entry {
			return Entry{
				Seq: rapid.Int64Range(1, 3).Draw(t, name), Actor: text.Draw(t, name), Action: text.Draw(t, name), Subject: text.Draw(t, name),
				Counterpart: text.Draw(t, name), Detail: json.RawMessage(text.Draw(t, name)), Previous: []byte(text.Draw(t, name)),
				Through: text.Draw(t, name),
			}
		}
		a, b := draw("a"), draw("b")
		if same := cmp.Equal(a, b); same != bytes.Equal(a.digest(), b.digest()) {
			t.Fatalf("entries are equal: %v, their hashes are not", same)
		}
	})
}

// tamper changes the ledger in a transaction, verifies it there, and puts it
// back.
func tamper(s *Store, known []byte, statements ...string) (found error) {
	ctx := context.Background()
	undo := errors.New("undo")
	err := s.Update(ctx, func(tx *Tx) error {
		for _, query := range statements {
			if _, err := tx.tx.ExecContext(ctx, query); err != nil {
				return err
			}
		}
		_, found = tx.VerifyLedger(ctx, known)
		return undo
	})
	if !errors.Is(err, undo) {
		panic(err)
	}
	return found
}

func TestAnyChangeOfTheLedgerIsFound(t *testing.T) {
	s := fresh(t)
	const entries = 30
	head := write(t, s, entries)
	if err := tamper(s, head.Hash); err != nil {
		t.Fatalf("untouched: %v", err)
	}
	column := rapid.SampledFrom([]string{
		"at = at + 1", "actor = actor || 'x'", "action = ''", "subject = 'E99'", "counterpart = 'North'", "detail = '{}'",
		"previous = randomblob(32)", "hash = randomblob(32)", "hash = previous", "seq = seq + 1000", "through = 'console'", "actor = 'bilal', counterpart = 'West'",
		"actor = actor || action, action = ''", // the same letters, cut elsewhere
	})
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, entries).Draw(t, "entry")
		set := column.Draw(t, "change")
		if err := tamper(s, head.Hash, fmt.Sprintf(`UPDATE ledger SET %s WHERE seq = %d`, set, n)); !errors.Is(err, ErrChain) {
			t.Fatalf("%s of entry %d: %v", set, n, err)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, entries).Draw(t, "entry")
		count := rapid.IntRange(1, entries).Draw(t, "count")
		remove := fmt.Sprintf(`DELETE FROM ledger WHERE seq >= %d AND seq < %d`, n, n+count)
		closeUp := fmt.Sprintf(`UPDATE ledger SET seq = seq - %d WHERE seq >= %d`, count, n+count)
		if err := tamper(s, head.Hash, remove); !errors.Is(err, ErrChain) {
			t.Fatalf("%d entries from %d on removed: %v", count, n, err)
		}
		if err := tamper(s, head.Hash, remove, closeUp); !errors.Is(err, ErrChain) {
			t.Fatalf("%d entries from %d on removed, the gap closed: %v", count, n, err)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.IntRange(1, entries-1).Draw(t, "a")
		b := rapid.IntRange(a+1, entries).Draw(t, "b")
		swap := []string{
			`UPDATE ledger SET seq = -1 WHERE seq = ` + fmt.Sprint(a), fmt.Sprintf(`UPDATE ledger SET seq = %d WHERE seq = %d`, a, b),
			`UPDATE ledger SET seq = ` + fmt.Sprint(b) + ` WHERE seq = -1`,
		}
		if err := tamper(s, nil, swap...); !errors.Is(err, ErrChain) {
			t.Fatalf("entries %d and %d change places: %v", a, b, err)
		}
	})
}

func TestAnInsertedEntryIsFound(t *testing.T) {
	s := fresh(t)
	head := write(t, s, 5)
	err := tamper(s, head.Hash,
		`UPDATE ledger SET seq = -seq WHERE seq >= 3`, `UPDATE ledger SET seq = 1 - seq WHERE seq < 0`, // room for another 3
		`INSERT INTO ledger SELECT 3, at, actor, action, subject, counterpart, detail, previous, hash, through FROM ledger WHERE seq = 2`)
	if !errors.Is(err, ErrChain) {
		t.Errorf("got %v, want %v", err, ErrChain)
	}
}

// Who holds the store's key can write a chain of its own that holds in itself.
// A head noted elsewhere (read aloud, printed, sent to a colleague) shows it.
func TestARewrittenLedgerIsFoundByAHeadNotedElsewhere(t *testing.T) {
	s, forged := fresh(t), fresh(t)
	noted := write(t, s, 5)
	write(t, forged, 9)
	look(t, forged, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.VerifyLedger(ctx, nil); err != nil {
			t.Errorf("by itself it holds: %v", err)
		}
		return nil
	})
	change(t, s, func(ctx context.Context, tx *Tx) error {
		_, err := tx.Record(ctx, Entry{At: noon, Actor: "chen", Action: "note"})
		return err
	})
	look(t, s, func(ctx context.Context, tx *Tx) error {
		_, err := tx.VerifyLedger(ctx, noted.Hash)
		return err // what was noted stays in the chain as it grows
	})
	raw(t, s, `DELETE FROM ledger WHERE seq >= 5`)
	look(t, s, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.VerifyLedger(ctx, noted.Hash); !errors.Is(err, ErrChain) {
			t.Errorf("cut short: got %v, want %v", err, ErrChain)
		}
		return nil
	})
}
