package release

import (
	"slices"
	"strings"
)

// needles are words and marks that are looked for across the borders of words: without the spaces, signs
// and line breaks that stand in them. A find begins where a word begins and ends where one ends, so that
// "Ana" is not found in "analysis".
type needles struct {
	byLength map[int]map[string]bool
	lengths  []int     // of byLength, ascending
	firsts   [256]bool // first bytes
}

func (n *needles) add(needle string) {
	if needle == "" {
		return
	}
	if n.byLength == nil {
		n.byLength = make(map[int]map[string]bool)
	}
	if n.byLength[len(needle)] == nil {
		n.byLength[len(needle)] = make(map[string]bool)
		n.lengths = append(n.lengths, len(needle))
		slices.Sort(n.lengths)
	}
	n.byLength[len(needle)][needle] = true
	n.firsts[needle[0]] = true
}

// in returns the needles that stand in words, one after the other.
func (n *needles) in(words []string) []string {
	if len(n.lengths) == 0 {
		return nil
	}
	var found []string
	s := join(words)
	for i, start := range s.starts {
		if !n.firsts[s.text[start]] {
			continue
		}
		for _, length := range n.lengths {
			end := start + length
			if end > len(s.text) {
				break
			}
			plural := end < len(s.text) && s.text[end] == 's' && s.ends(i, end+1)
			if (plural || s.ends(i, end)) && n.byLength[length][s.text[start:end]] {
				found = append(found, s.text[start:end])
			}
		}
	}
	return found
}

// inside returns the needles anywhere in a text.
func (n *needles) inside(text string) []string {
	var found []string
	for start := range len(text) {
		if !n.firsts[text[start]] {
			continue
		}
		for _, length := range n.lengths {
			if end := start + length; end <= len(text) && n.byLength[length][text[start:end]] {
				found = append(found, text[start:end])
			}
		}
	}
	return found
}

// joined are words written as one.
type joined struct {
	text   string
	starts []int // of each word in text, ascending
}

func join(words []string) joined {
	s := joined{text: strings.Join(words, ""), starts: make([]int, 0, len(words))}
	at := 0
	for _, word := range words {
		if word != "" {
			s.starts = append(s.starts, at)
		}
		at += len(word)
	}
	return s
}

// ends says whether a word ends at a place behind the start of word i.
func (s joined) ends(i, place int) bool {
	if place == len(s.text) {
		return true
	}
	_, found := slices.BinarySearch(s.starts[i:], place)
	return found
}
