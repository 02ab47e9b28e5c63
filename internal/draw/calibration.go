package draw

import (
	"math"
	"slices"

	"parley/internal/legible"
)

// Calibration is how often what was forecast came true: on the diagonal a
// forecaster is well calibrated. Below some 30 forecasts it says nothing, and
// the picture says that.
type Calibration struct {
	Title       string     `json:"title"`
	Description string     `json:"description,omitempty"`
	Forecasts   []Forecast `json:"forecasts"` // a group of like forecasts each
}

// Forecast is a group of forecasts that said about the same.
type Forecast struct {
	Said float64 `json:"said"` // their mean, from 0 to 1
	Came float64 `json:"came"` // the share that came true, from 0 to 1
	N    int     `json:"n"`
}

// fewest is how many forecasts a curve needs.
const fewest = 30

// Draw draws the curve; the more forecasts a group has, the larger its mark.
func (k Calibration) Draw() (Drawing, error) {
	if len(k.Forecasts) > 100 {
		return Drawing{}, TooManyError{"groups of forecasts", len(k.Forecasts), 100}
	}
	const side, left, top = 300.0, 60.0, 12.0
	x := func(f float64) float64 { return left + side*share(f, 0, 1) }
	y := func(f float64) float64 { return top + side - side*share(f, 0, 1) }
	var c canvas
	for _, f := range []float64{0, 0.25, 0.5, 0.75, 1} {
		c.line("grid", x(f), top, x(f), top+side)
		c.line("grid", left, y(f), left+side, y(f))
		percent := oneLine(legible.Decimal(f*100)+" %", 8)
		c.text(percent, "tick", x(f), top+side+3, atMiddle)
		c.text(percent, "tick", left-6, y(f)-lineHeight/2, atRight)
	}
	c.empty("path", "class", "axis", "d", "M"+num(x(0))+" "+num(y(0))+"L"+num(x(1))+" "+num(y(1)), "stroke", "currentColor", "stroke-dasharray", "4 4")
	c.text(oneLine("was said", 20), "axis-name", left+side/2, top+side+3+lineHeight, atMiddle)
	c.text(oneLine("came true", 20), "axis-name", left+6, top+2, atLeft)
	groups := slices.Clone(k.Forecasts)
	slices.SortStableFunc(groups, func(a, b Forecast) int {
		switch {
		case a.Said < b.Said:
			return -1
		case a.Said > b.Said:
			return 1
		}
		return 0
	})
	all, line := 0, ""
	for i, g := range groups {
		pen := "L"
		if i == 0 {
			pen = "M"
		}
		line += pen + num(x(g.Said)) + " " + num(y(g.Came))
		all += g.N
	}
	c.empty("path", "class", "trace", "d", line, "stroke", "currentColor", "stroke-width", "1.5")
	t := Table{Columns: columns("Was said#", "Came true#", "Forecasts#")}
	for _, g := range groups {
		c.begin("g", "class", "mark")
		c.say(percent(g.Said)+" was said, "+percent(g.Came)+" came true, of "+legible.Plural(g.N, "forecast", "forecasts"), "title")
		c.empty("circle", "class", "bar", "cx", num(x(g.Said)), "cy", num(y(g.Came)), "r", num(3+min(math.Sqrt(float64(max(g.N, 0))), 9)), "fill", "currentColor")
		c.end()
		t.Rows = append(t.Rows, []Cell{{Text: percent(g.Said)}, {Text: percent(g.Came)}, {Text: legible.Grouped(g.N)}})
	}
	d := picture("calibration", k.Title, k.Description, left+side+20, top+side+2*lineHeight+8, &c)
	d.Table = t
	if all < fewest {
		d.Note = "A curve says little below some " + legible.Grouped(fewest) + " forecasts; these are " + legible.Grouped(all) + "."
	}
	return d, nil
}

func percent(f float64) string {
	if !finite(f) {
		return "–"
	}
	return legible.Decimal(math.Round(f*1000)/10) + " %"
}
