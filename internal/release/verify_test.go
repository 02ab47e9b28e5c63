package release_test

import (
	"crypto/sha256"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/release"
)

func TestVerifyReadsWhatWasSent(t *testing.T) {
	req := request(t)
	tearline, err := release.Build(readReport(t), req, fixed())
	if err != nil {
		t.Fatal(err)
	}
	got, err := release.Verify(tearline.Bundle)
	if err != nil {
		t.Fatal(err)
	}
	if got.TLP != req.TLP || got.PermittedUse != req.PermittedUse || got.Grade != req.Grade {
		t.Errorf("label %s, use %s, grade %s", got.TLP, got.PermittedUse, got.Grade)
	}
	if got.Title != req.Title || got.Text != req.Text || got.SourceDescriptor != req.SourceDescriptor {
		t.Errorf("title %q, text %q, source %q", got.Title, got.Text, got.SourceDescriptor)
	}
	if got.Digest != tearline.Digest || len(got.Objects) != len(tearline.Objects) {
		t.Error("the receiver holds something other than the sender")
	}
}

// TestVerifyRefusesOtherForms takes the planted leaks that break the form of a tearline: the receiver,
// who knows none of the secrets, refuses every one.
func TestVerifyRefusesOtherForms(t *testing.T) {
	for _, rule := range []string{"form", "allow-list", "reference", "marking", "order"} {
		for _, c := range readCases(t, filepath.Join("testdata", "leaks", rule+".json")) {
			t.Run(rule+"/"+c.Name, func(t *testing.T) {
				tearline, _ := c.build(t)
				got, err := release.Verify(tearline.Bundle)
				if err == nil {
					t.Fatal("accepted")
				}
				if got.Objects != nil || got.Digest != [sha256.Size]byte{} {
					t.Error("refused and still gave something back")
				}
			})
		}
	}
}

func TestVerifyRefusesTooMuch(t *testing.T) {
	if _, err := release.Verify([]byte(strings.Repeat(" ", release.MaxBytes+1))); err == nil || !strings.Contains(err.Error(), "split it") {
		t.Errorf("too many bytes: %v", err)
	}
	deep := `{"id":"bundle--2a77dc5a-01e4-44f2-9365-86214695ea56","objects":[{"a":` + strings.Repeat("[", 50) + strings.Repeat("]", 50) + `}],"type":"bundle"}`
	if _, err := release.Verify([]byte(deep)); err == nil {
		t.Error("accepted fifty nested lists")
	}
}

func TestVerifyWantsOneReport(t *testing.T) {
	tearline, err := release.Build(nil, request(t), fixed())
	if err != nil {
		t.Fatal(err)
	}
	var id string
	for _, o := range tearline.Objects {
		if o.Type() == "report" {
			id = string(o.ID())
		}
	}
	without := edit{Op: "drop", ID: id}.apply(t, tearline.Bundle)
	if _, err := release.Verify(without); err == nil || !strings.Contains(err.Error(), "0 reports") {
		t.Errorf("a tearline without its report: %v", err)
	}
}

func TestGradeInBothDirections(t *testing.T) {
	for source := byte('A'); source <= 'F'; source++ {
		for information := byte('1'); information <= '6'; information++ {
			req := request(t)
			req.Grade = release.Grade{Source: source, Information: information}
			tearline, err := release.Build(nil, req, fixed())
			if err != nil {
				t.Fatal(err)
			}
			got, err := release.Verify(tearline.Bundle)
			if err != nil || got.Grade != req.Grade {
				t.Errorf("%s came back as %s (%v)", req.Grade, got.Grade, err)
			}
			confidence, known := got.Report.Int("confidence")
			if known != (information != '6') || known && confidence != 90-20*int64(information-'1') {
				t.Errorf("%s has confidence %d, %v", req.Grade, confidence, known)
			}
		}
	}
	for _, bad := range []string{"B", "G1", "A7", "A0", "B22", "2B"} {
		if _, err := release.ParseGrade(bad); err == nil {
			t.Errorf("grade %q was accepted", bad)
		}
	}
	if g, err := release.ParseGrade("b2"); err != nil || g.String() != "B2" {
		t.Errorf("b2 is %s, %v", g, err)
	}
}

func TestEveryUseIsReadBack(t *testing.T) {
	for _, use := range release.Uses() {
		req := request(t)
		req.PermittedUse = use
		tearline, err := release.Build(nil, req, fixed())
		if err != nil {
			t.Fatal(err)
		}
		got, err := release.Verify(tearline.Bundle)
		if err != nil || got.PermittedUse != use {
			t.Errorf("%s came back as %q (%v)", use, got.PermittedUse, err)
		}
	}
}
