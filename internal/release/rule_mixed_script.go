package release

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ruleMixedScript finds words spelt with letters of several scripts, letters and figures in disguise, such
// as full-width or mathematical ones, words of which every letter looks like another script's, and signs
// that look like those on a keyboard.
func ruleMixedScript(l *leaf, _ *secrets) []Finding {
	if isASCII(l.text) {
		return nil
	}
	var findings []Finding
	words := strings.FieldsFunc(l.text, betweenWords)
	for i, word := range words {
		if isASCII(word) {
			continue
		}
		if mixed(word) || disguisedLetters(word) || strings.ContainsFunc(word, isPhonetic) || standsIn(words, i) {
			findings = append(findings, Finding{
				Excerpt: excerpt(word), Blocking: true,
				Reason: "The word is spelt with letters of different scripts that look alike. It hides from a search and can carry a mark.",
				Fix:    "Type the word again in one script.",
			})
		}
	}
	for _, sign := range disguisedSigns(l.text) {
		findings = append(findings, Finding{
			Excerpt: excerpt(sign), Blocking: true,
			Reason: "The sign looks like another that a keyboard writes, and the choice between them can carry a mark.",
			Fix:    "Type the passage again.",
		})
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
// in km² and ₂ in CO₂.
func ligature(r rune) bool {
	return r >= 0x80 && r < 0x100 || r >= 0x2070 && r <= 0x209c || unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Thai, unicode.Lao)
}

// isPhonetic says that a letter is Latin and of no language's alphabet: a phonetic sign that looks like a
// letter, such as ɡ.
func isPhonetic(r rune) bool {
	switch r {
	case 'ə', 'ɛ', 'ɔ', 'ɓ', 'ɗ', 'ɖ', 'ɣ', 'ɲ', 'ŋ', 'ʋ', 'ɩ': // African alphabets and Azerbaijani
		return r == 'ɩ'
	}
	return r >= 0x250 && r <= 0x2af || r >= 0x1d00 && r <= 0x1dbf || r >= 0x2c60 && r <= 0x2c7f || r >= 0xa720 && r <= 0xa7ff || r >= 0xab30 && r <= 0xab6f
}

// likeLatin are the letters of Cyrillic and Greek that nobody can tell from a Latin one.
const likeLatin = "асеорхуіјѕԁһӏԛԝүАВЕКМНОРСТХУІЈЅԌԚԜοαιυνκρΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"

// standsIn says whether a word stands in for a Latin one: each of its letters looks Latin, words in Latin
// letters stand around it, and none of its own script.
func standsIn(words []string, i int) bool {
	if strings.ContainsFunc(words[i], func(r rune) bool { return !strings.ContainsRune(likeLatin, r) }) {
		return false
	}
	first := []rune(words[i])[0]
	latin := false
	for _, near := range []int{i - 1, i + 1} {
		if near < 0 || near >= len(words) {
			continue
		}
		for _, r := range words[near] {
			if scriptOf(r) == scriptOf(first) && !strings.ContainsRune(likeLatin, r) {
				return false
			}
			latin = latin || scriptOf(r) == "Latin"
		}
	}
	return latin
}

// likeSigns are signs that look like one of a keyboard. They are pointed at next to Latin letters and
// figures alone: some belong to other scripts.
const likeSigns = "\u2010\u2011\u2012\u2043\u02d0\ua789\u2236\u2024\u2027\u02bc\u02b9\u02cb\u2044\u2215\u29f8\ufe52\ufe55\ufe63\uff0d\uff1a\uff0e\uff0c\uff0f\u037e\u201b\u2e31"

// disguisedSigns returns such signs with what stands around them.
func disguisedSigns(text string) []string {
	var found []string
	runes := []rune(text)
	turkish := strings.ContainsAny(text, "ğĞşŞİçÇöÖüÜə")
	for i, r := range runes {
		if r < 0x80 || !strings.ContainsRune(likeSigns, r) {
			if r == 'ı' && !turkish {
				found = append(found, around(runes, i))
			}
			continue
		}
		if i > 0 && isLatinOrFigure(runes[i-1]) || i+1 < len(runes) && isLatinOrFigure(runes[i+1]) {
			found = append(found, around(runes, i))
		}
	}
	return unique(found)
}

func around(runes []rune, i int) string { return string(runes[max(0, i-8):min(len(runes), i+9)]) }

func isLatinOrFigure(r rune) bool {
	return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r >= 0x80 && unicode.Is(unicode.Latin, r)
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
