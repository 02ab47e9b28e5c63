package draw

import (
	"math"
	"strconv"
	"strings"

	_ "embed"
)

// Style is the style sheet of drawings. It takes the colours of the page
// (--ink, --soft, --line, --sheet and so on) where the page has them.
//
//go:embed draw.css
var Style string

// canvas collects the elements of one picture.
type canvas struct {
	b      strings.Builder
	open   []string
	linked bool // something in it leads somewhere
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// begin opens an element; attributes come as names and values in turn, and one
// whose value is empty is left out.
func (c *canvas) begin(name string, attributes ...string) {
	c.tag(name, attributes)
	c.b.WriteByte('>')
	c.open = append(c.open, name)
}

// end closes the element that was opened last.
func (c *canvas) end() {
	last := len(c.open) - 1
	c.b.WriteString("</" + c.open[last] + ">")
	c.open = c.open[:last]
}

// empty writes an element without content.
func (c *canvas) empty(name string, attributes ...string) {
	c.tag(name, attributes)
	c.b.WriteString("/>")
}

func (c *canvas) tag(name string, attributes []string) {
	c.b.WriteString("<" + name)
	for i := 0; i < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			c.b.WriteString(" " + attributes[i] + `="`)
			_, _ = escaper.WriteString(&c.b, attributes[i+1]) // a Builder takes everything
			c.b.WriteByte('"')
		}
	}
}

// say writes an element that holds a text alone.
func (c *canvas) say(text, name string, attributes ...string) {
	c.begin(name, attributes...)
	_, _ = escaper.WriteString(&c.b, text)
	c.end()
}

// link opens a link, or a group where there is none to follow.
func (c *canvas) link(to string, attributes ...string) {
	if !local(to) {
		c.begin("g", attributes...)
		return
	}
	c.linked = true
	c.begin("a", append([]string{"href", to}, attributes...)...)
}

// local tells whether an address stays on the page's own site: a path, a query
// or a place on the page, in plain characters.
func local(address string) bool {
	odd := func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }
	return address != "" && strings.ContainsAny(address[:1], "/?#") && !strings.HasPrefix(address, "//") && !strings.ContainsFunc(address, odd)
}

// num writes a coordinate to a tenth of a pixel.
func num(f float64) string {
	f = math.Round(f*10) / 10
	if f == 0 { // -0 too
		return "0"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// line draws a straight line.
func (c *canvas) line(class string, x1, y1, x2, y2 float64) {
	c.empty("line", "class", class, "x1", num(x1), "y1", num(y1), "x2", num(x2), "y2", num(y2), "stroke", "currentColor")
}

// rect draws a box.
func (c *canvas) rect(class string, b box, attributes ...string) {
	c.empty("rect", append([]string{"class", class, "x", num(b.x), "y", num(b.y), "width", num(b.w), "height", num(b.h)}, attributes...)...)
}

// box is a rectangle in pixels, from its upper left corner.
type box struct{ x, y, w, h float64 }

func (b box) right() float64  { return b.x + b.w }
func (b box) bottom() float64 { return b.y + b.h }
func (b box) middle() dot     { return dot{b.x + b.w/2, b.y + b.h/2} }

// meets tells whether two boxes come closer than gap.
func (b box) meets(o box, gap float64) bool {
	return b.x < o.right()+gap && o.x < b.right()+gap && b.y < o.bottom()+gap && o.y < b.bottom()+gap
}

// dot is a point in pixels.
type dot struct{ x, y float64 }
