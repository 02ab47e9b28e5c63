package bmff

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	mostBoxes = 1000     // in one box, or in the file
	mostMeta  = 16 << 20 // bytes of the box that says what the items are
	mostItems = 100_000
	mostExif  = 1 << 20 // bytes
)

var errBroken = errors.New("its boxes are broken")

// box is a part of a file: a length, a type of four letters, the content.
type box struct {
	kind   string
	at     int64 // of the content
	length int64 // of the content
}

// boxes tells the boxes from one byte to another of a file (14496-12 section 4.2).
func boxes(at io.ReaderAt, from, to int64, each func(box) error) error {
	return boxesOf(at, from, to, mostBoxes, each)
}

// boxesOf tells no more than so many.
func boxesOf(at io.ReaderAt, from, to int64, most int, each func(box) error) error {
	for range most {
		if from >= to {
			return nil
		}
		var raw [16]byte
		n, _ := at.ReadAt(raw[:min(16, to-from)], from)
		if n < 8 {
			return fmt.Errorf("it breaks off at byte %d", from)
		}
		length, head := int64(binary.BigEndian.Uint32(raw[:])), int64(8)
		switch {
		case length == 0: // up to the end
			length = to - from
		case length == 1 && n == 16:
			length, head = int64(binary.BigEndian.Uint64(raw[8:])), 16
		}
		if length < head || length > to-from {
			return fmt.Errorf("the box at byte %d says %d bytes, more than there are or too few", from, length)
		}
		if err := each(box{string(raw[4:8]), from + head, length - head}); err != nil {
			return err
		}
		from += length
	}
	return fmt.Errorf("it has more than %d boxes in one", most)
}

// cursor reads numbers, big end first. After the end it reads zeros.
type cursor struct {
	raw   []byte
	short bool
}

func (c *cursor) number(size int) uint64 {
	if size > len(c.raw) {
		c.raw, c.short = nil, true
		return 0
	}
	var n uint64
	for _, b := range c.raw[:size] {
		n = n<<8 | uint64(b)
	}
	c.raw = c.raw[size:]
	return n
}

// versioned reads what begins a full box: a version and flags.
func (c *cursor) versioned() (version byte) {
	version = byte(c.number(1))
	c.number(3)
	return version
}
