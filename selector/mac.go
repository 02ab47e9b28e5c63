package selector

import (
	"errors"
	"strings"
)

const macDigits = 12

var errMAC = errors.New("a MAC address is six bytes in hexadecimal digits, as in 00:00:5e:00:53:01")

// normalMAC reads six bytes with colons, hyphens or, in threes, dots, or with
// nothing between them.
func normalMAC(raw string) (string, error) {
	digits, ok := macOf(raw)
	if !ok {
		return "", errMAC
	}
	if oneDigit(digits) {
		return "", errors.New("it is the address of no device")
	}
	b := make([]byte, 0, 17)
	for i := 0; i < macDigits; i += 2 {
		if i > 0 {
			b = append(b, ':')
		}
		b = append(b, digits[i:i+2]...)
	}
	return string(b), nil
}

// macOf gives the digits of an address whose separators stand where they belong,
// and are all the same.
func macOf(raw string) (string, bool) {
	every := 2 // digits in a group
	switch len(raw) {
	case macDigits:
		every = macDigits
	case 14:
		every = 4
	case 17:
	default:
		return "", false
	}
	var digits [macDigits]byte
	n := 0
	for i := range len(raw) {
		c := raw[i]
		switch {
		case i%(every+1) == every:
			if every == 4 && c != '.' || every == 2 && c != ':' && c != '-' || c != raw[every] {
				return "", false
			}
		case classes[c]&classHex == 0:
			return "", false
		default:
			if isUpper(c) {
				c |= 0x20
			}
			digits[n] = c
			n++
		}
	}
	s := string(digits[:])
	return s, every != macDigits || !isDecimal(s)
}

// findMAC reads an address of six bytes at start with the separator given, and
// gives its end, or 0. More bytes in a row are a fingerprint.
func (f *Finder) findMAC(text string, start int, separator byte) int {
	end := start + 17
	if end > len(text) || start > 0 && (text[start-1] == separator || wordBefore(text, start)) {
		return 0
	}
	if text[start+5] != separator {
		return 0
	}
	if _, ok := macOf(text[start:end]); !ok {
		return 0
	}
	value, err := normalMAC(text[start:end])
	if err != nil || wordAt(text, end) || end < len(text) && text[end] == separator {
		return 0
	}
	sure := High
	if !strings.ContainsAny(value, "abcdef") && f.label(text, start) != labelMAC {
		if separator == '-' {
			return 0 // figures with hyphens are dates and lottery numbers
		}
		sure = Low
	}
	f.add(text, MAC, start, end, value, sure)
	return end
}

// macToken reads 00-00-5E-00-53-01, a long word of the token reader.
func (f *Finder) macToken(text string, start, end int) bool {
	return end-start == 17 && text[start+2] == '-' && f.findMAC(text, start, '-') > 0
}

// findDottedMAC reads 0000.5e00.5301 at start, and gives its end, or 0.
func (f *Finder) findDottedMAC(text string, start int) int {
	end := start + 14
	if end > len(text) || text[start+4] != '.' || text[start+9] != '.' || wordAt(text, end) ||
		start > 0 && (wordBefore(text, start) || text[start-1] == '.') || end < len(text) && text[end] == '.' && wordAt(text, end+1) {
		return 0
	}
	value, err := normalMAC(text[start:end])
	if err != nil || isDecimal(strings.ReplaceAll(text[start:end], ".", "")) && f.label(text, start) != labelMAC {
		return 0
	}
	f.add(text, MAC, start, end, value, High)
	return end
}
