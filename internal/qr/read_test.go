package qr

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"testing"
)

func drawnPNG(t testing.TB, text string, p Purpose) []byte {
	t.Helper()
	code, err := New(text, p)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := code.PNG(&b, 4); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestACodeIsReadBack(t *testing.T) {
	for name, p := range map[string]Purpose{"terminal": Terminal, "print": Print} {
		content := drawnPNG(t, content(p.Most), p)
		picture, err := png.Decode(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		var photo bytes.Buffer
		if err := jpeg.Encode(&photo, picture, &jpeg.Options{Quality: 60}); err != nil {
			t.Fatal(err)
		}
		for format, b := range map[string][]byte{"PNG": content, "JPEG": photo.Bytes()} {
			got, err := Read(b)
			if err != nil || len(got) != p.Most || !IsPicture(b) {
				t.Errorf("%s as %s: %d characters, %v", name, format, len(got), err)
			}
		}
	}
}

func TestWhatIsNoCodeIsRefused(t *testing.T) {
	var blank bytes.Buffer
	if err := png.Encode(&blank, image.NewGray(image.Rect(0, 0, 200, 200))); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(blank.Bytes()); !errors.Is(err, ErrNoCode) {
		t.Errorf("a blank picture: %v", err)
	}
	huge := bytes.Clone(blank.Bytes())
	copy(huge[16:24], []byte{0, 0, 0x80, 0, 0, 0, 0x80, 0}) // 32,768 × 32,768, and a checksum that is wrong
	for name, b := range map[string][]byte{"nothing": nil, "a text": []byte("PARLEY1:"), "a huge one": huge, "half of one": blank.Bytes()[:40], "too many bytes": make([]byte, MaxPicture+1)} {
		if text, err := Read(b); err == nil {
			t.Errorf("%s is read as %q", name, text)
		}
	}
}

// FuzzRead: whatever a picture is, it is read or refused.
func FuzzRead(f *testing.F) {
	whole := drawnPNG(f, "PARLEY1:01/01", Terminal)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Fuzz(func(t *testing.T, b []byte) {
		if text, err := Read(b); err == nil && len(text) > 8000 {
			t.Errorf("%d characters", len(text))
		}
	})
}
