package triage

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// contextRunes is how many characters of context stand on each side.
const contextRunes = 60

// excerpt gives text[start:end] with its context, fit for a screen.
func excerpt(text string, start, end int) string {
	before, after := contextBefore(text, start), contextAfter(text, end)
	return clean(text[before:after])
}

func contextBefore(text string, i int) int {
	if i >= contextRunes && isASCII(text[i-contextRunes:i]) {
		return i - contextRunes
	}
	for n := 0; n < contextRunes && i > 0; n++ {
		_, size := utf8.DecodeLastRuneInString(text[:i])
		i -= size
	}
	return i
}

func contextAfter(text string, i int) int {
	if len(text)-i >= contextRunes && isASCII(text[i:i+contextRunes]) {
		return i + contextRunes
	}
	for n := 0; n < contextRunes && i < len(text); n++ {
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return i
}

func isASCII(s string) bool {
	bits := byte(0)
	for i := range len(s) {
		bits |= s[i]
	}
	return bits < utf8.RuneSelf
}

// clean turns control characters, line ends and marks of writing direction into
// spaces: evidence must not write on the analyst's terminal, nor turn his lines
// round.
func clean(text string) string {
	out := []byte(text)
	if blankControls(out) {
		return view(out) // nobody else has it
	}
	out = out[:0]
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if c < ' ' || c == 0x7f {
				c = ' '
			}
			out = append(out, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n == 1 {
			for i < len(text) && isBroken(text[i:]) {
				i++
			}
			out = append(out, "\ufffd"...)
			continue
		}
		if hidden(r) {
			r = ' '
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	return string(out)
}

// blankControls turns the control characters of ASCII into spaces, unless there is
// more than ASCII.
func blankControls(text []byte) bool {
	bits := byte(0)
	for i, c := range text {
		if bits |= c; c < ' ' || c == 0x7f {
			text[i] = ' '
		}
	}
	return bits < utf8.RuneSelf
}

// isBroken: text begins with a byte that is no UTF-8.
func isBroken(text string) bool {
	r, n := utf8.DecodeRuneInString(text)
	return r == utf8.RuneError && n == 1
}

// hidden: a character beyond ASCII that is not seen, or that ends a line.
func hidden(r rune) bool {
	switch {
	case r < 0xa0, r == 0x2028, r == 0x2029:
		return true
	case r == 0x200c, r == 0x200d: // between letters of Persian and Devanagari
		return false
	}
	return r >= 0xad && unicode.Is(unicode.Cf, r)
}

// oneLine makes a problem fit for one line of a report.
func oneLine(text string) string {
	const most = 500
	text = clean(text)
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// clip shortens an artifact's text to what a list can carry.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "")
}

// messageText bounds the bytes of a text kept in an artifact.
const messageText = 64 << 10

// joined puts text after what is there already, while there is room.
func joined(before, separator, text string) string {
	switch {
	case before == "":
		return clip(text, messageText)
	case text == "":
		return before
	}
	if room := messageText - len(before) - len(separator); room > 0 {
		return before + separator + clip(text, room)
	}
	return before
}
