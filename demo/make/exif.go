package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"
)

// shot is what a camera notes in a picture.
type shot struct {
	taken      time.Time
	lat, lon   [2]uint32 // degrees and whole minutes: a park, not a door
	make, kind string
}

// The types of a TIFF field.
const (
	tiffByte     = 1
	tiffASCII    = 2
	tiffShort    = 3
	tiffLong     = 4
	tiffRational = 5
)

type tiffField struct {
	tag, kind uint16
	count     uint32
	value     []byte
}

func ascii(tag uint16, s string) tiffField {
	return tiffField{tag, tiffASCII, uint32(len(s) + 1), append([]byte(s), 0)}
}

func short(tag, v uint16) tiffField {
	return tiffField{tag, tiffShort, 1, binary.LittleEndian.AppendUint16(nil, v)}
}

func long(tag uint16, v uint32) tiffField {
	return tiffField{tag, tiffLong, 1, binary.LittleEndian.AppendUint32(nil, v)}
}

func rationals(tag uint16, values ...uint32) tiffField {
	f := tiffField{tag: tag, kind: tiffRational, count: uint32(len(values))}
	for _, v := range values {
		f.value = binary.LittleEndian.AppendUint32(f.value, v)
		f.value = binary.LittleEndian.AppendUint32(f.value, 1)
	}
	return f
}

// exif gives the APP1 segment (Exif 2.32) for a shot: the main directory, and
// from it the camera's and the one for the place.
func exif(s shot) []byte {
	stamp := s.taken.Add(2 * time.Hour).Format("2006:01:02 15:04:05")
	main := func(camera, place uint32) []tiffField {
		return []tiffField{
			ascii(0x010f, s.make), ascii(0x0110, s.kind), short(0x0112, 1),
			ascii(0x0132, stamp), long(0x8769, camera), long(0x8825, place),
		}
	}
	camera := []tiffField{
		{0x9000, 7, 4, []byte("0232")}, ascii(0x9003, stamp), ascii(0x9004, stamp), ascii(0x9011, "+02:00"),
	}
	place := []tiffField{
		{0x0000, tiffByte, 4, []byte{2, 3, 0, 0}},
		ascii(0x0001, "N"), rationals(0x0002, s.lat[0], s.lat[1], 0),
		ascii(0x0003, "E"), rationals(0x0004, s.lon[0], s.lon[1], 0),
	}
	const start = 8
	cameraAt := start + uint32(len(directory(main(0, 0), start)))
	placeAt := cameraAt + uint32(len(directory(camera, cameraAt)))

	tiff := append([]byte("II*\x00"), start, 0, 0, 0)
	tiff = append(tiff, directory(main(cameraAt, placeAt), start)...)
	tiff = append(tiff, directory(camera, cameraAt)...)
	tiff = append(tiff, directory(place, placeAt)...)

	body := append([]byte("Exif\x00\x00"), tiff...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return append(segment, body...)
}

// directory lays out one image file directory that begins at the given offset
// of the TIFF data: entries first, then the values that do not fit into one.
func directory(fields []tiffField, at uint32) []byte {
	out := binary.LittleEndian.AppendUint16(nil, uint16(len(fields)))
	var values []byte
	valuesAt := at + 2 + 12*uint32(len(fields)) + 4
	for _, f := range fields {
		out = binary.LittleEndian.AppendUint16(out, f.tag)
		out = binary.LittleEndian.AppendUint16(out, f.kind)
		out = binary.LittleEndian.AppendUint32(out, f.count)
		if len(f.value) <= 4 {
			out = append(out, append(bytes.Clone(f.value), make([]byte, 4-len(f.value))...)...)
			continue
		}
		out = binary.LittleEndian.AppendUint32(out, valuesAt+uint32(len(values)))
		values = append(values, f.value...)
		if len(values)%2 == 1 {
			values = append(values, 0)
		}
	}
	return append(append(out, 0, 0, 0, 0), values...)
}

// withExif puts the segment where Exif wants it: straight after the start of
// the picture.
func withExif(jpeg []byte, s shot) ([]byte, error) {
	if !bytes.HasPrefix(jpeg, []byte{0xff, 0xd8}) {
		return nil, fmt.Errorf("add Exif: the picture does not begin as a JPEG")
	}
	return append(append([]byte{0xff, 0xd8}, exif(s)...), jpeg[2:]...), nil
}
