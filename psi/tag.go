package psi

import (
	"bytes"
	"slices"
)

// tagSize is the length in bytes of a tag. With two sets of MaxItems there are
// 2^40 pairs, so some pair of different items has equal tags with probability
// below 2^40·2^-96 = 2^-56.
const tagSize = 12

// tag is the head of a pseudo-random value of an item under a party's key.
type tag [tagSize]byte

func compareTags(a, b tag) int { return bytes.Compare(a[:], b[:]) }

func sortTags(s []tag) { slices.SortFunc(s, compareTags) }

// hasTag reports whether the sorted tags contain t.
func hasTag(sorted []tag, t tag) bool {
	_, found := slices.BinarySearchFunc(sorted, t, compareTags)
	return found
}
