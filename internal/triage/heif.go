package triage

import (
	"context"
	"errors"
	"path"

	"parley/internal/triage/bmff"
)

func isHEIF(f *file) bool { return bmff.Is(f.head) }

// readHEIF reads the size of a HEIC or AVIF picture and what the camera wrote. The
// picture itself is not decoded.
func readHEIF(_ context.Context, r *reading, f *file) error {
	at, err := f.readerAt()
	if err != nil {
		return err
	}
	boxes, problem := bmff.Open(at, f.size)
	a := Artifact{
		Kind: KindPicture, Place: f.place(), Name: path.Base(f.name()),
		Picture: &Picture{Width: boxes.Width, Height: boxes.Height},
	}
	exif, offset, err := boxes.Exif()
	if problem = errors.Join(problem, err); exif != nil {
		err := r.exif(&a, exif, offset)
		if _, ends := errors.AsType[stop](err); ends {
			return err
		}
		problem = errors.Join(problem, err)
	}
	a.Time = a.Picture.Taken
	if err := r.artifact(a); err != nil {
		return err
	}
	return problem
}
