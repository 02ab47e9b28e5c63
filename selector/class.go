package selector

import "unicode/utf8"

// What a byte may be part of, as bits. One table look-up a byte decides whether
// anything at all is looked for there.
const (
	classDigit = 1 << iota // 0-9
	classHex               // 0-9 a-f A-F
	classWord              // letters, digits, underscore
	classHost              // letters, digits, hyphen, underscore
	classLocal             // the local part of an e-mail address, RFC 5322 atext and dot
	classURL               // printable ASCII that a URL in prose goes on with
	classApart             // what may stand between the digits of a phone number
	classHigh              // not ASCII
)

// classes and triggers are tables of constants, computed once and never written.
var (
	classes  = classTable()
	triggers = triggerTable()
)

func classTable() (t [256]uint16) {
	set := func(bits uint16, chars string) {
		for i := range len(chars) {
			t[chars[i]] |= bits
		}
	}
	const lower, upper, digits = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
	set(classWord|classHost|classLocal|classURL, lower+upper+digits)
	set(classHex, "abcdefABCDEF"+digits)
	set(classDigit, digits)
	set(classWord|classHost, "_")
	set(classHost, "-")
	set(classLocal, "!#$%&'*+-/=?^_`{|}~.")
	set(classApart, " -./()")
	set(classURL, "-._~:/?#[]@!$&'()*+,;=%")
	for c := utf8.RuneSelf; c < len(t); c++ {
		t[c] |= classHigh
	}
	return t
}

// trigger says which reader a byte wakes.
type trigger uint8

const (
	triggerNone trigger = iota
	triggerDigit
	triggerScript // the first byte of a digit of another script, and of many letters
	triggerAt
	triggerColon
	triggerDot
	triggerBracket
)

func triggerTable() (t [256]trigger) {
	for c := '0'; c <= '9'; c++ {
		t[c] = triggerDigit
	}
	t[0xd9], t[0xdb], t[0xe0], t[0xef] = triggerScript, triggerScript, triggerScript, triggerScript
	t['@'], t[':'], t['.'] = triggerAt, triggerColon, triggerDot
	t['['], t['('], t['{'] = triggerBracket, triggerBracket, triggerBracket
	return t
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// wordAt reports whether an ASCII letter, digit or underscore stands at i.
func wordAt(text string, i int) bool {
	return i < len(text) && classes[text[i]]&classWord != 0
}

// wordBefore reports whether one ends at i.
func wordBefore(text string, i int) bool {
	return i > 0 && classes[text[i-1]]&classWord != 0
}
