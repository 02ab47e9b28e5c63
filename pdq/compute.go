package pdq

import (
	"errors"
	"image"
	"math"
	"slices"
)

// ErrTooSmall is returned by [Compute] for a picture with a side under five pixels.
var ErrTooSmall = errors.New("pdq: the picture has a side under 5 pixels; there is nothing to hash")

const (
	minSide = 5
	grid    = 64 // the side of what the picture is brought down to
	waves   = 16 // frequencies kept in each direction
	passes  = 2  // of the box filter, which makes a tent
)

// Compute gives the hash of a picture and its quality from 0 (a flat picture) to 100. Transparency
// is ignored. Any picture takes about the same few milliseconds and two megabytes; bounding the size
// of a file before its pixels are unpacked is [Decode]'s work.
func Compute(picture image.Image) (Hash, int, error) {
	size := picture.Bounds().Size()
	if size.X < minSide || size.Y < minSide {
		return Hash{}, 0, ErrTooSmall
	}
	gray := luminance(picture)
	gray.blur(windowFor(gray.width), windowFor(gray.height))
	small := gray.decimate()
	return sign(transform(&small)), quality(&small), nil
}

// windowFor gives the width of the box filter for a side, so that two passes reach about as far as
// the points that are kept lie apart.
func windowFor(side int) int { return (side + 2*grid - 1) / (2 * grid) }

type square [grid][grid]float32

// decimate keeps the pixel in the middle of each cell of a 64 × 64 grid.
func (p *plane) decimate() square {
	var small square
	for i := range grid {
		y := (2*i + 1) * p.height / (2 * grid)
		for j := range grid {
			x := (2*j + 1) * p.width / (2 * grid)
			small[i][j] = p.at[y*p.width+x]
		}
	}
	return small
}

// quality adds up how much neighbouring points differ, in whole percents of the range.
func quality(s *square) int {
	const fullScore = 90 // the sum that counts as one point of quality
	sum := 0
	step := func(u, v float32) {
		percent := int((u - v) * 100 / 255)
		sum += max(percent, -percent)
	}
	for i := range grid {
		for j := range grid {
			if i+1 < grid {
				step(s[i][j], s[i+1][j])
			}
			if j+1 < grid {
				step(s[i][j], s[i][j+1])
			}
		}
	}
	return min(sum/fullScore, 100)
}

type spectrum [waves * waves]float32

// cosines holds the rows 1 to 16 of the 64-point discrete cosine transform. Row 0, the average
// brightness, is left out.
var cosines = func() (rows [waves][grid]float32) {
	for i := range waves {
		for j := range grid {
			angle := math.Pi / (2 * grid) * float64(i+1) * float64(2*j+1)
			rows[i][j] = float32(math.Sqrt(2.0/grid) * math.Cos(angle))
		}
	}
	return rows
}()

// transform gives the low frequencies, rows first.
func transform(s *square) *spectrum {
	var half [waves][grid]float32
	for i := range waves {
		for k := range grid {
			factor := cosines[i][k]
			for j := range grid {
				half[i][j] += factor * s[k][j]
			}
		}
	}
	var out spectrum
	for i := range waves {
		for j := range waves {
			var sum float32
			for k := range grid {
				sum += half[i][k] * cosines[j][k]
			}
			out[i*waves+j] = sum
		}
	}
	return &out
}

// sign sets the bits of the frequencies that are stronger than the (lower) median.
func sign(s *spectrum) Hash {
	sorted := *s
	slices.Sort(sorted[:])
	median := sorted[len(sorted)/2-1]
	var h Hash
	for bit, strength := range s {
		if strength > median {
			h.set(bit)
		}
	}
	return h
}
