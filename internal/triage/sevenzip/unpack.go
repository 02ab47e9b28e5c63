package sevenzip

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// Methods, by their identifiers.
const (
	methodCopy    = "\x00"
	methodDelta   = "\x03"
	methodX86     = "\x04"
	methodLZMA    = "\x03\x01\x01"
	methodBCJ     = "\x03\x03\x01\x03"
	methodDeflate = "\x04\x01\x08"
	methodBZip2   = "\x04\x02\x02"
	methodAES     = "\x06\xf1\x07\x01"
	methodLZMA2   = "\x21"
)

// open unpacks a folder from its start.
func (a *Archive) open(number int) (io.Reader, error) {
	f := a.streams.folders[number]
	if len(f.packed) != 1 {
		return nil, errors.New("it was packed from several streams (BCJ2), which is not read")
	}
	packed, err := a.packed(f)
	if err != nil {
		return nil, err
	}
	// Each coder has one input and one output: go from the packed stream along
	// what is bound to what.
	r, step := io.Reader(bufio.NewReader(packed)), f.packed[0]
	for range f.coders {
		if step >= len(f.coders) || f.coders[step].in != 1 || f.coders[step].out != 1 {
			return nil, errBroken
		}
		if f.sizes[step] > f.largestStep() {
			return nil, errBroken
		}
		if r, err = a.unpack(r, f.coders[step], f.sizes[step]); err != nil {
			return nil, err
		}
		next := -1
		for _, b := range f.binds {
			if b.out == step {
				next = b.in
			}
		}
		if next < 0 {
			return io.LimitReader(r, f.sizes[step]), nil
		}
		step = next
	}
	return nil, errBroken
}

// packed finds a folder's packed stream.
func (a *Archive) packed(f folder) (io.Reader, error) {
	if f.first+1 >= len(a.streams.starts) {
		return nil, errBroken
	}
	at := signature + a.streams.starts[f.first]
	size := a.streams.starts[f.first+1] - a.streams.starts[f.first]
	if at > a.size || size > a.size-at {
		return nil, errors.New("the archive is truncated: its packed bytes lie behind its end")
	}
	return io.NewSectionReader(a.at, at, size), nil
}

func (a *Archive) unpack(r io.Reader, c coder, size int64) (io.Reader, error) {
	switch c.method {
	case methodCopy:
		return r, nil
	case methodLZMA:
		return a.lzma(r, c.properties, size)
	case methodLZMA2:
		return a.lzma2(r, c.properties, size)
	case methodDeflate:
		return flate.NewReader(r), nil
	case methodBZip2:
		return bzip2.NewReader(r), nil
	case methodDelta:
		if len(c.properties) != 1 {
			return nil, errBroken
		}
		return &delta{r: r, distance: int(c.properties[0]) + 1}, nil
	case methodBCJ, methodX86:
		return newX86(r), nil
	case methodAES:
		return nil, errors.New("it is encrypted and needs its password: not read")
	}
	return nil, fmt.Errorf("it is packed by the method %x, which is not read", c.method)
}

// dictionary holds what was asked for against what it is good for and the limit.
func (a *Archive) dictionary(asked, size int64) (int64, error) {
	asked = max(min(asked, size), lzma.MinDictCap)
	if asked > a.limits.Dictionary {
		return 0, fmt.Errorf("it asks for a dictionary of %d bytes, more than the limit of %d", asked, a.limits.Dictionary)
	}
	return asked, nil
}

func (a *Archive) lzma(r io.Reader, properties []byte, size int64) (io.Reader, error) {
	if len(properties) != 5 {
		return nil, errBroken
	}
	dictionary, err := a.dictionary(int64(binary.LittleEndian.Uint32(properties[1:])), size)
	if err != nil {
		return nil, err
	}
	header := []byte{properties[0]}
	header = binary.LittleEndian.AppendUint32(header, uint32(dictionary))
	header = binary.LittleEndian.AppendUint64(header, uint64(size))
	return lzma.ReaderConfig{DictCap: int(a.limits.Dictionary)}.NewReader(bufio.NewReader(io.MultiReader(bytes.NewReader(header), r)))
}

func (a *Archive) lzma2(r io.Reader, properties []byte, size int64) (io.Reader, error) {
	if len(properties) != 1 {
		return nil, errBroken
	}
	asked, err := lzma.DecodeDictCap(properties[0])
	if err != nil {
		return nil, errBroken
	}
	dictionary, err := a.dictionary(asked, size)
	if err != nil {
		return nil, err
	}
	return lzma.Reader2Config{DictCap: int(dictionary)}.NewReader2(r)
}
