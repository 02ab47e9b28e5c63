package volume_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/internal/triage/volume"
)

func TestContent(t *testing.T) {
	disk := bytes.NewReader([]byte("0123456789abcdef"))
	c := volume.NewContent(disk, []volume.Extent{{At: 10, Length: 3}, {At: -1, Length: 2}, {At: 0, Length: 4}}, 8)
	all, err := io.ReadAll(io.NewSectionReader(c, 0, 100))
	if err != nil || string(all) != "abc\x00\x00012" {
		t.Errorf("%q, %v", all, err)
	}
	short := volume.NewContent(disk, []volume.Extent{{At: 14, Length: 10}}, 10)
	if n, err := short.ReadAt(make([]byte, 10), 0); n != 2 || err != io.ErrUnexpectedEOF {
		t.Errorf("past the disk's end: %d, %v", n, err)
	}
}

// What is claimed and what is left are the whole, each byte once.
func TestGaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const size = 64
		var claims volume.Claims
		owned := make([]bool, size)
		for range rapid.IntRange(0, 8).Draw(t, "claims") {
			e := volume.Extent{At: int64(rapid.IntRange(-1, size-1).Draw(t, "at")), Length: int64(rapid.IntRange(0, size).Draw(t, "length"))}
			claims.Add(0, []volume.Extent{e})
			for i := e.At; e.At >= 0 && i < min(e.At+e.Length, size); i++ {
				owned[i] = true
			}
		}
		for _, gap := range claims.Gaps(size) {
			for i := gap.At; i < gap.At+gap.Length; i++ {
				if owned[i] {
					t.Fatalf("byte %d is claimed or given twice", i)
				}
				owned[i] = true
			}
		}
		for i, done := range owned {
			if !done {
				t.Fatalf("byte %d is lost", i)
			}
		}
	})
}

func TestCut(t *testing.T) {
	extents := []volume.Extent{{At: 100, Length: 10}, {At: -1, Length: 5}, {At: 200, Length: 10}}
	for _, c := range []struct {
		offset, length int64
		want           []volume.Extent
	}{
		{0, 10, []volume.Extent{{At: 100, Length: 10}}},
		{8, 9, []volume.Extent{{At: 108, Length: 2}, {At: -1, Length: 5}, {At: 200, Length: 2}}},
		{20, 100, []volume.Extent{{At: 205, Length: 5}}},
		{30, 1, nil},
	} {
		if diff := cmp.Diff(c.want, volume.Cut(extents, c.offset, c.length)); diff != "" {
			t.Errorf("%d+%d: %s", c.offset, c.length, diff)
		}
	}
}

// A set takes memory for what is in it, wherever that is.
func TestSet(t *testing.T) {
	var s volume.Set
	for _, n := range []int64{0, 63, 64, 4095, 4096, 1 << 40} {
		if s.Has(n) || !s.Take(n) || s.Take(n) || !s.Has(n) || s.Has(n+1) && n+1 != 64 && n+1 != 4096 {
			t.Errorf("%d", n)
		}
	}
}
