package triage_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/internal/triage"
	"parley/selector"
)

func emails(r *record) map[string]bool {
	found := map[string]bool{}
	for _, f := range r.findings {
		if f.Selector.Kind == selector.Email {
			found[f.Selector.Value] = true
		}
	}
	return found
}

// The addresses on the image that lie in its text, archives and documents' plain
// bytes, each in the kind of file that its name says.
func TestRealImage(t *testing.T) {
	path := shared(t, "evidence/nps-2010-emails.E01")
	r, _ := run(t, path, us)
	found := emails(r)
	for _, want := range []string{
		"plain_text@textedit.com", "plain_utf16@textedit.com", "rtf_text@textedit.com", "user_doc@microsoftword.com", "user_docx@microsoftword.com",
		"xls_cell@microsoft_excel.com", "email_in_zip@zipfile1.com", "email_in_zip_zip@zipfile2.com", "email_in_gzip@gzipfile.com",
		"email_in_gzip_gzip@gzipfile.com", "pages@iwork09.com", "numbers@iwork09.com", "doc_within_doc@document.com",
	} {
		if !found[want] {
			t.Errorf("%s not found", want)
		}
	}
	if len(r.artifacts) == 0 || !strings.Contains(r.artifacts[0].Text, "MD5 7dae50cec8163697415e69fd72387c01: verified") {
		t.Errorf("the image's MD5 was not verified: %v %v", r.artifacts, r.problems())
	}
	r.findings = slices.DeleteFunc(r.findings, func(f triage.Finding) bool { return f.Selector.Kind != selector.Email })
	checkPlaces(t, path, r, us)
}

// bulkReason says why an address of bulk_extractor is not ours.
func bulkReason(address string) string {
	switch {
	case strings.HasSuffix(address, ".comkeynote_comment@iwork09.com"), strings.HasSuffix(address, ".compages"),
		strings.HasSuffix(address, ".comnumbers"), strings.HasSuffix(address, ".comi"):
		return "two texts side by side, read as one: no such domain"
	}
	return ""
}

// We find the addresses that bulk_extractor finds, or say why not.
func TestAgainstBulkExtractor(t *testing.T) {
	program := os.Getenv("PARLEY_BULK_EXTRACTOR")
	if program == "" {
		t.Skip("set PARLEY_BULK_EXTRACTOR to the program bulk_extractor to compare with what it finds")
	}
	for _, name := range []string{"nps-2010-emails.E01", "1mb_fat32.dmg"} {
		path, out := shared(t, "evidence/"+name), filepath.Join(t.TempDir(), "out")
		if report, err := exec.Command(program, "-q", "-o", out, path).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, report)
		}
		histogram, err := os.ReadFile(filepath.Join(out, "email_histogram.txt"))
		if err != nil {
			t.Fatal(err)
		}
		theirs := map[string]bool{}
		for line := range strings.Lines(string(histogram)) {
			if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) > 1 && strings.HasPrefix(line, "n=") {
				theirs[fields[1]] = true
			}
		}
		r, _ := run(t, path, us)
		ours := emails(r)
		t.Logf("%s: %d addresses of theirs, %d of ours", name, len(theirs), len(ours))
		for _, address := range slices.Sorted(maps.Keys(theirs)) {
			if ours[address] {
				continue
			}
			if reason := bulkReason(address); reason != "" {
				t.Logf("only theirs: %s: %s", address, reason)
			} else {
				t.Errorf("only theirs: %s", address)
			}
		}
		for _, address := range slices.Sorted(maps.Keys(ours)) {
			if !theirs[address] {
				t.Logf("only ours: %s", address)
			}
		}
	}
}
