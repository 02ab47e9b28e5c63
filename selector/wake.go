package selector

import (
	"math/bits"
	"strings"
	"unicode/utf8"

	"parley/selector/internal/marks"
)

// wakes reports whether a reader may find something at the anchor at i. It may say
// yes for nothing, which costs time; when it says no, no reader finds anything.
func (f *Finder) wakes(text string, i int) bool {
	switch triggers[text[i]] {
	case triggerDigit:
		if !wordBefore(text, i) {
			return f.numberWakes(text, i)
		}
	case triggerDot:
		return f.dotWakes(text, i)
	case triggerColon:
		return colonWakes(text, i)
	case triggerBracket:
		return dotAt(text, i) > 0 || atSign(text, i) > 0
	case triggerScript:
		digit, _ := digitAt(text, i)
		return digit != 0
	case triggerAt:
		return true
	}
	return ibanWakes(text, i) || i >= 3 && fingerprintWakes(text, i-3)
}

func ibanWakes(text string, i int) bool {
	return i >= 2 && i+1 < len(text) && classes[text[i]]&classes[text[i+1]]&classDigit != 0 &&
		isUpper(text[i-1]&^0x20) && isUpper(text[i-2]&^0x20)
}

// fingerprintWakes: two groups of four hexadecimal digits.
func fingerprintWakes(text string, i int) bool {
	return hexGroup(text, i) && hexGroup(text, groupAfter(text, i))
}

// numberWakes looks at the number whose first digit is at i: is it long enough, has
// it dots like an address or degrees, does it begin a grid reference, a fingerprint?
func (f *Finder) numberWakes(text string, i int) bool {
	all := f.from64(i, numberMarks)
	size := bits.TrailingZeros64(^all)
	if size >= 64 || i+size < len(text) && text[i+size] >= utf8.RuneSelf {
		return true
	}
	digits := f.from64(i, digitMarks)
	if bits.OnesCount64(digits&(1<<size-1)) >= minDigits {
		return true
	}
	if i+9 < len(text) {
		switch text[i+4] {
		case ' ':
			if fingerprintWakes(text, i) {
				return true
			}
		case '.':
			if text[i+9] == '.' {
				return true
			}
		}
	}
	n := bits.TrailingZeros64(^digits)
	return n < 4 && i+n < len(text) && f.shortWakes(text, i, n)
}

// shortWakes looks behind the n digits at i.
func (f *Finder) shortWakes(text string, i, n int) bool {
	switch c := text[i+n]; {
	case c == '.':
		return f.dottedWakes(text, i, n)
	case c == '[' || c == '(':
		return dotAt(text, i+n) > 0
	case n <= 2 && isUpper(c):
		return i+n+1 < len(text) && (isUpper(text[i+n+1]) || text[i+n+1] == ' ')
	}
	return false
}

// dottedWakes: four numbers with dots between, or decimals enough for degrees with
// something after them that parts a pair.
func (f *Finder) dottedWakes(text string, i, n int) bool {
	digits, dots := f.from64(i, digitMarks), f.from64(i, dotMarks)
	size := bits.TrailingZeros64(^(digits | dots))
	if size >= 64 || bits.OnesCount64(dots&(1<<size-1)) >= 3 || i+size < len(text) && dotAt(text, i+size) > 0 {
		return true
	}
	decimals := bits.TrailingZeros64(^(digits >> (n + 1)))
	end := i + n + 1 + decimals
	return decimals >= labelledDecimals && end < len(text) && (text[end] == ' ' || text[end] == ',' || text[end] == ';')
}

// colonWakes: a scheme, a geo link, the first colon of a MAC or an IPv6 address.
func colonWakes(text string, i int) bool {
	if i == 0 || i+1 >= len(text) {
		return false
	}
	if next := text[i+1]; next == '/' || next == ']' {
		rest := text[i+1:]
		return strings.HasPrefix(rest, "//") || strings.HasPrefix(rest, "]//")
	}
	if classes[text[i-1]]&classHex == 0 {
		return i > 2 && text[i-1]|0x20 == 'o' && text[i-2]|0x20 == 'e' && text[i-3]|0x20 == 'g'
	}
	if i >= 2 && i+3 < len(text) && text[i+3] == ':' && classes[text[i-2]]&classHex != 0 {
		return true
	}
	return i >= 4 && isHex(text[i-4:i]) && globalStart(text[i-4:i])
}

// dotWakes: a real top-level domain ends the host name, or the dot is that of a
// Signal username or a MAC address.
func (f *Finder) dotWakes(text string, i int) bool {
	after, before := text[i+1], text[i-1]
	if before >= utf8.RuneSelf || after >= utf8.RuneSelf {
		return true
	}
	if classes[before]&classes[after]&classHost == 0 {
		return false // a bracket stands beside it
	}
	if i+5 < len(text) && text[i+5] == '.' && i >= 4 && isHex(text[i+1:i+5]) && isHex(text[i-4:i]) {
		return true
	}
	if classes[after]&classDigit != 0 && i+2 < len(text) && classes[text[i+2]]&classDigit != 0 && nickname(text, i) {
		return true
	}
	size := bits.TrailingZeros64(^f.from64(i+1, hostMarks))
	if size >= 64 {
		return true
	}
	end := i + 1 + size
	if end < len(text) {
		if text[end] >= utf8.RuneSelf {
			return true
		}
		if dot := dotAt(text, end); dot > 1 || dot == 1 && hostRune(text, end+1) > 0 {
			return dot > 1 || f.longName(end) // the next dot knows the last label
		}
	}
	return suffixLabel(text, i+1, end)
}

// nickname: a word of three characters or more that begins with no digit ends at i.
func nickname(text string, i int) bool {
	start := i
	for i-start < 34 && wordBefore(text, start) {
		start--
	}
	return i-start >= 3 && classes[text[start]]&classDigit == 0
}

// longName reports whether a host name that goes on at i may go on further than
// one is read.
func (f *Finder) longName(i int) bool {
	const blocks = 2*maxHost/marks.Size - 2
	for n := i/marks.Size + 1; n <= i/marks.Size+blocks; n++ {
		if n >= len(f.blocks) || nameSigns(&f.blocks[n]) != ^uint64(0) {
			return false
		}
	}
	return true
}

func dotMarks(b *marks.Block) uint64 { return b.Dot }
