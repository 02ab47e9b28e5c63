package psi

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"sync"

	"parley/psi/internal/ristretto"
)

// OverlapParty is one side of an overlap: the verifiable oblivious PRF of RFC
// 9497, ristretto255-SHA512. With a fresh blind for every item it sends
// blind·H(x); evaluates the other's elements under its key, with proofs that
// it was this key; and publishes tags, the heads of its own items' PRF values.
//
// A counterpart learns which of the items it asked about we hold and how many
// we have; a cheating one no more than that. Its key must be fixed before the
// first query: exchange PublicKey with the terms.
//
// An OverlapParty is safe for concurrent use.
type OverlapParty struct {
	mu        sync.Mutex
	items     [][]byte // nil once wiped
	key       *ristretto.Scalar
	publicKey element
	blindKey  []byte
	nonceKey  []byte
	id        queryID
	query     *message // made on first use
	raw       []byte   // query, marshalled
	order     []int32  // order[i] is the item behind the query's element i
	tags      []tag    // made on first use
	answered  answered
}

// NewOverlapParty begins an overlap of items, which are as in NewCountParty.
// The seed may be that of the count of the same run.
func NewOverlapParty(seed Seed, items [][]byte) (*OverlapParty, error) {
	defer seed.Zero()
	if err := checkItems(items); err != nil {
		return nil, err
	}
	key, err := seed.overlapKey()
	if err != nil {
		return nil, err
	}
	blindKey, err := seed.bytes(labelOverlapBlind, 64)
	if err != nil {
		return nil, err
	}
	nonceKey, err := seed.bytes(labelProofNonce, 64)
	if err != nil {
		return nil, err
	}
	id, err := seed.id(labelOverlapID)
	if err != nil {
		return nil, err
	}
	return &OverlapParty{
		items: items, key: key, publicKey: encode(new(ristretto.Point).ScalarBaseMult(key)),
		blindKey: blindKey, nonceKey: nonceKey, id: id,
	}, nil
}

// PublicKey returns the 32-byte overlap public key that follows from a seed,
// before there is a set: what a party gives with the terms. It equals that of
// every OverlapParty with this seed.
func PublicKey(seed Seed) ([]byte, error) {
	defer seed.Zero()
	key, err := seed.overlapKey()
	if err != nil {
		return nil, err
	}
	defer wipe(key)
	public := encode(new(ristretto.Point).ScalarBaseMult(key))
	return public[:], nil
}

// overlapKey derives the PRF key from the run's seed.
func (s *Seed) overlapKey() (*ristretto.Scalar, error) {
	return s.voprfKey(labelOverlapKey)
}

// Zero wipes the party's secrets. Its methods refuse to work from then on.
func (p *OverlapParty) Zero() {
	p.mu.Lock()
	defer p.mu.Unlock()
	wipe(p.key)
	clear(p.blindKey)
	clear(p.nonceKey)
	p.items, p.query, p.raw, p.order, p.tags = nil, nil, nil, nil, nil
}

// PublicKey returns the 32 bytes that commit to our key. Give them to the
// counterpart with the terms, before any query.
func (p *OverlapParty) PublicKey() []byte { return bytes.Clone(p.publicKey[:]) }

// Query returns the overlap query: 32 bytes of header and 32 per item. It is
// the same on every call and for every order of the items; nil after Zero.
func (p *OverlapParty) Query() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.items == nil {
		return nil
	}
	p.makeQuery()
	return bytes.Clone(p.raw)
}

// makeQuery blinds the items and remembers in which order they are sent.
func (p *OverlapParty) makeQuery() {
	if p.query != nil {
		return
	}
	type sent struct {
		element element
		item    int32
	}
	all := make([]sent, len(p.items))
	_ = forEach(len(all), func(i int) error { // the work cannot fail
		blind := blindFor(p.blindKey, p.items[i])
		defer wipe(blind)
		all[i] = sent{blindItem(p.items[i], blind), int32(i)}
		return nil
	})
	slices.SortFunc(all, func(a, b sent) int {
		return cmp.Or(bytes.Compare(a.element[:], b.element[:]), cmp.Compare(a.item, b.item))
	})
	p.query = &message{kind: KindOverlapQuery, id: p.id, elements: make([]element, 0, len(all))}
	p.order = make([]int32, 0, len(all))
	for _, s := range all {
		p.query.elements = append(p.query.elements, s.element)
		p.order = append(p.order, s.item)
	}
	p.raw = p.query.marshal()
}

func (p *OverlapParty) ownTags() []tag {
	if p.tags == nil {
		p.tags = make([]tag, 0, len(p.items))
		for _, value := range evaluateItems(p.items, p.key) {
			p.tags = append(p.tags, tag(value[:tagSize]))
		}
		sortTags(p.tags)
	}
	return p.tags
}

// Answer evaluates the counterpart's overlap query, which may have at most max
// items, proves it, and adds the tags of our own items. The answer is the same
// on every call; a different query in the same run is refused.
func (p *OverlapParty) Answer(query []byte, max int) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.items == nil {
		return nil, ErrZeroed
	}
	q, err := parse(KindOverlapQuery, query, max)
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
	a := &message{kind: KindOverlapAnswer, id: q.id, elements: evaluated, tags: p.ownTags()}
	if err := p.prove(q, query, a); err != nil {
		return nil, err
	}
	return a.marshal(), nil
}

// prove fills in the answer's proofs, one per batch.
func (p *OverlapParty) prove(q *message, query []byte, a *message) error {
	t := transcript(p.publicKey, query, a)
	a.proofs = make([]byte, proofBatches(len(a.elements))*proofSize)
	return inBatches(len(a.elements), proofBatch, func(lo, hi int) error {
		points, err := q.decode(lo, hi)
		if err != nil {
			return err
		}
		batch := lo / proofBatch
		context := batchContext(t, batch)
		s := statement{p.publicKey, q.elements[lo:hi], a.elements[lo:hi], context}
		nonce := proofNonce(p.nonceKey, context)
		defer wipe(nonce)
		proof := s.prove(p.key, nonce, points)
		copy(a.proofs[batch*proofSize:], proof[:])
		return nil
	})
}

// Overlap reads the answer to our query and returns the indexes, ascending, of
// our items that the counterpart holds. theirPublicKey is the 32 bytes that
// the counterpart gave with the terms; an answer made with any other key, for
// even one item, is refused with ErrProof.
func (p *OverlapParty) Overlap(answer, theirPublicKey []byte) ([]int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.items == nil {
		return nil, ErrZeroed
	}
	publicKey, err := p.readPublicKey(theirPublicKey)
	if err != nil {
		return nil, err
	}
	a, err := parse(KindOverlapAnswer, answer, MaxItems)
	if err != nil {
		return nil, err
	}
	if err := a.checkAnswer(p.id, len(p.items)); err != nil {
		return nil, err
	}
	if err := a.checkElements(); err != nil {
		return nil, err
	}
	p.makeQuery()
	held := make([]bool, len(p.items))
	t := transcript(element(theirPublicKey), p.raw, a)
	err = inBatches(len(p.items), proofBatch, func(lo, hi int) error {
		return p.readBatch(publicKey, a, batchContext(t, lo/proofBatch), lo, hi, held)
	})
	if err != nil {
		return nil, err
	}
	overlap := []int{}
	for i, yes := range held {
		if yes {
			overlap = append(overlap, i)
		}
	}
	return overlap, nil
}

// readPublicKey refuses keys that are no element, and our own: a counterpart
// that shows our key has none.
func (p *OverlapParty) readPublicKey(b []byte) (*ristretto.Point, error) {
	if len(b) != elementSize {
		return nil, fmt.Errorf("%w: the counterpart's public key has %d bytes, not %d", ErrMessage, len(b), elementSize)
	}
	if element(b) == p.publicKey {
		return nil, fmt.Errorf("%w: the counterpart's public key is our own", ErrMessage)
	}
	key, err := element(b).decode()
	if err != nil {
		return nil, fmt.Errorf("%w: the counterpart's public key %w", ErrMessage, err)
	}
	return key, nil
}

// readBatch verifies the proof over the elements lo to hi, unblinds them and
// marks the items whose tags the answer has.
func (p *OverlapParty) readBatch(publicKey *ristretto.Point, a *message, context []byte, lo, hi int, held []bool) error {
	blinded, err := p.query.decode(lo, hi)
	if err != nil {
		return err
	}
	evaluated, err := a.decode(lo, hi)
	if err != nil {
		return err
	}
	s := statement{encode(publicKey), p.query.elements[lo:hi], a.elements[lo:hi], context}
	batch := lo / proofBatch
	if !s.verify([proofSize]byte(a.proofs[batch*proofSize:]), publicKey, blinded, evaluated) {
		return fmt.Errorf("%w: overlap answer: the proof over elements %d to %d does not hold under the committed key: abort the run", ErrProof, lo, hi-1)
	}
	for i, e := range evaluated {
		item := p.order[lo+i]
		blind := blindFor(p.blindKey, p.items[item])
		value := finalize(p.items[item], unblind(e, publicKey, blind))
		wipe(blind)
		held[item] = hasTag(a.tags, tag(value[:tagSize]))
	}
	return nil
}
