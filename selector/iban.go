package selector

import (
	"errors"
	"fmt"
	"strings"
)

const maxIBAN = 34 // characters, ISO 13616

// normalIBAN reads an account number as ISO 13616 and the registry of SWIFT have
// it: the country's length and form, and the check digits of ISO 7064 (mod 97).
func normalIBAN(raw string) (string, error) {
	raw, _ = cutFold(raw, "iban")
	raw = strings.TrimLeft(raw, ": ")
	value := strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '-' {
			return -1
		}
		return r
	}, raw))
	if len(value) < 15 || len(value) > maxIBAN {
		return "", errors.New("an IBAN has 15 to 34 characters")
	}
	form, known := ibanForms[value[:2]]
	if !known {
		return "", fmt.Errorf("%q is no country with IBANs", value[:2])
	}
	if !form.fits(value[4:]) {
		return "", fmt.Errorf("an IBAN of %s has another length or form", value[:2])
	}
	if !checkIBAN(value) {
		return "", errChecksum
	}
	return value, nil
}

// checkIBAN: with its first four characters at the end, and letters as 10 to 35,
// the number leaves 1 when divided by 97.
func checkIBAN(value string) bool {
	rest := 0
	for i := range len(value) {
		switch c := value[(i+4)%len(value)]; {
		case '0' <= c && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		case isUpper(c):
			rest = (rest*100 + int(c-'A') + 10) % 97
		default:
			return false
		}
	}
	digits := value[2:4]
	return rest == 1 && isDecimal(digits) && digits > "01" && digits < "99"
}

// bban is the form of what follows the check digits: pairs of a length and what
// stands there, n for digits, a for capitals, c for both.
type bban string

func (b bban) fits(s string) bool {
	for len(b) > 0 {
		size := 0
		for b[0] >= '0' && b[0] <= '9' {
			size = size*10 + int(b[0]-'0')
			b = b[1:]
		}
		if len(s) < size {
			return false
		}
		for i := range size {
			digit := classes[s[i]]&classDigit != 0
			if !digit && !isUpper(s[i]) || b[0] == 'n' && !digit || b[0] == 'a' && digit {
				return false
			}
		}
		s, b = s[size:], b[1:]
	}
	return s == ""
}

// findIBAN reads the account number whose first check digit is at i, in one word
// or in groups of four, and gives its end, or 0.
func (f *Finder) findIBAN(text string, i int) int {
	start := i - 2
	if start < 0 || !isUpper(text[i-1]&^0x20) || !isUpper(text[start]&^0x20) || wordBefore(text, start) || i+1 >= len(text) || classes[text[i+1]]&classDigit == 0 {
		return 0
	}
	form, known := ibanForms[strings.ToUpper(text[start:i])]
	if !known {
		return 0
	}
	size := 4 + form.size()
	count, at := 0, start
	for at < len(text) && count < size {
		switch c := text[at]; {
		case classes[c]&classWord != 0 && c != '_':
			count++
			at++
		case (c == ' ' || c == '-') && count%4 == 0 && at+1 < len(text) && wordAt(text, at+1):
			at++
		case c == 0xc2 && at+1 < len(text) && text[at+1] == 0xa0 && count%4 == 0:
			at += 2
		default:
			return 0
		}
	}
	if count < size || wordAt(text, at) {
		return 0
	}
	value, err := normalIBAN(text[start:at])
	if err != nil || mixedCase(text[start:at]) {
		return 0
	}
	f.add(text, IBAN, start, at, value, High)
	return at
}

func (b bban) size() (total int) {
	size := 0
	for i := range len(b) {
		if b[i] >= '0' && b[i] <= '9' {
			size = size*10 + int(b[i]-'0')
			continue
		}
		total, size = total+size, 0
	}
	return total
}
