package triage_test

import (
	"bytes"
	"strings"
	"testing"

	"parley/internal/triage"
)

// A file is read as a whole, through the archives around it, within the bound.
func TestContent(t *testing.T) {
	picture := bytes.Repeat([]byte("\xff\xd8\xff picture "), 10_000)
	raw := zipOf(t, entry{name: "inner.zip", content: string(zipOf(t, entry{name: "DCIM/a.jpg", content: string(picture)}))})
	_, path := runBytes(t, "phone.zip", raw, us)
	for place, want := range map[string]string{
		"phone.zip!/inner.zip!/DCIM/a.jpg": "", "phone.zip!/inner.zip!/DCIM/b.jpg": "has no entry", "phone.zip!/inner.zip!/DCIM/a.jpg [@0+5]": "",
		"other.zip!/a": "other evidence",
	} {
		p, err := triage.ParsePlace(place)
		if err != nil {
			t.Fatal(err)
		}
		got, err := triage.Content(t.Context(), path, p, 1<<20, us)
		if want == "" && (err != nil || !bytes.Equal(got, picture)) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %d bytes, %v", place, len(got), err)
		}
		if _, err := triage.Content(t.Context(), path, p, 1000, us); want == "" && (err == nil || !strings.Contains(err.Error(), "more than the 1000")) {
			t.Errorf("%s: %v", place, err)
		}
	}
}
