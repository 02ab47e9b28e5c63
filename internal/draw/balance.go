package draw

import (
	"parley/internal/legible"
)

// Balance is what was given to each counterpart and what came from it; or to one
// counterpart, of each kind.
type Balance struct {
	Title       string     `json:"title"`
	Description string     `json:"description,omitempty"`
	Unit        string     `json:"unit,omitempty"` // "tearlines"
	Of          string     `json:"of,omitempty"`   // what the sides are; "Counterpart" if empty
	Sides       []TwoSides `json:"sides"`
}

// TwoSides is one counterpart's account.
type TwoSides struct {
	Label string `json:"label"`
	Link  string `json:"link,omitempty"`
	Given int    `json:"given"` // below 0 counts as 0
	Got   int    `json:"got"`
}

// Draw draws what was given to the left of the middle and what came to the
// right.
func (b Balance) Draw() (Drawing, error) {
	if len(b.Sides) > mostBars {
		return Drawing{}, TooManyError{"counterparts", len(b.Sides), mostBars}
	}
	const half, number = 220.0, 50.0
	middle, width := nameWidth+half+number, nameWidth+2*(half+number)
	most := 1
	for _, s := range b.Sides {
		most = max(most, s.Given, s.Got)
	}
	var c canvas
	c.text(oneLine("given", 20), "axis-name", middle-8, 0, atRight)
	c.text(oneLine("came", 20), "axis-name", middle+8, 0, atLeft)
	y := lineHeight + 4
	of := or(b.Of, "Counterpart")
	t := Table{Columns: columns(of, join("Given,", b.Unit)+"#", join("Came,", b.Unit)+"#")}
	if b.Unit == "" {
		t.Columns = columns(of, "Given#", "Came#")
	}
	for _, s := range b.Sides {
		name := wrapped(s.Label, nameWidth-12)
		high := max(name.h, barHeight) + 6
		m := y + high/2
		given, got := half*float64(max(s.Given, 0))/float64(most), half*float64(max(s.Got, 0))/float64(most)
		c.link(s.Link, "class", "row")
		c.say(legible.Plain(s.Label, MostOfLabel)+": given "+legible.Grouped(s.Given)+", came "+legible.Grouped(s.Got), "title")
		c.text(name, "name", nameWidth-8, y+(high-name.h)/2, atRight)
		c.rect("bar", box{middle - given, m - barHeight/2, given, barHeight}, "fill", "currentColor")
		c.rect("second", box{middle, m - barHeight/2, got, barHeight}, "fill", "currentColor")
		c.text(oneLine(legible.Grouped(s.Given), 12), "value", middle-given-5, m-lineHeight/2, atRight)
		c.text(oneLine(legible.Grouped(s.Got), 12), "value", middle+got+5, m-lineHeight/2, atLeft)
		c.end()
		t.Rows = append(t.Rows, []Cell{{Text: s.Label, Link: s.Link}, {Text: legible.Grouped(s.Given)}, {Text: legible.Grouped(s.Got)}})
		y += high
	}
	c.line("axis", middle, lineHeight, middle, y+4)
	d := picture("balance", b.Title, b.Description, width, y+8, &c)
	d.Table = t
	return d, nil
}
