package pattern_test

import (
	"strings"
	"testing"

	"parley/stix/pattern"
)

// TestCheck shows what the grammar lets pass and the standard does not.
func TestCheck(t *testing.T) {
	const md5, sha256 = "d41d8cd98f00b204e9800998ecf8427e", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	for _, row := range []struct{ text, faults string }{
		{"[a:b = 1 AND a:c = 2] OR [b:c = 3]", ""},
		{"[a:b = 1 OR b:c = 2]", ""},
		{"[(a:b = 1 OR b:c = 2) AND b:d = 3]", ""},
		{"[a:b = 1 AND b:c = 2]", `types 14 AND asks for one object that is both "a" and "b"; join different types by OR, or in brackets of their own`},
		{"[(a:b = 1 OR b:c = 2) AND c:d = 3]", `types 27 AND asks for one object that is both "a or b" and "c"; join different types by OR, or in brackets of their own`},
		{"[a:b = 1 AND (a:c = 1 OR b:c = 2) AND c:d = 3 AND d:e = 4]", `types 39 AND asks for one object that is both "a" and "c"; join different types by OR, or in brackets of their own`},

		{"[a:b = 1] WITHIN 5 SECONDS REPEATS 2 TIMES", ""},
		{"([a:b = 1] REPEATS 2 TIMES) REPEATS 2 TIMES", ""},
		{"([a:b = 1]) WITHIN 5 SECONDS WITHIN 6 SECONDS", ""},
		{"[a:b = 1] WITHIN 5 SECONDS WITHIN 6 SECONDS", "qualifiers 11 WITHIN stands twice on one expression; put the first into parentheses with it"},
		{"[a:b = 1] REPEATS 0 TIMES WITHIN .0 SECONDS", "positive 11 REPEATS must have at least 1 time; positive 11 WITHIN must have more than 0 seconds"},
		{"[a:b = 1] START t'2026-03-02T00:00:00Z' STOP t'2026-03-02T00:00:00.0Z'", "order 11 STOP must be after START, or nothing can match"},
		{"[a:b = 1] START t'2026-02-29T00:00:00Z' STOP t'2026-03-02T00:00:00Z'", "timestamp 11 START is 2026-02-29T00:00:00Z, and there is no such moment"},
		{"[a:b = 1] START t'2026-02-28T00:00:00Z' STOP t'2026-03-02T00:00:60Z'", "timestamp 11 STOP is 2026-03-02T00:00:60Z, and there is no such moment"},

		{"[a:b = t'2024-02-29T23:59:60Z']", ""},
		{"[a:b = t'2026-02-29T00:00:00Z']", "timestamp 2 there is no such moment as 2026-02-29T00:00:00Z"},
		{"[a:b = 9007199254740991 OR a:b = -9007199254740991]", ""},
		{"[a:b = 9007199254740992]", "range 2 a whole number must be from -9007199254740991 to 9007199254740991, not 9007199254740992"},
		{"[a:b IN (1, 2.5) OR a:b IN (h'00', b'AA==')]", ""},
		{"[a:b IN ('1', 2)]", "set 2 the constants of a set must be of one type"},
		{"[a:b IN (true, 1)]", "set 2 the constants of a set must be of one type"},
		{"[a:b IN ('x', h'00')]", "set 2 the constants of a set must be of one type"},
		{"[a:b[0] = 1 OR a:b[*] = 2]", ""},
		{"[a:b[-1] = 1]", "index 2 the list index -1 is negative"},

		{"[a:b ISSUBSET '192.0.2.0/24' OR a:b ISSUPERSET '2001:db8::1']", ""},
		{"[a:b ISSUBSET '192.0.2.0/33']", `network 2 "192.0.2.0/33" is no address and no network of IPv4 or IPv6`},
		{"[a:b ISSUPERSET 'fe80::1%eth0']", `network 2 "fe80::1%eth0" is no address and no network of IPv4 or IPv6`},
		{`[a:b MATCHES '(?<=a)b\\1(?R)']`, ""}, // PCRE has it, so it is no fault of the pattern
		{`[a:b MATCHES 'a{2000}' OR a:b MATCHES '\\p{Xan}']`, ""},
		{"[a:b MATCHES '[z-a]']", `expression 2 "[z-a]" is no regular expression: invalid character class range`},
		{"[a:b MATCHES 'a)']", `expression 2 "a)" is no regular expression: unexpected )`},

		{"[file:hashes.MD5 = '" + md5 + "' OR file:hashes.'SHA-256' = '" + sha256 + "']", ""},
		{"[file:hashes.'SHA-256' LIKE 'e3b0%' OR file:hashes.SSDEEP = 'x']", ""},
		{"[file:hashes.sha256 = '" + strings.ToUpper(sha256) + "']", ""},
		{"[file:hashes.'SHA-256' = '" + md5 + "']", `hash 2 "` + md5 + `" is no SHA-256 hash`},
		{"[file:hashes.MD5 IN ('x', '" + md5 + "', 'y')]", `hash 2 "x" is no MD5 hash; hash 2 "y" is no MD5 hash`},
		{"[file:hashes.MD5 = 5]", `hash 2 "5" is no MD5 hash`},
	} {
		var got []string
		for _, f := range mustParse(t, row.text).Check() {
			if f.Line != 1 || f.Offset+1 != f.Column {
				t.Errorf("%s: line %d, column %d, byte %d", row.text, f.Line, f.Column, f.Offset)
			}
			got = append(got, string(f.Rule)+" "+strings.TrimPrefix(f.Place(), "line 1, column ")+" "+f.Problem)
		}
		if joined := strings.Join(got, "; "); joined != row.faults {
			t.Errorf("%s\nhas the faults\n%s\nand should have\n%s", row.text, joined, row.faults)
		}
	}
}

func TestCheckListsNoMoreThanAHundredFaults(t *testing.T) {
	text := "[a:b IN ('" + strings.Repeat("x', 1) OR a:b IN ('", 200) + "x')]"
	if n := len(mustParse(t, text).Check()); n != 100 {
		t.Errorf("%d faults", n)
	}
}

// TestFaultsOfBuiltPatterns have no place.
func TestFaultsOfBuiltPatterns(t *testing.T) {
	p := &pattern.Pattern{Root: &pattern.Qualified{
		Operand:    mustParse(t, "[a:b = 1]").Root,
		Qualifiers: []pattern.Qualifier{pattern.Within{}},
	}}
	faults := p.Check()
	if len(faults) != 1 || faults[0].Error() != "stix pattern: WITHIN must have more than 0 seconds" {
		t.Errorf("got %v", faults)
	}
}
