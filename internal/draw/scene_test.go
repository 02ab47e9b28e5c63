package draw_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"parley/internal/draw"
)

// A large graph is laid out in its bounds, the same each time; what is joined
// lies nearer than what is not, and few nodes lie on each other.
func TestLargeGraphsAreLaidOut(t *testing.T) {
	g := contacts(3000)
	s, err := g.Scene()
	if err != nil {
		t.Fatal(err)
	}
	again, err := g.Scene()
	if err != nil {
		t.Fatal(err)
	}
	one, two := encoded(t, s), encoded(t, again)
	if one != two {
		t.Error("the same graph is laid out otherwise")
	}
	table, err := g.SceneTable()
	if err != nil {
		t.Fatal(err)
	}
	if len(s.X) != len(g.Nodes) || len(s.From) != len(g.Edges) || len(table.Rows) != len(g.Nodes) {
		t.Fatalf("%d nodes and %d edges became %d and %d, and %d rows", len(g.Nodes), len(g.Edges), len(s.X), len(s.From), len(table.Rows))
	}
	for i, row := range table.Rows[:100] {
		if row[0].Text != s.Label[i] || row[0].Link != s.Link[i] {
			t.Errorf("node %d is %q, and its row %v", i, s.Label[i], row)
		}
	}
	for i := range s.X {
		if !(s.X[i] >= 0 && s.Y[i] >= 0 && s.X[i] <= s.Width && s.Y[i] <= s.Height) {
			t.Fatalf("node %d is at %v,%v in %v×%v", i, s.X[i], s.Y[i], s.Width, s.Height)
		}
	}
	joined, others := 0.0, 0.0
	for i := range s.From {
		joined += distance(s, s.From[i], s.To[i])
		others += distance(s, s.From[i], (s.To[i]+997)%len(s.X))
	}
	if joined*2 > others {
		t.Errorf("neighbours are %.0f pixels apart, strangers %.0f", joined/float64(len(s.From)), others/float64(len(s.From)))
	}
	places := map[[2]int]int{}
	for i := range s.X {
		places[[2]int{int(s.X[i] / 4), int(s.Y[i] / 4)}]++
	}
	if len(places) < len(s.X)*8/10 {
		t.Errorf("%d nodes lie on %d places", len(s.X), len(places))
	}
}

func distance(s draw.Scene, a, b int) float64 { return math.Hypot(s.X[a]-s.X[b], s.Y[a]-s.Y[b]) }

func encoded(t *testing.T, s draw.Scene) string {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Parts that nothing joins, nodes alone, an empty graph and one that is too large.
func TestScenesOfEverySort(t *testing.T) {
	var apart draw.Graph
	for i := range 2000 {
		apart.Nodes = append(apart.Nodes, draw.Node{ID: fmt.Sprint(i), Label: "a\u202eb", Link: "https://elsewhere.example"})
		if i%4 != 0 {
			apart.Edges = append(apart.Edges, draw.Edge{From: fmt.Sprint(i), To: fmt.Sprint(i - 1)})
		}
	}
	s, err := apart.Scene()
	if err != nil {
		t.Fatal(err)
	}
	if s.Label[0] != "a⟨U+202E⟩b" || s.Link[0] != "" {
		t.Errorf("%q leads to %q", s.Label[0], s.Link[0])
	}
	places := map[[2]float64]bool{}
	for i := range s.X {
		places[[2]float64{s.X[i], s.Y[i]}] = true
	}
	if len(places) < 2000 {
		t.Errorf("2000 nodes lie on %d places", len(places))
	}
	if s, err := (draw.Graph{}).Scene(); err != nil || len(s.X) != 0 {
		t.Error(len(s.X), err)
	}
	var many draw.TooManyError
	if _, err := contacts(draw.MostOfScene + 1).Scene(); !errors.As(err, &many) {
		t.Error(err)
	}
}

// BenchmarkScene lays large graphs out.
func BenchmarkScene(b *testing.B) {
	for _, n := range []int{draw.MostNodes, 3000, draw.MostOfScene} {
		g := contacts(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			size, before := 0, processorTime(b)
			for b.Loop() {
				s, err := g.Scene()
				if err != nil {
					b.Fatal(err)
				}
				text, err := json.Marshal(s)
				if err != nil {
					b.Fatal(err)
				}
				size = len(text)
			}
			b.ReportMetric((processorTime(b)-before).Seconds()*1000/float64(b.N), "cpu-ms/scene")
			b.ReportMetric(float64(size), "bytes")
		})
	}
}

// Every event of a timeline and every place of a map is a node of its scene, in its
// lane at its time, on the outlines; and the table has the same order.
func TestTimelinesAndMapsAreLaidOut(t *testing.T) {
	at := time.Date(2026, 8, 24, 7, 30, 0, 0, time.UTC)
	var line draw.Timeline
	var earth draw.Map
	for i := range 2000 {
		line.Events = append(line.Events, draw.Event{Label: fmt.Sprint(i), Lane: fmt.Sprint("lane ", i%3), Kind: draw.Message, From: at.Add(time.Duration(i*7919%2000) * time.Hour)})
		earth.Spots = append(earth.Spots, draw.Spot{Label: fmt.Sprint(i), Kind: draw.Location, Lat: float64(i%50) + 0.5, Lon: float64(i%40) - 10})
	}
	for name, one := range map[string]interface {
		Scene() (draw.Scene, error)
		SceneTable() (draw.Table, error)
	}{"timeline": line, "map": earth, "nothing": draw.Timeline{}, "nowhere": draw.Map{}} {
		s, err := one.Scene()
		if err != nil {
			t.Fatal(name, err)
		}
		table, err := one.SceneTable()
		if err != nil || len(table.Rows) != len(s.X) {
			t.Fatalf("%s: %d nodes, %d rows, %v", name, len(s.X), len(table.Rows), err)
		}
		if name == "timeline" || name == "map" {
			if len(s.X) != 2000 || len(s.Lines) < 5 {
				t.Errorf("%s: %d nodes before %d lines", name, len(s.X), len(s.Lines))
			}
		}
		for i, row := range table.Rows {
			if row[0].Text != s.Label[i] || s.X[i] < 0 || s.Y[i] < 0 || s.X[i] > s.Width || s.Y[i] > s.Height {
				t.Fatalf("%s: node %d is %q at %v,%v of %v×%v, its row %q", name, i, s.Label[i], s.X[i], s.Y[i], s.Width, s.Height, row[0].Text)
			}
			if name == "timeline" && i > 0 && s.X[i] < s.X[i-1] {
				t.Fatalf("event %d lies before the one before it", i)
			}
		}
	}
}
