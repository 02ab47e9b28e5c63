package triage

import (
	"context"
	"errors"

	"parley/internal/triage/bmff"
)

func isHEIF(f *file) bool { return bmff.Is(f.head) }

// heifEntries reads the size of a HEIC or AVIF picture and what the camera wrote. The
// picture itself is not decoded.
func heifEntries(_ context.Context, r *reading, f *file, yield func(item) error) error {
	at, err := f.readerAt()
	if err != nil {
		return err
	}
	boxes, problem := bmff.Open(at, f.size)
	p := newPicture(r, f)
	p.size(boxes.Width, boxes.Height)
	exif, offset, err := boxes.Exif()
	if problem = errors.Join(problem, err); exif != nil {
		problem = errors.Join(problem, p.exif(exif, offset))
	}
	return p.done(problem, yield)
}
