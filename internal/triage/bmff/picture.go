package bmff

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
)

// Magic stands four bytes after the beginning of every file.
const Magic = "ftyp"

// brands of pictures, as the first box names them.
var brands = []string{"heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif", "avis"}

// Is reports whether a file begins as a picture does.
func Is(head []byte) bool {
	if len(head) < 16 || string(head[4:8]) != Magic {
		return false
	}
	length := min(int(binary.BigEndian.Uint32(head)), len(head), 256)
	for i := 8; i+4 <= length; i += 4 {
		if i != 12 && slices.Contains(brands, string(head[i:i+4])) { // after the first stands its version
			return true
		}
	}
	return false
}

// Picture is what the boxes say.
type Picture struct {
	Width, Height int // pixels, of the largest image in the file; 0 if none is given

	at   io.ReaderAt
	size int64
	exif item
}

// item is where an item lies.
type item struct {
	id      uint64
	found   bool
	inData  bool // counted from the box idat, not from the file's beginning
	extents [][2]uint64
	data    box
}

// Open reads the boxes of a file of size bytes. With an error the picture is what
// was read before it.
func Open(at io.ReaderAt, size int64) (*Picture, error) {
	p := &Picture{at: at, size: size}
	err := boxes(at, 0, size, func(b box) error {
		if b.kind != "meta" || p.exif.id != 0 {
			return nil
		}
		return p.meta(b)
	})
	return p, err
}

// meta reads the box with the items. It is read into memory, for its parts refer to
// each other in any order.
func (p *Picture) meta(b box) error {
	if b.length > mostMeta || b.length < 4 {
		return fmt.Errorf("its list of items has %d bytes", b.length)
	}
	raw := make([]byte, b.length)
	if _, err := p.at.ReadAt(raw, b.at); err != nil {
		return fmt.Errorf("its list of items cannot be read: %w", err)
	}
	var location []byte
	in := bytes.NewReader(raw)
	err := boxes(in, 4, b.length, func(part box) error {
		content := raw[part.at : part.at+part.length]
		switch part.kind {
		case "iinf":
			return p.names(in, part, content)
		case "iloc":
			location = content
		case "idat":
			p.exif.data = box{part.kind, b.at + part.at, part.length}
		case "iprp":
			return p.properties(in, raw, part)
		}
		return nil
	})
	if err == nil && p.exif.id != 0 {
		err = p.locate(location)
	}
	return err
}

// names finds the item that is Exif data (14496-12 section 8.11.6).
func (p *Picture) names(in io.ReaderAt, b box, raw []byte) error {
	c := &cursor{raw: raw}
	size := 2
	if c.versioned() > 0 {
		size = 4
	}
	c.number(size)
	from := b.at + b.length - int64(len(c.raw))
	return boxesOf(in, from, b.at+b.length, mostItems, func(entry box) error {
		if entry.kind != "infe" || p.exif.id != 0 {
			return nil
		}
		var head [16]byte
		n, _ := in.ReadAt(head[:min(16, entry.length)], entry.at)
		c := &cursor{raw: head[:n]}
		version, size := c.versioned(), 2
		if version > 2 {
			size = 4
		}
		id := c.number(size)
		c.number(2) // how it is protected
		if version >= 2 && !c.short && len(c.raw) >= 4 && string(c.raw[:4]) == "Exif" {
			p.exif.id = id
		}
		return nil
	})
}

// properties finds the size of the largest image (23008-12 section 6.5.3).
func (p *Picture) properties(in io.ReaderAt, raw []byte, b box) error {
	return boxes(in, b.at, b.at+b.length, func(list box) error {
		if list.kind != "ipco" {
			return nil
		}
		return boxesOf(in, list.at, list.at+list.length, mostItems, func(property box) error {
			if property.kind != "ispe" || property.length < 12 {
				return nil
			}
			size := raw[property.at+4:]
			width, height := binary.BigEndian.Uint32(size), binary.BigEndian.Uint32(size[4:])
			if width <= math.MaxInt32 && height <= math.MaxInt32 && uint64(width)*uint64(height) > uint64(p.Width)*uint64(p.Height) {
				p.Width, p.Height = int(width), int(height)
			}
			return nil
		})
	})
}
