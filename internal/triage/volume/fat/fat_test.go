package fat_test

import (
	"bytes"
	"errors"
	"testing"

	"parley/internal/triage/volume"
	"parley/internal/triage/volume/fat"
	"parley/internal/triage/volume/volumetest"
)

func TestFiles(t *testing.T) {
	for _, name := range []string{"fat12", "fat16", "fat32"} {
		raw := volumetest.Image(t, name, 0)
		fs, err := fat.Open(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, f := range volumetest.Check(t, fs, int64(len(raw))) {
			found[f.Path] = f.Content != nil && !f.Deleted
		}
		for _, path := range []string{"big.txt", "docs/note1.txt", "many/pad0.txt", "empty"} {
			if !found[path] {
				t.Errorf("%s has no %s: %v", name, path, found)
			}
		}
	}
}

// A volume cut off anywhere is read as far as it goes.
func TestTruncated(t *testing.T) {
	for _, name := range []string{"fat12", "fat16", "fat32"} {
		raw := volumetest.Image(t, name, 0)
		for _, size := range []int{0, 100, 511, 512, 1500, 4096, 20_000, 40_000, 70_000, 150_000} {
			if size > len(raw) {
				continue
			}
			if fs, err := fat.Open(bytes.NewReader(raw[:size]), int64(size)); err == nil {
				volumetest.Check(t, fs, int64(size))
			}
		}
	}
}

func TestOther(t *testing.T) {
	raw := make([]byte, 1<<20)
	if _, err := fat.Open(bytes.NewReader(raw), int64(len(raw))); !errors.Is(err, volume.ErrOther) {
		t.Errorf("zeros: %v", err)
	}
}

func FuzzFiles(f *testing.F) {
	for _, name := range []string{"fat12", "fat16", "fat32"} {
		f.Add(volumetest.Image(f, name, 200000))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if fs, err := fat.Open(bytes.NewReader(raw), int64(len(raw))); err == nil {
			volumetest.Check(t, fs, int64(len(raw)))
		}
	})
}
