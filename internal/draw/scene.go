package draw

import (
	"cmp"
	"slices"

	"parley/internal/legible"
)

// Bounds of a scene.
const (
	MostOfScene  = 30_000  // nodes
	MostOfWays   = 120_000 // edges
	labelOfScene = 60      // characters of a label
)

// Scene is a graph that is too large for a picture, laid out for a view that
// draws for itself. Its JSON is in columns, since names of fields would be most of it. A
// node's number is its place in them; the first have the most weight.
type Scene struct {
	Title  string   `json:"title"`
	Width  float64  `json:"width"`
	Height float64  `json:"height"`
	Kinds  []string `json:"kinds"`  // names of kinds, for the legend
	Shapes []string `json:"shapes"` // and the sign of each

	X     []float64 `json:"x"` // nodes
	Y     []float64 `json:"y"`
	Kind  []int     `json:"kind"` // a place in Kinds
	Label []string  `json:"label"`
	Link  []string  `json:"link"`

	From   []int     `json:"from"` // edges: numbers of nodes
	To     []int     `json:"to"`
	Weight []float64 `json:"weight"`

	Lines []Line `json:"lines"` // what lies behind: ticks of time, coasts
}

// Line is a line behind the nodes, as x and y of its points one after the other,
// with what is written at its beginning.
type Line struct {
	Points []float64 `json:"points"`
	Text   string    `json:"text,omitempty"`
}

func newScene(title string) Scene {
	return Scene{Title: legible.Plain(title, mostOfTitle), From: []int{}, To: []int{}, Weight: []float64{}, Lines: []Line{}}
}

// line puts a line behind the nodes.
func (s *Scene) line(text string, points ...dot) {
	if len(points) < 2 {
		return
	}
	l := Line{Text: text}
	for _, d := range points {
		l.Points = append(l.Points, tenth(d.x), tenth(d.y))
	}
	s.Lines = append(s.Lines, l)
}

// sceneStep is the length of a step in a scene, in pixels, and sceneSign the
// size of a node.
const (
	sceneStep = 26.0
	sceneSign = 8.0
)

// Scene lays a large graph out.
func (g Graph) Scene() (Scene, error) {
	j, err := g.join(MostOfScene, MostOfWays)
	if err != nil {
		return Scene{}, err
	}
	boxes := make([]box, len(g.Nodes))
	parts := components(j.beside)
	for _, part := range parts {
		for k, d := range scatter(part, j.beside) {
			boxes[part[k]] = box{d.x * sceneStep, d.y * sceneStep, sceneSign, sceneSign}
		}
	}
	shelve(boxes, parts)
	s := newScene(g.Title)
	number := make([]int, len(boxes))
	for n, i := range g.byWeight(j) {
		number[i] = n
		s.add(g.Nodes[i], boxes[i])
	}
	for i, e := range j.ends {
		s.From, s.To, s.Weight = append(s.From, number[e[0]]), append(s.To, number[e[1]]), append(s.Weight, g.Edges[i].Weight)
	}
	return s, nil
}

// SceneTable is what a graph's scene shows as a table, a row a node, in the order
// of their numbers. It lays nothing out.
func (g Graph) SceneTable() (Table, error) {
	j, err := g.join(MostOfScene, MostOfWays)
	if err != nil {
		return Table{}, err
	}
	t := Table{Columns: columns("Name", "Kind", "Lines#", "Note")}
	for _, i := range g.byWeight(j) {
		n := g.Nodes[i]
		t.Rows = append(t.Rows, []Cell{{Text: n.Label, Link: n.Link}, {Text: kinds[n.Kind.known()].name}, {Text: legible.Grouped(len(j.beside[i]))}, {Text: n.Note}})
	}
	return t, nil
}

// byWeight are the numbers of nodes, those that the most goes through first. An edge
// without a weight counts as 1.
func (g Graph) byWeight(j joined) []int {
	sums := make([]float64, len(g.Nodes))
	for i, e := range j.ends {
		for _, n := range e {
			sums[n] += cmp.Or(g.Edges[i].Weight, 1)
		}
	}
	order := make([]int, len(sums))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sums[b], sums[a]) })
	return order
}

// add puts a node into the columns.
func (s *Scene) add(n Node, at box) {
	kind := kinds[n.Kind.known()]
	place := slices.Index(s.Kinds, kind.name)
	if place < 0 {
		place = len(s.Kinds)
		s.Kinds, s.Shapes = append(s.Kinds, kind.name), append(s.Shapes, kind.shape)
	}
	link := ""
	if local(n.Link) {
		link = n.Link
	}
	m := at.middle()
	s.X, s.Y = append(s.X, tenth(m.x+margin)), append(s.Y, tenth(m.y+margin))
	s.Width, s.Height = max(s.Width, tenth(m.x+2*margin)), max(s.Height, tenth(m.y+2*margin))
	s.Kind, s.Link = append(s.Kind, place), append(s.Link, link)
	s.Label = append(s.Label, legible.Plain(n.Label, labelOfScene))
}
