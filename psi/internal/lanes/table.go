package lanes

import (
	"filippo.io/edwards25519"
	"filippo.io/edwards25519/field"
)

// Table holds 0 to 8 times 256^i times one point, the same in every lane, for
// whoever multiplies it by many scalars: 276 KB.
type Table [32][9 * affine]Element

// NewTable makes the table of p.
func NewTable(p *edwards25519.Point) *Table {
	t := new(Table)
	base := new(edwards25519.Point).Set(p)
	for i := range t {
		*t.at(i, 0) = [affine]Element{plusX: *one, minusX: *one}
		multiple := new(edwards25519.Point).Set(base)
		for n := 1; n <= 8; n++ {
			t.put(i, n, multiple)
			multiple.Add(multiple, base)
		}
		base.MultByCofactor(base)
		for range 5 {
			base.Double(base)
		}
	}
	return t
}

func (t *Table) at(i, n int) *[affine]Element { return (*[affine]Element)(t[i][n*affine:]) }

// put writes a multiple with Z = 1.
func (t *Table) put(i, n int, p *edwards25519.Point) {
	x, y, z, _ := p.ExtendedCoordinates()
	z.Invert(z)
	x.Multiply(x, z)
	y.Multiply(y, z)
	xy := new(field.Element).Multiply(x, y)
	e := t.at(i, n)
	e[plusX] = *Spread(new(field.Element).Add(y, x))
	e[minusX] = *Spread(new(field.Element).Subtract(y, x))
	e[twiceDT].Multiply(Spread(xy), twiceD)
}

// Multiply sets v to k times the table's point, lane by lane. The odd digits are
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
