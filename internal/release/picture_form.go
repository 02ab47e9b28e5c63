package release

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
)

// checkPicture says why bytes are not a picture of pixels alone, in the form of docs/formats/tearline.md.
func checkPicture(mime string, data []byte) error {
	if len(data) > maxPictureBytes {
		return fmt.Errorf("it has %d bytes and %d are the most", len(data), maxPictureBytes)
	}
	kind, err := pictureKind(data)
	switch {
	case err != nil:
		return err
	case kind != mime:
		return fmt.Errorf("it is %s and says that it is %s", kind, mime)
	}
	head, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("it cannot be read: %w", err)
	}
	if head.Width < 1 || head.Height < 1 || max(head.Width, head.Height) > maxPictureSide {
		return fmt.Errorf("it has %d × %d pixels and %d a side are the most", head.Width, head.Height, maxPictureSide)
	}
	if kind == mimePNG {
		err = checkPNG(data)
	} else {
		err = checkJPEG(data)
	}
	if err != nil {
		return err
	}
	if _, _, err := image.Decode(bytes.NewReader(data)); err != nil {
		return fmt.Errorf("it cannot be read: %w", err)
	}
	return nil
}

// checkPNG reads the chunks (PNG, section 5.3): a head, pixels and an end, and nothing besides or behind.
func checkPNG(data []byte) error {
	const signature, envelope = 8, 12
	var pixels []byte
	last := ""
	for at := signature; last != "IEND"; {
		if len(data)-at < envelope {
			return errors.New("it ends before its end")
		}
		length := binary.BigEndian.Uint32(data[at:])
		name := string(data[at+4 : at+8])
		if uint64(length) > uint64(len(data)-at-envelope) {
			return fmt.Errorf("its part %q is longer than it is", name)
		}
		body := data[at+8 : at+8+int(length)]
		switch {
		case name == "IHDR" && last == "":
			if length != 13 || body[8] != 8 || body[9] != 2 || body[12] != 0 {
				return errors.New("it is no plain picture of eight bits a colour")
			}
		case name == "IDAT" && (last == "IHDR" || last == "IDAT"):
			pixels = append(pixels, body...)
		case name == "IEND" && last == "IDAT" && length == 0:
			if at+envelope != len(data) {
				return fmt.Errorf("there are %d bytes behind its end", len(data)-at-envelope)
			}
		default:
			return fmt.Errorf("it holds a part %q beside its pixels", name)
		}
		last = name
		at += envelope + int(length)
	}
	return checkPixels(data, pixels)
}

// checkPixels sees that the compressed pixels are as many as the head says, with nothing behind them.
func checkPixels(data, compressed []byte) error {
	width, height := binary.BigEndian.Uint32(data[16:]), binary.BigEndian.Uint32(data[20:])
	want := int64(height) * (1 + 3*int64(width))
	rest := bytes.NewReader(compressed)
	z, err := zlib.NewReader(rest)
	if err != nil {
		return fmt.Errorf("its pixels cannot be read: %w", err)
	}
	n, err := io.Copy(io.Discard, io.LimitReader(z, want+1))
	if err != nil || n != want {
		return errors.New("its pixels are not as many as it says")
	}
	if rest.Len() > 0 {
		return fmt.Errorf("there are %d bytes behind its pixels", rest.Len())
	}
	return nil
}

// checkJPEG reads the segments (ITU-T T.81, annex B): tables, one baseline frame, one scan and the end. What
// cameras and programs add stands in segments of its own, and none is allowed.
func checkJPEG(data []byte) error {
	const (
		tables, frame, codes, scan, end = 0xdb, 0xc0, 0xc4, 0xda, 0xd9
	)
	frames := 0
	for at := 2; ; {
		if len(data)-at < 4 || data[at] != 0xff {
			return errors.New("it ends before its end")
		}
		marker, length := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if length < 2 || length > len(data)-at-2 {
			return fmt.Errorf("its segment %#x is longer than it is", marker)
		}
		switch marker {
		case tables, codes:
		case frame:
			frames++
		case scan:
			if frames != 1 {
				return fmt.Errorf("it holds %d pictures", frames)
			}
			return checkScan(data[at+2+length:])
		default:
			return fmt.Errorf("it holds a segment %#x beside its pixels", marker)
		}
		at += 2 + length
	}
}

// checkScan sees that coded pixels go to the end of the file, where the mark for it stands.
func checkScan(scan []byte) error {
	for i := 0; i+1 < len(scan); i++ {
		if scan[i] != 0xff || scan[i+1] == 0 {
			continue
		}
		switch {
		case scan[i+1] != 0xd9:
			return fmt.Errorf("it holds a segment %#x within its pixels", scan[i+1])
		case i+2 != len(scan):
			return fmt.Errorf("there are %d bytes behind its end", len(scan)-i-2)
		}
		return nil
	}
	return errors.New("it ends before its end")
}
