package triage

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Markers of a JPEG file (ITU-T T.81, annex B).
const (
	jpegAPP1    = 0xe1 // Exif or XMP
	jpegAPP13   = 0xed // what Photoshop and IPTC say of it
	jpegComment = 0xfe
	jpegScan    = 0xda
	jpegFrames  = 0xc0 // 0xc0 to 0xcf hold the size, but for these three
	jpegDHT     = 0xc4
	jpegJPG     = 0xc8
	jpegDAC     = 0xcc
	jpegMarks   = 1000 // segments looked at before the picture's own data
)

// What a segment APP1 begins with: Exif (CIPA DC-008, section 4.7.2), XMP and what of an XMP had no room in one
// segment (ISO 16684-3, section 7), which goes on with a digest, a length and an offset.
const (
	exifMagic   = "Exif\x00\x00"
	xmpMagic    = "http://ns.adobe.com/xap/1.0/\x00"
	xmpMore     = "http://ns.adobe.com/xmp/extension/\x00"
	xmpMoreHead = 32 + 4 + 4
)

func isJPEG(f *file) bool { return hasPrefix(f, "\xff\xd8\xff") }

// jpegEntries reads the size, what the camera wrote and comments, and gives what
// other programs added. The picture itself is decoded for its perceptual hash alone.
func jpegEntries(_ context.Context, r *reading, f *file, yield func(item) error) error {
	at, err := f.readerAt()
	if err != nil {
		return err
	}
	p := newPicture(r, f)
	problem := jpegSegments(at, f.size, func(marker byte, segment []byte, offset int64) error {
		switch {
		case marker == jpegAPP1 && bytes.HasPrefix(segment, []byte(exifMagic)):
			return p.exif(segment[len(exifMagic):], offset+int64(len(exifMagic)))
		case marker == jpegAPP1 && bytes.HasPrefix(segment, []byte(xmpMagic)):
			p.part("xmp.xml", segment[len(xmpMagic):])
		case marker == jpegAPP1 && bytes.HasPrefix(segment, []byte(xmpMore)) && len(segment) > len(xmpMore)+xmpMoreHead:
			p.part("xmp.xml", segment[len(xmpMore)+xmpMoreHead:])
		case marker == jpegAPP13:
			p.part("photoshop", segment)
		case marker == jpegComment:
			return p.text(segment, offset)
		case marker >= jpegFrames && marker <= jpegFrames+15 && marker != jpegDHT && marker != jpegJPG && marker != jpegDAC && len(segment) >= 5:
			p.size(int(binary.BigEndian.Uint16(segment[3:])), int(binary.BigEndian.Uint16(segment[1:])))
		}
		return nil
	})
	return p.done(problem, yield)
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
