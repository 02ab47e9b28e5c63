package sevenzip

import (
	"encoding/binary"
	"io"
	"math/bits"
)

// delta undoes the Delta filter: each byte is the sum of what was stored and the
// byte some way before it.
type delta struct {
	r        io.Reader
	distance int
	state    [256]byte
	position int
}

func (d *delta) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	for i := range p[:n] {
		k := d.position % d.distance
		p[i] += d.state[k]
		d.state[k] = p[i]
		d.position++
	}
	return n, err
}

// x86 undoes the BCJ filter: the targets of calls and jumps, which were made
// absolute, are made relative again.
type x86 struct {
	r     io.Reader
	buf   []byte
	from  int // the first byte of buf not yet given
	ready int // bytes of buf that are final
	end   int
	ip    uint32
	mask  uint
	err   error
}

func newX86(r io.Reader) io.Reader { return &x86{r: r, buf: make([]byte, 32<<10)} }

func (x *x86) Read(p []byte) (int, error) {
	for x.from == x.ready {
		if x.err != nil && x.end == x.ready {
			return 0, x.err
		}
		x.fill()
	}
	n := copy(p, x.buf[x.from:x.ready])
	x.from += n
	return n, nil
}

func (x *x86) fill() {
	x.end = copy(x.buf, x.buf[x.ready:x.end])
	x.from, x.ready = 0, 0
	for x.end < len(x.buf) && x.err == nil {
		var n int
		n, x.err = x.r.Read(x.buf[x.end:])
		x.end += n
	}
	x.ready = x.convert(x.buf[:x.end])
	if x.err != nil {
		x.ready = x.end // too few bytes left for an instruction
	}
}

// convert works through data and gives how many bytes of it are final. The mask
// has a bit for each of the three bytes before that looked like a branch and was none.
func (x *x86) convert(data []byte) int {
	i := 0
	for i+5 <= len(data) {
		switch {
		case data[i]&0xfe != 0xe8:
			x.mask = x.mask << 1 & 7
			i++
		case x.branch(data[i:i+5], x.ip+uint32(i)):
			x.mask = 0
			i += 5
		default:
			x.mask = (x.mask<<1 | 1) & 7
			i++
		}
	}
	x.ip += uint32(i)
	return i
}

// branch undoes the conversion of a call or a jump at an address, if it was one.
func (x *x86) branch(op []byte, at uint32) bool {
	near := bits.Len(x.mask)
	if near > 0 && (x.mask&(x.mask-1) != 0 || edge(op[4-near])) || !edge(op[4]) {
		return false
	}
	target := binary.LittleEndian.Uint32(op[1:])
	offset := target - (at + 5)
	for near > 0 && edge(byte(offset>>(24-8*near))) {
		target = offset ^ (1<<(32-8*near) - 1)
		offset = target - (at + 5)
	}
	// Bit 24 is the sign of what was 25 bits.
	binary.LittleEndian.PutUint32(op[1:], uint32(int32(offset<<7)>>7))
	return true
}

// edge reports whether a byte is the highest of a small number or of its negative.
func edge(b byte) bool { return b == 0 || b == 0xff }
