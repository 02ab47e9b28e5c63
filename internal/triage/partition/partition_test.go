package partition_test

import (
	"bytes"
	"compress/bzip2"
	"io"
	"os"
	"testing"

	"parley/internal/triage/partition"
)

func disk(t testing.TB, name string) []byte {
	t.Helper()
	packed, err := os.ReadFile("../testdata/images/" + name + ".img.bz2")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(bzip2.NewReader(bytes.NewReader(packed)))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestCopyAtTheEnd(t *testing.T) {
	raw := disk(t, "gpt")
	clear(raw[512:1024])
	table, err := partition.Read(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(table.Partitions) != 3 || table.Scheme != "GPT" || len(table.Problems) == 0 {
		t.Errorf("%+v, %v", table, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(disk(f, "gpt")[:40_000], int64(2304*512))
	mbr := disk(f, "mbr")
	f.Add(mbr[:512], int64(2304*512))
	f.Add(append(bytes.Clone(mbr[:512]), mbr[896*512:897*512]...), int64(1<<40))
	f.Fuzz(func(t *testing.T, raw []byte, size int64) {
		table, err := partition.Read(bytes.NewReader(raw), size)
		if err != nil {
			return
		}
		for i, p := range table.Partitions {
			if p.Start < 0 || p.Length <= 0 || p.Length > size-p.Start {
				t.Errorf("%+v on a disk of %d bytes", p, size)
			}
			for _, other := range table.Partitions[:i] {
				if p.Start < other.Start+other.Length && other.Start < p.Start+p.Length {
					t.Errorf("%+v lies on %+v", p, other)
				}
			}
		}
	})
}
