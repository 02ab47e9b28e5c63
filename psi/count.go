package psi

import (
	"bytes"
	"crypto/sha512"
	"fmt"
	"sync"

	"parley/psi/internal/ristretto"
)

// Domain separation of the count's two hashes.
const (
	countHashDST = "parley psi v1 count HashToGroup ristretto255_XMD:SHA-512_R255MAP_RO_"
	countTagDST  = "parley psi v1 count tag"
)

// CountParty is one side of a count: PSI-CA of De Cristofaro, Gasti and
// Tsudik, "Fast and Private Computation of Cardinality of Set Intersection and
// Union", CANS 2012. With blind r and key k it sends r·H(x) for its items x;
// evaluates the other's elements as k·e, in an order that says nothing about
// theirs; and publishes tags h(k·H(x)).
//
// A counterpart that keeps to the protocol learns the count and our number of
// items. One that does not can learn which of its own items are counted, or
// make our count wrong; docs/protocol/psi.md says how.
//
// A CountParty is safe for concurrent use.
type CountParty struct {
	mu         sync.Mutex
	items      [][]byte // nil once wiped
	blind, key *ristretto.Scalar
	id         queryID
	query      []byte // made on first use
	tags       []tag  // made on first use
	answered   answered
}

// NewCountParty begins a count of items. Items are canonical byte strings of 1
// to MaxItemBytes bytes, distinct, in any order; a duplicate is refused with
// its index (ErrItems). The items are kept, not copied: leave them unchanged
// until the run is over. The seed must serve no other run.
func NewCountParty(seed Seed, items [][]byte) (*CountParty, error) {
	defer seed.Zero()
	if err := checkItems(items); err != nil {
		return nil, err
	}
	blind, err := seed.scalar(labelCountBlind)
	if err != nil {
		return nil, err
	}
	key, err := seed.scalar(labelCountKey)
	if err != nil {
		return nil, err
	}
	id, err := seed.id(labelCountID)
	if err != nil {
		return nil, err
	}
	return &CountParty{items: items, blind: blind, key: key, id: id}, nil
}

// Zero wipes the party's secrets. Its methods refuse to work from then on.
func (p *CountParty) Zero() {
	p.mu.Lock()
	defer p.mu.Unlock()
	wipe(p.blind, p.key)
	p.items, p.query, p.tags = nil, nil, nil
}

// Query returns the count query: 32 bytes of header and 32 per item. It is the
// same on every call and for every order of the items; nil after Zero.
func (p *CountParty) Query() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.query == nil && p.items != nil {
		m := &message{kind: KindCountQuery, id: p.id, elements: p.multiplyItems(p.blind)}
		sortElements(m.elements)
		p.query = m.marshal()
	}
	return bytes.Clone(p.query)
}

// multiplyItems returns k·H(x) for every item x, in the items' order.
func (p *CountParty) multiplyItems(k *ristretto.Scalar) []element {
	out, _ := multiplyEach(len(p.items), k, func(i int) (*ristretto.Point, error) { // the work cannot fail
		return ristretto.HashToGroup(p.items[i], []byte(countHashDST)), nil
	})
	return out
}

func (p *CountParty) ownTags() []tag {
	if p.tags == nil {
		p.tags = make([]tag, 0, len(p.items))
		for _, e := range p.multiplyItems(p.key) {
			p.tags = append(p.tags, countTag(e))
		}
		sortTags(p.tags)
	}
	return p.tags
}

// countTag is h(k·H(x)).
func countTag(e element) tag {
	sum := sha512.Sum512(append([]byte(countTagDST), e[:]...))
	return tag(sum[:tagSize])
}

// Answer evaluates the counterpart's count query, which may have at most max
// items, and adds the tags of our own. The answer is the same on every call;
// a different query in the same run is refused.
func (p *CountParty) Answer(query []byte, max int) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.items == nil {
		return nil, ErrZeroed
	}
	q, err := parse(KindCountQuery, query, max)
	if err != nil {
		return nil, err
	}
	if err := p.answered.check(query); err != nil {
		return nil, err
	}
	evaluated, err := q.multiply(p.key)
	if err != nil {
		return nil, err
	}
	p.answered.remember(query)
	sortElements(evaluated)
	a := &message{kind: KindCountAnswer, id: q.id, elements: evaluated, tags: p.ownTags()}
	return a.marshal(), nil
}

// multiply returns k·e for every element of m, in the message's order.
func (m *message) multiply(k *ristretto.Scalar) ([]element, error) {
	out, err := multiplyAll(m.elements, k)
	if err != nil {
		return nil, m.refuse("element", indexOf(err), err)
	}
	return out, nil
}

// Count reads the answer to our query and returns how many of our items the
// counterpart holds.
func (p *CountParty) Count(answer []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.items == nil {
		return 0, ErrZeroed
	}
	a, err := parse(KindCountAnswer, answer, MaxItems)
	if err != nil {
		return 0, err
	}
	if err := a.checkAnswer(p.id, len(p.items)); err != nil {
		return 0, err
	}
	if err := p.checkReflection(a); err != nil {
		return 0, err
	}
	unblind := new(ristretto.Scalar).Invert(p.blind)
	defer wipe(unblind)
	unblinded, err := a.multiply(unblind)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, e := range unblinded {
		if hasTag(a.tags, countTag(e)) {
			n++
		}
	}
	return n, nil
}

// checkReflection refuses an answer that carries tags of our own. A
// counterpart that asked us our own query, and returned what we answered,
// would otherwise seem to hold whatever we hold. It could do so only after our
// answer has left, so tags that were never made need no check.
func (p *CountParty) checkReflection(a *message) error {
	for i, t := range a.tags {
		if hasTag(p.tags, t) {
			return fmt.Errorf("%w: %v: tag %d is our own: the answer was made from ours", ErrMessage, a.kind, i)
		}
	}
	return nil
}
