package triage_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/triage"
)

// variety is a folder with what is read in different ways: an archive whose
// entries are jobs of their own, one in it that is not, a document of parts, a
// database, the image of a disk, an archive that breaks off.
func variety(t testing.TB) string {
	t.Helper()
	raw, err := os.ReadFile(phone(t))
	if err != nil {
		t.Fatal(err)
	}
	disk, err := os.ReadFile(diskImage(t, "fat12.img.bz2"))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, content := range map[string][]byte{
		"a.zip": raw, "b/pack.tgz": packed(t, "x.txt", []byte("desk1@example.org"), "phone.zip", raw, "y.txt", []byte("desk2@example.org")),
		"b/broken.zip": raw[:len(raw)/2], "disk.img": disk, "last.txt": []byte("desk3@example.org"),
	} {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, content, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func packed(t testing.TB, entries ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	w := tar.NewWriter(zipped)
	for i := 0; i < len(entries); i += 2 {
		content := entries[i+1].([]byte)
		err := w.WriteHeader(&tar.Header{Name: entries[i].(string), Mode: 0o600, Size: int64(len(content))})
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var errStopped = errors.New("stopped")

// A run that is stopped at any call and goes on there makes the calls of one that
// was not, and counts the same, whatever the number of workers.
func TestResumeAnywhere(t *testing.T) {
	path := variety(t)
	whole, want := run(t, path, us)
	if len(whole.lines) < 800 || len(whole.faults) == 0 {
		t.Fatalf("%d calls, %d faults: the evidence is too plain", len(whole.lines), len(whole.faults))
	}
	stride := 293
	if testing.Short() {
		stride *= 7
	}
	for stop := 1; stop < len(whole.lines); stop += stride {
		opt := us
		opt.Workers = 1 + stop%3
		first, mark := stopped(t, path, opt, stop)
		opt.Workers = 1 + stop%2
		opt.Resume = &triage.Resume{Mark: mark, Files: slices.Values(first.files)}
		second := &record{}
		got, err := triage.Run(t.Context(), path, opt, second)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole.lines, slices.Concat(first.lines, second.lines)); diff != "" {
			t.Fatalf("stopped after %d calls, at %+v (-whole +in two):\n%s", stop, mark, diff)
		}
		if got != want {
			t.Fatalf("stopped after %d calls it counts %+v, want %+v", stop, got, want)
		}
	}
}

// stopped runs until the sink was called so many times.
func stopped(t *testing.T, path string, opt triage.Options, calls int) (*record, triage.Mark) {
	t.Helper()
	r, mark := &record{}, triage.Mark{}
	opt.Marked = func(m triage.Mark) error {
		if mark = m; len(r.lines) == calls {
			return errStopped
		}
		return nil
	}
	if _, err := triage.Run(t.Context(), path, opt, r); !errors.Is(err, errStopped) {
		t.Fatalf("it was not stopped after %d calls: %v", calls, err)
	}
	return r, mark
}

// What comes after a limit was reached is the same too.
func TestResumeBeyondTheLimitOfFindings(t *testing.T) {
	path, opt := phone(t), us
	opt.Limits.Findings = 10
	whole, want := run(t, path, opt)
	for stop := 1; stop < len(whole.lines); stop += 5 {
		first, mark := stopped(t, path, opt, stop)
		again := opt
		again.Resume = &triage.Resume{Mark: mark, Files: slices.Values(first.files)}
		second := &record{}
		got, err := triage.Run(t.Context(), path, again, second)
		if err != nil || got != want {
			t.Fatalf("stopped after %d calls: %+v, %v; want %+v", stop, got, err, want)
		}
		if diff := cmp.Diff(whole.lines, slices.Concat(first.lines, second.lines)); diff != "" {
			t.Fatalf("stopped after %d calls:\n%s", stop, diff)
		}
	}
}

// Every finding is noticed, whatever waits for its turn.
func TestFindingsAreNoticed(t *testing.T) {
	var mu sync.Mutex
	noticed := map[string]int{}
	opt := us
	opt.Noticed = func(f triage.Finding) {
		mu.Lock()
		defer mu.Unlock()
		noticed[f.Place.String()+f.Selector.String()]++
	}
	r, _ := run(t, variety(t), opt)
	told := map[string]int{}
	for _, f := range r.findings {
		told[f.Place.String()+f.Selector.String()]++
	}
	if diff := cmp.Diff(told, noticed); diff != "" {
		t.Errorf("(-told +noticed):\n%s", diff)
	}
}
