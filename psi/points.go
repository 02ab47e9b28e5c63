package psi

import (
	"runtime"

	"parley/psi/internal/ristretto"
)

// points are decoded elements in the batches that cores take at a time.
type points struct {
	n       int
	batches []*ristretto.Points
}

// pointBatch is how many elements a core takes at a time. They share an
// inversion when they are encoded, which costs as much as sixty products.
const pointBatch = 64

// inPointBatches makes points of n elements on all cores.
func inPointBatches(n int, batch func(lo, hi int) (*ristretto.Points, error)) (*points, error) {
	p := &points{n, make([]*ristretto.Points, parts(n, pointBatch))}
	return p, inBatches(n, pointBatch, func(lo, hi int) (err error) {
		p.batches[lo/pointBatch], err = batch(lo, hi)
		return err
	})
}

// decodeAll decodes elements on all cores; the error is that of the first bad one.
func decodeAll(elements []element) (*points, error) {
	return inPointBatches(len(elements), func(lo, hi int) (*ristretto.Points, error) {
		in := make([][elementSize]byte, hi-lo)
		for i := range in {
			in[i] = elements[lo+i]
		}
		p, bad, err := ristretto.DecodeAll(in)
		if err != nil {
			return nil, &elementError{lo + bad, err}
		}
		return p, nil
	})
}

// multiply returns the encodings of k·p for every point, on all cores, in
// constant time for each.
func (p *points) multiply(k *ristretto.Scalar) []element {
	half := ristretto.Half(k)
	defer wipe(half)
	return multiplyEach(p.n, half, func(lo, _ int) *ristretto.Points { return p.batches[lo/pointBatch] })
}

// multiplyHashed returns the encodings of k·H(x) for every item x, H having the
// tag.
func multiplyHashed(items [][]byte, tag string, k *ristretto.Scalar) []element {
	half := ristretto.Half(k)
	defer wipe(half)
	return multiplyEach(len(items), half, func(lo, hi int) *ristretto.Points {
		return ristretto.HashAll(items[lo:hi], []byte(tag))
	})
}

// multiplyEach multiplies by half of a scalar and encodes the doubles, which
// share their inversions.
func multiplyEach(n int, half *ristretto.Scalar, batch func(lo, hi int) *ristretto.Points) []element {
	out := make([]element, n)
	_ = inBatches(n, pointBatch, func(lo, hi int) error { // the work cannot fail
		put(out[lo:], batch(lo, hi).Multiply(half).EncodeDoubles())
		return nil
	})
	return out
}

// sum returns the sum of k·p over public scalars and points, in variable time.
// Each core sums a part.
func (p *points) sum(k []*ristretto.Scalar) *ristretto.Point {
	cores := runtime.GOMAXPROCS(0)
	sums := make([]ristretto.Sum, cores)
	_ = inBatches(cores, 1, func(core, _ int) error { // the work cannot fail
		for b := core; b < len(p.batches); b += cores {
			lo := b * pointBatch
			sums[core].Add(k[lo:lo+p.batches[b].Len()], p.batches[b])
		}
		return nil
	})
	total := ristretto.Identity()
	for i := range min(cores, len(p.batches)) {
		total.Add(total, sums[i].Total())
	}
	return total
}

func put(out []element, encoded [][elementSize]byte) {
	for i, e := range encoded {
		out[i] = e
	}
}
