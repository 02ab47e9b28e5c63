package pattern_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/stix/pattern"
)

// seeds are patterns of every kind, for the fuzzers to begin with.
func seeds() []string {
	return []string{
		"[ipv4-addr:value = '198.51.100.1/32' OR ipv6-addr:value ISSUBSET '2001:db8::/32']",
		"([file:hashes.'SHA-256' = 'x'] AND [EXISTS windows-registry-key:values]) WITHIN 120 SECONDS",
		"[a:b[*].c_ref.d NOT IN (1, 2.5, -.5)] REPEATS 5 TIMES START t'2026-03-01T00:00:00Z' STOP t'2026-03-02T00:00:00.5Z'",
		"[a:b LIKE 'x%_' OR a:b_hex MATCHES '\\\\bx(?i:y)[^\\\\W]$'] FOLLOWEDBY [a:b != h'00ff' AND a:b >= b'ABI=' OR (a:b = true)]",
		"/* one */ [a:'it\\'s' == t'2016-12-31T23:59:60Z'] // two\n OR ([a:b<>1] REPEATS 2 TIMES) REPEATS 3 TIMES",
		"([x:k = 'a'] FOLLOWEDBY [x:k = 'b']) WITHIN 3 SECONDS REPEATS 2 TIMES",
		"[NOT EXISTS a:b] AND ([a:b = 1] OR [a:c = 2] AND [a:d = 3])",
	}
}

// FuzzParse reads whatever comes: what is read prints, and the print is read as the same.
func FuzzParse(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := pattern.Parse(text, pattern.Options{STIX20: true})
		if err != nil {
			var fault *pattern.Fault
			if !errors.As(err, &fault) || fault.Offset < 0 || fault.Offset > len(text) || fault.Line < 1 || fault.Column < 1 {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		printed := p.String()
		again, err := pattern.Parse(printed, pattern.Options{Bytes: 1 << 30})
		if err != nil {
			t.Fatalf("%q is printed as %q: %v", text, printed, err)
		}
		if diff := cmp.Diff(p, again, sameButPlaces); diff != "" {
			t.Fatalf("%q is printed as %q: %s", text, printed, diff)
		}
		for _, fault := range p.Check() {
			if fault.Offset < 0 || fault.Offset > len(text) || fault.Problem == "" {
				t.Fatalf("%q: %#v", text, fault)
			}
		}
		_, _ = pattern.Compile(p, pattern.MatchOptions{})
	})
}

// FuzzMatch matches any pattern with any objects. There is an end, and what is bound is there.
func FuzzMatch(f *testing.F) {
	data, err := os.ReadFile("testdata/observed.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range seeds() {
		f.Add(s, data)
	}
	f.Fuzz(func(t *testing.T, text string, data []byte) {
		var objects []pattern.Object
		if json.Unmarshal(data, &objects) != nil {
			return
		}
		p, err := pattern.Parse(text, pattern.Options{Bytes: 4096})
		if err != nil {
			return
		}
		m, err := pattern.Compile(p, pattern.MatchOptions{Steps: 200_000})
		if err != nil {
			return
		}
		observations, err := pattern.Observe(objects)
		if err != nil {
			return
		}
		result, err := m.Match(observations)
		if err != nil && !errors.Is(err, pattern.ErrLimit) {
			t.Fatal(err)
		}
		used := map[int]int{}
		for _, b := range result.Bindings {
			if used[b.Observation] += b.Times; used[b.Observation] > observations[b.Observation].Number {
				t.Fatalf("%q binds more than there is: %+v", text, result.Bindings)
			}
		}
		if result.Matched != (len(result.Bindings) > 0) {
			t.Fatalf("%q: %+v", text, result)
		}
	})
}
