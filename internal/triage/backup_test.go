package triage_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/zlib"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func androidBackup(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("ANDROID BACKUP\n5\n1\nnone\n")
	w := zlib.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAndroidBackup(t *testing.T) {
	r, path := runBytes(t, "phone.ab", androidBackup(t, tarOf(t, tar.Header{Name: "apps/com.example/db/note.txt"})), us)
	if diff := cmp.Diff([]string{"phone.tar!/apps/com.example/db/note.txt [@9+16] = email:desk@example.org"}, r.found()); diff != "" || len(r.faults) > 0 {
		t.Errorf("%s %v", diff, r.faults)
	}
	checkPlaces(t, path, r, us)

	r, _ = runBytes(t, "phone.ab", []byte("ANDROID BACKUP\n5\n1\nAES-256\nE1\nE2\n10000\n"), us)
	if !r.problem("phone.ab", "needs its password") {
		t.Errorf("%v", r.faults)
	}
}

// Files of a backup by iTunes are read once, under the name they had: from
// a folder, and from a zip of it.
func TestAppleBackup(t *testing.T) {
	const id = "3d0d7e5fb2ce288813306e4d4636395e047a3d28"
	const other = "aa0d7e5fb2ce288813306e4d4636395e047a3d28"
	manifest := databaseOf(t, `CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB)`,
		`INSERT INTO Files VALUES ('`+id+`', 'HomeDomain', 'Library/Notes/note.txt', 1, NULL)`,
		`INSERT INTO Files VALUES ('0000000000000000000000000000000000000000', 'HomeDomain', 'Library', 2, NULL)`)
	folder := filepath.Join(t.TempDir(), "backup")
	files := map[string]string{"dev/Manifest.db": string(manifest), "dev/3d/" + id: note, "dev/aa/" + other: "lamp@example.org"}
	var entries []entry
	for name, content := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, entry{name: name, content: content})
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	want := []string{
		"dev/3d/" + id + "!/HomeDomain/Library/Notes/note.txt [@9+16] = email:desk@example.org",
		"dev/Manifest.db [Files row 1 fileID @0+40] = sha1:" + id,
		"dev/aa/" + other + " [@0+16] = email:lamp@example.org",
	}
	for _, path := range []string{folder, write(t, "backup.zip", zipOf(t, entries...))} {
		r, _ := run(t, path, us)
		if diff := cmp.Diff(want, r.found()); diff != "" || len(r.faults) > 0 {
			t.Errorf("%s: %s %v", filepath.Base(path), diff, r.faults)
		}
		checkPlaces(t, path, r, us)
		sameForAnyWorkers(t, path, r)
	}

	for name, content := range map[string]string{"Manifest.db": "\x91\x02\x81\x11 not a database", "Manifest.plist": "bplist00"} {
		if err := os.WriteFile(filepath.Join(folder, "dev", name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if r, _ := run(t, folder, us); !r.problem("dev/Manifest.db", "needs its password") {
		t.Errorf("%v", r.faults)
	}
}

// The file system of a telephone as tools for extraction write it: more entries than
// a zip's first form can count, names in UTF-8 and in none, sizes behind the data.
func TestWholeTelephone(t *testing.T) {
	const count = 66_000
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range count {
		name := fmt.Sprintf("filesystem/data/app-%d/é☂ %d", i/100, i)
		if i == count-1 {
			name = "filesystem/data/\xff\xfe\x81"
		}
		out, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store}) // sizes follow
		if err != nil {
			t.Fatal(err)
		}
		if i%20_000 == 0 || i == count-1 {
			if _, err := out.Write([]byte(note)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, path := runBytes(t, "phone.zip", b.Bytes(), us)
	want := []string{
		"filesystem/data/app-0/é☂ 0 [@9+16] = email:desk@example.org", "filesystem/data/app-200/é☂ 20000 [@9+16] = email:desk@example.org",
		"filesystem/data/app-400/é☂ 40000 [@9+16] = email:desk@example.org", "filesystem/data/app-600/é☂ 60000 [@9+16] = email:desk@example.org",
		"filesystem/data/%FF%FE%81 [@9+16] = email:desk@example.org",
	}
	if diff := cmp.Diff(want, r.found()); diff != "" || len(r.files) != count+1 || len(r.faults) > 0 {
		t.Errorf("%s %d files, %v", diff, len(r.files), r.faults)
	}
	checkPlaces(t, path, r, us)
}
