package triage

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/zlib"
)

const (
	pngMagic  = "\x89PNG\r\n\x1a\n"
	pngChunks = 1 << 20 // the picture's own data may be cut into many
)

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
	form := chunks{begin: int64(len(pngMagic)), most: pngChunks, head: pngHead, last: "IEND"}
	form.rest = func(int64) int64 { return 4 } // the checksum
	form.want = map[string]int64{"IHDR": 8, "eXIf": chunkText, "tEXt": chunkText, "zTXt": chunkText, "iTXt": chunkText}
	form.each = func(kind string, body []byte, offset int64) error {
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
	}
	return p.done(form.read(ctx, at, f.size), yield)
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
