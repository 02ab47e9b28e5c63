package lanes

import (
	"filippo.io/edwards25519"
	"filippo.io/edwards25519/field"
)

// Point is four points of edwards25519 in extended coordinates: x = X/Z, y =
// Y/Z, x·y = T/Z.
type Point struct{ X, Y, Z, T Element }

// cached is a point as an addition wants its second summand: Y+X, Y-X, 2Z and
// 2dT. One whose Z is 1 has no need of the third and leaves it out.
type cached [4]Element

const (
	plusX = iota
	minusX
	twiceDT
	twiceZ
	affine // how many elements a cached point with Z = 1 has
)

var twiceD = Spread(new(field.Element).Add(edwardsD(), edwardsD()))

// edwardsD is the curve's d, -121665/121666.
func edwardsD() *field.Element {
	one := new(field.Element).One()
	n, m := new(field.Element).Mult32(one, 121665), new(field.Element).Mult32(one, 121666)
	return n.Negate(n).Multiply(n, m.Invert(m))
}

// Load puts points side by side; lanes beyond them get the first of them.
func Load(points []*edwards25519.Point) *Point {
	v := new(Point)
	for lane := range Width {
		p := points[0]
		if lane < len(points) {
			p = points[lane]
		}
		x, y, z, t := p.ExtendedCoordinates()
		v.X.Put(lane, x)
		v.Y.Put(lane, y)
		v.Z.Put(lane, z)
		v.T.Put(lane, t)
	}
	return v
}

// Store returns one lane.
func (v *Point) Store(lane int) *edwards25519.Point {
	p, err := new(edwards25519.Point).SetExtendedCoordinates(v.X.Lane(lane), v.Y.Lane(lane), v.Z.Lane(lane), v.T.Lane(lane))
	if err != nil {
		panic("lanes: a point left the curve")
	}
	return p
}

// Identity sets every lane to the neutral element.
func (v *Point) Identity() *Point {
	*v = Point{Y: *one, Z: *one}
	return v
}

// completed is what an addition or a doubling has before its last products:
// x = E/G, y = H/F.
type completed struct{ e, f, g, h Element }

// doubled prepares 2v. It reads neither T nor a form of v: X, Y and Z are enough.
func (c *completed) doubled(v *Point) {
	var xx, yy, zz Element
	xx.Square(&v.X)
	yy.Square(&v.Y)
	zz.Square(&v.Z)
	zz.Add(&zz, &zz)
	c.h.Add(&yy, &xx)
	c.g.Subtract(&yy, &xx)
	c.e.Add(&v.X, &v.Y).Square(&c.e)
	c.e.Subtract(&c.e, &c.h)
	c.f.Subtract(&zz, &c.g)
}

// added prepares v + q.
func (c *completed) added(v *Point, q *cached) {
	var a, b Element
	a.Subtract(&v.Y, &v.X).Multiply(&a, &q[minusX])
	b.Add(&v.Y, &v.X).Multiply(&b, &q[plusX])
	c.e.Subtract(&b, &a)
	c.h.Add(&b, &a)
	a.Multiply(&v.T, &q[twiceDT])
	b.Multiply(&v.Z, &q[twiceZ])
	c.f.Subtract(&b, &a)
	c.g.Add(&b, &a)
}

// addedAffine prepares v + q for a q whose Z is 1.
func (c *completed) addedAffine(v *Point, q *cached) {
	var a, b Element
	a.Subtract(&v.Y, &v.X).Multiply(&a, &q[minusX])
	b.Add(&v.Y, &v.X).Multiply(&b, &q[plusX])
	c.e.Subtract(&b, &a)
	c.h.Add(&b, &a)
	a.Multiply(&v.T, &q[twiceDT])
	b.Add(&v.Z, &v.Z)
	c.f.Subtract(&b, &a)
	c.g.Add(&b, &a)
}

// project sets v to the completed point without T: all that a doubling needs.
func (v *Point) project(c *completed) {
	v.X.Multiply(&c.e, &c.f)
	v.Y.Multiply(&c.h, &c.g)
	v.Z.Multiply(&c.f, &c.g)
}

// extend sets v to the completed point.
func (v *Point) extend(c *completed) *Point {
	v.project(c)
	v.T.Multiply(&c.e, &c.h)
	return v
}

// cache sets q to v as a second summand.
func (q *cached) cache(v *Point) {
	q[plusX].Add(&v.Y, &v.X)
	q[minusX].Subtract(&v.Y, &v.X)
	q[twiceDT].Multiply(&v.T, twiceD)
	q[twiceZ].Add(&v.Z, &v.Z)
}

// Add sets v = p + q.
func (v *Point) Add(p, q *Point) *Point {
	var c completed
	var second cached
	second.cache(q)
	c.added(p, &second)
	return v.extend(&c)
}

// Subtract sets v = p - q.
func (v *Point) Subtract(p, q *Point) *Point {
	var c completed
	var second cached
	second.cache(q)
	second.negate(&Mask{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)})
	c.added(p, &second)
	return v.extend(&c)
}

// negate turns q to -q in the lanes of mask.
func (q *cached) negate(mask *Mask) {
	var t Element
	t.Choose(&q[minusX], &q[plusX], mask)
	q[minusX].Choose(&q[plusX], &q[minusX], mask)
	q[plusX] = t
	t.Negate(&q[twiceDT])
	q[twiceDT].Choose(&t, &q[twiceDT], mask)
}

// double16 sets v = 16·v. It reads no T, and leaves one if extended.
func (v *Point) double16() *Point {
	var c completed
	for range 3 {
		c.doubled(v)
		v.project(&c)
	}
	c.doubled(v)
	return v.extend(&c)
}
