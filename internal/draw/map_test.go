package draw_test

import (
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/draw"
)

// coast is where pictures were taken, here and there in the eastern
// Mediterranean, and a crowd in one town.
func coast() draw.Map {
	m := draw.Map{Title: "Places of E1", Description: "Where pictures and places of the telephone lie.", Spots: []draw.Spot{
		{Label: "IMG_0001.jpg", Kind: draw.Picture, Lat: 33.89, Lon: 35.50, Link: "/evidence/E1"},
		{Label: "محطة القطار", Kind: draw.Location, Lat: 36.2, Lon: 37.1, Radius: 90_000, Note: "from a cell, not a receiver"},
		{Label: "Hotel by the harbour, the second on the left", Kind: draw.Location, Lat: 34.68, Lon: 33.04},
		{Label: "nowhere", Kind: draw.Location, Lat: 123, Lon: 35},
	}, Address: func(a draw.Area) string {
		q := url.Values{}
		a.Set(q)
		return "/evidence/E1/map?" + q.Encode()
	}}
	for i := range 57 {
		m.Spots = append(m.Spots, draw.Spot{Label: fmt.Sprintf("IMG_1%03d.jpg", i), Kind: draw.Picture, Lat: 31.95 + float64(i)*0.002, Lon: 35.93})
	}
	return m
}

func TestMapsAreDrawn(t *testing.T) {
	world := coast()
	world.Area = draw.World
	for name, m := range map[string]draw.Map{"coast": coast(), "world": world, "one": {Title: "One", Spots: coast().Spots[:1]}} {
		t.Run(name, func(t *testing.T) {
			d, err := m.Draw()
			if err != nil {
				t.Fatal(err)
			}
			sound(t, d)
			golden(t, name, d)
		})
	}
}

// An area is in the address, and a reader zooms, moves and stays in the world.
func TestAreas(t *testing.T) {
	a := draw.Area{West: 5, South: 47, East: 15, North: 55}
	q := url.Values{}
	a.Set(q)
	if q.Get("area") != "5,47,15,55" {
		t.Error(q)
	}
	if back, err := draw.ReadArea(q); err != nil || back != a {
		t.Error(back, err)
	}
	if got := a.Zoomed(0.5); got != (draw.Area{West: 7.5, South: 49, East: 12.5, North: 53}) {
		t.Error(got)
	}
	if got := a.Zoomed(100); got != draw.World {
		t.Error(got)
	}
	if got := a.Moved(20, 0); got != (draw.Area{West: 170, South: 47, East: 180, North: 55}) {
		t.Error(got)
	}
	for _, bad := range []string{"1,2,3", "1,2,3,x", "NaN,2,3,4", "10,0,5,5", "0,10,5,5", "-181,0,5,5", "0,0,5,91", "1,2,3,4,5", strings.Repeat("1", 99) + ",2,3,4"} {
		if _, err := draw.ReadArea(url.Values{"area": {bad}}); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

// Without a place the map is the whole world.
func TestMapOfNothing(t *testing.T) {
	d, err := draw.Map{Title: "No place"}.Draw()
	if err != nil || d.Note != "" || len(d.Table.Rows) != 0 || !strings.Contains(string(d.SVG), "30°S") {
		t.Error(d.Note, err)
	}
	sound(t, d)
}

// What lies close together is one sign with its number, and nothing is lost.
func TestCrowdsAreCounted(t *testing.T) {
	d, err := coast().Draw()
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{">57</text>", "<title>57 places: IMG_1056.jpg", "/evidence/E1/map?area=", "محطة القطار"} {
		if !strings.Contains(string(d.SVG), words) {
			t.Errorf("the map has no %s", words)
		}
	}
	if d.Note != "1 place lies outside what is shown." || len(d.Table.Rows) != 60 {
		t.Errorf("%q, %d rows", d.Note, len(d.Table.Rows))
	}
}

// Whatever the places and the area: the map is sound, its places are inside,
// and each is in the table or counted as outside; their order does not matter.
func TestAnyMap(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom(hostile), rapid.SampledFrom(people))
	number := rapid.OneOf(rapid.Float64Range(-200, 200), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), 0, 90, -90, 180, -180, 1e300}))
	rapid.Check(t, func(t *rapid.T) {
		m := draw.Map{Title: text.Draw(t, "title")}
		for i := range rapid.IntRange(0, 30).Draw(t, "spots") {
			m.Spots = append(m.Spots, draw.Spot{
				Label: fmt.Sprint(i) + text.Draw(t, "label"), Kind: draw.Kind(text.Draw(t, "kind")), Link: text.Draw(t, "link"),
				Lat: number.Draw(t, "lat"), Lon: number.Draw(t, "lon"), Radius: number.Draw(t, "radius"),
			})
		}
		if rapid.Bool().Draw(t, "an area") {
			m.Area.West, m.Area.South = rapid.Float64Range(-180, 179).Draw(t, "west"), rapid.Float64Range(-90, 89).Draw(t, "south")
			m.Area.East, m.Area.North = rapid.Float64Range(m.Area.West+0.001, 180).Draw(t, "east"), rapid.Float64Range(m.Area.South+0.001, 90).Draw(t, "north")
		}
		d, err := m.Draw()
		if err != nil {
			t.Fatal(err)
		}
		sound(t, d)
		insidePicture(t, d)
		outside := 0
		if strings.Contains(d.Note, "outside") {
			if _, err := fmt.Sscanf(d.Note, "%d ", &outside); err != nil {
				t.Fatal(err)
			}
		}
		if len(d.Table.Rows)+outside != len(m.Spots) {
			t.Fatalf("%d rows and %d outside of %d places", len(d.Table.Rows), outside, len(m.Spots))
		}
		for i, j := 0, len(m.Spots)-1; i < j; i, j = i+1, j-1 {
			m.Spots[i], m.Spots[j] = m.Spots[j], m.Spots[i]
		}
		if again, err := m.Draw(); err != nil || again.SVG != d.SVG && !strings.Contains(fmt.Sprint(m.Spots), "NaN") {
			t.Fatal("the same places are drawn otherwise", err)
		}
	})
}

func BenchmarkMap(b *testing.B) {
	for name, m := range map[string]draw.Map{"world": {Area: draw.World}, "coast": coast()} {
		b.Run(name, func(b *testing.B) {
			size, before := 0, processorTime(b)
			for b.Loop() {
				d, err := m.Draw()
				if err != nil {
					b.Fatal(err)
				}
				size = len(d.SVG)
			}
			b.ReportMetric((processorTime(b)-before).Seconds()*1000/float64(b.N), "cpu-ms/map")
			b.ReportMetric(float64(size), "bytes")
		})
	}
}
