package triage

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"context"
	"encoding/binary"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"parley/internal/triage/xz"
)

// What packs one file: it has no names worth reading.

func isGzip(f *file) bool { return hasPrefix(f, "\x1f\x8b\x08") }

// isBzip2: the magic, a level, and the mark of the first block or of the end.
func isBzip2(f *file) bool {
	return hasPrefix(f, "BZh") && len(f.head) >= 10 && f.head[3] >= '1' && f.head[3] <= '9' &&
		(string(f.head[4:10]) == "1AY&SY" || string(f.head[4:10]) == "\x17\x72\x45\x38\x50\x90")
}

func isXZ(f *file) bool { return hasPrefix(f, xz.Magic) }

func isZstd(f *file) bool { return hasPrefix(f, "\x28\xb5\x2f\xfd") }

// dictionaryBytes bounds what one unpacking may hold in memory.
const dictionaryBytes = 256 << 20

func gzipEntries(_ context.Context, _ *reading, f *file, yield func(item) error) error {
	it := f.unpacked(func(packed io.Reader) (io.ReadCloser, error) { return gzip.NewReader(packed) })
	it.hint = gzipSize(f)
	return yield(it)
}

// gzipSize gives the size that stands at the end of a gzip in memory (RFC 1952,
// section 2.3.1), which need not be true.
func gzipSize(f *file) int64 {
	if !f.held || len(f.data) < 18 {
		return 0
	}
	return int64(binary.LittleEndian.Uint32(f.data[len(f.data)-4:]))
}

func bzip2Entries(_ context.Context, _ *reading, f *file, yield func(item) error) error {
	return yield(f.unpacked(func(packed io.Reader) (io.ReadCloser, error) {
		return io.NopCloser(bzip2.NewReader(packed)), nil
	}))
}

func xzEntries(_ context.Context, _ *reading, f *file, yield func(item) error) error {
	return yield(f.unpacked(func(packed io.Reader) (io.ReadCloser, error) {
		plain, err := xz.NewReader(packed, xz.Limits{Dictionary: dictionaryBytes})
		return io.NopCloser(plain), err
	}))
}

func zstdEntries(_ context.Context, _ *reading, f *file, yield func(item) error) error {
	return yield(f.unpacked(openZstd))
}

func openZstd(packed io.Reader) (io.ReadCloser, error) {
	return unpackZstd(packed, dictionaryBytes)
}

// unpackZstd unpacks without goroutines.
func unpackZstd(packed io.Reader, window int64) (io.ReadCloser, error) {
	plain, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(uint64(window)), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	return plain.IOReadCloser(), nil
}

// unpacked is the one file inside. It is called what the packed one is called
// without its ending, never by a name inside it, which is the enemy's to choose.
func (f *file) unpacked(open func(io.Reader) (io.ReadCloser, error)) item {
	it := f.child(unpackedName(f.name()))
	it.once = f.once && !f.held
	it.open = func() (io.ReadCloser, error) {
		if f.held { // bytes in memory need no buffer, and are unpacked sooner
			return open(bytes.NewReader(f.data))
		}
		packed, err := f.reader()
		if err != nil {
			return nil, err
		}
		plain, err := open(bufio.NewReaderSize(packed, lookaheadSize))
		if err != nil {
			packed.Close()
			return nil, err
		}
		return opened{plain, closers{plain, packed}}, nil
	}
	return it
}

// opened reads from one thing and closes another.
type opened struct {
	io.Reader
	io.Closer
}

type closers [2]io.Closer

func (c closers) Close() error {
	first, second := c[0].Close(), c[1].Close()
	if first != nil {
		return first
	}
	return second
}

func unpackedName(name string) string {
	base := path.Base(name)
	switch ext := path.Ext(base); strings.ToLower(ext) {
	case ".gz", ".bz2", ".xz", ".zst":
		return strings.TrimSuffix(base, ext)
	case ".tgz", ".tbz", ".tbz2", ".txz", ".tzst":
		return strings.TrimSuffix(base, ext) + ".tar"
	}
	return base + ".content"
}
