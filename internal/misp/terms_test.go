package misp

import (
	"strings"
	"testing"
)

// TestComparisons shows which patterns are taken apart, and their terms.
func TestComparisons(t *testing.T) {
	for text, want := range map[string]string{
		"[domain-name:value = 'example.com']":                                                       "domain-name value example.com",
		`[file:name = 'it\'s' AND file:hashes.'SHA-256' = 'ab' AND (file:size = 7)]`:                "file name it's; file hashes.SHA-256 ab; file size 7",
		"[domain-name:value = 'a.example' AND domain-name:resolves_to_refs[*].value = '192.0.2.1']": "domain-name value a.example; domain-name resolves_to_refs[0] 192.0.2.1",
		"[network-traffic:src_ref.value = '192.0.2.1'] // seen often":                               "network-traffic src_ref 192.0.2.1",
		"[a:b = 1 AND c:d = 2]":              "",
		"[a:b IN (1)]":                       "a b 1",
		"[a:b IN (1, 'x')]":                  "any: a b 1; a b x",
		"[a:b = 1 OR c:d IN (2, 3)]":         "any: a b 1; c d 2; c d 3",
		"[file:hashes.md5 = 'x']":            "file hashes.MD5 x",
		"[a:b IN (1, 2) AND a:c = 3]":        "",
		"[a:b IN ()]":                        "",
		"[a:'b.c' = 1]":                      "",
		"[a:b = 1.5]":                        "",
		"[a:b != 1]":                         "",
		"[a:b NOT = 1]":                      "",
		"[a:b[1] = 1]":                       "",
		"[a:b = 1 AND (a:c = 2 OR a:d = 3)]": "",
		"[a:b = 1] AND [a:c = 2]":            "",
		"[a:b = 1] WITHIN 5 SECONDS":         "",
		"[a:b = 1":                           "",
		"[a:b = 1" + strings.Repeat(" AND a:b = 1", 1000) + "]": "",
	} {
		terms, all, ok := comparisons(text)
		var got []string
		for _, c := range terms {
			got = append(got, c.typ+" "+c.path+" "+c.value)
		}
		joined := strings.Join(got, "; ")
		if ok && !all {
			joined = "any: " + joined
		}
		if joined != want && (ok || want != "") {
			t.Errorf("%.80s: %q, %v", text, joined, ok)
		}
	}
}
