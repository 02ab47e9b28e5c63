package psi

import (
	"bytes"
	"errors"
	"slices"

	"parley/psi/internal/ristretto"
)

// elementSize is the length in bytes of an encoded group element.
const elementSize = ristretto.Size

// element is the encoding of a group element, RFC 9496 section 4.3.2.
type element [elementSize]byte

// encode writes p in its only canonical form.
func encode(p *ristretto.Point) element { return element(ristretto.Encode(p)) }

// decode reads an element sent by a counterpart. It refuses encodings that are
// not canonical (RFC 9496 section 4.3.1) and the identity.
func (e element) decode() (*ristretto.Point, error) { return ristretto.Decode(e[:]) }

// elementError says which element of a list is none, and why.
type elementError struct {
	index int
	why   error
}

func (e *elementError) Error() string { return e.why.Error() }
func (e *elementError) Unwrap() error { return e.why }

// multiplyAll returns the encodings of k·e for every element e, in constant
// time for each, on all cores; the error is that of the first bad one.
func multiplyAll(elements []element, k *ristretto.Scalar) ([]element, error) {
	p, err := decodeAll(elements)
	if err != nil {
		return nil, err
	}
	return p.multiply(k), nil
}

// sortElements puts elements into ascending order of their encodings. The
// order depends on nothing but the set, so it says nothing about where an
// element came from.
func sortElements(s []element) {
	slices.SortFunc(s, func(a, b element) int { return bytes.Compare(a[:], b[:]) })
}

// indexOf returns the index that an error of decodeAll names.
func indexOf(err error) int {
	if e, ok := errors.AsType[*elementError](err); ok {
		return e.index
	}
	return 0
}
