package xz

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// Magic begins every file.
const Magic = "\xfd7zXZ\x00"

const footerMagic = "YZ"

// Limits bound the memory. A zero field stands for its default.
type Limits struct {
	Dictionary int64 // bytes; 256 MiB, four times what the highest level of xz asks for
}

// reader unpacks streams, one behind the other.
type reader struct {
	in     *counted
	limits Limits
	check  byte   // of this stream's blocks
	block  *block // nil between blocks
	blocks int64  // in this stream
	begun  bool   // a stream was opened
	asked  int64  // bytes of all dictionaries so far
}

// What the dictionaries of all blocks may take, one after the other: each is taken
// anew, and a block of some bytes may ask for the largest.
const (
	dictionariesFree = 1 << 30
	dictionaryOfByte = 32 << 10 // more, for each byte packed
)

// NewReader unpacks what it reads from packed, which may be several streams.
func NewReader(packed io.Reader, limits Limits) (io.Reader, error) {
	if limits.Dictionary <= 0 {
		limits.Dictionary = 256 << 20
	}
	r := &reader{in: &counted{r: bufio.NewReader(packed)}, limits: limits}
	if err := r.stream(); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		if r.block == nil {
			if err := r.next(); err != nil {
				return 0, err
			}
		}
		n, err := r.block.Read(p)
		if err == io.EOF {
			r.block, err = nil, r.block.end()
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

var errBroken = errors.New("the xz file is broken")

// stream reads a stream's header; io.EOF if there is none more.
func (r *reader) stream() error {
	var header [12]byte
	if _, err := io.ReadFull(r.in, header[:4]); err != nil {
		if err == io.EOF && r.begun {
			return io.EOF
		}
		return unexpected(err)
	}
	for r.begun && binary.LittleEndian.Uint32(header[:]) == 0 { // padding between streams
		if _, err := io.ReadFull(r.in, header[:4]); err != nil {
			return err
		}
	}
	if _, err := io.ReadFull(r.in, header[4:]); err != nil {
		return unexpected(err)
	}
	if string(header[:6]) != Magic || header[6] != 0 || header[7] > 15 ||
		crc32.ChecksumIEEE(header[6:8]) != binary.LittleEndian.Uint32(header[8:]) {
		return fmt.Errorf("%w: a stream does not begin at byte %d", errBroken, r.in.n-int64(len(header)))
	}
	r.check, r.blocks, r.begun = header[7], 0, true
	return nil
}

// next opens the next block, and the next stream where one ends.
func (r *reader) next() error {
	for {
		size, err := r.in.ReadByte()
		if err != nil {
			return unexpected(err)
		}
		if size != 0 {
			r.block, err = r.open(size)
			r.blocks++
			return err
		}
		if err := r.index(); err != nil {
			return err
		}
		if err := r.stream(); err != nil {
			return err
		}
	}
}

// open reads a block's header (section 3.1).
func (r *reader) open(size byte) (*block, error) {
	header := make([]byte, (int(size)+1)*4)
	header[0] = size
	if _, err := io.ReadFull(r.in, header[1:]); err != nil {
		return nil, unexpected(err)
	}
	body := header[:len(header)-4]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(header[len(body):]) {
		return nil, fmt.Errorf("%w: a block's header has a wrong checksum", errBroken)
	}
	dictionary, err := r.dictionary(body[1:])
	if err != nil {
		return nil, err
	}
	if r.asked += dictionary; r.asked > dictionariesFree+r.in.n*dictionaryOfByte {
		return nil, errors.New("its blocks ask for far more memory than they fill: a bomb")
	}
	b := &block{in: r.in, start: r.in.n, sum: newCheck(r.check)}
	b.length = checkLength(r.check)
	config := lzma.Reader2Config{DictCap: int(dictionary)}
	b.plain, err = config.NewReader2(r.in)
	return b, err
}

// dictionary gives the size that the only filter, LZMA2, asks for.
func (r *reader) dictionary(body []byte) (int64, error) {
	if body[0]&0x3f != 0 {
		return 0, errors.New("it uses other filters than LZMA2, which are not read")
	}
	rest := body[1:]
	for _, flag := range [...]byte{0x40, 0x80} {
		if body[0]&flag != 0 {
			_, n := binary.Uvarint(rest)
			if n <= 0 {
				return 0, errBroken
			}
			rest = rest[n:]
		}
	}
	if len(rest) < 3 || rest[0] != 0x21 || rest[1] != 1 {
		return 0, errors.New("it uses another filter than LZMA2, which is not read")
	}
	size, err := lzma.DecodeDictCap(rest[2])
	if err != nil {
		return 0, errBroken
	}
	if size > r.limits.Dictionary {
		return 0, fmt.Errorf("it asks for a dictionary of %d bytes, more than the limit of %d", size, r.limits.Dictionary)
	}
	return max(size, lzma.MinDictCap), nil
}

// index goes over the index and the footer (sections 4 and 2.1.2). What they say
// is known already; they must be whole.
func (r *reader) index() error {
	start := r.in.n - 1
	count, err := binary.ReadUvarint(r.in)
	if err != nil || int64(count) != r.blocks {
		return fmt.Errorf("%w: its index is not that of its blocks", errBroken)
	}
	for range 2 * count {
		if _, err := binary.ReadUvarint(r.in); err != nil {
			return unexpected(err)
		}
	}
	padding := -(r.in.n - start) & 3
	tail := make([]byte, padding+4+12)
	if _, err := io.ReadFull(r.in, tail); err != nil {
		return unexpected(err)
	}
	if !bytes.HasSuffix(tail, []byte(footerMagic)) {
		return fmt.Errorf("%w: a stream does not end at byte %d", errBroken, r.in.n)
	}
	return nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// counted reads bytes one by one or many, and counts them.
type counted struct {
	r *bufio.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *counted) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

// block is a block being read.
type block struct {
	in     *counted
	plain  io.Reader
	start  int64 // of the packed bytes
	sum    hash.Hash
	length int64 // of the check
}

func (b *block) Read(p []byte) (int, error) {
	n, err := b.plain.Read(p)
	if b.sum != nil {
		b.sum.Write(p[:n])
	}
	return n, err
}

// end reads the padding and the check behind the packed bytes.
func (b *block) end() error {
	padding := -(b.in.n - b.start) & 3
	tail := make([]byte, padding+b.length)
	if _, err := io.ReadFull(b.in, tail); err != nil {
		return unexpected(err)
	}
	if b.sum != nil && !bytes.Equal(tail[padding:], ordered(b.sum)) {
		return errors.New("a block's checksum is wrong")
	}
	return nil
}
