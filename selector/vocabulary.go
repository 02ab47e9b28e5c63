package selector

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a vocabulary.
const (
	maxWords       = 100_000
	maxWord        = 256 // bytes
	maxPatterns    = 200
	maxPattern     = 1000 // bytes of an expression, and of what it meets
	maxPatternName = 32
)

// Vocabulary is a list of words and patterns of somebody's own. It is not changed
// once read, and may serve many Finders.
type Vocabulary struct {
	words    map[string][][]string // by their first word, the words that follow, the most first
	longest  int                   // bytes of the longest first word
	patterns []ownPattern
}

type ownPattern struct {
	name string
	re   *regexp.Regexp
}

// ReadVocabulary reads a list of words, a word or a row of words a line, and a list
// of patterns, a name, a colon and an expression in the syntax of RE2 a line. Empty
// lines and those that begin with # are left out. Either may be nil. At most
// 100,000 rows of words of 256 bytes, and 200 patterns of 1,000 bytes, are read; an
// error names the line.
func ReadVocabulary(words, patterns io.Reader) (*Vocabulary, error) {
	v := &Vocabulary{words: map[string][][]string{}}
	if words != nil {
		if err := eachLine(words, maxWords, v.addWord); err != nil {
			return nil, fmt.Errorf("read the list of words: %w", err)
		}
	}
	if patterns != nil {
		if err := eachLine(patterns, maxPatterns, v.addPattern); err != nil {
			return nil, fmt.Errorf("read the list of patterns: %w", err)
		}
	}
	for _, rest := range v.words {
		slices.SortStableFunc(rest, func(a, b []string) int { return len(b) - len(a) })
	}
	return v, nil
}

func eachLine(r io.Reader, most int, add func(string) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 64<<10)
	count := 0
	for n := 1; lines.Scan(); n++ {
		line := trim(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if count++; count > most {
			return fmt.Errorf("line %d: there are more than %d", n, most)
		}
		if !utf8.ValidString(line) {
			return fmt.Errorf("line %d: it is not UTF-8: save the list as UTF-8", n)
		}
		if err := add(line); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return lines.Err()
}

func (v *Vocabulary) addWord(line string) error {
	value, err := normalWord(line)
	if err != nil {
		return err
	}
	row := strings.Split(value, " ")
	v.words[row[0]] = append(v.words[row[0]], row[1:])
	v.longest = max(v.longest, len(row[0]))
	return nil
}

func (v *Vocabulary) addPattern(line string) error {
	name, expression, found := strings.Cut(line, ":")
	name, expression = strings.TrimSpace(name), strings.TrimSpace(expression)
	if !found || !isPatternName(name) || expression == "" {
		return errors.New("want a name of small letters, digits and hyphens, a colon and an expression, as in case-number: KX-[0-9]{4}")
	}
	if len(expression) > maxPattern {
		return fmt.Errorf("the expression has more than %d bytes", maxPattern)
	}
	re, err := regexp.Compile(expression)
	if err != nil {
		return fmt.Errorf("pattern %s: %w", name, err)
	}
	if re.MatchString("") {
		return fmt.Errorf("pattern %s meets the empty text: write one that meets something", name)
	}
	v.patterns = append(v.patterns, ownPattern{name, re})
	return nil
}

func isPatternName(name string) bool {
	if name == "" || len(name) > maxPatternName {
		return false
	}
	for i := range len(name) {
		if c := name[i]; c != '-' && (classes[c]&classWord == 0 || c == '_' || isUpper(c)) {
			return false
		}
	}
	return true
}

// find looks for the words and patterns in text.
func (v *Vocabulary) find(f *Finder, text string) {
	if v == nil {
		return
	}
	if len(v.words) > 0 {
		v.findWords(f, text)
	}
	for _, p := range v.patterns {
		for _, at := range p.re.FindAllStringIndex(text, -1) {
			if at[1]-at[0] > maxPattern {
				continue
			}
			if value, err := normalPattern(p.name + "=" + text[at[0]:at[1]]); err == nil {
				f.add(text, Pattern, at[0], at[1], value, High)
			}
		}
	}
}

func (v *Vocabulary) findWords(f *Finder, text string) {
	for i := 0; i < len(text); {
		start, end := f.nextWord(text, i)
		if start == end {
			return
		}
		i = end
		if len(f.fold) > v.longest {
			continue
		}
		for _, rest := range v.words[string(f.fold)] {
			stop, ok := f.rowAt(text, end, rest)
			if !ok {
				continue
			}
			if value, err := normalWord(text[start:stop]); err == nil {
				f.add(text, Word, start, stop, value, High)
				i = stop
			}
			break
		}
	}
}

// rowAt reports whether the words of rest follow, with up to three bytes between
// each two, and where they end.
func (f *Finder) rowAt(text string, end int, rest []string) (int, bool) {
	for _, word := range rest {
		start, stop := f.nextWord(text, end)
		if start == stop || start-end > 3 || string(f.fold) != word {
			return 0, false
		}
		end = stop
	}
	return end, true
}

// nextWord finds the next word from i on, and folds it into f.fold. Both are the
// end of the text if there is none.
func (f *Finder) nextWord(text string, i int) (start, end int) {
	f.fold = f.fold[:0]
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if isWordRune(r) {
			break
		}
		i += n
	}
	start = i
	for i < len(text) {
		c := text[i]
		if c < utf8.RuneSelf {
			if classes[c]&classWord == 0 || c == '_' {
				break
			}
			if isUpper(c) {
				c |= 0x20
			}
			f.fold = append(f.fold, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if !isWordRune(r) && !silent(r) {
			break
		}
		if !silent(r) {
			f.fold = utf8.AppendRune(f.fold, foldRune(r))
		}
		i += n
	}
	return start, i
}

// foldRune gives what stands for a letter in all its cases.
func foldRune(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }

// silent: the vowel signs and the stretch of Arabic, which are written or not.
func silent(r rune) bool { return r >= 0x64b && r <= 0x652 || r == 0x670 || r == 0x640 }

// normalWord gives a row of words in small letters with single spaces between.
func normalWord(raw string) (string, error) {
	f := Finder{}
	var words []string
	for i := 0; i < len(raw); {
		start, end := f.nextWord(raw, i)
		if start == end {
			break
		}
		if len(f.fold) > 0 {
			words = append(words, string(f.fold))
		}
		i = end
	}
	value := strings.Join(words, " ")
	if utf8.RuneCountInString(value) < 2 || len(value) > maxWord {
		return "", fmt.Errorf("a row of words has 2 characters to %d bytes", maxWord)
	}
	return value, nil
}

// normalPattern reads a pattern's name, "=" and what it met, with single spaces for
// white space and signs that cannot be printed.
func normalPattern(raw string) (string, error) {
	name, text, found := strings.Cut(raw, "=")
	if !found || !isPatternName(name) {
		return "", errors.New("want the name of a pattern, = and what it met, as in case-number=KX-2041")
	}
	words := strings.FieldsFunc(strings.ToValidUTF8(text, " "), func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
	text = strings.Join(words, " ")
	if text == "" || len(text) > maxPattern {
		return "", fmt.Errorf("what a pattern meets has 1 to %d bytes", maxPattern)
	}
	return name + "=" + text, nil
}
