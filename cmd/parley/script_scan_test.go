package main

import (
	"image/png"
	"os"
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/rogpeppe/go-internal/testscript"
)

// scan reads QR codes from pictures as a camera does, with a reader that others
// wrote, and writes a line for each.
func scan(ts *testscript.TestScript, args []string) {
	want(ts, args, 2, "scan FILE PICTURE…")
	var lines strings.Builder
	for _, name := range args[1:] {
		picture, err := png.Decode(strings.NewReader(ts.ReadFile(name)))
		ts.Check(err)
		bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
		ts.Check(err)
		result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
		ts.Check(err)
		lines.WriteString(result.GetText() + "\n")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(lines.String()), 0o600))
}
