package triage_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/triage"
)

const note = "write to desk@example.org"

func gzipOf(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarOf(t testing.TB, headers ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, header := range headers {
		if header.Typeflag == 0 {
			header.Typeflag, header.Size = tar.TypeReg, int64(len(note))
		}
		header.Mode = 0o600
		if err := w.WriteHeader(&header); err != nil {
			t.Fatal(err)
		}
		if header.Size > 0 {
			if _, err := w.Write([]byte(note)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Archives in archives, each kind in each.
func TestNesting(t *testing.T) {
	inner := zipOf(t, entry{name: "a/note.txt", content: note, store: true})
	tgz := gzipOf(t, append(tarOf(t, tar.Header{Name: "t/note.txt"}), 0))
	database := databaseOf(t, `CREATE TABLE t (a TEXT)`, `INSERT INTO t VALUES ('`+note+`')`)
	outer := zipOf(t, entry{name: "inner.zip", content: string(inner), store: true}, entry{name: "packed.zip", content: string(inner)},
		entry{name: "x.tar.gz", content: string(tgz)}, entry{name: "note.txt.gz", content: string(gzipOf(t, []byte(note)))},
		entry{name: "x.db", content: string(database)}, entry{name: "stored.db", content: string(database), store: true})
	for _, evidence := range []struct {
		name    string
		content []byte
		before  string
	}{
		{"e.zip", outer, ""}, {"e.zip.gz", gzipOf(t, outer), "e.zip!/"}, {"f.zip", zipOf(t, entry{name: "e.zip", content: string(outer)}), "e.zip!/"},
	} {
		r, path := runBytes(t, evidence.name, evidence.content, us)
		var want []string
		for _, place := range []string{
			"inner.zip!/a/note.txt [@9+16]", "packed.zip!/a/note.txt [@9+16]", "x.tar.gz!/x.tar!/t/note.txt [@9+16]",
			"note.txt.gz!/note.txt [@9+16]", "x.db [t row 1 a @9+16]", "stored.db [t row 1 a @9+16]",
		} {
			want = append(want, evidence.before+place+" = email:desk@example.org")
		}
		if diff := cmp.Diff(want, r.found()); diff != "" || len(r.faults) > 0 {
			t.Errorf("%s: %s %v", evidence.name, diff, r.faults)
		}
		checkPlaces(t, path, r, us)
	}
}

// nested puts the note into so many archives.
func nested(t testing.TB, depth int) []byte {
	t.Helper()
	content := note
	for n := range depth {
		content = string(zipOf(t, entry{name: fmt.Sprintf("%d", n), content: content}))
	}
	return []byte(content)
}

func TestDepth(t *testing.T) {
	for depth, faults := range map[int]int{7: 0, 8: 1, 30: 1} {
		r, _ := runBytes(t, "e.zip", nested(t, depth), us)
		if len(r.faults) != faults || len(r.findings) != 1-faults {
			t.Errorf("%d deep: %v %v", depth, r.found(), r.faults)
		}
	}
}

// A bomb costs itself and nothing else: what stands beside it is read.
func TestBombs(t *testing.T) {
	zeros := func(n int) string { return strings.Repeat("\x00", n) }
	bomb := zipOf(t, entry{name: "zeros", content: zeros(100 << 20)})
	for name, evidence := range map[string][]byte{
		"zip":          zipOf(t, entry{name: "a", content: note}, entry{name: "b.zip", content: string(bomb)}, entry{name: "c", content: note}),
		"gzip":         zipOf(t, entry{name: "a", content: note}, entry{name: "b.gz", content: string(gzipOf(t, []byte(zeros(100<<20))))}, entry{name: "c", content: note}),
		"zip in zip":   zipOf(t, entry{name: "a", content: note}, entry{name: "b.zip", content: string(zipOf(t, entry{name: "b", content: string(bomb)}))}, entry{name: "c", content: note}),
		"many in tar":  zipOf(t, entry{name: "a", content: note}, entry{name: "b.zip", content: string(zipOf(t, entry{name: "1", content: zeros(40 << 20)}, entry{name: "2", content: zeros(40 << 20)}))}, entry{name: "c", content: note}),
		"sparse gzips": zipOf(t, entry{name: "a", content: note}, entry{name: "b.gz", content: string(gzipOf(t, gzipOf(t, []byte(zeros(100<<20)))))}, entry{name: "c", content: note}),
	} {
		r, _ := runBytes(t, "e.zip", evidence, us)
		if diff := cmp.Diff([]string{"a [@9+16] = email:desk@example.org", "c [@9+16] = email:desk@example.org"}, r.found()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(r.faults) != 1 || !r.problem("", "a bomb, or raise the limit") {
			t.Errorf("%s: %v", name, r.faults)
		}
	}
}

func TestLimitOfAll(t *testing.T) {
	opt := us
	opt.Limits.TotalBytes = 1000
	var entries []entry
	for n := range 100 {
		entries = append(entries, entry{name: fmt.Sprintf("%02d", n), content: note + strings.Repeat(" ", 75)})
	}
	path := write(t, "e.zip", zipOf(t, entries...))
	r, summary := run(t, path, opt)
	if len(r.findings) != 10 || len(r.faults) != 1 || !r.problem("", "the run ends here") {
		t.Errorf("%d findings, %v", len(r.findings), r.faults)
	}
	if digest, _, err := triage.Digest(t.Context(), path); err != nil || summary.Digest != digest {
		t.Errorf("digest %x, %v; want %x", summary.Digest, err, digest)
	}
}

func TestLimitOfEntries(t *testing.T) {
	opt := us
	opt.Limits.Entries = 3
	for name, content := range map[string][]byte{
		"e.zip": zipOf(t, entry{name: "1", content: note}, entry{name: "2", content: note}, entry{name: "3", content: note}, entry{name: "4", content: note}),
		"e.tar": tarOf(t, tar.Header{Name: "1"}, tar.Header{Name: "2"}, tar.Header{Name: "3"}, tar.Header{Name: "4"}),
	} {
		r, _ := runBytes(t, name, content, opt)
		if len(r.findings) != 3 || len(r.faults) != 1 || !r.problem("", "limit of 3") {
			t.Errorf("%s: %v %v", name, r.found(), r.faults)
		}
	}
}

func TestLimitOfFiles(t *testing.T) {
	opt := us
	opt.Limits.Entries = 3
	folder := t.TempDir()
	for n := range 5 {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprint(n)), []byte(note), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, _ := run(t, folder, opt)
	if len(r.findings) != 3 || len(r.faults) != 1 || !r.problem(filepath.Base(folder), "limit of 3") {
		t.Errorf("%v %v", r.found(), r.faults)
	}
}

// Names that lead out are read where they are, reported, and nothing is written.
func TestTraversal(t *testing.T) {
	names := []string{"../../etc/passwd", "/etc/passwd", `..\..\x`, "C:/x", "a/../../b", "./fine", "..."}
	var entries []entry
	var headers []tar.Header
	for _, name := range names {
		entries = append(entries, entry{name: name, content: note})
		headers = append(headers, tar.Header{Name: name})
	}
	for evidence, content := range map[string][]byte{"e.zip": zipOf(t, entries...), "e.tar": tarOf(t, headers...)} {
		r, path := runBytes(t, evidence, content, us)
		if len(r.findings) != len(names) || len(r.faults) != 5 {
			t.Errorf("%s: %v %v", evidence, r.found(), r.faults)
		}
		checkPlaces(t, path, r, us)
		if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 1 {
			t.Errorf("%s: the run wrote %v, %v", evidence, files, err)
		}
	}
}

func TestLinksInArchives(t *testing.T) {
	for name, content := range map[string][]byte{
		"e.zip": linkInZip(t),
		"e.tar": tarOf(t, tar.Header{Name: "link", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}, tar.Header{Name: "pipe", Typeflag: tar.TypeFifo}),
	} {
		r, _ := runBytes(t, name, content, us)
		if len(r.files) != 1 || !r.problem("!/link", "not followed") {
			t.Errorf("%s: %v %v", name, r.files, r.faults)
		}
	}
}

// Entries of one name are told apart, and the places lead back to each.
func TestNamesTwice(t *testing.T) {
	r, path := runBytes(t, "e.zip", zipOf(t, entry{name: "a", content: note}, entry{name: "a;2", content: "x desk@example.org"}, entry{name: "a", content: "@lamp_light"}), us)
	want := []string{"a [@9+16] = email:desk@example.org", "a;2 [@2+16] = email:desk@example.org", "a;3 [@0+11] = telegram:lamp_light"}
	if diff := cmp.Diff(want, r.found()); diff != "" {
		t.Error(diff)
	}
	checkPlaces(t, path, r, us)
}

// A truncated archive gives one fault, and what is whole in it.
func TestTruncatedZip(t *testing.T) {
	for name, store := range map[string]bool{"stored": true, "packed": false} {
		whole := zipOf(t, entry{name: "a", content: note, store: store}, entry{name: "b/", content: ""}, entry{name: "b/c.zip", content: string(zipOf(t, entry{name: "d", content: note}))},
			entry{name: "e", content: strings.Repeat(note+"\n", 500)})
		cut := bytes.LastIndex(whole, []byte("PK\x03\x04")) + 50
		for _, evidence := range []struct {
			name    string
			content []byte
			before  string
		}{{"e.zip", whole[:cut], ""}, {"f.zip", zipOf(t, entry{name: "e.zip", content: string(whole[:cut])}), "e.zip!/"}} {
			r, path := runBytes(t, evidence.name, evidence.content, us)
			want := []string{evidence.before + "a [@9+16] = email:desk@example.org", evidence.before + "b/c.zip!/d [@9+16] = email:desk@example.org"}
			if diff := cmp.Diff(want, r.found()); diff != "" {
				t.Errorf("%s, %s: %s", name, evidence.name, diff)
			}
			if len(r.faults) != 1 || !r.problem("e.zip", "truncated") {
				t.Errorf("%s, %s: %v", name, evidence.name, r.faults)
			}
			checkPlaces(t, path, r, us)
		}
	}
}

func TestTruncatedTarAndGzip(t *testing.T) {
	whole := tarOf(t, tar.Header{Name: "a"}, tar.Header{Name: "b"})
	r, _ := runBytes(t, "e.tar", whole[:1024+512+3], us)
	if len(r.findings) != 1 || !r.problem("!/b", "cannot be read") || !r.problem("e.tar", "truncated") {
		t.Errorf("tar: %v %v", r.found(), r.faults)
	}
	packed := gzipOf(t, whole)
	r, _ = runBytes(t, "e.tar.gz", packed[:len(packed)-12], us)
	if len(r.files) != 1 || len(r.faults) != 1 {
		t.Errorf("gzip: %v %v", r.files, r.faults)
	}
}

// An entry that holds more than it says is cut off and reported.
func TestLyingSize(t *testing.T) {
	raw := zipOf(t, entry{name: "a", content: strings.Repeat(note, 100)}, entry{name: "b", content: note})
	directory := bytes.Index(raw, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(raw[directory+24:], 10)
	r, _ := runBytes(t, "e.zip", raw, us)
	if diff := cmp.Diff([]string{"b [@9+16] = email:desk@example.org"}, r.found()); diff != "" {
		t.Error(diff)
	}
	if len(r.faults) != 1 || r.faults[0].Place.Chain[1] != "a" {
		t.Errorf("%v", r.faults)
	}
}

func TestEncryptedAndDamaged(t *testing.T) {
	raw := zipOf(t, entry{name: "a", content: note, store: true}, entry{name: "b", content: note, store: true})
	directory := bytes.Index(raw, []byte("PK\x01\x02"))
	encrypted := bytes.Clone(raw)
	encrypted[directory+8] |= 1
	damaged := bytes.Replace(raw, []byte("write to desk"), []byte("write to busk"), 1)
	for name, content := range map[string][]byte{"encrypted": encrypted, "checksum": damaged} {
		r, _ := runBytes(t, "e.zip", content, us)
		if len(r.files) != 2 || len(r.faults) != 1 || !r.problem("!/a", name) {
			t.Errorf("%s: %v %v", name, r.files, r.faults)
		}
	}
}
