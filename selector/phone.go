package selector

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

const (
	minDigits = 7  // of a number in prose; shorter ones are years, prices and rooms
	maxDigits = 15 // of an international number, ITU-T E.164 section 6.2.1
)

// normalPhone gives the E.164 form. A number is taken when its length is possible
// for its country, not only when its block is assigned: assignments change faster
// than programs are replaced, and numbers reserved for examples are assigned to
// nobody. An extension or a vanity word is refused, for E.164 cannot say it.
func normalPhone(raw string, opt Options) (string, error) {
	if len(raw) > 4 && strings.EqualFold(raw[:4], "tel:") {
		raw, _, _ = strings.Cut(raw[4:], ";")
	}
	digits, plus, err := phoneDigits(raw)
	if err != nil {
		return "", err
	}
	if rest, ok := strings.CutPrefix(digits, "00"); ok && !plus {
		if value, ok := international(rest); ok {
			return value, nil
		}
	}
	if plus {
		if value, ok := international(digits); ok {
			return value, nil
		}
		return "", errors.New("no country has numbers of that length and beginning")
	}
	return national(digits, opt.Region)
}

// phoneDigits gives the digits of raw in ASCII and whether a plus leads them.
func phoneDigits(raw string) (digits string, plus bool, err error) {
	var b strings.Builder
	for i := 0; i < len(raw); {
		if digit, n := digitAt(raw, i); n > 0 {
			b.WriteByte(digit)
			i += n
			continue
		}
		n := separatorAt(raw, i)
		switch {
		case raw[i] == '+' && b.Len() == 0 && !plus:
			plus, n = true, 1
		case n == 0:
			r, _ := utf8.DecodeRuneInString(raw[i:])
			return "", false, fmt.Errorf("a phone number cannot hold %q", r)
		}
		i += n
	}
	if b.Len() == 0 || b.Len() > maxDigits+len("00")+1 {
		return "", false, fmt.Errorf("a phone number has at most %d digits", maxDigits)
	}
	return b.String(), plus, nil
}

// national reads a number as it is dialled inside the region.
func national(digits, region string) (string, error) {
	region = strings.ToUpper(region)
	if region == "" {
		return "", errors.New("it is a national number and no region is given: name the region or write it with + and the country code")
	}
	if err := (Options{Region: region}).Validate(); err != nil {
		return "", err
	}
	number, err := phonenumbers.Parse(digits, region)
	if err != nil {
		return "", fmt.Errorf("in region %s: %w", region, err)
	}
	if phonenumbers.IsPossibleNumberWithReason(number) != phonenumbers.IS_POSSIBLE {
		return "", fmt.Errorf("region %s has no numbers of that length", region)
	}
	value, ok := international(strings.TrimPrefix(phonenumbers.Format(number, phonenumbers.E164), "+"))
	if !ok {
		return "", fmt.Errorf("region %s has no such numbers", region)
	}
	return value, nil
}

// digitAt gives the digit at i as ASCII, and its length in bytes; 0, 0 if there
// is none. Eastern Arabic (U+0660), Persian (U+06F0), Devanagari (U+0966) and
// full-width (U+FF10) digits are digits.
func digitAt(text string, i int) (digit byte, length int) {
	if i >= len(text) {
		return 0, 0
	}
	c := text[i]
	if classes[c]&classDigit != 0 {
		return c, 1
	}
	if c < utf8.RuneSelf || i+1 >= len(text) {
		return 0, 0
	}
	switch next := text[i+1]; {
	case c == 0xd9 && next >= 0xa0 && next <= 0xa9:
		return '0' + next - 0xa0, 2
	case c == 0xdb && next >= 0xb0 && next <= 0xb9:
		return '0' + next - 0xb0, 2
	case i+2 >= len(text):
		return 0, 0
	case c == 0xe0 && next == 0xa5 && text[i+2] >= 0xa6 && text[i+2] <= 0xaf:
		return '0' + text[i+2] - 0xa6, 3
	case c == 0xef && next == 0xbc && text[i+2] >= 0x90 && text[i+2] <= 0x99:
		return '0' + text[i+2] - 0x90, 3
	}
	return 0, 0
}

// separatorAt gives the length in bytes of what may stand between the digits of
// a phone number at i: space, hyphens, dot, slash, parentheses, and the spaces
// and invisible marks beyond ASCII that phones and word processors put there.
func separatorAt(text string, i int) int {
	if i >= len(text) {
		return 0
	}
	c := text[i]
	if classes[c]&classApart != 0 {
		return 1
	}
	switch c {
	case 0xc2, 0xe2, 0xef:
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == 0xa0, r >= 0x2000 && r <= 0x2015, r >= 0x202a && r <= 0x202f,
			r == 0x2060, r >= 0x2066 && r <= 0x2069, r == 0x2212, r == 0xfeff:
			return n
		}
	}
	return 0
}
