package draw

import (
	"fmt"
	"html/template"
	"strings"

	"parley/internal/legible"
)

// Bounds on texts, in characters.
const (
	// MostOfLabel is how much of a label a picture shows; its table has more.
	MostOfLabel = 160
	mostOfTitle = 300
	mostOfCell  = 1000
)

// Drawing is a picture with the same data as a table.
type Drawing struct {
	Title         string
	Width, Height int           // pixels, at the size it is meant for
	SVG           template.HTML // one svg element, escaped
	Note          string        // what is not in the picture, in a sentence; or ""
	Table         Table
}

// Table is what a picture shows, for reading.
type Table struct {
	Columns []Column
	Rows    [][]Cell
}

// Column is the head of a column.
type Column struct {
	Name   string
	Number bool // its cells are numbers
}

// Cell is one cell; Text is as it was given, and may hold anything.
type Cell struct {
	Text string
	Link string // an address on the page's own site, or ""
}

// HTML writes the table with its caption, for pages that have no way of their
// own to show texts by an enemy.
func (d Drawing) HTML() template.HTML {
	var c canvas
	c.begin("table", "class", "drawn")
	c.say(legible.Plain(d.Title, mostOfTitle), "caption")
	c.begin("thead")
	c.begin("tr")
	for _, col := range d.Table.Columns {
		c.say(legible.Plain(col.Name, MostOfLabel), "th", "scope", "col", "class", numberClass(col.Number))
	}
	c.end()
	c.end()
	c.begin("tbody")
	for _, row := range d.Table.Rows {
		c.begin("tr")
		for i, cell := range row {
			c.begin("td", "class", numberClass(i < len(d.Table.Columns) && d.Table.Columns[i].Number))
			text := legible.Plain(cell.Text, mostOfCell)
			if local(cell.Link) {
				c.begin("a", "href", cell.Link)
				c.say(text, "bdi")
				c.end()
			} else {
				c.say(text, "bdi")
			}
			c.end()
		}
		c.end()
	}
	c.end()
	c.end()
	return template.HTML(c.b.String())
}

func numberClass(number bool) string {
	if number {
		return "num"
	}
	return ""
}

func columns(names ...string) (all []Column) {
	for _, n := range names {
		name, number := strings.CutSuffix(n, "#")
		all = append(all, Column{name, number})
	}
	return all
}

// TooManyError says that a picture would hold more than anybody can read.
type TooManyError struct {
	What      string // "nodes"
	Has, Most int
}

func (e TooManyError) Error() string {
	return fmt.Sprintf("draw a picture of %s %s: it shows at most %s; show a part of them, or a table", legible.Grouped(e.Has), e.What, legible.Grouped(e.Most))
}

// picture puts the frame around what was drawn.
func picture(kind, title, description string, width, height float64, inner *canvas) Drawing {
	role := "img"
	if inner.linked { // the content of an image cannot be reached by the keyboard
		role = "group"
	}
	title = legible.Plain(title, mostOfTitle)
	var c canvas
	c.begin("svg", "xmlns", "http://www.w3.org/2000/svg", "class", "drawing "+kind, "viewBox", "0 0 "+num(width)+" "+num(height),
		"width", num(width), "height", num(height), "role", role, "direction", "ltr", "fill", "none", "font-size", "12",
		"font-family", `system-ui, "Segoe UI", "Noto Sans", sans-serif`)
	c.say(title, "title")
	if description != "" {
		c.say(legible.Plain(description, mostOfCell), "desc")
	}
	c.b.WriteString(inner.b.String())
	c.end()
	return Drawing{Title: title, Width: int(width), Height: int(height), SVG: template.HTML(c.b.String())}
}
