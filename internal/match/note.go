package match

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"parley/internal/store"
)

// MaxNote is the longest note in bytes. Every note goes over filled up to it,
// also where there is none, so that its length tells nothing.
const MaxNote = 256

// payload is the length of what goes with each selector of ours and theirs.
func (t Terms) payload() int {
	if t.Mode == ModePayload {
		return MaxNote
	}
	return 0
}

// checkNote sees that a note can be sent under the terms, and be read there. It
// is what a person wrote for this match, never words from a report or a source.
func (m Matching) checkNote() error {
	switch note := m.Progress.Note; {
	case note == "":
		return nil
	case m.Terms.Mode != ModePayload:
		return fmt.Errorf("a note goes with a match of the mode %q, this one is of %q: %w", ModePayload, m.Terms.Mode, ErrTerms)
	case !m.asks():
		return fmt.Errorf("the other side does not learn what both hold, and would never read the note: %w", ErrTerms)
	case len(note) > MaxNote || !printable(note):
		return fmt.Errorf("a note has at most %d bytes, all of them readable: this one has %d", MaxNote, len(note))
	}
	return nil
}

type noteDetail struct {
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// recordNote puts into the ledger that a note may cross with this run.
func (e *Engine) recordNote(ctx context.Context, tx *store.Tx, actor string, m Matching, to string) error {
	note := m.Progress.Note
	if note == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(note))
	return e.record(ctx, tx, actor, "match.note", m, to, noteDetail{len(note), hex.EncodeToString(sum[:])})
}

// keepNotes keeps what the other side attached to what matched.
func (t turn) keepNotes(ctx context.Context, tx *store.Tx) error {
	for position, note := range t.notes {
		if err := tx.NoteMatched(ctx, t.m.ID, position, note); err != nil {
			return err
		}
	}
	return nil
}
