package pattern_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/stix/pattern"
)

// TestPrintedPatternsAreTheSame is the round trip: what is printed parses to what was printed.
func TestPrintedPatternsAreTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPattern().Draw(t, "pattern")
		text := p.String()
		again, err := pattern.Parse(text, pattern.Options{})
		if err != nil {
			t.Fatalf("%s\n%v", text, err)
		}
		if diff := cmp.Diff(p, again, sameButPlaces); diff != "" {
			t.Fatalf("%s\n%s", text, diff)
		}
		if printed := again.String(); printed != text {
			t.Fatalf("printed twice:\n%s\n%s", text, printed)
		}
	})
}

// TestCheckNeverPanics checks and compiles whatever can be written.
func TestCheckNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPattern().Draw(t, "pattern")
		built, parsed := p.Check(), mustReparse(t, p).Check()
		if len(built) != len(parsed) {
			t.Fatalf("%d faults as built, %d as parsed", len(built), len(parsed))
		}
		if m, err := pattern.Compile(p, pattern.MatchOptions{}); err == nil {
			if _, err := m.Match(nil); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func mustReparse(t *rapid.T, p *pattern.Pattern) *pattern.Pattern {
	again, err := pattern.Parse(p.String(), pattern.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return again
}
