package draw

import (
	"math"
	"math/rand/v2"
)

// Of graphs that are too large to look at every pair.
const (
	pivots        = 48  // nodes whose distance to every other is known
	pivotRounds   = 12  // of the descent towards the distances to pivots
	spreadRounds  = 24  // in which neighbours draw near and others push away
	pushRounds    = 12  // in which others push away alone
	elbow         = 0.6 // how near strangers come, in steps
	mostStrangers = 24  // that one node is pushed away from, in a round
)

// scatter places a part of a large graph; a step is as long as 1. Every node
// descends towards its distances to a few pivots (Ortmann, Klimenta and Brandes, "A
// Sparse Stress Model", 2016), which are placed by all of theirs; then neighbours draw
// near, and whatever lies on the same place is pushed apart.
func scatter(part []int, beside [][]int) []dot {
	if len(part) <= MostNodes {
		return descend(part, beside)
	}
	local := make([]int32, len(beside)) // the place of a node in its part
	for k, i := range part {
		local[i] = int32(k)
	}
	random := rand.New(rand.NewPCG(uint64(len(part)), 0x73_63_65_6e_65))
	fixed, steps := pivoted(part, beside, local)
	at := around(fixed, steps, random)
	roomy(at)
	cells := newCells(len(at))
	for round := range spreadRounds + pushRounds {
		if cool := 1 - float64(round)/spreadRounds; cool > 0 {
			for k, i := range part {
				for _, j := range beside[i] {
					if other := local[j]; int(other) > k {
						relax(&at[k], &at[other], 1, 0.3*cool)
					}
				}
			}
		}
		cells.push(at)
	}
	return at
}

// roomy makes a layout as large as its nodes need, if it is smaller.
func roomy(at []dot) {
	var middle dot
	for _, d := range at {
		middle.x, middle.y = middle.x+d.x/float64(len(at)), middle.y+d.y/float64(len(at))
	}
	spread := 0.0
	for _, d := range at {
		dx, dy := d.x-middle.x, d.y-middle.y
		spread += float64(dx*dx) + float64(dy*dy)
	}
	// A disc of n nodes that each have a square of twice an elbow has this spread.
	n := float64(len(at))
	wanted := n * n * 4 * elbow * elbow / (2 * math.Pi)
	if spread >= wanted || spread == 0 {
		return
	}
	times := math.Sqrt(wanted / spread)
	for k, d := range at {
		at[k] = dot{middle.x + float64((d.x-middle.x)*times), middle.y + float64((d.y-middle.y)*times)}
	}
}

// pivoted chooses pivots, each as far from those before as there is, and gives the
// steps from each of them to every node of the part.
func pivoted(part []int, beside [][]int, local []int32) (fixed []int32, steps [][]int32) {
	nearest := make([]int32, len(part))
	next := int32(0)
	for k, i := range part { // the one with the most neighbours first
		nearest[k] = math.MaxInt32
		if len(beside[i]) > len(beside[part[next]]) {
			next = int32(k)
		}
	}
	for range pivots {
		from := distances(next, part, beside, local)
		fixed, steps = append(fixed, next), append(steps, from)
		for k, d := range from {
			if nearest[k] = min(nearest[k], d); nearest[k] > nearest[next] {
				next = int32(k)
			}
		}
		if nearest[next] == 0 {
			break
		}
	}
	return fixed, steps
}

// distances are the steps from one node of a part to all of them.
func distances(from int32, part []int, beside [][]int, local []int32) []int32 {
	steps := make([]int32, len(part))
	for i := range steps {
		steps[i] = -1
	}
	steps[from] = 0
	queue := append(make([]int32, 0, len(part)), from)
	for n := 0; n < len(queue); n++ {
		here := queue[n]
		for _, next := range beside[part[here]] {
			if to := local[next]; steps[to] < 0 {
				steps[to] = steps[here] + 1
				queue = append(queue, to)
			}
		}
	}
	return steps
}

// around places the pivots by the steps between them, and then every other node by
// the steps to the pivots.
func around(fixed []int32, steps [][]int32, random *rand.Rand) []dot {
	at := make([]dot, len(steps[0]))
	var all []pair
	longest := 1.0
	for a := range fixed {
		for b := a + 1; b < len(fixed); b++ {
			d := float64(steps[a][fixed[b]])
			all, longest = append(all, pair{int32(a), int32(b), d}), max(longest, d)
		}
	}
	place := make([]dot, len(fixed))
	for i := range place {
		place[i] = dot{random.Float64(), random.Float64()}
	}
	settle(place, all, longest, random)
	for k := range at {
		at[k] = start(k, place, steps, random)
		step := longest * longest
		shrink := math.Pow(finest/step, 1.0/(pivotRounds-1))
		for range pivotRounds {
			for p := range fixed {
				if d := float64(steps[p][k]); d > 0 {
					draws(&at[k], place[p], d, step)
				}
			}
			step *= shrink
		}
	}
	for p, k := range fixed {
		at[k] = place[p]
	}
	return at
}

// start is beside the nearest pivot.
func start(k int, place []dot, steps [][]int32, random *rand.Rand) dot {
	nearest := 0
	for p := range place {
		if steps[p][k] < steps[nearest][k] {
			nearest = p
		}
	}
	return dot{place[nearest].x + random.Float64() - 0.5, place[nearest].y + random.Float64() - 0.5}
}

// draws moves a node along the line to a point that stays.
func draws(a *dot, to dot, steps, step float64) {
	dx, dy := a.x-to.x, a.y-to.y
	distance := math.Sqrt(float64(dx*dx) + float64(dy*dy))
	if distance < 1e-9 {
		dx, dy, distance = 1e-3, 1e-3, 1.5e-3
	}
	move := min(1, step/float64(steps*steps)) * (distance - steps) / distance
	a.x, a.y = a.x-float64(move*dx), a.y-float64(move*dy)
}

// cells finds what lies near: a table of squares by a number made of their place. Two
// squares of one number cost a look too many, and nothing else.
type cells struct {
	first []int32 // the first node of a number, or -1
	next  []int32 // the next of the same
}

func newCells(n int) *cells {
	size := 1
	for size < 2*n {
		size *= 2
	}
	return &cells{first: make([]int32, size), next: make([]int32, n)}
}

// cell is the square that a point lies in.
func cell(d dot) (x, y int32) {
	return int32(math.Floor(d.x / elbow)), int32(math.Floor(d.y / elbow))
}

func (c *cells) number(x, y int32) int {
	return int((uint32(x)*0x9e3779b1 ^ uint32(y)*0x85ebca6b) >> 7 & uint32(len(c.first)-1))
}

// push moves each node away from those nearer than an elbow.
func (c *cells) push(at []dot) {
	for i := range c.first {
		c.first[i] = -1
	}
	for k, d := range at {
		n := c.number(cell(d))
		c.next[k], c.first[n] = c.first[n], int32(k)
	}
	for k := range at {
		left, top := cell(at[k])
		met := 0
		for x := left - 1; x <= left+1; x++ {
			for y := top - 1; y <= top+1; y++ {
				for other := c.first[c.number(x, y)]; other >= 0 && met < mostStrangers; other = c.next[other] {
					if int(other) != k && apart(&at[k], &at[other], k, int(other)) {
						met++
					}
				}
			}
		}
	}
}

// apart moves two nodes away from each other, if they are nearer than an elbow. Two
// on one place go ways that their numbers say.
func apart(a, b *dot, k, other int) bool {
	dx, dy := a.x-b.x, a.y-b.y
	distance := math.Sqrt(float64(dx*dx) + float64(dy*dy))
	if distance >= elbow {
		return false
	}
	if distance < 1e-6 {
		turn := float64((k*31+other*17)%360) * math.Pi / 180
		dx, dy, distance = math.Cos(turn)*1e-3, math.Sin(turn)*1e-3, 1e-3
	}
	move := (elbow - distance) / (2 * distance)
	mx, my := float64(move*dx), float64(move*dy)
	a.x, a.y, b.x, b.y = a.x+mx, a.y+my, b.x-mx, b.y-my
	return true
}
