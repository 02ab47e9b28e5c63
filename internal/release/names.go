package release

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// names recognises words that must never show, however they are spelt: in any case, with look-alike
// letters, figures for letters, hidden characters, spaced out, run together, in camelCase, backwards, by
// sound in other letters, by first letters, or with one letter wrong. They match at the borders of words,
// so that "Ana" is not found in "analysis".
type names struct {
	byFirst  map[string][][]string // first word → the rest of each name that begins with it
	exact    map[string]bool       // names too short to fold: matched as they are written
	anywhere []string              // names in scripts that put no spaces between words
	long     needles               // names as one word
	near     near                  // long names, for those with one letter wrong
	persons  map[string]string     // last word of a name of two or more → the first letter of its first
}

// longName is the length, in bytes, from which a name is looked for across words, and pointed at inside a
// longer one.
const longName = 6

func newNames(lists ...[]string) names {
	n := names{byFirst: make(map[string][][]string), exact: make(map[string]bool), near: newNear(), persons: make(map[string]string)}
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
		folded := fold(name)
		words := wordsOf(folded)
		for _, spelling := range append(spellings(name, folded, words, partedWords(name)), shortened(words)) {
			n.addWords(spelling)
			n.addWords([]string{strings.Join(spelling, "")})
		}
		n.addDisguises(words)
	}
}

func (n *names) addWords(words []string) {
	if len(words) == 0 || words[0] == "" {
		return
	}
	n.byFirst[words[0]] = append(n.byFirst[words[0]], words[1:])
	if len(words) > 1 {
		n.persons[words[len(words)-1]] += words[0][:1]
		return
	}
	if len(words[0]) >= longName {
		n.long.add(words[0])
		n.near.add(words[0])
	}
}

// addDisguises adds what people make of a name by rule: backwards, and each letter moved by thirteen.
func (n *names) addDisguises(words []string) {
	whole := strings.Join(words, "")
	if len(whole) < longName {
		return
	}
	for _, other := range []string{reversed(whole), rotated(whole)} {
		n.byFirst[other] = append(n.byFirst[other], nil)
		n.long.add(other)
	}
}

// in returns what was found of a text whose folded form, and its words, are known.
func (n *names) in(text, folded string, spoken, parted []string) []string {
	found := n.near.in(spoken)
	for _, words := range spellings(text, folded, spoken, parted) {
		found = append(found, n.inWords(words)...)
		found = append(found, n.long.in(words)...)
	}
	if !isASCII(text) {
		found = append(found, n.near.in(wordsOf(fold(romanised(text))))...)
	}
	if len(n.exact) > 0 {
		for _, word := range wordsOf(text) {
			if n.exact[word] {
				found = append(found, word)
			}
		}
	}
	for _, name := range n.anywhere {
		if strings.Contains(folded, name) {
			found = append(found, name)
		}
	}
	for _, spelt := range acrostics(text) {
		found = append(found, n.long.inside(spelt)...)
	}
	return unique(found)
}

// inside returns the long words that hold a long name.
func (n *names) inside(words []string) []string {
	var found []string
	for _, word := range words {
		if len(word) > longName && len(n.long.inside(word)) > 0 {
			found = append(found, word)
		}
	}
	return unique(found)
}

func (n *names) inWords(words []string) []string {
	var found []string
	for i, word := range words {
		if i > 0 && len(words[i-1]) == 1 && len(word) >= 5 && strings.Contains(n.persons[word], words[i-1]) {
			found = append(found, words[i-1]+" "+word) // an initial and a family name
		}
		var room [4]string
		for _, stem := range stems(room[:0], word) {
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

// stems adds to a list a word and the words it may be: without a plural or genitive s, and in Arabic and
// Hebrew without the article and the particles that are written onto a word.
func stems(list []string, word string) []string {
	list = append(list, word)
	if stem, ok := strings.CutSuffix(word, "s"); ok && len(stem) >= 4 {
		list = append(list, stem)
	}
	first, size := utf8.DecodeRuneInString(word)
	if first < utf8.RuneSelf || !unicode.In(first, unicode.Arabic, unicode.Hebrew) {
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
