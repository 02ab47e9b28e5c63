package ristretto

import (
	"slices"

	"parley/psi/internal/lanes"
)

// The functions of RFC 9496 on four elements at a time. Each is step by step
// the one on a single element, beside which the tests hold it.

var four = struct{ one, minusOne, d, sqrtM1, oneMinusDSq, dMinusOneSq, sqrtADMinusOne, invSqrtAMinusD *lanes.Element }{
	lanes.Spread(one), lanes.Spread(minusOne), lanes.Spread(d), lanes.Spread(sqrtM1), lanes.Spread(oneMinusDSq),
	lanes.Spread(dMinusOneSq), lanes.Spread(sqrtADMinusOne), lanes.Spread(invSqrtAMinusD),
}

// uniformFour is FromUniform.
func uniformFour(p *lanes.Point, wide *[lanes.Width][64]byte) {
	var first, second lanes.Element
	for lane := range wide {
		first.PutBytes(lane, wide[lane][:32])
		second.PutBytes(lane, wide[lane][32:])
	}
	var q lanes.Point
	mapFour(p, &first)
	mapFour(&q, &second)
	p.Add(p, &q)
}

// mapFour is mapToPoint.
func mapFour(p *lanes.Point, t *lanes.Element) {
	var r, u, v, s, sPrime, c, n, w lanes.Element
	r.Square(t).Multiply(&r, four.sqrtM1)
	u.Add(&r, four.one).Multiply(&u, four.oneMinusDSq)
	v.Multiply(&r, four.d)
	v.Subtract(four.minusOne, &v).Multiply(&v, w.Add(&r, four.d))
	square := s.SqrtRatio(&u, &v)
	sPrime.Multiply(&s, t).Absolute(&sPrime).Negate(&sPrime)
	s.Choose(&s, &sPrime, &square)
	c.Choose(four.minusOne, &r, &square)
	n.Subtract(&r, four.one).Multiply(&n, &c)
	n.Multiply(&n, four.dMinusOneSq).Subtract(&n, &v)

	var w0, w1, w2, w3 lanes.Element
	w0.Add(&s, &s).Multiply(&w0, &v)
	w1.Multiply(&n, four.sqrtADMinusOne)
	w.Square(&s)
	w2.Subtract(four.one, &w)
	w3.Add(four.one, &w)
	p.X.Multiply(&w0, &w3)
	p.Y.Multiply(&w2, &w1)
	p.Z.Multiply(&w1, &w3)
	p.T.Multiply(&w0, &w2)
}

// decodeFour is Decode of at most four, and tells which are canonical. It does
// not refuse the identity.
func decodeFour(p *lanes.Point, in [][Size]byte) (good lanes.Mask) {
	var s, ss, u1, u2, u2Sq, v, w, inv, denX, denY lanes.Element
	for lane := range in {
		s.PutBytes(lane, in[lane][:])
	}
	ss.Square(&s)
	u1.Subtract(four.one, &ss)
	u2.Add(four.one, &ss)
	u2Sq.Square(&u2)
	v.Square(&u1)
	v.Multiply(&v, four.d).Negate(&v)
	v.Subtract(&v, &u2Sq)
	square := inv.SqrtRatio(four.one, w.Multiply(&v, &u2Sq))
	denX.Multiply(&inv, &u2)
	denY.Multiply(&inv, &denX).Multiply(&denY, &v)
	p.X.Add(&s, &s).Multiply(&p.X, &denX).Absolute(&p.X)
	p.Y.Multiply(&u1, &denY)
	p.Z = *four.one
	p.T.Multiply(&p.X, &p.Y)
	negative, bad := s.Negative().Or(p.T.Negative()), p.Y.Zero()
	for lane := range in {
		if s.Bytes(lane) == in[lane] {
			good[lane] = square[lane] &^ negative[lane] &^ bad[lane]
		}
	}
	return good
}

// encodeFour is Encode.
func encodeFour(p *lanes.Point) (out [lanes.Width][Size]byte) {
	var u1, u2, v, inv, den1, den2, zInv lanes.Element
	u1.Add(&p.Z, &p.Y)
	u1.Multiply(&u1, v.Subtract(&p.Z, &p.Y))
	u2.Multiply(&p.X, &p.Y)
	inv.SqrtRatio(four.one, v.Square(&u2).Multiply(&v, &u1))
	den1.Multiply(&inv, &u1)
	den2.Multiply(&inv, &u2)
	zInv.Multiply(&den1, &den2).Multiply(&zInv, &p.T)

	var ix, iy, enchanted, x, y, denInv, s lanes.Element
	ix.Multiply(&p.X, four.sqrtM1)
	iy.Multiply(&p.Y, four.sqrtM1)
	enchanted.Multiply(&den1, four.invSqrtAMinusD)
	rotate := v.Multiply(&p.T, &zInv).Negative()
	x.Choose(&iy, &p.X, &rotate)
	y.Choose(&ix, &p.Y, &rotate)
	denInv.Choose(&enchanted, &den2, &rotate)
	negative := v.Multiply(&x, &zInv).Negative()
	y.Choose(v.Negate(&y), &y, &negative)
	s.Subtract(&p.Z, &y).Multiply(&s, &denInv).Absolute(&s)
	for lane := range out {
		out[lane] = s.Bytes(lane)
	}
	return out
}

// halfFour is half for four points.
type halfFour struct {
	e, f, g, h, eg, fh, efgh lanes.Element
}

func (s *halfFour) halve(p *lanes.Point) {
	var xx, yy, zz, dtt lanes.Element
	xx.Square(&p.X)
	yy.Square(&p.Y)
	zz.Square(&p.Z)
	dtt.Square(&p.T).Multiply(&dtt, four.d)
	s.e.Add(&p.Y, &p.Y).Multiply(&s.e, &p.X)
	s.f.Add(&zz, &dtt)
	s.g.Add(&yy, &xx)
	s.h.Subtract(&zz, &dtt)
	s.eg.Multiply(&s.e, &s.g)
	s.fh.Multiply(&s.f, &s.h)
	s.efgh.Multiply(&s.eg, &s.fh)
}

// encodeFourDoubles is EncodeDoubles. The lanes have a product each, and one
// inversion inverts the four.
func encodeFourDoubles(points []lanes.Point) [][Size]byte {
	states := make([]halfFour, len(points))
	before := make([]lanes.Element, len(points))
	product := *four.one
	for i := range points {
		s := &states[i]
		s.halve(&points[i])
		zero := s.efgh.Zero()
		s.efgh.Choose(four.one, &s.efgh, &zero)
		before[i] = product
		product.Multiply(&product, &s.efgh)
	}
	out := make([][Size]byte, lanes.Width*len(points))
	var inverse, own lanes.Element
	inverse.Invert(&product)
	for i := range slices.Backward(states) {
		own.Multiply(&inverse, &before[i])
		inverse.Multiply(&inverse, &states[i].efgh)
		states[i].encode(out[lanes.Width*i:], &own)
	}
	return out
}

// encode is half's.
func (s *halfFour) encode(out [][Size]byte, inverse *lanes.Element) {
	var zInv, tInv, v, minusE, fRoot, magic, e, g, h lanes.Element
	zInv.Multiply(&s.eg, inverse)
	tInv.Multiply(&s.fh, inverse)
	rotate := v.Multiply(&s.eg, &zInv).Negative()
	minusE.Negate(&s.e)
	fRoot.Multiply(&s.f, four.sqrtM1)
	e.Choose(&s.g, &s.e, &rotate)
	g.Choose(&minusE, &s.g, &rotate)
	h.Choose(&fRoot, &s.h, &rotate)
	magic.Choose(four.sqrtM1, four.invSqrtAMinusD, &rotate)
	negative := v.Multiply(&h, &e).Multiply(&v, &zInv).Negative()
	g.Choose(v.Negate(&g), &g, &negative)
	v.Subtract(&h, &g).Multiply(&v, &magic)
	v.Multiply(&v, h.Multiply(&g, &tInv)).Absolute(&v)
	for lane := range lanes.Width {
		out[lane] = v.Bytes(lane)
	}
}
