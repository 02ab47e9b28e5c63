package psi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
)

func TestNewSeed(t *testing.T) {
	s := must(NewSeed(bytes.NewReader(bytes.Repeat([]byte{7}, 40))))(t)
	if s != Seed(bytes.Repeat([]byte{7}, 32)) {
		t.Errorf("the seed is not what the source gave")
	}
	if s, err := NewSeed(strings.NewReader("too short")); !errors.Is(err, io.ErrUnexpectedEOF) || s != (Seed{}) {
		t.Errorf("a short source: %v", err)
	}
	s.Zero()
	if s != (Seed{}) {
		t.Error("the seed is still there")
	}
}

func TestAnEmptySeedIsRefused(t *testing.T) {
	if _, err := NewCountParty(Seed{}, numbered("item", 1)); !errors.Is(err, errZeroSeed) {
		t.Errorf("count: %v", err)
	}
	if _, err := NewOverlap(t.Context(), OverlapOptions{}, Items(numbered("item", 1))); !errors.Is(err, errZeroSeed) {
		t.Errorf("overlap: %v", err)
	}
}

func TestSeedsStayOutOfLogs(t *testing.T) {
	s := Seed(bytes.Repeat([]byte{0xab}, 32))
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("run", "seed", s)
	slog.New(slog.NewTextHandler(&log, nil)).Info("run", "seed", s)
	for _, format := range []string{"%v", "%+v", "%#v", "%x", "%d", "%s", "%q"} {
		fmt.Fprintf(&log, format, s)
		fmt.Fprintf(&log, format, Options{OverlapOptions: OverlapOptions{Seed: s}})
	}
	for _, leak := range []string{"abab", "ABAB", "171", "\\xab", "0xab", "\xab"} {
		if strings.Contains(log.String(), leak) {
			t.Errorf("%q is in %s", leak, log.String())
		}
	}
}

// No two labels give related secrets: the same seed, all values distinct.
func TestLabelsSeparate(t *testing.T) {
	seen := map[string]string{}
	s := testSeed(1)
	for _, label := range []string{labelCountBlind, labelCountKey, labelCountID, labelOverlapKey, labelOverlapBlind, labelCheckID, labelProofNonce, labelOrder, labelDecoys, labelListKey, labelListNonce} {
		head := string(must(s.bytes(label, 16))(t))
		if other, ok := seen[head]; ok {
			t.Errorf("%q and %q give the same bytes", label, other)
		}
		seen[head] = label
	}
}

func TestItemsThatCannotBeUsed(t *testing.T) {
	long := make([]byte, MaxItemBytes+1)
	cases := []struct {
		items [][]byte
		where string
	}{
		{nil, "there are none"},
		{[][]byte{[]byte("a"), {}}, "item 1 has 0 bytes"},
		{[][]byte{long}, "item 0 has 65536 bytes"},
		{[][]byte{[]byte("a"), []byte("b"), []byte("a")}, "item 2 repeats item 0"},
		{[][]byte{[]byte("c"), []byte("b"), []byte("b"), []byte("d"), []byte("c")}, "item 2 repeats item 1"},
		{make([][]byte, MaxItems+1), "1048577 are more than the 1048576 of one run"},
	}
	for _, c := range cases {
		_, err := NewCountParty(testSeed(1), c.items)
		wantRefused(t, err, ErrItems, c.where)
		if strings.Contains(c.where, "repeats") { // an overlap meets pairs in another order
			c.where = "repeats item"
		}
		_, err = NewOverlap(t.Context(), OverlapOptions{Seed: testSeed(1)}, Items(c.items))
		wantRefused(t, err, ErrItems, c.where)
	}
	if err := checkItems([][]byte{long[:MaxItemBytes], []byte("a")}); err != nil {
		t.Errorf("the longest item: %v", err)
	}
}

func TestBatchesCoverAllAndTellTheLowestError(t *testing.T) {
	for _, n := range []int{0, 1, 15, 16, 17, 1000} {
		done := make([]int, n)
		if err := forEach(n, func(i int) error { done[i]++; return nil }); err != nil {
			t.Fatal(err)
		}
		for i, times := range done {
			if times != 1 {
				t.Errorf("index %d of %d done %d times", i, n, times)
			}
		}
	}
	for range 50 {
		err := forEach(1000, func(i int) error {
			if i >= 300 {
				return fmt.Errorf("index %d", i)
			}
			return nil
		})
		if err == nil || err.Error() != "index 300" {
			t.Fatalf("got %v, want that of index 300", err)
		}
	}
}
