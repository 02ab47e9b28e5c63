package triage

import (
	"bytes"
	"errors"
	"io"
	"path"
)

// picture gathers what a file says of a picture in it: an artifact, and parts that
// other programs added, which are read as the files they are.
type picture struct {
	r     *reading
	f     *file
	a     Artifact
	names *names
	parts []item
}

// pictureParts bounds the parts of one picture.
const pictureParts = 100

var errPictureParts = errors.New("other programs added more than 100 parts: the rest is not read")

func newPicture(r *reading, f *file) *picture {
	return &picture{r: r, f: f, names: newNames(), a: Artifact{Kind: KindPicture, Place: f.place(), Name: path.Base(f.name()), Picture: &Picture{}}}
}

func (p *picture) size(width, height int) { p.a.Picture.Width, p.a.Picture.Height = width, height }

// exif reads a TIFF structure that stands at the offset in the file.
func (p *picture) exif(data []byte, offset int64) error { return p.r.exif(&p.a, data, offset) }

// text scans a text that stands at the offset in the file as it is.
func (p *picture) text(raw []byte, offset int64) error {
	return p.r.findingsOf(&p.a, string(raw), func(start, end int) Place {
		return p.a.Place.at(offset+int64(start), int64(end-start))
	})
}

// part is one that is read as a file of its own.
func (p *picture) part(name string, content []byte) {
	p.packed(name, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil })
}

// packed is part, of what must be unpacked.
func (p *picture) packed(name string, open func() (io.ReadCloser, error)) {
	if len(p.parts) <= pictureParts {
		it := p.f.child(p.names.unique(name))
		it.open = open
		p.parts = append(p.parts, it)
	}
}

// done reports the picture and gives its parts. What was wrong with the file costs
// what it says, and nothing that was read before.
func (p *picture) done(problem error, yield func(item) error) error {
	if _, ends := errors.AsType[stop](problem); ends {
		return problem
	}
	p.a.Time = p.a.Picture.Taken
	p.r.likeness(p.f, p.a.Picture)
	if err := p.r.artifact(p.a); err != nil {
		return err
	}
	if len(p.parts) > pictureParts {
		p.parts, problem = p.parts[:pictureParts], errors.Join(problem, errPictureParts)
	}
	for _, it := range p.parts {
		if err := yield(it); err != nil {
			return err
		}
	}
	return problem
}
