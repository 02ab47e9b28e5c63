package ntfs

import (
	"encoding/binary"
	"errors"
	"io"
	"sync"

	"parley/internal/triage/volume"
)

// compressed reads a compressed stream. It is cut into units of some clusters:
// one that has all its clusters is stored as it is, one that has none is zeros,
// and one with some is packed.
type compressed struct {
	at      io.ReaderAt
	extents []volume.Extent
	starts  []int64
	unit    int64 // bytes
	size    int64

	mu   sync.Mutex
	have int64 // number of the unit in data, -1 if none
	data []byte
}

const largestUnit = 1 << 20

func newCompressed(at io.ReaderAt, extents []volume.Extent, unit, size int64) (io.ReaderAt, error) {
	if unit <= 0 || unit > largestUnit {
		return nil, errors.New("its compression units have no possible size")
	}
	return &compressed{at: at, extents: extents, unit: unit, size: size, have: -1}, nil
}

func (c *compressed) ReadAt(p []byte, offset int64) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for n < len(p) {
		if offset >= c.size {
			return n, io.EOF
		}
		if err := c.load(offset / c.unit); err != nil {
			return n, err
		}
		inside := offset % c.unit
		got := copy(p[n:], c.data[inside:min(c.unit, c.size-offset+inside)])
		n, offset = n+got, offset+int64(got)
	}
	return n, nil
}

func (c *compressed) load(unit int64) error {
	if c.have == unit {
		return nil
	}
	c.have = -1
	if c.data == nil {
		c.data = make([]byte, c.unit)
	}
	pieces := c.cut(unit)
	held := volume.Length(pieces)
	for _, e := range pieces {
		if e.At < 0 {
			held -= e.Length
		}
	}
	switch held {
	case 0:
		clear(c.data)
	case c.unit:
		if n, err := volume.NewContent(c.at, pieces, c.unit).ReadAt(c.data, 0); n < len(c.data) {
			return err
		}
	default:
		packed := make([]byte, held)
		if n, err := volume.NewContent(c.at, pieces, held).ReadAt(packed, 0); n < len(packed) {
			return err
		}
		if err := unpack(c.data, packed); err != nil {
			return err
		}
	}
	c.have = unit
	return nil
}

// cut gives the extents of a unit; finding the place again each time would cost
// the square of their number.
func (c *compressed) cut(unit int64) []volume.Extent {
	if c.starts == nil {
		var start int64
		for _, e := range c.extents {
			c.starts = append(c.starts, start)
			start += e.Length
		}
	}
	first, offset := 0, unit*c.unit
	for low, high := 0, len(c.starts); low < high; {
		middle := (low + high) / 2
		if c.starts[middle] <= offset {
			first, low = middle, middle+1
		} else {
			high = middle
		}
	}
	if len(c.starts) == 0 {
		return nil
	}
	return volume.Cut(c.extents[first:], offset-c.starts[first], c.unit)
}

var errPacked = errors.New("its packed bytes are broken")

// unpack undoes LZNT1 ([MS-XCA] 2.5): chunks of 4 KiB, each with its length.
func unpack(out, packed []byte) error {
	clear(out)
	for done := 0; done < len(out) && len(packed) >= 2; done += 4096 {
		header := binary.LittleEndian.Uint16(packed)
		if header == 0 {
			return nil
		}
		length := int(header&0xfff) + 1
		if len(packed) < 2+length {
			return errPacked
		}
		chunk, to := packed[2:2+length], out[done:min(done+4096, len(out))]
		if header&0x8000 == 0 {
			copy(to, chunk)
		} else if err := unpackChunk(to, chunk); err != nil {
			return err
		}
		packed = packed[2+length:]
	}
	return nil
}

func unpackChunk(out, packed []byte) error {
	n := 0
	for len(packed) > 0 {
		flags := packed[0]
		packed = packed[1:]
		for bit := 0; bit < 8 && len(packed) > 0; bit++ {
			if flags>>bit&1 == 0 {
				if n >= len(out) {
					return errPacked
				}
				out[n] = packed[0]
				n, packed = n+1, packed[1:]
				continue
			}
			if len(packed) < 2 || n == 0 {
				return errPacked
			}
			// The nearer the chunk's end, the more bits the distance takes.
			lengthBits := 12
			for d := n - 1; d >= 16; d >>= 1 {
				lengthBits--
			}
			pair := int(binary.LittleEndian.Uint16(packed))
			distance, length := pair>>lengthBits+1, pair&(1<<lengthBits-1)+3
			if distance > n || n+length > len(out) {
				return errPacked
			}
			for range length {
				out[n] = out[n-distance]
				n++
			}
			packed = packed[2:]
		}
	}
	return nil
}
