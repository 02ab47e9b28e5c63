package psi

import (
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
	set        *set // nil once wiped
	blind, key *ristretto.Scalar
	id         queryID
	query      []element // made on first use
	tags       []tag     // made on first use
	asked      *countAsked
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
	return NewCountPartyOf(seed, Items(items), 0)
}

// NewCountPartyOf begins a count of the items of a source, padded with decoys
// to pad items if pad is not 0. It holds 32 bytes an item of its query and 12
// of its tags, and reads the source once for each of them.
func NewCountPartyOf(seed Seed, source Source, pad int) (*CountParty, error) {
	defer seed.Zero()
	p := &CountParty{}
	var err error
	if p.blind, err = seed.scalar(labelCountBlind); err != nil {
		return nil, err
	}
	if p.key, err = seed.scalar(labelCountKey); err != nil {
		return nil, err
	}
	if p.id, err = seed.id(labelCountID); err != nil {
		return nil, err
	}
	orderKey, err := seed.bytes(labelOrder, 64)
	if err != nil {
		return nil, err
	}
	decoyKey, err := seed.bytes(labelDecoys, 64)
	if err != nil {
		return nil, err
	}
	p.set, err = newSet(source, pad, MaxPayload, orderKey, decoyKey)
	return p, err
}

// Zero wipes the party's secrets. Its methods refuse to work from then on.
func (p *CountParty) Zero() {
	p.mu.Lock()
	defer p.mu.Unlock()
	wipe(p.blind, p.key)
	p.set, p.query, p.tags, p.asked = nil, nil, nil, nil
}

// Query returns the count query: 32 bytes of header and 32 per item. It is the
// same on every call and for every order of the items; nil after Zero, or if
// the source fails, which WriteQuery explains.
func (p *CountParty) Query() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.set == nil || p.makeQuery() != nil {
		return nil
	}
	return (&message{kind: KindCountQuery, id: p.id, elements: p.query}).marshal()
}

func (p *CountParty) makeQuery() error {
	if p.query != nil {
		return nil
	}
	query := make([]element, 0, p.set.size())
	err := p.multiplyItems(p.blind, func(e element) { query = append(query, e) })
	if err != nil {
		return err
	}
	sortElements(query)
	p.query = query
	return nil
}

// piece is how many elements of a message are worked on at a time.
const piece = 1024

// multiplyItems gives k·H(x) for every item x, in an order of no meaning.
func (p *CountParty) multiplyItems(k *ristretto.Scalar, give func(element)) error {
	for lo := 0; lo < p.set.size(); lo += piece {
		items, err := p.set.chunk(lo, min(lo+piece, p.set.size()))
		if err != nil {
			return err
		}
		for _, e := range multiplyHashed(values(items), countHashDST, k) {
			give(e)
		}
	}
	return nil
}

func (p *CountParty) makeTags() error {
	if p.tags != nil {
		return nil
	}
	tags := make([]tag, 0, p.set.size())
	err := p.multiplyItems(p.key, func(e element) { tags = append(tags, countTag(e)) })
	if err != nil {
		return err
	}
	sortTags(tags)
	p.tags = tags
	return nil
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
	if p.set == nil {
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
	if err := p.makeTags(); err != nil {
		return nil, err
	}
	p.answered.remember(query)
	sortElements(evaluated)
	a := &message{kind: KindCountAnswer, id: q.id, elements: evaluated, tags: p.tags}
	return a.marshal(), nil
}

// multiply returns k·e for every element of m, in the message's order.
func (m *message) multiply(k *ristretto.Scalar) ([]element, error) {
	return m.multiplyPart(0, m.elements, k)
}

// multiplyPart returns k·e for the elements of m from index first on.
func (m *message) multiplyPart(first int, elements []element, k *ristretto.Scalar) ([]element, error) {
	out, err := multiplyAll(elements, k)
	if err != nil {
		return nil, m.refuse("element", first+indexOf(err), err)
	}
	return out, nil
}

// Count reads the answer to our query and returns how many of our items the
// counterpart holds.
func (p *CountParty) Count(answer []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.set == nil {
		return 0, ErrZeroed
	}
	a, err := parse(KindCountAnswer, answer, MaxItems)
	if err != nil {
		return 0, err
	}
	if err := a.checkAnswer(p.id, p.set.size()); err != nil {
		return 0, err
	}
	if err := p.checkReflection(0, a.tags); err != nil {
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
func (p *CountParty) checkReflection(first int, tags []tag) error {
	for i, t := range tags {
		if hasTag(p.tags, t) {
			return fmt.Errorf("%w: %v: tag %d is our own: the answer was made from ours", ErrMessage, KindCountAnswer, first+i)
		}
	}
	return nil
}
