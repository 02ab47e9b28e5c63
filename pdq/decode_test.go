package pdq_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/iotest"

	"parley/pdq"
)

// files gives one picture in each format. Go writes no WebP: those two are what a browser's canvas made of the PNG
// (toDataURL, "image/webp", with 0.5 and with 1).
func files(t testing.TB) map[string][]byte {
	t.Helper()
	picture := drawing(120, 90, 1)
	paletted := image.NewPaletted(picture.Rect, palette.Plan9)
	draw.Draw(paletted, picture.Rect, picture, image.Point{}, draw.Src)
	var asJPEG, asPNG, asGIF bytes.Buffer
	for _, err := range []error{
		jpeg.Encode(&asJPEG, picture, nil),
		png.Encode(&asPNG, picture),
		gif.Encode(&asGIF, paletted, nil),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	all := map[string][]byte{"jpeg": asJPEG.Bytes(), "png": asPNG.Bytes(), "gif": asGIF.Bytes()}
	for _, name := range []string{"lossy.webp", "lossless.webp"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = data
	}
	return all
}

func TestDecodeFormats(t *testing.T) {
	want, _, err := pdq.Compute(drawing(120, 90, 1))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range files(t) {
		picture, err := pdq.Decode(iotest.OneByteReader(bytes.NewReader(data)), pdq.Limits{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		hash, _, err := pdq.Compute(picture)
		if err != nil || !pdq.Matches(hash, want) {
			t.Errorf("%s: %d bits differ, %v", name, pdq.Distance(hash, want), err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	good := files(t)
	for _, c := range []struct {
		name string
		data []byte
		lim  pdq.Limits
		want error // nil if any error will do
	}{
		{"empty", nil, pdq.Limits{}, pdq.ErrFormat},
		{"text", []byte("not a picture"), pdq.Limits{}, pdq.ErrFormat},
		{"too many bytes", good["png"], pdq.Limits{Bytes: 100}, pdq.ErrLimit},
		{"too many pixels", good["jpeg"], pdq.Limits{Pixels: 120*90 - 1}, pdq.ErrLimit},
		{"a webp of too many pixels", good["lossy.webp"], pdq.Limits{Pixels: 120*90 - 1}, pdq.ErrLimit},
		{"a webp that claims less than it holds", claimsOne(good["lossless.webp"]), pdq.Limits{Pixels: 120*90 - 1}, nil},
		{"a riff of something else", []byte("RIFF\x04\x00\x00\x00WAVE"), pdq.Limits{}, pdq.ErrFormat},
		{"cut off in the header", good["jpeg"][:20], pdq.Limits{}, nil},
		{"cut off in the pixels", good["png"][:len(good["png"])/2], pdq.Limits{}, nil},
		{"a gif without pictures", []byte("GIF89a\x05\x00\x05\x00\x00\x00\x00;"), pdq.Limits{}, nil},
	} {
		picture, err := pdq.Decode(bytes.NewReader(c.data), c.lim)
		if err == nil || picture != nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := pdq.Decode(iotest.ErrReader(errors.New("gone")), pdq.Limits{}); err == nil {
		t.Error("an error of the reader is lost")
	}
}

// claimsOne writes a canvas of one pixel before the picture.
func claimsOne(webp []byte) []byte {
	webp = bytes.Clone(webp)
	copy(webp[24:30], make([]byte, 6))
	return webp
}

// hugePNG is a few bytes that claim four thousand million pixels.
func hugePNG() []byte {
	header := []byte("IHDR\x00\x01\x00\x00\x00\x01\x00\x00\x08\x06\x00\x00\x00")
	data := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), header...)
	return binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(header))
}

func TestHugeClaimTakesNoMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := pdq.Decode(bytes.NewReader(hugePNG()), pdq.Limits{})
	runtime.ReadMemStats(&after)
	if !errors.Is(err, pdq.ErrLimit) {
		t.Errorf("err = %v", err)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
		t.Errorf("%d bytes were allocated", grown)
	}
}

func FuzzDecode(f *testing.F) {
	for _, data := range files(f) {
		f.Add(data)
	}
	f.Add(hugePNG())
	f.Fuzz(func(t *testing.T, data []byte) {
		picture, err := pdq.Decode(bytes.NewReader(data), pdq.Limits{Pixels: 1 << 16, Bytes: 1 << 16})
		if err != nil {
			return
		}
		if size := picture.Bounds().Size(); size.X*size.Y > 1<<16 {
			t.Fatalf("%v pixels were let through", size)
		}
		if _, quality, err := pdq.Compute(picture); err == nil && (quality < 0 || quality > 100) {
			t.Fatalf("quality %d", quality)
		}
	})
}
