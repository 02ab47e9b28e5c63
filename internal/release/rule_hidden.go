package release

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ruleHidden finds characters that a reader does not see. They can carry a mark that says who wrote
// or received a text, or hide a word from the other rules.
func ruleHidden(l *leaf, _ *secrets) []Finding {
	if isASCII(l.text) && !strings.ContainsFunc(l.text, unicode.IsControl) {
		return spacing(l.text)
	}
	var findings []Finding
	for _, r := range hiddenIn(l.text) {
		findings = append(findings, Finding{
			Excerpt: fmt.Sprintf("U+%04X", r), Blocking: true,
			Reason: "A character that nobody sees can carry a mark or hide a word.",
			Fix:    "Delete it, or type the passage again.",
		})
	}
	if !norm.NFC.IsNormalString(l.text) {
		findings = append(findings, Finding{
			Excerpt: "letters and accents apart", Blocking: true,
			Reason: "The same letters can be written in two ways that look alike, and the choice can carry a mark.",
			Fix:    "Build the tearline again: texts are written in one form (NFC).",
		})
	}
	if strings.ContainsRune(l.text, nonJoiner) && len(findings) == 0 {
		findings = append(findings, Finding{
			Excerpt: "U+200C",
			Reason:  "The zero-width non-joiner belongs to the spelling of some languages, and can also carry a mark.",
			Fix:     "Read the words around it: leave it where the spelling asks for it.",
		})
	}
	return append(findings, spacing(l.text)...)
}

const nonJoiner = '\u200c'

// hiddenIn returns each hidden character once.
func hiddenIn(text string) []rune {
	var found []rune
	runes := []rune(text)
	for i, r := range runes {
		odd := unicode.Is(unicode.Zs, r) && r != ' ' || r == '\u2028' || r == '\u2029' || r == '\t'
		spelled := r == nonJoiner && i > 0 && i+1 < len(runes) && joins(runes[i-1]) && joins(runes[i+1])
		if (odd || invisible(r)) && !spelled && !strings.ContainsRune(string(found), r) {
			found = append(found, r)
		}
	}
	return found
}

// joins says whether a letter is of a script whose spelling uses the zero-width non-joiner.
func joins(r rune) bool { return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Devanagari) }

// spacing finds spaces at the ends of lines, where nobody sees them, and points at double spaces.
func spacing(text string) []Finding {
	for line := range strings.SplitSeq(text, "\n") {
		if line != strings.TrimSpace(line) {
			return []Finding{{
				Excerpt: excerpt(line), Blocking: true,
				Reason: "Spaces at the end or the start of a line can carry a mark.",
				Fix:    "Delete them.",
			}}
		}
	}
	if strings.Contains(text, "  ") {
		return []Finding{{
			Excerpt: "two spaces in a row",
			Reason:  "Uneven spacing is a habit that people are recognised by, and can carry a mark.",
			Fix:     "Use one space.",
		}}
	}
	return nil
}

// ruleMixedScript finds words spelt with letters of several scripts, and letters and figures in
// disguise, such as full-width or mathematical ones.
func ruleMixedScript(l *leaf, _ *secrets) []Finding {
	if isASCII(l.text) {
		return nil
	}
	var findings []Finding
	for _, word := range strings.FieldsFunc(l.text, betweenWords) {
		if mixed(word) || disguisedLetters(word) {
			findings = append(findings, Finding{
				Excerpt: excerpt(word), Blocking: true,
				Reason: "The word is spelt with letters of different scripts that look alike. It hides from a search and can carry a mark.",
				Fix:    "Type the word again in one script.",
			})
		}
	}
	return findings
}

// betweenWords says that a character belongs to no word. Letters in circles and boxes do.
func betweenWords(r rune) bool {
	enclosed := r >= 0x249c && r <= 0x24e9 || r >= 0x1f110 && r <= 0x1f189
	return !enclosed && !unicode.In(r, unicode.L, unicode.M, unicode.N)
}

// mixed says whether a word's letters or its figures come from more than one script. Chinese,
// Japanese and Korean are written in several scripts at once.
func mixed(word string) bool {
	scripts := make(map[string]bool)
	zeros := make(map[rune]bool)
	for _, r := range word {
		if unicode.Is(unicode.Nd, r) {
			zeros[r-rune(digitValue(r))] = true
		}
		if name := scriptOf(r); name != "" {
			scripts[name] = true
		}
	}
	return len(scripts) > 1 || len(zeros) > 1
}

// disguisedLetters says whether a word changes its letters in compatibility form (NFKC).
func disguisedLetters(word string) bool {
	return norm.NFC.String(word) != norm.NFKC.String(word) && !strings.ContainsFunc(word, ligature)
}

// ligature says that a character is ordinary in its own script although NFKC takes it apart, as ² is
// in km².
func ligature(r rune) bool {
	return r >= 0x80 && r < 0x100 || unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Thai, unicode.Lao)
}

func scriptOf(r rune) string {
	switch {
	case r < 0x80:
		if unicode.IsLetter(r) {
			return "Latin"
		}
		return ""
	case !unicode.IsLetter(r), unicode.In(r, unicode.Common, unicode.Inherited):
		return ""
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo):
		return "East Asian"
	case unicode.Is(unicode.Latin, r):
		return "Latin"
	case unicode.Is(unicode.Cyrillic, r):
		return "Cyrillic"
	case unicode.Is(unicode.Greek, r):
		return "Greek"
	case unicode.Is(unicode.Arabic, r):
		return "Arabic"
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return ""
}
