package triage_test

import (
	"bytes"
	"image"
	_ "image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"parley/internal/triage"
)

// shared gives the path of a file made by others, or skips.
func shared(t *testing.T, name string) string {
	t.Helper()
	folder := os.Getenv("PARLEY_SHARED_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "data")
	}
	path := filepath.Join(folder, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not here: set PARLEY_SHARED_DATA to the folder with data made by others", name)
	}
	return path
}

// Real photographs: the size is that which Go's own decoder reads.
func TestRealPictures(t *testing.T) {
	r, _ := run(t, shared(t, "pdq"), us)
	pictures := 0
	for _, a := range r.artifacts {
		raw, err := os.ReadFile(shared(t, "pdq/"+a.Name))
		if err != nil {
			t.Fatal(err)
		}
		config, _, err := image.DecodeConfig(bytes.NewReader(raw))
		if err != nil || a.Picture.Width != config.Width || a.Picture.Height != config.Height {
			t.Errorf("%s: %+v, want %d by %d, %v", a.Name, a.Picture, config.Width, config.Height, err)
		}
		pictures++
	}
	if pictures < 10 {
		t.Errorf("%d pictures read", pictures)
	}
}

// A large file of somebody else's JSON is read without a fault, and every place
// in it is true.
func TestRealJSON(t *testing.T) {
	path := shared(t, "stix/ics-attack-18.1.json")
	r, _ := run(t, path, triage.Options{})
	if len(r.faults) != 0 || len(r.findings) < 1000 || r.files[0].Type != "json" {
		t.Errorf("%d findings, faults %v", len(r.findings), r.faults)
	}
	r.findings = append(r.findings[:20:20], r.findings[len(r.findings)-20:]...)
	checkPlaces(t, path, r, triage.Options{})
}
