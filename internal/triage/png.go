package triage

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/zlib"
)

// Bounds of a PNG file that is read.
const (
	pngChunkMost = 16 << 20 // bytes of a chunk that holds text
	pngChunks    = 1 << 20  // the picture's own data may be cut into many
)

const pngMagic = "\x89PNG\r\n\x1a\n"

func isPNG(f *file) bool { return hasPrefix(f, pngMagic) }

// pngEntries reads the size, what a camera wrote, and the texts of a PNG ("Portable
// Network Graphics (PNG) Specification", third edition, section 11). Packed texts,
// and those in XML, are given as files.
func pngEntries(ctx context.Context, r *reading, f *file, yield func(item) error) error {
	at, err := f.readerAt()
	if err != nil {
		return err
	}
	p := newPicture(r, f)
	problem := eachPNG(ctx, at, f.size, func(kind string, body []byte, offset int64) error {
		switch kind {
		case "IHDR":
			if len(body) >= 8 {
				p.size(int(binary.BigEndian.Uint32(body)), int(binary.BigEndian.Uint32(body[4:])))
			}
		case "eXIf":
			return p.exif(body, offset)
		case "tEXt":
			return p.text(body, offset)
		case "zTXt":
			p.pngPacked(body)
		case "iTXt":
			return p.pngText(body, offset)
		}
		return nil
	})
	return p.done(problem, yield)
}

// pngPacked is a keyword, a zero, a method and a text.
func (p *picture) pngPacked(body []byte) {
	if _, packed, ok := bytes.Cut(body, []byte{0}); ok && len(packed) > 1 {
		p.packed("text.txt", inflated(packed[1:]))
	}
}

// pngText is a keyword, a zero, whether it is packed, a method, a language, a zero,
// the keyword in it, a zero, and a text in UTF-8.
func (p *picture) pngText(body []byte, offset int64) error {
	keyword, rest, ok := bytes.Cut(body, []byte{0})
	if !ok || len(rest) < 2 {
		return fmt.Errorf("the text at byte %d has no keyword", offset)
	}
	name := "text.txt"
	if strings.HasPrefix(string(keyword), "XML:") {
		name = "xmp.xml"
	}
	packed := rest[0] == 1
	parts := bytes.SplitN(rest[2:], []byte{0}, 3)
	switch {
	case len(parts) < 3:
		return fmt.Errorf("the text at byte %d has no end of its keyword", offset)
	case packed:
		p.packed(name, inflated(parts[2]))
	case name == "xmp.xml":
		p.part(name, parts[2])
	default:
		return p.text(body, offset)
	}
	return nil
}

func inflated(packed []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return zlib.NewReader(bytes.NewReader(packed)) }
}

// eachPNG calls each for the chunks that say something of the picture, with the
// offset in the file of the chunk's bytes. Their checksums are not looked at: of
// evidence what can be read is read.
func eachPNG(ctx context.Context, at io.ReaderAt, size int64, each func(kind string, body []byte, offset int64) error) error {
	var faults []error
	offset := int64(len(pngMagic))
	for count := range pngChunks {
		if count%1024 == 0 && ctx.Err() != nil {
			return stop{ctx.Err()}
		}
		var head [8]byte
		if _, err := at.ReadAt(head[:], offset); err != nil {
			return errors.Join(append(faults, fmt.Errorf("it breaks off at byte %d", offset))...)
		}
		length, kind := int64(binary.BigEndian.Uint32(head[:])), string(head[4:])
		offset += int64(len(head))
		switch {
		case offset+length > size:
			return errors.Join(append(faults, fmt.Errorf("the chunk at byte %d says %d bytes, more than there are", offset, length))...)
		case kind == "IEND":
			return errors.Join(faults...)
		case kind == "IHDR" || kind == "eXIf" || strings.HasSuffix(kind, "Xt"):
			if err := eachChunk(at, kind, offset, length, each); err != nil {
				if _, ends := errors.AsType[stop](err); ends {
					return err
				}
				faults = append(faults, err)
			}
		}
		offset += length + 4
	}
	return errors.Join(append(faults, fmt.Errorf("it has more than %d chunks", pngChunks))...)
}

func eachChunk(at io.ReaderAt, kind string, offset, length int64, each func(string, []byte, int64) error) error {
	if length > pngChunkMost {
		return fmt.Errorf("the chunk at byte %d has %d bytes, more than %d: not read", offset, length, pngChunkMost)
	}
	body := make([]byte, length)
	if _, err := at.ReadAt(body, offset); err != nil && err != io.EOF {
		return err
	}
	return each(kind, body, offset)
}
