package lanes

import (
	"encoding/binary"

	"filippo.io/edwards25519/field"
)

// Width is the number of lanes.
const Width = 4

// Element is four elements of the field of 2^255-19. Limb i of each has 26 bits
// if i is even, else 25, and a little more; a sum is not reduced. Products and
// differences take sums of at most three and give what is reduced.
type Element [10][Width]uint64

// Mask chooses by lane: all ones or all zeros in each.
type Mask [Width]uint64

// Spread returns e in every lane.
func Spread(e *field.Element) *Element {
	v := new(Element)
	v.Put(0, e)
	for i := range v {
		for lane := range Width {
			v[i][lane] = v[i][0]
		}
	}
	return v
}

// Put sets one lane.
func (v *Element) Put(lane int, e *field.Element) { v.PutBytes(lane, e.Bytes()) }

// PutBytes sets one lane from 32 bytes, of which the last bit is ignored.
func (v *Element) PutBytes(lane int, b []byte) {
	w := [4]uint64{
		binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:]),
		binary.LittleEndian.Uint64(b[16:]), binary.LittleEndian.Uint64(b[24:]),
	}
	v[0][lane] = w[0] & mask26
	v[1][lane] = w[0] >> 26 & mask25
	v[2][lane] = (w[0]>>51 | w[1]<<13) & mask26
	v[3][lane] = w[1] >> 13 & mask25
	v[4][lane] = w[1] >> 38
	v[5][lane] = w[2] & mask25
	v[6][lane] = w[2] >> 25 & mask26
	v[7][lane] = (w[2]>>51 | w[3]<<13) & mask25
	v[8][lane] = w[3] >> 12 & mask26
	v[9][lane] = w[3] >> 38 & mask25
}

// Bytes returns one lane in its only form.
func (v *Element) Bytes(lane int) (out [32]byte) {
	for i, w := range v.words(lane) {
		binary.LittleEndian.PutUint64(out[8*i:], w)
	}
	return out
}

// Lane returns one lane.
func (v *Element) Lane(lane int) *field.Element {
	b := v.Bytes(lane)
	e, err := new(field.Element).SetBytes(b[:])
	if err != nil {
		panic("lanes: 32 bytes are no field element")
	}
	return e
}

const (
	mask25 = 1<<25 - 1
	mask26 = 1<<26 - 1
	mask51 = 1<<51 - 1
)

// words returns one lane below the modulus, in four words.
func (v *Element) words(lane int) [4]uint64 {
	l0 := v[0][lane] + v[1][lane]<<26
	l1 := v[2][lane] + v[3][lane]<<26
	l2 := v[4][lane] + v[5][lane]<<26
	l3 := v[6][lane] + v[7][lane]<<26
	l4 := v[8][lane] + v[9][lane]<<26
	l0, l1, l2, l3, l4 = carry51(l0, l1, l2, l3, l4)
	// Below 2^255 and a little. It is not below the modulus if adding 19 carries
	// through to the end.
	over := (l0 + 19) >> 51
	over = (l1 + over) >> 51
	over = (l2 + over) >> 51
	over = (l3 + over) >> 51
	over = (l4 + over) >> 51
	l0 += 19 * over
	l1, l0 = l1+l0>>51, l0&mask51
	l2, l1 = l2+l1>>51, l1&mask51
	l3, l2 = l3+l2>>51, l2&mask51
	l4, l3 = (l4+l3>>51)&mask51, l3&mask51
	return [4]uint64{l1<<51 | l0, l2<<38 | l1>>13, l3<<25 | l2>>26, l4<<12 | l3>>39}
}

// carry51 carries from each of five limbs to the next, from the last to the
// first, where 2^255 is 19.
func carry51(l0, l1, l2, l3, l4 uint64) (_, _, _, _, _ uint64) {
	return l0&mask51 + 19*(l4>>51), l1&mask51 + l0>>51, l2&mask51 + l1>>51, l3&mask51 + l2>>51, l4&mask51 + l3>>51
}

// Multiply sets v = a·b.
func (v *Element) Multiply(a, b *Element) *Element { multiply(v, a, b); return v }

// Square sets v = a².
func (v *Element) Square(a *Element) *Element { square(v, a); return v }

// Add sets v = a + b, a sum of as many as a and b together are.
func (v *Element) Add(a, b *Element) *Element { add(v, a, b); return v }

// Subtract sets v = a - b.
func (v *Element) Subtract(a, b *Element) *Element { subtract(v, a, b); return v }

// Negate sets v = -a.
func (v *Element) Negate(a *Element) *Element { subtract(v, new(Element), a); return v }

// Choose sets v to a in the lanes of mask and to b elsewhere.
func (v *Element) Choose(a, b *Element, mask *Mask) *Element { choose(v, a, b, mask); return v }

// Negative is the mask of the lanes whose lowest bit is set.
func (v *Element) Negative() (m Mask) {
	for lane := range m {
		m[lane] = -(v.words(lane)[0] & 1)
	}
	return m
}

// Zero is the mask of the lanes that are zero.
func (v *Element) Zero() (m Mask) {
	for lane := range m {
		w := v.words(lane)
		m[lane] = isZero(w[0] | w[1] | w[2] | w[3])
	}
	return m
}

// Equal is the mask of the lanes in which v and u are equal.
func (v *Element) Equal(u *Element) Mask { return new(Element).Subtract(v, u).Zero() }

// isZero is all ones for zero, and zero for all else.
func isZero(w uint64) uint64 { return (w|-w)>>63 - 1 }

// Absolute sets v = |a|: a, or -a if a is negative.
func (v *Element) Absolute(a *Element) *Element {
	m := a.Negative()
	return v.Choose(new(Element).Negate(a), a, &m)
}

// Or is the mask of the lanes of either.
func (m Mask) Or(n Mask) Mask {
	for i := range m {
		m[i] |= n[i]
	}
	return m
}
