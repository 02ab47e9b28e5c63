package qr

import (
	"bufio"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"

	"github.com/boombuler/barcode/qr"
)

// Purpose is where a code is shown: it sets how much of it may be damaged and how much it holds.
type Purpose struct {
	level qr.ErrorCorrectionLevel
	// Most is how many characters of the alphanumeric set (0-9 A-Z, blank, and $%*+-./:) a code holds at most, by
	// table 7 of ISO/IEC 18004.
	Most int
}

// Terminal is a code of at most version 13, so that it fits 80 columns with its margin; 7 % of it may be damaged.
var Terminal = Purpose{qr.L, 619}

// Print is a code of any version up to 40; 15 % of it may be damaged.
var Print = Purpose{qr.M, 3391}

// margin is the light border, in modules, that a reader needs.
const margin = 4

// Code is one QR code.
type Code struct{ modules image.Image }

// New makes a code of characters of the alphanumeric set.
func New(content string, p Purpose) (*Code, error) {
	if len(content) > p.Most {
		return nil, fmt.Errorf("draw a QR code: %d characters are too many, it holds %d", len(content), p.Most)
	}
	modules, err := qr.Encode(content, p.level, qr.AlphaNumeric)
	if err != nil {
		return nil, fmt.Errorf("draw a QR code: %w", err)
	}
	return &Code{modules}, nil
}

// Size is how many modules a side has, the margin included.
func (c *Code) Size() int { return c.modules.Bounds().Dx() + 2*margin }

// dark says whether a module is dark; there is nothing dark outside.
func (c *Code) dark(x, y int) bool {
	at := image.Pt(x-margin, y-margin)
	if !at.In(c.modules.Bounds()) {
		return false
	}
	r, _, _, _ := c.modules.At(at.X, at.Y).RGBA()
	return r < 1<<15
}

// Draw writes the code for a terminal: two modules a character, black on white whatever the terminal's colours.
func (c *Code) Draw(out io.Writer) error {
	w := bufio.NewWriter(out)
	for y := 0; y < c.Size(); y += 2 {
		fmt.Fprint(w, "\x1b[30;107m")
		for x := range c.Size() {
			switch upper, lower := c.dark(x, y), c.dark(x, y+1); {
			case upper && lower:
				fmt.Fprint(w, "█")
			case upper:
				fmt.Fprint(w, "▀")
			case lower:
				fmt.Fprint(w, "▄")
			default:
				fmt.Fprint(w, " ")
			}
		}
		fmt.Fprint(w, "\x1b[0m\n")
	}
	return w.Flush()
}

// PNG writes the code as a picture with so many pixels to the side of a module.
func (c *Code) PNG(w io.Writer, scale int) error {
	side := c.Size() * scale
	picture := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			if c.dark(x/scale, y/scale) {
				picture.SetColorIndex(x, y, 1)
			}
		}
	}
	if err := png.Encode(w, picture); err != nil {
		return fmt.Errorf("write a QR code as PNG: %w", err)
	}
	return nil
}
