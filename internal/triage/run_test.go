package triage_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/demo"
	"parley/internal/triage"
)

var us = triage.Options{Region: "US"}

// phone writes the demonstration's telephone to disk.
func phone(t testing.TB) string {
	t.Helper()
	raw, err := fs.ReadFile(demo.Files(), demo.Phone)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "phone.zip", raw)
}

// Everything the demonstration says North holds is found in the file it says.
func TestDemoPhone(t *testing.T) {
	path := phone(t)
	r, _ := run(t, path, us)
	raw, err := fs.ReadFile(demo.Files(), "expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var expected struct {
		Overlap []struct{ Kind, Value, File string }
	}
	if err := json.Unmarshal(raw, &expected); err != nil || len(expected.Overlap) == 0 {
		t.Fatalf("expected.json: %v, %d in the overlap", err, len(expected.Overlap))
	}
	for _, want := range expected.Overlap {
		if !slices.ContainsFunc(r.findings, func(f triage.Finding) bool {
			return f.Selector.String() == want.Kind+":"+want.Value && f.Place.Chain[1] == want.File
		}) {
			t.Errorf("%s:%s is not found in %s", want.Kind, want.Value, want.File)
		}
	}
	if len(r.faults) > 0 {
		t.Errorf("faults: %v", r.faults)
	}
	checkPlaces(t, path, r, us)
}

// The number of workers changes nothing but the time.
func TestWorkersChangeNothing(t *testing.T) {
	folder := t.TempDir()
	raw, err := os.ReadFile(phone(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"a.zip": raw, "b/c.txt": []byte("desk@example.org"), "b/broken.zip": raw[:len(raw)/2], "z.zip": raw,
	} {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	one, first := run(t, folder, triage.Options{Region: "US", Workers: 1})
	for _, workers := range []int{2, 4, 13} {
		many, summary := run(t, folder, triage.Options{Region: "US", Workers: workers})
		if diff := cmp.Diff(one.lines, many.lines); diff != "" {
			t.Fatalf("with %d workers (-1 +%d):\n%s", workers, workers, diff)
		}
		if summary != first {
			t.Errorf("with %d workers %+v, with one %+v", workers, summary, first)
		}
	}
}

func TestDigestOfFile(t *testing.T) {
	path := write(t, "note.txt", []byte("desk@example.org"))
	want := sha256.Sum256([]byte("desk@example.org"))
	got, size, err := triage.Digest(t.Context(), path)
	if err != nil || got != want || size != 16 {
		t.Errorf("Digest = %x, %d, %v; want %x", got, size, err, want)
	}
	if _, summary := run(t, path, us); summary.Digest != want {
		t.Errorf("Summary.Digest = %x", summary.Digest)
	}
}

// The digest of a folder is documented byte for byte.
func TestDigestOfFolder(t *testing.T) {
	folder := t.TempDir()
	var hashed strings.Builder
	hashed.WriteString("parley-folder-1\n")
	for _, name := range []string{"a.txt", "b/a.txt", "b.txt"} {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a.txt", "b.txt", "b/a.txt"} { // in the order of their bytes
		sum := sha256.Sum256([]byte(name))
		hashed.WriteString(name + "\x00" + string(sum[:]))
	}
	want := sha256.Sum256([]byte(hashed.String()))
	got, size, err := triage.Digest(t.Context(), folder)
	if err != nil || got != want || size != 17 {
		t.Errorf("Digest = %x, %d, %v; want %x", got, size, err, want)
	}
	if _, summary := run(t, folder, us); summary.Digest != want {
		t.Errorf("Summary.Digest = %x", summary.Digest)
	}
}

// Links in a folder are reported and not followed, out of it or into it.
func TestLinksAreNotFollowed(t *testing.T) {
	outside := write(t, "secret.txt", []byte("secret@example.org"))
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "note.txt"), []byte("desk@example.org"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"file": outside, "folder": filepath.Dir(outside), "self": folder} {
		if err := os.Symlink(target, filepath.Join(folder, name)); err != nil {
			t.Skipf("this system makes no links: %v", err)
		}
	}
	r, _ := run(t, folder, us)
	if diff := cmp.Diff([]string{"note.txt [@0+16] = email:desk@example.org"}, r.found()); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"file", "folder", "self"} {
		if !r.problem("!/"+name, "symbolic link") {
			t.Errorf("no fault about %s: %v", name, r.faults)
		}
	}
	chain := []string{filepath.Base(folder), "file"}
	if e, err := triage.Show(t.Context(), folder, triage.Place{Chain: chain, Offset: 0, Length: 6}, us); err == nil {
		t.Errorf("Show followed a link and gave %q", e.Match)
	}
	up := []string{filepath.Base(folder), "../" + filepath.Base(filepath.Dir(outside)) + "/secret.txt"}
	if e, err := triage.Show(t.Context(), folder, triage.Place{Chain: up, Offset: 0, Length: 6}, us); err == nil {
		t.Errorf("Show left the evidence and gave %q", e.Match)
	}
}

func TestRunRefuses(t *testing.T) {
	path := write(t, "note.txt", []byte("x"))
	for _, c := range []struct {
		path string
		opt  triage.Options
		says string
	}{
		{filepath.Join(t.TempDir(), "missing"), us, "missing"},
		{path, triage.Options{Region: "XX"}, "XX"},
		{path, triage.Options{Limits: triage.Limits{Depth: -1}}, "limit"},
	} {
		if _, err := triage.Run(t.Context(), c.path, c.opt, &record{}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("Run(%s, %+v): %v; want an error with %q", c.path, c.opt, err, c.says)
		}
	}
}

// failing is a sink that breaks at its n-th call.
type failing struct {
	record
	left int
}

var errSink = errors.New("the store is full")

func (f *failing) Finding(x triage.Finding) error {
	if f.left--; f.left < 0 {
		return errSink
	}
	return f.record.Finding(x)
}

func TestSinkEndsTheRun(t *testing.T) {
	for _, workers := range []int{1, 4} {
		sink := &failing{left: 5}
		summary, err := triage.Run(t.Context(), phone(t), triage.Options{Region: "US", Workers: workers}, sink)
		if !errors.Is(err, errSink) {
			t.Errorf("with %d workers: %v", workers, err)
		}
		if len(sink.findings) != 5 || summary.Files != int64(len(sink.files)) {
			t.Errorf("with %d workers: %d findings told, summary %+v", workers, len(sink.findings), summary)
		}
	}
}

// canceling is a sink that cancels the run at its first finding.
type canceling struct {
	record
	cancel context.CancelFunc
}

func (c *canceling) Finding(f triage.Finding) error {
	c.cancel()
	return c.record.Finding(f)
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	sink := &canceling{cancel: cancel}
	if _, err := triage.Run(ctx, phone(t), us, sink); !errors.Is(err, context.Canceled) {
		t.Errorf("Run after cancel: %v", err)
	}
}

func TestProgress(t *testing.T) {
	var last triage.Progress
	opt := us
	opt.Progress = func(p triage.Progress) {
		if p.Files <= last.Files {
			t.Errorf("progress goes from %d files to %d", last.Files, p.Files)
		}
		last = p
	}
	_, summary := run(t, phone(t), opt)
	if last.Files != summary.Files || last.Bytes != summary.Bytes {
		t.Errorf("last progress %+v, summary %+v", last, summary)
	}
}

// Once the limit is reached files are still hashed, and one fault says so.
func TestLimitOfFindings(t *testing.T) {
	opt := us
	opt.Limits.Findings = 10
	r, _ := run(t, phone(t), opt)
	full, _ := run(t, phone(t), us)
	if len(r.findings)+len(r.artifacts) != 10 || len(r.files) != len(full.files) {
		t.Errorf("%d findings, %d artifacts, %d of %d files", len(r.findings), len(r.artifacts), len(r.files), len(full.files))
	}
	if len(r.faults) != 1 || !r.problem("", "limit of 10") {
		t.Errorf("faults: %v", r.faults)
	}
}
