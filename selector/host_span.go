package selector

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text by people who handle hostile addresses writes them so that nobody clicks:
// hxxp for http, and a dot in brackets. All spellings of the dot are read.

// dotAt gives the length of a dot at i, plain or defanged; 0 if there is none.
func dotAt(text string, i int) int {
	if i >= len(text) {
		return 0
	}
	switch text[i] {
	case '.':
		return 1
	case '[', '(', '{':
		return hiddenDot(text, i)
	}
	return 0
}

// hiddenDot gives the length of [.], (.), {.}, [dot] or (dot) at i.
func hiddenDot(text string, i int) int {
	if i+2 < len(text) && text[i+1] == '.' && text[i+2] == closing(text[i]) {
		return len("[.]")
	}
	if text[i] != '{' && i+4 < len(text) && text[i+4] == closing(text[i]) && strings.EqualFold(text[i+1:i+4], "dot") {
		return len("[dot]")
	}
	return 0
}

// closing gives the bracket that closes another.
func closing(open byte) byte {
	if open == '(' {
		return ')'
	}
	return open + 2
}

// dotBefore gives the length of a dot that ends at i.
func dotBefore(text string, i int) int {
	for _, n := range [...]int{1, 3, 5} {
		if i >= n && dotAt(text, i-n) == n {
			return n
		}
	}
	return 0
}

// refang turns defanged dots into dots.
func refang(text string) string {
	if !strings.ContainsAny(text, "[({") {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		if n := dotAt(text, i); n > 0 {
			b.WriteByte('.')
			i += n
			continue
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String()
}

// hostRune gives the length of the character at i if a host name can hold it:
// ASCII letters, digits, hyphen and underscore, and letters of any script.
func hostRune(text string, i int) int {
	if i >= len(text) {
		return 0
	}
	if c := classes[text[i]]; c&classHigh == 0 {
		return int(c&classHost) / classHost
	}
	r, n := utf8.DecodeRuneInString(text[i:])
	if isNameRune(r) {
		return n
	}
	return 0
}

// hostRuneBefore is hostRune for the character that ends at i.
func hostRuneBefore(text string, i int) int {
	if i <= 0 {
		return 0
	}
	if c := classes[text[i-1]]; c&classHigh == 0 {
		return int(c&classHost) / classHost
	}
	r, n := utf8.DecodeLastRuneInString(text[:i])
	if isNameRune(r) {
		return n
	}
	return 0
}

func isNameRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// hostEnd gives where the host name that starts at i ends. A dot belongs to it
// only when a label follows, so that the full stop of a sentence does not.
func hostEnd(text string, i int) int {
	limit := i + 2*maxHost
	for i < limit {
		if n := hostRune(text, i); n > 0 {
			i += n
			continue
		}
		n := dotAt(text, i)
		if n == 0 || hostRune(text, i+n) == 0 {
			break
		}
		i += n
	}
	return i
}

// hostStart gives where the host name with a dot at i starts.
func hostStart(text string, i int) int {
	limit := i - 2*maxHost
	for i > limit {
		if n := hostRuneBefore(text, i); n > 0 {
			i -= n
			continue
		}
		n := dotBefore(text, i)
		if n == 0 || hostRuneBefore(text, i-n) == 0 {
			break
		}
		i -= n
	}
	return i
}
