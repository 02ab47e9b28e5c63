package legible

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxAccents is how many accents may stand on one letter; more than any
// spelling needs would run over the lines above and below.
const maxAccents = 4

// Piece is a part of a text: what a reader sees, or a mark that stands for
// what nobody would.
type Piece struct {
	Text  string
	Mark  string // "U+202E", or what was left out
	Name  string // of what the mark stands for
	Cut   bool   // the mark stands for the rest of a text
	Break bool   // nothing to see: the line may break here
}

// Pieces makes a text by an enemy safe to read: characters that hide, turn
// the line around or look like nothing become marks, and a text of more
// characters than most is cut. It gives plain strings, which are yet to be
// escaped.
func Pieces(s string, most int) []Piece {
	var (
		all   []Piece
		plain strings.Builder
	)
	flush := func() {
		if plain.Len() > 0 {
			all = append(all, Piece{Text: plain.String()})
			plain.Reset()
		}
	}
	for seen, accents, run := 0, 0, 0; len(s) > 0; seen++ {
		if seen >= most {
			flush()
			return append(all, Piece{Mark: fmt.Sprintf("… %s more", Grouped(utf8.RuneCountInString(s))), Name: "characters that are not shown here", Cut: true})
		}
		r, size := utf8.DecodeRuneInString(s)
		if r == '\r' && strings.HasPrefix(s, "\r\n") {
			r, size = '\n', 2
		}
		accents = countAccents(accents, r)
		if !hidden(r, size) && accents <= maxAccents {
			plain.WriteRune(r)
			s = s[size:]
			if run = grow(run, r); breakable(run, r) {
				flush()
				all, run = append(all, Piece{Break: true}), 0
			}
			continue
		}
		flush()
		if accents > maxAccents {
			rest := strings.TrimLeftFunc(s, isAccent)
			all = append(all, Piece{Mark: Plural(utf8.RuneCountInString(s[:len(s)-len(rest)]), "accent", "accents"), Name: "more than belong on one letter"})
			s, accents = rest, 0
			continue
		}
		times := repeats(s, s[:size])
		all = append(all, mark(r, s[:size], times))
		s = s[size*times:]
	}
	flush()
	return all
}

// Plain is [Pieces] for where a mark cannot be set apart from the text: it
// stands in angle brackets, ⟨U+202E⟩, and the text goes on.
func Plain(s string, most int) string {
	var b strings.Builder
	for _, p := range Pieces(s, most) {
		if p.Mark == "" {
			b.WriteString(p.Text)
		} else {
			b.WriteString("⟨" + p.Mark + "⟩")
		}
	}
	return b.String()
}

// A word as long as this may be broken, behind a sign of punctuation or, when
// there is none, anywhere; a shorter one stays whole.
const (
	longWord    = 12
	longestWord = 32
)

// grow counts the characters since the line could last be broken.
func grow(run int, r rune) int {
	if unicode.IsSpace(r) {
		return 0
	}
	return run + 1
}

func breakable(run int, r rune) bool {
	return run >= longestWord || run >= longWord && strings.ContainsRune("/!._-@:;=?&,}])", r)
}

func countAccents(before int, r rune) int {
	if isAccent(r) {
		return before + 1
	}
	return 0
}

// isAccent tells whether a character stands on the letter before it.
func isAccent(r rune) bool { return unicode.In(r, unicode.Mn, unicode.Me) }

// repeats counts how often s begins with the same bytes.
func repeats(s, first string) (n int) {
	for strings.HasPrefix(s, first) {
		s = s[len(first):]
		n++
	}
	return n
}

// hidden tells whether a reader would not see a character, or not as it is.
func hidden(r rune, size int) bool {
	switch {
	case r == utf8.RuneError && size == 1: // no UTF-8
		return true
	case r == '\n', r == '\t':
		return false
	case r == '\u2800': // a Braille cell without dots
		return true
	}
	return !strconv.IsPrint(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

func mark(r rune, raw string, times int) Piece {
	p := Piece{Mark: fmt.Sprintf("U+%04X", r), Name: hiddenNames[r]}
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		p = Piece{Mark: fmt.Sprintf("byte %02X", raw[0]), Name: "not UTF-8"}
	case p.Name == "":
		p.Name = "a character that is not seen"
	}
	if times > 1 {
		p.Mark += fmt.Sprintf(" ×%d", times)
	}
	return p
}

// hiddenNames are Unicode's names of those that are met most.
var hiddenNames = map[rune]string{
	'\u0000': "null", '\u0007': "bell", '\u0008': "backspace", '\r': "carriage return", '\u001b': "escape",
	'\u00a0': "no-break space", '\u00ad': "soft hyphen", '\u034f': "combining grapheme joiner", '\u061c': "arabic letter mark",
	'\u115f': "hangul choseong filler", '\u1160': "hangul jungseong filler", '\u2009': "thin space", '\u200b': "zero width space",
	'\u200c': "zero width non-joiner", '\u200d': "zero width joiner", '\u200e': "left-to-right mark", '\u200f': "right-to-left mark",
	'\u2028': "line separator", '\u2029': "paragraph separator", '\u202a': "left-to-right embedding",
	'\u202b': "right-to-left embedding", '\u202c': "pop directional formatting", '\u202d': "left-to-right override",
	'\u202e': "right-to-left override", '\u202f': "narrow no-break space", '\u2060': "word joiner", '\u2066': "left-to-right isolate",
	'\u2067': "right-to-left isolate", '\u2068': "first strong isolate", '\u2069': "pop directional isolate",
	'\u2800': "braille pattern blank", '\u3000': "ideographic space", '\u3164': "hangul filler", '\ufe0f': "variation selector-16",
	'\ufeff': "zero width no-break space", '\uffa0': "halfwidth hangul filler",
}
