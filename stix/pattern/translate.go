package pattern

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// translate rewrites an expression of PCRE in the syntax of package regexp. What has no counterpart
// there is refused.
func translate(expression string, octets bool) (string, error) {
	t := translator{rest: expression, classes: textClasses, literally: literally}
	if octets {
		t.classes, t.literally = octetClasses, func(r rune) string { return literally(octetRune(r)) }
	}
	for t.rest != "" {
		if err := t.step(); err != nil {
			return "", err
		}
	}
	return t.out.String(), nil
}

type translator struct {
	rest    string
	out     strings.Builder
	classes map[string]string
	// literally writes a character so that it stands for itself anywhere.
	literally func(rune) string
	// quantified is true right after a quantifier, where + would make it possessive.
	quantified bool
}

func unsupported(what string) error { return fmt.Errorf("%s %w", what, errUnsupported) }

// take moves past so many bytes and gives them.
func (t *translator) take(n int) string {
	taken := t.rest[:n]
	t.rest = t.rest[n:]
	return taken
}

// replace moves past so many bytes and writes something else.
func (t *translator) replace(n int, with string) {
	t.take(n)
	t.out.WriteString(with)
}

// keep writes so many bytes as they are.
func (t *translator) keep(n int) { t.out.WriteString(t.take(n)) }

func (t *translator) keepRune() {
	r, size := utf8.DecodeRuneInString(t.rest)
	if r >= utf8.RuneSelf {
		t.replace(size, t.literally(r))
		return
	}
	t.keep(size)
}

// step translates one element.
func (t *translator) step() error {
	quantified := t.quantified
	t.quantified = false
	switch t.rest[0] {
	case '\\':
		return t.escape()
	case '[':
		return t.brackets()
	case '(':
		return t.open()
	case '*', '+', '?':
		if quantified && t.rest[0] == '+' {
			return unsupported("a possessive quantifier such as a++")
		}
		t.quantified = !quantified
		t.keep(1)
	case '{':
		if counted := count.FindString(t.rest); counted != "" {
			t.quantified = true
			t.keep(len(counted))
			return nil
		}
		t.replace(1, `\{`)
	default:
		t.keepRune()
	}
	return nil
}

// count is a quantifier such as {2}, {2,} or {2,5}.
var count = regexp.MustCompile(`^\{\d+(?:,\d*)?\}`)

// open translates a parenthesis and what says which kind it is.
func (t *translator) open() error {
	if strings.HasPrefix(t.rest, "(*") {
		return unsupported("a verb such as (*FAIL)")
	}
	if !strings.HasPrefix(t.rest, "(?") {
		t.keep(1)
		return nil
	}
	for _, special := range specials {
		if strings.HasPrefix(t.rest, special.start) {
			return unsupported(special.name)
		}
	}
	if comment := comment.FindString(t.rest); comment != "" {
		t.take(len(comment))
		return nil
	}
	if name := quotedName.FindStringSubmatch(t.rest); name != nil {
		t.replace(len(name[0]), "(?P<"+name[1]+">")
		return nil
	}
	head := groupHead.FindString(t.rest)
	if head == "" {
		return unsupported("a group that begins with " + shown(firstRunes(t.rest, 4)))
	}
	t.keep(len(head))
	return nil
}

var (
	comment    = regexp.MustCompile(`^\(\?#[^)]*\)`)
	quotedName = regexp.MustCompile(`^\(\?'(\w+)'`)
	groupHead  = regexp.MustCompile(`^\(\?(?::|P?<[A-Za-z_]\w*>|[imsU]*(?:-[imsU]+)?[:)])`)
)

// specials are groups that package regexp does not have, most of them because no search in linear
// time can have them.
var specials = []struct{ start, name string }{
	{"(?=", "a lookahead (?=…)"},
	{"(?!", "a lookahead (?!…)"},
	{"(?<=", "a lookbehind (?<=…)"},
	{"(?<!", "a lookbehind (?<!…)"},
	{"(?>", "an atomic group (?>…)"},
	{"(?|", "a branch reset (?|…)"},
	{"(?(", "a condition (?(…)…)"},
	{"(?R", "a recursion (?R)"},
	{"(?&", "a recursion (?&…)"},
	{"(?P>", "a recursion (?P>…)"},
	{"(?P=", "a backreference (?P=…)"},
	{"(?C", "a callout (?C)"},
}

// escape translates a backslash and what belongs to it, outside brackets.
func (t *translator) escape() error {
	if len(t.rest) < 2 {
		t.keep(1) // for the parser to refuse
		return nil
	}
	if set, negated := t.class(t.rest[1]); set != "" {
		t.replace(2, "["+negated+set+"]")
		return nil
	}
	switch t.rest[1] {
	case 'b', 'B', 'A', 'z':
		t.keep(2)
	case 'Z':
		t.replace(2, `(?:\n?\z)`)
	case 'N':
		t.replace(2, `[^\n]`)
	case 'R':
		t.replace(2, `(?:\r\n|[`+t.classes["v"]+`])`)
	case 'E':
		t.take(2)
	case 'Q':
		for _, r := range t.quoted() {
			t.out.WriteString(t.literally(r))
		}
	default:
		return t.character()
	}
	return nil
}

// quoted takes \Q, what stands between it and \E, and \E.
func (t *translator) quoted() string {
	quoted, rest, _ := strings.Cut(t.rest[2:], `\E`)
	t.rest = rest
	return quoted
}

// character translates an escape that stands for one character, or a property, wherever it stands.
func (t *translator) character() error {
	if property := property.FindString(t.rest); property != "" {
		t.keep(len(property))
		return nil
	}
	for _, form := range numbers {
		if number := form.pattern.FindStringSubmatch(t.rest); number != nil {
			n, _ := strconv.ParseInt("0"+number[1], form.base, 64)
			if n > utf8.MaxRune {
				return unsupported("a character beyond Unicode")
			}
			t.replace(len(number[0]), t.literally(rune(n)))
			return nil
		}
	}
	c, size := utf8.DecodeRuneInString(t.rest[1:])
	if control, known := controls[c]; known {
		t.replace(1+size, t.literally(control))
		return nil
	}
	switch {
	case c == 'c' && len(t.rest) > 2 && t.rest[2] < utf8.RuneSelf:
		t.replace(3, t.literally(rune(strings.ToUpper(t.rest[2:3])[0]^0x40)))
	case '1' <= c && c <= '9' || c == 'k' || c == 'g':
		return unsupported(`a backreference such as \1`)
	case c < utf8.RuneSelf && c != '_' && (isWordStart(byte(c)) || isDigit(byte(c))):
		return unsupported(`\` + string(c))
	default:
		t.replace(1+size, t.literally(c))
	}
	return nil
}

// literally writes a character so that it stands for itself anywhere.
func literally(r rune) string { return fmt.Sprintf(`\x{%x}`, r) }

// octetRune is what stands for an octet where expressions are matched with octets: above ASCII a
// character for private use, which has no other case and is in no script.
func octetRune(r rune) rune {
	if r >= utf8.RuneSelf && r <= 0xff {
		return 0xf700 + r
	}
	return r
}

var property = regexp.MustCompile(`^\\[pP](?:[A-Za-z]|\{\^?[A-Za-z_]+\})`)

var controls = map[rune]rune{'a': '\a', 'e': 0x1b, 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// numbers are the ways to write a character by its number.
var numbers = []struct {
	pattern *regexp.Regexp
	base    int
}{
	{regexp.MustCompile(`^\\x\{([0-9A-Fa-f]{1,8})\}`), 16},
	{regexp.MustCompile(`^\\x([0-9A-Fa-f]{0,2})`), 16},
	{regexp.MustCompile(`^\\u([0-9A-Fa-f]{4})`), 16},
	{regexp.MustCompile(`^\\o\{([0-7]{1,10})\}`), 8},
	{regexp.MustCompile(`^\\(0[0-7]{0,2})`), 8},
}

func firstRunes(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(n, len(runes))])
}
