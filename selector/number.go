package selector

import "strconv"

// findNumber reads what the digit at i begins, and returns where to go on. Most
// digits there are belong to words, dates and short figures, which are left after
// one look.
func (f *Finder) findNumber(text string, i int) int {
	if wordBefore(text, i) {
		if end := f.findIBAN(text, i); end > 0 {
			return end
		}
		end := wordEnd(text, i)
		if end < len(text) && text[end] == ' ' {
			if stop := f.findPGP(text, i); stop > 0 {
				return stop
			}
		}
		return end
	}
	n := 0
	for n < 4 && i+n < len(text) && classes[text[i+n]]&classDigit != 0 {
		n++
	}
	if n > 0 && n < 4 && i+n < len(text) {
		if end := f.findDotted(text, i, n); end > 0 {
			return end
		}
	}
	if i+9 < len(text) && (text[i+4] == ' ' || text[i+4] == '.' && text[i+9] == '.') {
		if end := f.findHexGroups(text, i); end > 0 {
			return end
		}
	}
	return f.findDigits(text, i)
}

// findDotted reads what a short figure begins: an IP address, a pair of degrees,
// a grid reference.
func (f *Finder) findDotted(text string, i, n int) int {
	switch c := text[i+n]; {
	case c == '.' || c == '[' || c == '(':
		if dotAt(text, i+n) == 0 {
			return 0
		}
		if end := f.findIPv4(text, i); end > 0 {
			return end
		}
		if c == '.' {
			return f.findDegrees(text, i)
		}
	case c == 0xc2:
		return f.findDMS(text, i)
	case n <= 2 && (isUpper(c) || c == ' '):
		return f.findMGRS(text, i)
	}
	return 0
}

func (f *Finder) findHexGroups(text string, i int) int {
	if text[i+4] == '.' {
		return f.findDottedMAC(text, i)
	}
	return f.findPGP(text, i)
}

// wordEnd gives where the word of ASCII letters and digits at i ends.
func wordEnd(text string, i int) int {
	for wordAt(text, i) {
		i++
	}
	return i
}

// longNumber is a number of 13 digits or more as it stands in prose.
type longNumber struct {
	digits string
	shape  string // lengths of its groups: "4 4 4 4"
	label  label
}

// readers of long numbers, those with the surest signs first.
var longNumbers = [...]struct {
	kind Kind
	as   func(longNumber) (string, Confidence, bool)
}{
	{IMSI, asIMSI}, {ICCID, asICCID}, {IMEI, asIMEI}, {Card, asCard},
}

const (
	leastLong = 13
	mostLong  = 20
	mostParts = 7 // groups of a long number
)

// judgeLong takes the beginning of the run for a long number if it is one, and
// gives its end, or 0.
func (f *Finder) judgeLong(text string, run *digitRun) int {
	if run.plus || len(run.digits) < leastLong || !run.mayStart(text) {
		return 0
	}
	for n := 1; n <= min(len(run.groups), mostParts); n++ {
		last := run.groups[n-1].last
		if last > mostLong {
			return 0
		}
		end := run.groups[n-1].end
		if last < leastLong || n == len(run.groups) && run.long || !run.partsAlike(text, n) {
			continue
		}
		if n < len(run.groups) && !run.groups[n].apart || !longEnds(text, end) {
			continue
		}
		number := longNumber{digits: string(run.digits[:last]), shape: run.shape(n), label: f.label(text, run.start)}
		for _, reader := range longNumbers {
			value, sure, ok := reader.as(number)
			if !ok {
				continue
			}
			if reader.kind == ICCID && end < len(text) && text[end]|0x20 == 'f' {
				end++
			}
			f.add(text, reader.kind, run.groups[0].start, end, value, sure)
			return end
		}
	}
	return 0
}

// longEnds: mayEnd, except for the F after an ICCID.
func longEnds(text string, end int) bool {
	if end < len(text) && text[end]|0x20 == 'f' && !wordAt(text, end+1) {
		return true
	}
	return mayEnd(text, end)
}

// partsAlike: the first n groups have the same one sign between them.
func (r *digitRun) partsAlike(text string, n int) bool {
	for i := 1; i < n; i++ {
		between := text[r.groups[i-1].end:r.groups[i].start]
		if between != " " && between != "-" && between != "\u00a0" || i > 1 && between != text[r.groups[0].end:r.groups[1].start] {
			return false
		}
	}
	return true
}

func (r *digitRun) shape(n int) string {
	b := make([]byte, 0, 16)
	before := 0
	for i, group := range r.groups[:n] {
		if i > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendInt(b, int64(group.last-before), 10)
		before = group.last
	}
	return string(b)
}
