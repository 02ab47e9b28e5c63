package pattern

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// The classes of characters, as they stand inside brackets. In texts they know every script, as the
// UNICODE flag asks that section 9.6.1 forbids for octets alone.
var (
	textClasses = map[string]string{
		"d": `\p{Nd}`, "digit": `\p{Nd}`,
		"w": `\p{L}\p{N}_`, "word": `\p{L}\p{N}_`, "alnum": `\p{L}\p{N}`,
		"alpha": `\p{L}`, "lower": `\p{Ll}`, "upper": `\p{Lu}`,
		"s": textSpace, "space": textSpace,
		"h": textBlank, "blank": textBlank,
		"v": `\n-\r\x{85}\x{2028}\x{2029}`,
	}
	octetClasses = map[string]string{
		"d": `0-9`, "w": `0-9A-Za-z_`, "s": `\t-\r `, "h": `\t \x{f7a0}`, "v": `\n-\r\x{f785}`,
	}
)

const (
	textBlank = `\t \x{a0}\x{1680}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}`
	textSpace = textBlank + `\n-\r\x{85}\x{2028}\x{2029}`
)

// class gives the set that a letter after a backslash stands for, and "^" if it stands for all
// others. The set is "" if the letter stands for none.
func (t *translator) class(letter byte) (set, negated string) {
	if !strings.ContainsRune("dwshvDWSHV", rune(letter)) {
		return "", ""
	}
	name := string(letter)
	if lower := strings.ToLower(name); lower != name {
		return t.classes[lower], "^"
	}
	return t.classes[name], ""
}

// brackets translates [ … ].
func (t *translator) brackets() error {
	t.keep(1)
	if strings.HasPrefix(t.rest, "^") {
		t.keep(1)
	}
	if strings.HasPrefix(t.rest, "]") {
		t.replace(1, `\]`)
	}
	for t.rest != "" {
		switch c := t.rest[0]; {
		case c == ']':
			t.keep(1)
			return nil
		case c == '\\' && len(t.rest) > 1:
			if err := t.bracketEscape(); err != nil {
				return err
			}
		case c == '[':
			t.bracket()
		case c == '-' && t.beforeClass():
			t.replace(1, `\-`)
		default:
			t.keepRune()
		}
	}
	return nil // without an end, for the parser to refuse
}

// beforeClass tells whether a hyphen stands before a class, where it is no range.
func (t *translator) beforeClass() bool {
	if len(t.rest) < 3 || t.rest[1] != '\\' {
		return false
	}
	set, _ := t.class(t.rest[2])
	return set != ""
}

// bracketEscape translates an escape inside brackets.
func (t *translator) bracketEscape() error {
	if set, negated := t.class(t.rest[1]); set != "" {
		t.take(2)
		t.writeSet(set, negated != "")
		return nil
	}
	switch t.rest[1] {
	case 'b':
		t.replace(2, t.literally('\b'))
	case 'E':
		t.take(2)
	case 'Q':
		for _, r := range t.quoted() {
			t.out.WriteString(t.literally(r))
		}
	case 'N', 'R', 'B', 'X':
		return unsupported(`\` + t.rest[1:2] + " in brackets")
	default:
		return t.character()
	}
	return nil
}

// posix is a class by name, such as [:alpha:].
var posix = regexp.MustCompile(`^\[:(\^?)([a-z]+):\]`)

// bracket translates a class by name, or a bracket that stands for itself.
func (t *translator) bracket() {
	name := posix.FindStringSubmatch(t.rest)
	switch {
	case name == nil:
		t.replace(1, `\[`)
	case t.classes[name[2]] == "":
		t.keep(len(name[0]))
	default:
		t.take(len(name[0]))
		t.writeSet(t.classes[name[2]], name[1] != "")
	}
}

// writeSet writes a class inside brackets. A hyphen after it stands for itself.
func (t *translator) writeSet(set string, negated bool) {
	if negated {
		set = complement(set)
	}
	t.out.WriteString(set)
	if strings.HasPrefix(t.rest, "-") {
		t.replace(1, `\-`)
	}
}

// complement gives all characters that are not in a set.
func complement(set string) string {
	tree, err := syntax.Parse("[^"+set+"]", syntax.Perl)
	if err != nil {
		return set // our own sets are well formed
	}
	var b strings.Builder
	for i := 0; i+1 < len(tree.Rune); i += 2 {
		b.WriteString(literally(tree.Rune[i]) + "-" + literally(tree.Rune[i+1]))
	}
	return b.String()
}
