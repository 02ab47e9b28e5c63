package pattern_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/stix/pattern"
)

// TestExpressions shows what expressions of PCRE match: texts after a +, and texts they do not match
// after a -. In the texts, \n is a newline.
func TestExpressions(t *testing.T) {
	for _, row := range []struct{ expression, texts string }{
		// Anchors, and what a dot matches.
		{`^a.b$`, `+a.b +a\nb +a\nb\n -a\nb\n\n -xa.b`},
		{`a$|b`, `+a +a\n +ba -ax`},
		{`a\z`, `+a -a\n`},
		{`a\Z`, `+a +a\n -ab`},
		{`\Aa`, `+ab -ba`},
		{`(?m)^b$`, `+a\nb\nc -ab`},
		{`(?-s)a.b`, `+axb -a\nb`},
		{`a\Nb`, `+axb -a\nb`},
		{`a\Rb`, `+a\nb -a.b`},

		// Classes know every script.
		{`^\d+$`, `+0123 +٠١٢ -x -²`},
		{`^\D+$`, `+x -5 -٥`},
		{`^\w+$`, `+az_09 +Ωμέγα +бомба +قنبلة -a-b -a.b`},
		{`^\W+$`, `+.- -a -б -_`},
		{`^a\sb$`, "+a\u00a0b +a\u2003b +a\nb -ab"},
		{`^a\Sb$`, `+axb -a\nb`},
		{`^a\hb$`, "+a\tb +a\u3000b -a\nb"},
		{`^a\vb$`, "+a\nb +a\u2028b -a.b"},
		{`^[\w-]+$`, `+a-б -a.b`},
		{`^[\d.-]+$`, `+1.5-٥ -x`},
		{`^[a\-z]+$`, `+a-z -b`},
		{`^[+-\d]+$`, `+5-+ -,`},
		{`^[\s\S]$`, `+x +б +\n -xx`},
		{`^[^\W_]+$`, `+бомба -a_b -a.b`},
		{`^[^\s]+$`, `+ab -a\nb`},
		{`^[[:alpha:]]+$`, `+abв -a1`},
		{`^[[:^digit:]x]+$`, `+abx -1`},
		{`^[[:punct:]]+$`, `+.,! -a`},
		{`^[]a]+$`, `+]a -[`},
		{`^[^]a]+$`, `+[b -]`},
		{`^[a[b]+$`, `+a[b -]`},
		{`^[\b]$`, "+\b -b"},
		{`^\p{Cyrillic}+$`, `+бомба -bomb`},
		{`^\pL+$`, `+aб -1`},
		{`\bбомб`, `+это_бомба,бомба -этобомба`},
		{`\Bмба\b`, `+бомба -мба`},
		{`\bx\b`, `+é.x.é -éx -xé`},

		// Escapes for characters.
		{`^\x41\x{42}\103\u0044$`, ``}, // \103 is no octal number but a backreference
		{`^\x41\x{42}\u0043\o{104}\0105?$`, "+ABCD\b5 -ABCD"},
		{`^\t\e\cA\a\f\r$`, "+\t\x1b\x01\a\f\r -x"},
		{`^\Qa.b*\E+$`, `+a.b* +a.b** -axb*`},
		{`^[\Q^]-\E]+$`, `+^]- -a`},
		{`^\@\/\-\_\ $`, `+@/-_  -x`},
		{`^\é$`, `+é -e`},
		{`^a{,2}\{x\}$`, `+a{,2}{x} -aa{x}`},
		{`^{a}$`, `+{a} -a`},

		// Groups and quantifiers.
		{`^(?<year>\d{4})-(?P<month>\d\d)-(?'day'\d\d)$`, `+2026-03-01 -2026-3-1`},
		{`^a(?#what follows)b$`, `+ab -axb`},
		{`^a(?i:B)(?i)c$`, `+abC +aBc -Abc`},
		{`^a{2,3}?b+?c??$`, `+aab +aaabbc -ab`},
		{`^(?:ab|cd)*$`, `+abcd -abc`},
	} {
		for word := range strings.FieldsFuncSeq(row.texts, func(r rune) bool { return r == ' ' }) {
			want, text := word[0] == '+', strings.ReplaceAll(word[1:], `\n`, "\n")
			if row.expression == `^\@\/\-\_\ $` && want {
				text += " "
			}
			if got := found(t, row.expression, text); got != want {
				t.Errorf("%s in %q is %v", row.expression, text, got)
			}
		}
	}
}

// found matches an expression by way of a pattern.
func found(t testing.TB, expression, text string) bool {
	t.Helper()
	p := &pattern.Pattern{Root: &pattern.Single{Test: &pattern.Comparison{
		Path:      pattern.Path{Type: "x", Steps: []pattern.Step{{Key: "k"}}},
		Operator:  pattern.Matches,
		Constants: []pattern.Constant{pattern.String(expression)},
	}}}
	m, err := pattern.Compile(p, pattern.MatchOptions{})
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	o, err := pattern.NewObservation(time.Unix(0, 0), time.Unix(0, 0), 1, map[string]pattern.Object{"0": {"type": "x", "k": text}})
	if err != nil {
		t.Fatal(err)
	}
	result, err := m.Match([]pattern.Observation{o})
	if err != nil {
		t.Fatal(err)
	}
	return result.Matched
}

// TestUnsupportedExpressions lists what PCRE has and this package refuses, rather than give a wrong
// verdict. None of it is a fault of the pattern.
func TestUnsupportedExpressions(t *testing.T) {
	for expression, what := range map[string]string{
		`(a)\1`:             `a backreference such as \1 is not supported`,
		`(?<n>a)\k<n>`:      `a backreference such as \1 is not supported`,
		`(a)\g{1}`:          `a backreference such as \1 is not supported`,
		`(?P<n>a)(?P=n)`:    "a backreference (?P=…) is not supported",
		`a(?=b)`:            "a lookahead (?=…) is not supported",
		`a(?!b)`:            "a lookahead (?!…) is not supported",
		`(?<=a)b`:           "a lookbehind (?<=…) is not supported",
		`(?<!a)b`:           "a lookbehind (?<!…) is not supported",
		`(?>a)`:             "an atomic group (?>…) is not supported",
		`a++`:               "a possessive quantifier such as a++ is not supported",
		`a{2}+`:             "a possessive quantifier such as a++ is not supported",
		`(?|(a)|(b))`:       "a branch reset (?|…) is not supported",
		`(a)?(?(1)b|c)`:     "a condition (?(…)…) is not supported",
		`(?R)`:              "a recursion (?R) is not supported",
		`(?1)`:              `a group that begins with "(?1)" is not supported`,
		`(?x) a b`:          `a group that begins with "(?x)" is not supported`,
		`(?P>n)`:            "a recursion (?P>…) is not supported",
		`(*UTF8)a`:          "a verb such as (*FAIL) is not supported",
		`a\Kb`:              `\K is not supported`,
		`\Xa`:               `\X is not supported`,
		`[\R]`:              `\R in brackets is not supported`,
		`\x{110000}`:        "a character beyond Unicode is not supported",
		`a{1001}`:           "this package's regular expressions do not allow it: invalid repeat count",
		`((a{1000}){1000})`: "this package's regular expressions do not allow it: invalid repeat count",
		`\p{Xan}`:           "this package's regular expressions do not allow it: invalid character class range",
	} {
		p := mustParse(t, "[x:k MATCHES "+pattern.String(expression).String()+"]")
		if faults := p.Check(); len(faults) > 0 {
			t.Errorf("%s: %v", expression, faults)
		}
		if _, err := pattern.Compile(p, pattern.MatchOptions{}); err == nil || !strings.HasSuffix(err.Error(), what) {
			t.Errorf("%s: %v", expression, err)
		}
	}
}

// anyExpression makes expressions that mean the same in PCRE and in package regexp if \w, \d and \s
// are matched with ASCII and no newline.
func anyExpression(depth int) *rapid.Generator[string] {
	atom := rapid.SampledFrom([]string{"a", "b", ".", `\b`, `\B`, "^", "$", `\w`, `\W`, `\d`, `[ab]`, `[^a]`, `[\w]`, `[^\W]`, `\.`, "_", " ", "(?i:A)", `\z`})
	quantifier := rapid.SampledFrom([]string{"", "", "", "*", "+", "?", "{2}", "*?"})
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for range rapid.IntRange(1, 4).Draw(t, "length") {
			part := atom.Draw(t, "atom")
			if depth > 0 && rapid.IntRange(0, 4).Draw(t, "group") == 0 {
				part = "(?:" + anyExpression(depth-1).Draw(t, "inner") + "|" + anyExpression(depth-1).Draw(t, "other") + ")"
			}
			b.WriteString(part + quantifier.Draw(t, "quantifier"))
		}
		return b.String()
	})
}

// TestBothSearchesAgree holds the machine that knows words of every script against package regexp.
func TestBothSearchesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		expression := anyExpression(2).Draw(t, "expression")
		text := rapid.StringOfN(rapid.SampledFrom([]rune("abAB_1. ")), 0, 8, -1).Draw(t, "text")
		std, words, ok := pattern.SearchBoth(expression, text)
		if !ok {
			return
		}
		if plain := regexp.MustCompile("(?s)" + expression).MatchString(text); std != plain || words != plain {
			t.Fatalf("%s in %q: %v as it is, %v translated, %v by words", expression, text, plain, std, words)
		}
	})
}
