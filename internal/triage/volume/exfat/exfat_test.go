package exfat_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"testing"

	"parley/internal/triage/volume"
	"parley/internal/triage/volume/exfat"
	"parley/internal/triage/volume/volumetest"
)

func TestFiles(t *testing.T) {
	for _, name := range []string{"exfat"} {
		raw := volumetest.Image(t, name, 0)
		fs, err := exfat.Open(bytes.NewReader(raw), int64(len(raw)))
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
	for _, name := range []string{"exfat"} {
		raw := volumetest.Image(t, name, 0)
		for _, size := range []int{0, 100, 511, 512, 1500, 4096, 20_000, 40_000, 70_000, 150_000} {
			if size > len(raw) {
				continue
			}
			if fs, err := exfat.Open(bytes.NewReader(raw[:size]), int64(size)); err == nil {
				volumetest.Check(t, fs, int64(size))
			}
		}
	}
}

func TestOther(t *testing.T) {
	raw := make([]byte, 1<<20)
	if _, err := exfat.Open(bytes.NewReader(raw), int64(len(raw))); !errors.Is(err, volume.ErrOther) {
		t.Errorf("zeros: %v", err)
	}
}

// A folder of half a million entries, each of which says where the bitmap is, is
// read a piece at a time, and one bitmap is enough.
func TestLargeFolder(t *testing.T) {
	boot := make([]byte, 64<<10)
	copy(boot[3:], "EXFAT   ")
	boot[108], boot[109] = 9, 16 // clusters of 32 MiB
	little := binary.LittleEndian
	little.PutUint32(boot[80:], 8)   // the table
	little.PutUint32(boot[84:], 100) // its length
	little.PutUint32(boot[88:], 128) // the clusters
	little.PutUint32(boot[92:], 4)
	little.PutUint32(boot[96:], 2)                 // the root folder
	little.PutUint32(boot[8*512+4*2:], 0xffffffff) // which is one cluster
	little.PutUint32(boot[8*512+4*3:], 0xffffffff)
	slot := make([]byte, 32)
	slot[0] = 0x81
	little.PutUint32(slot[20:], 3)
	little.PutUint64(slot[24:], 1)
	fs, err := exfat.Open(volumetest.Repeated{First: boot, Pattern: slot}, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = fs.Files(t.Context(), volume.Limits{}, func(f volume.File) error { return fmt.Errorf("%s: %w", f.Path, f.Problem) })
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; err != nil || took > 1<<20 {
		t.Errorf("it took %d bytes, %v", took, err)
	}
}

func FuzzFiles(f *testing.F) {
	for _, name := range []string{"exfat"} {
		f.Add(volumetest.Image(f, name, 400000))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if fs, err := exfat.Open(bytes.NewReader(raw), int64(len(raw))); err == nil {
			volumetest.Check(t, fs, int64(len(raw)))
		}
	})
}
