package release

import (
	"strings"

	"parley/internal/media"
)

// sharedWords is how many words in a row count as copied. It is a safe length in practice: shorter
// runs are the language's own, and a party that holds the same message finds a longer one by search.
const sharedWords = 8

// ruleSharedText finds passages of the raw material. All texts of the tearline are read as one, so
// that a sentence cut over several properties is still found.
func ruleSharedText(r *reading, _ Tearline, s *secrets) []Finding {
	var all strings.Builder
	var starts []int
	var leaves []*leaf
	for i := range r.leaves {
		if l := &r.leaves[i]; l.string && !l.fixed && !forms[l.typ].observable {
			starts = append(starts, all.Len())
			leaves = append(leaves, l)
			all.WriteString(s.blank(l.text, l.hits))
			all.WriteByte('\n')
		}
	}
	var findings []Finding
	for _, raw := range s.RawTexts {
		for _, run := range media.CommonRuns(all.String(), raw, sharedWords) {
			findings = append(findings, Finding{
				Path: leaves[leafAt(starts, run.AStart)].path, Excerpt: mask(run.Text), Blocking: true,
				Reason: "These words stand in the raw material in the same order. Whoever holds the message finds its source.",
				Fix:    "Say it in your own words.",
			})
		}
	}
	return findings
}

// leafAt returns the last text that starts at or before an offset.
func leafAt(starts []int, offset int) int {
	for i := len(starts) - 1; i > 0; i-- {
		if starts[i] <= offset {
			return i
		}
	}
	return 0
}
