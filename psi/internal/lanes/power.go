package lanes

import "filippo.io/edwards25519/field"

var (
	one    = Spread(new(field.Element).One())
	sqrtM1 = Spread(rootOfMinusOne())
)

func rootOfMinusOne() *field.Element {
	minus := new(field.Element).Negate(new(field.Element).One())
	r, _ := new(field.Element).SqrtRatio(minus, new(field.Element).One())
	return r
}

// squares sets v = a^(2^n).
func (v *Element) squares(a *Element, n int) *Element {
	v.Square(a)
	for range n - 1 {
		v.Square(v)
	}
	return v
}

// Pow22523 sets v = a^(2^252-3), which is a^((p-5)/8). Runs of n ones double in
// the exponent: a^(2^n-1) squared n times and multiplied gives 2n of them.
func (v *Element) Pow22523(a *Element) *Element {
	var x1, x5, x10, x50, x100, t Element
	x1.Set(a)
	t.Square(&x1).Multiply(&t, &x1)              // 2 ones
	x5.squares(&t, 2).Multiply(&x5, &t)          // 4
	x5.Square(&x5).Multiply(&x5, &x1)            // 5
	x10.squares(&x5, 5).Multiply(&x10, &x5)      // 10
	t.squares(&x10, 10).Multiply(&t, &x10)       // 20
	x50.squares(&t, 20).Multiply(&x50, &t)       // 40
	x50.squares(&x50, 10).Multiply(&x50, &x10)   // 50
	x100.squares(&x50, 50).Multiply(&x100, &x50) // 100
	t.squares(&x100, 100).Multiply(&t, &x100)    // 200
	t.squares(&t, 50).Multiply(&t, &x50)         // 250
	return v.squares(&t, 2).Multiply(v, &x1)     // 250 ones, a zero, a one
}

// Invert sets v = 1/a, and 0 where a is 0: the exponent p-2 is 8·(2^252-3) + 3.
func (v *Element) Invert(a *Element) *Element {
	var cube, t Element
	cube.Square(a).Multiply(&cube, a)
	t.Pow22523(a)
	return v.squares(&t, 3).Multiply(v, &cube)
}

// Set sets v = a.
func (v *Element) Set(a *Element) *Element { *v = *a; return v }

// SqrtRatio sets v to the non-negative square root of a/b, or of i·a/b where
// that is none, and returns the mask of the lanes in which a/b is a square: RFC
// 9496 section 4.2.
func (v *Element) SqrtRatio(a, b *Element) Mask {
	var b3, r, check, minus, t Element
	b3.Square(b).Multiply(&b3, b)
	t.Square(&b3).Multiply(&t, b).Multiply(&t, a) // a·b^7
	r.Pow22523(&t).Multiply(&r, &b3).Multiply(&r, a)
	check.Square(&r).Multiply(&check, b)
	minus.Negate(a)
	correct, flipped := check.Equal(a), check.Equal(&minus)
	turned := flipped.Or(check.Equal(t.Multiply(&minus, sqrtM1)))
	r.Choose(t.Multiply(&r, sqrtM1), &r, &turned)
	v.Absolute(&r)
	return correct.Or(flipped)
}
