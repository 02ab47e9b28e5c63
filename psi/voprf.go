package psi

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/binary"
	"fmt"

	"github.com/cloudflare/circl/group"
)

// The ristretto255-SHA512 suite of RFC 9497 in its verifiable mode, section
// 3.3.2, on circl's group. circl's own oprf package is the yardstick in the
// tests; it is not used here because it keeps keys where they cannot be wiped,
// inverts every blind alone (half the cost of a multiplication) and works on
// one core.

// voprfContext is the suite's context string, RFC 9497 sections 3.1 and 4.1.
const voprfContext = "OPRFV1-\x01-ristretto255-SHA512"

// deriveVOPRFKey is DeriveKeyPair of RFC 9497 section 3.2.1.
func deriveVOPRFKey(seed, info []byte) (group.Scalar, error) {
	input := append([]byte{}, seed...)
	input = binary.BigEndian.AppendUint16(input, uint16(len(info)))
	input = append(input, info...)
	input = append(input, 0)
	defer clear(input)
	for counter := range 256 {
		input[len(input)-1] = byte(counter)
		k := curve.HashToScalar(input, []byte("DeriveKeyPair"+voprfContext))
		if !k.IsZero() {
			return k, nil
		}
	}
	return nil, fmt.Errorf("psi: no key follows from this seed: make another")
}

// hashToGroup is HashToGroup of RFC 9497 section 4.1.
func hashToGroup(item []byte) group.Element {
	return curve.HashToElement(item, []byte("HashToGroup-"+voprfContext))
}

// blindItem is the group element that Blind sends for an item.
func blindItem(item []byte, blind group.Scalar) element {
	p := hashToGroup(item)
	return encode(p.Mul(p, blind))
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

// evaluateItem is the PRF of an item under a key of our own.
func evaluateItem(item []byte, key group.Scalar) [sha512.Size]byte {
	return finalize(item, blindItem(item, key))
}

// blindFor derives the blind of an item from the run's blind key: uniform and
// independent for every item, and the same whatever the items' order.
func blindFor(blindKey, item []byte) group.Scalar {
	mac := hmac.New(sha512.New, blindKey)
	mac.Write(item)
	wide := mac.Sum(nil)
	defer clear(wide)
	return curve.HashToScalar(wide, []byte(labelOverlapBlind))
}

// invert replaces every scalar by its inverse, with one inversion and three
// multiplications each (Montgomery's trick). None may be zero.
func invert(scalars []group.Scalar) {
	before := make([]group.Scalar, len(scalars)) // product of all before i
	product := curve.NewScalar().SetUint64(1)
	for i, s := range scalars {
		before[i] = product.Copy()
		product.Mul(product, s)
	}
	inverse := curve.NewScalar().Inv(product)
	for i := len(scalars) - 1; i >= 0; i-- {
		s := scalars[i].Copy()
		scalars[i].Mul(inverse, before[i])
		inverse.Mul(inverse, s)
		wipe(s, before[i])
	}
	wipe(product, inverse)
}
