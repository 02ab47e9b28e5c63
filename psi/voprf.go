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
// here because it keeps keys where they cannot be wiped, multiplies more
// slowly and works on one core.

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

// overlapKey derives the key of a run's overlap.
func (s *Seed) overlapKey() (*ristretto.Scalar, error) { return s.voprfKey(labelOverlapKey) }

// PublicKey returns the 32-byte public key of the overlap that follows from a
// seed, before there is a set: what a party gives with the terms. It equals that
// of every Overlap with this seed.
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

// groupTag is the tag of HashToGroup, RFC 9497 section 4.1.
const groupTag = "HashToGroup-" + voprfContext

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
	out := make([][sha512.Size]byte, len(items))
	for i, e := range multiplyHashed(items, groupTag, key) {
		out[i] = finalize(items[i], e)
	}
	return out
}

// blindsOf derives the blinds of items from the run's blind key: uniform and
// independent for every item, and the same whatever the items' order.
func blindsOf(items [][]byte, blindKey []byte) []*ristretto.Scalar {
	mac := hmac.New(sha512.New, blindKey)
	blinds := make([]*ristretto.Scalar, len(items))
	var wide [sha512.Size]byte
	defer clear(wide[:])
	for i := range blinds {
		mac.Reset()
		mac.Write(items[i])
		blinds[i] = ristretto.HashToScalar(mac.Sum(wide[:0]), []byte(labelOverlapBlind))
	}
	return blinds
}

// blindItems makes the elements that ask about items: H(x) + r·G. RFC 9497 sends
// r·H(x). Both are uniform whatever x is, and both come back as k times what
// was sent, which the proof shows; so nobody can tell them apart, and the sum
// costs a third: G's multiples are in a table.
func blindItems(items [][]byte, blindKey []byte) []element {
	return withBlinds(items, blindKey, func(lo, hi int, blinds []*ristretto.Scalar) [][elementSize]byte {
		return ristretto.HashAll(items[lo:hi], []byte(groupTag)).AddMultiples(blinds, ristretto.BaseTable()).Encode()
	})
}

// unblindItems returns the PRF's outputs of items whose blinded elements were
// evaluated: k·H(x) is k·(H(x) + r·G) less r·(k·G), with a table of the public
// key k·G.
func unblindItems(items [][]byte, blindKey []byte, evaluated *points, publicKey *ristretto.Table) [][sha512.Size]byte {
	elements := withBlinds(items, blindKey, func(lo, _ int, blinds []*ristretto.Scalar) [][elementSize]byte {
		for _, r := range blinds {
			r.Negate(r)
		}
		return evaluated.batches[lo/pointBatch].AddMultiples(blinds, publicKey).Encode()
	})
	out := make([][sha512.Size]byte, len(items))
	for i, e := range elements {
		out[i] = finalize(items[i], e)
	}
	return out
}

// withBlinds works on batches of items and their blinds, on all cores.
func withBlinds(items [][]byte, blindKey []byte, work func(lo, hi int, blinds []*ristretto.Scalar) [][elementSize]byte) []element {
	out := make([]element, len(items))
	_ = inBatches(len(items), pointBatch, func(lo, hi int) error { // the work cannot fail
		blinds := blindsOf(items[lo:hi], blindKey)
		defer wipe(blinds...)
		put(out[lo:], work(lo, hi, blinds))
		return nil
	})
	return out
}
