package ext_test

import (
	"bytes"
	"errors"
	"testing"

	"parley/internal/triage/volume"
	"parley/internal/triage/volume/ext"
	"parley/internal/triage/volume/volumetest"
)

func TestFiles(t *testing.T) {
	for _, name := range []string{"ext2", "ext4"} {
		raw := volumetest.Image(t, name, 0)
		fs, err := ext.Open(bytes.NewReader(raw), int64(len(raw)))
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
	for _, name := range []string{"ext2", "ext4"} {
		raw := volumetest.Image(t, name, 0)
		for _, size := range []int{0, 100, 511, 512, 1500, 4096, 20_000, 40_000, 70_000, 150_000} {
			if size > len(raw) {
				continue
			}
			if fs, err := ext.Open(bytes.NewReader(raw[:size]), int64(size)); err == nil {
				volumetest.Check(t, fs, int64(size))
			}
		}
	}
}

func TestOther(t *testing.T) {
	raw := make([]byte, 1<<20)
	if _, err := ext.Open(bytes.NewReader(raw), int64(len(raw))); !errors.Is(err, volume.ErrOther) {
		t.Errorf("zeros: %v", err)
	}
}

func FuzzFiles(f *testing.F) {
	for _, name := range []string{"ext2", "ext4"} {
		f.Add(volumetest.Image(f, name, 300000))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if fs, err := ext.Open(bytes.NewReader(raw), int64(len(raw))); err == nil {
			volumetest.Check(t, fs, int64(len(raw)))
		}
	})
}

// An inode that holds its content itself, and has none, claims no bytes.
func TestEmptyInline(t *testing.T) {
	raw := volumetest.Image(t, "ext4", 0)
	changed := 0
	for i := 0; i+128 <= len(raw); i += 128 { // inodes of empty files
		inode := raw[i : i+128]
		if inode[1]&0xf0 == 0x80 && bytes.Equal(inode[4:8], make([]byte, 4)) && inode[26] == 1 && inode[0x23] == 0 && inode[0x28] == 0x0a && inode[0x29] == 0xf3 {
			inode[0x23] = 0x10
			changed++
		}
	}
	if changed == 0 {
		t.Fatal("no empty file in the image")
	}
	fs, err := ext.Open(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	volumetest.Check(t, fs, int64(len(raw)))
}
