package triage_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
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

// Packed bytes that unpack to nothing, named by a thousand entries, are read twice
// or so, and not a thousand times.
func TestEntriesOfNothing(t *testing.T) {
	nothing := append(bytes.Repeat([]byte{0, 0, 0, 0xff, 0xff}, 100_000), 1, 0, 0, 0xff, 0xff) // empty blocks of Deflate
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	out, err := w.CreateRaw(&zip.FileHeader{Name: "a", Method: zip.Deflate, CompressedSize64: uint64(len(nothing))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Write(nothing); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, _ := runBytes(t, "e.zip", repeatedEntry(b.Bytes(), 1000), us)
	if len(r.files) > 5 || len(r.faults) != 1 || !r.problem("e.zip", "lie over each other") {
		t.Errorf("%d files, %v", len(r.files), r.problems())
	}
}

// repeatedEntry makes the directory of a zip with one entry name it so often.
func repeatedEntry(raw []byte, times int) []byte {
	directory, end := bytes.Index(raw, []byte("PK\x01\x02")), bytes.Index(raw, []byte("PK\x05\x06"))
	one, tail := raw[directory:end], bytes.Clone(raw[end:])
	binary.LittleEndian.PutUint16(tail[8:], uint16(times))
	binary.LittleEndian.PutUint16(tail[10:], uint16(times))
	binary.LittleEndian.PutUint32(tail[12:], uint32(times*len(one)))
	return append(append(bytes.Clone(raw[:directory]), bytes.Repeat(one, times)...), tail...)
}
