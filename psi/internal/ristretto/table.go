package ristretto

import (
	"crypto/subtle"
	"sync"

	"filippo.io/edwards25519"

	"parley/psi/internal/lanes"
)

// Table holds multiples of one point, for whoever multiplies it by many secret
// scalars: half the time of a multiplication without a table. It takes 40 KB,
// or 276 where four points are multiplied at a time.
type Table struct {
	plain *plainTable
	fast  *lanes.Table
}

// NewTable makes the table of p.
func NewTable(p *Point) *Table { return newTable(p, lanes.Fast()) }

func newTable(p *Point, fast bool) *Table {
	if fast {
		return &Table{fast: lanes.NewTable(p)}
	}
	return &Table{plain: newPlainTable(p)}
}

// BaseTable is the table of the generator, made when it is first asked for.
var BaseTable = sync.OnceValue(func() *Table { return NewTable(edwards25519.NewGeneratorPoint()) })

// plainTable has 8 multiples of 256^i times the point for each i below 32.
type plainTable [32][8]Point

func newPlainTable(p *Point) *plainTable {
	t := new(plainTable)
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

// multiply returns k times the table's point, in constant time. With k = Σ
// d(i)·16^i and digits from -8 to 8, the odd digits are summed first, then
// multiplied by 16 as one.
func (t *plainTable) multiply(k *Scalar) *Point {
	digits := lanes.SignedDigits(k)
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
func (t *plainTable) pick(i int, digit int8) *Point {
	negative := int(uint8(digit) >> 7)
	size := byte(int8(1-2*negative) * digit)
	p := Identity()
	for j := range t[i] {
		p.Select(&t[i][j], p, subtle.ConstantTimeByteEq(size, byte(j+1)))
	}
	return p.Select(new(Point).Negate(p), p, negative)
}
