package triage

import (
	"bytes"
	"context"
	"encoding/binary"
)

const (
	webpChunks  = 1 << 16 // an animation has one or more a picture
	webpHead    = 12      // "RIFF", a size, "WEBP"
	webpVP8     = "VP8 "  // a picture that lost something
	webpVP8L    = "VP8L"  // one that did not
	webpVP8X    = "VP8X"  // what of both, and more, is in the file
	webpExif    = "EXIF"
	webpXMP     = "XMP "
	webpPicture = 16 // bytes of a picture that tell its size
)

func isWebP(f *file) bool {
	return len(f.head) >= webpHead && hasPrefix(f, "RIFF") && string(f.head[8:webpHead]) == "WEBP"
}

// webpEntries reads the size and what the camera wrote in a WebP picture (RFC 9649),
// and gives what other programs added.
func webpEntries(ctx context.Context, r *reading, f *file, yield func(item) error) error {
	at, err := f.readerAt()
	if err != nil {
		return err
	}
	p := newPicture(r, f)
	form := chunks{begin: webpHead, most: webpChunks, head: riffHead}
	form.rest = func(length int64) int64 { return length % 2 }
	form.want = map[string]int64{webpVP8: webpPicture, webpVP8L: webpPicture, webpVP8X: webpPicture, webpExif: chunkText, webpXMP: chunkText}
	form.each = func(kind string, body []byte, offset int64) error {
		switch kind {
		case webpExif:
			bare := bytes.TrimPrefix(body, []byte(exifMagic)) // some write it as JPEG has it
			return p.exif(bare, offset+int64(len(body)-len(bare)))
		case webpXMP:
			p.part("xmp.xml", body)
		default:
			if width, height := webpSize(kind, body); p.a.Picture.Width == 0 {
				p.size(width, height)
			}
		}
		return nil
	}
	return p.done(form.read(ctx, at, f.size), yield)
}

// webpSize reads the size that a chunk says, 0 and 0 if it says none (RFC 9649,
// section 2.7 and 3; RFC 6386, section 9.1).
func webpSize(kind string, body []byte) (width, height int) {
	little := binary.LittleEndian
	switch {
	case kind == webpVP8X && len(body) >= 10:
		return 1 + int(little.Uint32(body[3:])>>8), 1 + int(little.Uint32(body[6:])>>8)
	case kind == webpVP8L && len(body) >= 5 && body[0] == 0x2f:
		bits := little.Uint32(body[1:])
		return 1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff)
	case kind == webpVP8 && len(body) >= 10 && string(body[3:6]) == "\x9d\x01\x2a":
		return int(little.Uint16(body[6:]) & 0x3fff), int(little.Uint16(body[8:]) & 0x3fff)
	}
	return 0, 0
}
