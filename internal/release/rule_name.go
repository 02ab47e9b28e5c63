package release

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// names recognises words that must never show, however they are spelt: in any case, with look-alike
// letters, figures for letters, hidden characters, spaced out, run together or in camelCase. They
// match at the borders of words, so that "Ana" is not found in "analysis".
type names struct {
	byFirst  map[string][][]string   // first word → the rest of each name that begins with it
	exact    map[string]bool         // names too short to fold: matched as they are written
	anywhere []string                // names in scripts that put no spaces between words
	long     map[int]map[string]bool // names of one word by their length, looked for inside longer words
}

// longName is the length, in letters, from which a name inside a longer word is pointed at.
const longName = 6

func newNames(lists ...[]string) names {
	n := names{byFirst: make(map[string][][]string), exact: make(map[string]bool), long: make(map[int]map[string]bool)}
	for _, list := range lists {
		for _, name := range list {
			n.add(strings.TrimSpace(name))
		}
	}
	return n
}

func (n *names) add(name string) {
	const tooShort = 3
	letters := utf8.RuneCountInString(name)
	switch {
	case letters == 0:
	case unspaced(name):
		n.anywhere = append(n.anywhere, fold(name))
	case letters < tooShort:
		n.exact[name] = true
	default:
		for _, spelling := range spellings(name) {
			words := wordsOf(spelling)
			n.addWords(words)
			n.addWords([]string{strings.Join(words, "")})
		}
	}
}

func (n *names) addWords(words []string) {
	if len(words) == 0 || words[0] == "" {
		return
	}
	n.byFirst[words[0]] = append(n.byFirst[words[0]], words[1:])
	if length := len(words[0]); len(words) == 1 && length >= longName {
		if n.long[length] == nil {
			n.long[length] = make(map[string]bool)
		}
		n.long[length][words[0]] = true
	}
}

// spellings returns the forms in which a text is compared: folded, with percent signs decoded, with
// figures read as letters, with camelCase and figures parted from words, and with spaced-out letters
// joined.
func spellings(text string) []string {
	if decoded, err := url.PathUnescape(text); err == nil {
		text = decoded
	}
	folded := fold(text)
	forms := []string{folded, leet.Replace(folded)}
	if parted := partWords(text); parted != text {
		forms = append(forms, fold(parted))
	}
	for _, form := range forms[:2] {
		if joined := joinLetters(form); joined != form {
			forms = append(forms, joined)
		}
	}
	return unique(forms)
}

func wordsOf(folded string) []string {
	return strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// partWords puts a space where a small letter meets a capital and where letters meet figures.
func partWords(text string) string {
	var b strings.Builder
	var last rune
	for _, r := range text {
		camel := unicode.IsLower(last) && unicode.IsUpper(r)
		figure := unicode.IsLetter(last) && unicode.IsDigit(r) || unicode.IsDigit(last) && unicode.IsLetter(r)
		if camel || figure {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// joinLetters joins three or more single letters that something stands between: "O r c h i d",
// "O.r.c.h.i.d".
func joinLetters(folded string) string {
	var b strings.Builder
	var letters []string
	flush := func() {
		if len(letters) >= 3 { // also without a letter at either end: "a", "I" and "o" are words
			word, last := strings.Join(letters, ""), len(letters)-1
			b.WriteString(word + " " + strings.Join(letters[1:], "") + " " + strings.Join(letters[:last], "") + " ")
		} else {
			b.WriteString(strings.Join(letters, " ") + " ")
		}
		letters = letters[:0]
	}
	joined := false
	for _, word := range wordsOf(folded) {
		if utf8.RuneCountInString(word) == 1 {
			letters = append(letters, word)
			joined = joined || len(letters) >= 3
			continue
		}
		flush()
		b.WriteString(word + " ")
	}
	if !joined {
		return folded
	}
	flush()
	return b.String()
}

func ruleName(l *leaf, s *secrets) []Finding {
	var findings []Finding
	for _, found := range s.names.in(l.text) {
		findings = append(findings, Finding{
			Excerpt: mask(found), Blocking: true,
			Reason: "It names a source, a system, a person or a party that must not be named.",
			Fix:    "Take the name out, or say what it is and not which one it is.",
		})
	}
	if len(findings) > 0 {
		return findings
	}
	for _, found := range s.names.inside(wordsOf(l.folded)) {
		findings = append(findings, Finding{
			Excerpt: mask(found),
			Reason:  "A longer word holds a name that must not be said.",
			Fix:     "Look whether the word is that name with something written onto it.",
		})
	}
	return findings
}

// inside returns the long words that hold a long name.
func (n names) inside(words []string) []string {
	var found []string
	for _, word := range words {
		for length, known := range n.long {
			for i := 0; i+length <= len(word); i++ {
				if known[word[i:i+length]] {
					found = append(found, word)
				}
			}
		}
	}
	return unique(found)
}

func (n names) in(text string) []string {
	var found []string
	for _, spelling := range spellings(text) {
		found = append(found, n.inWords(wordsOf(spelling))...)
	}
	for _, word := range wordsOf(text) {
		if n.exact[word] {
			found = append(found, word)
		}
	}
	for _, name := range n.anywhere {
		if strings.Contains(fold(text), name) {
			found = append(found, name)
		}
	}
	return unique(found)
}

func (n names) inWords(words []string) []string {
	var found []string
	for i, word := range words {
		if i+1 < len(words) && n.long[len(word)+len(words[i+1])][word+words[i+1]] { // cut in two
			found = append(found, word+" "+words[i+1])
		}
		for _, stem := range stems(word) {
			for _, rest := range n.byFirst[stem] {
				if startsWith(words[i+1:], rest) {
					found = append(found, strings.Join(append([]string{stem}, rest...), " "))
				}
			}
		}
	}
	return found
}

// startsWith says whether words begins with rest; the last word may carry an ending.
func startsWith(words, rest []string) bool {
	if len(words) < len(rest) {
		return false
	}
	for i, want := range rest {
		if words[i] != want && !(i == len(rest)-1 && words[i] == want+"s") {
			return false
		}
	}
	return true
}

// stems returns a word and the words it may be: without a plural or genitive s, and in Arabic and
// Hebrew without the article and the particles that are written onto a word.
func stems(word string) []string {
	list := []string{word}
	if stem, ok := strings.CutSuffix(word, "s"); ok && len(stem) >= 4 {
		list = append(list, stem)
	}
	first, size := utf8.DecodeRuneInString(word)
	if !unicode.In(first, unicode.Arabic, unicode.Hebrew) {
		return list
	}
	for strings.ContainsRune("وفبكلسאובכלמשה", first) && len(word) > size+4 {
		word = word[size:]
		list = append(list, word)
		if bare, ok := strings.CutPrefix(word, "ل"); ok {
			list = append(list, bare)
		}
		first, size = utf8.DecodeRuneInString(word)
	}
	if bare, ok := strings.CutPrefix(word, "ال"); ok {
		list = append(list, bare)
	}
	return list
}

// unspaced says whether a name is in a script that puts no spaces between words.
func unspaced(name string) bool {
	for _, r := range name {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
			return true
		}
	}
	return false
}
