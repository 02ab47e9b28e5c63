package release_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"parley/internal/release"
	"parley/stix"
)

// FuzzVerify feeds the receiver hostile bytes. What it accepts is in canonical form and can be
// checked without harm.
func FuzzVerify(f *testing.F) {
	tearline, err := release.Build(readReport(f), request(f), fixed())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(tearline.Bundle)
	f.Add([]byte(`{"id":"bundle--2a77dc5a-01e4-44f2-9365-86214695ea56","type":"bundle"}`))
	f.Add([]byte(`{"id":"x","objects":[{}],"type":"bundle"}`))
	f.Add(bytes.Repeat([]byte("["), 1000))
	f.Fuzz(func(t *testing.T, data []byte) {
		received, err := release.Verify(data)
		if err != nil {
			return
		}
		canonical, err := stix.Canonical(data)
		if err != nil || !bytes.Equal(canonical, data) {
			t.Errorf("accepted bytes that are not in canonical form: %q", data)
		}
		if received.PermittedUse == "" || received.TLP == "" || received.Report.IsZero() {
			t.Errorf("accepted a tearline without its label, use or report: %+v", received)
		}
		release.Check(release.Tearline{Bundle: data}, release.Secrets{})
	})
}

// FuzzCheckText puts a name, between spaces, into any text: it is always found.
func FuzzCheckText(f *testing.F) {
	f.Add("A plan is made.", "It is known.")
	f.Add("at 03:12 ", "+1 202-555-0199 @quiet_river")
	f.Add("p e l i", " c a n \u202e\u200b")
	f.Add("50.84, 4.36 الساعة ٠٣:١٢", "[at] dot ")
	report, req, s := readReport(f), request(f), secrets(f)
	f.Fuzz(func(t *testing.T, before, after string) {
		req.Text = before + " Pelican " + after
		tearline, err := release.Build(report, req, fixed())
		if err != nil {
			return
		}
		findings := release.Check(tearline, s)
		found := slices.ContainsFunc(findings, func(f release.Finding) bool { return f.Rule == "name" && f.Blocking })
		if !found {
			t.Errorf("the name was missed in %q", req.Text)
		}
		for _, f := range findings {
			if f.Rule == "name" && strings.Contains(strings.ToLower(f.Excerpt), "pelican") {
				t.Errorf("the finding prints the name: %+v", f)
			}
		}
	})
}
