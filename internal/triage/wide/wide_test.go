package wide_test

import (
	"encoding/binary"
	"testing"

	"parley/internal/triage/wide"
)

func TestText(t *testing.T) {
	for raw, want := range map[string]string{
		"d\x00e\x00": "de", "\x3d\xd8\x00\xde": "😀", "\x3d\xd8a\x00": "\ufffda", "a": "", "a\x00b": "a", "a\x00\x00\x00b\x00": "a\x00b",
	} {
		if got := wide.Text([]byte(raw), binary.LittleEndian); got != want {
			t.Errorf("%q is %q, want %q", raw, got, want)
		}
	}
	if got := wide.Text([]byte("\x00d\x00e"), binary.BigEndian); got != "de" {
		t.Errorf("%q", got)
	}
	if got, n := wide.Until([]byte("a\x00\x00\x00b\x00"), binary.LittleEndian); got != "a" || n != 2 {
		t.Errorf("%q of %d bytes", got, n)
	}
	if got, n := wide.Until([]byte("a\x00b\x00c"), binary.LittleEndian); got != "ab" || n != 4 {
		t.Errorf("%q of %d bytes", got, n)
	}
}
