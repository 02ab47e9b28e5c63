package draw_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"syscall"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/draw"
)

// claims is the chain of a story: two sources, a magazine, a repeat, a denial.
func claims() draw.Graph {
	return draw.Graph{
		Title: "Where it began", Description: "Claims from left to right, from where each began to the proposition.",
		Nodes: []draw.Node{
			{ID: "o", Label: "not named, behind Source-1", Kind: draw.Origin},
			{ID: "s1", Label: "Source-1", Kind: draw.Source, Note: "F"},
			{ID: "s2", Label: "Source-2", Kind: draw.Source},
			{ID: "m", Label: "Magazine", Kind: draw.Claim, Link: "#note--05a11bf3"},
			{ID: "r", Label: "The second outlet that tells it again", Kind: draw.Claim},
			{ID: "a", Label: "State A", Kind: draw.Denial},
			{ID: "p", Label: "Intercepted messages went from A to B", Kind: draw.Proposition},
		},
		Edges: []draw.Edge{
			{From: "o", To: "s1", Label: "told", Directed: true},
			{From: "o", To: "s2", Label: "may be the same", Directed: true, Doubtful: true},
			{From: "s1", To: "m", Label: "told", Directed: true},
			{From: "s2", To: "m", Directed: true},
			{From: "m", To: "r", Label: "repeats", Directed: true},
			{From: "m", To: "p", Label: "asserts", Directed: true},
			{From: "r", To: "p", Directed: true},
			{From: "a", To: "p", Label: "denies", Directed: true},
		},
	}
}

func TestGraphsAreDrawn(t *testing.T) {
	for name, c := range map[string]struct {
		graph  draw.Graph
		layout draw.Layout
	}{
		"claims": {claims(), draw.Layered}, "contacts": {contacts(30), draw.Stress}, "empty": {draw.Graph{Title: "Nobody"}, draw.Stress},
		"circle": {draw.Graph{Title: "Round", Nodes: []draw.Node{{ID: "a", Label: "A"}, {ID: "b", Label: "B"}, {ID: "c", Label: "C"}}, Edges: []draw.Edge{{From: "a", To: "b"}, {From: "b", To: "c"}, {From: "c", To: "a", Directed: true}, {From: "b", To: "b"}}}, draw.Layered},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := c.graph.Draw(c.layout)
			if err != nil {
				t.Fatal(err)
			}
			sound(t, d)
			golden(t, name, d)
		})
	}
}

// In layers what comes first is at the left.
func TestOriginsAreLeftOfWhatFollows(t *testing.T) {
	p, err := claims().Place(draw.Layered)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]float64{}
	for i, n := range p.Nodes {
		at[n.ID] = p.Boxes[i].X + p.Boxes[i].Width/2
	}
	for _, e := range p.Edges {
		if at[e.From] >= at[e.To] {
			t.Errorf("%s is not left of %s", e.From, e.To)
		}
	}
}

func TestGraphsThatCannotBeDrawn(t *testing.T) {
	two := []draw.Node{{ID: "a"}, {ID: "b"}}
	for words, g := range map[string]draw.Graph{
		"nodes 0 and 1 have the same id": {Nodes: []draw.Node{{ID: "a"}, {ID: "a"}}},
		"edge 0 joins \"a\" and \"x\"":   {Nodes: two, Edges: []draw.Edge{{From: "a", To: "x"}}},
		"at most 300":                    contacts(301),
		"at most 2,000":                  {Nodes: two, Edges: make([]draw.Edge, 2001)},
	} {
		if _, err := g.Draw(draw.Stress); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%v, not %s", err, words)
		}
	}
	if _, err := (draw.Graph{Nodes: two}).Place("spiral"); err == nil || !strings.Contains(err.Error(), `no layout "spiral"`) {
		t.Error(err)
	}
	var many draw.TooManyError
	if _, err := contacts(400).Place(draw.Stress); !errors.As(err, &many) || many.Has != 400 {
		t.Error(err)
	}
	if g, left, lines := contacts(1000).Busiest(60); len(g.Nodes) != 60 || left != 940 || lines != 0 || g.Nodes[0].ID != "0" {
		t.Errorf("%d nodes, %d left out, and %d lines", len(g.Nodes), left, lines)
	}
	dense := draw.Graph{Nodes: two}
	for i := range 3000 {
		dense.Edges = append(dense.Edges, draw.Edge{From: "a", To: "b", Weight: float64(i)})
	}
	if g, left, lines := dense.Busiest(60); len(g.Nodes) != 2 || left != 0 || lines != 1000 || g.Edges[1999].Weight != 1000 {
		t.Errorf("%d nodes and %d lines are left out", left, lines)
	}
}

// Another view reads the layout from its JSON and draws the same.
func TestPlacedGraphAsJSON(t *testing.T) {
	p, err := contacts(20).Place(draw.Stress)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back draw.Placed
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if p.Draw().SVG != back.Draw().SVG {
		t.Error("the graph is drawn otherwise after its JSON was read")
	}
	for _, key := range []string{`"nodes":[{"id":"0","label":"Amira Haddad 0","kind":"person","link":"/selectors/S1"}`, `"boxes":[{"x":`, `"paths":[[{"x":`} {
		if !strings.Contains(string(text), key) {
			t.Errorf("the JSON has no %s", key)
		}
	}
}

// Whatever the graph: everything is inside, no two nodes meet, the picture is
// sound, the same graph gives the same bytes.
func TestAnyGraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "nodes")
		g := draw.Graph{Title: rapid.String().Draw(t, "title")}
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom(hostile), rapid.SampledFrom(people))
		for i := range n {
			g.Nodes = append(g.Nodes, draw.Node{ID: fmt.Sprint(i), Label: text.Draw(t, "label"), Kind: draw.Kind(text.Draw(t, "kind")), Link: text.Draw(t, "link"), Note: text.Draw(t, "note")})
		}
		if n > 0 {
			end := rapid.IntRange(0, n-1)
			for range rapid.IntRange(0, 60).Draw(t, "edges") {
				g.Edges = append(g.Edges, draw.Edge{
					From: fmt.Sprint(end.Draw(t, "from")), To: fmt.Sprint(end.Draw(t, "to")), Label: text.Draw(t, "what"),
					Weight: float64(rapid.IntRange(0, 9).Draw(t, "weight")), Directed: rapid.Bool().Draw(t, "directed"), Doubtful: rapid.Bool().Draw(t, "doubtful"),
				})
			}
		}
		layout := rapid.SampledFrom([]draw.Layout{draw.Layered, draw.Stress}).Draw(t, "layout")
		p, err := g.Place(layout)
		if err != nil {
			t.Fatal(err)
		}
		inside(t, p)
		d := p.Draw()
		sound(t, d)
		if again, err := g.Draw(layout); err != nil || again.SVG != d.SVG {
			t.Fatalf("the same graph is drawn otherwise: %v", err)
		}
	})
}

func inside(t *rapid.T, p draw.Placed) {
	for i, b := range p.Boxes {
		if !(b.X >= 0 && b.Y >= 0 && b.X+b.Width <= p.Width && b.Y+b.Height <= p.Height) {
			t.Fatalf("node %d is at %+v in %v×%v", i, b, p.Width, p.Height)
		}
		for k, o := range p.Boxes[:i] {
			if b.X < o.X+o.Width && o.X < b.X+b.Width && b.Y < o.Y+o.Height && o.Y < b.Y+b.Height {
				t.Fatalf("nodes %d and %d meet: %+v, %+v", k, i, o, b)
			}
		}
	}
	for i, path := range p.Paths {
		for _, d := range path {
			if !(d.X >= 0 && d.Y >= 0 && d.X <= p.Width && d.Y <= p.Height) {
				t.Fatalf("edge %d passes %+v in %v×%v", i, d, p.Width, p.Height)
			}
		}
	}
}

// BenchmarkGraph lays out and draws graphs; what it costs must not keep a page
// waiting.
func BenchmarkGraph(b *testing.B) {
	for _, layout := range []draw.Layout{draw.Stress, draw.Layered} {
		for _, n := range []int{50, draw.MostNodes} {
			g := contacts(n)
			b.Run(fmt.Sprintf("%s/%d", layout, n), func(b *testing.B) {
				size, side, before := 0, 0.0, processorTime(b)
				for b.Loop() {
					p, err := g.Place(layout)
					if err != nil {
						b.Fatal(err)
					}
					size, side = len(p.Draw().SVG), math.Sqrt(p.Width*p.Height)
				}
				b.ReportMetric((processorTime(b)-before).Seconds()*1000/float64(b.N), "cpu-ms/graph")
				b.ReportMetric(float64(size), "bytes")
				b.ReportMetric(side, "px")
			})
		}
	}
}

// processorTime is what the process has used, which other work on the machine
// stretches less than the clock.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
