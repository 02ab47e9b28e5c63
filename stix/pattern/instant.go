package pattern

import (
	"cmp"
	"math"
	"strings"
	"time"
)

// instant is a moment in seconds since 1970 and nanoseconds after that: time.Time without its
// limits on differences, since a pattern may ask for windows of any length.
type instant struct {
	seconds     int64
	nanoseconds int64 // 0 to 999,999,999
}

var (
	always = instant{seconds: math.MinInt64 / 4} // before every moment there is
	never  = instant{seconds: math.MaxInt64 / 4} // after every moment there is
)

// tick is the smallest difference told apart.
var tick = instant{nanoseconds: 1}

func instantOf(t time.Time) instant { return instant{t.Unix(), int64(t.Nanosecond())} }

func (i instant) time() time.Time { return time.Unix(i.seconds, i.nanoseconds).UTC() }

func (i instant) compare(j instant) int {
	if i.seconds != j.seconds {
		return cmp.Compare(i.seconds, j.seconds)
	}
	return cmp.Compare(i.nanoseconds, j.nanoseconds)
}

func (i instant) before(j instant) bool { return i.compare(j) < 0 }

func (i instant) plus(d instant) instant {
	sum := instant{i.seconds + d.seconds, i.nanoseconds + d.nanoseconds}
	if sum.nanoseconds >= 1e9 {
		return instant{sum.seconds + 1, sum.nanoseconds - 1e9}
	}
	return sum
}

func (i instant) minus(d instant) instant {
	difference := instant{i.seconds - d.seconds, i.nanoseconds - d.nanoseconds}
	if difference.nanoseconds < 0 {
		return instant{difference.seconds - 1, difference.nanoseconds + 1e9}
	}
	return difference
}

func later(i, j instant) instant {
	if i.before(j) {
		return j
	}
	return i
}

func earlier(i, j instant) instant {
	if j.before(i) {
		return j
	}
	return i
}

// span gives a number of seconds to the nanosecond. No span is longer than all the years that a
// timestamp can name, and none shorter than a nanosecond.
func span(seconds float64) instant {
	const longest = 1e12
	whole, fraction := math.Modf(min(seconds, longest))
	s := instant{}.plus(instant{seconds: int64(whole), nanoseconds: int64(math.Round(fraction * 1e9))})
	return later(s, tick)
}

// timestampShape is how a timestamp begins; d stands for a digit.
const timestampShape = "dddd-dd-ddTdd:dd:dd"

// parseInstant reads a STIX timestamp (section 2.16) that names a moment there is. A leap second,
// 23:59:60, counts as the second that follows it.
func parseInstant(s string) (instant, bool) {
	if !isTimestamp(s) {
		return instant{}, false
	}
	field := func(from, to int) (n int) {
		for _, digit := range s[from:to] {
			n = n*10 + int(digit-'0')
		}
		return n
	}
	year, month, day := field(0, 4), field(5, 7), field(8, 10)
	hour, minute, second := field(11, 13), field(14, 16), field(17, 19)
	if day > daysIn(year, month) || second == 60 && (hour != 23 || minute != 59) {
		return instant{}, false
	}
	nanosecond := 0
	for i := range 9 {
		nanosecond *= 10
		if at := len(timestampShape) + 1 + i; at < len(s)-1 {
			nanosecond += int(s[at] - '0')
		}
	}
	return instantOf(time.Date(year, time.Month(month), day, hour, minute, second, nanosecond, time.UTC)), true
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// isTimestamp tells whether s has the form that the grammar asks for: months to 12, days to 31,
// hours to 23, minutes to 59 and seconds to 60.
func isTimestamp(s string) bool {
	if len(s) <= len(timestampShape) || s[len(s)-1] != 'Z' {
		return false
	}
	for i := range len(timestampShape) {
		if want := timestampShape[i]; want == 'd' && !isDigit(s[i]) || want != 'd' && s[i] != want {
			return false
		}
	}
	month, day, hour, minute, second := s[5:7], s[8:10], s[11:13], s[14:16], s[17:19]
	if month < "01" || month > "12" || day < "01" || day > "31" || hour > "23" || minute > "59" || second > "60" {
		return false
	}
	return isFraction(s[len(timestampShape) : len(s)-1])
}

// isFraction accepts nothing, or a point and digits.
func isFraction(s string) bool {
	if s == "" {
		return true
	}
	return s[0] == '.' && len(s) > 1 && strings.Trim(s[1:], "0123456789") == ""
}

// finer gives the digits of a timestamp beyond the nanosecond, without the zeros at the end.
func finer(s string) string {
	_, fraction, _ := strings.Cut(strings.TrimSuffix(s, "Z"), ".")
	if len(fraction) <= 9 {
		return ""
	}
	return strings.TrimRight(fraction[9:], "0")
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
