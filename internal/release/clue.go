package release

import (
	"regexp"
	"slices"
	"strings"
)

// wordList is a list of words in several languages, in the form in which texts are compared.
type wordList struct {
	pattern string          // the words as alternatives of a regular expression
	words   map[string]bool // the first word of each entry
}

func newList(text string) wordList {
	list := wordList{words: make(map[string]bool)}
	var quoted []string
	for _, entry := range strings.Fields(text) {
		entry = fold(entry)
		quoted = append(quoted, regexp.QuoteMeta(entry))
		if words := wordsOf(entry); len(words) > 0 {
			list.words[words[0]] = true
		}
	}
	list.pattern = strings.Join(unique(quoted), "|")
	return list
}

// needs is what a text must hold for a clue to be worth trying: one of the words. Trying every
// regular expression on every text is what would make a check slow.
type needs []map[string]bool

// aFigure stands in the words of every text that holds figures.
const aFigure = "#"

var figures = needs{{aFigure: true}}

func (n needs) metBy(l *leaf) bool {
	if n == nil {
		return true
	}
	return slices.ContainsFunc(l.words, func(word string) bool {
		return slices.ContainsFunc(n, func(list map[string]bool) bool { return list[word] })
	})
}

// anyOf needs one of the words of the lists.
func anyOf(lists ...wordList) needs {
	var n needs
	for _, list := range lists {
		n = append(n, list.words)
	}
	return n
}

// compileForm puts the lists into a form, in which {NAME} stands for a list, and closes it with the borders
// of words, which the regexp package knows for ASCII only.
func compileForm(before, form string, lists map[string]wordList) *regexp.Regexp {
	for name, list := range lists {
		form = strings.ReplaceAll(form, "{"+name+"}", "(?:"+list.pattern+")")
	}
	return regexp.MustCompile(before + `(?:` + form + `)(?:$|[^\pL\pN])`)
}
