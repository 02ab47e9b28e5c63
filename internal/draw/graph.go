package draw

import (
	"cmp"
	"fmt"
	"slices"
)

// Bounds of a graph. A larger one is for another view: see [Graph.Busiest].
const (
	MostNodes = 300
	MostEdges = 2000
)

// Kind says what a node, an event or a point is. It decides the sign that it is
// drawn with, not its colour alone.
type Kind string

// The kinds. Any other is drawn as Other.
const (
	Person      Kind = "person"
	Account     Kind = "account" // a selector: a number, an address, a handle
	Device      Kind = "device"
	Group       Kind = "group" // an organisation, a chat
	Source      Kind = "source"
	Origin      Kind = "origin" // where a claim began
	Claim       Kind = "claim"
	Denial      Kind = "denial"
	Proposition Kind = "proposition"
	Message     Kind = "message"
	Call        Kind = "call"
	Picture     Kind = "picture"
	Location    Kind = "location"
	Warning     Kind = "warning"
	Other       Kind = "other"
)

// kinds has the sign of each kind: a shape, and what stands in the legend.
var kinds = map[Kind]struct{ shape, name string }{
	Person: {"circle", "person"}, Account: {"square", "account"}, Device: {"tablet", "device"}, Group: {"ring", "group"},
	Source: {"circle", "source"}, Origin: {"diamond", "origin"}, Claim: {"square", "claim"}, Denial: {"cross", "denial"},
	Proposition: {"bar", "proposition"}, Message: {"circle", "message"}, Call: {"diamond", "call"}, Picture: {"square", "picture"},
	Location: {"triangle", "place"}, Warning: {"cross", "warning"}, Other: {"ring", "other"},
}

func (k Kind) known() Kind {
	if _, known := kinds[k]; known {
		return k
	}
	return Other
}

// Graph is what is joined to what.
type Graph struct {
	Title       string `json:"title"`
	Description string `json:"description,omitempty"` // for who cannot see it
	Nodes       []Node `json:"nodes"`
	Edges       []Edge `json:"edges"`
}

// Node is one thing.
type Node struct {
	ID    string `json:"id"` // for edges; not shown
	Label string `json:"label"`
	Kind  Kind   `json:"kind"`
	Link  string `json:"link,omitempty"` // an address on the page's own site
	Note  string `json:"note,omitempty"` // more on it, in the table and over it
}

// Edge joins two nodes.
type Edge struct {
	From     string  `json:"from"`
	To       string  `json:"to"`
	Label    string  `json:"label,omitempty"`
	Weight   float64 `json:"weight,omitempty"` // 0: not weighed; more is drawn wider
	Directed bool    `json:"directed,omitempty"`
	Doubtful bool    `json:"doubtful,omitempty"` // it may not be: drawn in dashes
}

// joined is a graph with its edges as numbers of nodes.
type joined struct {
	at     map[string]int
	ends   [][2]int // an edge each
	beside [][]int  // a node each: its neighbours, itself left out, each once
}

// join looks the edges' ends up.
func (g Graph) join(mostNodes, mostEdges int) (joined, error) {
	j := joined{at: map[string]int{}, beside: make([][]int, len(g.Nodes))}
	if len(g.Nodes) > mostNodes {
		return j, TooManyError{"nodes", len(g.Nodes), mostNodes}
	}
	if len(g.Edges) > mostEdges {
		return j, TooManyError{"edges", len(g.Edges), mostEdges}
	}
	for i, n := range g.Nodes {
		if before, twice := j.at[n.ID]; twice {
			return j, fmt.Errorf("draw a graph: nodes %d and %d have the same id %q", before, i, n.ID)
		}
		j.at[n.ID] = i
	}
	for i, e := range g.Edges {
		from, known := j.at[e.From]
		to, knownTo := j.at[e.To]
		if !known || !knownTo {
			return j, fmt.Errorf("draw a graph: edge %d joins %q and %q, which are not both nodes", i, e.From, e.To)
		}
		j.ends = append(j.ends, [2]int{from, to})
		if from != to {
			j.beside[from], j.beside[to] = append(j.beside[from], to), append(j.beside[to], from)
		}
	}
	for i := range j.beside {
		slices.Sort(j.beside[i])
		j.beside[i] = slices.Compact(j.beside[i])
	}
	return j, nil
}

// Busiest is the part of a graph that the most goes through: the nodes with
// the greatest sums of weights, at most so many, and the edges between them. An
// edge without a weight counts as 1. It returns how many nodes were left out, and
// how many edges between those that are kept, the lightest.
func (g Graph) Busiest(most int) (part Graph, nodes, edges int) {
	if len(g.Nodes) <= most && len(g.Edges) <= MostEdges {
		return g, 0, 0
	}
	sum := map[string]float64{}
	for _, e := range g.Edges {
		w := cmp.Or(e.Weight, 1)
		sum[e.From] += w
		sum[e.To] += w
	}
	order := make([]int, len(g.Nodes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sum[g.Nodes[b].ID], sum[g.Nodes[a].ID]) })
	order = order[:min(most, len(order))]
	slices.Sort(order)
	part = Graph{Title: g.Title, Description: g.Description}
	kept := map[string]bool{}
	for _, i := range order {
		part.Nodes = append(part.Nodes, g.Nodes[i])
		kept[g.Nodes[i].ID] = true
	}
	for _, e := range g.Edges {
		if kept[e.From] && kept[e.To] {
			part.Edges = append(part.Edges, e)
		}
	}
	if len(part.Edges) > MostEdges {
		slices.SortStableFunc(part.Edges, func(a, b Edge) int { return cmp.Compare(b.Weight, a.Weight) })
		edges = len(part.Edges) - MostEdges
		part.Edges = part.Edges[:MostEdges]
	}
	return part, len(g.Nodes) - len(part.Nodes), edges
}
