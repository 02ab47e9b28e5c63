package pattern_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/stix/pattern"
)

func mustParse(t testing.TB, text string) *pattern.Pattern {
	t.Helper()
	p, err := pattern.Parse(text, pattern.Options{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return p
}

// sameButPlaces compares patterns without the places at which they stood.
var sameButPlaces = cmp.Options{
	cmpopts.IgnoreUnexported(pattern.Pattern{}),
	cmpopts.IgnoreFields(pattern.Single{}, "At"),
	cmpopts.IgnoreFields(pattern.Qualified{}, "At"),
	cmpopts.IgnoreFields(pattern.Comparison{}, "At"),
	cmpopts.EquateEmpty(),
}

// TestParse shows what is read, by how it is printed.
func TestParse(t *testing.T) {
	for _, row := range []struct{ text, canonical string }{
		// Comparison operators.
		{"[a:b=1]", "[a:b = 1]"},
		{"[a:b == 1]", "[a:b = 1]"},
		{"[a:b != 1]", "[a:b != 1]"},
		{"[a:b <> 1]", "[a:b != 1]"},
		{"[a:b < 1]", "[a:b < 1]"},
		{"[a:b <= 1]", "[a:b <= 1]"},
		{"[a:b > 1]", "[a:b > 1]"},
		{"[a:b >= 1]", "[a:b >= 1]"},
		{"[a:b NOT = 1]", "[a:b NOT = 1]"},
		{"[a:b NOT >= 1]", "[a:b NOT >= 1]"},
		{"[a:b IN ()]", "[a:b IN ()]"},
		{"[a:b IN(1,2 , 3)]", "[a:b IN (1, 2, 3)]"},
		{"[a:b NOT IN ('x')]", "[a:b NOT IN ('x')]"},
		{"[a:b LIKE 'x%']", "[a:b LIKE 'x%']"},
		{"[a:b MATCHES'x']", "[a:b MATCHES 'x']"},
		{"[a:b ISSUBSET '192.0.2.0/24']", "[a:b ISSUBSET '192.0.2.0/24']"},
		{"[a:b NOT ISSUPERSET '192.0.2.0/24']", "[a:b NOT ISSUPERSET '192.0.2.0/24']"},
		{"[EXISTS a:b]", "[EXISTS a:b]"},
		{"[NOT EXISTS a:b.c]", "[NOT EXISTS a:b.c]"},

		// Constants.
		{"[a:b = +5]", "[a:b = 5]"},
		{"[a:b = -0]", "[a:b = 0]"},
		{"[a:b = -5]", "[a:b = -5]"},
		{"[a:b = .5]", "[a:b = 0.5]"},
		{"[a:b = -.5]", "[a:b = -0.5]"},
		{"[a:b = +1.50]", "[a:b = 1.5]"},
		{"[a:b = 007.0]", "[a:b = 7.0]"},
		{"[a:b = 0.0000001]", "[a:b = 0.0000001]"},
		{"[a:b = true OR a:b = false]", "[a:b = true OR a:b = false]"},
		{`[a:b = 'it\'s a \\']`, `[a:b = 'it\'s a \\']`},
		{"[a:b = '']", "[a:b = '']"},
		{"[a:b = 'two\nlines // no comment']", "[a:b = 'two\nlines // no comment']"},
		{"[a:b = 'جملة']", "[a:b = 'جملة']"},
		{"[a:b = t'2026-03-01T09:30:00Z']", "[a:b = t'2026-03-01T09:30:00Z']"},
		{"[a:b = t'2026-03-01T23:59:60.123456789012Z']", "[a:b = t'2026-03-01T23:59:60.123456789012Z']"},
		{"[a:b = h'']", "[a:b = h'']"},
		{"[a:b = h'FFc3']", "[a:b = h'ffc3']"},
		{"[a:b = b'ABI=']", "[a:b = b'ABI=']"},
		{"[a:b = b'AB\nI=']", "[a:b = b'ABI=']"},

		// Paths.
		{"[file:hashes.'SHA-256' = 'x']", "[file:hashes.'SHA-256' = 'x']"},
		{"[file:hashes.'MD5' = 'x']", "[file:hashes.MD5 = 'x']"},
		{"[x-usb-device:'a.b'[*].c[0][-1] = 1]", "[x-usb-device:'a.b'[*].c[0][-1] = 1]"},
		{"[ a : b . 'c' [ * ] . d = 1]", "[a:b.c[*].d = 1]"},
		{"[a:'IN' = 1]", "[a:'IN' = 1]"},
		{`[a:'it\'s' = 1]`, `[a:'it\'s' = 1]`},
		{"[_a:_b = 1]", "[_a:_b = 1]"},
		{"[AND-x:b = 1]", "[AND-x:b = 1]"},
		{"[t:b = 1 AND t:h = 1]", "[t:b = 1 AND t:h = 1]"},

		// Precedence, and the parentheses that matter.
		{"[a:b = 1 OR a:b = 2 AND a:b = 3]", "[a:b = 1 OR a:b = 2 AND a:b = 3]"},
		{"[(a:b = 1 OR a:b = 2) AND a:b = 3]", "[(a:b = 1 OR a:b = 2) AND a:b = 3]"},
		{"[(a:b = 1 AND a:b = 2) OR a:b = 3]", "[a:b = 1 AND a:b = 2 OR a:b = 3]"},
		{"[((a:b = 1))]", "[a:b = 1]"},
		{"[a:b = 1 OR (a:b = 2 OR a:b = 3)]", "[a:b = 1 OR (a:b = 2 OR a:b = 3)]"},
		{"(([a:b = 1]))", "[a:b = 1]"},
		{"[a:b=1] OR [a:b=2] AND [a:b=3] FOLLOWEDBY [a:b=4]", "[a:b = 1] OR [a:b = 2] AND [a:b = 3] FOLLOWEDBY [a:b = 4]"},
		{"[a:b=1] OR ([a:b=2] FOLLOWEDBY [a:b=3])", "[a:b = 1] OR ([a:b = 2] FOLLOWEDBY [a:b = 3])"},
		{"([a:b=1] AND [a:b=2]) OR [a:b=3]", "[a:b = 1] AND [a:b = 2] OR [a:b = 3]"},
		{"([a:b=1] FOLLOWEDBY [a:b=2]) FOLLOWEDBY [a:b=3]", "([a:b = 1] FOLLOWEDBY [a:b = 2]) FOLLOWEDBY [a:b = 3]"},

		// Qualifiers.
		{"[a:b=1]REPEATS 5 TIMES WITHIN 1800 SECONDS", "[a:b = 1] REPEATS 5 TIMES WITHIN 1800 SECONDS"},
		{"[a:b=1] WITHIN 5.0 SECONDS", "[a:b = 1] WITHIN 5 SECONDS"},
		{"[a:b=1] WITHIN .25 SECONDS", "[a:b = 1] WITHIN 0.25 SECONDS"},
		{
			"[a:b=1] START t'2026-03-01T00:00:00Z' STOP t'2026-03-02T00:00:00.5Z'",
			"[a:b = 1] START t'2026-03-01T00:00:00Z' STOP t'2026-03-02T00:00:00.5Z'",
		},
		{"([a:b=1] AND [a:b=2]) WITHIN 5 SECONDS", "([a:b = 1] AND [a:b = 2]) WITHIN 5 SECONDS"},
		{"([a:b=1]) WITHIN 5 SECONDS", "[a:b = 1] WITHIN 5 SECONDS"},
		{"([a:b=1] WITHIN 5 SECONDS) REPEATS 3 TIMES", "([a:b = 1] WITHIN 5 SECONDS) REPEATS 3 TIMES"},
		{"([a:b=1]) WITHIN 5 SECONDS REPEATS 3 TIMES", "[a:b = 1] WITHIN 5 SECONDS REPEATS 3 TIMES"},
		{"([a:b=1] REPEATS 2 TIMES) REPEATS 3 TIMES", "([a:b = 1] REPEATS 2 TIMES) REPEATS 3 TIMES"},
		{"([a:b=1]) REPEATS 2 TIMES REPEATS 3 TIMES", "([a:b = 1] REPEATS 2 TIMES) REPEATS 3 TIMES"},
		{"[a:b=1] REPEATS 2 TIMES REPEATS 3 TIMES", "[a:b = 1] REPEATS 2 TIMES REPEATS 3 TIMES"},

		// Blanks and comments.
		{"/* one */ [a:b // two\n = /* three\n */ 1] // four", "[a:b = 1]"},
		{"\u00a0\u2003[\u3000a:b\u2028=\u20291\u0085]\u1680", "[a:b = 1]"},
		{"[a:b=1 AND a:b=2 OR a:b=3AND a:b=4]", "[a:b = 1 AND a:b = 2 OR a:b = 3 AND a:b = 4]"},
	} {
		p := mustParse(t, row.text)
		if got := p.String(); got != row.canonical {
			t.Errorf("%s\nis printed as\n%s\nand should be\n%s", row.text, got, row.canonical)
		}
		again := mustParse(t, row.canonical)
		if diff := cmp.Diff(p, again, sameButPlaces); diff != "" {
			t.Errorf("%s: printed and parsed again:\n%s", row.text, diff)
		}
	}
}

// TestRefused shows what is refused, with the place and what was expected there.
func TestRefused(t *testing.T) {
	for _, row := range []struct{ text, problem string }{
		{"", `line 1, column 1: expected [ or (, found the end`},
		{"a:b = 1", `line 1, column 1: expected [ or (, found "a"`},
		{"[a:b = 1", `line 1, column 9: expected AND, OR or ], found the end`},
		{"[a:b = 1]]", `line 1, column 10: expected AND, OR, FOLLOWEDBY, a qualifier or the end, found "]"`},
		{"([a:b = 1]", `line 1, column 11: expected ), found the end`},
		{"[(a:b = 1]", `line 1, column 10: expected AND, OR or ), found "]"`},
		{"[a:b = 1] and [a:b = 1]", `line 1, column 11: expected AND, OR, FOLLOWEDBY, a qualifier or the end, found "and"`},
		{"[a:b = 1 FOLLOWEDBY a:b = 2]", `line 1, column 10: expected AND, OR or ], found "FOLLOWEDBY"`},
		{"[a:b = ]", `line 1, column 8: expected a constant: a string in apostrophes, a number, true, false, t'…', b'…' or h'…', found "]"`},
		{"[a:b = x]", `line 1, column 8: expected a constant: a string in apostrophes, a number, true, false, t'…', b'…' or h'…', found "x"`},
		{"[a:b = null]", `line 1, column 8: expected a constant: a string in apostrophes, a number, true, false, t'…', b'…' or h'…', found "null"`},
		{"[a:b < true]", `line 1, column 8: expected a constant that has an order: a string in apostrophes, a number, t'…', b'…' or h'…', found "true"`},
		{"[a:b LIKE 5]", `line 1, column 11: expected a string in apostrophes, found "5"`},
		{"[a:b MATCHES h'00']", `line 1, column 14: expected a string in apostrophes, found "h'00'"`},
		{"[a:b ~ 1]", `line 1, column 6: "~" is no sign of the language`},
		{"[a:b =! 1]", `line 1, column 7: "!" is no sign of the language`},
		{"[a:b 1]", `line 1, column 6: expected a comparison operator, found "1"`},
		{"[a:b NOT 1]", `line 1, column 10: expected a comparison operator, found "1"`},
		{"[a:b EXISTS]", `line 1, column 6: expected a comparison operator, found "EXISTS"`},
		{"[NOT a:b = 1]", `line 1, column 6: expected EXISTS, found "a"`},
		{"[EXISTS 'a']", `line 1, column 9: expected an object type, found "'a'"`},
		{"[a:b IN 1]", `line 1, column 9: expected (, found "1"`},
		{"[a:b IN (1,)]", `line 1, column 12: expected a constant: a string in apostrophes, a number, true, false, t'…', b'…' or h'…', found ")"`},
		{"[a:b IN (1 2)]", `line 1, column 12: expected , or ), found "2"`},
		{"[a.b = 1]", `line 1, column 3: expected :, found "."`},
		{"[a: = 1]", `line 1, column 5: expected the name of a property, found "="`},
		{"[a:b. = 1]", `line 1, column 7: expected the name of a property, found "="`},
		{"[a:b-c = 1]", `line 1, column 4: the name of a property with a hyphen must stand in apostrophes: 'b-c'`},
		{"[a:'' = 1]", `line 1, column 4: expected the name of a property, found "''"`},
		{"[a:IN = 1]", `line 1, column 4: expected the name of a property, found "IN"`},
		{"[LAST:b = 1]", `line 1, column 2: expected an object type, found "LAST"`},
		{"[a:b[x] = 1]", `line 1, column 6: expected a whole number or *, found "x"`},
		{"[a:b[1.5] = 1]", `line 1, column 6: expected a whole number or *, found "1.5"`},
		{"[a:b[1 = 1]", `line 1, column 8: expected ], found "="`},
		{"[a:b[4294967296] = 1]", `line 1, column 6: the index is too large`},
		{"[a:b = 'x]", `line 1, column 8: the string does not end: ' is missing`},
		{`[a:b = 'x\n']`, `line 1, column 10: after \ only ' or \ may follow in a string; a backslash itself is \\`},
		{"[a:b = 01]", `line 1, column 8: a whole number must not begin with 0`},
		{"[a:b = 9223372036854775808]", `line 1, column 8: the number is too large`},
		{"[a:b = 1" + strings.Repeat("0", 400) + ".0]", `line 1, column 8: the number is too large`},
		{"[a:b = 5.]", `line 1, column 9: expected AND, OR or ], found "."`},
		{"[a:b = h'f']", `line 1, column 8: a hex constant must have an even number of the digits 0-9 and a-f, not "h'f'"`},
		{"[a:b = h'0g']", `line 1, column 8: a hex constant must have an even number of the digits 0-9 and a-f, not "h'0g'"`},
		{"[a:b = b'====']", `line 1, column 8: a binary constant must be base64 with its padding, and not empty, not "b'===='"`},
		{"[a:b = b'ABI']", `line 1, column 8: a binary constant must be base64 with its padding, and not empty, not "b'ABI'"`},
		{"[a:b = b'']", `line 1, column 8: a binary constant must be base64 with its padding, and not empty, not "b''"`},
		{"[a:b = t'2026-13-01T00:00:00Z']", `line 1, column 8: a timestamp must be such as t'2026-03-01T09:30:00Z', not "t'2026-13-01T00:00:00Z'"`},
		{"[a:b = t'2026-03-01T00:00:61Z']", `line 1, column 8: a timestamp must be such as t'2026-03-01T09:30:00Z', not "t'2026-03-01T00:00:61Z'"`},
		{"[a:b = t'2026-03-01T00:00:00.Z']", `line 1, column 8: a timestamp must be such as t'2026-03-01T09:30:00Z', not "t'2026-03-01T00:00:00.Z'"`},
		{"[a:b = t'2026-03-01T00:00:00']", `line 1, column 8: a timestamp must be such as t'2026-03-01T09:30:00Z', not "t'2026-03-01T00:00:00'"`},
		{"[a:b = t'x", `line 1, column 8: the constant does not end: ' is missing`},
		{"[a:b = 1] WITHIN 5 MINUTES", `line 1, column 20: expected SECONDS, found "MINUTES"`},
		{"[a:b = 1] WITHIN -5 SECONDS", `line 1, column 18: expected a number of seconds, not negative, found "-5"`},
		{"[a:b = 1] REPEATS 1.5 TIMES", `line 1, column 19: expected a whole number to 2147483647, not negative, found "1.5"`},
		{"[a:b = 1] REPEATS 4294967296 TIMES", `line 1, column 19: expected a whole number to 2147483647, not negative, found "4294967296"`},
		{"[a:b = 1] START t'2026-03-01T00:00:00Z'", `line 1, column 40: expected STOP, found the end`},
		{"[a:b = 1] START '2026-03-01T00:00:00Z' STOP '2026-03-02T00:00:00Z'", `line 1, column 17: expected a timestamp such as t'2026-03-01T09:30:00Z', found "'2026-03-01T00:00:00Z'"`},
		{"[a:b = 1] /* no end", `line 1, column 11: the comment does not end: */ is missing`},
		{"[a:b = 'ok'\n AND ü:b = 1]", `line 2, column 6: "ü" is no sign of the language`},
		{"[a:b = 'ü' AND\r\n\ta:b = =]", `line 2, column 8: expected a constant: a string in apostrophes, a number, true, false, t'…', b'…' or h'…', found "="`},
		{"[a:b = '\xff']", `line 1, column 9: the text is not UTF-8`},
	} {
		_, err := pattern.Parse(row.text, pattern.Options{})
		if err == nil || err.Error() != "stix pattern: "+row.problem {
			t.Errorf("%s\nis refused with\n%v\nand should be with\n%s", row.text, err, row.problem)
		}
		var fault *pattern.Fault
		if !errors.As(err, &fault) || fault.Rule != pattern.RuleSyntax {
			t.Errorf("%s: %v is no fault of syntax", row.text, err)
		}
	}
}

func TestOffsetsAreBytes(t *testing.T) {
	_, err := pattern.Parse("[a:b = 'ü' AND ]", pattern.Options{})
	var fault *pattern.Fault
	if !errors.As(err, &fault) || fault.Offset != 16 || fault.Column != 16 {
		t.Errorf("got %+v", fault)
	}
}

func TestSTIX20(t *testing.T) {
	const old = "[a:b = 1] START '2026-03-01T00:00:00Z' STOP '2026-03-02T00:00:00Z'"
	p, err := pattern.Parse(old, pattern.Options{STIX20: true})
	if err != nil {
		t.Fatal(err)
	}
	const want = "[a:b = 1] START t'2026-03-01T00:00:00Z' STOP t'2026-03-02T00:00:00Z'"
	if p.String() != want {
		t.Errorf("got %s", p)
	}
	if _, err := pattern.Parse(want, pattern.Options{STIX20: true}); err != nil {
		t.Errorf("timestamps are refused: %v", err)
	}
	if _, err := pattern.Parse(strings.ReplaceAll(old, "T0", " 0"), pattern.Options{STIX20: true}); err == nil {
		t.Error("a string that is no timestamp is accepted")
	}
}

func TestLimits(t *testing.T) {
	deep := strings.Repeat("(", 50) + "[" + strings.Repeat("(", 50) + "a:b = 1" + strings.Repeat(")", 50) + "]" + strings.Repeat(")", 50)
	for _, row := range []struct {
		name    string
		text    string
		options pattern.Options
	}{
		{"bytes", "[a:b = 1]", pattern.Options{Bytes: 8}},
		{"tokens", "[a:b = 1]", pattern.Options{Tokens: 6}},
		{"depth", deep, pattern.Options{}},
		{"default bytes", "[a:b = '" + strings.Repeat("x", 1<<20) + "']", pattern.Options{}},
		{"default tokens", "[a:b IN (1" + strings.Repeat(",1", 100_000) + ")]", pattern.Options{}},
	} {
		if _, err := pattern.Parse(row.text, row.options); !errors.Is(err, pattern.ErrLimit) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	if _, err := pattern.Parse(deep, pattern.Options{Depth: 101}); err != nil {
		t.Errorf("a limit that was raised: %v", err)
	}
	if _, err := pattern.Parse("[a:b = 1]", pattern.Options{Bytes: 9, Tokens: 8, Depth: 1}); err != nil {
		t.Errorf("a pattern just within its limits: %v", err)
	}
}

// TestWalk shows what a converter gets to see.
func TestWalk(t *testing.T) {
	p := mustParse(t, "([ipv4-addr:value = '192.0.2.1' OR domain-name:value IN ('a.example', 'b.example')] AND [EXISTS file:hashes.MD5]) WITHIN 5 SECONDS")
	var got []string
	for c := range p.Comparisons() {
		line := c.Path.Type + " " + c.Path.Steps[0].Key + " " + c.Operator.String()
		for _, constant := range c.Constants {
			line += " " + string(constant.(pattern.String))
		}
		got = append(got, line)
	}
	want := []string{"ipv4-addr value = 192.0.2.1", "domain-name value IN a.example b.example", "file hashes EXISTS"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	n := 0
	for range p.Singles() {
		n++
	}
	for range p.Comparisons() {
		break // leaving early is allowed
	}
	if n != 2 {
		t.Errorf("%d single observation expressions", n)
	}
}
