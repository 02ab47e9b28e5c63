package triage

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// chunkText bounds a chunk that is read whole.
const chunkText = 16 << 20

// chunks says how a file is cut into chunks, each behind a head of eight bytes.
type chunks struct {
	begin int64 // of the first
	most  int   // chunks looked at
	head  func([]byte) (kind string, length int64)
	rest  func(length int64) int64          // bytes behind a chunk that are not of it
	last  string                            // kind of the chunk that ends the file; without one the file's end does
	want  map[string]int64                  // how many bytes are wanted of chunks of a kind
	each  func(string, []byte, int64) error // is given kind, bytes, and their offset in the file
}

func pngHead(raw []byte) (string, int64) { return string(raw[4:]), int64(binary.BigEndian.Uint32(raw)) }

func riffHead(raw []byte) (string, int64) {
	return string(raw[:4]), int64(binary.LittleEndian.Uint32(raw[4:]))
}

// read goes through the chunks. What is wrong with one costs that one. Checksums are
// not looked at: of evidence what can be read is read.
func (c chunks) read(ctx context.Context, at io.ReaderAt, size int64) error {
	var faults []error
	offset := c.begin
	for count := range c.most {
		if count%1024 == 0 && ctx.Err() != nil {
			return stop{ctx.Err()}
		}
		if c.last == "" && offset >= size {
			return errors.Join(faults...)
		}
		var head [8]byte
		if _, err := at.ReadAt(head[:], offset); err != nil {
			return errors.Join(append(faults, fmt.Errorf("it breaks off at byte %d", offset))...)
		}
		kind, length := c.head(head[:])
		offset += int64(len(head))
		if offset+length > size {
			return errors.Join(append(faults, fmt.Errorf("the chunk at byte %d says %d bytes, more than there are", offset, length))...)
		}
		if kind == c.last {
			return errors.Join(faults...)
		}
		if err := c.one(at, kind, offset, length); err != nil {
			if _, ends := errors.AsType[stop](err); ends {
				return err
			}
			faults = append(faults, err)
		}
		offset += length + c.rest(length)
	}
	return errors.Join(append(faults, fmt.Errorf("it has more than %d chunks", c.most))...)
}

func (c chunks) one(at io.ReaderAt, kind string, offset, length int64) error {
	wanted := min(c.want[kind], length)
	switch {
	case wanted == 0:
		return nil
	case wanted < length && wanted == chunkText:
		return fmt.Errorf("the chunk at byte %d has %d bytes, more than %d: not read", offset, length, chunkText)
	}
	body := make([]byte, wanted)
	if _, err := at.ReadAt(body, offset); err != nil && err != io.EOF {
		return err
	}
	return c.each(kind, body, offset)
}
