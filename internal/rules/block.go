package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds on a file.
const (
	maxFile   = 256 << 10 // bytes
	maxLine   = 1000      // characters
	maxBlocks = 1000
)

// block is a line that begins at the margin, and what stands indented under it.
type block struct {
	place
	kind, name string
	entries    []entry
}

// entry is a word and what follows it, over the lines that are indented deeper than the word.
type entry struct {
	place
	key    string
	indent int
	lines  []line
}

// line is a part of an entry's value, and where it begins.
type line struct {
	place
	text string
}

// value is an entry on one line, its lines joined.
func (e entry) value() string {
	parts := make([]string, len(e.lines))
	for i, l := range e.lines {
		parts[i] = l.text
	}
	return strings.Join(parts, " ")
}

// blocks reads the outline of a file; what the words mean is for others.
func blocks(file string, text []byte) ([]block, error) {
	at := place{file, 1, 1}
	switch {
	case len(text) > maxFile:
		return nil, at.fault("the file has %d bytes: at most %d", len(text), maxFile)
	case !utf8.Valid(text):
		return nil, at.fault("the file is not UTF-8")
	}
	var all []block
	for i, row := range strings.Split(string(text), "\n") {
		at := place{file, i + 1, 1}
		row = strings.TrimSuffix(row, "\r")
		if err := at.plain(row); err != nil {
			return nil, err
		}
		words := strings.TrimLeft(row, " ")
		if words == "" || words[0] == '#' {
			continue
		}
		indent := len(row) - len(words)
		at.column += indent
		words = strings.TrimRight(words, " ")
		if indent == 0 {
			kind, name, _ := strings.Cut(words, " ")
			all = append(all, block{place: at, kind: kind, name: strings.TrimSpace(name)})
			if len(all) > maxBlocks {
				return nil, at.fault("the file has more than %d parts", maxBlocks)
			}
			continue
		}
		if len(all) == 0 {
			return nil, at.fault("an indented line belongs to the line above it at the margin, and there is none")
		}
		if err := all[len(all)-1].add(at, indent, words); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// plain refuses what an editor may not show as it is: a file that two people cleared must say what they read.
func (p place) plain(row string) error {
	for i, r := range []rune(row) {
		p.column = i + 1
		switch {
		case i >= maxLine:
			return p.fault("the line has more than %d characters", maxLine)
		case r == '\t':
			return p.fault("there is a tab: indent with spaces")
		case r != ' ' && (!unicode.IsPrint(r) || unicode.In(r, unicode.Cf, unicode.Zs)):
			return p.fault("there is a character that does not show (%U)", r)
		}
	}
	return nil
}

// add takes an indented line into the block: another entry, or more of the last one.
func (b *block) add(at place, indent int, words string) error {
	if n := len(b.entries); n > 0 {
		last := &b.entries[n-1]
		switch {
		case indent > last.indent:
			last.lines = append(last.lines, line{at, words})
			return nil
		case indent < last.indent:
			return at.fault("indent it like the line above it: with %d spaces, or deeper to go on with that line", last.indent)
		}
	}
	key, rest, _ := strings.Cut(words, " ")
	e := entry{place: at, key: key, indent: indent}
	if value := strings.TrimLeft(rest, " "); value != "" {
		start := at
		start.column += utf8.RuneCountInString(words) - utf8.RuneCountInString(value)
		e.lines = append(e.lines, line{start, value})
	}
	b.entries = append(b.entries, e)
	return nil
}
