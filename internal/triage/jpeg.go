package triage

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
)

// Markers of a JPEG file (ITU-T T.81, annex B).
const (
	jpegAPP1   = 0xe1
	jpegScan   = 0xda
	jpegFrames = 0xc0 // 0xc0 to 0xcf hold the size, but for these three
	jpegDHT    = 0xc4
	jpegJPG    = 0xc8
	jpegDAC    = 0xcc
	exifMagic  = "Exif\x00\x00"
	jpegMarks  = 1000 // segments looked at before the picture's own data
)

func isJPEG(f *file) bool { return hasPrefix(f, "\xff\xd8\xff") }

// readJPEG reads the size and what the camera wrote. The picture itself is not
// decoded.
func readJPEG(ctx context.Context, r *reading, f *file) error {
	at, err := f.readerAt()
	if err != nil {
		return err
	}
	a := Artifact{Kind: KindPicture, Place: f.place(), Name: path.Base(f.name()), Picture: &Picture{}}
	problem := jpegSegments(at, f.size, func(marker byte, segment []byte, offset int64) error {
		switch {
		case marker == jpegAPP1 && len(segment) > len(exifMagic) && string(segment[:len(exifMagic)]) == exifMagic:
			return r.exif(&a, segment[len(exifMagic):], offset+int64(len(exifMagic)))
		case marker >= jpegFrames && marker <= jpegFrames+15 && marker != jpegDHT && marker != jpegJPG && marker != jpegDAC && len(segment) >= 5:
			a.Picture.Height = int(binary.BigEndian.Uint16(segment[1:]))
			a.Picture.Width = int(binary.BigEndian.Uint16(segment[3:]))
		}
		return nil
	})
	if _, ends := errors.AsType[stop](problem); ends {
		return problem
	}
	a.Time = a.Picture.Taken
	r.likeness(f, a.Picture)
	if err := r.artifact(a); err != nil {
		return err
	}
	return problem
}

// jpegSegments calls each for the segments before the picture's data, with the
// offset in the file of the segment's bytes.
func jpegSegments(at io.ReaderAt, size int64, each func(marker byte, segment []byte, offset int64) error) error {
	var faults []error
	offset := int64(2)
	for range jpegMarks {
		var head [4]byte
		if _, err := at.ReadAt(head[:], offset); err != nil {
			return errors.Join(append(faults, fmt.Errorf("it breaks off at byte %d", offset))...)
		}
		marker := head[1]
		switch {
		case head[0] != 0xff:
			return errors.Join(append(faults, fmt.Errorf("byte %d begins no segment", offset))...)
		case marker == 0xff: // fill
			offset++
			continue
		case marker == jpegScan:
			return errors.Join(faults...)
		}
		length := int64(binary.BigEndian.Uint16(head[2:]))
		if length < 2 || offset+2+length > size {
			return errors.Join(append(faults, fmt.Errorf("the segment at byte %d says %d bytes, more than there are", offset, length))...)
		}
		segment := make([]byte, length-2)
		if _, err := at.ReadAt(segment, offset+4); err != nil {
			return err
		}
		if err := each(marker, segment, offset+4); err != nil {
			if _, ends := errors.AsType[stop](err); ends {
				return err
			}
			faults = append(faults, err)
		}
		offset += 2 + length
	}
	return errors.Join(append(faults, fmt.Errorf("it has more than %d segments", jpegMarks))...)
}
