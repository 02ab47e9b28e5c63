package ristretto

import "crypto/subtle"

// Table holds multiples of one point, for whoever multiplies it by many secret
// scalars: 8 multiples of 256^i times the point for each i below 32, 40 KB.
type Table [32][8]Point

// NewTable makes the table of p.
func NewTable(p *Point) *Table {
	t := new(Table)
	base := new(Point).Set(p)
	for i := range t {
		t[i][0].Set(base)
		for j := 1; j < len(t[i]); j++ {
			t[i][j].Add(&t[i][j-1], base)
		}
		for range 8 {
			base.Double(base)
		}
	}
	return t
}

// Multiply returns k times the table's point, in constant time: half the time
// of a multiplication without a table. With k = Σ d(i)·16^i and digits from -8
// to 8, the odd digits are summed first, then multiplied by 16 as one.
func (t *Table) Multiply(k *Scalar) *Point {
	digits := signedDigits(k)
	defer clear(digits[:])
	sum := Identity()
	for i := 1; i < len(digits); i += 2 {
		sum.Add(sum, t.pick(i/2, digits[i]))
	}
	for range 4 {
		sum.Double(sum)
	}
	for i := 0; i < len(digits); i += 2 {
		sum.Add(sum, t.pick(i/2, digits[i]))
	}
	return sum
}

// pick returns digit times 256^i times the point. It reads the whole row
// whatever the digit is.
func (t *Table) pick(i int, digit int8) *Point {
	negative := int(uint8(digit) >> 7)
	size := byte(int8(1-2*negative) * digit)
	p := Identity()
	for j := range t[i] {
		p.Select(&t[i][j], p, subtle.ConstantTimeByteEq(size, byte(j+1)))
	}
	return p.Select(new(Point).Negate(p), p, negative)
}

// signedDigits writes k in radix 16 with digits from -8 to 8.
func signedDigits(k *Scalar) (digits [64]int8) {
	b := k.Bytes()
	defer clear(b)
	for i, v := range b {
		digits[2*i], digits[2*i+1] = int8(v&15), int8(v>>4)
	}
	for i := range len(digits) - 1 { // k is below 2^253, so the last stays small
		carry := (digits[i] + 8) >> 4
		digits[i] -= carry << 4
		digits[i+1] += carry
	}
	return digits
}
