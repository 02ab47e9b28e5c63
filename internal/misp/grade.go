package misp

import (
	"slices"
	"strings"
)

// Grade is what tags of the taxonomy admiralty-scale say: letters and figures as they were given, each
// once. Two of a kind stand side by side; which of them holds is not for this package to say. MISP's
// numbers for them are not taken, as it gives the unknown (F, 6) a middle one.
type Grade struct {
	Reliability []string `json:"reliability,omitempty"` // A to F; G where MISP says deliberately deceptive
	Credibility []string `json:"credibility,omitempty"` // 1 to 6
}

const (
	reliabilityTag = `admiralty-scale:source-reliability="`
	credibilityTag = `admiralty-scale:information-credibility="`
)

// GradeOf reads the tags of the admiralty scale.
func GradeOf(tags []Tag) (g Grade) {
	for _, t := range tags {
		name := strings.ToLower(t.Name)
		if letter, ok := within(name, reliabilityTag, "abcdefg"); ok {
			g.Reliability = addOnce(g.Reliability, strings.ToUpper(letter))
		} else if figure, ok := within(name, credibilityTag, "123456"); ok {
			g.Credibility = addOnce(g.Credibility, figure)
		}
	}
	return g
}

func within(name, prefix, letters string) (string, bool) {
	rest, ok := strings.CutPrefix(name, prefix)
	letter, closed := strings.CutSuffix(rest, `"`)
	return letter, ok && closed && len(letter) == 1 && strings.Contains(letters, letter)
}

func addOnce(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// confidence is STIX's figure for a credibility (STIX 2.1 appendix A), which is the only thing it may
// say. It gives nothing where nothing is known (6) or two figures stand side by side.
func (g Grade) confidence() (int, bool) {
	if len(g.Credibility) != 1 {
		return 0, false
	}
	figure, known := map[string]int{"1": 90, "2": 70, "3": 50, "4": 30, "5": 10}[g.Credibility[0]]
	return figure, known
}
