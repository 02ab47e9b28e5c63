package release

import (
	"fmt"
	"slices"
	"strings"
)

// Grade is an Admiralty code (NATO AJP-2.1): how reliable the source is, A to F, and how credible
// the information, 1 to 6, rated apart. The zero Grade is no grade at all.
type Grade struct {
	Source      byte // 'A'…'F', or 0
	Information byte // '1'…'6', or 0
}

// ParseGrade reads a grade such as "B2". The empty string is no grade.
func ParseGrade(s string) (Grade, error) {
	if s == "" {
		return Grade{}, nil
	}
	if len(s) != 2 {
		return Grade{}, fmt.Errorf("grade %q is not a letter A to F and a figure 1 to 6", s)
	}
	g := Grade{Source: strings.ToUpper(s)[0], Information: s[1]}
	return g, g.validate()
}

// String returns the grade as people write it, such as "B2", or "".
func (g Grade) String() string {
	if g == (Grade{}) {
		return ""
	}
	return string([]byte{g.Source, g.Information})
}

func (g Grade) validate() error {
	if g == (Grade{}) {
		return nil
	}
	if g.Source < 'A' || g.Source > 'F' || g.Information < '1' || g.Information > '6' {
		return fmt.Errorf("grade %q is not a letter A to F and a figure 1 to 6", g.String())
	}
	return nil
}

// The machine tags of the MISP admiralty-scale taxonomy, which tools of the field already read.
const (
	sourceTag      = `admiralty-scale:source-reliability="`
	informationTag = `admiralty-scale:information-credibility="`
)

// labels returns the grade as STIX labels.
func (g Grade) labels() []string {
	if g == (Grade{}) {
		return nil
	}
	return []string{
		informationTag + string(g.Information) + `"`,
		sourceTag + strings.ToLower(string(g.Source)) + `"`,
	}
}

// parseLabels reads a grade back. Anything but the two tags, or none at all, is refused.
func parseLabels(labels []string) (Grade, error) {
	var g Grade
	for _, label := range labels {
		switch value, ok := strings.CutSuffix(label, `"`); {
		case ok && len(value) == len(sourceTag)+1 && strings.HasPrefix(value, sourceTag):
			g.Source = strings.ToUpper(value[len(sourceTag):])[0]
		case ok && len(value) == len(informationTag)+1 && strings.HasPrefix(value, informationTag):
			g.Information = value[len(informationTag)]
		default:
			return Grade{}, fmt.Errorf("label %q is not part of an Admiralty grade", label)
		}
	}
	if g == (Grade{}) {
		return g, nil
	}
	if err := g.validate(); err != nil || !slices.Equal(labels, g.labels()) {
		return Grade{}, fmt.Errorf("labels %q are not one Admiralty grade in its written form", labels)
	}
	return g, nil
}

// confidence returns the STIX confidence of the information's figure (STIX 2.1, appendix A,
// Admiralty Credibility). A figure of 6 cannot be judged: no number stands for it.
func (g Grade) confidence() (int, bool) {
	if g.Information < '1' || g.Information > '5' {
		return 0, false
	}
	return 90 - 20*int(g.Information-'1'), true
}
