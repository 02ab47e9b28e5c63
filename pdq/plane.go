package pdq

import (
	"image"
	"image/color"
)

// plane is the brightness of a picture, 0 to 255, row after row.
type plane struct {
	width, height int
	at            []float32
}

// maxSide is the longest side that is hashed as it is. The authors' own program brings anything
// larger down to a square of this side, by taking single pixels, before it hashes; so does everybody
// who compares with its hashes.
const maxSide = 512

// luminance takes the brightness out of a picture: 0.299 red, 0.587 green and 0.114 blue. A JPEG's
// own Y is not used, since colours out of range are cut off on the way to red, green and blue.
func luminance(picture image.Image) *plane {
	bounds := picture.Bounds()
	across, down := samples(bounds.Min.X, bounds.Dx()), samples(bounds.Min.Y, bounds.Dy())
	if len(across) > maxSide || len(down) > maxSide {
		across, down = thin(across), thin(down)
	}
	p := &plane{len(across), len(down), make([]float32, len(across)*len(down))}
	fill := reader(picture)
	for i, y := range down {
		fill(p.at[i*p.width:][:p.width], across, y)
	}
	return p
}

// samples gives the coordinates along one side.
func samples(start, length int) []int {
	at := make([]int, length)
	for i := range at {
		at[i] = start + i
	}
	return at
}

// thin picks maxSide coordinates at even steps.
func thin(at []int) []int {
	kept := make([]int, maxSide)
	for i := range kept {
		kept[i] = at[i*len(at)/maxSide]
	}
	return kept
}

// reader gives the way to read a row's brightness that suits how the picture is stored.
func reader(picture image.Image) func(row []float32, across []int, y int) {
	switch p := picture.(type) {
	case *image.YCbCr:
		return func(row []float32, across []int, y int) {
			for i, x := range across {
				c := p.COffset(x, y)
				row[i] = brightness(color.YCbCrToRGB(p.Y[p.YOffset(x, y)], p.Cb[c], p.Cr[c]))
			}
		}
	case *image.Gray:
		return func(row []float32, across []int, y int) {
			for i, x := range across {
				row[i] = float32(p.Pix[p.PixOffset(x, y)])
			}
		}
	case *image.NRGBA:
		return func(row []float32, across []int, y int) {
			for i, x := range across {
				pixel := p.Pix[p.PixOffset(x, y):]
				row[i] = brightness(pixel[0], pixel[1], pixel[2])
			}
		}
	}
	return func(row []float32, across []int, y int) {
		for i, x := range across {
			row[i] = shadeOf(picture.At(x, y))
		}
	}
}

func brightness(r, g, b uint8) float32 {
	return 0.299*float32(r) + 0.587*float32(g) + 0.114*float32(b)
}

// shadeOf gives the brightness of a colour as if it were opaque.
func shadeOf(c color.Color) float32 {
	opaque := color.NRGBAModel.Convert(c).(color.NRGBA)
	return brightness(opaque.R, opaque.G, opaque.B)
}

// blur runs the box filters along rows and columns, twice each.
func (p *plane) blur(alongRows, alongColumns int) {
	spare := make([]float32, len(p.at))
	for range passes {
		p.blurRows(spare, alongRows)
		p.at, spare = spare, p.at
		p.blurColumns(spare, alongColumns)
		p.at, spare = spare, p.at
	}
}

// reach gives how far a window extends to either side of the pixel in question. An even window
// reaches one further ahead.
func reach(window int) (back, ahead int) {
	ahead = window / 2
	return window - 1 - ahead, ahead
}

// blurRows writes into out the mean over a window along each row, cut off at the edges.
func (p *plane) blurRows(out []float32, window int) {
	for y := range p.height {
		start := y * p.width
		blurLine(out[start:][:p.width], p.at[start:][:p.width], window)
	}
}

func blurLine(out, in []float32, window int) {
	back, ahead := reach(window)
	var sum float32
	n := 0
	for i := range min(ahead, len(in)) {
		sum += in[i]
		n++
	}
	for i := range in {
		if i+ahead < len(in) {
			sum += in[i+ahead]
			n++
		}
		if i > back {
			sum -= in[i-back-1]
			n--
		}
		out[i] = sum / float32(n)
	}
}

// blurColumns is blurRows for columns. It carries the sums of all columns down the picture at once,
// so that memory is read in order.
func (p *plane) blurColumns(out []float32, window int) {
	back, ahead := reach(window)
	sums := make([]float32, p.width)
	n := 0
	row := func(y int) []float32 { return p.at[y*p.width:][:p.width] }
	enter := func(y int) {
		for x, value := range row(y) {
			sums[x] += value
		}
		n++
	}
	for y := range min(ahead, p.height) {
		enter(y)
	}
	for y := range p.height {
		if y+ahead < p.height {
			enter(y + ahead)
		}
		if y > back {
			for x, value := range row(y - back - 1) {
				sums[x] -= value
			}
			n--
		}
		for x, sum := range sums {
			out[y*p.width+x] = sum / float32(n)
		}
	}
}
