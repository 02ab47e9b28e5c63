package play

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/demo"
	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/warning"
	"parley/selector"
)

// expectation is demo/files/expected.json, as far as a run can show it.
type expectation struct {
	Overlap []struct {
		Kind  selector.Kind `json:"kind"`
		Value string        `json:"value"`
		File  string        `json:"file"`
	} `json:"overlap"`
	Warnings []string `json:"warnings"`
}

func expected(t *testing.T, files fs.FS) (e expectation) {
	t.Helper()
	b, err := fs.ReadFile(files, demo.Expected)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func run(t *testing.T, files fs.FS) Story {
	t.Helper()
	story, err := Run(t.Context(), Options{Dir: t.TempDir(), Files: files})
	if err != nil {
		t.Fatal(err)
	}
	return story
}

func TestStoryIsWhatTheFilesSay(t *testing.T) {
	want := expected(t, demo.Files())
	got := run(t, demo.Files())

	if got.Count != len(want.Overlap) || len(got.Overlap) != len(want.Overlap) {
		t.Errorf("both hold %d, then %d named; want %d", got.Count, len(got.Overlap), len(want.Overlap))
	}
	for _, w := range want.Overlap {
		i := slices.IndexFunc(got.Overlap, func(s node.Shared) bool { return s.Selector == selector.Selector{Kind: w.Kind, Value: w.Value} })
		if i < 0 {
			t.Errorf("%s:%s is not in the overlap", w.Kind, w.Value)
			continue
		}
		if !slices.ContainsFunc(places(got.Overlap[i]), func(p string) bool { return strings.Contains(p, w.File) }) {
			t.Errorf("%s:%s was found in %v, want a place in %s", w.Kind, w.Value, places(got.Overlap[i]), w.File)
		}
	}
	if got.LeakyState != release.Stopped || !release.Blocked(got.LeakyFindings) {
		t.Errorf("the leaky draft is %s with %d findings, want it stopped", got.LeakyState, len(got.LeakyFindings))
	}
	if release.Blocked(got.Findings) {
		t.Errorf("the clean draft has blocking findings: %v", got.Findings)
	}
	if got.Received != 1 {
		t.Errorf("the tearline was applied %d times, want once", got.Received)
	}
	if got.Warning.State() != warning.Delivered {
		t.Errorf("the warning is %s, want delivered", got.Warning.State())
	}
	for _, w := range want.Warnings {
		if !slices.ContainsFunc(got.Warning.Basis.Selectors, func(s selector.Selector) bool { return s.Value == w }) {
			t.Errorf("the warning rests on %v, want %s in it", got.Warning.Basis.Selectors, w)
		}
	}
	if len(got.Assessment.Denied) == 0 || got.Assessment.Repeats != 1 {
		t.Errorf("the proposition has %d denials and %d repeats, want the denial and one repeat", len(got.Assessment.Denied), got.Assessment.Repeats)
	}
}

func TestToldInAboutThirtyLines(t *testing.T) {
	var b bytes.Buffer
	run(t, demo.Files()).Tell(&b)
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) < 25 || len(lines) > 40 {
		t.Errorf("the story has %d lines:\n%s", len(lines), b.String())
	}
	for _, l := range lines {
		if n := len([]rune(l)); n > 132 {
			t.Errorf("a line of %d characters: %s", n, l)
		}
	}
}

// TestAnotherFileIsAnotherStory changes files of the input and sees the story
// follow: no figure is written in the program.
func TestAnotherFileIsAnotherStory(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, demo.Files()); err != nil {
		t.Fatal(err)
	}
	change := func(name, old, new string) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(b, []byte(old)) {
			t.Fatalf("%s does not hold %q", name, old)
		}
		if err := os.WriteFile(path, bytes.ReplaceAll(b, []byte(old), []byte(new)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	before := run(t, demo.Files())

	// South does not look for one of the nine any more, in its list or its report.
	change(demo.SouthWatchList, "+1 212-555-0186", "+1 212-555-0187")
	// North watches nobody at the hall.
	change(demo.NorthWatchList, "lindenhalle.example", "otherhall.example")
	change(demo.NorthWatchList, "+1 617-555-0171", "+1 617-555-0179")
	// One more note lies on the telephone.
	addToZip(t, filepath.Join(dir, filepath.FromSlash(demo.Phone)), "sdcard/Documents/extra.txt", "call +1 312-555-0150 or write to extra@note.example")

	after := run(t, os.DirFS(dir))
	if after.Count != before.Count-1 {
		t.Errorf("both held %d, and %d after South dropped one: want one less", before.Count, after.Count)
	}
	if after.Warnings != 0 {
		t.Errorf("%d warnings though North watches none of those named", after.Warnings)
	}
	if got, want := after.Triage.Distinct, before.Triage.Distinct+2; got != want {
		t.Errorf("%d selectors on the telephone with the note, want %d", got, want)
	}
}

func addToZip(t *testing.T, path, name, text string) {
	t.Helper()
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(old), int64(len(old)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range r.File {
		if err := w.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	f, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func places(s node.Shared) []string {
	all := make([]string, len(s.Findings))
	for i, f := range s.Findings {
		all[i] = f.Place
	}
	return all
}
