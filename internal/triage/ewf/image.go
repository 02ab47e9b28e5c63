package ewf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Image is the content of a disk image. It may be read by several goroutines.
type Image struct {
	MD5, SHA1 []byte // of the content, as the image says; nil if it does not
	About     About
	// Problems is what is wrong with the image, as far as its sections tell.
	Problems []string

	size    int64
	chunk   int64
	tables  []table
	cache   cache
	damage  damage
	unpacks int64 // bytes that may still be unpacked; shared by readers
}

// table says where some chunks are in a segment.
type table struct {
	segment Segment
	first   int64 // number of its first chunk
	base    int64 // what its entries count from
	end     int64 // where its last chunk ends
	entries []uint32
}

const (
	largestChunk = 16 << 20
	mostChunks   = 1 << 31
	packedChunk  = 1 << 31 // flag of an entry
)

// Open reads the sections of the segments, which are given in their order.
// A segment that is missing at the end is a problem, not an error.
func Open(segments []Segment) (*Image, error) {
	image := &Image{cache: newCache()}
	ended := false
	for i, s := range segments {
		number, err := s.number()
		if err != nil {
			return nil, err
		}
		if number != i+1 {
			return nil, fmt.Errorf("it is segment %d where segment %d was looked for", number, i+1)
		}
		r := &reading{image: image, segment: s}
		if ended, err = s.each(r.section); err != nil {
			image.problem("segment %d is truncated or broken: %v", i+1, err)
		}
	}
	if image.chunk == 0 {
		return nil, errors.Join(errors.New("no section says how large the content is"), image.firstProblem())
	}
	if !ended {
		image.problem("the image does not end with segment %d: what is in others is not read", len(segments))
	}
	return image, image.cut(segments)
}

// mostPacked is how many times its packed bytes Deflate can give, at most.
const mostPacked = 1032

// cut takes the chunks that no table has off the end, and refuses an image whose
// chunks cannot come from the bytes that it has.
func (m *Image) cut(segments []Segment) error {
	described := int64(0)
	if last := len(m.tables) - 1; last >= 0 {
		described = m.tables[last].chunks()
	}
	if described < m.count() {
		m.problem("not all of its %d chunks are in it: it is read up to byte %d", m.count(), described*m.chunk)
		m.size = described * m.chunk
	}
	var bytes int64
	for _, s := range segments {
		bytes += s.Size
	}
	if m.size/mostPacked > bytes {
		return fmt.Errorf("it claims %d bytes, which cannot be packed into its %d", m.size, bytes)
	}
	m.unpacks = unpacks*m.size + unpacksFree
	return nil
}

// What reading may unpack: so many times all there is, for a reader goes back.
const (
	unpacks     = 64
	unpacksFree = 1 << 30
)

func (t table) chunks() int64 { return t.first + int64(len(t.entries)) }

// Size is the length of the content in bytes.
func (m *Image) Size() int64 { return m.size }

func (m *Image) count() int64 { return (m.size + m.chunk - 1) / m.chunk }

func (m *Image) problem(format string, args ...any) {
	const most = 32
	if len(m.Problems) < most {
		m.Problems = append(m.Problems, fmt.Sprintf(format, args...))
	}
}

func (m *Image) firstProblem() error {
	if len(m.Problems) == 0 {
		return nil
	}
	return errors.New(m.Problems[0])
}

// reading is of one segment.
type reading struct {
	image   *Image
	segment Segment
	sectors section // the last
	table   bool    // whether a good table of it was read
	headers int     // that were looked at
}

// mostHeaders bounds the headers of a segment that are looked at: a true one has
// three at most, and each may take a mebibyte.
const mostHeaders = 16

func (r *reading) section(s section) error {
	m := r.image
	switch s.kind {
	case "volume", "disk", "data":
		return r.volume(s)
	case "sectors":
		r.sectors, r.table = s, false
	case "table", "table2":
		if r.table {
			return nil // the other was good
		}
		err := r.readTable(s)
		if err != nil && s.kind == "table" {
			m.problem("a table of chunks is broken (%v): its copy is used", err)
			return nil
		}
		return err
	case "header", "header2":
		if r.headers++; r.headers > mostHeaders {
			return errors.New("it has too many headers")
		}
		if err := m.About.read(r.segment, s); err != nil {
			m.problem("what it says about the acquisition cannot be read: %v", err)
		}
	case "hash":
		if raw, err := r.segment.read(s, 16); err == nil && len(raw) == 16 && !empty(raw) {
			m.MD5 = raw
		}
	case "digest":
		if raw, err := r.segment.read(s, 36); err == nil && len(raw) == 36 {
			if m.MD5 == nil && !empty(raw[:16]) {
				m.MD5 = raw[:16]
			}
			if !empty(raw[16:]) {
				m.SHA1 = raw[16:]
			}
		}
	case "error2":
		if raw, err := r.segment.read(s, 4); err == nil && len(raw) == 4 {
			if n := binary.LittleEndian.Uint32(raw); n > 0 {
				m.problem("the acquisition could not read the disk at %d places", n)
			}
		}
	}
	return nil
}

// volume reads the sizes. Later segments repeat them.
func (r *reading) volume(s section) error {
	raw, err := r.segment.read(s, 2048)
	if err != nil || len(raw) < 24 || r.image.chunk != 0 {
		return err
	}
	if _, err := checked(raw); err != nil {
		r.image.problem("the sizes: %v", err)
	}
	little := binary.LittleEndian
	chunks, perChunk, sector := int64(little.Uint32(raw[4:])), int64(little.Uint32(raw[8:])), int64(little.Uint32(raw[12:]))
	sectors := int64(little.Uint32(raw[16:]))
	if len(raw) > 94 {
		sectors = int64(little.Uint64(raw[16:]))
	}
	if perChunk == 0 || perChunk > largestChunk || sector == 0 || sector > 64<<10 || perChunk*sector > largestChunk ||
		sectors < 0 || sectors > mostChunks*perChunk || chunks == 0 {
		return errors.New("its sizes cannot be")
	}
	r.image.chunk, r.image.size = perChunk*sector, min(sectors*sector, chunks*perChunk*sector)
	return nil
}

const tableHeader = 24

func (r *reading) readTable(s section) error {
	m := r.image
	raw, err := r.segment.read(s, tableHeader)
	if err != nil || len(raw) < tableHeader {
		return io.ErrUnexpectedEOF
	}
	if _, err := checked(raw); err != nil {
		return err
	}
	count, base := int64(binary.LittleEndian.Uint32(raw)), int64(binary.LittleEndian.Uint64(raw[8:]))
	var first int64
	if n := len(m.tables); n > 0 {
		first = m.tables[n-1].chunks()
	}
	if m.chunk == 0 || base < 0 || tableHeader+4*count > s.size || first+count > m.count() {
		return errors.New("it has more chunks than the image")
	}
	entries := make([]byte, 4*count)
	if n, err := r.segment.At.ReadAt(entries, s.at+tableHeader); n < len(entries) {
		return err
	}
	t := table{segment: r.segment, first: first, base: base, end: r.sectors.at + r.sectors.size}
	t.entries = make([]uint32, count)
	for i := range t.entries {
		t.entries[i] = binary.LittleEndian.Uint32(entries[4*i:])
	}
	if sum := make([]byte, 4); s.size >= tableHeader+4*count+4 {
		if _, err := r.segment.At.ReadAt(sum, s.at+tableHeader+4*count); err == nil {
			if _, err := checked(slices.Concat(entries, sum)); err != nil && s.kind == "table" {
				return err
			}
		}
	}
	m.tables, r.table = append(m.tables, t), true
	return nil
}
