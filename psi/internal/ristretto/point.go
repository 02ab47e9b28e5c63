package ristretto

import (
	"bytes"
	"errors"

	"filippo.io/edwards25519"
	"filippo.io/edwards25519/field"
)

// Size is the length in bytes of an encoded element.
const Size = 32

type (
	// Point is a representative of an element. Two Points of one element may
	// differ; their encodings do not.
	Point = edwards25519.Point
	// Scalar is an integer modulo the group's order.
	Scalar = edwards25519.Scalar
)

var (
	// ErrNotCanonical refuses bytes that encode no element.
	ErrNotCanonical = errors.New("is not a canonical ristretto255 encoding")
	// ErrIdentity refuses the group's neutral element.
	ErrIdentity = errors.New("is the identity")
)

// The constants of RFC 9496 section 4.1, from their definitions.
var (
	one         = new(field.Element).One()
	minusOne    = new(field.Element).Negate(one)
	d           = quotient(new(field.Element).Negate(small(121665)), small(121666))
	sqrtM1      = root(minusOne)
	oneMinusDSq = new(field.Element).Subtract(one, new(field.Element).Square(d))
	dMinusOneSq = new(field.Element).Square(new(field.Element).Subtract(d, one))
	// sqrt(a·d - 1); the RFC takes the negative root.
	sqrtADMinusOne   = new(field.Element).Negate(root(new(field.Element).Subtract(new(field.Element).Negate(d), one)))
	invSqrtAMinusD   = inverseRoot(new(field.Element).Subtract(minusOne, d))
	identityEncoding [Size]byte
)

func small(n uint32) *field.Element { return new(field.Element).Mult32(one, n) }

func quotient(a, b *field.Element) *field.Element {
	return new(field.Element).Multiply(a, new(field.Element).Invert(b))
}

func root(a *field.Element) *field.Element {
	r, _ := new(field.Element).SqrtRatio(a, one)
	return r
}

func inverseRoot(a *field.Element) *field.Element {
	r, _ := new(field.Element).SqrtRatio(one, a)
	return r
}

// Decode reads an element, RFC 9496 section 4.3.1, and refuses the identity.
func Decode(in []byte) (*Point, error) {
	if bytes.Equal(in, identityEncoding[:]) {
		return nil, ErrIdentity
	}
	var s, ss, u1, u2, u2Sq, v, x, y, t field.Element
	if _, err := s.SetBytes(in); err != nil || !bytes.Equal(s.Bytes(), in) || s.IsNegative() == 1 {
		return nil, ErrNotCanonical
	}
	ss.Square(&s)
	u1.Subtract(one, &ss)
	u2.Add(one, &ss)
	u2Sq.Square(&u2)
	v.Square(&u1)
	v.Multiply(&v, d).Negate(&v)
	v.Subtract(&v, &u2Sq)
	var w, inv, denX, denY field.Element
	_, square := inv.SqrtRatio(one, w.Multiply(&v, &u2Sq))
	denX.Multiply(&inv, &u2)
	denY.Multiply(&inv, &denX).Multiply(&denY, &v)
	x.Add(&s, &s).Multiply(&x, &denX).Absolute(&x)
	y.Multiply(&u1, &denY)
	t.Multiply(&x, &y)
	if square == 0 || t.IsNegative() == 1 || y.Equal(new(field.Element)) == 1 {
		return nil, ErrNotCanonical
	}
	p, err := new(Point).SetExtendedCoordinates(&x, &y, one, &t)
	if err != nil {
		return nil, ErrNotCanonical
	}
	return p, nil
}

// Encode writes an element in its only form, RFC 9496 section 4.3.2.
func Encode(p *Point) [Size]byte {
	x0, y0, z0, t0 := p.ExtendedCoordinates()
	var u1, u2, v, inv, den1, den2, zInv field.Element
	u1.Add(z0, y0)
	u1.Multiply(&u1, v.Subtract(z0, y0))
	u2.Multiply(x0, y0)
	inv.SqrtRatio(one, v.Square(&u2).Multiply(&v, &u1))
	den1.Multiply(&inv, &u1)
	den2.Multiply(&inv, &u2)
	zInv.Multiply(&den1, &den2).Multiply(&zInv, t0)

	var ix, iy, enchanted, x, y, denInv, s field.Element
	ix.Multiply(x0, sqrtM1)
	iy.Multiply(y0, sqrtM1)
	enchanted.Multiply(&den1, invSqrtAMinusD)
	rotate := v.Multiply(t0, &zInv).IsNegative()
	x.Select(&iy, x0, rotate)
	y.Select(&ix, y0, rotate)
	denInv.Select(&enchanted, &den2, rotate)
	y.Select(new(field.Element).Negate(&y), &y, v.Multiply(&x, &zInv).IsNegative())
	s.Subtract(z0, &y).Multiply(&s, &denInv).Absolute(&s)
	return [Size]byte(s.Bytes())
}

// Identity returns the group's neutral element.
func Identity() *Point { return edwards25519.NewIdentityPoint() }
