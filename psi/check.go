package psi

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"parley/psi/internal/ristretto"
)

// MaxCheck is the largest number of items in one check.
const MaxCheck = 1 << 14

const (
	kindCheck overlapKind = 0x31 + iota
	kindCheckAnswer
)

// Check asks the holder of a standing list about a few items: one query, one
// answer, and a look at the list's filter. The holder learns how many items
// there are. A Check serves one list.
type Check struct {
	items     [][]byte // decoys at the end
	own       int      // items that are not decoys
	blindKey  []byte
	publicKey element
	point     *ristretto.Point // publicKey's
	order     []int            // the item behind each element of the query
	elements  []element
	query     []byte
}

// NewCheck prepares a check of distinct items against the list with a public
// key, padded with decoys to pad items if pad is not 0. The seed must serve
// no other check.
func NewCheck(seed Seed, publicKey []byte, items [][]byte, pad int) (*Check, error) {
	defer seed.Zero()
	if err := checkItems(items); err != nil {
		return nil, err
	}
	if n := max(len(items), pad); n > MaxCheck || pad != 0 && len(items) > pad {
		return nil, fmt.Errorf("%w: %d items in a check padded to %d: give at most %d, and no more than the padded number", ErrItems, len(items), pad, MaxCheck)
	}
	if len(publicKey) != elementSize {
		return nil, fmt.Errorf("psi: the list's public key has %d bytes, not %d", len(publicKey), elementSize)
	}
	point, err := element(publicKey).decode()
	if err != nil {
		return nil, fmt.Errorf("psi: the list's public key %w", err)
	}
	c := &Check{own: len(items), publicKey: element(publicKey), point: point}
	if c.blindKey, err = seed.bytes(labelOverlapBlind, 64); err != nil {
		return nil, err
	}
	decoyKey, err := seed.bytes(labelDecoys, 64)
	if err != nil {
		return nil, err
	}
	id, err := seed.id(labelCheckID)
	if err != nil {
		return nil, err
	}
	c.items = slices.Clone(items)
	for i := len(items); i < pad; i++ {
		c.items = append(c.items, decoy(decoyKey, i))
	}
	c.ask(runID(id[:]))
	return c, nil
}

// ask makes the query: the blinded items, ascending, an order that says
// nothing about theirs.
func (c *Check) ask(id runID) {
	elements := blindItems(c.items, c.blindKey)
	c.order = make([]int, len(c.items))
	for i := range c.order {
		c.order[i] = i
	}
	slices.SortFunc(c.order, func(a, b int) int {
		return cmp.Or(bytes.Compare(elements[a][:], elements[b][:]), cmp.Compare(a, b))
	})
	for _, i := range c.order {
		c.elements = append(c.elements, elements[i])
	}
	c.query = appendElements(checkEnvelope(kindCheck, len(c.items), id).marshal(), c.elements)
}

// Query returns what to send to the list's holder: 32 bytes, and 32 an item.
func (c *Check) Query() []byte { return bytes.Clone(c.query) }

// Zero wipes the check's secrets.
func (c *Check) Zero() {
	clear(c.blindKey)
	c.items = nil
}

// Values verifies the holder's answer and returns what each item is on the
// list, by its index, listed or not: a later filter of the same list can be
// looked into without asking again. ErrProof says that the answer was not made
// with the list's key.
func (c *Check) Values(answer []byte) ([]Value, error) {
	if c.items == nil {
		return nil, ErrZeroed
	}
	n := len(c.items)
	body, err := checkEnvelope(kindCheckAnswer, n, runID(c.query[20:])).open(answer, n*elementSize+proofSize)
	if err != nil {
		return nil, err
	}
	evaluated := readElements(body, n)
	answers, err := decodeAll(evaluated)
	if err != nil {
		return nil, fmt.Errorf("%w: answer to a check: element %d %w", ErrMessage, indexOf(err), err)
	}
	blinded, err := decodeAll(c.elements)
	if err != nil {
		return nil, fmt.Errorf("psi: read our own check again: %w", err)
	}
	s := statement{c.publicKey, c.elements, evaluated, checkContext(c.publicKey, c.query, evaluated)}
	if !s.verify([proofSize]byte(body[n*elementSize:]), c.point, blinded, answers) {
		return nil, fmt.Errorf("%w: the answer to the check was not made with the list's key", ErrProof)
	}
	asked := make([][]byte, n)
	for i := range asked {
		asked[i] = c.items[c.order[i]]
	}
	values := make([]Value, n)
	for i, value := range unblindItems(asked, c.blindKey, answers, ristretto.NewTable(c.point)) {
		values[c.order[i]] = Value(value[:valueSize])
	}
	return values[:c.own], nil
}

// Held verifies the holder's answer and returns the indexes, ascending, of the
// items that are in the filter, which must be of the same list.
func (c *Check) Held(answer []byte, filter *Filter) ([]int, error) {
	if filter.publicKey != c.publicKey {
		return nil, fmt.Errorf("%w: the filter is of another list than the check", ErrFilter)
	}
	values, err := c.Values(answer)
	if err != nil {
		return nil, err
	}
	found := []int{}
	for i, v := range values {
		if filter.Contains(v) {
			found = append(found, i)
		}
	}
	return found, nil
}

func checkEnvelope(kind overlapKind, n int, id runID) envelope {
	e := envelope{kind: kind, from: initiator, first: n, run: id}
	if kind == kindCheckAnswer {
		e.from = responder
	}
	return e
}

// CheckItems reads from the header of a check how many items it asks about, so
// that they can be counted before any work is done; Answer holds it to that
// number.
func CheckItems(query []byte) (int, error) {
	if len(query) < headerSize {
		return 0, fmt.Errorf("%w: check: %d bytes are less than a header of %d", ErrMessage, len(query), headerSize)
	}
	n := binary.BigEndian.Uint32(query[12:])
	if n < 1 || n > MaxCheck || len(query) != headerSize+int(n)*elementSize {
		return 0, fmt.Errorf("%w: check of %d items in %d bytes", ErrMessage, n, len(query))
	}
	return int(n), nil
}

// parseCheck reads a check of at most max items. Its elements have the right
// order but are not yet decoded.
func parseCheck(query []byte, max int) ([]element, runID, error) {
	if len(query) < headerSize {
		return nil, runID{}, fmt.Errorf("%w: check: %d bytes are less than a header of %d", ErrMessage, len(query), headerSize)
	}
	n, id := binary.BigEndian.Uint32(query[12:]), runID(query[20:])
	if limit := min(max, MaxCheck); n < 1 || int64(n) > int64(limit) {
		return nil, runID{}, fmt.Errorf("%w: check of %d items, 1 to %d are allowed", ErrMessage, n, limit)
	}
	body, err := checkEnvelope(kindCheck, int(n), id).open(query, int(n)*elementSize)
	if err != nil {
		return nil, runID{}, err
	}
	elements := readElements(body, int(n))
	for i := 1; i < len(elements); i++ {
		if bytes.Compare(elements[i-1][:], elements[i][:]) >= 0 {
			return nil, runID{}, fmt.Errorf("%w: check: element %d %w", ErrMessage, i, errOrder)
		}
	}
	return elements, id, nil
}
