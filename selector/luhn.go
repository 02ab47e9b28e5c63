package selector

import (
	"errors"
	"fmt"
	"strings"
)

// luhn reports whether the last of the digits is the check digit of the others
// (ISO/IEC 7812-1 annex B).
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

var errLuhn = errors.New("its check digit is wrong: a digit is missing or mistyped")

// plainDigits gives the digits of a number written in groups, in ASCII.
func plainDigits(raw string, least, most int) (string, error) {
	var b strings.Builder
	for i := 0; i < len(raw); {
		if digit, n := digitAt(raw, i); n > 0 {
			b.WriteByte(digit)
			i += n
			continue
		}
		n := separatorAt(raw, i)
		if n == 0 || raw[i] == '(' || raw[i] == ')' {
			return "", errors.New("it holds something that is no digit")
		}
		i += n
	}
	if b.Len() < least || b.Len() > most {
		return "", fmt.Errorf("it has %d to %d digits", least, most)
	}
	return b.String(), nil
}

// oneDigit: the same digit all over is a filler.
func oneDigit(digits string) bool {
	return strings.Trim(digits, digits[:1]) == ""
}
