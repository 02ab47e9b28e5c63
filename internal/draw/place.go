package draw

import (
	"fmt"
	"math"
)

// Layout says how a graph is laid out.
type Layout string

const (
	// Layered puts what comes first at the left and what follows from it to the
	// right: claims and their origins.
	Layered Layout = "layered"
	// Stress puts nodes as far apart as there are steps between them: contacts.
	Stress Layout = "stress"
)

// Placed is a graph with the place of everything, in pixels. As JSON it is what
// a view that draws for itself needs.
type Placed struct {
	Graph
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Boxes  []Box   `json:"boxes"` // a node each
	Paths  []Path  `json:"paths"` // an edge each
}

// Box is where a node is.
type Box struct {
	X      float64 `json:"x"` // of its upper left corner
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
}

// Path is the way of an edge. Two points are a straight line; more are cubic
// Bézier curves, each with two points of control and its end.
type Path []Point

// Point is a place in a picture, in pixels.
type Point struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// Sizes of a node, in pixels.
const (
	labelWidth = 150.0 // of the lines of a node's label
	signWidth  = 12.0
	padding    = 6.0
	nodeGap    = 14.0
	margin     = 16.0
)

// Place lays a graph out. No two nodes meet.
func (g Graph) Place(l Layout) (Placed, error) {
	j, err := g.join(MostNodes, MostEdges)
	if err != nil {
		return Placed{}, err
	}
	p := Placed{Graph: g, Boxes: make([]Box, len(g.Nodes)), Paths: make([]Path, len(g.Edges))}
	boxes := make([]box, len(g.Nodes))
	for i, n := range g.Nodes {
		text := wrapped(n.Label, labelWidth)
		boxes[i] = box{w: math.Ceil(text.w + signWidth + 3*padding), h: text.h + 2*padding - 2}
	}
	var paths [][]dot
	switch l {
	case Layered:
		paths = layered(boxes, j)
	case Stress:
		spread(boxes, j)
		paths = straight(boxes, j)
	default:
		return Placed{}, fmt.Errorf("draw a graph: there is no layout %q; take %q or %q", l, Layered, Stress)
	}
	p.fit(boxes, paths)
	return p, nil
}

// fit moves everything so that it begins at the margin.
func (p *Placed) fit(boxes []box, paths [][]dot) {
	low, high := dot{math.Inf(1), math.Inf(1)}, dot{math.Inf(-1), math.Inf(-1)}
	see := func(d dot) {
		low.x, low.y, high.x, high.y = min(low.x, d.x), min(low.y, d.y), max(high.x, d.x), max(high.y, d.y)
	}
	for _, b := range boxes {
		see(dot{b.x, b.y})
		see(dot{b.right(), b.bottom()})
	}
	for _, path := range paths {
		for _, d := range path {
			see(d)
		}
	}
	if len(boxes) == 0 {
		low, high = dot{}, dot{}
	}
	p.Width, p.Height = tenth(high.x-low.x+2*margin), tenth(high.y-low.y+2*margin)
	for i, b := range boxes {
		p.Boxes[i] = Box{tenth(b.x - low.x + margin), tenth(b.y - low.y + margin), b.w, b.h}
	}
	for i, path := range paths {
		p.Paths[i] = Path{}
		for _, d := range path {
			p.Paths[i] = append(p.Paths[i], Point{tenth(d.x - low.x + margin), tenth(d.y - low.y + margin)})
		}
	}
}

func tenth(f float64) float64 { return math.Round(f*10) / 10 }

// straight draws each edge from the rim of one box to that of the other.
func straight(boxes []box, j joined) [][]dot {
	paths := make([][]dot, len(j.ends))
	for i, e := range j.ends {
		from, to := boxes[e[0]], boxes[e[1]]
		if e[0] == e[1] {
			paths[i] = loop(from)
			continue
		}
		paths[i] = []dot{rim(from, to.middle()), rim(to, from.middle())}
	}
	return paths
}

// loop goes from a box to itself, over its upper right corner.
func loop(b box) []dot {
	return []dot{{b.right() - 12, b.y}, {b.right() - 12, b.y - 16}, {b.right() + 16, b.y + 9}, {b.right(), b.y + 9}}
}

// rim is where the line from a box's middle to a point leaves the box.
func rim(b box, to dot) dot {
	m := b.middle()
	dx, dy := to.x-m.x, to.y-m.y
	t := 1.0
	if dx != 0 {
		t = min(t, b.w/2/math.Abs(dx))
	}
	if dy != 0 {
		t = min(t, b.h/2/math.Abs(dy))
	}
	return dot{m.x + dx*t, m.y + dy*t}
}
