package triage_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"runtime"
	"testing"
)

// Entries of some bytes that each ask for the largest dictionary do not get it.
func TestDictionariesOfSmallEntries(t *testing.T) {
	lzma := []byte{9, 20, 5, 0, 0x5d, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0} // 256 MiB
	zstd := []byte{0x28, 0xb5, 0x2f, 0xfd, 0, 0x90, 1, 0, 0}                    // the same
	for method, packed := range map[uint16][]byte{14: lzma, 93: zstd} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for i := range 100 {
			out, err := w.CreateRaw(&zip.FileHeader{
				Name: fmt.Sprint(i), Method: method, CompressedSize64: uint64(len(packed)), UncompressedSize64: 10,
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := out.Write(packed); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		path := write(t, "e.zip", b.Bytes())
		opt := us
		opt.Workers = 1
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r, _ := run(t, path, opt)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 1<<30 {
			t.Errorf("method %d: %d bytes of memory for an archive of %d", method, took, b.Len())
		}
		if len(r.faults) != 100 {
			t.Errorf("method %d: %d faults", method, len(r.faults))
		}
	}
}
