package lanes

// multiples are 0 to 8 times a point, as second summands.
type multiples [9 * 4]Element

func (m *multiples) at(n int) *cached { return (*cached)(m[4*n:]) }

// of sets m to the multiples of v.
func (m *multiples) of(v *Point) {
	*m.at(0) = cached{plusX: *one, minusX: *one, twiceZ: *two}
	m.at(1).cache(v)
	var c completed
	var p Point
	for n := 2; n <= 8; n++ {
		c.added(v, m.at(n-1))
		m.at(n).cache(p.extend(&c))
	}
}

var two = new(Element).Add(one, one)

// pick returns the multiple by a digit. It reads all of them, whatever the digit
// is.
func (m *multiples) pick(q *cached, d *digit) {
	pickFrom(q[:], m[:], &d.size)
	q.negate(&d.negative)
}

// Multiply sets v = k·p, lane by lane.
func (v *Point) Multiply(k *Digits, p *Point) *Point {
	var m multiples
	var q cached
	var c completed
	m.of(p)
	v.Identity()
	for i := len(k) - 1; ; i-- {
		m.pick(&q, &k[i])
		c.added(v, &q)
		if i == 0 {
			return v.extend(&c)
		}
		v.project(&c)
		v.double16()
	}
}

// Sum adds up products of points and scalars: by place, so that all products
// share their doublings.
type Sum struct {
	places [64]Point
	begun  bool
}

// Add adds k·p, lane by lane.
func (s *Sum) Add(k *Digits, p *Point) {
	if !s.begun {
		for i := range s.places {
			s.places[i].Identity()
		}
		s.begun = true
	}
	var m multiples
	var q cached
	var c completed
	m.of(p)
	for i := range k {
		m.pick(&q, &k[i])
		c.added(&s.places[i], &q)
		s.places[i].extend(&c)
	}
}

// Total is the sum so far, lane by lane.
func (s *Sum) Total() *Point {
	v := new(Point).Identity()
	if !s.begun {
		return v
	}
	for i := len(s.places) - 1; i >= 0; i-- {
		v.double16()
		v.Add(v, &s.places[i])
	}
	return v
}
