package stix

import (
	"fmt"
	"strings"
	"time"
)

// Timestamp is a moment as STIX writes it (section 2.16): RFC 3339 in UTC with a capital T and Z,
// such as 2026-03-01T09:30:00.000Z. It keeps the digits it came with, because an object's modified
// time is part of its identity and a hash covers every digit. Compare moments with
// [Timestamp.Compare], not with ==: "…00Z" and "…00.000Z" are the same moment.
type Timestamp struct {
	text string
	time time.Time
}

// maxDigits is how many digits of a second are accepted: enough for any clock there is.
const maxDigits = 30

// ParseTimestamp reads a timestamp strictly. A leap second, 23:59:60, is accepted and counts as the
// second that follows it.
func ParseTimestamp(s string) (Timestamp, error) {
	t, ok := parseTime(s)
	if !ok {
		return Timestamp{}, fmt.Errorf("stix timestamp %s: must be such as 2026-03-01T09:30:00.000Z", shown(s))
	}
	return Timestamp{text: s, time: t}, nil
}

// parseTime reads YYYY-MM-DDTHH:mm:ss[.s+]Z.
func parseTime(s string) (time.Time, bool) {
	const shape = "dddd-dd-ddTdd:dd:dd"
	if len(s) < len(shape)+1 || s[len(s)-1] != 'Z' || !hasShape(s, shape) {
		return time.Time{}, false
	}
	nanosecond, ok := parseFraction(s[len(shape) : len(s)-1])
	if !ok {
		return time.Time{}, false
	}
	year, month, day := number(s[0:4]), number(s[5:7]), number(s[8:10])
	hour, minute, second := number(s[11:13]), number(s[14:16]), number(s[17:19])
	leap := second == 60 && hour == 23 && minute == 59
	if hour > 23 || minute > 59 || second > 59 && !leap {
		return time.Time{}, false
	}
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return time.Time{}, false
	}
	return time.Date(year, time.Month(month), day, hour, minute, second, nanosecond, time.UTC), true
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// hasShape tells whether s starts with shape, in which d stands for a digit.
func hasShape(s, shape string) bool {
	for i := range len(shape) {
		if shape[i] == 'd' && (s[i] < '0' || s[i] > '9') || shape[i] != 'd' && s[i] != shape[i] {
			return false
		}
	}
	return true
}

// parseFraction reads "" or a dot and digits, and gives whole nanoseconds.
func parseFraction(s string) (int, bool) {
	if s == "" {
		return 0, true
	}
	if s[0] != '.' || len(s) < 2 || len(s) > 1+maxDigits {
		return 0, false
	}
	nanosecond := 0
	for i := 1; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		if i <= 9 {
			nanosecond = nanosecond*10 + int(s[i]-'0')
		}
	}
	for i := len(s); i <= 9; i++ {
		nanosecond *= 10
	}
	return nanosecond, true
}

// number reads digits that are known to be digits.
func number(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// NewTimestamp writes t with the given number of digits after the second, 0 to 9, cutting off what
// is finer. Created and modified times must have at least 3. A time outside the years 0 to 9999,
// which cannot be written, gives the zero Timestamp.
func NewTimestamp(t time.Time, digits int) Timestamp {
	digits = min(max(digits, 0), 9)
	unit := time.Second
	for range digits {
		unit /= 10
	}
	t = t.UTC()
	t = t.Add(-time.Duration(t.Nanosecond()) % unit)
	if t.Year() < 0 || t.Year() > 9999 {
		return Timestamp{}
	}
	const second, finest = "2006-01-02T15:04:05", "2006-01-02T15:04:05.000000000"
	layout := second
	if digits > 0 {
		layout = finest[:len(second)+len(".")+digits]
	}
	text := make([]byte, 0, len(finest)+len("Z"))
	return Timestamp{text: string(append(t.AppendFormat(text, layout), 'Z')), time: t}
}

// Time gives the moment in UTC, to the nanosecond.
func (t Timestamp) Time() time.Time { return t.time }

// String gives the timestamp digit for digit as it came, or "" if it is zero.
func (t Timestamp) String() string { return t.text }

// IsZero tells whether there is no timestamp.
func (t Timestamp) IsZero() bool { return t.text == "" }

// Digits gives how many digits follow the second.
func (t Timestamp) Digits() int {
	_, fraction, _ := strings.Cut(strings.TrimSuffix(t.text, "Z"), ".")
	return len(fraction)
}

// Compare gives -1, 0 or +1 as t is earlier than, the same moment as or later than u, down to the
// last digit of either.
func (t Timestamp) Compare(u Timestamp) int {
	if order := t.time.Compare(u.time); order != 0 {
		return order
	}
	return strings.Compare(t.finer(), u.finer())
}

// finer gives the digits beyond the nanosecond, without the zeros at the end.
func (t Timestamp) finer() string {
	_, fraction, _ := strings.Cut(strings.TrimSuffix(t.text, "Z"), ".")
	if len(fraction) <= 9 {
		return ""
	}
	return strings.TrimRight(fraction[9:], "0")
}

// MarshalText writes the digits it came with.
func (t Timestamp) MarshalText() ([]byte, error) {
	if t.IsZero() {
		return nil, fmt.Errorf("stix timestamp: write: it is not set")
	}
	return []byte(t.text), nil
}

// UnmarshalText reads strictly, as [ParseTimestamp].
func (t *Timestamp) UnmarshalText(text []byte) error {
	parsed, err := ParseTimestamp(string(text))
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}
