package release

import (
	"strings"
	"unicode/utf8"
)

// Finding is one place where a tearline says too much, or may.
type Finding struct {
	Rule     string `json:"rule"`     // the rule's name, such as "time"
	Path     string `json:"path"`     // JSON path in the bundle, such as $.objects[3].description
	Excerpt  string `json:"excerpt"`  // what was found; masked where it is itself a secret
	Reason   string `json:"reason"`   // why it matters, one sentence
	Fix      string `json:"fix"`      // what to do, one sentence
	Blocking bool   `json:"blocking"` // true: must not be sent as it is; false: somebody should look

	OverruledBy string `json:"overruled_by,omitempty"` // the second person who let it stand
	Why         string `json:"why,omitempty"`          // what they said; it stays on the node
}

// Stops says whether the finding forbids the release: it is blocking, and nobody has overruled it.
func (f Finding) Stops() bool { return f.Blocking && f.OverruledBy == "" }

// Blocked says whether any finding forbids the release.
func Blocked(findings []Finding) bool {
	for _, f := range findings {
		if f.Stops() {
			return true
		}
	}
	return false
}

// mask hides a secret and leaves enough for the analyst who knows it to recognise it: the first and
// last character and its length.
func mask(secret string) string {
	n := utf8.RuneCountInString(secret)
	if n <= 4 {
		return strings.Repeat("•", n)
	}
	first, _ := utf8.DecodeRuneInString(secret)
	last, _ := utf8.DecodeLastRuneInString(secret)
	return string(first) + strings.Repeat("•", n-2) + string(last)
}

// excerpt cuts what was found to a length that fits a line.
func excerpt(text string) string {
	const most = 80
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}
