package main

import (
	"image/png"
	"os"
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/rogpeppe/go-internal/testscript"
)

// scan reads QR codes from pictures with a reader that others wrote, and writes
// a line for each. It looks for the code as a camera does; of a large code its
// guess at how many modules there are is wrong at times, where a camera would
// look again. Then it reads the picture as the flat one that it is.
func scan(ts *testscript.TestScript, args []string) {
	want(ts, args, 2, "scan FILE PICTURE…")
	var lines strings.Builder
	for _, name := range args[1:] {
		picture, err := png.Decode(strings.NewReader(ts.ReadFile(name)))
		ts.Check(err)
		bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
		ts.Check(err)
		result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
		if err != nil {
			flat := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true}
			result, err = qrcode.NewQRCodeReader().Decode(bitmap, flat)
		}
		ts.Check(err)
		lines.WriteString(result.GetText() + "\n")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(lines.String()), 0o600))
}
