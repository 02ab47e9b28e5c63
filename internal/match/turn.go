package match

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"parley/internal/store"
	"parley/psi"
)

// maxReason bounds the words that the other side gives for ending a match.
const maxReason = 1000

// offered is the effect of a counterpart's proposal: a match that waits for
// one of our people.
func (e *Engine) offered(in store.Incoming) Effect {
	run, parts, err := decodeMessage(in.Body, 2)
	if err != nil {
		return ignored("%s: %v", in.Kind, err)
	}
	terms, err := decodeTerms(parts[0])
	switch {
	case err != nil:
		return ignored("%s: %v", in.Kind, err)
	case terms.Round != 1:
		return ignored("%s: the terms are of round %d, a proposal is the first", in.Kind, terms.Round)
	case terms.Run != run:
		return ignored("%s: the terms are of another run", in.Kind)
	case terms.To != e.Self:
		return ignored("%s: the terms are for %q, we are %q", in.Kind, terms.To, e.Self)
	case len(parts[1]) != keySize:
		return ignored("%s: a public key of %d bytes", in.Kind, len(parts[1]))
	}
	m := Matching{Terms: terms, Progress: Progress{TheirKey: parts[1], BytesIn: int64(len(in.Body))}}
	m.Run, m.Counterpart, m.Role, m.State = run[:], in.Counterpart, Responder, Offered
	return Effect{Commit: func(ctx context.Context, tx *store.Tx) error { return e.keepOffer(ctx, tx, m, parts[0]) }}
}

func (e *Engine) keepOffer(ctx context.Context, tx *store.Tx, m Matching, terms []byte) error {
	from, err := tx.CounterpartByID(ctx, m.Counterpart)
	if err != nil {
		return err
	}
	if m.Terms.From != from.Name {
		return fmt.Errorf("the terms say they are from %q, they came from %q: %w", m.Terms.From, from.Name, ErrPeer)
	}
	if err = e.add(ctx, tx, &m, terms); errors.Is(err, store.ErrExists) {
		return fmt.Errorf("the run %s was proposed before: %w", m.Terms.Run, ErrPeer)
	} else if err != nil {
		return err
	}
	return e.record(ctx, tx, from.Name, KindPropose, m, from.Name, m.Terms)
}

// keySize is the length of a run's public key in bytes.
const keySize = 32

func (t *turn) accept() error {
	if !bytes.Equal(t.parts[0], digest(t.m.Matching.Terms)) {
		return errors.New("the other side accepted terms that are not ours")
	}
	if len(t.parts[1]) != keySize {
		return fmt.Errorf("a public key of %d bytes", len(t.parts[1]))
	}
	t.m.Progress.TheirKey, t.m.State = t.parts[1], t.m.Terms.agreed()
	return nil
}

func (t *turn) decline() error {
	t.m.State, t.m.Progress.Reason = Declined, readable(t.parts[0])
	return nil
}

func (t *turn) abort() error {
	t.m.State, t.m.Progress.Reason = Aborted, readable(t.parts[0])
	return nil
}

// readable keeps what a counterpart wrote fit to be shown.
func readable(b []byte) string {
	s := string(bytes.ToValidUTF8(b, []byte("?")))
	if !printable(s) {
		return "(unreadable)"
	}
	if utf8.RuneCountInString(s) > maxReason {
		return string([]rune(s)[:maxReason]) + "…"
	}
	return s
}

// sized notes how many selectors the other side brings, and holds it to that
// number in every message of the run: another number is another set. Where the
// terms have it fill its set up with decoys, it is the number that they name.
func (t *turn) sized(items int) error {
	held := &t.m.Progress.TheirSize
	if pad := t.m.theirPad(); pad > 0 && items != pad {
		return fmt.Errorf("their set has %d selectors, the terms fill it up to %d", items, pad)
	}
	if most := t.m.theirMax(); items > most {
		return fmt.Errorf("their set has %d selectors, the terms allow %d", items, most)
	}
	if *held != 0 && *held != items {
		return fmt.Errorf("their set has %d selectors, and had %d in an earlier message", items, *held)
	}
	*held = items
	return nil
}

// asked looks at a query before any work is spent on it: it has an element for
// each selector of the other side.
func (t *turn) asked(kind psi.Kind, query []byte) error {
	header, err := psi.Inspect(query)
	if err != nil {
		return err
	}
	if header.Kind != kind {
		return fmt.Errorf("%v came, %v is due: %w", header.Kind, kind, psi.ErrMessage)
	}
	return t.sized(header.Elements)
}

// answered looks at an answer, which has a tag for each selector of the other
// side.
func (t *turn) answered(kind psi.Kind, answer []byte) error {
	header, err := psi.Inspect(answer)
	if err != nil {
		return err
	}
	if header.Kind != kind {
		return fmt.Errorf("%v came, %v is due: %w", header.Kind, kind, psi.ErrMessage)
	}
	return t.sized(header.Tags)
}
