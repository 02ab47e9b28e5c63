package pdq_test

import (
	"encoding/csv"
	"errors"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"parley/pdq"
	"pgregory.net/rapid"
)

// folder finds the pictures made by others, or skips.
func folder(t testing.TB) string {
	t.Helper()
	root := os.Getenv("PARLEY_SHARED_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "data")
	}
	dir := filepath.Join(root, "pdq")
	if _, err := os.Stat(filepath.Join(dir, "expected.csv")); err != nil {
		t.Skipf("the shared test pictures are not here: %v", err)
	}
	return dir
}

func decodeFile(t testing.TB, name string) image.Image {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	picture, err := pdq.Decode(file, pdq.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// The hash that the authors' own program printed for each file must come out, but for the few bits
// by which two JPEG decoders may differ.
func TestAgreesWithTheReferenceProgram(t *testing.T) {
	dir := folder(t)
	file, err := os.Open(filepath.Join(dir, "expected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		want, err := pdq.ParseHash(row[0])
		if err != nil {
			t.Fatal(err)
		}
		wantQuality, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		got, quality, err := pdq.Compute(decodeFile(t, filepath.Join(dir, row[2])))
		if err != nil {
			t.Fatal(err)
		}
		if d := pdq.Distance(got, want); d > 2 {
			t.Errorf("%s: %d bits differ\n got %v\nwant %v", row[2], d, got, want)
		} else {
			t.Logf("%s: %d bits differ", row[2], d)
		}
		if quality != wantQuality {
			t.Errorf("%s: quality %d, want %d", row[2], quality, wantQuality)
		}
	}
}

// drawing is a picture with something in it: a few waves, different for every seed.
func drawing(width, height int, seed float64) *image.Gray {
	picture := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			u, v := float64(x)/float64(width), float64(y)/float64(height)
			wave := math.Sin(9*u+seed) + math.Cos(7*v*(1+u)-seed*2) + math.Sin(23*(u*v)+seed*3) + math.Cos(40*(u-v)*seed)
			picture.SetGray(x, y, color.Gray{Y: uint8(128 + 30*wave)})
		}
	}
	return picture
}

func TestSurvivesWhatIsDoneToPictures(t *testing.T) {
	original, quality, err := pdq.Compute(drawing(400, 300, 1))
	if err != nil || quality < pdq.MinQuality {
		t.Fatalf("quality %d, %v", quality, err)
	}
	brighter := drawing(400, 300, 1)
	for i, v := range brighter.Pix {
		brighter.Pix[i] = uint8(float64(v)*0.8 + 40)
	}
	for name, changed := range map[string]image.Image{
		"smaller":  drawing(160, 120, 1),
		"larger":   drawing(1200, 900, 1),
		"brighter": brighter,
	} {
		hash, _, err := pdq.Compute(changed)
		if err != nil {
			t.Fatal(err)
		}
		if !pdq.Matches(original, hash) {
			t.Errorf("%s: %d bits differ", name, pdq.Distance(original, hash))
		}
	}
	other, _, err := pdq.Compute(drawing(400, 300, 2.2))
	if err != nil {
		t.Fatal(err)
	}
	if d := pdq.Distance(original, other); d < 80 {
		t.Errorf("another picture differs by %d bits only", d)
	}
}

// However the same pixels are stored, and wherever the picture's corner lies, the hash is the same.
func TestStorageDoesNotMatter(t *testing.T) {
	gray := drawing(90, 70, 1)
	want, wantQuality, err := pdq.Compute(gray)
	if err != nil {
		t.Fatal(err)
	}
	corner := image.Rect(-7, 5, -7+90, 5+70)
	nrgba, rgba, wide := image.NewNRGBA(corner), image.NewRGBA(corner), image.NewGray16(corner)
	ycbcr := image.NewYCbCr(corner, image.YCbCrSubsampleRatio420)
	palette := make(color.Palette, 256)
	for i := range palette {
		palette[i] = color.Gray{Y: uint8(i)}
	}
	paletted := image.NewPaletted(corner, palette)
	for y := range 70 {
		for x := range 90 {
			c := gray.GrayAt(x, y)
			nrgba.Set(x-7, y+5, c)
			rgba.Set(x-7, y+5, c)
			wide.Set(x-7, y+5, c)
			paletted.Set(x-7, y+5, c)
			ycbcr.Y[ycbcr.YOffset(x-7, y+5)] = c.Y
			ycbcr.Cb[ycbcr.COffset(x-7, y+5)], ycbcr.Cr[ycbcr.COffset(x-7, y+5)] = 128, 128
		}
	}
	larger := image.NewNRGBA(image.Rect(-20, -20, 100, 100))
	for y := range 70 {
		for x := range 90 {
			larger.Set(x, y, gray.GrayAt(x, y))
		}
	}
	part := larger.SubImage(image.Rect(0, 0, 90, 70))
	for _, picture := range []image.Image{nrgba, rgba, wide, ycbcr, paletted, part} {
		got, quality, err := pdq.Compute(picture)
		if err != nil {
			t.Fatal(err)
		}
		if pdq.Distance(got, want) > 2 || quality != wantQuality {
			t.Errorf("%T: %d bits differ, quality %d and %d", picture, pdq.Distance(got, want), quality, wantQuality)
		}
	}
}

// Transparent pixels count as the colour beneath.
func TestTransparencyIsIgnored(t *testing.T) {
	gray := drawing(90, 70, 1)
	clear := image.NewNRGBA(gray.Rect)
	for y := range 70 {
		for x := range 90 {
			v := gray.GrayAt(x, y).Y
			clear.SetNRGBA(x, y, color.NRGBA{v, v, v, uint8(x)})
		}
	}
	want, _, _ := pdq.Compute(gray)
	got, _, err := pdq.Compute(clear)
	if err != nil || pdq.Distance(got, want) > 2 {
		t.Errorf("%d bits differ, %v", pdq.Distance(got, want), err)
	}
}

func TestTurningAndMirroringChangeTheHash(t *testing.T) {
	picture := drawing(200, 200, 1)
	mirrored := image.NewGray(picture.Rect)
	for y := range 200 {
		for x := range 200 {
			mirrored.SetGray(199-x, y, picture.GrayAt(x, y))
		}
	}
	a, _, _ := pdq.Compute(picture)
	b, _, _ := pdq.Compute(mirrored)
	if pdq.Matches(a, b) {
		t.Error("a mirrored picture matches; the documentation says it does not")
	}
}

func TestFlatPictureHasNoQuality(t *testing.T) {
	flat := image.NewGray(image.Rect(0, 0, 100, 100))
	_, quality, err := pdq.Compute(flat)
	if err != nil || quality != 0 {
		t.Errorf("quality %d, %v", quality, err)
	}
}

func TestTooSmall(t *testing.T) {
	for _, size := range []image.Rectangle{{}, image.Rect(0, 0, 4, 900), image.Rect(0, 0, 900, 4)} {
		if _, _, err := pdq.Compute(image.NewGray(size)); !errors.Is(err, pdq.ErrTooSmall) {
			t.Errorf("%v: %v", size, err)
		}
	}
	if _, _, err := pdq.Compute(image.NewGray(image.Rect(0, 0, 5, 5))); err != nil {
		t.Error(err)
	}
}

// Whatever the pixels, no more than half of the bits are set, since the median parts them, and no
// size makes it fail.
func TestAnyPictureGivesAHash(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(5, 700).Draw(t, "width")
		height := rapid.IntRange(5, 60).Draw(t, "height")
		seed := rapid.Float64Range(0, 10).Draw(t, "seed")
		hash, quality, err := pdq.Compute(drawing(width, height, seed))
		if err != nil {
			t.Fatal(err)
		}
		if ones := pdq.Distance(hash, pdq.Hash{}); ones > 128 {
			t.Fatalf("%d bits are set", ones)
		}
		if quality < 0 || quality > 100 {
			t.Fatalf("quality %d", quality)
		}
	})
}

func BenchmarkCompute(b *testing.B) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"256x256", 256, 256}, {"512x512", 512, 512}, {"4000x3000", 4000, 3000}} {
		b.Run(size.name, func(b *testing.B) {
			picture := image.NewYCbCr(image.Rect(0, 0, size.width, size.height), image.YCbCrSubsampleRatio420)
			copy(picture.Y, drawing(size.width, size.height, 1).Pix)
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := pdq.Compute(picture); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "hashes/s")
		})
	}
}

func BenchmarkDistance(b *testing.B) {
	x, _, _ := pdq.Compute(drawing(100, 100, 1))
	y, _, _ := pdq.Compute(drawing(100, 100, 2))
	near := 0
	for b.Loop() {
		if pdq.Matches(x, y) {
			near++
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpairs/s")
}
