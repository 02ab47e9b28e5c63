package sevenzip

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"unicode/utf16"
)

// Magic begins every archive.
const Magic = "7z\xbc\xaf\x27\x1c"

const signature = 32 // bytes before the packed streams

// Limits bound what an archive may take. A zero field stands for its default.
type Limits struct {
	Header     int64 // bytes of the header, unpacked; 256 MiB
	Dictionary int64 // bytes; 256 MiB
	Files      int   // that are listed, and folders of packed bytes that are; 2,000,000
}

// Archive is an open archive. It serves one goroutine.
type Archive struct {
	Files []File

	at      io.ReaderAt
	size    int64
	limits  Limits
	streams streams
	running []*running // where the last readings of folders stopped, the latest last
	passes  int64      // bytes that may still be unpacked to come to a file
	claimed int        // files that the header says there are
}

// File is an entry.
type File struct {
	Name       string // with slashes, as it was written
	Size       int64
	IsFolder   bool
	Attributes uint32 // of Windows; those of Unix in the high 16 bits when bit 15 is set

	folder int   // -1 if it is empty
	offset int64 // in the folder
	digest digest
}

// Open reads the header of an archive of size bytes.
func Open(at io.ReaderAt, size int64, limits Limits) (*Archive, error) {
	if limits.Header <= 0 {
		limits.Header = 256 << 20
	}
	if limits.Dictionary <= 0 {
		limits.Dictionary = 256 << 20
	}
	if limits.Files <= 0 {
		limits.Files = 2_000_000
	}
	a := &Archive{at: at, size: size, limits: limits}
	header, err := a.readStart()
	if err != nil {
		return nil, err
	}
	c := a.cursor(header)
	for range 4 { // a header may be packed, and that packed again
		if len(c.raw) == 0 || c.raw[0] != markEncodedHeader {
			break
		}
		if header, err = a.unpackHeader(c); err != nil {
			return nil, fmt.Errorf("its header cannot be unpacked: %w", err)
		}
		c = a.cursor(header)
	}
	if len(header) == 0 {
		return a, nil
	}
	a.readHeader(c)
	a.passes = passesFree
	for _, f := range a.streams.folders {
		a.passes = min(a.passes+passes*min(f.size(), mostInput), mostInput)
	}
	return a, c.err
}

func (a *Archive) cursor(header []byte) *cursor { return &cursor{raw: header, most: a.limits.Files} }

// readStart reads the header as it lies in the file.
func (a *Archive) readStart() ([]byte, error) {
	var start [signature]byte
	if _, err := a.at.ReadAt(start[:], 0); err != nil || string(start[:6]) != Magic {
		return nil, errors.New("it is no 7z archive")
	}
	little := binary.LittleEndian
	if crc32.ChecksumIEEE(start[12:]) != little.Uint32(start[8:]) {
		return nil, errors.New("its first bytes are damaged")
	}
	offset, length := little.Uint64(start[12:]), little.Uint64(start[20:])
	if offset > uint64(a.size-signature) || length > uint64(a.size-signature)-offset {
		return nil, fmt.Errorf("it is truncated: its header lies at byte %d of %d", offset+signature, a.size)
	}
	if length > uint64(a.limits.Header) {
		return nil, fmt.Errorf("its header has %d bytes, more than the limit of %d", length, a.limits.Header)
	}
	raw := make([]byte, length)
	if n, err := a.at.ReadAt(raw, signature+int64(offset)); n < len(raw) {
		return nil, err
	}
	if crc32.ChecksumIEEE(raw) != little.Uint32(start[28:]) {
		return nil, errors.New("its header is damaged")
	}
	return raw, nil
}

func (a *Archive) unpackHeader(c *cursor) ([]byte, error) {
	c.byte()
	a.streams = c.streams()
	if c.err != nil || len(a.streams.folders) != 1 {
		return nil, errors.Join(errBroken, c.err)
	}
	size := a.streams.folders[0].size()
	if size > a.limits.Header {
		return nil, fmt.Errorf("it has %d bytes, more than the limit of %d", size, a.limits.Header)
	}
	r, err := a.open(0)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(r, size))
	if d := a.streams.folders[0].digest; err == nil && d.known && crc32.ChecksumIEEE(raw) != d.sum {
		err = errors.New("its checksum is wrong")
	}
	return raw, err
}

func (a *Archive) readHeader(c *cursor) {
	c.want(markHeader)
	for c.err == nil {
		switch c.byte() {
		case markEnd:
			return
		case markArchiveProperties:
			for c.err == nil && c.byte() != markEnd {
				c.bytes(int(min(c.number(), 1<<30)))
			}
		case markAdditionalStreams:
			c.streams()
		case markMainStreams:
			a.streams = c.streams()
		case markFiles:
			a.readFiles(c)
			if c.err == nil {
				c.err = a.place()
			}
		default:
			c.fail()
		}
	}
}

// readFiles reads the names, and which files have no content.
func (a *Archive) readFiles(c *cursor) {
	n := c.count(8)
	a.claimed = n
	a.Files = make([]File, min(n, c.most))
	var empty, emptyFile []bool
	empties := 0
	for c.err == nil {
		kind := c.number()
		if kind == markEnd {
			break
		}
		part := &cursor{raw: c.bytes(int(min(c.number(), 1<<40)))}
		switch kind {
		case markEmptyStream:
			empty = part.bits(n)
			empties = countTrue(empty)
		case markEmptyFile:
			emptyFile = part.bits(empties)
		case markNames:
			part.want(0)
			for i := range a.Files {
				a.Files[i].Name = part.name()
			}
		case markAttributes:
			a.attributes(part)
		}
		if part.err != nil {
			c.err = part.err
		}
	}
	k := 0
	for i := range a.Files {
		if i < len(empty) && empty[i] {
			a.Files[i].folder = -1
			a.Files[i].IsFolder = k >= len(emptyFile) || !emptyFile[k]
			k++
		}
	}
}

func countTrue(list []bool) int {
	n := 0
	for _, yes := range list {
		if yes {
			n++
		}
	}
	return n
}

func (c *cursor) name() string {
	var units []uint16
	for c.err == nil {
		raw := c.bytes(2)
		if raw == nil || raw[0] == 0 && raw[1] == 0 {
			break
		}
		units = append(units, binary.LittleEndian.Uint16(raw))
	}
	return string(utf16.Decode(units))
}

func (a *Archive) attributes(c *cursor) {
	all := c.byte() != 0
	var known []bool
	if !all {
		known = c.bits(a.claimed)
	}
	c.want(0)
	for i := range a.Files {
		if all || i < len(known) && known[i] {
			if raw := c.bytes(4); raw != nil {
				a.Files[i].Attributes = binary.LittleEndian.Uint32(raw)
			}
		}
	}
}

// place says in which folder, and where in it, each file is.
func (a *Archive) place() error {
	folder, next := 0, 0
	var offset int64
	for i := range a.Files {
		f := &a.Files[i]
		if f.folder < 0 {
			continue
		}
		for folder < len(a.streams.folders) && next >= len(a.streams.folders[folder].streams) {
			folder, next, offset = folder+1, 0, 0
		}
		if folder >= len(a.streams.folders) {
			return fmt.Errorf("%w: it names more files than it holds", errBroken)
		}
		f.folder, f.offset, f.Size, f.digest = folder, offset, a.streams.folders[folder].streams[next], a.streams.folders[folder].digests[next]
		offset += f.Size
		next++
	}
	return nil
}

// Claimed is how many files the header says there are; Files may have fewer.
func (a *Archive) Claimed() int { return a.claimed }

// IsLink reports whether the entry is a symbolic link of Unix or Windows.
func (f File) IsLink() bool {
	const unix, link, reparse = 1 << 15, 0o120000, 0x400
	return f.Attributes&unix != 0 && f.Attributes>>16&0o170000 == link || f.Attributes&reparse != 0
}
