package ewf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/adler32"
	"io"
	"strings"
)

const (
	// Magic begins every segment.
	Magic = "EVF\x09\x0d\x0a\xff\x00"

	segmentHeader = 13
	sectionHeader = 76
	mostSections  = 1 << 20
	mostHeader    = 1 << 20 // bytes of the text about the acquisition
)

// Segment is one file of an image.
type Segment struct {
	At   io.ReaderAt
	Size int64
}

// section is a part of a segment.
type section struct {
	kind string
	at   int64 // of its content
	size int64 // of its content
}

var errSection = errors.New("a section's header is broken")

// number gives which segment of the image this is, from 1.
func (s Segment) number() (int, error) {
	var raw [segmentHeader]byte
	if _, err := s.At.ReadAt(raw[:], 0); err != nil || string(raw[:8]) != Magic {
		return 0, errors.New("it is no segment of an EWF image")
	}
	return int(binary.LittleEndian.Uint16(raw[9:])), nil
}

// each gives the sections in order. done says whether the image ends here, next
// whether it goes on in another segment.
func (s Segment) each(visit func(section) error) (ended bool, err error) {
	at := int64(segmentHeader)
	for range mostSections {
		head, next, err := s.section(at)
		if err != nil {
			return false, err
		}
		switch head.kind {
		case "done":
			return true, nil
		case "next":
			return false, nil
		}
		if err := visit(head); err != nil {
			return false, fmt.Errorf("section %q at byte %d: %w", head.kind, at, err)
		}
		if next <= at {
			return false, fmt.Errorf("section %q at byte %d points back to byte %d", head.kind, at, next)
		}
		at = next
	}
	return false, errors.New("it has too many sections")
}

func (s Segment) section(at int64) (section, int64, error) {
	var raw [sectionHeader]byte
	if _, err := s.At.ReadAt(raw[:], at); err != nil {
		return section{}, 0, fmt.Errorf("a section at byte %d cannot be read: %w", at, io.ErrUnexpectedEOF)
	}
	little := binary.LittleEndian
	kind, _, _ := strings.Cut(string(raw[:16]), "\x00")
	next, size := int64(little.Uint64(raw[16:])), int64(little.Uint64(raw[24:]))
	if adler32.Checksum(raw[:72]) != little.Uint32(raw[72:]) {
		return section{}, 0, fmt.Errorf("at byte %d: %w", at, errSection)
	}
	head := section{kind: kind, at: at + sectionHeader, size: size - sectionHeader}
	if kind == "done" || kind == "next" {
		return head, 0, nil
	}
	if strings.HasPrefix(kind, "table") && next > at {
		head.size = min(head.size, next-head.at) // else tables could lie over each other
	}
	if head.size < 0 || head.size > s.Size-head.at {
		// Some programs leave the size of the sectors to the next section's place.
		if head.size = next - head.at; head.size < 0 || head.size > s.Size-head.at {
			return section{}, 0, fmt.Errorf("at byte %d: %w", at, errSection)
		}
	}
	return head, next, nil
}

// read gives a section's first bytes, at most so many.
func (s Segment) read(part section, most int64) ([]byte, error) {
	raw := make([]byte, min(part.size, most))
	if n, err := s.At.ReadAt(raw, part.at); n < len(raw) {
		return nil, err
	}
	return raw, nil
}

// checked takes off the checksum at the end of raw.
func checked(raw []byte) ([]byte, error) {
	if len(raw) < 4 {
		return nil, io.ErrUnexpectedEOF
	}
	body := raw[:len(raw)-4]
	if adler32.Checksum(body) != binary.LittleEndian.Uint32(raw[len(body):]) {
		return nil, errors.New("its checksum is wrong")
	}
	return body, nil
}

func empty(raw []byte) bool { return len(bytes.Trim(raw, "\x00")) == 0 }
