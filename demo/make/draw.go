package main

import (
	"image"
	"image/color"
)

// A canvas draws with whole numbers only, so that every machine draws the
// same picture.
type canvas struct{ *image.RGBA }

func newCanvas(w, h int) canvas { return canvas{image.NewRGBA(image.Rect(0, 0, w, h))} }

func rgb(r, g, b uint8) color.RGBA { return color.RGBA{r, g, b, 255} }

// shade fills the canvas from one colour at the top to another at the bottom,
// with a weave over it, as paper and cameras give.
func (c canvas) shade(top, bottom color.RGBA, seed uint32) {
	w, h := c.Bounds().Dx(), c.Bounds().Dy()
	noise := seed
	for y := range h {
		for x := range w {
			noise = noise*1664525 + 1013904223
			grain := int(noise>>29) - 4 + (x/23+y/17)%3*4
			c.SetRGBA(x, y, color.RGBA{
				between(top.R, bottom.R, y, h, grain),
				between(top.G, bottom.G, y, h, grain),
				between(top.B, bottom.B, y, h, grain), 255,
			})
		}
	}
}

func between(a, b uint8, at, of, grain int) uint8 {
	return uint8(min(255, max(0, int(a)+(int(b)-int(a))*at/of+grain)))
}

// rect fills a rectangle given by its corner and size.
func (c canvas) rect(x, y, w, h int, col color.RGBA) {
	for j := y; j < y+h; j++ {
		for i := x; i < x+w; i++ {
			c.SetRGBA(i, j, col)
		}
	}
}

// ring fills what lies between two radii around a point; an inner radius of
// nought gives a disc.
func (c canvas) ring(cx, cy, inner, outer int, col color.RGBA) {
	for y := cy - outer; y <= cy+outer; y++ {
		for x := cx - outer; x <= cx+outer; x++ {
			d := (x-cx)*(x-cx) + (y-cy)*(y-cy)
			if d >= inner*inner && d <= outer*outer {
				c.SetRGBA(x, y, col)
			}
		}
	}
}

// line draws a stroke of the given thickness.
func (c canvas) line(x0, y0, x1, y1, thick int, col color.RGBA) {
	steps := max(abs(x1-x0), abs(y1-y0), 1)
	for i := range steps + 1 {
		c.ring(x0+(x1-x0)*i/steps, y0+(y1-y0)*i/steps, 0, thick/2, col)
	}
}

// wedge fills a trapezium that is a wide at the top and b wide at the bottom.
func (c canvas) wedge(cx, y, a, b, h int, col color.RGBA) {
	for j := range h {
		w := a + (b-a)*j/h
		c.rect(cx-w/2, y+j, w, 1, col)
	}
}

func abs(n int) int { return max(n, -n) }

// lamp draws a standing lamp in a box of size s.
func (c canvas) lamp(x, y, s int, body, light color.RGBA) {
	c.ring(x+s/2, y+s/3, 0, s/3, light)
	c.wedge(x+s/2, y+s/8, s/4, s*3/5, s*3/10, body)
	c.rect(x+s/2-s/40, y+s*17/40, s/20, s*2/5, body)
	c.wedge(x+s/2, y+s*4/5, s/6, s/2, s/12, body)
}

// bicycle draws a bicycle, s wide.
func (c canvas) bicycle(x, y, s int, frame, wheel color.RGBA) {
	r, t := s/5, max(2, s/50)
	back, front, base := x+r, x+s-r, y+s*3/5
	for _, hub := range []int{back, front} {
		c.ring(hub, base, r-2*t, r, wheel)
		for _, d := range [][2]int{{1, 0}, {0, 1}, {1, 1}, {1, -1}} {
			k := r * 2 / 3
			c.line(hub-d[0]*k, base-d[1]*k, hub+d[0]*k, base+d[1]*k, 2, wheel)
		}
	}
	crank, seat, bar := x+s/2, x+s*2/5, x+s*7/10
	top := y + s/4
	c.line(back, base, crank, base, 2*t, frame)
	c.line(back, base, seat, top, 2*t, frame)
	c.line(crank, base, seat, top, 2*t, frame)
	c.line(crank, base, bar, top, 2*t, frame)
	c.line(seat, top, bar, top, 2*t, frame)
	c.line(front, base, bar, top-s/10, 2*t, frame)
	c.line(bar-s/12, top-s/10, bar+s/16, top-s/10, 2*t, frame)
	c.rect(seat-s/14, top-s/16, s/7, 2*t, frame)
}

// words draws bars where a line of lettering would stand: the pattern of a
// slogan, and no slogan.
func (c canvas) words(x, y, height int, widths []int, col color.RGBA) {
	for _, w := range widths {
		for letter := 0; letter < w; letter++ {
			tall := height - (letter*7+w*3)%3*height/6
			c.rect(x, y+height-tall, height/3, tall, col)
			x += height / 2
		}
		x += height / 2
	}
}

// half gives the picture at half its size, each point the mean of four.
func half(src canvas) canvas {
	b := src.Bounds()
	dst := newCanvas(b.Dx()/2, b.Dy()/2)
	for y := range b.Dy() / 2 {
		for x := range b.Dx() / 2 {
			var r, g, bl int
			for _, d := range [][2]int{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
				p := src.RGBAAt(2*x+d[0], 2*y+d[1])
				r, g, bl = r+int(p.R), g+int(p.G), bl+int(p.B)
			}
			dst.SetRGBA(x, y, rgb(uint8(r/4), uint8(g/4), uint8(bl/4)))
		}
	}
	return dst
}

// dimmed gives the picture with every channel at eight tenths.
func dimmed(src canvas) canvas {
	dst := newCanvas(src.Bounds().Dx(), src.Bounds().Dy())
	for i, v := range src.Pix {
		dst.Pix[i] = uint8(int(v) * 8 / 10)
		if i%4 == 3 {
			dst.Pix[i] = 255
		}
	}
	return dst
}
