package selector

import (
	"cmp"
	"slices"
)

// Hit is a selector found in a text.
type Hit struct {
	Selector   Selector
	Start, End int    // byte offsets in the text given: text[Start:End] == Raw
	Raw        string // as it was written
}

// Find gives the selectors in text, ordered by Start, then End, then kind. Hits
// of one kind never overlap; a selector inside another of a different kind (an
// e-mail address in a URL's query) is found as well. The same text and options
// give the same hits always. Text need not be valid UTF-8.
//
// A phone number written with + is taken when its length is possible for its
// country; one written otherwise only when the numbering plan assigns it, for
// else every serial number is a phone number.
func Find(text string, opt Options) []Hit {
	return slices.Clone(NewFinder(opt).Find(text))
}

// Finder is Find for many texts: it keeps its buffers and remembers the phone
// numbers it has judged. A Finder serves one goroutine at a time.
type Finder struct {
	opt      Options
	hits     []Hit
	lastEnd  map[Kind]int
	urlEnd   int // end of the last URL read: bare domains and national numbers inside are part of it
	chunkEnd int // up to here groups of digits are judged one by one, see findPhone
	run      digitRun
	dialled  *dialled
}

// NewFinder gives a Finder for texts of one region.
func NewFinder(opt Options) *Finder {
	return &Finder{opt: opt, lastEnd: make(map[Kind]int), dialled: newDialled(opt)}
}

// Find is the function Find, except that the slice returned is overwritten by
// the next call.
func (f *Finder) Find(text string) []Hit {
	f.hits = f.hits[:0]
	clear(f.lastEnd)
	f.urlEnd, f.chunkEnd = 0, 0
	f.findSHA256(text)
	for i := 0; i < len(text); {
		switch triggers[text[i]] {
		case triggerNone:
			i++
		case triggerDigit:
			i = f.findPhone(text, i)
		case triggerArabic:
			if digit, _ := digitAt(text, i); digit == 0 {
				i++
				continue
			}
			i = f.findPhone(text, i)
		case triggerAt:
			i = f.findAt(text, i)
		case triggerColon:
			i = f.findScheme(text, i)
		case triggerDot:
			i = f.findDomain(text, i)
		}
	}
	slices.SortFunc(f.hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End),
			cmp.Compare(a.Selector.Kind, b.Selector.Kind))
	})
	return f.hits
}

// findAt reads what an @ is part of: an e-mail address, else a handle.
func (f *Finder) findAt(text string, i int) int {
	if end := f.findEmail(text, i); end > 0 {
		return end
	}
	return f.findHandle(text, i)
}

func (f *Finder) add(text string, kind Kind, start, end int, value string) {
	if start < f.lastEnd[kind] {
		return
	}
	f.lastEnd[kind] = end
	f.hits = append(f.hits, Hit{
		Selector: Selector{Kind: kind, Value: value},
		Start:    start, End: end, Raw: text[start:end],
	})
}
