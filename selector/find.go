package selector

import (
	"cmp"
	"slices"

	"parley/selector/internal/marks"
)

// Confidence says how sure it is that what was found is what it is taken for. It
// is about the form: whether the thing exists, and whose it is, no form tells.
type Confidence string

// How sure a hit is.
const (
	High     Confidence = "high"     // a check digit, a checksum, a form that nothing else has, or a word beside it
	Moderate Confidence = "moderate" // the form alone, which other things can have
	Low      Confidence = "low"      // other things have the form as often
)

// Hit is a selector found in a text.
type Hit struct {
	Selector   Selector
	Start, End int    // byte offsets in the text given: text[Start:End] == Raw
	Raw        string // as it was written
	Confidence Confidence
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
	lastEnd  [len(forms)]int // by kind, where the last hit ended
	covered  map[Kind][]byte // by kind, a bit for each byte of the text that a hit has; made where readers go back
	urlEnd   int             // end of the last URL read: bare domains and national numbers inside are part of it
	chunkEnd int             // up to here groups of digits are judged one by one, see findDigits
	run      digitRun
	dialled  *dialled
	blocks   []marks.Block // of the text
	name     string        // of the field whose text is read
	field    label         // what it says, once somebody has asked
	asked    bool
	fold     []byte
}

// NewFinder gives a Finder for texts of one region.
func NewFinder(opt Options) *Finder {
	return &Finder{opt: opt, dialled: newDialled(opt)}
}

// Find is the function Find, except that the slice returned is overwritten by
// the next call.
func (f *Finder) Find(text string) []Hit { return f.FindField("", text) }

// FindField is Find for the text of a field, such as a column of a table or a
// member of an object. Its name counts as the words before the text: 15 digits
// in a field called imsi are an IMSI.
func (f *Finder) FindField(name, text string) []Hit {
	f.reset(name)
	f.blocks = marks.Of(f.blocks, text)
	f.findTokens(text)
	f.findAnchored(text)
	f.findSpelledWords(text)
	f.opt.Vocabulary.find(f, text)
	if len(f.hits) > 1 {
		slices.SortStableFunc(f.hits, byPlace)
	}
	return f.hits
}

func (f *Finder) reset(name string) {
	if len(f.hits) > 0 {
		f.lastEnd = [len(forms)]int{}
	}
	f.hits = f.hits[:0]
	if len(f.covered) > 0 {
		clear(f.covered)
	}
	f.urlEnd, f.chunkEnd, f.name, f.asked = 0, 0, name, false
}

// fieldLabel gives what the name of the field says.
func (f *Finder) fieldLabel() label {
	if !f.asked {
		f.field, f.asked = nearestLabel(f.name), true
	}
	return f.field
}

func byPlace(a, b Hit) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Selector.Kind, b.Selector.Kind))
}

// walk reads what each byte from i on wakes, up to through or as far as the last
// that was read goes, and gives where it ended. One look into a table a byte
// decides whether anything at all is looked for there.
func (f *Finder) walk(text string, i, through int) int {
	for i <= through && i < len(text) {
		switch triggers[text[i]] {
		case triggerNone:
			i++
		case triggerDigit:
			i = f.findNumber(text, i)
		case triggerScript:
			if digit, _ := digitAt(text, i); digit == 0 {
				i++
				continue
			}
			i = f.findDigits(text, i)
		case triggerAt:
			i = f.findAt(text, i)
		case triggerColon:
			i = f.findScheme(text, i)
		case triggerDot:
			i = f.findDot(text, i)
		case triggerBracket:
			i = f.findBracket(text, i)
		}
	}
	return i
}

// findAt reads what an @ is part of: an e-mail address, else a handle.
func (f *Finder) findAt(text string, i int) int {
	if end := f.findEmail(text, i); end > 0 {
		return end
	}
	return f.findHandle(text, i)
}

// findDot reads what the dot at i may be part of.
func (f *Finder) findDot(text string, i int) int {
	if i+2 < len(text) && classes[text[i+1]]&classDigit != 0 && i > 0 {
		if classes[text[i+2]]&classDigit != 0 && classes[text[i-1]]&classWord != 0 {
			if end := f.findSignal(text, i); end > 0 {
				return end
			}
		}
	}
	if i >= 4 && i+5 < len(text) && text[i+5] == '.' {
		if end := f.findDottedMAC(text, i-4); end > 0 {
			return end
		}
	}
	return f.findDomain(text, i, 1)
}

// findBracket reads what a bracket may hide: a dot or an @.
func (f *Finder) findBracket(text string, i int) int {
	if i+2 >= len(text) {
		return i + 1
	}
	switch text[i+1] | 0x20 {
	case '.' | 0x20, 'd':
		if dot := dotAt(text, i); dot > 0 {
			return f.findDomain(text, i, dot)
		}
	case 'a', '@' | 0x20:
		if at := atSign(text, i); at > 0 {
			return f.findSpelled(text, i, at, High)
		}
	}
	return i + 1
}

func (f *Finder) add(text string, kind Kind, start, end int, value string, sure Confidence) {
	last := &f.lastEnd[numberOf(kind)]
	if start < *last && f.overlaps(len(text), kind, start, end) {
		return
	}
	*last = max(*last, end)
	cover(f.covered[kind], start, end)
	f.hits = append(f.hits, Hit{
		Selector: Selector{Kind: kind, Value: value},
		Start:    start, End: end, Raw: text[start:end], Confidence: sure,
	})
}

// overlaps reports whether a hit of the kind has a byte of text[start:end]: not
// all readers go over the text in one order. The hits are looked at once, since
// an enemy's text can have many and have all readers go back for each.
func (f *Finder) overlaps(size int, kind Kind, start, end int) bool {
	bits := f.covered[kind]
	if bits == nil {
		bits = make([]byte, size/8+1)
		for i := range f.hits {
			if h := &f.hits[i]; h.Selector.Kind == kind {
				cover(bits, h.Start, h.End)
			}
		}
		if f.covered == nil {
			f.covered = map[Kind][]byte{}
		}
		f.covered[kind] = bits
	}
	for at := start; at < end; at++ {
		if bits[at/8]&(1<<(at%8)) != 0 {
			return true
		}
	}
	return false
}

// cover sets the bits of text[start:end]; nil has none.
func cover(bits []byte, start, end int) {
	for at := start; bits != nil && at < end; at++ {
		bits[at/8] |= 1 << (at % 8)
	}
}
