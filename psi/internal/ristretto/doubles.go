package ristretto

import (
	"slices"

	"filippo.io/edwards25519/field"
)

// half is what remains of a point P on the way to the encoding of 2P. With the
// terms of the doubling, e = 2XY, f = Z²+dT², g = Y²+X², h = Z²-dT², the point
// 2P is (e·f : g·h : f·h : e·g) up to torsion, and the square root of its
// encoding is known: only the inverse of efgh is needed.
type half struct {
	e, f, g, h, eg, fh, efgh field.Element
}

func halve(p *Point) half {
	x, y, z, t := p.ExtendedCoordinates()
	var s half
	var xx, yy, zz, dtt field.Element
	xx.Square(x)
	yy.Square(y)
	zz.Square(z)
	dtt.Square(t).Multiply(&dtt, d)
	s.e.Add(y, y).Multiply(&s.e, x)
	s.f.Add(&zz, &dtt)
	s.g.Add(&yy, &xx)
	s.h.Subtract(&zz, &dtt)
	s.eg.Multiply(&s.e, &s.g)
	s.fh.Multiply(&s.f, &s.h)
	s.efgh.Multiply(&s.eg, &s.fh)
	return s
}

// EncodeDoubles writes the encodings of 2P for every P, with one inversion for
// all. To encode k·P, multiply P by k/2 ([Half]).
func EncodeDoubles(points []*Point) [][Size]byte {
	states := make([]half, len(points))
	before := make([]field.Element, len(points)) // product of all efgh before i
	product := new(field.Element).One()
	for i, p := range points {
		states[i] = halve(p)
		states[i].efgh.Select(one, &states[i].efgh, states[i].efgh.Equal(new(field.Element)))
		before[i].Set(product)
		product.Multiply(product, &states[i].efgh)
	}
	out := make([][Size]byte, len(points))
	inverse := new(field.Element).Invert(product)
	for i, s := range slices.Backward(states) {
		var own field.Element
		own.Multiply(inverse, &before[i])
		inverse.Multiply(inverse, &s.efgh)
		out[i] = s.encode(&own)
	}
	return out
}

// encode finishes an encoding given 1/efgh. The identity, whose efgh is zero,
// comes out right whatever the inverse is: its g·h·(g or e) is zero too.
func (s *half) encode(inverse *field.Element) [Size]byte {
	var zInv, tInv, v, minusE, fRoot, magic field.Element
	zInv.Multiply(&s.eg, inverse)
	tInv.Multiply(&s.fh, inverse)
	rotate := v.Multiply(&s.eg, &zInv).IsNegative()
	minusE.Negate(&s.e)
	fRoot.Multiply(&s.f, sqrtM1)
	var e, g, h field.Element
	e.Select(&s.g, &s.e, rotate)
	g.Select(&minusE, &s.g, rotate)
	h.Select(&fRoot, &s.h, rotate)
	magic.Select(sqrtM1, invSqrtAMinusD, rotate)
	g.Select(new(field.Element).Negate(&g), &g, v.Multiply(&h, &e).Multiply(&v, &zInv).IsNegative())
	var out field.Element
	out.Subtract(&h, &g).Multiply(&out, &magic)
	out.Multiply(&out, v.Multiply(&g, &tInv)).Absolute(&out)
	return [Size]byte(out.Bytes())
}

// Half returns k/2 modulo the order.
func Half(k *Scalar) *Scalar { return new(Scalar).Multiply(k, oneHalf) }

var oneHalf = new(Scalar).Invert(scalarOf(2))

func scalarOf(n byte) *Scalar {
	s, err := new(Scalar).SetCanonicalBytes(append([]byte{n}, make([]byte, 31)...))
	if err != nil {
		panic("ristretto: a small number is no scalar")
	}
	return s
}
