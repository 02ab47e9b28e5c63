package triage

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"io"

	"github.com/ulikunitz/xz/lzma"

	"parley/internal/triage/xz"
)

// Methods beside storing and deflating (PKWARE APPNOTE 6.3.10, section 4.4.5).
const (
	methodBZip2 = 12
	methodLZMA  = 14
	methodZstd  = 93
	methodXZ    = 95
)

// moreMethods lets an archive be packed by the methods of newer programs.
func moreMethods(archive *zip.Reader) {
	archive.RegisterDecompressor(methodBZip2, func(packed io.Reader) io.ReadCloser {
		return io.NopCloser(bzip2.NewReader(packed))
	})
	archive.RegisterDecompressor(methodLZMA, lazily(unpackLZMA))
	archive.RegisterDecompressor(methodZstd, lazily(func(packed io.Reader) (io.ReadCloser, error) {
		return unpackZstd(packed, max(zstdWindow, dictionaryFor(packed)))
	}))
	archive.RegisterDecompressor(methodXZ, lazily(func(packed io.Reader) (io.ReadCloser, error) {
		plain, err := xz.NewReader(packed, xz.Limits{Dictionary: dictionaryBytes})
		return io.NopCloser(plain), err
	}))
}

// unpackLZMA reads the header that zip puts before LZMA (section 5.8.8). Not every
// program marks the end of the data: where it is, the archive says, and its
// checksum tells whether that was right.
func unpackLZMA(packed io.Reader) (io.ReadCloser, error) {
	var header [4]byte
	if _, err := io.ReadFull(packed, header[:]); err != nil {
		return nil, err
	}
	properties := make([]byte, 5)
	if binary.LittleEndian.Uint16(header[2:]) != uint16(len(properties)) {
		return nil, errors.New("its LZMA header is broken")
	}
	if _, err := io.ReadFull(packed, properties); err != nil {
		return nil, err
	}
	unknown := bytes.Repeat([]byte{0xff}, 8)
	asked := int64(binary.LittleEndian.Uint32(properties[1:]))
	binary.LittleEndian.PutUint32(properties[1:], uint32(min(asked, dictionaryFor(packed))))
	plain, err := lzma.ReaderConfig{DictCap: dictionaryBytes}.NewReader(bufio.NewReader(
		io.MultiReader(bytes.NewReader(properties), bytes.NewReader(unknown), packed)))
	return io.NopCloser(endless{plain}), err
}

const (
	unpackedMost = 32 << 10 // times its packed bytes, about, that LZMA and Zstandard can give
	zstdWindow   = 8 << 20  // that every entry may ask for: programs that stream ask without need
)

// dictionaryFor bounds the dictionary of an entry by what it can fill: an archive can
// have millions of entries of some bytes, and each would take the largest.
func dictionaryFor(packed io.Reader) int64 {
	section, ok := packed.(interface{ Size() int64 })
	if !ok {
		return dictionaryBytes
	}
	return min(dictionaryBytes, section.Size()*unpackedMost)
}

// endless takes the end of the packed bytes for that of the file.
type endless struct{ r io.Reader }

func (e endless) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// lazily opens at the first byte, for what opens an entry cannot fail.
func lazily(open func(io.Reader) (io.ReadCloser, error)) zip.Decompressor {
	return func(packed io.Reader) io.ReadCloser { return &lazy{packed: packed, open: open} }
}

type lazy struct {
	packed io.Reader
	open   func(io.Reader) (io.ReadCloser, error)
	plain  io.ReadCloser
	err    error
}

func (l *lazy) Read(p []byte) (int, error) {
	if l.plain == nil && l.err == nil {
		l.plain, l.err = l.open(l.packed)
	}
	if l.err != nil {
		return 0, l.err
	}
	return l.plain.Read(p)
}

func (l *lazy) Close() error {
	if l.plain == nil || l.err != nil {
		return nil
	}
	return l.plain.Close()
}
