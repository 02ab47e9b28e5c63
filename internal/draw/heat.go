package draw

import (
	"fmt"
	"math"

	"parley/internal/legible"
)

// Bounds of a matrix.
const (
	mostColumns = 12
	mostLines   = 100
)

// Heat is a matrix, such as what each piece of evidence says of each
// hypothesis. A cell's colour goes with its value, and its text says the same.
type Heat struct {
	Title       string    `json:"title"`
	Description string    `json:"description,omitempty"`
	Columns     []string  `json:"columns"`
	Rows        []HeatRow `json:"rows"`
}

// HeatRow is one line of a matrix.
type HeatRow struct {
	Label string     `json:"label"`
	Link  string     `json:"link,omitempty"`
	Cells []HeatCell `json:"cells"` // a column each
}

// HeatCell is one field: from -1 (wholly against) over 0 to 1 (wholly for).
type HeatCell struct {
	Value float64 `json:"value"`
	Text  string  `json:"text"` // a few letters: "II", "N", "CC"
	Note  string  `json:"note,omitempty"`
}

// Draw draws the matrix.
func (h Heat) Draw() (Drawing, error) {
	if len(h.Columns) > mostColumns {
		return Drawing{}, TooManyError{"columns", len(h.Columns), mostColumns}
	}
	if len(h.Rows) > mostLines {
		return Drawing{}, TooManyError{"rows", len(h.Rows), mostLines}
	}
	const rowName, cell = 260.0, 112.0
	var c canvas
	top := lineHeight
	var heads []label
	for _, name := range h.Columns {
		l := wrapped(name, cell-8)
		heads, top = append(heads, l), max(top, l.h)
	}
	for i, l := range heads {
		c.text(l, "name", rowName+cell*(float64(i)+0.5), top-l.h, atMiddle)
	}
	y := top + 6
	d := Drawing{Table: Table{Columns: append(columns("What"), columns(h.Columns...)...)}}
	for i, row := range h.Rows {
		if len(row.Cells) != len(h.Columns) {
			return Drawing{}, fmt.Errorf("draw a matrix: row %d has %d cells, not one for each of %d columns", i, len(row.Cells), len(h.Columns))
		}
		name := wrapped(row.Label, rowName-14)
		high := max(name.h, lineHeight) + 8
		c.link(row.Link, "class", "row")
		c.text(name, "name", rowName-8, y+(high-name.h)/2, atRight)
		c.end()
		cells := []Cell{{Text: row.Label, Link: row.Link}}
		for k, one := range row.Cells {
			one.draw(&c, box{rowName + cell*float64(k) + 1, y + 1, cell - 2, high - 2})
			cells = append(cells, Cell{Text: join(one.Text, one.Note)})
		}
		d.Table.Rows = append(d.Table.Rows, cells)
		y += high
	}
	table := d.Table
	d = picture("heat", h.Title, h.Description, rowName+cell*float64(len(h.Columns))+8, y+4, &c)
	d.Table = table
	return d, nil
}

// draw fills a cell in one of four strengths for, or four against.
func (h HeatCell) draw(c *canvas, at box) {
	c.begin("g", "class", "cell")
	if h.Note != "" {
		c.say(legible.Plain(h.Note, MostOfLabel), "title")
	}
	value, class := h.Value, "for"
	if !finite(value) {
		value = 0
	}
	if value < 0 {
		value, class = -value, "against"
	}
	c.rect("plate", at, "stroke", "currentColor")
	if level := math.Ceil(min(value, 1) * 4); level > 0 {
		c.rect(class, at, "fill", "currentColor", "fill-opacity", hundredth(0.15+0.13*(level-1)))
	}
	l := oneLine(h.Text, 12)
	c.text(l, "value over", at.middle().x, at.middle().y-lineHeight/2, atMiddle)
	c.end()
}

// hundredth writes an opacity.
func hundredth(f float64) string { return legible.Decimal(math.Round(f*100) / 100) }
