package console

import (
	"fmt"
	"slices"

	"parley/internal/assess"
	"parley/internal/draw"
	"parley/internal/legible"
)

// originsGraph draws how a proposition came to be told: from where each claim
// began, through the hands it went, to the proposition.
type originsGraph struct {
	draw.Graph
	known map[string]bool // nodes that are there
}

// drawOrigins draws the claims of an assessment. Where there are more hands
// than a picture shows, its busiest part is drawn.
func drawOrigins(a assess.Assessment) (draw.Drawing, error) {
	g := originsGraph{known: map[string]bool{}, Graph: draw.Graph{
		Title: "Where it began", Description: "From the origins at the left, through the hands that each claim went, to the proposition at the right.",
	}}
	g.node(draw.Node{ID: "proposition", Label: a.Text, Kind: draw.Proposition})
	for _, cl := range a.Claims {
		g.claim(cl, a.OriginList)
	}
	part, hands, lines := g.Busiest(draw.MostNodes)
	d, err := part.Draw(draw.Layered)
	if hands > 0 || lines > 0 {
		d.Note = fmt.Sprintf("%s and %s are left out: these are the busiest.", legible.Plural(hands, "hand", "hands"), legible.Plural(lines, "line", "lines"))
	}
	return d, err
}

func (g *originsGraph) node(n draw.Node) {
	if !g.known[n.ID] {
		g.known[n.ID] = true
		g.Nodes = append(g.Nodes, n)
	}
}

// claim adds the hands of one claim. Its claimant is the last of them, and is
// drawn as the claim.
func (g *originsGraph) claim(cl assess.ClaimView, origins []assess.Origin) {
	kind := draw.Claim
	if cl.Stance == assess.Denies {
		kind = draw.Denial
	}
	id := "claim " + string(cl.ID)
	g.node(draw.Node{ID: id, Label: cl.ClaimantName, Kind: kind, Link: "#" + string(cl.ID), Note: cl.Graded()})
	before := ""
	for i, hop := range cl.Chain[:max(len(cl.Chain)-1, 0)] {
		n := hand(cl, i, hop, origins)
		g.node(n)
		if before != "" {
			g.Edges = append(g.Edges, draw.Edge{From: before, To: n.ID, Label: hop.How, Directed: true})
		}
		before = n.ID
	}
	if before != "" {
		how := cl.Chain[len(cl.Chain)-1].How
		g.Edges = append(g.Edges, draw.Edge{From: before, To: id, Label: how, Directed: true})
	}
	for _, repeated := range cl.RepeatOf {
		if g.known["claim "+string(repeated)] {
			g.Edges = append(g.Edges, draw.Edge{From: "claim " + string(repeated), To: id, Label: "repeated", Directed: true, Doubtful: true})
		}
	}
	g.Edges = append(g.Edges, draw.Edge{From: id, To: "proposition", Label: string(cl.Stance), Directed: true, Doubtful: cl.Withdrawn})
}

// hand is one hop of a claim as a node. One that nobody can name is the same as
// another only where both stand for one origin.
func hand(cl assess.ClaimView, at int, hop assess.HopView, origins []assess.Origin) draw.Node {
	kind, id := draw.Source, string(hop.Who)
	if at == 0 {
		kind = draw.Origin
	}
	if hop.Who == "" {
		id = fmt.Sprintf("hop %d of %s", at, cl.ID)
		for k, o := range origins {
			if at == 0 && o.Hidden && slices.Contains(o.Claims, cl.ID) {
				return draw.Node{ID: fmt.Sprintf("origin %d", k), Label: o.Name, Kind: kind, Note: "source " + string(hop.Letter) + "; it may be another one that is not named"}
			}
		}
	}
	return draw.Node{ID: id, Label: hop.Name, Kind: kind, Note: "source " + string(hop.Letter)}
}
