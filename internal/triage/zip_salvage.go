package triage

import (
	"bufio"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Fields of a zip's local file header (PKWARE APPNOTE 6.3.10, section 4.3.7).
const (
	localMagic      = "PK\x03\x04"
	localHeader     = 30
	flagEncrypted   = 1 << 0
	flagSizesFollow = 1 << 3
	methodStore     = 0
	methodDeflate   = 8
)

// salvageZip reads an archive without its central directory: one entry after the
// other from the start, for as long as each ends where the next begins.
func salvageZip(ctx context.Context, r *reading, f *file, at io.ReaderAt, yield func(item) error) error {
	names, read := newNames(), 0
	var offset int64
	for read < r.opt.Limits.Entries {
		if err := ctx.Err(); err != nil {
			return stop{err}
		}
		entry, err := localEntry(at, offset, f.size)
		if err != nil {
			break
		}
		if entry.next, err = entry.end(f.inside); err != nil {
			break
		}
		if it := f.child(names.unique(entry.name)); !entry.folder() {
			it.open = entry.open
			if err := unsafeName(entry.name); err != nil {
				if err := r.fault(it.place(), err); err != nil {
					return err
				}
			}
			if err := yield(it); err != nil {
				return err
			}
		}
		read++
		offset = entry.next
	}
	return fmt.Errorf("it is truncated or broken: its directory is missing; %d whole entries were read, up to byte %d of %d", read, offset, f.size)
}

type local struct {
	at     io.ReaderAt
	name   string
	method uint16
	flags  uint16
	packed int64 // -1 if only the data tells
	data   int64 // where it begins
	limit  int64 // the archive's size
	next   int64
}

func localEntry(at io.ReaderAt, offset, size int64) (local, error) {
	var header [localHeader]byte
	if _, err := at.ReadAt(header[:], offset); err != nil || string(header[:4]) != localMagic {
		return local{}, errors.New("no entry here")
	}
	little := binary.LittleEndian
	entry := local{at: at, flags: little.Uint16(header[6:]), method: little.Uint16(header[8:]), limit: size}
	entry.packed = int64(little.Uint32(header[18:]))
	if entry.flags&flagSizesFollow != 0 && entry.packed == 0 {
		entry.packed = -1
	}
	name := make([]byte, little.Uint16(header[26:]))
	if _, err := at.ReadAt(name, offset+localHeader); err != nil {
		return local{}, errors.New("its name is cut off")
	}
	entry.name = string(name)
	entry.data = offset + localHeader + int64(len(name)) + int64(little.Uint16(header[28:]))
	known := entry.method == methodDeflate || entry.method == methodStore && entry.packed >= 0
	if entry.flags&flagEncrypted != 0 || !known {
		return local{}, errors.New("it cannot be read without the directory")
	}
	return entry, nil
}

func (e local) folder() bool { return e.packed <= 2 && e.name != "" && e.name[len(e.name)-1] == '/' }

func (e local) open() (io.ReadCloser, error) {
	length := e.packed
	if length < 0 {
		length = e.limit - e.data
	}
	section := io.NewSectionReader(e.at, e.data, length)
	if e.method == methodStore {
		return io.NopCloser(section), nil
	}
	return flate.NewReader(bufio.NewReader(section)), nil
}

// end gives where the next entry begins. Where the header does not say, the data
// are read through, within the budget.
func (e local) end(b *budget) (int64, error) {
	if e.packed >= 0 {
		if e.data+e.packed > e.limit {
			return 0, io.ErrUnexpectedEOF
		}
		return e.data + e.packed, nil
	}
	counted := &byteCounter{r: bufio.NewReader(io.NewSectionReader(e.at, e.data, e.limit-e.data))}
	n, err := io.Copy(io.Discard, io.LimitReader(flate.NewReader(counted), b.left+1))
	if err != nil {
		return 0, err
	}
	if n > b.left {
		return 0, errBudget
	}
	return e.afterDescriptor(e.data + counted.n), nil
}

// afterDescriptor goes over the sizes that follow the data.
func (e local) afterDescriptor(offset int64) int64 {
	var magic [4]byte
	for _, length := range [...]int64{16, 12, 24, 20} {
		if _, err := e.at.ReadAt(magic[:], offset+length); err == nil && string(magic[:2]) == "PK" {
			return offset + length
		}
	}
	return offset + 16
}

// byteCounter counts what a decompressor takes, no byte more.
type byteCounter struct {
	r *bufio.Reader
	n int64
}

func (c *byteCounter) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

func (c *byteCounter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
