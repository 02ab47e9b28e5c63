package release

import "strings"

// ruleName finds words that must never be said.
func ruleName(l *leaf, s *secrets) []Finding {
	var findings []Finding
	for _, found := range s.names.in(l.text, l.folded, l.spoken, l.parted) {
		findings = append(findings, Finding{
			Excerpt: mask(found), Blocking: true,
			Reason: "It names a source, a system, a person or a party that must not be named.",
			Fix:    "Take the name out, or say what it is and not which one it is.",
		})
	}
	if len(findings) > 0 {
		return findings
	}
	for _, found := range s.names.inside(l.spoken) {
		findings = append(findings, Finding{
			Excerpt: mask(found),
			Reason:  "A longer word holds a name that must not be said.",
			Fix:     "Look whether the word is that name with something written onto it.",
		})
	}
	for _, found := range s.names.familyNames(l.text) {
		findings = append(findings, Finding{
			Excerpt: mask(found),
			Reason:  "It is the last word of a name that must not be said.",
			Fix:     "Look whether it stands for that person or thing here.",
		})
	}
	return findings
}

// familyNames returns the last words of names that stand alone and with a capital inside a sentence.
func (n *names) familyNames(text string) []string {
	var found []string
	words := strings.Fields(text)
	for i, word := range words {
		bare := strings.Trim(word, `.,;:!?()"“”'’`)
		if i == 0 || len(bare) < longName || bare[0] < 'A' || bare[0] > 'Z' || strings.HasSuffix(words[i-1], ".") {
			continue
		}
		if n.persons[strings.TrimSuffix(fold(bare), "'s")] != "" {
			found = append(found, bare)
		}
	}
	return unique(found)
}
