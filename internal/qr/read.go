package qr

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // the formats that telephones and screens give
	_ "image/png"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// Bounds on a picture that is read.
const (
	MaxPicture = 12 << 20 // bytes
	maxSide    = 10_000   // pixels
	maxPixels  = 30_000_000
)

// ErrNoCode: no QR code was found in a picture.
var ErrNoCode = errors.New("no QR code is found in the picture: take it again, straight, sharp and near")

// IsPicture tells whether bytes are a picture that [Read] opens.
func IsPicture(content []byte) bool {
	_, _, err := image.DecodeConfig(bytes.NewReader(content))
	return err == nil
}

// Read reads the one QR code in a picture, PNG or JPEG. The picture may be
// anybody's: its size is looked at before its pixels are.
func Read(content []byte) (text string, err error) {
	if len(content) > MaxPicture {
		return "", fmt.Errorf("read a QR code: a picture of %d bytes is too large: at most %d", len(content), MaxPicture)
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return "", fmt.Errorf("read a QR code: not a PNG or JPEG picture: %w", err)
	}
	if config.Width < 1 || config.Height < 1 || config.Width > maxSide || config.Height > maxSide || config.Width*config.Height > maxPixels {
		return "", fmt.Errorf("read a QR code: a picture of %d × %d pixels is too large", config.Width, config.Height)
	}
	picture, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return "", fmt.Errorf("read a QR code: %w", err)
	}
	for _, way := range ways {
		if text, ok := way.read(picture); ok {
			return text, nil
		}
	}
	return "", fmt.Errorf("read a QR code: %w", ErrNoCode)
}

// way is one way to find a code in a picture. A code that one way misses, because its
// own pattern looks like a corner, another finds.
type way struct {
	hint gozxing.DecodeHintType
	dark func(gozxing.LuminanceSource) gozxing.Binarizer
}

var ways = []way{
	{gozxing.DecodeHintType_PURE_BARCODE, gozxing.NewGlobalHistgramBinarizer}, // as it was drawn
	{gozxing.DecodeHintType_TRY_HARDER, gozxing.NewHybridBinarizer},           // as it was photographed
	{gozxing.DecodeHintType_TRY_HARDER, gozxing.NewGlobalHistgramBinarizer},
}

func (w way) read(picture image.Image) (text string, ok bool) {
	defer func() { // the reader was written for pictures of codes, not for those who want it to fail
		if recover() != nil {
			text, ok = "", false
		}
	}()
	bitmap, err := gozxing.NewBinaryBitmap(w.dark(gozxing.NewLuminanceSourceFromImage(picture)))
	if err != nil {
		return "", false
	}
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{w.hint: true})
	if err != nil {
		return "", false
	}
	return found.GetText(), true
}
