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

// decodeAll decodes elements on all cores; the error is that of the first bad one.
func decodeAll(elements []element) ([]*ristretto.Point, error) {
	points := make([]*ristretto.Point, len(elements))
	return points, forEach(len(elements), func(i int) (err error) {
		if points[i], err = elements[i].decode(); err != nil {
			return &elementError{i, err}
		}
		return nil
	})
}

// multiplyAll returns the encodings of k·e for every element e, in constant
// time for each, on all cores; the error is that of the first bad one.
func multiplyAll(elements []element, k *ristretto.Scalar) ([]element, error) {
	return multiplyEach(len(elements), k, func(i int) (*ristretto.Point, error) {
		p, err := elements[i].decode()
		if err != nil {
			return nil, &elementError{i, err}
		}
		return p, nil
	})
}

// multiplyPoints returns the encodings of k·p for every p.
func multiplyPoints(points []*ristretto.Point, k *ristretto.Scalar) []element {
	out, _ := multiplyEach(len(points), k, func(i int) (*ristretto.Point, error) { // the work cannot fail
		return points[i], nil
	})
	return out
}

// multiplyEach returns the encodings of k·p for n points p: half of k is
// multiplied, and doubling and encoding share their inversions.
func multiplyEach(n int, k *ristretto.Scalar, point func(i int) (*ristretto.Point, error)) ([]element, error) {
	half := ristretto.Half(k)
	defer wipe(half)
	out := make([]element, n)
	err := inBatches(n, encodeBatch, func(lo, hi int) error {
		halves := make([]*ristretto.Point, hi-lo)
		for i := range halves {
			p, err := point(lo + i)
			if err != nil {
				return err
			}
			halves[i] = new(ristretto.Point).ScalarMult(half, p)
		}
		for i, e := range ristretto.EncodeDoubles(halves) {
			out[lo+i] = e
		}
		return nil
	})
	return out, err
}

// encodeBatch is how many elements share one inversion: the inversion costs as
// much as eight products, so 32 leave little of it.
const encodeBatch = 32

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
