package release

import (
	"fmt"
	"regexp"
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
	if len(findings) == 0 {
		findings = pointAtJoiners(l.text)
	}
	return append(findings, spacing(l.text)...)
}

// pointAtJoiners points at hidden characters that belong where they stand.
func pointAtJoiners(text string) []Finding {
	var findings []Finding
	if strings.ContainsRune(text, nonJoiner) {
		findings = append(findings, Finding{
			Excerpt: "U+200C",
			Reason:  "The zero-width non-joiner belongs to the spelling of some languages, and can also carry a mark.",
			Fix:     "Read the words around it: leave it where the spelling asks for it.",
		})
	}
	if strings.ContainsRune(text, joiner) || strings.ContainsRune(text, pictured) {
		findings = append(findings, Finding{
			Excerpt: "U+200D or U+FE0F",
			Reason:  "Some emoji are written with hidden characters, and whether they are can carry a mark.",
			Fix:     "Say it without emoji where the tearline is for somebody whom you do not trust.",
		})
	}
	return findings
}

const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
	pictured  = '\ufe0f' // after a sign: show it as a picture
)

// hiddenIn returns each hidden character once.
func hiddenIn(text string) []rune {
	var found []rune
	runes := []rune(text)
	for i, r := range runes {
		odd := unicode.Is(unicode.Zs, r) && r != ' ' || r == '\u2028' || r == '\u2029' || r == '\t'
		if (odd || invisible(r)) && !belongs(runes, i) && !strings.ContainsRune(string(found), r) {
			found = append(found, r)
		}
	}
	return found
}

// belongs says whether a hidden character is one that spelling, or the writing of an emoji, asks for where
// it stands.
func belongs(runes []rune, i int) bool {
	if i == 0 {
		return false
	}
	last, next := runes[i-1], rune(0)
	if i+1 < len(runes) {
		next = runes[i+1]
	}
	switch runes[i] {
	case nonJoiner:
		return joins(last) && joins(next)
	case pictured:
		return isPicture(last)
	case joiner:
		return (isPicture(last) || last == pictured && i > 1 && isPicture(runes[i-2])) && isPicture(next)
	}
	return false
}

// joins says whether a letter is of a script whose spelling uses the zero-width non-joiner.
func joins(r rune) bool { return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Devanagari) }

// isPicture says whether a sign may be an emoji, or the colour of a skin behind one.
func isPicture(r rune) bool {
	return r >= 0x2190 && unicode.In(r, unicode.So, unicode.Sm) || r >= 0x1f3fb && r <= 0x1f3ff
}

var (
	sentenceGap = regexp.MustCompile(`[.!?…。]["”’)]? +\S`)
	gapBefore   = regexp.MustCompile(`\pL +[.,](?:\s|$)`)
	wideGap     = regexp.MustCompile(`\S {2,}\S`)
)

// spacing finds spaces at the ends of lines, where nobody sees them, and gaps that are not all alike.
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
	switch {
	case strings.Contains(text, "\n\n\n") || strings.HasSuffix(text, "\n\n") || strings.HasPrefix(text, "\n"):
		return []Finding{{
			Excerpt: "several empty lines", Blocking: true,
			Reason: "The number of empty lines can carry a mark.",
			Fix:    "Leave one empty line at most.",
		}}
	case (strings.Contains(text, " .") || strings.Contains(text, " ,")) && gapBefore.MatchString(text):
		return []Finding{{
			Excerpt: "a space before a full stop or a comma", Blocking: true,
			Reason: "Gaps that no language asks for can carry a mark.",
			Fix:    "Delete the space.",
		}}
	case !strings.Contains(text, "  "):
		return nil
	case uneven(text):
		return []Finding{{
			Excerpt: "one space here, two there", Blocking: true,
			Reason: "Gaps that are not all alike can carry a mark.",
			Fix:    "Use one space.",
		}}
	}
	return []Finding{{
		Excerpt: "two spaces in a row",
		Reason:  "Two spaces after a sentence are a habit that people are recognised by.",
		Fix:     "Use one space.",
	}}
}

// uneven says whether there are wide gaps within a sentence, or narrow and wide ones between sentences.
func uneven(text string) bool {
	wide := map[int]bool{}
	between := 0
	for _, gap := range sentenceGap.FindAllString(text, -1) {
		spaces := strings.Count(gap, " ")
		wide[spaces] = true
		if spaces > 1 {
			between++
		}
	}
	return len(wide) > 1 || len(wideGap.FindAllString(text, -1)) > between
}
