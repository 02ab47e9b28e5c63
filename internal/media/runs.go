package media

import "strings"

// SharedWords is the length, in words, from which a common run counts as copied: shorter runs
// ("on the basis of information from") are the language's own.
const SharedWords = 8

// maxCandidates bounds how many places in b are tried for one place in a. A text that repeats one
// sentence more often than that may hide which copy was copied, never that one was.
const maxCandidates = 32

// Run is a stretch of words that two texts have in common, by byte offsets into each.
type Run struct {
	AStart, AEnd int // bytes [AStart, AEnd) of a
	BStart, BEnd int // bytes [BStart, BEnd) of b
	Words        int
	Text         string // as it stands in a
}

// CommonRuns returns the runs of at least least words (never fewer than one) that stand in both a
// and b, compared after [Fold], in the order in which they end in a. Each run goes as far as the
// two agree. Every word of a that belongs to a common run of that length is covered; a run may
// begin inside the one before it. It takes time and memory linear in both texts, so there is no
// limit on their size: a leak in the last page is still a leak.
func CommonRuns(a, b string, least int) []Run {
	return NewPassages(b, least).In(a)
}

// commonRuns is CommonRuns of texts that are folded, where it is known which runs of words b has.
func commonRuns(a string, fa, fb folded, places grams, least int) []Run {
	var runs []Run
	covered := 0 // words of a up to here are in the last run
	for i := 0; i+least <= len(fa.words); i++ {
		j, length := longest(fa, i, fb, places.of(fa.gram(i, least)))
		if length == 0 || i+length <= covered {
			continue
		}
		covered = i + length
		first, last := fa.words[i], fa.words[i+length-1]
		runs = append(runs, Run{
			AStart: first.start, AEnd: last.end,
			BStart: fb.words[j].start, BEnd: fb.words[j+length-1].end,
			Words: length, Text: a[first.start:last.end],
		})
		i = covered - least // the next run that ends further starts after this
	}
	return runs
}

// Shared returns the words, folded, of every run of at least [SharedWords] words in both a and b.
func Shared(a, b string) [][]string {
	var shared [][]string
	for _, run := range CommonRuns(a, b, SharedWords) {
		shared = append(shared, strings.Fields(Fold(run.Text)))
	}
	return shared
}

// longest extends the match at word i of a against each candidate place in b, and returns the
// first of the longest, or 0, 0 when there is no candidate.
func longest(a folded, i int, b folded, candidates []int) (place, length int) {
	for _, j := range candidates {
		n := 0
		for i+n < len(a.words) && j+n < len(b.words) && a.at(i+n) == b.at(j+n) {
			n++
		}
		if n > length {
			place, length = j, n
		}
	}
	return place, length
}

// grams says where each run of so many words stands in a text.
type grams struct{ places map[string][]int }

func gramPlaces(f folded, size int) grams {
	g := grams{places: make(map[string][]int, max(0, len(f.words)-size+1))}
	for i := 0; i+size <= len(f.words); i++ {
		key := f.gram(i, size)
		if places := g.places[key]; len(places) < maxCandidates {
			g.places[key] = append(places, i)
		}
	}
	return g
}

func (g grams) of(gram string) []int { return g.places[gram] }

// Passages finds what many texts have in common with one: the text is read once.
type Passages struct {
	text  folded
	least int
	grams grams
}

// NewPassages reads a text, for runs of at least least words (never fewer than one).
func NewPassages(text string, least int) *Passages {
	f := fold(text)
	least = max(least, 1)
	return &Passages{text: f, least: least, grams: gramPlaces(f, least)}
}

// In returns [CommonRuns] of another text with this one: a is the other text, b this one.
func (p *Passages) In(other string) []Run {
	if len(p.grams.places) == 0 {
		return nil
	}
	return commonRuns(other, fold(other), p.text, p.grams, p.least)
}
