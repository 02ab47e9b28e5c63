package draw_test

import (
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/draw"
)

// drawer is any of the pictures.
type drawer interface{ Draw() (draw.Drawing, error) }

func TestChartsAreDrawn(t *testing.T) {
	for name, c := range map[string]drawer{
		"bars": draw.Bars{Title: "Selectors by kind", Unit: "Different", Bars: []draw.Bar{
			{Label: "phone", Value: 153, Link: "/selectors?kind=phone"},
			{Label: "e-mail", Value: 33.5, Low: 20, High: 60},
			{Label: "نورة بترسون", Value: 0},
			{Label: "a name that is long enough to need three lines at the left of its bar, and gets them", Value: 1200, Note: "as counted"},
		}},
		"spark": draw.Spark{Title: "Messages a day", Values: []float64{3, 5, 0, math.NaN(), 8, 13, 2}, Labels: []string{"Monday"}},
		"heat": draw.Heat{Title: "What each says of each", Columns: []string{"H1 as told", "H2 lesser contact", "H3 planted", "H4 misattributed by somebody else"}, Rows: []draw.HeatRow{
			{Label: "two sources", Cells: []draw.HeatCell{{Value: 0.5, Text: "C"}, {Value: 1, Text: "CC"}, {Value: 0, Text: "N"}, {Value: -1, Text: "II", Note: "no trace"}}},
			{Label: "what the officials said when they were asked again", Link: "#x", Cells: []draw.HeatCell{{Value: -0.5, Text: "I"}, {Value: 0.25, Text: "C"}, {Value: 0.75, Text: "C"}, {Value: 0, Text: "N"}}},
		}},
		"calibration": draw.Calibration{Title: "Forecasts of 2026", Forecasts: []draw.Forecast{{0.9, 0.85, 20}, {0.1, 0.05, 12}, {0.5, 0.6, 4}}},
		"balance":     draw.Balance{Title: "Given and got", Unit: "tearlines", Sides: []draw.TwoSides{{Label: "South", Given: 2, Got: 11, Link: "/"}, {Label: "دائرة الشرق", Given: 4, Got: 0}}},
		"mosaic":      draw.Mosaic{Title: "IMG_0001.jpg", Picture: slope(640, 480)}, "mosaic-of-a-line": draw.Mosaic{Title: "line", Picture: slope(1, 500)},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := c.Draw()
			if err != nil {
				t.Fatal(err)
			}
			sound(t, d)
			golden(t, name, d)
		})
	}
}

// slope is a picture that gets brighter to the right.
func slope(w, h int) image.Image {
	g := image.NewGray(image.Rect(3, 5, 3+w, 5+h))
	for x := 3; x < 3+w; x++ {
		for y := 5; y < 5+h; y++ {
			g.SetGray(x, y, color.Gray{uint8((x - 3) * 255 / w)})
		}
	}
	return g
}

// A picture without a point is no reason to fail.
func TestMosaicOfNothing(t *testing.T) {
	d, err := draw.Mosaic{Title: "none", Picture: image.NewGray(image.Rect(0, 0, 0, 0))}.Draw()
	if err != nil {
		t.Fatal(err)
	}
	sound(t, d)
}

func TestChartsThatCannotBeDrawn(t *testing.T) {
	for words, c := range map[string]drawer{
		"201 bars: it shows at most 200": draw.Bars{Bars: make([]draw.Bar, 201)},
		"2,001 values":                   draw.Spark{Values: make([]float64, 2001)},
		"13 columns":                     draw.Heat{Columns: make([]string, 13)},
		"101 rows":                       draw.Heat{Rows: make([]draw.HeatRow, 101)},
		"row 0 has 0 cells, not one for each of 1": draw.Heat{Columns: []string{"H1"}, Rows: make([]draw.HeatRow, 1)},
		"101 groups of forecasts":                  draw.Calibration{Forecasts: make([]draw.Forecast, 101)},
		"201 counterparts":                         draw.Balance{Sides: make([]draw.TwoSides, 201)},
		"20,001 events":                            draw.Timeline{Events: make([]draw.Event, 20_001)},
		"20,001 places":                            draw.Map{Spots: make([]draw.Spot, 20_001)},
	} {
		if _, err := c.Draw(); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%v, not %s", err, words)
		}
	}
}

func TestFewForecastsSaySo(t *testing.T) {
	d, err := draw.Calibration{Forecasts: []draw.Forecast{{0.5, 1, 3}}}.Draw()
	if err != nil || d.Note != "A curve says little below some 30 forecasts; these are 3." {
		t.Errorf("%q, %v", d.Note, err)
	}
}

// Whatever the numbers and the names, a chart is sound and nothing lies outside.
func TestAnyChart(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom(hostile), rapid.SampledFrom(people))
	number := rapid.OneOf(rapid.Float64(), rapid.Float64Range(-2, 2), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.MaxFloat64, -math.MaxFloat64}))
	rapid.Check(t, func(t *rapid.T) {
		var b draw.Bars
		var s draw.Spark
		var h draw.Heat
		var k draw.Calibration
		var two draw.Balance
		h.Columns = []string{text.Draw(t, "column"), text.Draw(t, "column")}
		for range rapid.IntRange(0, 8).Draw(t, "rows") {
			b.Bars = append(b.Bars, draw.Bar{Label: text.Draw(t, "label"), Link: text.Draw(t, "link"), Note: text.Draw(t, "note"), Value: number.Draw(t, "value"), Low: number.Draw(t, "low"), High: number.Draw(t, "high")})
			s.Values, s.Labels = append(s.Values, number.Draw(t, "value")), append(s.Labels, text.Draw(t, "label"))
			cell := func() draw.HeatCell {
				return draw.HeatCell{Value: number.Draw(t, "value"), Text: text.Draw(t, "text"), Note: text.Draw(t, "note")}
			}
			h.Rows = append(h.Rows, draw.HeatRow{Label: text.Draw(t, "label"), Cells: []draw.HeatCell{cell(), cell()}})
			k.Forecasts = append(k.Forecasts, draw.Forecast{Said: number.Draw(t, "said"), Came: number.Draw(t, "came"), N: rapid.Int().Draw(t, "n")})
			two.Sides = append(two.Sides, draw.TwoSides{Label: text.Draw(t, "label"), Given: rapid.Int().Draw(t, "given"), Got: rapid.Int().Draw(t, "got")})
		}
		for _, c := range []drawer{b, s, h, k, two} {
			d, err := c.Draw()
			if err != nil {
				t.Fatal(err)
			}
			sound(t, d)
			insidePicture(t, d)
		}
	})
}

// FuzzText draws a text wherever a picture has one.
func FuzzText(f *testing.F) {
	for _, s := range append(hostile, people...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		g := draw.Graph{
			Title: s, Description: s, Nodes: []draw.Node{{ID: s, Label: s, Kind: draw.Kind(s), Link: s, Note: s}, {ID: s + "x", Label: "x"}},
			Edges: []draw.Edge{{From: s, To: s + "x", Label: s}},
		}
		for _, layout := range []draw.Layout{draw.Layered, draw.Stress} {
			d, err := g.Draw(layout)
			if err != nil {
				t.Fatal(err)
			}
			sound(t, d)
		}
		for _, c := range []drawer{
			draw.Timeline{Title: s, Events: []draw.Event{{Label: s, Lane: s, Kind: draw.Kind(s), Link: s, Note: s, From: at("2026-08-24T07:30:00Z")}}},
			draw.Map{Title: s, Area: draw.Area{West: -30, South: -20, East: -10, North: -10}, Spots: []draw.Spot{{Label: s, Kind: draw.Kind(s), Link: s, Note: s, Lat: -15, Lon: -20}}},
			draw.Bars{Title: s, Unit: s, Bars: []draw.Bar{{Label: s, Link: s, Note: s, Value: 1}}},
			draw.Heat{Title: s, Columns: []string{s}, Rows: []draw.HeatRow{{Label: s, Link: s, Cells: []draw.HeatCell{{Text: s, Note: s}}}}},
			draw.Balance{Title: s, Unit: s, Sides: []draw.TwoSides{{Label: s, Link: s}}},
		} {
			d, err := c.Draw()
			if err != nil {
				t.Fatal(err)
			}
			sound(t, d)
		}
	})
}
