package echo

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"
	"strings"

	"parley/internal/media"
	"parley/selector"
)

const (
	shingleWords = 5
	window       = 4 // shingles of which one is kept

	// LeastRun is how many words in a row count as the same.
	LeastRun = shingleWords + window - 1
	// LeastWords is how many words, in such runs, make a probable echo.
	LeastWords = 12
	// LeastMarks is how many marks a text surely shares with one that it repeats so far.
	LeastMarks = 2
	// MostHolders is how many texts may have a mark before it is nobody's in particular: what
	// we write again and again repeats nothing.
	MostHolders = 8
	// LeastSelectors is how many selectors that no match had shown make one.
	LeastSelectors = 3

	// MostWords is how much of a text is looked at.
	MostWords = 5000
)

// Key is a node's own. Marks under two keys have nothing in common.
type Key [32]byte

// Marks are the fingerprint of a text's first [MostWords] words: sorted, each once.
// A text of fewer than five words has none.
func (k Key) Marks(text string) []int64 {
	words := strings.Fields(media.Fold(text))
	words = words[:min(len(words), MostWords)]
	if len(words) < shingleWords {
		return nil
	}
	mac := hmac.New(sha256.New, k[:])
	shingles := make([]int64, len(words)-shingleWords+1)
	for i := range shingles {
		shingles[i] = mark(mac, words[i:i+shingleWords]...)
	}
	kept := winnow(shingles)
	slices.Sort(kept)
	return slices.Compact(kept)
}

// Selectors are the fingerprints of selectors: sorted, each once.
func (k Key) Selectors(all []selector.Selector) []int64 {
	mac := hmac.New(sha256.New, k[:])
	marks := make([]int64, len(all))
	for i, s := range all {
		marks[i] = mark(mac, "selector", string(s.Kind), s.Value)
	}
	slices.Sort(marks)
	return slices.Compact(marks)
}

func mark(mac hash.Hash, parts ...string) int64 {
	mac.Reset()
	for i, p := range parts {
		if i > 0 {
			_, _ = mac.Write([]byte{0}) // a hash never fails to write
		}
		_, _ = mac.Write([]byte(p))
	}
	var sum [sha256.Size]byte
	return int64(binary.BigEndian.Uint64(mac.Sum(sum[:0])))
}

// winnow keeps the least shingle of each window, the last of equal ones.
func winnow(shingles []int64) []int64 {
	var kept []int64
	last := -1
	for i := range max(1, len(shingles)-window+1) {
		least := i
		for j := i; j < min(i+window, len(shingles)); j++ {
			if shingles[j] <= shingles[least] {
				least = j
			}
		}
		if least != last {
			kept, last = append(kept, shingles[least]), least
		}
	}
	return kept
}

// Same is what two texts have in common.
type Same struct {
	Words int      // in runs of at least [LeastRun]
	Runs  []string // as they stand in the first text
}

// Shared finds the words of a text that stand in another, in runs.
func Shared(text, given string) (s Same) {
	end := 0
	for _, run := range media.CommonRuns(text, given, LeastRun) {
		s.Runs = append(s.Runs, run.Text)
		fresh := strings.Fields(media.Fold(text[max(run.AStart, end):run.AEnd])) // a run may begin inside the one before
		s.Words, end = s.Words+len(fresh), run.AEnd
	}
	return s
}

// Twin tells whether a text that shares so many of its marks with another is the same
// one, given once more.
func Twin(shared int64, marks []int64) bool { return 2*shared >= int64(len(marks)) && shared > 0 }

// Strength is how much of what was given something repeats.
type Strength struct {
	Words     int // in runs
	Selectors int // that no match had shown
	Of        int // selectors that it has at all
}

// Probable tells whether that makes it a probable echo.
func Probable(s Strength) bool {
	return s.Words >= LeastWords || s.Selectors >= LeastSelectors && 2*s.Selectors >= s.Of
}
