package selector

// dateEnd gives where a date at the beginning of the run ends, 0 if there is
// none: 2024-01-05, 05.01.2024, 20240105, 20240105120000.
func (r *digitRun) dateEnd(text string) int {
	if size := r.groups[0].last; size == 8 || size == 12 || size == 14 {
		if plausibleDate(r.digits[0:4], r.digits[4:6], r.digits[6:8]) {
			return r.groups[0].end
		}
	}
	if len(r.groups) < 3 || !dateSeparators(text, r.groups) {
		return 0
	}
	a := r.digits[:r.groups[0].last]
	b := r.digits[len(a):r.groups[1].last]
	c := r.digits[len(a)+len(b) : r.groups[2].last]
	if plausibleDate(a, b, c) || plausibleDate(c, b, a) || plausibleDate(c, a, b) {
		return r.groups[2].end
	}
	return 0
}

// dateSeparators: the same single sign between year, month and day.
func dateSeparators(text string, groups []digitGroup) bool {
	first := text[groups[0].end:groups[1].start]
	second := text[groups[1].end:groups[2].start]
	return first == second && (first == "-" || first == "." || first == "/")
}

func plausibleDate(year, month, day []byte) bool {
	if len(year) != 4 || len(month) > 2 || len(day) > 2 {
		return false
	}
	century := string(year[:2])
	return (century == "19" || century == "20") && between(month, 1, 12) && between(day, 1, 31)
}

func between(digits []byte, low, high int) bool {
	n := 0
	for _, digit := range digits {
		n = n*10 + int(digit-'0')
	}
	return low <= n && n <= high
}
