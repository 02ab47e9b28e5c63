package psi

import (
	"crypto/sha512"
	"errors"
	"fmt"
)

// ErrZeroed is returned by a party whose secrets have been wiped.
var ErrZeroed = errors.New("psi: the party's secrets are wiped: begin a new run")

// answered remembers the one query that a party answers in a run. Under one
// key, a second query would be as many items again beyond the agreed number.
// It remembers as long as the party lives; across restarts the caller does.
type answered struct {
	query [sha512.Size256]byte
	done  bool
}

// check lets the first query through, and that query again.
func (a *answered) check(query []byte) error { return a.checkDigest(sha512.Sum512_256(query)) }

func (a *answered) checkDigest(query [sha512.Size256]byte) error {
	if a.done && query != a.query {
		return fmt.Errorf("%w: another query was answered in this run: begin a new run", ErrMessage)
	}
	return nil
}

// remember notes a query that turned out to be good.
func (a *answered) remember(query []byte) { a.rememberDigest(sha512.Sum512_256(query)) }

func (a *answered) rememberDigest(query [sha512.Size256]byte) { a.query, a.done = query, true }

// checkAnswer refuses an answer to another query than ours.
func (m *message) checkAnswer(ours queryID, items int) error {
	return checkAnswer(Header{Kind: m.kind, Elements: len(m.elements)}, m.id, ours, items)
}

func checkAnswer(h Header, id, ours queryID, items int) error {
	if id != ours {
		return fmt.Errorf("%w: the %v belongs to another query: it is replayed or misdelivered", ErrMessage, h.Kind)
	}
	if h.Elements != items {
		return fmt.Errorf("%w: the %v has %d elements for our %d items", ErrMessage, h.Kind, h.Elements, items)
	}
	return nil
}
