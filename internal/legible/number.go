package legible

import (
	"fmt"
	"strconv"
	"strings"
)

// Grouped writes a whole number, of any type, with commas: 11,234.
func Grouped(v any) string {
	s := fmt.Sprint(v)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Plural is a number with what is counted: 1 item, 1,200 items.
func Plural(n any, one, many string) string {
	s := Grouped(n)
	if s == "1" {
		return s + " " + one
	}
	return s + " " + many
}

// Decimal writes a number in full with commas: 1,000, 2.5.
func Decimal(f float64) string {
	whole, fraction, has := strings.Cut(strconv.FormatFloat(f, 'f', -1, 64), ".")
	if has {
		return Grouped(whole) + "." + fraction
	}
	return Grouped(whole)
}
