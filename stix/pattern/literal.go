package pattern

import (
	"encoding/base64"
	"encoding/hex"
	"math"
	"strconv"
	"strings"
)

// string takes a text in apostrophes. Only an apostrophe and a backslash may be escaped.
func (l *lexer) string() (token, *Fault) {
	rest := l.text[l.at:]
	var plain []byte // what the text stands for; nil while nothing was escaped
	from := 1
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '\'':
			value := append(plain, rest[from:i]...)
			return l.take(token{kind: literal, value: String(value)}, i+1), nil
		case '\\':
			if i+1 == len(rest) || rest[i+1] != '\'' && rest[i+1] != '\\' {
				return token{}, faultAt(l.text, l.at+i, RuleSyntax, `after \ only ' or \ may follow in a string; a backslash itself is \\`)
			}
			plain = append(append(plain, rest[from:i]...), rest[i+1])
			i++
			from = i + 1
		}
	}
	return token{}, faultAt(l.text, l.at, RuleSyntax, "the string does not end: ' is missing")
}

// typed takes t'…', b'…' or h'…'.
func (l *lexer) typed(prefix byte) (token, *Fault) {
	rest := l.text[l.at:]
	end := strings.IndexByte(rest[2:], '\'')
	if end < 0 {
		return token{}, faultAt(l.text, l.at, RuleSyntax, "the constant does not end: ' is missing")
	}
	inner := rest[2 : 2+end]
	var value Constant
	problem := ""
	switch prefix {
	case 't':
		value, problem = Timestamp(inner), "a timestamp must be such as t'2026-03-01T09:30:00Z'"
		if isTimestamp(inner) {
			problem = ""
		}
	case 'h':
		octets, err := hex.DecodeString(inner)
		if value = Hex(octets); err != nil {
			problem = "a hex constant must have an even number of the digits 0-9 and a-f"
		}
	case 'b':
		octets, err := base64.StdEncoding.Strict().DecodeString(inner)
		if value = Binary(octets); err != nil || len(octets) == 0 {
			problem = "a binary constant must be base64 with its padding, and not empty"
		}
	}
	if problem != "" {
		return token{}, faultAt(l.text, l.at, RuleSyntax, "%s, not %s", problem, shown(rest[:end+3]))
	}
	return l.take(token{kind: literal, value: value}, end+3), nil
}

// startsNumber tells whether a number begins here: digits, or a point and digits, after a sign or none.
func startsNumber(s string) bool {
	if s[0] == '+' || s[0] == '-' {
		s = s[1:]
	}
	return s != "" && (isDigit(s[0]) || s[0] == '.' && len(s) > 1 && isDigit(s[1]))
}

// number takes an integer or a float.
func (l *lexer) number() (token, *Fault) {
	rest := l.text[l.at:]
	start := 0
	if rest[0] == '+' || rest[0] == '-' {
		start = 1
	}
	size := start + digits(rest[start:])
	t := token{kind: literal, plus: rest[0] != '-'}
	if fraction := l.fraction(rest[size:]); fraction > 0 {
		size += fraction
		value, err := strconv.ParseFloat(rest[:size], 64)
		if err != nil || math.IsInf(value, 0) {
			return token{}, faultAt(l.text, l.at, RuleSyntax, "the number is too large")
		}
		t.value = Float(value)
		return l.take(t, size), nil
	}
	if rest[start] == '0' && size > start+1 {
		return token{}, faultAt(l.text, l.at, RuleSyntax, "a whole number must not begin with 0")
	}
	value, err := strconv.ParseInt(rest[:size], 10, 64)
	if err != nil {
		return token{}, faultAt(l.text, l.at, RuleSyntax, "the number is too large")
	}
	t.value = Integer(value)
	return l.take(t, size), nil
}

// fraction gives the size of a point and the digits after it, or 0.
func (l *lexer) fraction(s string) int {
	if s == "" || s[0] != '.' {
		return 0
	}
	if n := digits(s[1:]); n > 0 {
		return n + 1
	}
	return 0
}

func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}
