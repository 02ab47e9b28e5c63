package pattern

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a token is.
type kind int

const (
	endOfText  kind = iota
	identifier      // a word without a hyphen: a name or a keyword
	hyphenated      // a word with one: only an object type
	sign            // one of = == != <> < <= > >= : . , ( ) [ ] *
	literal         // a constant; what it stands for is in value
)

// token is one word, sign or constant of a pattern.
type token struct {
	kind  kind
	text  string // as it stands in the pattern
	at    int    // its first byte
	value Constant
	plus  bool // a number that is not negative, as windows and counts must be
}

// found describes the token in an error.
func (t token) found() string {
	if t.kind == endOfText {
		return "the end"
	}
	return shown(t.text)
}

// is tells whether the token is this sign or keyword.
func (t token) is(text string) bool {
	return (t.kind == sign || t.kind == identifier) && t.text == text
}

// lexer cuts a pattern into tokens. It takes the longest token that fits, as the grammar does.
type lexer struct {
	text string
	at   int // of the next byte
}

// next gives the next token, or a fault at its first byte.
func (l *lexer) next() (token, *Fault) {
	if fault := l.skipBlanks(); fault != nil {
		return token{}, fault
	}
	rest := l.text[l.at:]
	if rest == "" {
		return token{kind: endOfText, at: l.at}, nil
	}
	switch c := rest[0]; {
	case c == '\'':
		return l.string()
	case len(rest) > 1 && rest[1] == '\'' && (c == 't' || c == 'b' || c == 'h'):
		return l.typed(c)
	case isWordStart(c):
		return l.word(), nil
	case startsNumber(rest):
		return l.number()
	}
	for _, s := range signs {
		if strings.HasPrefix(rest, s) {
			return l.take(token{kind: sign}, len(s)), nil
		}
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return token{}, faultAt(l.text, l.at, RuleSyntax, "%s is no sign of the language", shown(string(r)))
}

// signs, the longer before those they begin with.
var signs = []string{"==", "!=", "<>", "<=", ">=", "=", "<", ">", ":", ".", ",", "(", ")", "[", "]", "*"}

// take completes a token of so many bytes and moves past it.
func (l *lexer) take(t token, size int) token {
	t.at, t.text = l.at, l.text[l.at:l.at+size]
	l.at += size
	return t
}

// skipBlanks moves past white space and comments.
func (l *lexer) skipBlanks() *Fault {
	for l.at < len(l.text) {
		rest := l.text[l.at:]
		switch r, size := utf8.DecodeRuneInString(rest); {
		case unicode.IsSpace(r):
			l.at += size
		case strings.HasPrefix(rest, "//"):
			end := strings.IndexAny(rest, "\r\n")
			if end < 0 {
				end = len(rest)
			}
			l.at += end
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return faultAt(l.text, l.at, RuleSyntax, "the comment does not end: */ is missing")
			}
			l.at += end + 4
		default:
			return nil
		}
	}
	return nil
}

// word takes a name, a keyword, or true or false.
func (l *lexer) word() token {
	rest, t := l.text[l.at:], token{kind: identifier}
	size := 0
	for size < len(rest) && (isWordStart(rest[size]) || isDigit(rest[size]) || rest[size] == '-') {
		if rest[size] == '-' {
			t.kind = hyphenated
		}
		size++
	}
	switch rest[:size] {
	case "true":
		t.kind, t.value = literal, Boolean(true)
	case "false":
		t.kind, t.value = literal, Boolean(false)
	}
	return l.take(t, size)
}

func isWordStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

// isIdentifier tells whether a name can stand in a path without apostrophes.
func isIdentifier(s string) bool {
	for i := range len(s) {
		if !isWordStart(s[i]) && (i == 0 || !isDigit(s[i])) {
			return false
		}
	}
	return s != "" && !isKeyword(s)
}

// isKeyword tells whether a word is taken by the language. LAST is, though no rule uses it.
func isKeyword(s string) bool {
	switch s {
	case "AND", "OR", "NOT", "FOLLOWEDBY", "LIKE", "MATCHES", "ISSUPERSET", "ISSUBSET", "EXISTS", "LAST",
		"IN", "START", "STOP", "SECONDS", "true", "false", "WITHIN", "REPEATS", "TIMES":
		return true
	}
	return false
}
