package ewf

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/adler32"
	"io"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
)

// ReadAt reads the content. Damaged chunks are zeros and are kept for [Image.Damage].
func (m *Image) ReadAt(p []byte, offset int64) (int, error) {
	if offset < 0 {
		return 0, errors.New("read before the start of an image")
	}
	n := 0
	for n < len(p) {
		at := offset + int64(n)
		if at >= m.size {
			return n, io.EOF
		}
		data, err := m.load(at / m.chunk)
		if err != nil {
			return n, err
		}
		n += copy(p[n:], data[at%m.chunk:])
	}
	return n, nil
}

// load gives a chunk from the cache or from its segment.
func (m *Image) load(number int64) ([]byte, error) {
	if data := m.cache.get(number); data != nil {
		return data, nil
	}
	if atomic.AddInt64(&m.unpacks, -m.chunk) < 0 {
		return nil, errUnpacks
	}
	length := min(m.chunk, m.size-number*m.chunk)
	data, err := m.read(number, length)
	if err != nil {
		m.damage.add(number, err)
	}
	if int64(len(data)) < length {
		data = append(slices.Clip(data), make([]byte, length-int64(len(data)))...)
	}
	m.cache.put(number, data)
	return data, nil
}

var errUnpacks = errors.New("its chunks were asked for in too many orders: each is unpacked anew")

var errMissing = errors.New("no segment has it")

// read reads a chunk. With an error the bytes are those that could be read.
func (m *Image) read(number, length int64) ([]byte, error) {
	i := sort.Search(len(m.tables), func(i int) bool { return m.tables[i].chunks() > number })
	if i == len(m.tables) {
		return nil, errMissing
	}
	t := m.tables[i]
	k := number - t.first
	entry := t.entries[k]
	start, end := t.base+int64(entry&^packedChunk), t.end
	if k+1 < int64(len(t.entries)) {
		end = t.base + int64(t.entries[k+1]&^packedChunk)
	}
	if most := m.chunk + m.chunk/16 + 1024; end <= start || end-start > most {
		end = start + most
	}
	if start >= t.segment.Size {
		return nil, io.ErrUnexpectedEOF
	}
	raw := make([]byte, min(end, t.segment.Size)-start)
	if n, err := t.segment.At.ReadAt(raw, start); n < len(raw) {
		return nil, err
	}
	if entry&packedChunk != 0 {
		return unpack(raw, length)
	}
	return stored(raw, length)
}

func unpack(raw []byte, length int64) ([]byte, error) {
	r, err := zlib.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	data := make([]byte, length)
	n, err := io.ReadFull(r, data)
	if err == nil {
		// The checksum is behind the last byte.
		if _, err = io.CopyN(io.Discard, r, 1); err == io.EOF {
			err = nil
		} else if err == nil {
			err = errors.New("it unpacks to more bytes than a chunk has")
		}
	}
	return data[:n], err
}

func stored(raw []byte, length int64) ([]byte, error) {
	if int64(len(raw)) < length+4 {
		return raw[:min(int64(len(raw)), length)], io.ErrUnexpectedEOF
	}
	if adler32.Checksum(raw[:length]) != binary.LittleEndian.Uint32(raw[length:]) {
		return raw[:length], errors.New("its checksum is wrong")
	}
	return raw[:length], nil
}

// damage keeps which chunks could not be read.
type damage struct {
	mu     sync.Mutex
	chunks map[int64]error
}

const mostDamage = 1 << 16

func (d *damage) add(chunk int64, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.chunks == nil {
		d.chunks = map[int64]error{}
	}
	if len(d.chunks) < mostDamage {
		d.chunks[chunk] = err
	}
}

// Damage says which chunks that have been read so far were damaged, in one line;
// "" if none was.
func (m *Image) Damage() string {
	m.damage.mu.Lock()
	defer m.damage.mu.Unlock()
	if len(m.damage.chunks) == 0 {
		return ""
	}
	first := int64(-1)
	for chunk := range m.damage.chunks {
		if first < 0 || chunk < first {
			first = chunk
		}
	}
	return fmt.Sprintf("%d of its %d chunks are damaged, the first at byte %d: %v", len(m.damage.chunks), m.count(), first*m.chunk, m.damage.chunks[first])
}
