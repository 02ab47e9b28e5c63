package stix_test

import (
	"strconv"
	"strings"
	"testing"

	"parley/stix"
	"parley/stix/stixtest"
)

// TestIndicatorPatterns says which patterns a strict check lets pass.
func TestIndicatorPatterns(t *testing.T) {
	good := stixtest.Examples()["indicator"]
	const old = "[a:b = 1] START '2026-03-01T00:00:00Z' STOP '2026-03-02T00:00:00Z'"
	for _, row := range []struct{ language, version, pattern, fault string }{
		{"stix", "2.1", "[url:value = 'x'] REPEATS 2 TIMES", ""},
		{"stix", "", "[file:size > 1]", ""},
		{"stix", "2.0", old, ""},
		{"stix", "2.1", old, "pattern: is no STIX pattern: line 1, column 17: expected a timestamp such as t'2026-03-01T09:30:00Z', found \"'2026-03-01T00:00:00Z'\""},
		{"stix", "2.1", "[url:value = x]", "pattern: is no STIX pattern: line 1, column 14: expected a constant: a string in apostrophes, a number, true, false, t'…', b'…' or h'…', found \"x\""},
		{"stix", "2.1", "[a:b = 1 AND\n c:d = 1]", `pattern: is a faulty STIX pattern: line 2, column 2: AND asks for one object that is both "a" and "c"; join different types by OR, or in brackets of their own`},
		{"stix", "2.1", `[a:b MATCHES '(?=a)']`, ""}, // PCRE has it
		{"stix", "2.1", "[a:b = 1] START t'2026-03-02T00:00:00Z' STOP t'2026-03-01T00:00:00Z'", ""},
		{"sigma", "2.1", "title: x", ""},
	} {
		data := changed(t, good, "pattern", strconv.Quote(row.pattern))
		data = changed(t, data, "pattern_type", strconv.Quote(row.language))
		version := ""
		if row.version != "" {
			version = strconv.Quote(row.version)
		}
		data = changed(t, data, "pattern_version", version)
		if got := strings.Join(faultsOf(data, stix.Strict), "; "); got != row.fault {
			t.Errorf("%s: %s\nshould be %s", row.pattern, got, row.fault)
		}
		if got := faultsOf(data, stix.Lenient); got != nil {
			t.Errorf("%s, lenient: %v", row.pattern, got)
		}
	}
}
