package draw

import (
	"math"
	"slices"
)

// sign draws the mark of a kind around a point, at most signWidth wide.
func sign(c *canvas, k Kind, x, y float64) {
	class := "sign " + string(k)
	path := func(d string) {
		c.empty("path", "class", class, "d", d, "fill", "currentColor")
	}
	at := func(dx, dy float64) string { return num(x+dx) + " " + num(y+dy) }
	switch kinds[k].shape {
	case "circle":
		c.empty("circle", "class", class, "cx", num(x), "cy", num(y), "r", "4.5", "fill", "currentColor")
	case "ring":
		c.empty("circle", "class", class+" hollow", "cx", num(x), "cy", num(y), "r", "4", "stroke", "currentColor", "stroke-width", "2")
	case "square":
		path("M" + at(-4, -4) + "h8v8h-8z")
	case "tablet":
		path("M" + at(-3, -5) + "h6v10h-6z")
	case "bar":
		path("M" + at(-5, -2.5) + "h10v5h-10z")
	case "diamond":
		path("M" + at(0, -5.5) + "L" + at(5.5, 0) + "L" + at(0, 5.5) + "L" + at(-5.5, 0) + "Z")
	case "triangle":
		path("M" + at(0, -5) + "L" + at(5.5, 4.5) + "L" + at(-5.5, 4.5) + "Z")
	case "cross":
		c.empty("path", "class", class+" hollow", "d", "M"+at(-4, -4)+"l8 8M"+at(4, -4)+"l-8 8", "stroke", "currentColor", "stroke-width", "2.4")
	}
}

// legend says below a picture which sign is which kind, where there is more
// than one, and returns the picture's size with it.
func legend(c *canvas, used []Kind, width, height float64) (float64, float64) {
	var all []Kind
	for _, k := range used {
		if k = k.known(); !slices.Contains(all, k) {
			all = append(all, k)
		}
	}
	if len(all) < 2 {
		return width, height
	}
	slices.Sort(all)
	x, y := margin, height
	for _, k := range all {
		l := oneLine(kinds[k].name, 20)
		w := signWidth + 4 + l.w
		if x > margin && x+w+margin > width {
			x, y = margin, y+lineHeight+2
		}
		width = max(width, x+w+margin)
		sign(c, k, x+signWidth/2, y+lineHeight/2)
		c.text(l, "legend", x+signWidth+4, y, atLeft)
		x += w + 14
	}
	return width, y + lineHeight + 6
}

func hypotenuse(x, y float64) float64 { return math.Sqrt(float64(x*x) + float64(y*y)) }
