package release

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/media"
)

// sharedWords is how many words in a row count as copied. It is a safe length in practice: shorter
// runs are the language's own, and a party that holds the same message finds a longer one by search.
const sharedWords = 8

// sharedLetters is how many letters in a row count as copied where words are written without spaces.
const sharedLetters = 24

// maxUnspaced bounds how many words without spaces are compared letter by letter.
const maxUnspaced = 64

// ruleSharedText finds passages of the raw material. All texts of the tearline are read as one, so
// that a sentence cut over several properties is still found; and again with the names of objects
// before their descriptions, which is how a reader sees them.
func ruleSharedText(r *reading, _ Tearline, s *secrets) []Finding {
	if len(s.RawTexts) == 0 {
		return nil
	}
	leaves := r.prose()
	titled := slices.Clone(leaves)
	slices.SortStableFunc(titled, func(a, b *leaf) int {
		return cmp.Or(cmp.Compare(a.object, b.object), cmp.Compare(readingOrder(a.name), readingOrder(b.name)))
	})
	readings := []wholeText{readAsOne(leaves)}
	if !slices.Equal(leaves, titled) {
		readings = append(readings, readAsOne(titled))
	}
	unspaced := unspacedWords(leaves)
	var findings []Finding
	for _, raw := range s.RawTexts {
		raw = fold(raw)
		for _, p := range readings {
			findings = append(findings, p.shared(raw)...)
		}
		if len(unspaced) > 0 {
			findings = append(findings, sharedUnspaced(unspaced, raw)...)
		}
	}
	return findings
}

func readingOrder(name string) int {
	switch name {
	case "name":
		return 0
	case "description":
		return 1
	}
	return 2
}

// prose returns the values that hold words, and what is encoded in them.
func (r *reading) prose() []*leaf {
	var leaves []*leaf
	for _, list := range [][]leaf{r.leaves, r.layers} {
		for i := range list {
			if l := &list[i]; l.string && !l.fixed && !forms[l.typ].observable && l.rest != "" {
				leaves = append(leaves, l)
			}
		}
	}
	return leaves
}

// wholeText is several values read as one text.
type wholeText struct {
	read   *media.Passages
	starts []int
	leaves []*leaf
}

func readAsOne(leaves []*leaf) wholeText {
	var all strings.Builder
	p := wholeText{leaves: leaves}
	for _, l := range leaves {
		p.starts = append(p.starts, all.Len())
		all.WriteString(l.rest)
		all.WriteByte('\n')
	}
	p.read = media.NewPassages(all.String(), sharedWords)
	return p
}

func (p wholeText) shared(raw string) []Finding {
	var findings []Finding
	for _, run := range p.read.In(raw) {
		findings = append(findings, sharedFinding(p.leaves[leafAt(p.starts, run.BStart)], run.Text))
	}
	return findings
}

func sharedFinding(l *leaf, text string) Finding {
	return Finding{
		Path: l.path(), Excerpt: mask(text), Blocking: true,
		Reason: "These words stand in the raw material in the same order. Whoever holds the message finds its source.",
		Fix:    "Say it in your own words.",
	}
}

// leafAt returns the last text that starts at or before an offset.
func leafAt(starts []int, offset int) int {
	at, exact := slices.BinarySearch(starts, offset)
	if !exact && at > 0 {
		at--
	}
	return min(at, len(starts)-1)
}

// unspacedWord is a word so long that it may be several.
type unspacedWord struct {
	text string
	leaf *leaf
}

func unspacedWords(leaves []*leaf) []unspacedWord {
	var long []unspacedWord
	for _, l := range leaves {
		for _, word := range l.words {
			if utf8.RuneCountInString(word) >= sharedLetters && len(long) < maxUnspaced {
				long = append(long, unspacedWord{word, l})
			}
		}
	}
	return long
}

// sharedUnspaced finds words in which raw material is written without its spaces.
func sharedUnspaced(words []unspacedWord, raw string) []Finding {
	var findings []Finding
	raw = strings.Join(wordsOf(raw), "")
	for _, word := range words {
		runes := []rune(word.text)
		for i := 0; i+sharedLetters <= len(runes); i++ {
			if strings.Contains(raw, string(runes[i:i+sharedLetters])) {
				findings = append(findings, sharedFinding(word.leaf, word.text))
				break
			}
		}
	}
	return findings
}
