package draw

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"parley/internal/legible"
)

// drawOutlines draws land and borders, cut to the area.
func (p projection) drawOutlines(c *canvas, all []outline) {
	var land, borders strings.Builder
	for _, o := range all {
		if !p.meets(o.around) {
			continue
		}
		if o.land {
			if ring := p.clipRing(o.points); len(ring) > 2 {
				p.path(&land, ring)
				land.WriteByte('Z')
			}
			continue
		}
		for _, line := range p.clipLine(o.points) {
			if len(line) > 1 {
				p.path(&borders, line)
			}
		}
	}
	c.empty("path", "class", "land", "d", land.String(), "stroke", "currentColor", "stroke-width", "0.8", "stroke-linejoin", "round")
	c.empty("path", "class", "border", "d", borders.String(), "stroke", "currentColor", "stroke-width", "0.5")
}

// path writes a line without the points that nobody could tell apart.
func (p projection) path(b *strings.Builder, line []place) {
	var last dot
	for i, at := range line {
		d := p.dot(at)
		switch {
		case i == 0:
			b.WriteByte('M')
		case hypotenuse(d.x-last.x, d.y-last.y) < 0.7 && i < len(line)-1:
			continue
		case i == 1:
			b.WriteByte('L')
		default:
			b.WriteByte(' ')
		}
		b.WriteString(num(d.x) + " " + num(d.y))
		last = d
	}
}

// drawGrid draws a few meridians and parallels, and says which they are.
func (p projection) drawGrid(c *canvas) {
	step := 0.01
	for _, s := range []float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30} {
		if step = s; (p.East-p.West)/s <= 12 {
			break
		}
	}
	for lon := math.Ceil(p.West/step) * step; lon < p.East; lon += step {
		x := p.dot(place{lon, 0}).x
		c.line("grid", x, 0, x, p.height())
		if l := oneLine(degrees(lon, "E", "W"), 12); x+3+l.w < mapWidth {
			c.text(l, "tick", x+3, p.height()-lineHeight, atLeft)
		}
	}
	for lat := math.Ceil(p.South/step) * step; lat < p.North; lat += step {
		y := p.dot(place{0, lat}).y
		c.line("grid", 0, y, mapWidth, y)
		if y-lineHeight > 0 && y < p.height()-lineHeight {
			c.text(oneLine(degrees(lat, "N", "S"), 12), "tick", 3, y-lineHeight, atLeft)
		}
	}
}

// degrees writes a coordinate as people do: 34°N.
func degrees(f float64, positive, negative string) string {
	f = math.Round(f*100) / 100
	text := strconv.FormatFloat(math.Abs(f), 'f', -1, 64) + "°"
	switch {
	case f > 0:
		return text + positive
	case f < 0:
		return text + negative
	}
	return text
}

// drawScale draws how long a round number of kilometres is, below the map.
func (p projection) drawScale(c *canvas) {
	perMetre := p.up / metresPerDegree
	length := 1.0
	for _, m := range []float64{10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6} {
		if m*perMetre > 160 {
			break
		}
		length = m
	}
	y, w := p.height()+12, length*perMetre
	c.line("axis-line", 10, y, 10+w, y)
	c.line("axis-line", 10, y-4, 10, y+4)
	c.line("axis-line", 10+w, y-4, 10+w, y+4)
	words := distance(length)
	if p.North-p.South > 20 {
		words += " at the middle of the map"
	}
	c.text(oneLine(words, 60), "tick", 18+w, y-8, atLeft)
}

// drawBunches draws the places, and returns how many names had no room.
func (m Map) drawBunches(c *canvas, p projection, all []*bunch) (unnamed int) {
	for _, b := range all {
		for _, s := range b.spots {
			if s.Radius > 0 {
				p.drawRadius(c, s)
			}
		}
	}
	var taken []box
	for _, b := range all {
		taken = append(taken, box{b.at.x - 7, b.at.y - 7, 14, 14})
	}
	for _, b := range all {
		if len(b.spots) > 1 {
			m.drawBunch(c, b)
			continue
		}
		s := b.spots[0]
		l := wrapped(s.Label, labelWidth)
		at, found := beside(b.at, l, taken, box{0, 0, mapWidth, p.height()})
		c.link(s.Link, "class", "spot "+string(s.Kind.known()))
		c.say(join(legible.Plain(s.Label, MostOfLabel), legible.Plain(s.Note, MostOfLabel)), "title")
		sign(c, s.Kind.known(), b.at.x, b.at.y)
		if found {
			taken = append(taken, at)
			c.text(l, "name over", at.x, at.y, atLeft)
		} else {
			unnamed++
		}
		c.end()
	}
	return unnamed
}

// drawRadius draws within what distance a place lies.
func (p projection) drawRadius(c *canvas, s Spot) {
	d := p.dot(s.place())
	up := s.Radius / metresPerDegree * p.up
	across := s.Radius / metresPerDegree / max(math.Cos(s.Lat*math.Pi/180), 0.01) * p.across
	if up < 1 || up > 4*mapWidth {
		return
	}
	c.empty("ellipse", "class", "maybe", "cx", num(d.x), "cy", num(d.y), "rx", num(across), "ry", num(up), "stroke", "currentColor", "stroke-dasharray", "3 2")
}

// beside finds room for a name next to its sign.
func beside(at dot, l label, taken []box, whole box) (box, bool) {
	for _, b := range []box{
		{at.x + 9, at.y - l.h/2, l.w, l.h},
		{at.x - 9 - l.w, at.y - l.h/2, l.w, l.h},
		{at.x - l.w/2, at.y - 9 - l.h, l.w, l.h},
		{at.x - l.w/2, at.y + 8, l.w, l.h},
	} {
		inside := b.x >= 0 && b.y >= 0 && b.right() <= whole.w && b.bottom() <= whole.h
		if inside && !slices.ContainsFunc(taken, func(o box) bool { return b.meets(o, 1) }) {
			return b, true
		}
	}
	return box{}, false
}

// drawBunch draws how many places lie together, as a way to look closer.
func (m Map) drawBunch(c *canvas, b *bunch) {
	to := ""
	w, h := b.around.East-b.around.West, b.around.North-b.around.South
	if m.Address != nil && max(w, h) > smallest {
		to = m.Address(b.around.sized(w*1.4, h*1.4))
	}
	c.link(to, "class", "bunch-of-spots")
	title := legible.Plural(len(b.spots), "place", "places")
	for i, s := range b.spots[:min(len(b.spots), 5)] {
		if title += ", "; i == 0 {
			title = strings.TrimSuffix(title, ", ") + ": "
		}
		title += legible.Plain(s.Label, 60)
	}
	c.say(title, "title")
	n := strconv.Itoa(len(b.spots))
	r := max(7+1.5*math.Log2(float64(len(b.spots))), wide(n)/2+3)
	c.empty("circle", "class", "bunch", "cx", num(b.at.x), "cy", num(b.at.y), "r", num(r), "stroke", "currentColor", "stroke-width", "1.5")
	c.text(oneLine(n, 8), "count", b.at.x, b.at.y-lineHeight/2, atMiddle)
	c.end()
}
