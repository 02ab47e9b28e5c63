package lanes

import (
	"slices"

	"filippo.io/edwards25519"
	"filippo.io/edwards25519/field"
)

// Table holds 0 to 8 times 256^i times one point, the same in every lane, for
// whoever multiplies it by many scalars: 276 KB.
type Table [32][9 * affine]Element

// NewTable makes the table of p.
func NewTable(p *edwards25519.Point) *Table {
	t := new(Table)
	multiples := make([]*edwards25519.Point, 0, 8*len(t))
	base := new(edwards25519.Point).Set(p)
	for range t {
		multiple := new(edwards25519.Point).Set(base)
		for range 8 {
			multiples = append(multiples, multiple)
			multiple = new(edwards25519.Point).Add(multiple, base)
		}
		base.MultByCofactor(base)
		for range 5 {
			base.Double(base)
		}
	}
	inverses := invertZ(multiples)
	for i := range t {
		*t.at(i, 0) = [affine]Element{plusX: *one, minusX: *one}
		for n := range 8 {
			t.put(i, n+1, multiples[8*i+n], &inverses[8*i+n])
		}
	}
	return t
}

// invertZ returns 1/Z of every point, with one inversion for all.
func invertZ(points []*edwards25519.Point) []field.Element {
	inverses := make([]field.Element, len(points)) // at first the product of all Z before
	product := new(field.Element).One()
	for i, p := range points {
		_, _, z, _ := p.ExtendedCoordinates()
		inverses[i].Set(product)
		product.Multiply(product, z)
	}
	rest := product.Invert(product)
	for i, p := range slices.Backward(points) {
		_, _, z, _ := p.ExtendedCoordinates()
		inverses[i].Multiply(&inverses[i], rest)
		rest.Multiply(rest, z)
	}
	return inverses
}

func (t *Table) at(i, n int) *[affine]Element { return (*[affine]Element)(t[i][n*affine:]) }

// put writes a multiple with Z = 1.
func (t *Table) put(i, n int, p *edwards25519.Point, inverse *field.Element) {
	x, y, _, _ := p.ExtendedCoordinates()
	x.Multiply(x, inverse)
	y.Multiply(y, inverse)
	xy := new(field.Element).Multiply(x, y)
	e := t.at(i, n)
	e[plusX] = *Spread(new(field.Element).Add(y, x))
	e[minusX] = *Spread(new(field.Element).Subtract(y, x))
	e[twiceDT].Multiply(Spread(xy), twiceD)
}

// TableMultiply sets v to k times the table's point, lane by lane. The odd digits are
// summed first and then multiplied by 16 as one.
func (v *Point) TableMultiply(k *Digits, t *Table) *Point {
	v.Identity()
	t.add(v, k, 1)
	v.double16()
	t.add(v, k, 0)
	return v
}

// add adds every second digit's multiple.
func (t *Table) add(v *Point, k *Digits, first int) {
	var q cached
	var c completed
	for i := first; i < len(k); i += 2 {
		pickFrom(q[:affine], t[i/2][:], &k[i].size)
		q.negate(&k[i].negative)
		c.addedAffine(v, &q)
		v.extend(&c)
	}
}
