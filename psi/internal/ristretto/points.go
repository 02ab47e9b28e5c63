package ristretto

import (
	"bytes"

	"parley/psi/internal/lanes"
)

// Points are elements that the same is done with. Where the machine can, they
// are kept and worked on four at a time; everywhere else one by one, by the
// code that a single element takes. Both give the same encodings.
type Points struct {
	n     int
	fours []lanes.Point // if the machine can
	plain []*Point      // if not
}

// Len is the number of points.
func (p *Points) Len() int { return p.n }

func newPoints(n int, fast bool) *Points {
	if fast {
		return &Points{n: n, fours: make([]lanes.Point, fourths(n))}
	}
	return &Points{n: n, plain: make([]*Point, n)}
}

func fourths(n int) int { return (n + lanes.Width - 1) / lanes.Width }

// like makes room for as many points, kept in the same way.
func (p *Points) like() *Points { return newPoints(p.n, p.fours != nil) }

// four is the range of the points of a four.
func (p *Points) four(i int) (lo, hi int) {
	return lanes.Width * i, min(lanes.Width*(i+1), p.n)
}

// HashAll is HashToGroup of every message.
func HashAll(messages [][]byte, tag []byte) *Points { return hashAll(messages, tag, lanes.Fast()) }

func hashAll(messages [][]byte, tag []byte, fast bool) *Points {
	p := newPoints(len(messages), fast)
	for i := range p.plain {
		p.plain[i] = HashToGroup(messages[i], tag)
	}
	for i := range p.fours {
		var wide [lanes.Width][64]byte
		lo, hi := p.four(i)
		for lane, message := range messages[lo:hi] {
			wide[lane] = expand(message, tag)
		}
		uniformFour(&p.fours[i], &wide)
	}
	return p
}

// DecodeAll is Decode of every encoding. The error is that of the first that is
// none, whose index it returns.
func DecodeAll(in [][Size]byte) (points *Points, bad int, err error) {
	return decodeAll(in, lanes.Fast())
}

func decodeAll(in [][Size]byte, fast bool) (points *Points, bad int, err error) {
	p := newPoints(len(in), fast)
	for i := range p.plain {
		if p.plain[i], err = Decode(in[i][:]); err != nil {
			return nil, i, err
		}
	}
	for i := range p.fours {
		lo, hi := p.four(i)
		good := decodeFour(&p.fours[i], in[lo:hi])
		for lane := range hi - lo {
			switch {
			case bytes.Equal(in[lo+lane][:], identityEncoding[:]):
				return nil, lo + lane, ErrIdentity
			case good[lane] == 0:
				return nil, lo + lane, ErrNotCanonical
			}
		}
	}
	return p, 0, nil
}

// Multiply returns k·p of every point, in constant time.
func (p *Points) Multiply(k *Scalar) *Points {
	out := p.like()
	for i := range p.plain {
		out.plain[i] = new(Point).ScalarMult(k, p.plain[i])
	}
	var digits lanes.Digits
	defer digits.Wipe()
	digits.Set(k, k, k, k)
	for i := range p.fours {
		out.fours[i].Multiply(&digits, &p.fours[i])
	}
	return out
}

// AddMultiples returns every point with its scalar times the table's point
// added to it, in constant time.
func (p *Points) AddMultiples(k []*Scalar, t *Table) *Points {
	out := p.like()
	for i := range p.plain {
		out.plain[i] = t.plain.multiply(k[i])
		out.plain[i].Add(p.plain[i], out.plain[i])
	}
	var digits lanes.Digits
	defer digits.Wipe()
	for i := range p.fours {
		lo, hi := p.four(i)
		digits.Set(k[lo:hi]...)
		out.fours[i].TableMultiply(&digits, t.fast)
		out.fours[i].Add(&p.fours[i], &out.fours[i])
	}
	return out
}

// Encode is Encode of every point.
func (p *Points) Encode() [][Size]byte {
	out := make([][Size]byte, p.n)
	for i := range p.plain {
		out[i] = Encode(p.plain[i])
	}
	for i := range p.fours {
		lo, hi := p.four(i)
		encoded := encodeFour(&p.fours[i])
		copy(out[lo:hi], encoded[:])
	}
	return out
}

// EncodeDoubles writes the encodings of 2p for every point, with one inversion
// for all. To encode k·p, multiply by [Half] of k.
func (p *Points) EncodeDoubles() [][Size]byte {
	if p.fours == nil {
		return EncodeDoubles(p.plain)
	}
	out := encodeFourDoubles(p.fours)
	return out[:p.n]
}

// Sum adds up products of points and public scalars.
type Sum struct {
	fours lanes.Sum
	plain *Point
}

// Add adds k·p of all points, in variable time.
func (s *Sum) Add(k []*Scalar, p *Points) {
	if p.plain != nil {
		part := new(Point).VarTimeMultiScalarMult(k, p.plain)
		if s.plain != nil {
			part.Add(part, s.plain)
		}
		s.plain = part
	}
	var digits lanes.Digits
	for i := range p.fours {
		lo, hi := p.four(i)
		s.fours.Add(digits.Set(k[lo:hi]...), &p.fours[i])
	}
}

// Total is the sum so far.
func (s *Sum) Total() *Point {
	total := Identity()
	if s.plain != nil {
		total.Set(s.plain)
	}
	fours := s.fours.Total()
	for lane := range lanes.Width {
		total.Add(total, fours.Store(lane))
	}
	return total
}
