package release_test

import (
	"slices"
	"testing"

	"parley/internal/release"
)

// TestProseUnderlinesWhatWasNotCleared lists the texts of a tearline, and in them the selectors that a
// reader should not see.
func TestProseUnderlinesWhatWasNotCleared(t *testing.T) {
	req := request(t)
	req.Text = "The numbers +1 202-555-0147 and +1 202-555-0199 belong to @harbour_lights, who writes to desk@mail.example."
	tearline, err := release.Build(readReport(t), req, fixed())
	if err != nil {
		t.Fatal(err)
	}
	all, err := release.ProseOf(tearline.Bundle, "US")
	if err != nil {
		t.Fatal(err)
	}
	var marked, texts []string
	for _, p := range all {
		texts = append(texts, p.Text)
		for _, span := range p.Uncleared {
			marked = append(marked, p.Text[span.Start:span.End])
		}
	}
	if want := []string{"+1 202-555-0199", "desk@mail.example"}; !slices.Equal(marked, want) {
		t.Errorf("underlined are %q, want %q", marked, want)
	}
	for _, text := range []string{req.Text, req.Title, req.SourceDescriptor, "Purchases and meetings over some weeks."} {
		if !slices.Contains(texts, text) {
			t.Errorf("%q is not shown", text)
		}
	}
	if _, err := release.ProseOf([]byte("{}"), ""); err == nil {
		t.Error("what is no tearline is shown")
	}
}
