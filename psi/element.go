package psi

import (
	"bytes"
	"errors"
	"slices"

	"github.com/cloudflare/circl/group"
)

// curve is the group of both protocols: ristretto255, of prime order, so that
// the identity is its only element of low order.
var curve = group.Ristretto255

// elementSize is the length in bytes of an encoded group element.
const elementSize = 32

// element is the encoding of a group element, RFC 9496 section 4.3.2.
type element [elementSize]byte

var (
	errNotCanonical = errors.New("is not a canonical ristretto255 encoding")
	errIdentity     = errors.New("is the identity")
)

// encode writes p in its only canonical form.
func encode(p group.Element) element {
	b, err := p.MarshalBinaryCompress()
	if err != nil || len(b) != elementSize {
		return element{} // the identity, which every reader refuses
	}
	return element(b)
}

// decode reads an element sent by a counterpart. It refuses encodings that are
// not canonical (RFC 9496 section 4.3.1) and the identity.
func (e element) decode() (group.Element, error) {
	if e == (element{}) {
		return nil, errIdentity
	}
	p := curve.NewElement()
	if err := p.UnmarshalBinary(e[:]); err != nil {
		return nil, errNotCanonical
	}
	return p, nil
}

// multiply returns k·e in constant time, or why e is no element.
func (e element) multiply(k group.Scalar) (element, error) {
	p, err := e.decode()
	if err != nil {
		return element{}, err
	}
	return encode(p.Mul(p, k)), nil
}

// sortElements puts elements into ascending order of their encodings. The
// order depends on nothing but the set, so it says nothing about where an
// element came from.
func sortElements(s []element) {
	slices.SortFunc(s, func(a, b element) int { return bytes.Compare(a[:], b[:]) })
}
