package draw

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Of the descent: how often every pair is looked at, and how near its distance
// the last steps bring it.
const (
	rounds = 24
	finest = 0.1
)

// spread lays nodes out by stress: the distance of two wants to be the number
// of steps between them. It descends on one pair after the other in an order
// drawn from a fixed seed (Zheng, Pawar and Goodman, "Graph Drawing by
// Stochastic Gradient Descent", 2018), part by part of the graph; then boxes are
// pushed apart and the parts are set beside each other.
func spread(boxes []box, j joined) {
	parts := components(j.beside)
	for _, part := range parts {
		at := descend(part, j.beside)
		var w, h float64
		for _, i := range part {
			w, h = w+boxes[i].w, h+boxes[i].h
		}
		n := float64(len(part))
		for k, i := range part {
			boxes[i].x = at[k].x*(w/n+2*nodeGap) - boxes[i].w/2
			boxes[i].y = at[k].y*(2*h/n+2*nodeGap) - boxes[i].h/2
		}
		pushApart(boxes, part)
	}
	shelve(boxes, parts)
}

// components are the parts that nothing joins, the largest first, each in the
// order of its nodes.
func components(beside [][]int) (parts [][]int) {
	seen := make([]bool, len(beside))
	for first := range beside {
		if seen[first] {
			continue
		}
		seen[first] = true
		part := []int{first}
		for k := 0; k < len(part); k++ {
			for _, next := range beside[part[k]] {
				if !seen[next] {
					seen[next] = true
					part = append(part, next)
				}
			}
		}
		slices.Sort(part)
		parts = append(parts, part)
	}
	slices.SortStableFunc(parts, func(a, b []int) int { return cmp.Compare(len(b), len(a)) })
	return parts
}

// pair is two nodes of a part and the steps between them.
type pair struct {
	a, b  int32
	steps float64
}

// descend places one part; a step is as long as 1.
func descend(part []int, beside [][]int) []dot {
	random := rand.New(rand.NewPCG(uint64(len(part)), 0x70_61_72_6c_65_79))
	at := make([]dot, len(part))
	for i := range at {
		at[i] = dot{random.Float64(), random.Float64()}
	}
	all, longest := pairs(part, beside)
	settle(at, all, longest, random)
	return at
}

// settle descends on all pairs, in an order that is drawn anew each round.
func settle(at []dot, all []pair, longest float64, random *rand.Rand) {
	if len(all) == 0 {
		return
	}
	// The step shrinks from one that moves the farthest pair whole to one that
	// moves neighbours a little.
	step := longest * longest
	shrink := math.Pow(finest/step, 1.0/(rounds-1))
	for range rounds {
		random.Shuffle(len(all), func(x, y int) { all[x], all[y] = all[y], all[x] })
		for _, p := range all {
			relax(&at[p.a], &at[p.b], p.steps, step)
		}
		step *= shrink
	}
}

// relax moves two nodes along the line between them. The products are rounded
// before they are added, so that every processor comes to the same picture.
func relax(a, b *dot, steps, step float64) {
	dx, dy := a.x-b.x, a.y-b.y
	distance := math.Sqrt(float64(dx*dx) + float64(dy*dy))
	if distance < 1e-9 {
		dx, dy, distance = 1e-3, 1e-3, 1.5e-3
	}
	move := min(1, step/float64(steps*steps)) * (distance - steps) / (2 * distance)
	mx, my := float64(move*dx), float64(move*dy)
	a.x, a.y, b.x, b.y = a.x-mx, a.y-my, b.x+mx, b.y+my
}

// pairs are all pairs of a part, with the longest distance among them.
func pairs(part []int, beside [][]int) (all []pair, longest float64) {
	local := make([]int32, len(beside)) // the place of a node in its part
	for k, i := range part {
		local[i] = int32(k)
	}
	all = make([]pair, 0, len(part)*(len(part)-1)/2)
	steps := make([]int32, len(part))
	queue := make([]int32, 0, len(part))
	for k := range part {
		for i := range steps {
			steps[i] = -1
		}
		steps[k], queue = 0, append(queue[:0], int32(k))
		for n := 0; n < len(queue); n++ {
			here := queue[n]
			for _, next := range beside[part[here]] {
				if to := local[next]; steps[to] < 0 {
					steps[to] = steps[here] + 1
					queue = append(queue, to)
				}
			}
		}
		for other := k + 1; other < len(part); other++ {
			d := float64(steps[other])
			all, longest = append(all, pair{int32(k), int32(other), d}), max(longest, d)
		}
	}
	return all, longest
}

// shelve sets parts beside each other in rows, like books of different height.
func shelve(boxes []box, parts [][]int) {
	const ratio = 1.6 // of the whole's width to its height
	area := 0.0
	frames := make([]box, len(parts))
	for k, part := range parts {
		f := box{math.Inf(1), math.Inf(1), 0, 0}
		for _, i := range part {
			f.x, f.y = min(f.x, boxes[i].x), min(f.y, boxes[i].y)
		}
		for _, i := range part {
			f.w, f.h = max(f.w, boxes[i].right()-f.x), max(f.h, boxes[i].bottom()-f.y)
		}
		frames[k] = f
		area += (f.w + 2*nodeGap) * (f.h + 2*nodeGap)
	}
	most := math.Sqrt(area * ratio)
	x, y, row := 0.0, 0.0, 0.0
	for k, part := range parts {
		f := frames[k]
		if x > 0 && x+f.w > most {
			x, y, row = 0, y+row+2*nodeGap, 0
		}
		for _, i := range part {
			boxes[i].x += x - f.x
			boxes[i].y += y - f.y
		}
		x, row = x+f.w+2*nodeGap, max(row, f.h)
	}
}
