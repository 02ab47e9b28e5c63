package psi

import (
	"bytes"
	"context"
	"crypto/sha512"
	"fmt"
	"sync"

	"parley/psi/internal/ristretto"
)

// MaxListItems is the largest standing list.
const MaxListItems = 1 << 24

// valueSize is the length in bytes of a value. A thousand items checked against
// a million values make 2^30 pairs, so some pair of different items has equal
// values with probability below 2^-50.
const valueSize = 10

// Value stands for an item of a standing list: the head of its PRF value.
// Without the list's key it cannot be computed.
type Value [valueSize]byte

func compareValues(a, b Value) int { return bytes.Compare(a[:], b[:]) }

// ListKey is what the holder of a standing list keeps: it turns items into
// values, and answers those who check items against the list.
//
// A checker learns which of the items it asks about are listed, and every item
// it asks about is a guess at the list: bound how many you answer. A ListKey
// is safe for concurrent use.
type ListKey struct {
	mu        sync.RWMutex
	key       *ristretto.Scalar // nil once wiped
	publicKey element
	nonceKey  []byte
}

// NewListKey derives a list's key. The seed is kept as long as the list and
// serves nothing else.
func NewListKey(seed Seed) (*ListKey, error) {
	defer seed.Zero()
	key, err := seed.voprfKey(labelListKey)
	if err != nil {
		return nil, err
	}
	nonceKey, err := seed.bytes(labelListNonce, 64)
	if err != nil {
		return nil, err
	}
	return &ListKey{key: key, publicKey: encode(new(ristretto.Point).ScalarBaseMult(key)), nonceKey: nonceKey}, nil
}

// PublicKey returns the 32 bytes that checkers verify answers with.
func (k *ListKey) PublicKey() []byte { return bytes.Clone(k.publicKey[:]) }

// Zero wipes the key. Its methods refuse to work from then on.
func (k *ListKey) Zero() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.key != nil {
		wipe(k.key)
	}
	k.key = nil
	clear(k.nonceKey)
}

// evaluateBatch is how many items Evaluate works on between two looks at its
// context.
const evaluateBatch = 1024

// Evaluate returns the values of items, on all cores. A value depends on its
// item alone: keep it with the item, evaluate a list in batches of any size,
// and later only what is new.
func (k *ListKey) Evaluate(ctx context.Context, items [][]byte) ([]Value, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.key == nil {
		return nil, ErrZeroed
	}
	for i, item := range items {
		if len(item) == 0 || len(item) > MaxItemBytes {
			return nil, fmt.Errorf("%w: item %d has %d bytes, not 1 to %d", ErrItems, i, len(item), MaxItemBytes)
		}
	}
	out := make([]Value, 0, len(items))
	for lo := 0; lo < len(items); lo += evaluateBatch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, value := range evaluateItems(items[lo:min(lo+evaluateBatch, len(items))], k.key) {
			out = append(out, Value(value[:valueSize]))
		}
	}
	return out, nil
}

// Answer evaluates a check of at most max items, with a proof that it was done
// with the list's key. The answer to a query is the same on every call.
func (k *ListKey) Answer(query []byte, max int) ([]byte, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.key == nil {
		return nil, ErrZeroed
	}
	elements, id, err := parseCheck(query, max)
	if err != nil {
		return nil, err
	}
	points, err := decodeAll(elements)
	if err != nil {
		return nil, fmt.Errorf("%w: check: element %d %w", ErrMessage, indexOf(err), err)
	}
	evaluated := points.multiply(k.key)
	s := statement{k.publicKey, elements, evaluated, checkContext(k.publicKey, query, evaluated)}
	nonce := proofNonce(k.nonceKey, s.context)
	defer wipe(nonce)
	proof := s.prove(k.key, nonce, points)
	out := appendElements(checkEnvelope(kindCheckAnswer, len(elements), id).marshal(), evaluated)
	return append(out, proof[:]...), nil
}

// checkContext binds an answer's proof to the whole query and the whole answer.
func checkContext(publicKey element, query []byte, evaluated []element) []byte {
	h := sha512.New()
	h.Write([]byte("parley psi v2 list answer"))
	h.Write(publicKey[:])
	d := sha512.Sum512(query)
	h.Write(d[:])
	for i := range evaluated {
		h.Write(evaluated[i][:])
	}
	return h.Sum([]byte(voprfContext + "-"))
}
