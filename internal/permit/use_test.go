package permit

import "testing"

func TestEveryUseComesBackFromItsStatementAndItsName(t *testing.T) {
	for _, u := range Uses() {
		if got, ok := ParseStatement(u.Statement()); !ok || got != u {
			t.Errorf("%s comes back as %q, %v", u, got, ok)
		}
		if got, err := Parse(string(u)); err != nil || got != u {
			t.Errorf("%s is read as %q, %v", u, got, err)
		}
	}
}

func TestUsesInFreeWordsAreRefused(t *testing.T) {
	for _, name := range []string{"", "gossip", "Detection", "detection "} {
		if got, err := Parse(name); err == nil {
			t.Errorf("%q is read as %q", name, got)
		}
	}
	for _, text := range []string{"", Use("gossip").Statement(), Detection.Statement() + " Or not.", "detection"} {
		if got, ok := ParseStatement(text); ok {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}
