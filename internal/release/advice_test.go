package release_test

import (
	"slices"
	"testing"

	"parley/internal/release"
)

// TestAdvice lists what the check points at and does not stop.
func TestAdvice(t *testing.T) {
	for _, c := range []struct{ rule, text string }{
		{"name", "The pelicanlike bird is a symbol of the group."},
		{"time", "They meet in the morning."},
		{"hidden-character", "A plan is made.  It is known."},
		{"hidden-character", "گروهی برای حمله آماده می\u200cشود."},
	} {
		tearline, s := leakCase{Text: c.text}.build(t)
		findings := release.Check(tearline, s)
		pointedAt := slices.ContainsFunc(findings, func(f release.Finding) bool { return f.Rule == c.rule && !f.Blocking })
		if !pointedAt || release.Blocked(findings) {
			t.Errorf("%s: %q gave %+v", c.rule, c.text, findings)
		}
	}
}

// TestCountIsPointedAt says when a tearline has an object for every object of the report.
func TestCountIsPointedAt(t *testing.T) {
	report := readReport(t)
	req := request(t)
	req.Cleared = append(req.Cleared, cleared(t, "phone:+12025550199")...)
	tearline, err := release.Build(report, req, fixed())
	if err != nil {
		t.Fatal(err)
	}
	var kept []int
	for i, o := range report {
		if tearline.Map[o.ID()] != "" {
			kept = append(kept, i)
		}
	}
	whole := report[:0:0]
	for _, i := range kept {
		whole = append(whole, report[i])
	}
	tearline, err = release.Build(whole, req, fixed())
	if err != nil {
		t.Fatal(err)
	}
	s := secrets(t)
	s.Cleared = req.Cleared
	counted := func(f release.Finding) bool { return f.Rule == "order" && !f.Blocking }
	if findings := release.Check(tearline, s); !slices.ContainsFunc(findings, counted) {
		t.Errorf("nothing says that all %d objects are in the tearline: %+v", len(whole), findings)
	}
}

// TestBlockingComesFirst keeps what stops a release at the top of the list.
func TestBlockingComesFirst(t *testing.T) {
	tearline, s := leakCase{Text: "Pelican met them in the morning at 03:12.  It is known."}.build(t)
	findings := release.Check(tearline, s)
	advice := false
	for _, f := range findings {
		if advice && f.Blocking {
			t.Fatalf("a blocking finding stands below advice: %+v", findings)
		}
		advice = advice || !f.Blocking
	}
	if !advice || !release.Blocked(findings) {
		t.Errorf("findings of both sorts are missing: %+v", findings)
	}
}
