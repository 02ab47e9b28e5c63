package hashset

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
)

// Kind is the function that made a hash.
type Kind int

// The kinds, the strongest first.
const (
	SHA256 Kind = iota
	SHA1
	MD5
)

// sizes of the hashes in bytes.
var sizes = [...]int{SHA256: 32, SHA1: 20, MD5: 16}

// Set holds hashes. Of each it keeps the first 16 bytes: to make a file of one's own
// whose hash begins like one of ten million is 2^104 trials.
type Set struct {
	kinds [len(sizes)]sorted
	count int
}

// sorted holds the hashes of one kind by their first byte, in order.
type sorted [256][]key

// key is the first 16 bytes of a hash.
type key struct{ high, low uint64 }

func keyOf(sum []byte) key {
	return key{binary.BigEndian.Uint64(sum), binary.BigEndian.Uint64(sum[8:])}
}

func compare(a, b key) int {
	if c := cmp.Compare(a.high, b.high); c != 0 {
		return c
	}
	return cmp.Compare(a.low, b.low)
}

// MaxEntries is how many entries a list may have: they take 3.2 GB.
const MaxEntries = 200_000_000

var errTooMany = errors.New("it has more than 200,000,000 entries: take a smaller list, such as the minimal one")

// add takes in a hash; the set is of no use before done is called.
func (s *Set) add(kind Kind, sum []byte) error {
	if s.count++; s.count > MaxEntries {
		return errTooMany
	}
	list := &s.kinds[kind][sum[0]]
	*list = append(*list, keyOf(sum))
	return nil
}

// done sorts what was added and lets go of spare memory.
func (s *Set) done() {
	s.count = 0
	for kind := range s.kinds {
		for first, list := range s.kinds[kind] {
			slices.SortFunc(list, compare)
			list = slices.Compact(list)
			s.kinds[kind][first] = slices.Clip(slices.Clone(list))
			s.count += len(list)
		}
	}
}

// Len is how many different hashes there are.
func (s *Set) Len() int { return s.count }

// Holds reports whether there are hashes of a kind.
func (s *Set) Holds(kind Kind) bool {
	return slices.ContainsFunc(s.kinds[kind][:], func(list []key) bool { return len(list) > 0 })
}

// Has reports whether the hash of a file is in the set. A sum of another length than
// the kind's is not.
func (s *Set) Has(kind Kind, sum []byte) bool {
	if len(sum) != sizes[kind] {
		return false
	}
	_, found := slices.BinarySearchFunc(s.kinds[kind][sum[0]], keyOf(sum), compare)
	return found
}

// Digest names the content of the set, in whatever form and order it was read.
func (s *Set) Digest() [32]byte {
	h := sha256.New()
	var b [16]byte
	for kind := range s.kinds {
		h.Write([]byte{byte(kind)})
		for _, list := range s.kinds[kind] {
			for _, k := range list {
				binary.BigEndian.PutUint64(b[:], k.high)
				binary.BigEndian.PutUint64(b[8:], k.low)
				h.Write(b[:])
			}
		}
	}
	return [32]byte(h.Sum(nil))
}
