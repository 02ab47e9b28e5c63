package release

import (
	"cmp"
	"slices"
	"strings"
)

const idReason = "It is the id of something that stays here. Whoever sees both links the tearline to its source."

func ruleOriginalID(l *leaf, s *secrets) []Finding {
	if l.fixed {
		return ruleSameID(l, s)
	}
	var findings []Finding
	for _, found := range s.ids.in(l.text, l.folded, l.spoken, l.parted) {
		findings = append(findings, Finding{
			Excerpt: mask(found), Reason: idReason, Blocking: true,
			Fix: "Take the id out. Objects of the tearline are named by their new ids only.",
		})
	}
	return findings
}

// ruleSameID finds an original id where an id stands, which is the one closed form that can hold it.
func ruleSameID(l *leaf, s *secrets) []Finding {
	uuid, ok := uuidAtEnd(l.text)
	if !ok || !s.ids.whole[uuid] {
		return nil
	}
	return []Finding{{
		Excerpt: mask(l.text), Reason: idReason, Blocking: true,
		Fix: "Build the tearline again, so that every object gets a new random id.",
	}}
}

// in returns what was found, as it stands in the text as far as that can be said.
func (o *originals) in(text, folded string, words, parted []string) []string {
	if len(o.whole) == 0 && len(o.others) == 0 && len(o.marks.lengths) == 0 {
		return nil
	}
	found := o.hexadecimal(folded)
	found = append(found, o.base64(text)...)
	for _, word := range words {
		if o.short[word] || o.others[word] || o.isPart(word) {
			found = append(found, word)
		}
	}
	found = append(found, o.marks.in(words)...)
	if parted != nil {
		found = append(found, o.marks.in(parted)...)
	}
	if figures, any := asFigures(words); any {
		found = append(found, o.marks.in(figures)...)
	}
	return unique(found)
}

// asFigures writes words for figures and letters as these: "eight bravo" is "8 b".
func asFigures(words []string) (list []string, any bool) {
	for i, word := range words {
		figure := cmp.Or(figureWords[word], radioAlphabet[word])
		if figure == "" {
			continue
		}
		if !any {
			list, any = slices.Clone(words), true
		}
		list[i] = figure
	}
	return list, any
}

// isPart says whether a word is a part of a hexadecimal id or hash: all its stretches of eight digits are.
func (o *originals) isPart(word string) bool {
	if len(word) < partDigits || !strings.ContainsAny(word, "abcdef") || !strings.ContainsAny(word, "0123456789") {
		return false
	}
	for i := range len(word) {
		if !isHex(word[i]) {
			return false
		}
	}
	for i := 0; i+partDigits <= len(word); i++ {
		if !o.parts[word[i:i+partDigits]] {
			return false
		}
	}
	return true
}

// hexadecimal looks through every run of hexadecimal digits, whatever separators stand between them.
func (o *originals) hexadecimal(folded string) []string {
	var found []string
	var run []byte
	for i := 0; i <= len(folded); i++ {
		if i+1 < len(folded) && (folded[i] == '0' || folded[i] == '\\') && folded[i+1] == 'x' {
			i++ // 0x and \x begin a byte
			continue
		}
		if i < len(folded) && isHex(folded[i]) {
			run = append(run, folded[i])
			continue
		}
		if i < len(folded) && strings.IndexByte(" -_.:/,;%{}()[]|\n\\", folded[i]) >= 0 {
			continue
		}
		found = append(found, o.windows(run)...)
		run = run[:0]
	}
	return found
}

func (o *originals) windows(run []byte) []string {
	if len(run) < 32 {
		return nil
	}
	var found []string
	for i := 0; i+32 <= len(run); i++ {
		if o.has(run[i : i+32]) {
			found = append(found, string(run[i:i+32]))
		}
	}
	return found
}

// base64 decodes every run of at least 22 digits, which is what sixteen bytes take, at each of the four
// alignments, because what goes before decides where the groups of four begin.
func (o *originals) base64(text string) []string {
	var found []string
	if !longRun(text, 22) {
		return nil
	}
	for _, run := range strings.FieldsFunc(text, notBase64) {
		if len(run) < 22 {
			continue
		}
		plain := strings.NewReplacer("-", "+", "_", "/").Replace(run)
		for offset := range min(4, len(plain)) {
			if o.inBytes(decodeGroups(plain[offset:])) {
				found = append(found, run)
				break
			}
		}
	}
	return found
}

// longRun says whether so many digits of base64 stand in a row.
func longRun(text string, least int) bool {
	run := 0
	for i := range len(text) {
		if run++; notBase64(rune(text[i])) {
			run = 0
		}
		if run == least {
			return true
		}
	}
	return false
}

func (o *originals) inBytes(data []byte) bool {
	var id [16]byte
	for i := 0; i+16 <= len(data); i++ {
		if copy(id[:], data[i:]); o.whole[id] {
			return true
		}
	}
	return false
}
