package exfat_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"testing"

	"parley/internal/triage/volume"
	"parley/internal/triage/volume/exfat"
	"parley/internal/triage/volume/volumetest"
)

func open(at io.ReaderAt, size int64) (volume.FileSystem, error) { return exfat.Open(at, size) }

func TestFiles(t *testing.T) { volumetest.Suite(t, open, "exfat") }

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

func FuzzFiles(f *testing.F) { volumetest.Fuzz(f, open, 400000, "exfat") }
