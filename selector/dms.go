package selector

import (
	"strconv"
	"strings"
)

// readDMS reads a latitude and a longitude in degrees, minutes and seconds from
// the beginning of s: 21°18'34.0"N 157°55'00.7"W, N 21° 18.567' W 157° 55.012'.
// It gives how many bytes they take, 0 if there are none.
func readDMS(s string) (lat, lon float64, n int) {
	first, axis, size := readAngle(s)
	if size == 0 || axis == 0 {
		return 0, 0, 0
	}
	rest := strings.TrimLeft(s[size:], " ,;/")
	if len(s)-len(rest) > size+3 {
		return 0, 0, 0
	}
	second, other, more := readAngle(rest)
	if more == 0 || other == 0 || northSouth(axis) == northSouth(other) {
		return 0, 0, 0
	}
	n = len(s) - len(rest) + more
	if northSouth(axis) {
		lat, lon = first, second
	} else {
		lat, lon = second, first
	}
	if abs(lat) > 90 || abs(lon) > 180 {
		return 0, 0, 0
	}
	return lat, lon, n
}

func northSouth(axis byte) bool { return axis == 'N' || axis == 'S' }

// readAngle reads one angle with its side of the globe before or after it.
func readAngle(s string) (value float64, axis byte, n int) {
	at := 0
	if axis = side(s); axis != 0 {
		at = skipSpaces(s, 1, 1)
	}
	sign := 1.0
	if axis == 0 && at < len(s) && s[at] == '-' {
		return 0, 0, 0
	}
	whole, decimals, next := readFigure(s, at)
	mark := markAt(s, next, "°", "º", "˚")
	if next == at || mark == 0 || whole > 180 {
		return 0, 0, 0
	}
	value, at = whole, next+mark
	if decimals == 0 {
		minutes, fraction, end := readFigure(s, skipSpaces(s, at, 1))
		if mark := markAt(s, end, "'", "′", "’", "ʹ"); end > at && mark > 0 && minutes < 60 {
			value, at = value+minutes/60, end+mark
			if fraction == 0 {
				seconds, _, end := readFigure(s, skipSpaces(s, at, 1))
				if mark := markAt(s, end, "\"", "″", "”", "''", "′′", "’’"); end > at && mark > 0 && seconds < 60 {
					value, at = value+seconds/3600, end+mark
				}
			}
		}
	}
	if axis == 0 {
		at = skipSpaces(s, at, 1)
		if axis = side(s[at:]); axis == 0 || wordAt(s, at+1) {
			return 0, 0, 0
		}
		at++
	}
	if axis == 'S' || axis == 'W' {
		sign = -1
	}
	return sign * value, axis, at
}

func side(s string) byte {
	if s == "" {
		return 0
	}
	switch s[0] {
	case 'N', 'S', 'E', 'W':
		return s[0]
	case 'O': // west in French, Spanish and Italian; east in German: not told
		return 0
	}
	return 0
}

// readFigure reads digits and their decimals at i.
func readFigure(s string, i int) (value float64, decimals, end int) {
	end = i
	for end < len(s) && end-i < 3 && classes[s[end]]&classDigit != 0 {
		end++
	}
	if end == i {
		return 0, 0, i
	}
	if end+1 < len(s) && (s[end] == '.' || s[end] == ',') && classes[s[end+1]]&classDigit != 0 {
		end++
		for end < len(s) && classes[s[end]]&classDigit != 0 && decimals < 12 {
			end++
			decimals++
		}
	}
	value, err := strconv.ParseFloat(strings.Replace(s[i:end], ",", ".", 1), 64)
	if err != nil {
		return 0, 0, i
	}
	return value, decimals, end
}

func markAt(s string, i int, marks ...string) int {
	for _, mark := range marks {
		if i <= len(s) && strings.HasPrefix(s[i:], mark) {
			return len(mark)
		}
	}
	return 0
}

func skipSpaces(s string, i, most int) int {
	for n := 0; n < most && i < len(s) && s[i] == ' '; n++ {
		i++
	}
	return i
}

// dmsReach is more than a place in degrees, minutes and seconds takes.
const dmsReach = 80

// findDMS reads the place whose first figure is at i, and gives the end, or 0.
func (f *Finder) findDMS(text string, i int) int {
	for _, start := range [...]int{i - 2, i - 1, i} {
		if start < 0 || start < i && side(text[start:]) == 0 || wordBefore(text, start) {
			continue
		}
		lat, lon, n := readDMS(text[start:min(len(text), start+dmsReach)])
		if n == 0 {
			continue
		}
		value, err := coordinates(lat, lon)
		if err != nil {
			return 0
		}
		f.add(text, Coordinates, start, start+n, value, High)
		return start + n
	}
	return 0
}
