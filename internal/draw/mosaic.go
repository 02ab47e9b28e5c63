package draw

import (
	"image"
	"strings"

	"parley/internal/legible"
)

// Of a mosaic: how many stones it has across and down, how many greys, and the
// size of a stone in pixels.
const (
	mosaicSide = 18
	greys      = 6
	stone      = 7.0
)

// Mosaic is a picture as nobody needs to look away from it: a few large stones,
// grey. Somebody who knows the picture knows it again; what it shows is not
// seen.
type Mosaic struct {
	Title   string
	Picture image.Image
}

// Draw draws the stones. What reaches the page is made here: of the picture's
// own bytes nothing does.
func (m Mosaic) Draw() (Drawing, error) {
	size := m.Picture.Bounds().Size()
	across, down := mosaicSide, mosaicSide
	if size.X > size.Y {
		down = max(1, mosaicSide*size.Y/max(size.X, 1))
	} else {
		across = max(1, mosaicSide*size.X/max(size.Y, 1))
	}
	var shades [greys]strings.Builder
	for y := range down {
		for x := range across {
			g := min(int(m.mean(x, y, across, down)*greys), greys-1)
			shades[g].WriteString("M" + num(stone*float64(x)) + " " + num(stone*float64(y)) + "h7v7h-7z")
		}
	}
	var c canvas
	w, h := stone*float64(across), stone*float64(down)
	for g := range shades {
		if shades[g].Len() > 0 {
			c.empty("path", "class", "stones", "d", shades[g].String(), "fill", "currentColor", "fill-opacity", hundredth(float64(greys-1-g)/(greys-1)*0.9))
		}
	}
	d := picture("mosaic", m.Title, "A grey mosaic in the picture's place.", w, h, &c)
	d.Table = Table{Columns: columns("Picture", "Width#", "Height#"), Rows: [][]Cell{{{Text: m.Title}, {Text: legible.Grouped(size.X)}, {Text: legible.Grouped(size.Y)}}}}
	return d, nil
}

// mean is how bright a stone's part of the picture is, from 0 to 1, by at most
// 64 of its points.
func (m Mosaic) mean(x, y, across, down int) float64 {
	const points = 8
	b := m.Picture.Bounds()
	sum, n := 0.0, 0
	for i := range points {
		for k := range points {
			px := b.Min.X + ((x*points+i)*b.Dx())/(across*points)
			py := b.Min.Y + ((y*points+k)*b.Dy())/(down*points)
			if !image.Pt(px, py).In(b) {
				continue
			}
			red, green, blue, _ := m.Picture.At(px, py).RGBA()
			sum += float64(0.299*float64(red)) + float64(0.587*float64(green)) + float64(0.114*float64(blue))
			n++
		}
	}
	return sum / float64(max(n, 1)) / 0xffff
}
