package triage_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/triage"
)

// ifd builds TIFF directories: each field is a tag, a type, a count and a value.
type ifd struct {
	order  binary.ByteOrder
	fields []ifdField
}

type ifdField struct {
	tag, kind uint16
	count     uint32
	value     []byte
}

func (d *ifd) ascii(tag uint16, text string) {
	d.fields = append(d.fields, ifdField{tag, 2, uint32(len(text) + 1), append([]byte(text), 0)})
}

func (d *ifd) long(tag uint16, value uint32) {
	raw := make([]byte, 4)
	d.order.PutUint32(raw, value)
	d.fields = append(d.fields, ifdField{tag, 4, 1, raw})
}

func (d *ifd) rationals(tag uint16, pairs ...uint32) {
	raw := make([]byte, 4*len(pairs))
	for i, n := range pairs {
		d.order.PutUint32(raw[4*i:], n)
	}
	d.fields = append(d.fields, ifdField{tag, 5, uint32(len(pairs) / 2), raw})
}

// bytes lays the directory out at offset at, its long values behind it.
func (d *ifd) bytes(at int) []byte {
	raw := make([]byte, 2+12*len(d.fields)+4)
	d.order.PutUint16(raw, uint16(len(d.fields)))
	var tail []byte
	for i, f := range d.fields {
		entry := raw[2+12*i:]
		d.order.PutUint16(entry, f.tag)
		d.order.PutUint16(entry[2:], f.kind)
		d.order.PutUint32(entry[4:], f.count)
		if len(f.value) <= 4 {
			copy(entry[8:12], f.value)
			continue
		}
		d.order.PutUint32(entry[8:], uint32(at+len(raw)+len(tail)))
		tail = append(tail, f.value...)
	}
	return append(raw, tail...)
}

// exifOf builds the Exif data of a camera at 48°12'30" north, 16°24'0" east.
func exifOf(order binary.ByteOrder) []byte {
	const exifAt, gpsAt = 600, 900
	main := &ifd{order: order}
	main.ascii(0x010e, "by desk@example.org")
	main.ascii(0x010f, "Lampworks")
	main.ascii(0x0110, "L1")
	main.long(0x8769, exifAt)
	main.long(0x8825, gpsAt)
	camera := &ifd{order: order}
	camera.ascii(0x9003, "2024:01:05 13:30:45")
	camera.ascii(0x9011, "+01:00")
	gps := &ifd{order: order}
	gps.ascii(1, "N")
	gps.rationals(2, 48, 1, 12, 1, 300, 10)
	gps.ascii(3, "E")
	gps.rationals(4, 16, 1, 24, 1, 0, 1)
	raw := make([]byte, gpsAt)
	copy(raw, "II*\x00")
	if order == binary.BigEndian {
		copy(raw, "MM\x00*")
	}
	order.PutUint32(raw[4:], 8)
	copy(raw[8:], main.bytes(8))
	copy(raw[exifAt:], camera.bytes(exifAt))
	return append(raw, gps.bytes(gpsAt)...)
}

// jpegWith puts Exif data into a real picture of 8 by 6 pixels.
func jpegWith(t testing.TB, exif []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 6)), nil); err != nil {
		t.Fatal(err)
	}
	segment := append([]byte("Exif\x00\x00"), exif...)
	head := []byte{0xff, 0xd8, 0xff, 0xe1, byte((len(segment) + 2) >> 8), byte(len(segment) + 2)}
	return append(append(head, segment...), b.Bytes()[2:]...)
}

func TestPicture(t *testing.T) {
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		r, path := runBytes(t, "x.jpg", jpegWith(t, exifOf(order)), us)
		if len(r.artifacts) != 1 || len(r.faults) != 0 {
			t.Fatalf("%s: %+v %v", order, r.artifacts, r.faults)
		}
		p := r.artifacts[0].Picture
		taken := time.Date(2024, 1, 5, 12, 30, 45, 0, time.UTC)
		if !p.Located || math.Abs(p.Latitude-(48+12.5/60)) > 1e-9 || math.Abs(p.Longitude-16.4) > 1e-9 ||
			p.Make != "Lampworks" || p.Model != "L1" || !p.Taken.Equal(taken) || p.Width != 8 || p.Height != 6 || !r.artifacts[0].Time.Equal(taken) {
			t.Errorf("%s: %+v", order, p)
		}
		if len(r.findings) != 1 || r.findings[0].Raw != "desk@example.org" {
			t.Errorf("%s: %+v", order, r.findings)
		}
		checkPlaces(t, path, r, us)
	}
}

// heicOf makes a HEIC picture of boxes alone, with Exif data in them.
func heicOf(exif []byte) []byte {
	box := func(kind string, parts ...[]byte) []byte {
		content := bytes.Join(parts, nil)
		return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(content))), kind...), content...)
	}
	block := append([]byte{0, 0, 0, 6}, append([]byte("Exif\x00\x00"), exif...)...)
	where := binary.BigEndian.AppendUint32([]byte{1, 0, 0, 0, 0x44, 0, 0, 1, 0, 7, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0}, uint32(len(block)))
	return append(box("ftyp", []byte("heic\x00\x00\x00\x00mif1heic")), box("meta", []byte{0, 0, 0, 0},
		box("iinf", []byte{0, 0, 0, 0, 0, 1}, box("infe", []byte("\x02\x00\x00\x00\x00\x07\x00\x00Exif\x00"))), box("iloc", where),
		box("iprp", box("ipco", box("ispe", []byte{0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 6}))), box("idat", block))...)
}

// The same camera writes the same into a HEIC picture.
func TestHEIC(t *testing.T) {
	r, path := runBytes(t, "x.heic", heicOf(exifOf(binary.BigEndian)), us)
	if len(r.artifacts) != 1 || len(r.faults) != 0 || r.files[0].Type != "heif" {
		t.Fatalf("%+v %v", r.artifacts, r.faults)
	}
	p := r.artifacts[0].Picture
	if !p.Located || p.Make != "Lampworks" || p.Width != 8 || p.Height != 6 || r.artifacts[0].Time.IsZero() {
		t.Errorf("%+v", p)
	}
	if len(r.findings) != 1 || r.findings[0].Raw != "desk@example.org" {
		t.Errorf("%+v", r.findings)
	}
	checkPlaces(t, path, r, us)
	checkArtifacts(t, path, r, us)
}

// pngWith puts chunks behind the header of a real picture of 8 by 6 pixels.
func pngWith(t testing.TB, chunks ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 6))); err != nil {
		t.Fatal(err)
	}
	const header = 8 + 4 + 4 + 13 + 4
	raw := bytes.Clone(b.Bytes()[:header])
	for _, chunk := range chunks {
		raw = binary.BigEndian.AppendUint32(raw, uint32(len(chunk)-4))
		raw = binary.BigEndian.AppendUint32(append(raw, chunk...), crc32.ChecksumIEEE([]byte(chunk)))
	}
	return append(raw, b.Bytes()[header:]...)
}

func zlibOf(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// xmp is what programs put into pictures of all formats.
const xmp = `<?xpacket begin="" id="W5M0"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://schemas.example.org/rdf">` +
	`<r:Description xmlns:d="http://schemas.example.org/d" d:creator="cut@example.org"/></r:RDF></x:xmpmeta><?xpacket end="w"?>`

func allKindsOfPNG(t testing.TB) []byte {
	return pngWith(t, "eXIf"+string(exifOf(binary.BigEndian)), "tEXtAuthor\x00text@example.org", "zTXtComment\x00\x00"+zlibOf(t, "packed@example.org"),
		"iTXtTitle\x00\x00\x00en\x00Titel\x00plain@example.org", "iTXtTitle\x00\x01\x00\x00\x00"+zlibOf(t, "both@example.org"),
		"iTXtXML:com.adobe.xmp\x00\x00\x00\x00\x00"+xmp)
}

// webpWith puts chunks behind the header of a picture of 120 by 90 pixels that a browser made.
func webpWith(t testing.TB, chunks ...string) []byte {
	t.Helper()
	raw, err := os.ReadFile("../../pdq/testdata/lossy.webp")
	if err != nil {
		t.Fatal(err)
	}
	little := binary.LittleEndian
	for i := 0; i < len(chunks); i += 2 {
		raw = append(little.AppendUint32(append(raw, chunks[i]...), uint32(len(chunks[i+1]))), chunks[i+1]...)
		raw = append(raw, make([]byte, len(chunks[i+1])%2)...)
	}
	little.PutUint32(raw[4:], uint32(len(raw)-8))
	return raw
}

// gifWith puts extensions before the picture.
func gifWith(t testing.TB, extensions ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, image.NewPaletted(image.Rect(0, 0, 8, 6), palette.Plan9), nil); err != nil {
		t.Fatal(err)
	}
	const header = 13 + 3*256
	raw := bytes.Clone(b.Bytes()[:header])
	return append(append(raw, strings.Join(extensions, "")...), b.Bytes()[header:]...)
}

func allKindsOfGIF(t testing.TB) []byte {
	tail := []byte{1}
	for i := range 256 {
		tail = append(tail, byte(255-i))
	}
	comment := strings.Repeat("-", 250) + " long@example.org"
	return gifWith(t, "!\xfe\xff"+comment[:255]+string(rune(len(comment)-255))+comment[255:]+"\x00",
		"!\x01\x0c"+strings.Repeat("\x00", 12)+"\x10text@example.org\x00", "!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00", "!\xff\x0bXMP DataXMP"+xmp+string(tail)+"\x00")
}

// Pictures of all formats say how large they are, what the camera wrote, and what programs added.
func TestWhatPicturesSay(t *testing.T) {
	camera := string(exifOf(binary.LittleEndian))
	photoshop := "\xff\xed\x00\x2aPhotoshop 3.0\x008BIM\x04\x04\x00\x00 ring +12025550147"
	comment := "\xff\xfe\x00\x12say@example.org "
	segment := func(s string) string {
		return "\xff\xe1" + string([]byte{byte((len(s) + 2) >> 8), byte(len(s) + 2)}) + s
	}
	for _, c := range []struct {
		name          string
		raw           []byte
		kind          string
		width, height int
		located       bool
		found         []string
	}{
		{
			"x.jpg", jpegBehind(t, comment+photoshop+segment("http://ns.adobe.com/xap/1.0/\x00"+xmp)+segment("http://ns.adobe.com/xmp/extension/\x00"+strings.Repeat("0", 40)+"<x:xmpmeta d=\"more@example.org\"/>")),
			"jpeg", 8, 6, false,
			[]string{"+12025550147", "cut@example.org", "more@example.org", "say@example.org"},
		},
		{"x.png", allKindsOfPNG(t), "png", 8, 6, true, []string{"both@example.org", "cut@example.org", "desk@example.org", "packed@example.org", "plain@example.org", "text@example.org"}},
		{"x.webp", webpWith(t, "EXIF", camera, "XMP ", xmp), "webp", 120, 90, true, []string{"cut@example.org", "desk@example.org"}},
		{"y.webp", webpWith(t, "EXIF", "Exif\x00\x00"+camera), "webp", 120, 90, true, []string{"desk@example.org"}},
		{"x.gif", allKindsOfGIF(t), "gif", 8, 6, false, []string{"cut@example.org", "long@example.org", "text@example.org"}},
	} {
		r, path := runBytes(t, c.name, c.raw, us)
		if len(r.artifacts) != 1 || len(r.faults) != 0 || r.files[0].Type != c.kind {
			t.Errorf("%s: %+v %v %v", c.name, r.artifacts, r.files, r.problems())
			continue
		}
		if p := r.artifacts[0].Picture; p.Width != c.width || p.Height != c.height || p.Located != c.located {
			t.Errorf("%s: %+v", c.name, p)
		}
		var found []string
		for _, f := range r.findings {
			found = append(found, f.Raw)
		}
		slices.Sort(found)
		if !slices.Equal(found, c.found) {
			t.Errorf("%s: %q, want %q", c.name, found, c.found)
		}
		checkPlaces(t, path, r, us)
		checkArtifacts(t, path, r, us)
	}
}

// jpegBehind puts segments behind the beginning of a real picture of 8 by 6 pixels.
func jpegBehind(t testing.TB, segments string) []byte {
	raw := jpegWith(t, exifOf(binary.LittleEndian))
	behind := 2 + 2 + int(binary.BigEndian.Uint16(raw[4:]))
	return slices.Concat(raw[:2], []byte(segments), raw[behind:])
}

// What an enemy does to them costs what was changed.
func TestHostilePictures(t *testing.T) {
	many := slices.Repeat([]string{"zTXtComment\x00\x00" + zlibOf(t, "packed@example.org")}, 101)
	for name, c := range map[string]struct {
		file, problem string
		raw           []byte
	}{
		"a chunk beyond the end":    {"x.png", "more than there are", bytes.Replace(allKindsOfPNG(t), []byte("\x00\x00\x17tEXt"), []byte("\xff\x00\x17tEXt"), 1)},
		"a PNG cut off":             {"x.png", "breaks off", pngWith(t)[:40]},
		"a PNG text without end":    {"x.png", "no keyword", pngWith(t, "iTXtTitle")},
		"a PNG text without its":    {"x.png", "no end of its keyword", pngWith(t, "iTXtTitle\x00\x00\x00en")},
		"a PNG text packed wrongly": {"x.png", "zlib", pngWith(t, "zTXtTitle\x00\x00nothing")},
		"a bomb in a PNG":           {"x.png", "a bomb", pngWith(t, "zTXtTitle\x00\x00"+zlibOf(t, strings.Repeat("0", 80<<20)))},
		"too many texts":            {"x.png", "more than 100 parts", pngWith(t, many...)},
		"a WebP chunk beyond":       {"x.webp", "more than there are", webpWith(t, "EXIF", "")[:1280-40]},
		"a WebP with broken Exif":   {"x.webp", "Exif data", webpWith(t, "EXIF", "what")},
		"a GIF cut off":             {"x.gif", "breaks off", gifWith(t)[:100]},
		"a GIF of nothing":          {"x.gif", "breaks off", []byte("GIF89a")},
		"a GIF with odd blocks":     {"x.gif", "begins no block", gifWith(t, "??")},
	} {
		r, _ := runBytes(t, c.file, c.raw, us)
		if len(r.artifacts) != 1 || !r.problem("", c.problem) {
			t.Errorf("%s: %+v %v", name, r.artifacts, r.problems())
		}
	}
}

// Directories that point at themselves, beyond the end, or lie about counts.
func TestHostileExif(t *testing.T) {
	little := binary.LittleEndian
	base := exifOf(little)
	change := func(at int, value uint32) []byte {
		raw := bytes.Clone(base)
		little.PutUint32(raw[at:], value)
		return raw
	}
	const exifPointer, gpsPointer = 8 + 2 + 3*12 + 8, 8 + 2 + 4*12 + 8
	for name, raw := range map[string][]byte{
		"first beyond":    change(4, 1<<31),
		"Exif is first":   change(exifPointer, 8),
		"GPS is first":    change(gpsPointer, 8),
		"GPS is Exif":     change(gpsPointer, 600),
		"GPS beyond":      change(gpsPointer, 0xfffffff0),
		"value beyond":    change(8+2+8, 0xfffffff0),
		"count enormous":  change(8+2+4, 0xffffffff),
		"nothing":         {},
		"no byte order":   []byte("XX*\x00\x08\x00\x00\x00"),
		"many entries":    append([]byte("II*\x00\x08\x00\x00\x00"), 0xff, 0xff),
		"zero in degrees": bytes.Replace(base, []byte{16, 0, 0, 0, 1, 0, 0, 0}, []byte{16, 0, 0, 0, 0, 0, 0, 0}, 1),
	} {
		r, _ := runBytes(t, "x.jpg", jpegWith(t, raw), us)
		if len(r.artifacts) != 1 || r.artifacts[0].Picture.Width != 8 {
			t.Errorf("%s: %+v", name, r.artifacts)
		}
		if p := r.artifacts[0].Picture; name == "zero in degrees" && p.Located {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestBrokenJPEG(t *testing.T) {
	whole := jpegWith(t, exifOf(binary.LittleEndian))
	for name, raw := range map[string][]byte{
		"cut in the Exif data": whole[:100], "cut at once": whole[:4], "no segment": append(whole[:2:2], 0xff, 0x00, 0, 9, 'x'),
	} {
		r, _ := runBytes(t, "x.jpg", raw, us)
		if len(r.files) != 1 || len(r.faults) > 1 {
			t.Errorf("%s: %v %v", name, r.files, r.faults)
		}
		if name == "cut in the Exif data" && (len(r.artifacts) != 1 || !r.problem("", "more than there are")) {
			t.Errorf("%s: %v", name, r.faults)
		}
	}
}

func TestDocx(t *testing.T) {
	part := `<w:document xmlns:w="http://schemas.example.org/w"><w:body><w:p><w:r><w:t>ring +1 202-</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>555-0147</w:t></w:r></w:p>` +
		`<w:p><w:r><w:t>a &amp; b</w:t><w:tab/><w:t>desk@example.org</w:t></w:r></w:p></w:body></w:document>`
	links := `<Relationships xmlns="http://schemas.example.org/r"><Relationship Id="1" Type="http://schemas.example.org/t" Target="https://example.org/x?a=1&amp;b=2" TargetMode="External"/><Relationship Id="2" Target="http://inner.example/"/></Relationships>`
	raw := zipOf(t, entry{name: "[Content_Types].xml", content: `<x a="http://schemas.example.org/"/>`}, entry{name: "word/document.xml", content: part},
		entry{name: "word/_rels/document.xml.rels", content: links}, entry{name: "word/media/p.jpg", content: string(jpegWith(t, exifOf(binary.BigEndian)))})
	r, path := runBytes(t, "note.docx", raw, us)
	var found []string
	for _, f := range r.findings {
		found = append(found, f.Selector.String())
	}
	want := "[phone:+12025550147 email:desk@example.org url:https://example.org/x?a=1&b=2 email:desk@example.org]"
	if got := fmt.Sprint(found); got != want {
		t.Errorf("found %s, want %s; %v", got, want, r.faults)
	}
	checkPlaces(t, path, r, us)
	e, err := triage.Show(t.Context(), path, r.findings[0].Place, us)
	if err != nil || !bytes.HasPrefix(e.Raw, []byte("+1 202-</w:t>")) || !bytes.HasSuffix(e.Raw, []byte("555-0147")) {
		t.Errorf("%q, %v", e.Raw, err)
	}
	if len(r.artifacts) != 2 || r.artifacts[1].Kind != triage.KindDocument || r.artifacts[1].Text != "ring +1 202-555-0147\na & b\tdesk@example.org\n" || len(r.artifacts[1].Selectors) != 3 {
		t.Errorf("%+v", r.artifacts)
	}
}
