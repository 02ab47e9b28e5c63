package psi

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/binary"
	"fmt"

	"parley/psi/internal/ristretto"
)

// The ristretto255-SHA512 suite of RFC 9497 in its verifiable mode, section
// 3.3.2. circl's oprf package is the yardstick in the tests; it is not used
// here because it keeps keys where they cannot be wiped, multiplies at half the
// speed and works on one core.

// voprfContext is the suite's context string, RFC 9497 sections 3.1 and 4.1.
const voprfContext = "OPRFV1-\x01-ristretto255-SHA512"

// deriveVOPRFKey is DeriveKeyPair of RFC 9497 section 3.2.1.
func deriveVOPRFKey(seed, info []byte) (*ristretto.Scalar, error) {
	input := append([]byte{}, seed...)
	input = binary.BigEndian.AppendUint16(input, uint16(len(info)))
	input = append(input, info...)
	input = append(input, 0)
	defer clear(input)
	for counter := range 256 {
		input[len(input)-1] = byte(counter)
		k := ristretto.HashToScalar(input, []byte("DeriveKeyPair"+voprfContext))
		if !isZero(k) {
			return k, nil
		}
	}
	return nil, fmt.Errorf("psi: no key follows from this seed: make another")
}

// voprfKey derives a key for the label, which is RFC 9497's info too.
func (s *Seed) voprfKey(label string) (*ristretto.Scalar, error) {
	keySeed, err := s.bytes(label, 32)
	if err != nil {
		return nil, err
	}
	defer clear(keySeed)
	return deriveVOPRFKey(keySeed, []byte(label))
}

// hashToGroup is HashToGroup of RFC 9497 section 4.1.
func hashToGroup(item []byte) *ristretto.Point {
	return ristretto.HashToGroup(item, []byte("HashToGroup-"+voprfContext))
}

// finalize is the hash of Finalize, RFC 9497 section 3.3.1: the PRF's output.
func finalize(item []byte, evaluated element) [sha512.Size]byte {
	in := make([]byte, 0, 2+len(item)+2+elementSize+8)
	in = binary.BigEndian.AppendUint16(in, uint16(len(item)))
	in = append(in, item...)
	in = binary.BigEndian.AppendUint16(in, elementSize)
	in = append(in, evaluated[:]...)
	return sha512.Sum512(append(in, "Finalize"...))
}

// evaluateItems is the PRF of items under a key of our own, on all cores.
func evaluateItems(items [][]byte, key *ristretto.Scalar) [][sha512.Size]byte {
	elements, _ := multiplyEach(len(items), key, func(i int) (*ristretto.Point, error) { // the work cannot fail
		return hashToGroup(items[i]), nil
	})
	out := make([][sha512.Size]byte, len(items))
	for i, e := range elements {
		out[i] = finalize(items[i], e)
	}
	return out
}

// blindFor derives the blind of an item from the run's blind key: uniform and
// independent for every item, and the same whatever the items' order.
func blindFor(blindKey, item []byte) *ristretto.Scalar {
	mac := hmac.New(sha512.New, blindKey)
	mac.Write(item)
	wide := mac.Sum(nil)
	defer clear(wide)
	return ristretto.HashToScalar(wide, []byte(labelOverlapBlind))
}

// blindItem is the element that asks about an item: H(x) + r·G. RFC 9497 sends
// r·H(x). Both are uniform whatever x is, and both come back as k times what
// was sent, which the proof shows; so nobody can tell them apart, and the sum
// costs a third: G's multiples are in a table.
func blindItem(item []byte, blind *ristretto.Scalar) element {
	p := new(ristretto.Point).ScalarBaseMult(blind)
	return encode(p.Add(p, hashToGroup(item)))
}

// unblind returns k·H(x) from k·(H(x) + r·G) by taking off r·(k·G).
func unblind(evaluated, publicKey *ristretto.Point, blind *ristretto.Scalar) element {
	p := new(ristretto.Point).ScalarMult(blind, publicKey)
	return encode(p.Subtract(evaluated, p))
}
