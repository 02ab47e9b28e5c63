package media

import (
	"fmt"
	"hash/fnv"
	"slices"
)

const (
	// MaxText is the longest text that is fingerprinted, in bytes.
	MaxText = 1 << 20
	// ShingleWords is how many words make one shingle.
	ShingleWords = 5
	// exactShingles is how many shingles a text may have to be compared exactly; a longer one
	// keeps its signature alone, so that no text costs more than 32 KiB.
	exactShingles = 4096
	// signatureLen is the number of MinHash values. The standard error of an estimate is at most
	// 1/(2√128), about 0.044.
	signatureLen = 128
)

// Text is a text's fingerprint. The zero value is the fingerprint of a text without words.
type Text struct {
	words     int
	shingles  []uint64 // sorted, unique; nil when there are more than exactShingles
	signature [signatureLen]uint32
}

// NewText folds s and fingerprints it: shingles of [ShingleWords] words, hashed to 64 bits, and a
// MinHash signature over them (Broder, "On the resemblance and containment of documents", 1997).
// A text of fewer words is one shingle. A text over [MaxText] bytes is refused.
func NewText(s string) (Text, error) {
	if len(s) > MaxText {
		return Text{}, fmt.Errorf("fingerprint a text of %d bytes: the most is %d; cut it into parts", len(s), MaxText)
	}
	f := fold(s)
	t := Text{words: len(f.words), shingles: shingles(f)}
	t.signature = sign(t.shingles)
	if len(t.shingles) > exactShingles {
		t.shingles = nil
	}
	return t, nil
}

// Words returns how many words the text has after folding.
func (t Text) Words() int { return t.words }

// Similarity returns how much two texts share: the Jaccard index of their shingles, 0 (nothing) to
// 1 (the same words in the same order). It is exact where both have at most 4,096 shingles and an
// estimate from the signatures otherwise. A text without words resembles nothing, itself included.
func Similarity(a, b Text) float64 {
	if a.words == 0 || b.words == 0 {
		return 0
	}
	if a.shingles != nil && b.shingles != nil {
		return jaccard(a.shingles, b.shingles)
	}
	same := 0
	for i, h := range a.signature {
		if h == b.signature[i] {
			same++
		}
	}
	return float64(same) / signatureLen
}

// jaccard returns the size of the intersection over that of the union of two sorted sets.
func jaccard(a, b []uint64) float64 {
	both, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			both++
			i++
			j++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// shingles hashes every run of ShingleWords words; sorted, without repetitions.
func shingles(f folded) []uint64 {
	if len(f.words) == 0 {
		return nil
	}
	size := min(ShingleWords, len(f.words))
	hashes := make([]uint64, 0, len(f.words)-size+1)
	h := fnv.New64a()
	for i := range cap(hashes) {
		h.Reset()
		_, _ = h.Write([]byte(f.gram(i, size))) // a hash never fails to write
		hashes = append(hashes, h.Sum64())
	}
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

// sign keeps, for each of signatureLen orders of all hashes, the first shingle in that order.
func sign(shingles []uint64) (signature [signatureLen]uint32) {
	for i := range signature {
		seed, first := mix(uint64(i)+1), ^uint64(0)
		for _, s := range shingles {
			first = min(first, mix(s^seed))
		}
		signature[i] = uint32(first >> 32)
	}
	return signature
}

// mix is the finalizer of SplitMix64 (Steele, Lea and Flood, 2014): a permutation of 64-bit values
// in which every input bit changes every output bit half of the time.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
