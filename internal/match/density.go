package match

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// falseAlarm is the probability with which Ranges finds something where there
// is nothing: where each set of ours of that size was as likely to match as
// any other.
const falseAlarm = 0.001

// several is the least number of ours in a block that says anything.
const several = 3

// held is a number of ours that took part, and whether the other side had it.
type held struct {
	number  uint64
	matched bool
}

// span is a block of consecutive numbers of which the other side had all that
// we hold.
type span struct {
	first  uint64
	size   uint64
	ours   int
	chance float64 // of one such block or more, anywhere
}

// String names the block by what its numbers have in common.
func (s span) String() string {
	return fmt.Sprintf("all %d that we hold between %d and %d", s.ours, s.first, s.first+s.size-1)
}

// numberOf reads a value of digits, with a plus or without.
func numberOf(value string) (uint64, bool) {
	n, err := strconv.ParseUint(strings.TrimPrefix(value, "+"), 10, 64)
	return n, err == nil
}

// ranges looks for blocks of 100, 1,000 and 10,000 consecutive numbers in which
// the other side had every number that we hold, several of them, and few
// elsewhere.
//
// With K of N numbers matched, a given block of n is wholly among them with
// probability C(N-n,K-n)/C(N,K). A block is reported when that, times the
// number of blocks looked at, is below falseAlarm: by the union bound the
// probability of any report is below it as well. The least likely block is first.
func ranges(all []held) []span {
	matched := 0
	for _, h := range all {
		if h.matched {
			matched++
		}
	}
	var looked int
	var full []span
	for size := uint64(100); size <= 10_000; size *= 10 {
		for first, b := range blocks(all, size) {
			if b.ours < several {
				continue
			}
			looked++
			if b.matched == b.ours {
				full = append(full, span{first, size, b.ours, wholly(len(all), matched, b.ours)})
			}
		}
	}
	var found []span
	for _, s := range full {
		if s.chance *= float64(looked); s.chance < falseAlarm {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b span) int {
		switch {
		case a.chance != b.chance && a.chance < b.chance, a.chance == b.chance && a.first < b.first:
			return -1
		}
		return 1
	})
	return found
}

type block struct{ ours, matched int }

func blocks(all []held, size uint64) map[uint64]block {
	counted := map[uint64]block{}
	for _, h := range all {
		first := h.number / size * size
		b := counted[first]
		b.ours++
		if h.matched {
			b.matched++
		}
		counted[first] = b
	}
	return counted
}

// wholly is the probability that n given numbers of N are all among K drawn.
func wholly(all, drawn, n int) float64 {
	p := 1.0
	for i := range n {
		p *= float64(drawn-i) / float64(all-i)
	}
	return p
}
