package console_test

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// manual are the pages of which docs/pictures has a picture, by its name: all at
// North, of what the demonstration invented.
var manual = map[string]string{
	"overview": "/", "warning": "/warnings/W1", "match": "/matches/M1", "letter": browsed["letter"], "claim": browsed["claim"], "counts": "/counts",
	"review": "/evidence/E1/review", "timeline": "/evidence/E1/timeline", "contacts": "/evidence/E1/contacts", "map": "/evidence/E1/map",
	"room": "/counterparts/C1",
}

// mostManual bounds a picture of the manual, in bytes.
const mostManual = 60_000

// The pictures of the manual are small, and made by this test where
// PARLEY_MANUAL names their folder.
func TestPicturesOfTheManual(t *testing.T) {
	dir := os.Getenv("PARLEY_MANUAL")
	if dir == "" {
		const there = "../../docs/pictures"
		for name := range manual {
			if info, err := os.Stat(filepath.Join(there, name+".png")); err != nil || info.Size() > mostManual {
				t.Errorf("%s/%s.png: %v, more than %d bytes, or missing: make it with PARLEY_MANUAL=$PWD/docs/pictures go test -run Manual ./internal/console", there, name, err, mostManual)
			}
		}
		return
	}
	north, _ := parties(t)
	base := served(t, north.Node())
	b := openTab(t)
	b.open(base + "/sign-in")
	b.signIn(north.Analyst, north.Passphrase())
	b.Theme("light")
	b.Call("Emulation.setDeviceMetricsOverride", map[string]any{"width": 1100, "height": 760, "deviceScaleFactor": 1, "mobile": false}, nil)
	for name, path := range manual {
		b.open(base + path)
		img, _ := b.Picture()
		var out bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, paletted(img)); err != nil {
			t.Fatal(err)
		}
		if out.Len() > mostManual {
			t.Errorf("the picture of %s has %d bytes", name, out.Len())
		}
		if err := os.WriteFile(filepath.Join(dir, name+".png"), out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// paletted draws a picture with the 64 colours that it has most of.
func paletted(img image.Image) *image.Paletted {
	const colours = 64
	count := map[color.RGBA]int{}
	at := img.Bounds()
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Min.X; x < at.Max.X; x++ {
			count[color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)]++
		}
	}
	by := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var all color.Palette
	for _, one := range by[:min(len(by), colours)] {
		all = append(all, one)
	}
	out := image.NewPaletted(at, all)
	draw.Draw(out, at, img, at.Min, draw.Src)
	return out
}
