package console

import (
	"net/http"
	"time"

	"parley/internal/draw"
)

// guideBody is what the style guide shows beside its words: one of each
// drawing, with invented data.
type guideBody struct {
	Drawings []draw.Drawing
	Rows     []guideRow
	Heads    []heading
	At       time.Time
	Hostile  string
	Long     string
	Canvas   sceneBody
}

type guideRow struct {
	Name  string
	Count int
}

// guideNames has names of more than one direction, and one that is long.
var guideNames = []string{"Amira Haddad", "نورة بترسون", "Wolfgang von Hohenstein-Sonderbach und zu Lindenau", "דניאל לוי"}

// styleguide shows every part of the console's design live, and nothing of
// what the node holds.
func (c *console) styleguide(r *http.Request) (view, error) {
	at := time.Date(2026, 8, 24, 7, 30, 0, 0, time.UTC)
	b := guideBody{
		At: at, Hostile: "invoice\u202egpj.exe <script>alert(1)</script>",
		Long:   "A letter as it came.\nSecond line, kept as it was written.",
		Canvas: sceneBody{Title: "A canvas: contacts", Data: "/styleguide/canvas.json"},
	}
	for i, name := range guideNames {
		b.Rows = append(b.Rows, guideRow{name, (i*7 + 3) % 11})
	}
	var err error
	if b.Rows, b.Heads, err = ordered(r, b.Rows, []column[guideRow]{
		{Key: "name", Name: "Name", of: func(g guideRow) any { return g.Name }},
		{Key: "count", Name: "Findings", Number: true, of: func(g guideRow) any { return g.Count }},
	}); err != nil {
		return view{}, err
	}
	for _, one := range guidePictures(at) {
		d, err := one.Draw()
		if err != nil {
			return view{}, err
		}
		b.Drawings = append(b.Drawings, d)
	}
	return view{Page: "styleguide", Title: "Style guide", Body: b}, nil
}

// guideGraph draws a graph by one of the layouts.
type guideGraph struct {
	draw.Graph
	layout draw.Layout
}

func (g guideGraph) Draw() (draw.Drawing, error) { return g.Graph.Draw(g.layout) }

func guidePictures(at time.Time) []interface{ Draw() (draw.Drawing, error) } {
	var people, told draw.Graph
	people.Title, told.Title = "A graph: contacts", "A graph: origins of a claim"
	for i, name := range guideNames {
		people.Nodes = append(people.Nodes, draw.Node{ID: name, Label: name, Kind: []draw.Kind{draw.Person, draw.Account}[i%2]})
		if i > 0 {
			people.Edges = append(people.Edges, draw.Edge{From: guideNames[0], To: name, Weight: float64(i * i), Label: "wrote"})
		}
	}
	told.Nodes = []draw.Node{
		{ID: "o", Label: "not named, behind Source-1", Kind: draw.Origin},
		{ID: "s", Label: "Source-1", Kind: draw.Source},
		{ID: "m", Label: "Magazine", Kind: draw.Claim, Link: "#drawings"},
		{ID: "d", Label: "State A", Kind: draw.Denial},
		{ID: "p", Label: "Messages went from A to B", Kind: draw.Proposition},
	}
	told.Edges = []draw.Edge{
		{From: "o", To: "s", Label: "told", Directed: true},
		{From: "s", To: "m", Label: "told", Directed: true, Doubtful: true},
		{From: "m", To: "p", Label: "asserts", Directed: true},
		{From: "d", To: "p", Label: "denies", Directed: true},
	}
	return []interface{ Draw() (draw.Drawing, error) }{
		guideGraph{told, draw.Layered},
		guideGraph{people, draw.Stress},
		draw.Timeline{Title: "A timeline", Events: []draw.Event{
			{Lane: "SMS", Kind: draw.Message, From: at, Label: "Your order is ready"},
			{Lane: "Calls", Kind: draw.Call, From: at.Add(time.Hour), To: at.Add(3 * time.Hour), Label: "+1 202-555-0186"},
			{Lane: "Camera", Kind: draw.Picture, From: at.Add(5 * time.Hour), Before: time.Hour, After: 2 * time.Hour, Label: "IMG_0001.jpg"},
		}},
		draw.Map{Title: "A map", Spots: []draw.Spot{{Label: "a place within 40 km", Kind: draw.Location, Lat: 48.2, Lon: 16.4, Radius: 40_000}, {Label: "a picture", Kind: draw.Picture, Lat: 47.8, Lon: 13.05}}},
		draw.Bars{Title: "Bars", Unit: "Different", Bars: []draw.Bar{{Label: "phone", Value: 153}, {Label: "email", Value: 33, Low: 20, High: 60}}},
		draw.Spark{Title: "A spark", Values: []float64{3, 5, 2, 8, 13, 9}},
		draw.Heat{Title: "A matrix", Columns: []string{"H1 as told", "H2 planted"}, Rows: []draw.HeatRow{
			{Label: "two sources", Cells: []draw.HeatCell{{Value: 1, Text: "CC"}, {Value: -0.5, Text: "I"}}}, {Label: "a denial", Cells: []draw.HeatCell{{Value: 0, Text: "N"}, {Value: -1, Text: "II"}}},
		}},
		draw.Calibration{Title: "A curve of calibration", Forecasts: []draw.Forecast{{Said: 0.1, Came: 0.05, N: 20}, {Said: 0.5, Came: 0.6, N: 9}, {Said: 0.9, Came: 0.85, N: 14}}},
		draw.Balance{Title: "A balance", Unit: "tearlines", Sides: []draw.TwoSides{{Label: "South", Given: 4, Got: 11}, {Label: "East", Given: 7, Got: 2}}},
	}
}
