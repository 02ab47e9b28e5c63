package selector

import (
	"errors"
	"fmt"
	"strings"
)

// Lengths of hashes in hexadecimal digits.
const (
	lengthMD5    = 32
	lengthSHA1   = 40
	lengthSHA256 = 64
	lengthSHA512 = 128
)

func normalMD5(raw string) (string, error)    { return normalHash(raw, "MD5", lengthMD5) }
func normalSHA1(raw string) (string, error)   { return normalHash(raw, "SHA-1", lengthSHA1) }
func normalSHA256(raw string) (string, error) { return normalHash(raw, "SHA-256", lengthSHA256) }
func normalSHA512(raw string) (string, error) { return normalHash(raw, "SHA-512", lengthSHA512) }

func normalHash(raw, name string, length int) (string, error) {
	raw = strings.ToLower(raw)
	raw = strings.TrimPrefix(raw, strings.ReplaceAll(strings.ToLower(name), "-", "")+":")
	if len(raw) != length {
		return "", fmt.Errorf("a %s hash is %d hexadecimal digits", name, length)
	}
	if !isHex(raw) {
		return "", fmt.Errorf("a %s hash holds only the digits 0-9 and a-f", name)
	}
	return raw, nil
}

func isHex(s string) bool {
	for i := range len(s) {
		if classes[s[i]]&classHex == 0 {
			return false
		}
	}
	return true
}

// hexToken takes a word of hexadecimal digits for the hash of its length. A word
// of 40 may be a PGP fingerprint as well: what stands before it tells.
func (f *Finder) hexToken(text string, start, end int) {
	kind := Kind("")
	switch end - start {
	case lengthMD5:
		kind = MD5
	case lengthSHA1:
		kind = SHA1
	case lengthSHA256:
		kind = SHA256
	case lengthSHA512:
		kind = SHA512
	default:
		return
	}
	raw := text[start:end]
	if monotone(raw) || isDecimal(raw) || kind != SHA256 && mixedCase(raw) {
		return
	}
	sure := Moderate
	switch label := f.label(text, start); {
	case label == labelPGP && (kind == SHA1 || kind == SHA256):
		kind, sure = PGP, High
	case label == labelHash:
		sure = High
	}
	f.add(text, kind, start, end, strings.ToLower(raw), sure)
}

// monotone: fewer than five different digits make a filler, not a hash.
func monotone(s string) bool {
	var seen [256]bool
	count := 0
	for i := range len(s) {
		if !seen[s[i]] {
			seen[s[i]] = true
			count++
		}
	}
	return count < 5
}

func isDecimal(s string) bool {
	for i := range len(s) {
		if classes[s[i]]&classDigit == 0 {
			return false
		}
	}
	return s != ""
}

// mixedCase: programs write a hash in small letters or in capitals, never in both.
func mixedCase(s string) bool {
	lower, upper := false, false
	for i := range len(s) {
		lower = lower || 'a' <= s[i] && s[i] <= 'z'
		upper = upper || isUpper(s[i])
	}
	return lower && upper
}

var errPGP = errors.New("a PGP fingerprint is 40 or 64 hexadecimal digits")

// normalPGP reads a fingerprint of version 4 (RFC 9580 section 5.5.4.2) or 6, in
// one word or in groups.
func normalPGP(raw string) (string, error) {
	raw, _ = cutFold(raw, "openpgp4fpr:")
	raw = strings.ToLower(strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == ':' {
			return -1
		}
		return r
	}, raw))
	raw = strings.TrimPrefix(raw, "0x")
	if len(raw) != lengthSHA1 && len(raw) != lengthSHA256 || !isHex(raw) {
		return "", errPGP
	}
	return raw, nil
}

// pgpGroups is how many groups of four digits a fingerprint of version 4 has.
const pgpGroups = 10

// findPGP reads ten groups of four hexadecimal digits with two spaces in the middle
// or one, of which a digit at i is part. It gives the end, or 0.
func (f *Finder) findPGP(text string, i int) int {
	start := i
	for start > 0 && i-start < 4 && classes[text[start-1]]&classHex != 0 {
		start--
	}
	if start+10 > len(text) || text[start+4] != ' ' || !hexGroup(text, start) || !hexGroup(text, groupAfter(text, start)) {
		return 0
	}
	for n := 0; n < pgpGroups && start >= 5 && text[start-1] == ' '; n++ { // a group without a digit began it
		before := start - 5
		if text[start-2] == ' ' {
			before--
		}
		if !hexGroup(text, before) {
			break
		}
		start = before
	}
	at := start
	for n := range pgpGroups {
		if n > 0 {
			at = groupAfter(text, at)
		}
		if !hexGroup(text, at) {
			return 0
		}
	}
	end := at + 4
	if wordBefore(text, start) || mixedCase(text[start:end]) || hexGroup(text, groupAfter(text, at)) {
		return 0
	}
	value, err := normalPGP(text[start:end])
	if err != nil || monotone(value) || isDecimal(value) {
		return 0
	}
	f.add(text, PGP, start, end, value, High)
	return end
}

// groupAfter gives where the group after the one at i begins.
func groupAfter(text string, i int) int { return skipSpaces(text, i+4, 2) }

// hexGroup: a word of four hexadecimal digits.
func hexGroup(text string, i int) bool {
	return i >= 0 && i+4 <= len(text) && isHex(text[i:i+4]) && !wordAt(text, i+4) && !wordBefore(text, i)
}
