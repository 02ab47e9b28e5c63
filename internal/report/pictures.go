package report

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/color"
	"image/jpeg"

	"parley/internal/node"
	"parley/internal/triage"
	"parley/pdq"
)

const (
	thumbWidth   = 180 // pixels, and high
	thumbQuality = 70
	mostBytes    = 32 << 20 // of a picture's file
	mostPixels   = 40_000_000
)

// thumbnail is a small copy of a picture.
type thumbnail struct {
	node.FoundArtifact
	Data          template.URL // empty if it could not be read
	Width, Height int
	Problem       string
}

// pictures makes the thumbnails.
func (p *page) pictures(ctx context.Context, opt Options) error {
	most := opt.Pictures
	if most == 0 {
		most = MostPictures
	}
	var all []node.FoundArtifact
	for _, a := range p.Artifacts {
		if a.Kind == triage.KindPicture {
			all = append(all, a)
		}
	}
	shown := all[:min(len(all), max(most, 0))]
	p.Unshown = len(all) - len(shown)
	for i, a := range shown {
		if opt.Progress != nil {
			opt.Progress(i, len(shown))
		}
		t := thumbnail{FoundArtifact: a}
		if err := t.read(ctx, p.Results); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			t.Problem = err.Error()
		}
		p.Pictures = append(p.Pictures, t)
	}
	return nil
}

// read opens the picture in the evidence again and writes a small one anew.
func (t *thumbnail) read(ctx context.Context, r node.Results) error {
	content, err := r.Content(ctx, t.Place, mostBytes)
	if err != nil {
		return err
	}
	whole, err := pdq.Decode(bytes.NewReader(content), pdq.Limits{Bytes: mostBytes, Pixels: mostPixels})
	if err != nil {
		return err
	}
	small := shrunk(whole, thumbWidth)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: thumbQuality}); err != nil {
		return fmt.Errorf("write a small copy: %w", err)
	}
	t.Width, t.Height = small.Rect.Dx(), small.Rect.Dy()
	t.Data = template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(out.Bytes()))
	return nil
}

// mostSamples bounds how many pixels are averaged in each direction for one.
const mostSamples = 4

// shrunk gives a picture at most so wide and high. Each pixel is the mean of some that
// lie evenly in the part it stands for. A smaller picture keeps its size.
func shrunk(from image.Image, most int) *image.RGBA {
	b := from.Bounds()
	w, h := b.Dx(), b.Dy()
	if longest := max(w, h); longest > most {
		w, h = max(1, w*most/longest), max(1, h*most/longest)
	}
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			part := image.Rect(b.Min.X+x*b.Dx()/w, b.Min.Y+y*b.Dy()/h, b.Min.X+(x+1)*b.Dx()/w, b.Min.Y+(y+1)*b.Dy()/h)
			to.SetRGBA(x, y, mean(from, part))
		}
	}
	return to
}

func mean(from image.Image, part image.Rectangle) color.RGBA {
	across, down := min(max(part.Dx(), 1), mostSamples), min(max(part.Dy(), 1), mostSamples)
	var red, green, blue, count uint32
	for j := range down {
		for i := range across {
			r, g, b, _ := from.At(part.Min.X+i*part.Dx()/across, part.Min.Y+j*part.Dy()/down).RGBA()
			red, green, blue, count = red+r>>8, green+g>>8, blue+b>>8, count+1
		}
	}
	return color.RGBA{uint8(red / count), uint8(green / count), uint8(blue / count), 255}
}
