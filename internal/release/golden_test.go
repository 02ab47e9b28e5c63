package release_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"parley/internal/release"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file of testdata, or writes it with -update.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	path := "testdata/golden/" + file
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and read the difference.\ngot:\n%s", file, got)
	}
}

// TestGolden takes an intercept report with its sources, precise times, coordinates and raw text, and
// shows the tearline, what stayed behind and the comparison that two people clear.
func TestGolden(t *testing.T) {
	report := readReport(t)
	tearline, err := release.Build(report, request(t), fixed())
	if err != nil {
		t.Fatal(err)
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, tearline.Bundle, "", "  "); err != nil {
		t.Fatal(err)
	}
	golden(t, "tearline.json", append(pretty.Bytes(), '\n'))

	var stripped, lines strings.Builder
	for _, s := range tearline.Stripped {
		fmt.Fprintf(&stripped, "%-8s %s: %s\n", s.Kind, strings.TrimSpace(string(s.OriginalID)+" "+s.Path), s.Reason)
	}
	golden(t, "stripped.txt", []byte(stripped.String()))
	for _, l := range release.Compare(report, tearline) {
		fmt.Fprintf(&lines, "%-9s %s.%s\n", l.Change, l.Type, l.Path)
		if l.Original != "" {
			fmt.Fprintf(&lines, "  - %s\n", l.Original)
		}
		if l.Tearline != "" {
			fmt.Fprintf(&lines, "  + %s\n", l.Tearline)
		}
	}
	golden(t, "compare.txt", []byte(lines.String()))

	for _, f := range release.Check(tearline, secrets(t)) {
		t.Errorf("the golden tearline has a finding: %+v", f)
	}
	for _, o := range report {
		if strings.Contains(string(tearline.Bundle), string(o.ID())[len(o.Type())+2:]) {
			t.Errorf("original id %s stands in the bundle", o.ID())
		}
	}
}

func TestBuildIsDeterministic(t *testing.T) {
	first, err := release.Build(readReport(t), request(t), fixed())
	if err != nil {
		t.Fatal(err)
	}
	second, err := release.Build(readReport(t), request(t), fixed())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bundle, second.Bundle) || first.Digest != second.Digest {
		t.Error("the same report, request, randomness and time gave two tearlines")
	}
}

func TestDigestIsOfTheBytes(t *testing.T) {
	tearline, err := release.Build(readReport(t), request(t), fixed())
	if err != nil {
		t.Fatal(err)
	}
	if tearline.Digest != sha256.Sum256(tearline.Bundle) {
		t.Error("the digest is not the SHA-256 of the bundle")
	}
	for i := range tearline.Bundle {
		changed := bytes.Clone(tearline.Bundle)
		changed[i] ^= 1
		if sha256.Sum256(changed) == tearline.Digest {
			t.Fatalf("changing byte %d leaves the digest as it is", i)
		}
	}
}
