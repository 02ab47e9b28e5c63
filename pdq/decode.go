package pdq

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// Limits bound what [Decode] accepts. A field left at zero takes its default.
type Limits struct {
	Bytes  int64 // of the file; 64 MiB
	Pixels int   // width times height; 64 million
}

const (
	defaultBytes  = 64 << 20
	defaultPixels = 64_000_000
)

// ErrLimit is wrapped by the errors of [Decode] that refuse a picture for its size.
var ErrLimit = errors.New("over the limit")

// ErrFormat is wrapped by the error of [Decode] for anything that is not JPEG, PNG, GIF or WebP.
var ErrFormat = errors.New("not a JPEG, PNG, GIF or WebP")

// format is one kind of picture.
type format struct {
	name   string
	magic  string // a question mark stands for any byte
	header func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

var formats = []format{
	{"jpeg", "\xff\xd8\xff", jpeg.DecodeConfig, jpeg.Decode},
	{"png", "\x89PNG\r\n\x1a\n", png.DecodeConfig, png.Decode},
	{"gif", "GIF87a", gif.DecodeConfig, gif.Decode},
	{"gif", "GIF89a", gif.DecodeConfig, gif.Decode},
	{"webp", "RIFF????WEBP", webp.DecodeConfig, webp.Decode},
}

// Decode reads a JPEG, a PNG, the first picture of a GIF, or a WebP that does not move. It reads the width and height from the
// header and refuses a picture over the limits before it takes memory for the pixels; up to 64
// bytes a pixel may then be needed for a progressive JPEG.
func Decode(r io.Reader, lim Limits) (image.Image, error) {
	if lim.Bytes <= 0 {
		lim.Bytes = defaultBytes
	}
	if lim.Pixels <= 0 {
		lim.Pixels = defaultPixels
	}
	data, err := io.ReadAll(io.LimitReader(r, lim.Bytes+1))
	if err != nil {
		return nil, fmt.Errorf("decode picture: %w", err)
	}
	if int64(len(data)) > lim.Bytes {
		return nil, fmt.Errorf("decode picture: more than %d bytes: %w", lim.Bytes, ErrLimit)
	}
	for _, f := range formats {
		if f.begins(data) {
			return f.read(data, lim.Pixels)
		}
	}
	return nil, fmt.Errorf("decode picture: %w", ErrFormat)
}

func (f format) begins(data []byte) bool {
	if len(data) < len(f.magic) {
		return false
	}
	for i := range len(f.magic) {
		if f.magic[i] != '?' && f.magic[i] != data[i] {
			return false
		}
	}
	return true
}

// read decodes a picture whose header allows it.
func (f format) read(data []byte, pixels int) (image.Image, error) {
	header, err := f.header(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("decode %s: read its header: %w", f.name, err)
	}
	if header.Width <= 0 || header.Height <= 0 || header.Width > pixels/header.Height {
		return nil, fmt.Errorf("decode %s: %d × %d pixels, of %d allowed: %w", f.name, header.Width, header.Height, pixels, ErrLimit)
	}
	picture, err := f.decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("decode %s of %d × %d pixels: %w", f.name, header.Width, header.Height, err)
	}
	return picture, nil
}
