package triage

import (
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

type run struct{ start, end, width int }

func runsOf(raw []byte) (all []run) {
	_ = eachRun(raw, func(start, end, width int) error {
		all = append(all, run{start, end, width})
		return nil
	})
	return all
}

// plainRuns finds runs as eachRun does, a byte after the other.
func plainRuns(raw []byte) (all []run) {
	for i := 0; i < len(raw); {
		if end := wideEnd(raw, i); (end-i)/2 >= shortestRun {
			all = append(all, run{i, end, 2})
			i = end
			continue
		}
		end := i
		for end < len(raw) {
			r, size := utf8.DecodeRune(raw[end:])
			if r < utf8.RuneSelf && !printable[r] || r >= utf8.RuneSelf && size == 1 {
				break
			}
			end += size
		}
		if end-i >= shortestRun {
			all = append(all, run{i, end, 1})
		}
		i = max(end, i+1)
	}
	return all
}

// Whatever the bytes, what is passed over quickly holds no text.
func TestRunsAreThoseFoundByteByByte(t *testing.T) {
	piece := rapid.OneOf(
		rapid.SliceOfN(rapid.Byte(), 1, 12),
		rapid.SliceOfN(rapid.SampledFrom([]byte("az ~\x00\x1f\x7f\n\t\x80\xff")), 1, 12),
		rapid.Map(rapid.StringMatching(`[ -~é\n]{1,20}`), func(s string) []byte { return []byte(s) }),
		rapid.Map(rapid.StringMatching(`[a-z]{1,12}`), func(s string) []byte {
			var wide []byte
			for i := range len(s) {
				wide = append(wide, s[i], 0)
			}
			return wide
		}),
		rapid.Map(rapid.IntRange(1, 30), func(n int) []byte { return make([]byte, n) }),
	)
	rapid.Check(t, func(t *rapid.T) {
		raw := slices.Concat(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces")...)
		if got, want := runsOf(raw), plainRuns(raw); !slices.Equal(got, want) {
			t.Fatalf("%q: %v, want %v", raw, got, want)
		}
	})
	for c := range 256 {
		for at := range 8 {
			raw := []byte("aaaaaaaa")
			raw[at] = byte(c)
			if got, want := runsOf(raw), plainRuns(raw); !slices.Equal(got, want) {
				t.Fatalf("%q: %v, want %v", raw, got, want)
			}
		}
	}
}
