package draw

import (
	"cmp"
	"slices"
)

// Of the layout in layers.
const (
	layerGap  = 64.0 // between a layer and the next, for the edges
	laneGap   = 10.0 // between an edge that passes a layer and what is beside it
	sweeps    = 8
	mostBends = 4000 // where edges pass layers; with more they go straight
)

// ladder is a graph in layers: after the nodes come the bends, places in the
// layers between where a long edge passes (Sugiyama, Tagawa and Toda, 1981).
type ladder struct {
	boxes  []box
	layer  []int
	before [][]int // joined to, one layer to the left
	after  [][]int
	layers [][]int // from left to right, each from above down
	chains [][]int // an edge each: its ends and bends, from left to right
}

// layered lays a graph out from left to right and returns the way of each edge.
func layered(boxes []box, j joined) [][]dot {
	if len(boxes) == 0 {
		return nil
	}
	l := ladder{boxes: slices.Clone(boxes), layer: rank(len(boxes), j.ends)}
	l.chain(j.ends)
	l.fill()
	l.order()
	l.across()
	l.down()
	copy(boxes, l.boxes)
	paths := make([][]dot, len(j.ends))
	for i, e := range j.ends {
		paths[i] = l.path(e, l.chains[i])
	}
	return paths
}

// rank gives each node its layer: behind everything that leads to it. An edge
// that closes a circle leads backwards. What nothing leads to stands right
// before what it leads to.
func rank(n int, ends [][2]int) []int {
	out := make([][]int, n)
	for _, e := range ends {
		out[e[0]] = append(out[e[0]], e[1])
	}
	order := finished(out)
	place := make([]int, n) // in the order; an edge to an earlier place closes a circle
	for k, i := range order {
		place[i] = k
	}
	layer := make([]int, n)
	for _, i := range order {
		for _, to := range out[i] {
			if place[to] > place[i] {
				layer[to] = max(layer[to], layer[i]+1)
			}
		}
	}
	for k := n - 1; k >= 0; k-- {
		i := order[k]
		next, led := n, layer[i] > 0
		for _, to := range out[i] {
			if place[to] > place[i] {
				next = min(next, layer[to])
			}
		}
		if !led && next < n {
			layer[i] = next - 1
		}
	}
	return layer
}

// finished orders nodes so that edges lead forward, but for those that close a
// circle: the order in which a search to the depth is done with them, reversed.
func finished(out [][]int) []int {
	type visit struct{ node, next int }
	seen := make([]bool, len(out))
	var order []int
	for first := len(out) - 1; first >= 0; first-- {
		if seen[first] {
			continue
		}
		seen[first] = true
		stack := []visit{{first, 0}}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if top.next == len(out[top.node]) {
				order = append(order, top.node)
				stack = stack[:len(stack)-1]
				continue
			}
			to := out[top.node][top.next]
			top.next++
			if !seen[to] {
				seen[to] = true
				stack = append(stack, visit{to, 0})
			}
		}
	}
	slices.Reverse(order)
	return order
}

// chain puts bends into the layers that edges pass.
func (l *ladder) chain(ends [][2]int) {
	bends := 0
	for _, e := range ends {
		bends += max(0, max(l.layer[e[0]], l.layer[e[1]])-min(l.layer[e[0]], l.layer[e[1]])-1)
	}
	for _, e := range ends {
		from, to := e[0], e[1]
		if l.layer[from] > l.layer[to] {
			from, to = to, from
		}
		chain := []int{from}
		for at := l.layer[from] + 1; at < l.layer[to] && bends <= mostBends; at++ {
			chain = append(chain, len(l.layer))
			l.layer = append(l.layer, at)
			l.boxes = append(l.boxes, box{})
		}
		l.chains = append(l.chains, append(chain, to))
	}
}

// fill puts everything into its layer.
func (l *ladder) fill() {
	l.before, l.after = make([][]int, len(l.boxes)), make([][]int, len(l.boxes))
	for _, chain := range l.chains {
		for k := 1; k < len(chain); k++ {
			a, b := chain[k-1], chain[k]
			if a != b {
				l.after[a], l.before[b] = append(l.after[a], b), append(l.before[b], a)
			}
		}
	}
	l.layers = make([][]int, slices.Max(l.layer)+1)
	for i, at := range l.layer {
		l.layers[at] = append(l.layers[at], i)
	}
}

// order puts what is joined beside each other, by the middle of the neighbours'
// places, to and fro.
func (l *ladder) order() {
	place := make([]float64, len(l.boxes))
	note := func(layer []int) {
		for k, i := range layer {
			place[i] = (float64(k) + 0.5) / float64(len(layer))
		}
	}
	for _, layer := range l.layers {
		note(layer)
	}
	for sweep := range sweeps {
		beside := l.before
		if sweep%2 == 1 {
			beside = l.after
		}
		for k := range l.layers {
			layer := l.layers[k]
			if sweep%2 == 1 {
				layer = l.layers[len(l.layers)-1-k]
			}
			wish := map[int]float64{}
			for _, i := range layer {
				wish[i] = mean(beside[i], place, place[i])
			}
			slices.SortStableFunc(layer, func(a, b int) int { return cmp.Compare(wish[a], wish[b]) })
			note(layer)
		}
	}
}

// mean is that of the values of some, or the other where there are none.
func mean(some []int, values []float64, other float64) float64 {
	if len(some) == 0 {
		return other
	}
	sum := 0.0
	for _, i := range some {
		sum += values[i]
	}
	return sum / float64(len(some))
}

// across gives each layer its place from left to right.
func (l *ladder) across() {
	x := 0.0
	for _, layer := range l.layers {
		w := 0.0
		for _, i := range layer {
			w = max(w, l.boxes[i].w)
		}
		for _, i := range layer {
			l.boxes[i].x = x + (w-l.boxes[i].w)/2
		}
		x += w + layerGap
	}
}

// down gives everything its height: as near to its neighbours as the order and
// the sizes allow.
func (l *ladder) down() {
	height := make([]float64, len(l.boxes)) // of the middles
	for _, layer := range l.layers {
		l.settle(layer, height)
	}
	all := make([][]int, len(l.boxes))
	for i := range all {
		all[i] = append(slices.Clone(l.before[i]), l.after[i]...)
	}
	for sweep := range sweeps + 1 {
		beside := [][][]int{l.before, l.after, all}[min(sweep%2+sweep/sweeps*2, 2)]
		for k := range l.layers {
			layer := l.layers[k]
			if sweep%2 == 1 {
				layer = l.layers[len(l.layers)-1-k]
			}
			for _, i := range layer {
				height[i] = mean(beside[i], height, height[i])
			}
			l.settle(layer, height)
		}
	}
	for i := range l.boxes {
		l.boxes[i].y = height[i] - l.boxes[i].h/2
	}
}

// settle moves the members of a layer from where they wish to be so that they
// keep their order and their distance, and the squares of the moves are least:
// isotonic regression by pooling neighbours.
func (l *ladder) settle(layer []int, height []float64) {
	type pool struct {
		sum float64
		n   int
	}
	offset := make([]float64, len(layer))
	var pools []pool
	for k, i := range layer {
		if k > 0 {
			gap := nodeGap
			if l.boxes[i].h == 0 || l.boxes[layer[k-1]].h == 0 {
				gap = laneGap
			}
			offset[k] = offset[k-1] + (l.boxes[layer[k-1]].h+l.boxes[i].h)/2 + gap
		}
		pools = append(pools, pool{height[i] - offset[k], 1})
		for len(pools) > 1 {
			last, before := pools[len(pools)-1], pools[len(pools)-2]
			if last.sum*float64(before.n) > before.sum*float64(last.n) {
				break
			}
			pools = append(pools[:len(pools)-2], pool{before.sum + last.sum, before.n + last.n})
		}
	}
	k := 0
	for _, p := range pools {
		for range p.n {
			height[layer[k]] = p.sum/float64(p.n) + offset[k]
			k++
		}
	}
}

// path bends an edge through its chain. It runs as the edge does, also where
// that is to the left.
func (l *ladder) path(ends [2]int, chain []int) []dot {
	if ends[0] == ends[1] {
		return loop(l.boxes[ends[0]])
	}
	first, last := l.boxes[chain[0]], l.boxes[chain[len(chain)-1]]
	if l.layer[chain[0]] == l.layer[chain[len(chain)-1]] { // a circle of two in one layer cannot be
		return []dot{rim(first, last.middle()), rim(last, first.middle())}
	}
	stops := []dot{{first.right(), first.middle().y}}
	for _, i := range chain[1 : len(chain)-1] {
		stops = append(stops, dot{l.boxes[i].x, l.boxes[i].y})
	}
	stops = append(stops, dot{last.x, last.middle().y})
	path := stops[:1:1]
	for k := 1; k < len(stops); k++ {
		a, b := stops[k-1], stops[k]
		half := (b.x - a.x) / 2
		path = append(path, dot{a.x + half, a.y}, dot{b.x - half, b.y}, b)
	}
	if ends[0] != chain[0] {
		slices.Reverse(path)
	}
	return path
}
