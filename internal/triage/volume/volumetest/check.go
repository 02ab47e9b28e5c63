package volumetest

import (
	"bytes"
	"compress/bzip2"
	"io"
	"os"
	"path/filepath"
	"testing"

	"parley/internal/triage/volume"
)

// Image unpacks an image of the triage's tests, as seen from a package two
// folders below; at most so many bytes of it, 0 for all.
func Image(t testing.TB, name string, most int) []byte {
	t.Helper()
	packed, err := os.ReadFile(filepath.Join("..", "..", "testdata", "images", name+".img.bz2"))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(bzip2.NewReader(bytes.NewReader(packed)))
	if err != nil {
		t.Fatal(err)
	}
	if most > 0 && len(raw) > most {
		raw = raw[:most]
	}
	return raw
}

// Counting counts the bytes that are asked of a volume.
type Counting struct {
	io.ReaderAt
	Bytes int64
}

// ReadAt reads and counts.
func (c *Counting) ReadAt(p []byte, offset int64) (int, error) {
	c.Bytes += int64(len(p))
	return c.ReaderAt.ReadAt(p, offset)
}

// Repeated is a volume whose bytes, after the first, are a pattern again and again.
type Repeated struct {
	First, Pattern []byte
}

// ReadAt reads what stands at a byte of the volume, which has no end.
func (r Repeated) ReadAt(p []byte, offset int64) (int, error) {
	for i := range p {
		at := offset + int64(i)
		if at < int64(len(r.First)) {
			p[i] = r.First[at]
		} else {
			p[i] = r.Pattern[(at-int64(len(r.First)))%int64(len(r.Pattern))]
		}
	}
	return len(p), nil
}

// Check reads all files of a volume of size bytes, whatever it is, and holds them
// to the promises: extents lie on the volume, contents end where they
// say, the limit on entries is kept.
func Check(t *testing.T, fs volume.FileSystem, size int64) []volume.File {
	t.Helper()
	const most, entries = 64 << 10, 300
	var files []volume.File
	buf := make([]byte, most)
	err := fs.Files(t.Context(), volume.Limits{Entries: entries, Depth: 16}, func(f volume.File) error {
		files = append(files, f)
		if f.Content == nil {
			return nil
		}
		for _, e := range f.Extents {
			if e.Length <= 0 || e.At >= 0 && e.At >= size {
				t.Errorf("%q has the extent %+v on a volume of %d bytes", f.Path, e, size)
			}
		}
		if n, err := f.Content.ReadAt(buf, 0); int64(n) > f.Size || n < len(buf) && err == nil {
			t.Errorf("%q of %d bytes gives %d, %v", f.Path, f.Size, n, err)
		}
		if n, err := f.Content.ReadAt(buf[:1], f.Size); n != 0 || err == nil {
			t.Errorf("%q of %d bytes goes on: %d, %v", f.Path, f.Size, n, err)
		}
		return nil
	})
	if err == nil && fs.Kind() == "" {
		t.Error("a volume of no kind")
	}
	return files
}
