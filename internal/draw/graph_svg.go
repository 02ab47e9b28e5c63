package draw

import (
	"fmt"
	"slices"
	"strings"

	"parley/internal/legible"
)

// mostEdgeLabels is up to how many edges their labels are written beside them;
// in a denser graph they would hide it. They are in the table in any case.
const mostEdgeLabels = 120

// Draw lays a graph out and draws it.
func (g Graph) Draw(l Layout) (Drawing, error) {
	p, err := g.Place(l)
	if err != nil {
		return Drawing{}, err
	}
	return p.Draw(), nil
}

// Draw draws a graph that is laid out.
func (p Placed) Draw() Drawing {
	var c canvas
	heaviest, names := 0.0, map[string]string{}
	for _, n := range p.Nodes {
		names[n.ID] = legible.Plain(n.Label, MostOfLabel)
	}
	for _, e := range p.Edges {
		heaviest = max(heaviest, e.Weight)
	}
	for i, e := range p.Edges {
		drawEdge(&c, e, p.Paths[i], names, heaviest)
	}
	unlabelled := p.drawEdgeLabels(&c)
	for i, n := range p.Nodes {
		drawNode(&c, n, p.Boxes[i])
	}
	var used []Kind
	for _, n := range p.Nodes {
		used = append(used, n.Kind)
	}
	width, height := legend(&c, used, p.Width, p.Height)
	d := picture("graph", p.Title, p.Description, width, height, &c)
	if unlabelled > 0 {
		d.Note = legible.Plural(unlabelled, "line has", "lines have") + " no room for a label; the table has them all."
	}
	d.Table = p.table()
	return d
}

func drawEdge(c *canvas, e Edge, path Path, names map[string]string, heaviest float64) {
	class := "edge"
	if e.Doubtful {
		class += " doubtful"
	}
	width := 1.2
	if heaviest > 0 && e.Weight > 0 {
		width = 1 + 2.5*e.Weight/heaviest
	}
	c.begin("g", "class", class)
	c.say(edgeTitle(e, names), "title")
	dashes := ""
	if e.Doubtful {
		dashes = "4 4"
	}
	c.empty("path", "d", curve(path), "stroke", "currentColor", "stroke-width", num(width), "stroke-dasharray", dashes)
	if e.Directed {
		c.empty("path", "class", "arrow", "d", arrow(path, 6+width), "fill", "currentColor")
	}
	c.end()
}

// edgeTitle is what stands over an edge.
func edgeTitle(e Edge, names map[string]string) string {
	sign := "–"
	if e.Directed {
		sign = "→"
	}
	title := names[e.From] + " " + sign + " " + names[e.To]
	if e.Label != "" {
		title += ": " + legible.Plain(e.Label, MostOfLabel)
	}
	return title
}

// curve writes a path as SVG has it.
func curve(path Path) string {
	var b strings.Builder
	for i, d := range path {
		switch {
		case i == 0:
			b.WriteString("M")
		case len(path) == 2:
			b.WriteString("L")
		case i == 1:
			b.WriteString("C")
		default:
			b.WriteByte(' ')
		}
		b.WriteString(num(d.X) + " " + num(d.Y))
	}
	return b.String()
}

// arrow is a triangle at the end of a path.
func arrow(path Path, size float64) string {
	tip := path[len(path)-1]
	back := path[len(path)-2]
	dx, dy := tip.X-back.X, tip.Y-back.Y
	length := max(hypotenuse(dx, dy), 1e-6)
	dx, dy = dx/length*size, dy/length*size
	return "M" + num(tip.X) + " " + num(tip.Y) + "L" + num(tip.X-dx-dy*0.45) + " " + num(tip.Y-dy+dx*0.45) +
		"L" + num(tip.X-dx+dy*0.45) + " " + num(tip.Y-dy-dx*0.45) + "Z"
}

// drawEdgeLabels writes labels where they hide nothing, and returns for how
// many there was no such place.
func (p Placed) drawEdgeLabels(c *canvas) (without int) {
	var taken []box
	for _, b := range p.Boxes {
		taken = append(taken, box{b.X, b.Y, b.Width, b.Height})
	}
	for i, e := range p.Edges {
		if e.Label == "" {
			continue
		}
		l := oneLine(e.Label, 28)
		at, found := box{}, false
		if len(p.Edges) <= mostEdgeLabels {
			at, found = room(p.Paths[i], l, taken, box{0, 0, p.Width, p.Height})
		}
		if !found {
			without++
			continue
		}
		taken = append(taken, at)
		c.text(l, "edge-label", at.middle().x, at.y, atMiddle)
	}
	return without
}

// room looks for a place for a label on a path.
func room(path Path, l label, taken []box, whole box) (box, bool) {
	for _, t := range []float64{0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8} {
		m := along(path, t)
		b := box{m.x - l.w/2, m.y - l.h/2, l.w, l.h}
		inside := b.x >= 0 && b.y >= 0 && b.right() <= whole.w && b.bottom() <= whole.h
		if inside && !slices.ContainsFunc(taken, func(o box) bool { return b.meets(o, 1) }) {
			return b, true
		}
	}
	return box{}, false
}

// along is a point of a path, t of the way from its beginning.
func along(path Path, t float64) dot {
	if len(path) == 2 {
		return dot{path[0].X + (path[1].X-path[0].X)*t, path[0].Y + (path[1].Y-path[0].Y)*t}
	}
	curves := (len(path) - 1) / 3
	k := min(int(t*float64(curves)), curves-1)
	u := t*float64(curves) - float64(k)
	q := path[3*k : 3*k+4]
	mix := func(a, b, c, d float64) float64 {
		v := 1 - u
		return v*v*v*a + 3*v*v*u*b + 3*v*u*u*c + u*u*u*d
	}
	return dot{mix(q[0].X, q[1].X, q[2].X, q[3].X), mix(q[0].Y, q[1].Y, q[2].Y, q[3].Y)}
}

func drawNode(c *canvas, n Node, b Box) {
	kind := n.Kind.known()
	c.link(n.Link, "class", "node "+string(kind))
	title := legible.Plain(n.Label, MostOfLabel) + " (" + kinds[kind].name + ")"
	if n.Note != "" {
		title += ": " + legible.Plain(n.Note, MostOfLabel)
	}
	c.say(title, "title")
	c.rect("plate", box{b.X, b.Y, b.Width, b.Height}, "rx", "3", "stroke", "currentColor")
	sign(c, kind, b.X+padding+signWidth/2, b.Y+b.Height/2)
	c.text(wrapped(n.Label, labelWidth), "name", b.X+2*padding+signWidth+(b.Width-3*padding-signWidth)/2, b.Y+padding-1, atMiddle)
	c.end()
}

func (p Placed) table() Table {
	t := Table{Columns: columns("From", "To", "What", "Weight#")}
	name := map[string]Node{}
	lonely := map[string]bool{}
	for _, n := range p.Nodes {
		name[n.ID], lonely[n.ID] = n, true
	}
	for _, e := range p.Edges {
		from, to := name[e.From], name[e.To]
		delete(lonely, e.From)
		delete(lonely, e.To)
		what := e.Label
		if e.Doubtful {
			what = strings.TrimSpace(what + " (doubtful)")
		}
		t.Rows = append(t.Rows, []Cell{nodeCell(from), nodeCell(to), {Text: what}, {Text: weight(e.Weight)}})
	}
	for _, n := range p.Nodes {
		if lonely[n.ID] {
			t.Rows = append(t.Rows, []Cell{nodeCell(n), {Text: "–"}, {Text: n.Note}, {}})
		}
	}
	return t
}

func nodeCell(n Node) Cell {
	return Cell{Text: fmt.Sprintf("%s (%s)", n.Label, kinds[n.Kind.known()].name), Link: n.Link}
}

func weight(w float64) string {
	if w == 0 {
		return ""
	}
	return legible.Decimal(w)
}
