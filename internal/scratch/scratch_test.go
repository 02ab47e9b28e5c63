package scratch

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

func fresh(t testing.TB, dir string) *File {
	t.Helper()
	f, err := New(dir, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// TestAStreamComesBackAsItWent, however it was cut into writes, and as often as
// it is asked for.
func TestAStreamComesBackAsItWent(t *testing.T) {
	for _, size := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 3*chunkSize + 17} {
		f := fresh(t, t.TempDir())
		text := make([]byte, size)
		rand.Read(text)
		for part := range slices.Chunk(text, 100_003) {
			if n, err := f.Write(part); n != len(part) || err != nil {
				t.Fatalf("%d bytes: wrote %d, %v", size, n, err)
			}
		}
		for range 2 {
			if err := iotest.TestReader(f.Reader(), text); size < 2 && err != nil {
				t.Errorf("%d bytes: %v", size, err)
			}
			got, err := io.ReadAll(f.Reader())
			if err != nil || !bytes.Equal(got, text) {
				t.Errorf("%d bytes: %d came back, %v", size, len(got), err)
			}
		}
	}
}

// TestNothingIsLeftToRead: the file has no name, and no words of ours.
func TestNothingIsLeftToRead(t *testing.T) {
	dir := t.TempDir()
	f := fresh(t, dir)
	word := []byte("a lamp in the window")
	if err := f.Append(bytes.Repeat(word, 1000)); err != nil {
		t.Fatal(err)
	}
	raw := make([]byte, f.ends[0])
	if _, err := f.file.ReadAt(raw, 0); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, word) {
		t.Error("the words stand on the disk")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("the folder shows %v, %v", left, err)
	}
}

// TestAFileThatWasChangedIsRefused flips one byte in each chunk, and swaps two.
func TestAFileThatWasChangedIsRefused(t *testing.T) {
	f := fresh(t, t.TempDir())
	for range 2 {
		if err := f.Append([]byte("sixteen bytes...")); err != nil {
			t.Fatal(err)
		}
	}
	first, second := make([]byte, f.ends[0]), make([]byte, f.ends[0])
	for _, at := range []struct {
		to    []byte
		start int64
	}{{first, 0}, {second, f.ends[0]}} {
		if _, err := f.file.ReadAt(at.to, at.start); err != nil {
			t.Fatal(err)
		}
	}
	put := func(b []byte, at int64) {
		if _, err := f.file.WriteAt(b, at); err != nil {
			t.Fatal(err)
		}
	}
	put(second, 0)
	put(first, f.ends[0])
	for n := range 2 {
		if _, err := f.Chunk(n); err == nil {
			t.Errorf("chunk %d was read in the other's place", n)
		}
	}
	put(first, 0)
	if got, err := f.Chunk(0); err != nil || string(got) != "sixteen bytes..." {
		t.Errorf("put back: %q, %v", got, err)
	}
	first[3] ^= 1
	put(first, 0)
	if _, err := f.Chunk(0); err == nil {
		t.Error("a flipped bit was read")
	}
	if _, err := io.ReadAll(f.Reader()); err == nil {
		t.Error("a flipped bit was read as a stream")
	}
}

func TestNoChanceNoFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := New(dir, iotest.ErrReader(errors.New("no chance left"))); err == nil {
		t.Error("a file without a key was made")
	}
	if _, err := New(filepath.Join(dir, "absent"), rand.Reader); err == nil {
		t.Error("a file was made in a folder that is not there")
	}
}

// TestSorted gives any records in any order, with little memory and with much.
func TestSorted(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		records := rapid.SliceOf(rapid.SliceOfN(rapid.Byte(), 0, 40)).Draw(t, "records")
		s := NewSorter(dir, rand.Reader, rapid.SampledFrom([]int{1, 500, 1 << 20}).Draw(t, "memory"))
		defer s.Close()
		for _, r := range records {
			if err := s.Add(r); err != nil {
				t.Fatal(err)
			}
		}
		var got [][]byte
		for r, err := range s.Sorted() {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, bytes.Clone(r))
		}
		want := slices.SortedFunc(slices.Values(records), bytes.Compare)
		if !slices.EqualFunc(got, want, bytes.Equal) {
			t.Fatalf("%d records came back, %d were given", len(got), len(want))
		}
	})
}

// TestADamagedRunIsSaid, and what was merged before it is no silent end.
func TestADamagedRunIsSaid(t *testing.T) {
	s := NewSorter(t.TempDir(), rand.Reader, 1)
	defer s.Close()
	for i := range 10 {
		if err := s.Add([]byte{byte(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.file.file.WriteAt([]byte{1, 2, 3}, s.file.start(7)); err != nil {
		t.Fatal(err)
	}
	var failed error
	for _, err := range s.Sorted() {
		failed = errors.Join(failed, err)
	}
	if failed == nil {
		t.Error("a run that cannot be read was left out without a word")
	}
}

func TestSortedMayBeLeftEarly(t *testing.T) {
	s := NewSorter(t.TempDir(), rand.Reader, 1)
	defer s.Close()
	for _, r := range []string{"b", "a", "c"} {
		if err := s.Add([]byte(r)); err != nil {
			t.Fatal(err)
		}
	}
	for r, err := range s.Sorted() {
		if string(r) != "a" || err != nil {
			t.Fatalf("%q, %v", r, err)
		}
		break
	}
}
