package ntfs_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"parley/internal/triage/volume"
	"parley/internal/triage/volume/ntfs"
	"parley/internal/triage/volume/volumetest"
)

func TestFiles(t *testing.T) {
	for _, name := range []string{"ntfs"} {
		raw := volumetest.Image(t, name, 0)
		fs, err := ntfs.Open(bytes.NewReader(raw), int64(len(raw)))
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
	for _, name := range []string{"ntfs"} {
		raw := volumetest.Image(t, name, 0)
		for _, size := range []int{0, 100, 511, 512, 1500, 4096, 20_000, 40_000, 70_000, 150_000} {
			if size > len(raw) {
				continue
			}
			if fs, err := ntfs.Open(bytes.NewReader(raw[:size]), int64(size)); err == nil {
				volumetest.Check(t, fs, int64(size))
			}
		}
	}
}

func TestOther(t *testing.T) {
	raw := make([]byte, 1<<20)
	if _, err := ntfs.Open(bytes.NewReader(raw), int64(len(raw))); !errors.Is(err, volume.ErrOther) {
		t.Errorf("zeros: %v", err)
	}
}

// recordOf makes a record of a kilobyte with attributes.
func recordOf(attributes ...[]byte) []byte {
	raw := make([]byte, 1024)
	copy(raw, "FILE")
	little := binary.LittleEndian
	little.PutUint16(raw[4:], 48)
	little.PutUint16(raw[6:], 1) // nothing is to be put back
	little.PutUint16(raw[20:], 56)
	little.PutUint16(raw[22:], 3) // a folder in use
	at := 56
	for _, a := range attributes {
		at += copy(raw[at:], a)
	}
	little.PutUint32(raw[at:], 0xffffffff)
	return raw
}

// elsewhere makes an attribute whose bytes lie in a run of clusters.
func elsewhere(kind uint32, first, clusters byte, size int) []byte {
	raw := make([]byte, 72)
	little := binary.LittleEndian
	little.PutUint32(raw, kind)
	little.PutUint32(raw[4:], 72)
	raw[8], raw[32] = 1, 64
	little.PutUint64(raw[48:], uint64(size))
	little.PutUint64(raw[56:], uint64(size))
	copy(raw[64:], []byte{0x11, clusters, first})
	return raw
}

// Two thousand records that each say, in one list which they share, that they go on
// in all the others cost what the table has, not its square.
func TestRecordsThatGoOnInAll(t *testing.T) {
	const records, cluster, listAt, listClusters = 2000, 64 << 10, 1, 1
	raw := make([]byte, 2*cluster, 2*cluster+records*1024)
	copy(raw[3:], "NTFS    ")
	little := binary.LittleEndian
	little.PutUint16(raw[11:], 512)
	raw[13], raw[64] = 128, 0xf6 // clusters of 64 KiB, records of 1 KiB
	little.PutUint64(raw[48:], 2)
	little.PutUint64(raw[56:], 2)
	list := raw[cluster : 2*cluster]
	for i := range records {
		little.PutUint32(list[26*i:], 0x80)
		little.PutUint16(list[26*i+4:], 26)
		little.PutUint64(list[26*i+16:], uint64(i))
	}
	raw = append(raw, recordOf(elsewhere(0x80, 2, 32, records*1024))...)
	for range records - 1 {
		raw = append(raw, recordOf(elsewhere(0x20, listAt, listClusters, 26*records))...)
	}
	source := &volumetest.Counting{ReaderAt: bytes.NewReader(raw)}
	fs, err := ntfs.Open(source, int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	source.Bytes = 0
	err = fs.Files(t.Context(), volume.Limits{}, func(volume.File) error { return nil })
	if most := 16 * int64(len(raw)); source.Bytes > most || err == nil {
		t.Errorf("%d bytes were read of a volume of %d, %v", source.Bytes, len(raw), err)
	}
}

func FuzzFiles(f *testing.F) {
	for _, name := range []string{"ntfs"} {
		f.Add(volumetest.Image(f, name, 300000))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if fs, err := ntfs.Open(bytes.NewReader(raw), int64(len(raw))); err == nil {
			volumetest.Check(t, fs, int64(len(raw)))
		}
	})
}
