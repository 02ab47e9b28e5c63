package selector

import "strings"

const (
	maxRun        = 32 // digits of a run of groups that is looked at
	maxSeparators = 3  // between two groups, as in "2 - 5" or ") "
)

// digitRun is a row of groups of digits, with what may stand between the groups
// of a phone number between them.
type digitRun struct {
	start  int // of the number: its plus or parenthesis, else its first digit
	plus   bool
	groups []digitGroup
	digits []byte // of all groups, ASCII
	tail   int    // where reading stopped
	long   bool   // more digits than maxRun: not all are in digits
}

type digitGroup struct {
	start, end int  // bytes of the text
	last       int  // digits of the run up to and with this group
	apart      bool // white space, a slash or a parenthesis stands before it
}

// findDigits reads the phone number, card, IMEI and the like whose first digit is
// at i, and returns where to go on. A run that is no number as a whole may be several things in a row
// (a date and a number), so its groups are then judged one by one, as far as
// white space parts them.
func (f *Finder) findDigits(text string, i int) int {
	if end, few := fewDigits(text, i); few {
		return end
	}
	run := &f.run
	run.read(text, i)
	if len(run.digits) < minDigits || i < f.urlEnd && !run.plus {
		return run.tail
	}
	if skip := run.dateEnd(text); skip > 0 && !run.plus {
		return skip
	}
	if end := f.judgeLong(text, run); end > 0 {
		return end
	}
	if end := f.judgeID(text, run); end > 0 {
		return end
	}
	if run.start >= f.chunkEnd || run.anchored(text) {
		if end := f.judge(text, run); end > 0 {
			return end
		}
	}
	f.chunkEnd = max(f.chunkEnd, run.tail)
	run.cutChunk()
	if !run.anchored(text) {
		if end := f.judge(text, run); end > 0 {
			return end
		}
	}
	return run.tail
}

// fewDigits sees at a glance that too few digits follow for a number, as after
// most digits there are, and gives the end of the last of them.
func fewDigits(text string, i int) (end int, few bool) {
	count := 0
	for ; i < len(text); i++ {
		c := classes[text[i]]
		if c&classDigit != 0 {
			if count++; count >= minDigits {
				return 0, false
			}
			end = i + 1
			continue
		}
		if c&classApart == 0 {
			return end, c&classHigh == 0
		}
	}
	return end, true
}

// anchored: a plus or a parenthesis says where the number begins, so that groups
// after it may be something else: "+1 202 555 0147 2 times".
func (r *digitRun) anchored(text string) bool {
	return r.plus || text[r.start] == '('
}

// judge takes the run for a number if it is one, and gives its end, or 0.
func (f *Finder) judge(text string, run *digitRun) int {
	if run.long || !run.mayStart(text) {
		return 0
	}
	for n := len(run.groups); n > 0; n-- {
		group := run.groups[n-1]
		if group.last < minDigits {
			return 0
		}
		whole := n == len(run.groups)
		if whole && !mayEnd(text, group.end) || !whole && !run.groups[n].apart {
			continue
		}
		if !whole && !run.anchored(text) {
			return 0
		}
		value, ok := f.dialled.number(run.digits[:group.last], run.plus, run.oddDots(text))
		if !ok {
			continue
		}
		sure := High
		if !run.plus {
			if sure = Moderate; f.otherNumber(text, run.start) {
				return 0
			}
		}
		f.add(text, Phone, run.start, group.end, value, sure)
		return group.end
	}
	return 0
}

// otherReach is how near the word stands that says a number is of something else.
const otherReach = 20

// otherNumber: the word before says that a number is no phone's.
func (f *Finder) otherNumber(text string, start int) bool {
	switch f.labelWithin(text, start, otherReach) {
	case labelOther, labelCard, labelIMEI, labelIMSI, labelVersion, labelHash:
		return true
	}
	return false
}

// judgeID takes the first group of the run for the number of an account if the
// word before says so, and gives its end, or 0.
func (f *Finder) judgeID(text string, run *digitRun) int {
	group := run.groups[0]
	if run.plus || group.end-group.start != group.last || len(run.groups) > 1 && !run.groups[1].apart || !mayEnd(text, group.end) {
		return 0
	}
	if run.mayStart(text) && f.labelledID(text, group.start, group.end) {
		return group.end
	}
	return 0
}

func (r *digitRun) read(text string, i int) {
	r.start, r.plus = phoneStart(text, i)
	r.groups, r.digits, r.long = r.groups[:0], r.digits[:0], false
	apart := false
	for {
		group := digitGroup{start: i, apart: apart}
		for {
			digit, n := digitAt(text, i)
			if n == 0 {
				break
			}
			if len(r.digits) < maxRun {
				r.digits = append(r.digits, digit)
			} else {
				r.long = true
			}
			i += n
		}
		group.end, group.last = i, len(r.digits)
		if len(r.groups) < maxRun {
			r.groups = append(r.groups, group)
		}
		r.tail = i
		if r.long {
			return
		}
		if i, apart = nextGroup(text, i); i == 0 {
			return
		}
	}
}

// nextGroup goes over separators to the next digit; 0 if none follows.
func nextGroup(text string, i int) (next int, apart bool) {
	for count := 0; count <= maxSeparators; count++ {
		if _, n := digitAt(text, i); n > 0 {
			return i, apart
		}
		n := separatorAt(text, i)
		if n == 0 || text[i] == '.' && separatorAt(text, i+1) > 0 { // the end of a sentence
			return 0, false
		}
		apart = apart || text[i] != '-' && text[i] != '.'
		i += n
	}
	return 0, false
}

// phoneStart goes back from the first digit over its plus and parenthesis.
func phoneStart(text string, i int) (start int, plus bool) {
	if i > 0 && text[i-1] == '(' {
		i--
	}
	if i > 0 && text[i-1] == '+' {
		i--
		plus = true
		if i > 0 && text[i-1] == '(' {
			i--
		}
	}
	return i, plus
}

// cutChunk cuts the run off at the first white space.
func (r *digitRun) cutChunk() {
	for n := 1; n < len(r.groups); n++ {
		if r.groups[n].apart {
			r.groups = r.groups[:n]
			r.digits = r.digits[:r.groups[n-1].last]
			r.tail = r.groups[n-1].end
			r.long = false
			return
		}
	}
}

// mayStart refuses numbers that go on to the left: hashes, decimals, paths,
// prices, negative numbers.
func (r *digitRun) mayStart(text string) bool {
	if r.start == 0 {
		return true
	}
	if wordBefore(text, r.start) {
		return false
	}
	c := text[r.start-1]
	if r.plus {
		return c != '/' || r.start == 1 || !wordBefore(text, r.start-1)
	}
	if c == '.' || c == ',' {
		return c == ',' && !strings.HasPrefix(text[r.start:], "(") || !wordBefore(text, r.start-1)
	}
	return strings.IndexByte("-/\\$#%+*^~&", c) < 0
}

// mayEnd refuses numbers that go on to the right.
func mayEnd(text string, end int) bool {
	if end >= len(text) {
		return true
	}
	return !wordAt(text, end) && strings.IndexByte("@%+*^\\", text[end]) < 0
}

// oddDots: one dot alone makes a decimal, three dots between numbers up to 255
// an IP address, and neither is a phone number.
func (r *digitRun) oddDots(text string) bool {
	dots := 0
	for n := 1; n < len(r.groups); n++ {
		if text[r.groups[n-1].end:r.groups[n].start] == "." {
			dots++
		}
	}
	if dots != 3 || len(r.groups) != 4 {
		return dots == 1
	}
	for n, group := range r.groups {
		first := 0
		if n > 0 {
			first = r.groups[n-1].last
		}
		if digits := r.digits[first:group.last]; len(digits) > 3 || len(digits) == 3 && string(digits) > "255" {
			return false
		}
	}
	return true
}
