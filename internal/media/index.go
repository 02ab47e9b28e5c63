package media

import (
	"cmp"
	"slices"
)

// rows is how many MinHash values make one band. With 64 bands of 2 a pair of similarity s is found
// with probability 1-(1-s²)^64: 0.998 at 0.3, 0.93 at 0.2. Unrelated texts share no shingle at all,
// so the many bands cost few false candidates, and every candidate is compared before it is shown.
const rows = 2

// Index finds, among many texts, those near a given one: MinHash signatures cut into bands, texts
// that agree on a whole band are candidates (Leskovec, Rajaraman and Ullman, "Mining of Massive
// Datasets", 3.4). The zero value is empty and ready. It is not safe for use by several goroutines
// while one of them adds.
type Index struct {
	ids     []string
	texts   []Text
	buckets map[band][]int32
}

// band is one band's place and the MinHash values in it.
type band struct {
	place  uint8
	values [rows]uint32
}

// TextHit is a text in the index and how near it is.
type TextHit struct {
	ID         string
	Similarity float64 // 0 … 1
}

// Add puts a text into the index. The same id may be added again with another text, and is then
// found by both. A text without words is never found, and is not kept.
func (x *Index) Add(id string, t Text) {
	if t.words == 0 {
		return
	}
	if x.buckets == nil {
		x.buckets = make(map[band][]int32)
	}
	position := int32(len(x.ids))
	x.ids, x.texts = append(x.ids, id), append(x.texts, t)
	for b := range bands(t) {
		x.buckets[b] = append(x.buckets[b], position)
	}
}

// Len returns how many texts the index holds.
func (x *Index) Len() int { return len(x.ids) }

// Near returns at most limit texts of at least the given similarity (above 0), nearest first, equal
// ones by id and then in the order they were added.
func (x *Index) Near(t Text, least float64, limit int) []TextHit {
	var hits []TextHit
	if t.words == 0 {
		return nil
	}
	seen := make(map[int32]bool)
	for b := range bands(t) {
		for _, position := range x.buckets[b] {
			if seen[position] {
				continue
			}
			seen[position] = true
			if s := Similarity(t, x.texts[position]); s > 0 && s >= least {
				hits = append(hits, TextHit{x.ids[position], s})
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b TextHit) int {
		return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), cmp.Compare(a.ID, b.ID))
	})
	return hits[:min(len(hits), max(limit, 0))]
}

func bands(t Text) func(yield func(band) bool) {
	return func(yield func(band) bool) {
		for i := 0; i+rows <= signatureLen; i += rows {
			b := band{place: uint8(i / rows)}
			copy(b.values[:], t.signature[i:])
			if !yield(b) {
				return
			}
		}
	}
}
