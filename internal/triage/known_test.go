package triage_test

import (
	"archive/zip"
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/triage"
	"parley/internal/triage/hashset"
)

// knownFiles reads a list of hashes.
func knownFiles(t *testing.T, lines ...string) *hashset.Set {
	t.Helper()
	set, err := hashset.Read(t.Context(), write(t, "known.txt", []byte(strings.Join(lines, "\n"))), nil)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// A known file is told with its hash and is not searched, whatever hash the list has,
// wherever it lies. What lies beside it is.
func TestKnownFilesAreNotSearched(t *testing.T) {
	system, own := []byte("write to vendor@example.com\n"), []byte("write to desk@example.org\n")
	inner := zipped(t, "lib.txt", system, "note.txt", own)
	path := write(t, "phone.zip", zipped(t, "lib.txt", system, "inner.zip", inner, "note.txt", own))
	for name, line := range map[string]string{
		"SHA-256": fmt.Sprintf("%x", sha256.Sum256(system)), "SHA-1": fmt.Sprintf("%x", sha1.Sum(system)), "MD5": fmt.Sprintf("%x", md5.Sum(system)),
	} {
		opt := us
		opt.Known = knownFiles(t, line)
		r, summary := runKnown(t, path, opt)
		if d := cmp.Diff([]string{"inner.zip!/note.txt [@9+16] = email:desk@example.org", "note.txt [@9+16] = email:desk@example.org"}, r.found()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		known := 0
		for _, f := range r.files {
			if f.Known {
				known++
				if f.SHA256 != sha256.Sum256(system) || f.Type != "text" {
					t.Errorf("%s: %+v is known", name, f)
				}
			}
		}
		if known != 2 || summary.Known != 2 || summary.Files != 6 || len(r.faults) > 0 {
			t.Errorf("%s: %d known, %+v, %v", name, known, summary, r.faults)
		}
	}
	opt := us
	opt.Known = knownFiles(t, fmt.Sprintf("%x", sha256.Sum256(inner)))
	if r, _ := runKnown(t, path, opt); len(r.found()) != 2 {
		t.Errorf("an archive that is known was opened: %v", r.found())
	}
}

func runKnown(t *testing.T, path string, opt triage.Options) (*record, triage.Summary) {
	t.Helper()
	r := &record{}
	summary, err := triage.Run(t.Context(), path, opt, r)
	if err != nil {
		t.Fatal(err)
	}
	return r, summary
}

func zipped(t *testing.T, entries ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(entries); i += 2 {
		f, err := w.Create(entries[i].(string))
		if err == nil {
			_, err = f.Write(entries[i+1].([]byte))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Perceptual hashes are made when they are asked for, and are those of package pdq.
func TestLikeness(t *testing.T) {
	opt := us
	r, _ := run(t, phone(t), opt)
	opt.Likeness = true
	alike, _ := run(t, phone(t), opt)
	made := 0
	for i, a := range alike.artifacts {
		if a.Picture == nil {
			continue
		}
		if r.artifacts[i].Picture.PDQ != "" {
			t.Errorf("%s has a hash that nobody asked for", a.Name)
		}
		if len(a.Picture.PDQ) == 64 {
			made++
		}
	}
	if made != 9 {
		t.Errorf("%d pictures have a hash, want 9", made)
	}
	broken, _ := runBytes(t, "broken.jpg", []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xda"), opt)
	if len(broken.artifacts) != 1 || broken.artifacts[0].Picture.PDQ != "" {
		t.Errorf("a broken picture: %+v, %v", broken.artifacts, broken.faults)
	}
}
