package psi

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// Sorted values are coded as differences in Golomb-Rice form. A value is a
// number of 80 bits; the difference of two neighbours among n of them is about
// 2^80/n, which costs its logarithm and a bit and a half.

const valueBits = 8 * valueSize

// wide is a number of up to 80 bits.
type wide struct{ hi, lo uint64 }

func (v Value) wide() wide {
	return wide{uint64(binary.BigEndian.Uint16(v[:])), binary.BigEndian.Uint64(v[2:])}
}

func (w wide) value() (v Value) {
	binary.BigEndian.PutUint16(v[:], uint16(w.hi))
	binary.BigEndian.PutUint64(v[2:], w.lo)
	return v
}

func (w wide) add(x wide) wide {
	lo, carry := bits.Add64(w.lo, x.lo, 0)
	return wide{w.hi + x.hi + carry, lo}
}

func (w wide) sub(x wide) wide {
	lo, borrow := bits.Sub64(w.lo, x.lo, 0)
	return wide{w.hi - x.hi - borrow, lo}
}

// quotient is w divided by 2^k, for k from 1 to 79, and remainder what is left.
func (w wide) quotient(k int) uint64 {
	if k >= 64 {
		return w.hi >> (k - 64)
	}
	return w.hi<<(64-k) | w.lo>>k
}

// shifted is q times 2^k; it reports whether that has at most 80 bits.
func shifted(q uint64, k int) (wide, bool) {
	if bits.Len64(q)+k > valueBits {
		return wide{}, false
	}
	if k >= 64 {
		return wide{q << (k - 64), 0}, true
	}
	return wide{q >> (64 - k), q << k}, true
}

// riceBits is the length of the remainders among n values.
func riceBits(n int) int { return valueBits - max(1, bits.Len(uint(n))) }

// codedLimit bounds the bytes of n coded values: the quotients sum to less than
// 2^bits(n), which is at most 2n.
func codedLimit(n int) int { return (n*(riceBits(n)+1) + 2*n + 7) / 8 }

// bitWriter writes bits, the most significant of each byte first.
type bitWriter struct {
	out  []byte
	free int // unused bits of the last byte
}

// write writes the lowest n bits of v.
func (w *bitWriter) write(v uint64, n int) {
	for n > 0 {
		if w.free == 0 {
			w.out, w.free = append(w.out, 0), 8
		}
		take := min(n, w.free)
		part := byte(v >> (n - take) & (1<<take - 1))
		w.out[len(w.out)-1] |= part << (w.free - take)
		n, w.free = n-take, w.free-take
	}
}

// appendCoded appends ascending values, distinct, in coded form.
func appendCoded(out []byte, values []Value) []byte {
	k := riceBits(len(values))
	w := bitWriter{out: out}
	var next wide // the least that the next value can be
	for _, v := range values {
		d := v.wide().sub(next)
		for q := d.quotient(k); q > 0; {
			n := min(q, 32)
			w.write(1<<n-1, int(n))
			q -= n
		}
		w.write(0, 1)
		if k > 64 {
			w.write(d.hi, k-64)
		}
		w.write(d.lo, min(k, 64))
		next = v.wide().add(wide{lo: 1})
	}
	return w.out
}

// bitReader reads what a bitWriter wrote.
type bitReader struct {
	in   []byte
	next int // bit
}

func (r *bitReader) left() int { return 8*len(r.in) - r.next }

// ones counts the ones before the next zero and takes both.
func (r *bitReader) ones() (uint64, bool) {
	n := uint64(0)
	for r.left() > 0 {
		one := r.in[r.next/8]>>(7-r.next%8)&1 == 1
		r.next++
		if !one {
			return n, true
		}
		n++
	}
	return 0, false
}

// read takes n bits, of which there are enough.
func (r *bitReader) read(n int) uint64 {
	v := uint64(0)
	for n > 0 {
		have := 8 - r.next%8
		take := min(n, have)
		part := r.in[r.next/8] >> (have - take) & (1<<take - 1)
		v = v<<take | uint64(part)
		r.next, n = r.next+take, n-take
	}
	return v
}

var (
	errCodedShort = errors.New("the coded values end too early")
	errCodedRange = errors.New("a coded value has more than 80 bits")
	errCodedPad   = errors.New("the coded values are not padded with zeros to a whole byte")
)

// readCoded reads n coded values from the front of b and returns the rest.
// Memory is taken only for as many as b can hold.
func readCoded(b []byte, n int) (values []Value, rest []byte, err error) {
	k := riceBits(n)
	if len(b) < (n*(k+1)+7)/8 {
		return nil, nil, errCodedShort
	}
	values = make([]Value, 0, n)
	r := bitReader{in: b}
	var next wide
	for range n {
		q, ok := r.ones()
		if !ok || r.left() < k {
			return nil, nil, errCodedShort
		}
		d, ok := shifted(q, k)
		if !ok {
			return nil, nil, errCodedRange
		}
		if k > 64 {
			d.hi |= r.read(k - 64)
		}
		d = d.add(wide{lo: r.read(min(k, 64))})
		v := next.add(d)
		if v.hi>>(valueBits-64) != 0 {
			return nil, nil, errCodedRange
		}
		values = append(values, v.value())
		next = v.add(wide{lo: 1})
	}
	if pad := (8 - r.next%8) % 8; r.read(pad) != 0 {
		return nil, nil, errCodedPad
	}
	return values, b[r.next/8:], nil
}
