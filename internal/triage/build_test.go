package triage_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"parley/internal/triage"
)

// record is a Sink that keeps everything, and the order of it as lines.
type record struct {
	files     []triage.File
	findings  []triage.Finding
	artifacts []triage.Artifact
	faults    []triage.Fault
	lines     []string
}

func (r *record) File(f triage.File) error {
	r.files = append(r.files, f)
	r.lines = append(r.lines, fmt.Sprintf("file %s %s %d %x", f.Place, f.Type, f.Size, f.SHA256))
	return nil
}

func (r *record) Finding(f triage.Finding) error {
	r.findings = append(r.findings, f)
	r.lines = append(r.lines, fmt.Sprintf("finding %s %s %q %q", f.Place, f.Selector, f.Raw, f.Context))
	return nil
}

func (r *record) Artifact(a triage.Artifact) error {
	r.artifacts = append(r.artifacts, a)
	raw, err := json.Marshal(a)
	r.lines = append(r.lines, "artifact "+string(raw))
	return err
}

func (r *record) Fault(f triage.Fault) error {
	r.faults = append(r.faults, f)
	r.lines = append(r.lines, fmt.Sprintf("fault %s %s", f.Place, f.Problem))
	return nil
}

// found gives the findings as "place = selector", the evidence's own name left out.
func (r *record) found() []string {
	var lines []string
	for _, f := range r.findings {
		_, rest, _ := strings.Cut(f.Place.String(), "!/")
		if rest == "" {
			_, rest, _ = strings.Cut(f.Place.String(), " ")
		}
		lines = append(lines, rest+" = "+f.Selector.String())
	}
	return lines
}

// problem reports whether a fault at a place ending so says so.
func (r *record) problem(place, says string) bool {
	for _, f := range r.faults {
		if strings.HasSuffix(f.Place.String(), place) && strings.Contains(f.Problem, says) {
			return true
		}
	}
	return false
}

// run reads evidence and holds the result to what every run promises.
func run(t testing.TB, path string, opt triage.Options) (*record, triage.Summary) {
	t.Helper()
	var r record
	summary, err := triage.Run(t.Context(), path, opt, &r)
	if err != nil {
		t.Fatal(err)
	}
	counts := triage.Summary{
		Files: int64(len(r.files)), Findings: int64(len(r.findings)), Artifacts: int64(len(r.artifacts)),
		Faults: int64(len(r.faults)), Bytes: summary.Bytes, Digest: summary.Digest,
	}
	if summary != counts {
		t.Errorf("summary %+v, told %+v", summary, counts)
	}
	return &r, summary
}

// runBytes reads one file of evidence called name.
func runBytes(t testing.TB, name string, content []byte, opt triage.Options) (*record, string) {
	t.Helper()
	path := write(t, name, content)
	r, _ := run(t, path, opt)
	return r, path
}

func write(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// checkPlaces opens the place of each finding again.
func checkPlaces(t testing.TB, path string, r *record, opt triage.Options) {
	t.Helper()
	for _, f := range r.findings {
		back, err := triage.ParsePlace(f.Place.String())
		if err != nil || !back.Equal(f.Place) {
			t.Errorf("%s reads back as %s, %v", f.Place, back, err)
		}
		e, err := triage.Show(context.Background(), path, back, opt)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if int64(len(e.Raw)) != f.Place.Length {
			t.Errorf("%s: %d bytes shown", f.Place, len(e.Raw))
		}
		if f.Place.Length == int64(len(f.Raw)) && string(e.Raw) != f.Raw && e.Match != f.Raw {
			t.Errorf("%s: shows %q, found %q", f.Place, e.Raw, f.Raw)
		}
	}
}

type entry struct {
	name, content string
	store         bool
}

// zipOf makes an archive of the entries.
func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		out, err := zipEntry(w, e)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write([]byte(e.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// zipEntry writes the sizes of a stored entry before it, as most programs do.
func zipEntry(w *zip.Writer, e entry) (io.Writer, error) {
	if !e.store {
		return w.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Deflate})
	}
	size := uint64(len(e.content))
	return w.CreateRaw(&zip.FileHeader{
		Name: e.name, Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(e.content)),
		CompressedSize64: size, UncompressedSize64: size,
	})
}

// databaseOf makes a SQLite database by the statements.
func databaseOf(t testing.TB, statements ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.db")
	conn, err := sqlite3.Open("file:" + strings.ReplaceAll(filepath.ToSlash(path), "#", "%23"))
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range statements {
		if err := conn.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// span writes where the piece stands in the text, as a place does.
func span(text, piece string) string {
	return fmt.Sprintf("@%d+%d", strings.Index(text, piece), len(piece))
}
