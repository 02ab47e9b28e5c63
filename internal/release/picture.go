package release

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
)

// The most that a picture may be: as it is given, and as a tearline carries it.
const (
	MaxPictures     = 4
	MaxPictureFile  = 16 << 20 // bytes of a file that is given
	maxGivenPixels  = 16 << 20
	maxPictureSide  = 1_280     // pixels of the longer side in a tearline; larger ones are made smaller
	maxPictureBytes = 512 << 10 // in a tearline
	jpegQuality     = 80
)

// ErrPicture: a file that cannot go with a tearline.
var ErrPicture = errors.New("this file goes with no tearline")

// Picture is a picture that goes with a tearline. Of the file nothing is copied: its pixels are drawn anew.
type Picture struct {
	Name   string `json:"name"`   // of the file, for the people who clear it; never written
	SHA256 string `json:"sha256"` // of the file, in hexadecimal; one of the things that may not show
	File   []byte `json:"-"`
}

// redrawn is a picture as a tearline carries it.
type redrawn struct {
	mime string
	data []byte
}

// redraw decodes a PNG or JPEG and writes its pixels anew: no metadata, no profile, no preview, no comment and
// nothing behind its end comes along, and nothing is transparent. A large picture is made smaller by a whole
// factor. A PNG stays one, without the two lowest bits of each colour, where a mark would stand unseen, unless
// it is too large; then it becomes a JPEG.
func redraw(file []byte) (redrawn, error) {
	kind, err := pictureKind(file)
	if err != nil {
		return redrawn{}, err
	}
	if len(file) > MaxPictureFile {
		return redrawn{}, fmt.Errorf("it has %d bytes and %d are the most; make it smaller", len(file), MaxPictureFile)
	}
	head, _, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return redrawn{}, fmt.Errorf("it cannot be read as a picture: %w", err)
	}
	if head.Width < 1 || head.Height < 1 || head.Width > maxGivenPixels/head.Height {
		return redrawn{}, fmt.Errorf("it has %d × %d pixels and %d in all are the most; make it smaller", head.Width, head.Height, maxGivenPixels)
	}
	decoded, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return redrawn{}, fmt.Errorf("it cannot be read as a picture: %w", err)
	}
	pixels := smaller(plainPixels(decoded))
	if kind == mimePNG {
		if data, err := asPNG(pixels); err != nil || len(data) <= maxPictureBytes {
			return redrawn{mimePNG, data}, err
		}
	}
	data, err := asJPEG(pixels)
	if err == nil && len(data) > maxPictureBytes {
		err = fmt.Errorf("it would have %d bytes and %d are the most; make it smaller", len(data), maxPictureBytes)
	}
	return redrawn{mimeJPEG, data}, err
}

const (
	mimePNG  = "image/png"
	mimeJPEG = "image/jpeg"
)

// pictureKind tells by its first bytes what a file is, and why it cannot go with a tearline.
func pictureKind(file []byte) (mime string, err error) {
	for _, known := range []struct{ start, mime, refused string }{
		{"\x89PNG\r\n\x1a\n", mimePNG, ""},
		{"\xff\xd8\xff", mimeJPEG, ""},
		{"%PDF-", "", "a PDF document"},
		{"PK\x03\x04", "", "an archive or an office document"},
		{"\xd0\xcf\x11\xe0", "", "an office document"},
		{"{\\rtf", "", "a rich text document"},
		{"GIF8", "", "a GIF"},
		{"RIFF", "", "a WebP picture, a video or a sound"},
		{"<svg", "", "a drawing that can hold scripts and links"},
		{"<?xml", "", "an XML document"},
	} {
		switch {
		case !bytes.HasPrefix(file, []byte(known.start)):
		case known.mime != "":
			return known.mime, nil
		default:
			return "", fmt.Errorf("it is %s, which can say more than it shows; say what it says in the text, or attach a picture of it as PNG or JPEG", known.refused)
		}
	}
	return "", errors.New("it is no PNG and no JPEG, and nothing else goes with a tearline; say what it says in the text")
}

// plainPixels copies pixels into the one layout that is written, onto white: what is transparent can hide
// what nobody sees.
func plainPixels(from image.Image) *image.RGBA {
	to := image.NewRGBA(image.Rect(0, 0, from.Bounds().Dx(), from.Bounds().Dy()))
	draw.Draw(to, to.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(to, to.Bounds(), from, from.Bounds().Min, draw.Over)
	return to
}

// smaller makes one pixel of each square of n × n, with the least n that is enough.
func smaller(from *image.RGBA) *image.RGBA {
	width, height := from.Bounds().Dx(), from.Bounds().Dy()
	n := (max(width, height) + maxPictureSide - 1) / maxPictureSide
	if n <= 1 {
		return from
	}
	to := image.NewRGBA(image.Rect(0, 0, max(1, width/n), max(1, height/n)))
	for y := range to.Bounds().Dy() {
		for x := range to.Bounds().Dx() {
			average(to.Pix[to.PixOffset(x, y):], from, x*n, y*n, n)
		}
	}
	return to
}

// average writes the mean of a square of pixels.
func average(to []byte, from *image.RGBA, x, y, n int) {
	var sum [4]int
	count := 0
	for row := y; row < min(y+n, from.Bounds().Dy()); row++ {
		for column := x; column < min(x+n, from.Bounds().Dx()); column++ {
			at := from.PixOffset(column, row)
			for i := range sum {
				sum[i] += int(from.Pix[at+i])
			}
			count++
		}
	}
	for i := range sum {
		to[i] = byte(sum[i] / count)
	}
}

// asPNG writes pixels without the two lowest bits of each colour.
func asPNG(pixels *image.RGBA) ([]byte, error) {
	coarse := image.NewRGBA(pixels.Bounds())
	for i, value := range pixels.Pix {
		if coarse.Pix[i] = value; i%4 != 3 {
			coarse.Pix[i] = value &^ 3
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, coarse)
	return b.Bytes(), err
}

func asJPEG(pixels *image.RGBA) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, pixels, &jpeg.Options{Quality: jpegQuality})
	return b.Bytes(), err
}
