package draw

import (
	"math"

	"parley/internal/legible"
)

// Sizes of charts, in pixels.
const (
	chartWidth = 760.0
	nameWidth  = 220.0 // of the names at the left; they are in as many lines as they need
	valueWidth = 110.0
	barHeight  = 14.0
	mostBars   = 200
)

// Bar is one line of a chart of bars.
type Bar struct {
	Label string  `json:"label"`
	Link  string  `json:"link,omitempty"`
	Value float64 `json:"value"`
	// Low and High are how far the value may be off; both 0: not said.
	Low  float64 `json:"low,omitempty"`
	High float64 `json:"high,omitempty"`
	Note string  `json:"note,omitempty"`
}

// most is the farthest that the bar reaches.
func (b Bar) most() float64 { return max(b.Value, b.High, 0) }

// Bars compares numbers of one thing. What counts different things does not
// belong on one axis: draw two.
type Bars struct {
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	Unit        string `json:"unit,omitempty"` // the head of the column of values
	Bars        []Bar  `json:"bars"`
}

// Draw draws the bars from above down, from 0 on; a value below 0 or one that is
// no number has no bar.
func (b Bars) Draw() (Drawing, error) {
	if len(b.Bars) > mostBars {
		return Drawing{}, TooManyError{"bars", len(b.Bars), mostBars}
	}
	longest := 0.0
	for _, one := range b.Bars {
		if m := one.most(); !math.IsInf(m, 0) && m > longest {
			longest = m
		}
	}
	var c canvas
	y := 4.0
	for _, one := range b.Bars {
		name := wrapped(one.Label, nameWidth-12)
		high := max(name.h, barHeight) + 6
		c.link(one.Link, "class", "row")
		c.say(join(legible.Plain(one.Label, MostOfLabel)+":", join(one.words(), legible.Plain(one.Note, MostOfLabel))), "title")
		c.text(name, "name", nameWidth-8, y+(high-name.h)/2, atRight)
		one.draw(&c, y+high/2, longest)
		c.end()
		y += high
	}
	c.line("axis", nameWidth, 0, nameWidth, y+4)
	d := picture("bars", b.Title, b.Description, chartWidth, y+8, &c)
	d.Table = Table{Columns: columns("What", or(b.Unit, "Value")+"#", "Lowest#", "Highest#", "Note")}
	for _, one := range b.Bars {
		low, high := "", ""
		if one.Low != 0 || one.High != 0 {
			low, high = legible.Decimal(one.Low), legible.Decimal(one.High)
		}
		d.Table.Rows = append(d.Table.Rows, []Cell{{Text: one.Label, Link: one.Link}, {Text: legible.Decimal(one.Value)}, {Text: low}, {Text: high}, {Text: one.Note}})
	}
	return d, nil
}

// words are the value and how far it may be off.
func (b Bar) words() string {
	text := legible.Decimal(b.Value)
	if b.Low != 0 || b.High != 0 {
		text += " (" + legible.Decimal(b.Low) + "–" + legible.Decimal(b.High) + ")"
	}
	return text
}

func (b Bar) draw(c *canvas, middle, longest float64) {
	x := func(v float64) float64 {
		if !(v > 0) || longest == 0 {
			return nameWidth
		}
		return nameWidth + (chartWidth-nameWidth-valueWidth)*min(v/longest, 1)
	}
	end := x(b.Value)
	c.rect("bar", box{nameWidth, middle - barHeight/2, end - nameWidth, barHeight}, "fill", "currentColor")
	if b.Low != 0 || b.High != 0 {
		c.line("whisker", x(b.Low), middle, x(b.High), middle)
		c.line("whisker", x(b.Low), middle-4, x(b.Low), middle+4)
		c.line("whisker", x(b.High), middle-4, x(b.High), middle+4)
		end = max(end, x(b.High))
	}
	c.text(oneLine(b.words(), 24), "value", end+6, middle-lineHeight/2, atLeft)
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}
