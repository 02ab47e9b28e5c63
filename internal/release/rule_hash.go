package release

import (
	"regexp"
	"strings"
)

// ruleHash finds hashes. A hash of a seized file says which device was seized, to anybody who holds
// the same file. SHA-256 is the one hash that can be cleared as a selector; the cleared ones are
// blanked before this rule looks.
func ruleHash(l *leaf, _ *secrets) []Finding {
	if figuresOf(l.rest) < fewFigures && !strings.Contains(l.rest, "=") {
		return nil
	}
	var found []string
	for _, run := range hexRun.FindAllString(l.rest, -1) {
		if hashLength(len(strings.Map(keepHex, run))) {
			found = append(found, run)
		}
	}
	if l.rest != "" && padded(l.text) {
		found = append(found, base64Hash.FindAllString(l.text, -1)...)
	}
	if l.rest != "" && (strings.Contains(l.text, ":") || strings.Contains(l.text, "T1")) {
		found = append(found, fuzzyHash.FindAllString(l.text, -1)...)
	}
	var findings []Finding
	for _, hash := range unique(found) {
		findings = append(findings, Finding{
			Excerpt: mask(hash), Blocking: true,
			Reason: "It has the form of a hash. Whoever holds the same file learns which evidence this came from.",
			Fix:    "Take it out, or clear its SHA-256 as a selector.",
		})
	}
	return findings
}

// fewFigures are fewer than any hash has, but for one in more than ten millions.
const fewFigures = 4

var (
	hexRun     = regexp.MustCompile(`\b[0-9a-f](?:[ :-]?[0-9a-f]){31,}\b`)
	base64Hash = regexp.MustCompile(`\b[A-Za-z0-9+/_-]{43}=|\b[A-Za-z0-9+/]{27}=|\b[A-Za-z0-9+/_-]{22}==`)
	fuzzyHash  = regexp.MustCompile(`\b\d{1,7}:[A-Za-z0-9+/]{6,}:[A-Za-z0-9+/]{6,}|\bT1[0-9A-F]{70}\b`)
)

// padded says whether a sign of base64 stands right before an equals sign.
func padded(text string) bool {
	for at := strings.IndexByte(text, '='); at >= 0 && at < len(text); at++ {
		if text[at] == '=' && at > 0 && !notBase64(rune(text[at-1])) {
			return true
		}
	}
	return false
}

// hashLength says whether n hexadecimal digits are an MD5 (or perceptual hash of 128 bits), SHA-1,
// SHA-224, SHA-256 (or PDQ), SHA-384 or SHA-512.
func hashLength(n int) bool {
	switch n {
	case 32, 40, 56, 64, 96, 128:
		return true
	}
	return false
}

func keepHex(r rune) rune {
	if r < 0x80 && isHex(byte(r)) {
		return r
	}
	return -1
}
