package node

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"parley/internal/store"
)

// Verdicts on a message that came.
const (
	Taken    = "taken"     // somebody works with it
	SetAside = "set aside" // nothing is to be done with it
)

// Verdicts on a selector that was found.
const (
	Relevant   = "relevant"
	Irrelevant = "irrelevant"
	Unsure     = "unsure"
)

// Unmarked takes a verdict back: it is to be looked at again.
const Unmarked = ""

// maxNote bounds the note of a mark, in characters.
const maxNote = 1_000

// verdicts are what may be said of a subject with this letter.
func verdicts(letter byte) []string {
	switch letter {
	case 'I':
		return []string{Taken, SetAside, Unmarked}
	case 'S':
		return []string{Relevant, Irrelevant, Unsure, Unmarked}
	}
	return nil
}

// Mark notes what the user says of a message (I3) or a selector (S12). What was
// said before stays in the record.
func (n *Node) Mark(ctx context.Context, subject, verdict, note string) error {
	if err := n.must(Analyst, Releaser); err != nil {
		return err
	}
	letter, id, err := markable(subject)
	if err != nil {
		return err
	}
	if !slices.Contains(verdicts(letter), verdict) {
		return invalid("%s is marked with one of %q", subject, verdicts(letter))
	}
	if utf8.RuneCountInString(note) > maxNote {
		return invalid("the note has more than %d characters: shorten it", maxNote)
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		if err := isThere(ctx, tx, letter, id); err != nil {
			return err
		}
		if err := tx.AddMark(ctx, store.Mark{Subject: subject, Verdict: verdict, Note: note, Actor: n.User.Name, At: n.now()}); err != nil {
			return err
		}
		return n.record(ctx, tx, "mark", subject, "", map[string]string{"verdict": verdict})
	})
}

// markable reads a subject that can be marked.
func markable(subject string) (letter byte, id int64, err error) {
	if len(subject) > 1 {
		letter = subject[0]
		id, err = strconv.ParseInt(subject[1:], 10, 64)
	}
	if verdicts(letter) == nil || err != nil || id < 1 || subject[1:] != strconv.FormatInt(id, 10) {
		return 0, 0, invalid("%q is neither a message such as I3 nor a selector such as S12", subject)
	}
	return letter, id, nil
}

func isThere(ctx context.Context, tx *store.Tx, letter byte, id int64) error {
	if letter == 'I' {
		_, err := tx.Incoming(ctx, id)
		return err
	}
	there, err := tx.HasSelector(ctx, id)
	if err == nil && !there {
		err = fmt.Errorf("selector S%d: %w", id, store.ErrNotFound)
	}
	return err
}

// MarkOf is the newest mark of a message or a selector; false where it has none,
// or where the last was taken back.
func (n *Node) MarkOf(ctx context.Context, subject string) (m store.Mark, marked bool, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		m, err = tx.Mark(ctx, subject)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return m, false, nil
	}
	return m, err == nil && m.Verdict != Unmarked, err
}

// Marks are the newest marks of all messages ('I') or selectors ('S'), by
// subject; without those that were taken back.
func (n *Node) Marks(ctx context.Context, letter byte) (by map[string]store.Mark, err error) {
	by = map[string]store.Mark{}
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Marks(ctx, letter)
		for _, m := range all {
			if m.Verdict != Unmarked {
				by[m.Subject] = m
			}
		}
		return err
	})
	return by, err
}
