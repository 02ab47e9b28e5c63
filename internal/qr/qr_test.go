package qr

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// read reads a picture with a reader that others wrote.
func read(t *testing.T, picture image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatalf("read a code of %v: %v", picture.Bounds(), err)
	}
	return result.GetText()
}

// content is n characters of the alphanumeric set.
func content(n int) string {
	const set = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:"
	var b strings.Builder
	for i := range n {
		b.WriteByte(set[(i*i+7*i)%len(set)])
	}
	return b.String()
}

// TestWhatIsDrawnIsRead: at the terminal and as PNG, from one character to as many as a code holds.
func TestWhatIsDrawnIsRead(t *testing.T) {
	for name, p := range map[string]Purpose{"terminal": Terminal, "print": Print} {
		for _, n := range []int{1, 100, 619, p.Most} {
			code, err := New(content(n), p)
			if err != nil {
				t.Fatal(err)
			}
			var file, screen bytes.Buffer
			if err := code.PNG(&file, 4); err != nil {
				t.Fatal(err)
			}
			picture, err := png.Decode(&file)
			if err != nil {
				t.Fatal(err)
			}
			if got := read(t, picture); got != content(n) {
				t.Errorf("%s: a PNG of %d characters is read as %d: %q", name, n, len(got), got)
			}
			if err := code.Draw(&screen); err != nil {
				t.Fatal(err)
			}
			if got := read(t, photograph(t, screen.String())); got != content(n) {
				t.Errorf("%s: a screen of %d characters is read as %d: %q", name, n, len(got), got)
			}
		}
	}
}

// photograph is what a terminal shows, four pixels to a module.
func photograph(t *testing.T, screen string) image.Image {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(screen, "\n"), "\n")
	var rows [][]rune
	for _, line := range lines {
		line, ok := strings.CutPrefix(line, "\x1b[30;107m")
		line, ends := strings.CutSuffix(line, "\x1b[0m")
		if !ok || !ends {
			t.Fatalf("a line sets no colours: %q", line)
		}
		rows = append(rows, []rune(line))
	}
	const scale = 4
	picture := image.NewGray(image.Rect(0, 0, scale*len(rows[0]), 2*scale*len(rows)))
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			r, lower := rows[y/scale/2][x/scale], y/scale%2 == 1
			if r == '█' || (r == '▀' && !lower) || (r == '▄' && lower) {
				continue
			}
			picture.SetGray(x, y, color.Gray{255})
		}
	}
	return picture
}

// TestATerminalOf80ColumnsShowsTheLargestCode, with its margin.
func TestATerminalOf80ColumnsShowsTheLargestCode(t *testing.T) {
	code, err := New(content(Terminal.Most), Terminal)
	if err != nil {
		t.Fatal(err)
	}
	if code.Size() > 80 {
		t.Errorf("it is %d columns wide", code.Size())
	}
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"too long":           {content(Print.Most + 1), "3392 characters are too many"},
		"another characters": {"a", "draw a QR code: "},
	} {
		if _, err := New(c.content, Print); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
