package triage_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"parley/internal/triage"
)

func utf16Of(text string, order binary.AppendByteOrder) []byte {
	var raw []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		raw = order.AppendUint16(raw, unit)
	}
	return raw
}

func TestText(t *testing.T) {
	r, path := runBytes(t, "note.txt", []byte("\x1b[2Jwrite\tto desk@example.org\r\nor ring (202) 555-0147"), us)
	if diff := cmp.Diff([]string{"[@13+16] = email:desk@example.org", "[@39+14] = phone:+12025550147"}, r.found()); diff != "" {
		t.Error(diff)
	}
	if got, want := r.findings[0].Context, " [2Jwrite to desk@example.org  or ring (202) 555-0147"; got != want {
		t.Errorf("context %q, want %q", got, want)
	}
	checkPlaces(t, path, r, us)
}

func TestContextIsSixtyCharacters(t *testing.T) {
	text := strings.Repeat("ж", 100) + " desk@example.org " + strings.Repeat("ж", 100)
	r, _ := runBytes(t, "note.txt", []byte(text), us)
	want := strings.Repeat("ж", 59) + " desk@example.org " + strings.Repeat("ж", 59)
	if len(r.findings) != 1 || r.findings[0].Context != want {
		t.Errorf("%+v", r.findings)
	}
}

func TestUTF16(t *testing.T) {
	text := "лампа 😀 desk@example.org, +1 202 555 0147\nt.me/lamp_light"
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		r, path := runBytes(t, "note.txt", utf16Of(text, order), us)
		want := []string{"[@20+32] = email:desk@example.org", "[@56+30] = phone:+12025550147", "[@88+30] = telegram:lamp_light"}
		if diff := cmp.Diff(want, r.found()); diff != "" {
			t.Errorf("%s: %s", order, diff)
		}
		checkPlaces(t, path, r, us)
		e, err := triage.Show(t.Context(), path, r.findings[0].Place, us)
		if err != nil || e.Match != "desk@example.org" || e.After != ", +1 202 555 0147 t.me/lamp_light" {
			t.Errorf("%s: %+v, %v", order, e, err)
		}
	}
}

// What lies across the edge of a window is found once and whole, wherever the
// edge falls, in one line or in many.
func TestWindows(t *testing.T) {
	for _, end := range []string{" ", "\n"} {
		var b strings.Builder
		var want []string
		for n := 0; b.Len() < 3<<20; n++ {
			b.WriteString(strings.Repeat("x", n%211) + end)
			address := fmt.Sprintf("desk%d@example.org", n)
			want = append(want, fmt.Sprintf("[@%d+%d] = email:%s", b.Len(), len(address), address))
			b.WriteString(address + end)
		}
		r, _ := runBytes(t, "note.txt", []byte(b.String()), us)
		if diff := cmp.Diff(want, r.found()); diff != "" {
			t.Errorf("with %q: %s", end, diff[:min(len(diff), 2000)])
		}
	}
}

// Bytes that are no text are scanned for the text in them, and places lead back.
func TestTextInBytes(t *testing.T) {
	content := "\x00\x01\x02desk@example.org\x00\x81+12025550147\x00" + string(utf16Of("lamp@example.org", binary.LittleEndian)[2:]) + "\x00\x00\xff@abcde\x00a.co"
	r, path := runBytes(t, "x.bin", []byte(content), us)
	want := []string{"[@3+16] = email:desk@example.org", "[@21+12] = phone:+12025550147", "[@34+32] = email:lamp@example.org"}
	if diff := cmp.Diff(want, r.found()); diff != "" || r.files[0].Type != "data" {
		t.Errorf("%s %v", diff, r.files)
	}
	checkPlaces(t, path, r, us)
}

// Noise holds nothing.
func TestNoise(t *testing.T) {
	noise := make([]byte, 8<<20)
	if _, err := rand.NewChaCha8([32]byte{1}).Read(noise); err != nil {
		t.Fatal(err)
	}
	if r, _ := runBytes(t, "x.bin", append([]byte("\x00\x00"), noise...), us); len(r.findings) > 0 {
		t.Errorf("%v", r.found())
	}
}

func TestEmptyFile(t *testing.T) {
	r, path := runBytes(t, "empty", nil, us)
	if len(r.faults) != 0 || len(r.files) != 1 || r.files[0].Size != 0 {
		t.Errorf("%v %v", r.faults, r.files)
	}
	if _, err := triage.Show(t.Context(), path, r.files[0].Place, us); err != nil {
		t.Error(err)
	}
}
