package sevenzip

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Marks of the header's parts.
const (
	markEnd = iota
	markHeader
	markArchiveProperties
	markAdditionalStreams
	markMainStreams
	markFiles
	markPackInfo
	markUnpackInfo
	markSubStreams
	markSize
	markCRC
	markFolder
	markUnpackSize
	markStreamCount
	markEmptyStream
	markEmptyFile
	markAnti
	markNames
	markAttributes    = 0x15
	markEncodedHeader = 0x17
)

var errBroken = errors.New("the archive's header is broken")

// cursor reads a header. After an error it reads nothing more.
type cursor struct {
	raw  []byte
	err  error
	most int // things that memory is taken for
}

func (c *cursor) fail() {
	if c.err == nil {
		c.err = errBroken
	}
	c.raw = nil
}

func (c *cursor) bytes(n int) []byte {
	if n < 0 || n > len(c.raw) {
		c.fail()
		return nil
	}
	part := c.raw[:n]
	c.raw = c.raw[n:]
	return part
}

func (c *cursor) byte() byte {
	if part := c.bytes(1); part != nil {
		return part[0]
	}
	return 0
}

// number reads a number: as many leading ones in the first byte as bytes follow.
func (c *cursor) number() uint64 {
	first := c.byte()
	var value uint64
	mask := byte(0x80)
	for i := range 8 {
		if first&mask == 0 {
			return value | uint64(first&(mask-1))<<(8*i)
		}
		value |= uint64(c.byte()) << (8 * i)
		mask >>= 1
	}
	return value
}

// size reads a number of bytes.
func (c *cursor) size() int64 {
	n := c.number()
	if n > 1<<62 {
		c.fail()
		return 0
	}
	return int64(n)
}

// count reads how many things follow, each of which takes some bits of what is
// left of the header.
func (c *cursor) count(bits uint64) int {
	n := c.number()
	if n > uint64(len(c.raw))*8/bits {
		c.fail()
		return 0
	}
	return int(n)
}

// want demands a mark.
func (c *cursor) want(mark byte) {
	if got := c.byte(); c.err == nil && got != mark {
		c.err = fmt.Errorf("%w: mark %d where %d belongs", errBroken, got, mark)
		c.raw = nil
	}
}

// bits reads a list of yes and no.
func (c *cursor) bits(n int) []bool {
	raw := c.bytes((n + 7) / 8)
	if raw == nil {
		return make([]bool, min(n, 0))
	}
	list := make([]bool, n)
	for i := range list {
		list[i] = raw[i/8]&(0x80>>(i%8)) != 0
	}
	return list
}

// digest is a CRC-32 that may be missing.
type digest struct {
	known bool
	sum   uint32
}

// digests reads n checksums.
func (c *cursor) digests(n int) []digest {
	if n > 8*len(c.raw) {
		c.fail()
		return nil
	}
	all, written := c.byte() != 0, n
	var known []bool
	if !all {
		known = c.bits(n)
		written = countTrue(known)
	}
	if c.err != nil || written > len(c.raw)/4 {
		c.fail()
		return nil
	}
	list := make([]digest, n)
	for i := range list {
		if all || known[i] {
			list[i] = digest{true, binary.LittleEndian.Uint32(c.bytes(4))}
		}
	}
	return list
}
