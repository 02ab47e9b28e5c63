package ext_test

import (
	"bytes"
	"io"
	"testing"

	"parley/internal/triage/volume"
	"parley/internal/triage/volume/ext"
	"parley/internal/triage/volume/volumetest"
)

func open(at io.ReaderAt, size int64) (volume.FileSystem, error) { return ext.Open(at, size) }

func TestFiles(t *testing.T) { volumetest.Suite(t, open, "ext2", "ext4") }

func FuzzFiles(f *testing.F) { volumetest.Fuzz(f, open, 300000, "ext2", "ext4") }

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
