package selector

import (
	"math/bits"
	"strings"

	"parley/selector/internal/marks"
)

// People hide e-mail addresses from programs: desk (at) example (dot) org, desk at
// example dot org.

// atSign gives the length of [at], (at), {at}, [@] or (@) at i, a bracket.
func atSign(text string, i int) int {
	if i+2 < len(text) && text[i+1] == '@' && text[i+2] == closing(text[i]) {
		return len("[@]")
	}
	if i+3 < len(text) && text[i+3] == closing(text[i]) && strings.EqualFold(text[i+1:i+3], "at") {
		return len("[at]")
	}
	return 0
}

// findSpelled reads the address whose hidden @ is text[i:i+at], and returns where
// to go on.
func (f *Finder) findSpelled(text string, i, at int, sure Confidence) int {
	left, right := i, skipSpaces(text, i+at, 1)
	if left > 0 && text[left-1] == ' ' {
		left--
	}
	start := spelledLocal(text, left)
	if start == left || !mayStartEmail(text, start) {
		return i + at
	}
	host, end := spelledHost(text, right)
	if host == "" {
		return i + at
	}
	host, err := normalDomain(host)
	if err != nil || !endsInSuffix(host) {
		return i + at
	}
	local, err := normalLocal(strings.ReplaceAll(unspell(text[start:left]), " ", ""))
	if err != nil || end < len(text) && (text[end] == '@' || wordAt(text, end)) {
		return i + at
	}
	if sure != High && (plainWord(local) || plainWord(host[:strings.IndexByte(host, '.')])) {
		return i + at
	}
	f.add(text, Email, start, end, local+"@"+host, sure)
	return end
}

// spelledLocal is localStart for a part before the @ whose dots may be spelled.
func spelledLocal(text string, i int) int {
	start := localStart(text, i)
	for start < i {
		n := spelledDotBefore(text, start)
		if n == 0 {
			break
		}
		more := localStart(text, start-n)
		if more == start-n {
			break
		}
		start = more
	}
	return start
}

func spelledDotBefore(text string, i int) int {
	for _, n := range [...]int{len(" dot "), len(" [dot] "), len("[dot]"), len("[.]")} {
		if i >= n && spelledDot(text, i-n) == n {
			return n
		}
	}
	return 0
}

// spelledDot gives the length of a dot at i, plain, in brackets, or as a word with
// spaces around it.
func spelledDot(text string, i int) int {
	if n := dotAt(text, i); n > 0 {
		return n
	}
	if i+5 > len(text) || text[i] != ' ' {
		return 0
	}
	if strings.EqualFold(text[i:i+5], " dot ") {
		return len(" dot ")
	}
	if n := dotAt(text, i+1); n > 1 && i+1+n < len(text) && text[i+1+n] == ' ' {
		return n + 2
	}
	return 0
}

// spelledHost reads a host name from i on, in ASCII with plain dots, and gives its
// end; "" if there is none.
func spelledHost(text string, i int) (host string, end int) {
	var b strings.Builder
	for b.Len() < maxHost {
		label := i
		for i < len(text) && classes[text[i]]&classHost != 0 {
			i++
		}
		if i == label {
			break
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(text[label:i])
		end = i
		n := spelledDot(text, i)
		if n == 0 || hostRune(text, i+n) == 0 {
			break
		}
		i += n
	}
	if strings.IndexByte(b.String(), '.') < 0 {
		return "", 0
	}
	return b.String(), end
}

// unspell turns spelled dots into dots.
func unspell(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if n := spelledDot(s, i); n > 0 {
			b.WriteByte('.')
			i += n
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// findSpelledWords looks for addresses with no sign at all, by the word dot: it is
// rarer than the word at. It stands where two spaces have three bytes between.
func (f *Finder) findSpelledWords(text string) {
	from := 0
	for n := range f.blocks[:len(f.blocks)-1] {
		spaces := f.blocks[n].Space & ahead(f.blocks[n].Space, f.blocks[n+1].Space, 4)
		for ; spaces != 0; spaces &= spaces - 1 {
			i := n*marks.Size + bits.TrailingZeros64(spaces)
			if i >= from && text[i+1:i+4] == "dot" {
				from = max(i+1, f.findSpelledWord(text, i))
			}
		}
	}
}

// findSpelledWord reads the address of which " dot " at i may be part, and gives
// its end, or 0.
func (f *Finder) findSpelledWord(text string, i int) int {
	label := i
	for label > 0 && i-label <= maxLabel && classes[text[label-1]]&classHost != 0 {
		label--
	}
	if at := label - len(" at "); at > 0 && label < i && text[at:label] == " at " {
		return f.findSpelled(text, at+1, len("at"), Moderate)
	}
	return 0
}

// plainWord: prose has "at" between these, and no address has them.
func plainWord(s string) bool {
	switch s {
	case "the", "a", "an", "this", "that", "our", "my", "your", "his", "her", "their", "its", "least", "most", "all", "first", "last",
		"home", "night", "noon", "work", "met", "meet", "look", "looking", "looked", "be", "is", "was", "are", "were", "arrive", "arrived",
		"works", "worked", "working", "here", "there", "not", "only", "us", "them", "it", "me", "you", "him", "we", "or", "and", "sit",
		"stay", "live", "lives", "start", "starts", "begin", "begins", "end", "ends", "left", "right", "stop", "stopped", "back", "good",
		"bad", "up", "out", "one", "two", "each", "every", "any", "aim", "point", "pointed", "laugh", "laughed", "shout", "smile", "sold", "bought":
		return true
	}
	return false
}
