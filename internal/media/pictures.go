package media

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
)

// PictureRadius is the Hamming distance at or below which PDQ's authors call two pictures the same
// (Facebook, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm", 2019).
const PictureRadius = 31

const (
	chunks    = 16 // a hash is cut into 16 chunks
	chunkBits = 16 // of 16 bits
)

// Pictures finds, among many 256-bit perceptual hashes, all within a Hamming distance. It is exact.
//
// It is a multi-index hash (Norouzi, Punjani and Fleet, "Fast search in Hamming space with
// multi-index hashing", 2012): of 16 chunks of two hashes at distance 31 or less, at least one
// differs in at most one bit, so only hashes that agree so far need to be compared. Hashes made to
// crowd one bucket cost no more than comparing them all.
//
// The zero value is empty and ready. It is not safe for use by several goroutines while one adds.
type Pictures struct {
	ids     []string
	hashes  [][4]uint64
	buckets [chunks]map[uint16][]int32
}

// PictureHit is a picture in the index and how far it is.
type PictureHit struct {
	ID       string
	Distance int // differing bits, 0 … 256
}

// Add puts a picture's hash into the index. The same id may be added with several hashes, such as
// those of the picture turned and mirrored.
func (p *Pictures) Add(id string, hash [32]byte) {
	position := int32(len(p.ids))
	h := words(hash)
	p.ids, p.hashes = append(p.ids, id), append(p.hashes, h)
	for c := range p.buckets {
		if p.buckets[c] == nil {
			p.buckets[c] = make(map[uint16][]int32)
		}
		key := chunk(h, c)
		p.buckets[c][key] = append(p.buckets[c][key], position)
	}
}

// Len returns how many hashes the index holds.
func (p *Pictures) Len() int { return len(p.ids) }

// Within returns every picture at most radius bits away, nearest first, equal ones by id. A radius
// of up to 31 uses the index; a larger one compares them all.
func (p *Pictures) Within(hash [32]byte, radius int) []PictureHit {
	h := words(hash)
	lists, cost := p.candidates(h, radius)
	var found []int32
	if cost >= len(p.hashes) {
		found = p.scan(h, radius)
	} else {
		found = p.pick(h, radius, lists)
	}
	hits := make([]PictureHit, 0, len(found))
	for _, position := range found {
		hits = append(hits, PictureHit{p.ids[position], distance(h, p.hashes[position])})
	}
	slices.SortStableFunc(hits, func(a, b PictureHit) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.ID, b.ID))
	})
	return hits
}

// candidates returns the buckets that hold every hash within the radius, and how many hashes are in
// them. By the pigeonhole principle some chunk differs in at most radius/16 bits.
func (p *Pictures) candidates(h [4]uint64, radius int) (lists [][]int32, cost int) {
	if radius >= 2*chunks {
		return nil, len(p.hashes)
	}
	for c, buckets := range p.buckets {
		key := chunk(h, c)
		lists = append(lists, buckets[key])
		for bit := 0; radius >= chunks && bit < chunkBits; bit++ {
			lists = append(lists, buckets[key^1<<bit])
		}
	}
	for _, list := range lists {
		cost += len(list)
	}
	return lists, cost
}

// scan compares every hash.
func (p *Pictures) scan(h [4]uint64, radius int) []int32 {
	var found []int32
	for i := range p.hashes {
		if near(&h, &p.hashes[i], radius) {
			found = append(found, int32(i))
		}
	}
	return found
}

// pick compares the candidates; one that stands in several lists is found once.
func (p *Pictures) pick(h [4]uint64, radius int, lists [][]int32) []int32 {
	var found []int32
	for _, list := range lists {
		for _, position := range list {
			if near(&h, &p.hashes[position], radius) {
				found = append(found, position)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func words(hash [32]byte) (w [4]uint64) {
	for i := range w {
		w[i] = binary.BigEndian.Uint64(hash[8*i:])
	}
	return w
}

// chunk returns the 16 bits of chunk c, 0 … 15.
func chunk(h [4]uint64, c int) uint16 { return uint16(h[c/4] >> (chunkBits * (c % 4))) }

func distance(a, b [4]uint64) int {
	return bits.OnesCount64(a[0]^b[0]) + bits.OnesCount64(a[1]^b[1]) +
		bits.OnesCount64(a[2]^b[2]) + bits.OnesCount64(a[3]^b[3])
}

// near says whether two hashes are at most radius bits apart. Unrelated hashes differ in some 64 of
// the first 128 bits, so half of the work settles nearly every comparison.
func near(a, b *[4]uint64, radius int) bool {
	d := bits.OnesCount64(a[0]^b[0]) + bits.OnesCount64(a[1]^b[1])
	return d <= radius && d+bits.OnesCount64(a[2]^b[2])+bits.OnesCount64(a[3]^b[3]) <= radius
}
