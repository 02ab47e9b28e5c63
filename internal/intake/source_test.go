package intake

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
)

func zstded(text string) string {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return string(w.EncodeAll([]byte(text), nil))
}

func onDisk(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFileIsReadWhereItLies(t *testing.T) {
	for _, text := range []string{"", "x", strings.Repeat("a lamp\n", 100_000), gzipped("packed"), zstded("packed"), gzipped(gzipped("packed"))} {
		path := onDisk(t, "a.json", text)
		s, err := Open(t.Context(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		want := text
		if strings.HasPrefix(text, "\x1f\x8b") || strings.HasPrefix(text, "\x28\xb5") {
			want = "packed"
		}
		if got := content(t, s); got != want || s.Path != path || s.Name != "a.json" || s.Size != int64(len(text)) {
			t.Errorf("%+v: %.20q", s, got)
		}
		var read int64
		r, err := s.Reader(func(n int64) { read = n })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r); err != nil || read != s.Size {
			t.Errorf("%d of %d bytes were read, %v", read, s.Size, err)
		}
		sum, err := r.SHA256()
		if want := sha256.Sum256([]byte(text)); err != nil || string(sum) != string(want[:]) {
			t.Errorf("its hash is %x, %v; want %x", sum, err, want)
		}
		if err := errors.Join(r.Close(), s.Close()); err != nil {
			t.Error(err)
		}
	}
}

// TestStandardInputIsReadAgain, and nothing of it is left behind.
func TestStandardInputIsReadAgain(t *testing.T) {
	text := strings.Repeat("a lamp\n", 300_000)
	opt := Options{Dir: t.TempDir(), Rand: rand.Reader, Stdin: iotest.OneByteReader(strings.NewReader(text))}
	s, err := Open(t.Context(), "-", opt)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 2 {
		if got := content(t, s); got != text {
			t.Errorf("%d bytes came, want %d", len(got), len(text))
		}
	}
	if s.Name != StandardInput || s.Path != "" || s.Size != int64(len(text)) {
		t.Errorf("%+v", s)
	}
	if left, err := os.ReadDir(opt.Dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
	opt.Stdin = io.MultiReader(strings.NewReader("x"), iotest.ErrReader(errors.New("pulled out")))
	if _, err := Open(t.Context(), "-", opt); err == nil || err.Error() != "read standard input: pulled out" {
		t.Errorf("got %v", err)
	}
	opt.Dir = filepath.Join(opt.Dir, "absent")
	if _, err := Open(t.Context(), "-", opt); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a place to keep it: %v", err)
	}
}

// TestWhatIsPackedWrongIsRefused: cut off, packed around itself, or asking for
// memory that nobody needs.
func TestWhatIsPackedWrongIsRefused(t *testing.T) {
	packed, wide := gzipped(strings.Repeat("a lamp", 1000)), zstded(strings.Repeat("a lamp", 1000))
	huge := "\x28\xb5\x2f\xfd\x00\xb8\x01\x00\x00" // a frame with a window of 2 GiB and more
	for name, text := range map[string]string{
		"gzip cut off": packed[:len(packed)/2], "zstd cut off": wide[:len(wide)/2], "three layers": gzipped(zstded(gzipped("x"))),
		"a sum that is wrong": packed[:len(packed)-8] + "12345678", "a head alone": "\x1f\x8b\x08", "more behind it": packed + "x", "a huge window": huge,
	} {
		s, err := Open(t.Context(), onDisk(t, "a.json", text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Reader(nil)
		if err == nil {
			_, err = io.Copy(io.Discard, r)
			r.Close()
		}
		if err == nil {
			t.Errorf("%s was read", name)
		}
	}
	b := &bounded{r: strings.NewReader("abc"), left: 2}
	if got, err := io.ReadAll(b); string(got) != "ab" || !errors.Is(err, ErrTooLarge) {
		t.Errorf("%q, %v", got, err)
	}
	b = &bounded{r: strings.NewReader("abc"), left: 3}
	if got, err := io.ReadAll(b); string(got) != "abc" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWhatIsNoSource(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(t.Context(), filepath.Join(dir, "absent"), Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := Open(t.Context(), dir, Options{}); err == nil || !strings.Contains(err.Error(), "neither a file nor a folder") {
		t.Errorf("a folder: %v", err)
	}
	if !IsFolder(dir) || IsFolder(filepath.Join(dir, "absent")) {
		t.Error("folders are not told from what is not there")
	}
}

// TestAFolderInOrder: by name, with what is below, without what is hidden or
// leads elsewhere.
func TestAFolderInOrder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bundles")
	for _, name := range []string{"b.json", "a/z.json", "a/b.csv", ".git/config", ".hidden", "c.json"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(name), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "link.json")); err != nil {
		t.Skip(err)
	}
	all, err := Folder(dir)
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
		if base := strings.TrimPrefix(s.Name, "bundles/"); content(t, s) != base {
			t.Errorf("%s holds %q", s.Name, content(t, s))
		}
	}
	if want := []string{"bundles/a/b.csv", "bundles/a/z.json", "bundles/b.json", "bundles/c.json"}; !slices.Equal(names, want) || err != nil {
		t.Errorf("%v, %v; want %v", names, err, want)
	}
	if _, err := Folder(filepath.Join(dir, "absent")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}
