package bmff_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"parley/internal/triage/bmff"
)

// boxOf writes a box.
func boxOf(kind string, parts ...[]byte) []byte {
	content := slices.Concat(parts...)
	return slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(8+len(content))), []byte(kind), content)
}

func numbers(n ...byte) []byte { return n }

func wide(n ...uint32) []byte {
	var raw []byte
	for _, n := range n {
		raw = binary.BigEndian.AppendUint32(raw, n)
	}
	return raw
}

const tiff = "II*\x00 the structure"

// picture writes a file whose Exif data lies behind the boxes, or in them.
func picture(inside bool) []byte {
	block := append([]byte{0, 0, 0, 6}, "Exif\x00\x00"+tiff...)
	items := boxOf("iinf", numbers(0, 0, 0, 0, 0, 2),
		boxOf("infe", numbers(2, 0, 0, 0, 0, 1, 0, 0), []byte("hvc1\x00")), boxOf("infe", numbers(2, 0, 0, 0, 0, 7, 0, 0), []byte("Exif\x00")))
	sizes := boxOf("iprp", boxOf("ipco", boxOf("ispe", wide(0, 512, 512)), boxOf("ispe", wide(0, 4032, 3024))))
	first := boxOf("ftyp", []byte("heic"), wide(0), []byte("mif1heic"))
	where := func(offset uint32) []byte {
		method := byte(0)
		if inside {
			method = 1
		}
		return boxOf("iloc", numbers(1, 0, 0, 0, 0x44, 0, 0, 2),
			numbers(0, 1, 0, 0, 0, 0, 0, 1), wide(0, 0), numbers(0, 7, 0, method, 0, 0, 0, 1), wide(offset, uint32(len(block))))
	}
	meta := func(offset uint32) []byte {
		parts := [][]byte{wide(0), where(offset), items, sizes}
		if inside {
			parts = append(parts, boxOf("idat", block))
		}
		return boxOf("meta", parts...)
	}
	if inside {
		return slices.Concat(first, meta(0))
	}
	behind := uint32(len(first) + len(meta(0)) + 8)
	return slices.Concat(first, meta(behind), boxOf("mdat", block))
}

func open(t testing.TB, raw []byte) (*bmff.Picture, error) {
	t.Helper()
	return bmff.Open(bytes.NewReader(raw), int64(len(raw)))
}

func TestPicture(t *testing.T) {
	for _, inside := range []bool{false, true} {
		raw := picture(inside)
		p, err := open(t, raw)
		if err != nil || !bmff.Is(raw) || p.Width != 4032 || p.Height != 3024 {
			t.Fatalf("%+v, %v", p, err)
		}
		exif, at, err := p.Exif()
		if err != nil || string(exif) != tiff || !bytes.HasPrefix(raw[at:], []byte(tiff)) {
			t.Errorf("%q at byte %d, %v", exif, at, err)
		}
	}
}

// What lies is an error, with its place; sizes that were read before it stay.
func TestHostilePictures(t *testing.T) {
	whole := picture(false)
	change := func(find string, offset int, with ...byte) []byte {
		raw := bytes.Clone(whole)
		copy(raw[bytes.Index(raw, []byte(find))+offset:], with)
		return raw
	}
	for name, c := range map[string]struct {
		raw  []byte
		says string
	}{
		"a box longer than the file":     {change("meta", -4, 0x7f), "says"},
		"a box of no length":             {change("iloc", -4, 0, 0, 0, 3), "says 3 bytes"},
		"Exif data out of the file":      {change("iloc", 38, 0x7f), "is said to be at byte"},
		"nowhere":                        {change("iloc", 29, 9), "nothing says where"},
		"offsets of 15 bytes":            {change("iloc", 8, 0xff), "broken"},
		"Exif data that does not begin":  {change("mdat", 4, 0xff), "does not begin"},
		"a million boxes":                {slices.Concat(whole[:24], bytes.Repeat(boxOf("free"), 1<<17)), "more than 1000 boxes"},
		"cut off":                        {whole[:len(whole)-len(tiff)-40], "bytes"},
		"a list of items of 4 GiB":       {slices.Concat(whole[:24], wide(1), []byte("meta"), wide(1, 0), make([]byte, 100)), "says"},
		"a million extents of no length": {change("iloc", 8, 0, 0, 0xff, 0xff), ""},
	} {
		p, err := open(t, c.raw)
		if err == nil {
			_, _, err = p.Exif()
		}
		if c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(picture(false))
	f.Add(picture(true))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, _ := bmff.Open(bytes.NewReader(raw), int64(len(raw)))
		exif, at, err := p.Exif()
		if err == nil && exif != nil && !bytes.Equal(exif, raw[at:at+int64(len(exif))]) {
			t.Errorf("%d bytes are not at byte %d", len(exif), at)
		}
	})
}
