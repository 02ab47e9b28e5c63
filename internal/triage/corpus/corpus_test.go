package corpus_test

import (
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/triage/corpus"
	"parley/selector"
)

// The same seed makes the same lines: figures of one machine are those of another.
func TestLinesAreTheSameAlways(t *testing.T) {
	if diff := cmp.Diff(corpus.Lines(7, 3, 3), corpus.Lines(7, 3, 3)); diff != "" {
		t.Error(diff)
	}
}

// Every value is in normal form, so that what is measured is not the corpus.
func TestWhatLinesHoldIsInNormalForm(t *testing.T) {
	for _, l := range corpus.Lines(3, 40, 1) {
		for _, s := range l.Holds {
			if err := s.Validate(); err != nil {
				t.Errorf("%q: %v", l.Text, err)
			}
		}
	}
}

func TestZZ(t *testing.T) {
	if os.Getenv("ZZ") == "" {
		t.Skip()
	}
	f := selector.NewFinder(selector.Options{Region: corpus.Region})
	missed, wrong := map[selector.Kind]int{}, map[selector.Kind]int{}
	for _, l := range corpus.Lines(1, 140, 140) {
		var got []selector.Selector
		for _, h := range f.Find(l.Text) {
			got = append(got, h.Selector)
		}
		for _, w := range l.Holds {
			if i := slices.Index(got, w); i >= 0 {
				got = slices.Delete(got, i, i+1)
			} else if missed[w.Kind]++; missed[w.Kind] < 8 {
				t.Logf("MISSED %v in %q", w, l.Text)
			}
		}
		for _, g := range got {
			if l.May && (g.Kind == selector.URL || g.Kind == selector.Domain) {
				continue
			}
			if wrong[g.Kind]++; wrong[g.Kind] < 8 {
				t.Logf("WRONG %v in %q (about %s)", g, l.Text, l.About)
			}
		}
	}
	t.Logf("missed %v", missed)
	t.Logf("wrong %v", wrong)
}
