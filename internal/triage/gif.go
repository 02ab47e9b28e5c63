package triage

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Bounds of a GIF file that is read.
const (
	gifBlocks = 1 << 20 // an animation has some a picture
	gifText   = 1 << 20 // bytes of one comment
)

// Blocks of a GIF file (CompuServe, "Graphics Interchange Format", version 89a).
const (
	gifPicture   = 0x2c
	gifExtension = 0x21
	gifEnd       = 0x3b
	gifComment   = 0xfe // kinds of extension
	gifPlainText = 0x01
	gifProgram   = 0xff
	gifXMP       = "XMP DataXMP" // the program that wrote XMP
	gifXMPTail   = 257           // bytes behind it that lead every reader to its end
)

func isGIF(f *file) bool { return hasPrefix(f, "GIF87a") || hasPrefix(f, "GIF89a") }

// gifEntries reads the size of a GIF, and gives its comments and texts.
func gifEntries(ctx context.Context, r *reading, f *file, yield func(item) error) error {
	stream, err := f.reader()
	if err != nil {
		return err
	}
	defer stream.Close()
	g := &gifReader{p: newPicture(r, f), r: bufio.NewReader(stream)}
	return g.p.done(g.read(ctx), yield)
}

type gifReader struct {
	p *picture
	r *bufio.Reader
}

func (g *gifReader) read(ctx context.Context) error {
	var head [13]byte
	if _, err := io.ReadFull(g.r, head[:]); err != nil {
		return errors.New("it breaks off within its header")
	}
	g.p.size(int(binary.LittleEndian.Uint16(head[6:])), int(binary.LittleEndian.Uint16(head[8:])))
	if err := g.skip(gifColours(head[10])); err != nil {
		return err
	}
	for count := range gifBlocks {
		if count%1024 == 0 && ctx.Err() != nil {
			return stop{ctx.Err()}
		}
		kind, err := g.r.ReadByte()
		switch {
		case err != nil:
			return errGIF
		case kind == gifEnd:
			return nil
		case kind == gifPicture:
			err = g.picture()
		case kind == gifExtension:
			err = g.extension()
		default:
			err = fmt.Errorf("the byte %#x begins no block", kind)
		}
		if err != nil {
			return err
		}
	}
	return fmt.Errorf("it has more than %d blocks", gifBlocks)
}

var errGIF = errors.New("it breaks off within a block")

// gifColours is the length of a table of colours, by the byte that tells it.
func gifColours(packed byte) int {
	if packed&0x80 == 0 {
		return 0
	}
	return 3 << (1 + packed&7)
}

func (g *gifReader) skip(count int) error {
	if _, err := g.r.Discard(count); err != nil {
		return errGIF
	}
	return nil
}

func (g *gifReader) picture() error {
	var head [9]byte
	if _, err := io.ReadFull(g.r, head[:]); err != nil {
		return errGIF
	}
	if err := g.skip(gifColours(head[8]) + 1); err != nil {
		return err
	}
	_, _, err := g.blocks(0)
	return err
}

func (g *gifReader) extension() error {
	kind, err := g.r.ReadByte()
	if err != nil {
		return errGIF
	}
	most := 0
	switch kind {
	case gifComment, gifPlainText, gifProgram:
		most = gifText
	}
	first, rest, err := g.blocks(most)
	if err != nil {
		return err
	}
	switch kind {
	case gifComment:
		g.p.part("comment.txt", append(first, rest...))
	case gifPlainText: // how it is drawn, and then the text
		g.p.part("text.txt", rest)
	case gifProgram:
		if string(first) == gifXMP && len(rest) > 0 {
			g.p.part("xmp.xml", rest)
		}
	}
	return nil
}

// blocks reads a row of blocks up to the empty one, the first by itself, and keeps
// at most so many bytes. Of XMP, which stands there without blocks, the bytes that
// are taken for their lengths are part of the text.
func (g *gifReader) blocks(most int) (first, rest []byte, err error) {
	for count := 0; ; count++ {
		length, err := g.r.ReadByte()
		if err != nil {
			return nil, nil, errGIF
		}
		if length == 0 {
			return first, trimGIF(first, rest), nil
		}
		block := make([]byte, length)
		if _, err := io.ReadFull(g.r, block); err != nil {
			return nil, nil, errGIF
		}
		switch {
		case len(first)+len(rest)+len(block) > most:
		case count == 0:
			first = block
		case string(first) == gifXMP:
			rest = append(append(rest, length), block...)
		default:
			rest = append(rest, block...)
		}
	}
}

// trimGIF takes the bytes behind XMP away.
func trimGIF(first, rest []byte) []byte {
	if string(first) != gifXMP {
		return rest
	}
	return rest[:max(0, len(rest)-gifXMPTail)]
}
