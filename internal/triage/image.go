package triage

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"path"
	"strings"

	"parley/internal/triage/ewf"
)

// isImage: the first segment of an EWF image.
func isImage(f *file) bool { return hasPrefix(f, ewf.Magic) && segmentNumber(f) == 1 }

// isImagePart: another segment, which is read with the first.
func isImagePart(f *file) bool { return hasPrefix(f, ewf.Magic) }

func segmentNumber(f *file) int {
	if len(f.head) < 11 {
		return 0
	}
	return int(binary.LittleEndian.Uint16(f.head[9:]))
}

// imageEntries gives the one thing inside: the content of the disk.
func imageEntries(ctx context.Context, r *reading, f *file, yield func(item) error) error {
	segments, err := segmentsOf(ctx, f)
	if err != nil {
		return err
	}
	image, err := ewf.Open(segments)
	if err != nil {
		return err
	}
	for _, problem := range image.Problems {
		if err := r.fault(f.place(), errors.New(problem)); err != nil {
			return err
		}
	}
	check := &imageCheck{image: image, place: f.place()}
	it := f.child(withoutExt(f.name()) + ".raw")
	it.at, it.size, it.open, it.loaded = image, image.Size(), check.open, check.report
	return yield(it)
}

func withoutExt(name string) string {
	base := path.Base(name)
	return strings.TrimSuffix(base, path.Ext(base))
}

// segmentsOf finds the segments of an image, as far as they lie beside the first.
func segmentsOf(ctx context.Context, f *file) ([]ewf.Segment, error) {
	const most = 4096
	at, err := f.readerAt()
	if err != nil {
		return nil, err
	}
	segments := []ewf.Segment{{At: at, Size: f.size}}
	for n := 2; n <= most; n++ {
		other, err := f.beside.file(ctx, segmentName(f.name(), n))
		if err != nil || segmentNumber(other) != n {
			break
		}
		if at, err = other.readerAt(); err != nil {
			return nil, err
		}
		f.beside.keep(other)
		segments = append(segments, ewf.Segment{At: at, Size: other.size})
	}
	return segments, nil
}

// segmentName gives the name of segment n: E01 … E99, EAA … EZZ, FAA and on.
func segmentName(name string, n int) string {
	ext := path.Ext(name)
	if len(ext) != 4 {
		return ""
	}
	base, letter := strings.TrimSuffix(name, ext)+".", ext[1]
	if n < 100 {
		return fmt.Sprintf("%s%c%02d", base, letter, n)
	}
	n -= 100
	first := byte('A')
	if letter >= 'a' {
		first = 'a'
	}
	return base + string([]byte{letter + byte(n/676), first + byte(n/26%26), first + byte(n%26)})
}

// imageCheck compares an image with the hashes in it, while it is hashed for
// its own.
type imageCheck struct {
	image *ewf.Image
	place Place
	md5   hash.Hash
	sha1  hash.Hash
}

func (c *imageCheck) open() (io.ReadCloser, error) {
	content := io.NewSectionReader(c.image, 0, c.image.Size())
	c.md5, c.sha1 = md5.New(), sha1.New() // what the format has; nothing rests on them but this comparison
	return io.NopCloser(io.TeeReader(content, io.MultiWriter(c.md5, c.sha1))), nil
}

// report says what is damaged, and what the image tells about itself.
func (c *imageCheck) report(r *reading) error {
	if damage := c.image.Damage(); damage != "" {
		if err := r.fault(c.place, errors.New(damage+"; the bytes that could not be read are zeros")); err != nil {
			return err
		}
	}
	about := c.image.About
	lines := []string{about.Case, about.Evidence, about.Description, about.Notes}
	for _, sum := range [...]struct {
		name      string
		want, got []byte
	}{{"MD5", c.image.MD5, c.md5.Sum(nil)}, {"SHA-1", c.image.SHA1, c.sha1.Sum(nil)}} {
		switch {
		case sum.want == nil:
			continue
		case bytes.Equal(sum.want, sum.got):
			lines = append(lines, fmt.Sprintf("%s %x: verified", sum.name, sum.got))
		default:
			err := fmt.Errorf("its content has the %s %x, and the image says %x: it is damaged or was changed", sum.name, sum.got, sum.want)
			if err := r.fault(c.place, err); err != nil {
				return err
			}
		}
	}
	return r.artifact(Artifact{
		Kind: KindImage, Place: c.place, Time: about.Acquired, Name: path.Base(c.place.Chain[len(c.place.Chain)-1]),
		From: about.Examiner, Application: about.Program, Text: joinLines(lines),
	})
}

func joinLines(lines []string) string {
	var kept []string
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			kept = append(kept, line)
		}
	}
	return clip(strings.Join(kept, "\n"), 4096)
}
