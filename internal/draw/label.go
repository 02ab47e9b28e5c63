package draw

import (
	"strings"
	"unicode"

	"parley/internal/legible"
)

// Sizes of letters, in pixels.
const (
	fontSize   = 12.0
	lineHeight = 15.0
)

// label is a text in lines that fit.
type label struct {
	lines []string
	w, h  float64
}

// wrapped sets a text in lines of at most width pixels, as long as words
// allow. Nothing of it is cut but what is beyond MostOfLabel.
func wrapped(text string, width float64) label {
	text = strings.Join(strings.Fields(legible.Plain(text, MostOfLabel)), " ")
	var l label
	line := ""
	for _, word := range strings.Fields(text) {
		for _, part := range broken(word, width) {
			joined := part
			if line != "" {
				joined = line + " " + part
			}
			if line != "" && wide(joined) > width {
				l.lines, line = append(l.lines, line), part
				continue
			}
			line = joined
		}
	}
	if line != "" || len(l.lines) == 0 {
		l.lines = append(l.lines, line)
	}
	for _, s := range l.lines {
		l.w = max(l.w, wide(s))
	}
	l.h = lineHeight * float64(len(l.lines))
	return l
}

// oneLine sets a text in one line, with no more than so many characters of it.
func oneLine(text string, most int) label {
	all := []rune(strings.Join(strings.Fields(legible.Plain(text, MostOfLabel)), " "))
	if len(all) > most {
		end := most - 1
		for end > 0 && unicode.IsMark(all[end]) {
			end--
		}
		all = append(all[:end:end], '…')
	}
	s := string(all)
	return label{lines: []string{s}, w: wide(s), h: lineHeight}
}

// broken breaks a word that alone is wider than a line; an accent stays with
// its letter.
func broken(word string, width float64) (parts []string) {
	if wide(word) <= width {
		return []string{word}
	}
	var part []rune
	w := 0.0
	for _, r := range word {
		if w += letterWidth(r) * fontSize; w > width && len(part) > 0 && !unicode.IsMark(r) {
			parts = append(parts, string(part))
			part, w = nil, letterWidth(r)*fontSize
		}
		part = append(part, r)
	}
	return append(parts, string(part))
}

// wide is how many pixels a line takes; rather too many than too few, since
// the reader's font is not known.
func wide(s string) (w float64) {
	for _, r := range s {
		w += letterWidth(r)
	}
	return w * fontSize
}

// letterWidth is the width of a character, in parts of the font's size, as wide
// fonts have it.
func letterWidth(r rune) float64 {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case strings.ContainsRune(" iljI.,:;'|!", r):
		return 0.34
	case strings.ContainsRune("ftr()[]/-\"", r):
		return 0.44
	case strings.ContainsRune("mwMW@%…⟨⟩", r):
		return 1
	case r < 0x80 && unicode.IsUpper(r):
		return 0.77
	case r < 0x250:
		return 0.66
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) || r >= 0xff00 && r < 0xff61 || r >= 0x1f000:
		return 1.3
	case unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Greek, unicode.Cyrillic):
		return 0.8
	}
	return 1
}

// fromRight tells whether the first letter with a direction runs from the
// right (rules P2 and P3 of the Unicode Bidirectional Algorithm).
func fromRight(s string) bool {
	for _, r := range s {
		if unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Samaritan, unicode.Mandaic, unicode.Adlam) && unicode.IsLetter(r) {
			return true
		}
		if unicode.IsLetter(r) {
			return false
		}
	}
	return false
}

// Where a line stands to its point, by the eye and whatever its direction.
const (
	atLeft   = "start"
	atMiddle = "middle"
	atRight  = "end"
)

// text writes a label's lines from a point down: y is where the first line's
// upper edge is.
func (c *canvas) text(l label, class string, x, y float64, anchor string) {
	for i, s := range l.lines {
		direction, at := turned(s, anchor)
		c.say(s, "text", "class", class, "x", num(x), "y", num(y+lineHeight*float64(i)+fontSize-0.5), "text-anchor", at,
			"direction", direction, "unicode-bidi", "isolate", "fill", "currentColor")
	}
}

// turned is the direction of a line and its anchor in that direction, each "" as
// it is by itself. A number after a name from right to left, on a line of its
// own, runs from the left.
func turned(line, anchor string) (direction, at string) {
	if !fromRight(line) {
		if anchor == atLeft {
			return "", ""
		}
		return "", anchor
	}
	switch anchor {
	case atLeft:
		return "rtl", atRight
	case atRight:
		return "rtl", ""
	}
	return "rtl", anchor
}
