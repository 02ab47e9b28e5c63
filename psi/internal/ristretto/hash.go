package ristretto

import (
	"crypto/sha512"

	"filippo.io/edwards25519"
	"filippo.io/edwards25519/field"
)

// expand is expand_message_xmd of RFC 9380 section 5.3.1 with SHA-512, for 64
// bytes: one block of output.
func expand(message, tag []byte) [64]byte {
	if len(tag) > 255 { // section 5.3.3
		long := sha512.Sum512(append([]byte("H2C-OVERSIZE-DST-"), tag...))
		tag = long[:]
	}
	var pad [sha512.BlockSize]byte
	in := make([]byte, 0, len(pad)+len(message)+3+len(tag)+1)
	in = append(in, pad[:]...)
	in = append(in, message...)
	in = append(in, 0, 64, 0)
	in = append(in, tag...)
	in = append(in, byte(len(tag)))
	first := sha512.Sum512(in)
	clear(in)
	in = append(append(in[:0], first[:]...), 1)
	in = append(in, tag...)
	in = append(in, byte(len(tag)))
	return sha512.Sum512(in)
}

// HashToScalar is HashToScalar of RFC 9497 section 4.1 with the given tag.
func HashToScalar(message, tag []byte) *Scalar {
	wide := expand(message, tag)
	defer clear(wide[:])
	s, err := edwards25519.NewScalar().SetUniformBytes(wide[:])
	if err != nil {
		panic("ristretto: 64 bytes are no wide scalar")
	}
	return s
}

// HashToGroup is HashToGroup of RFC 9497 section 4.1 with the given tag:
// ristretto255_XMD:SHA-512_R255MAP_RO_ of RFC 9380.
func HashToGroup(message, tag []byte) *Point {
	wide := expand(message, tag)
	return FromUniform(&wide)
}

// FromUniform is the one-way map of RFC 9496 section 4.3.4.
func FromUniform(wide *[64]byte) *Point {
	a, b := mapToPoint(wide[:32]), mapToPoint(wide[32:])
	return a.Add(a, b)
}

// mapToPoint is MAP of RFC 9496 section 4.3.4.
func mapToPoint(in []byte) *Point {
	var t, r, u, v, s, sPrime, c, n field.Element
	if _, err := t.SetBytes(in); err != nil {
		panic("ristretto: 32 bytes are no field element")
	}
	r.Square(&t).Multiply(&r, sqrtM1)
	u.Add(&r, one).Multiply(&u, oneMinusDSq)
	var w field.Element
	v.Multiply(&r, d)
	v.Subtract(minusOne, &v).Multiply(&v, w.Add(&r, d))
	_, square := s.SqrtRatio(&u, &v)
	sPrime.Multiply(&s, &t).Absolute(&sPrime).Negate(&sPrime)
	s.Select(&s, &sPrime, square)
	c.Select(minusOne, &r, square)
	n.Subtract(&r, one).Multiply(&n, &c)
	n.Multiply(&n, dMinusOneSq).Subtract(&n, &v)

	var w0, w1, w2, w3, x, y, z, xy field.Element
	w0.Add(&s, &s).Multiply(&w0, &v)
	w1.Multiply(&n, sqrtADMinusOne)
	w.Square(&s)
	w2.Subtract(one, &w)
	w3.Add(one, &w)
	x.Multiply(&w0, &w3)
	y.Multiply(&w2, &w1)
	z.Multiply(&w1, &w3)
	xy.Multiply(&w0, &w2)
	p, err := new(Point).SetExtendedCoordinates(&x, &y, &z, &xy)
	if err != nil {
		panic("ristretto: the map of RFC 9496 left the curve")
	}
	return p
}
