package release_test

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"parley/internal/release"
	"parley/stix"
)

// view is a picture with an edge and a slope, so that every coder has work.
func view(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.Set(x, y, color.NRGBA{byte(x*5 + 1), byte(y*3 + 2), byte(x ^ y), 255})
		}
	}
	return m
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withChunk puts a chunk before a PNG's pixels.
func withChunk(file []byte, name string, body string) []byte {
	const head = 8 + 25
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	chunk = append(chunk, name+body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE([]byte(name+body)))
	return append(append(bytes.Clone(file[:head]), chunk...), file[head:]...)
}

// withSegment puts a segment behind a JPEG's start.
func withSegment(file []byte, marker byte, body string) []byte {
	segment := append([]byte{0xff, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
	return append(append(bytes.Clone(file[:2]), segment...), file[2:]...)
}

// secretPictures are files that say more than they show. Each holds "taken by Orchid" in some form.
func secretPictures(t testing.TB) map[string][]byte {
	const said = "taken by Orchid"
	plainPNG, plainJPEG := asPNG(t, view(40, 30)), asJPEG(t, view(40, 30))
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err := z.Write([]byte(said)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	clear := view(40, 30)
	for i := range said { // in colours that nobody sees
		clear.Set(i, 0, color.NRGBA{said[i], 0, 0, 0})
	}
	low := view(40, 30)
	for i := range 8 * len(said) { // in the lowest bits
		at := 4 * i
		low.Pix[at] = low.Pix[at]&^1 | said[i/8]>>(i%8)&1
	}
	exif := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x0e\x01\x02\x00\x10\x00\x00\x00\x1a\x00\x00\x00\x00\x00\x00\x00" + said + "\x00"
	return map[string][]byte{
		"png: a text":                withChunk(plainPNG, "tEXt", "Author\x00"+said),
		"png: a compressed text":     withChunk(plainPNG, "zTXt", "Author\x00\x00"+packed.String()),
		"png: an international text": withChunk(plainPNG, "iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+said),
		"png: exif":                  withChunk(plainPNG, "eXIf", exif[6:]),
		"png: a time":                withChunk(plainPNG, "tIME", "\x07\xe9\x03\x0c\x03\x0c\x09"),
		"png: a density":             withChunk(plainPNG, "pHYs", "\x00\x00\x0b\x13\x00\x00\x0b\x13\x01"),
		"png: a private part":        withChunk(plainPNG, "orCh", said),
		"png: behind its end":        append(bytes.Clone(plainPNG), said...),
		"png: transparent colours":   asPNG(t, clear),
		"png: lowest bits":           asPNG(t, low),
		"jpeg: exif":                 withSegment(plainJPEG, 0xe1, exif),
		"jpeg: a comment":            withSegment(plainJPEG, 0xfe, said),
		"jpeg: a profile":            withSegment(plainJPEG, 0xe2, "ICC_PROFILE\x00\x01\x01"+said),
		"jpeg: a caption":            withSegment(plainJPEG, 0xed, "Photoshop 3.0\x008BIM"+said),
		"jpeg: behind its end":       append(bytes.Clone(plainJPEG), said...),
	}
}

// released builds a tearline with pictures and returns those that it carries.
func released(t testing.TB, files ...[]byte) (release.Tearline, [][]byte, error) {
	t.Helper()
	req := request(t)
	for _, file := range files {
		req.Pictures = append(req.Pictures, release.Picture{Name: "front.png", File: file})
	}
	tearline, err := release.Build(readReport(t), req, fixed())
	var pictures [][]byte
	for _, o := range tearline.Objects {
		if text, ok := o.String("payload_bin"); ok {
			data, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				t.Fatal(err)
			}
			pictures = append(pictures, data)
		}
	}
	return tearline, pictures, err
}

// TestPicturesAreDrawnAnew attaches files that say more than they show. What is released shows the same
// picture and says nothing; had the file itself got into the bundle, check and receiver stop it.
func TestPicturesAreDrawnAnew(t *testing.T) {
	for name, file := range secretPictures(t) {
		t.Run(name, func(t *testing.T) {
			tearline, pictures, err := released(t, file)
			if err != nil || len(pictures) != 1 {
				t.Fatalf("%d pictures: %v", len(pictures), err)
			}
			if bytes.Contains(pictures[0], []byte("Orchid")) || bytes.Equal(pictures[0], file) {
				t.Error("something of the file is in the picture")
			}
			drawn, _, err := image.Decode(bytes.NewReader(pictures[0]))
			if err != nil || drawn.Bounds() != image.Rect(0, 0, 40, 30) {
				t.Errorf("it shows %v: %v", drawn.Bounds(), err)
			}
			s := secrets(t)
			s.Cleared = request(t).Cleared
			for _, f := range release.Check(tearline, s) {
				if f.Blocking {
					t.Errorf("stopped: %+v", f)
				}
			}
			if _, err := release.Verify(tearline.Bundle); err != nil {
				t.Error(err)
			}
			mime := "image/" + name[:strings.IndexByte(name, ':')]
			tampered := edit{Op: "set", Type: "artifact", Path: "payload_bin", Value: base64.StdEncoding.EncodeToString(file)}.apply(t, tearline.Bundle)
			tampered = edit{Op: "set", Type: "artifact", Path: "mime_type", Value: mime}.apply(t, tampered)
			if !blockedBy(release.Check(release.Tearline{Bundle: tampered}, s), "picture") {
				t.Error("the file itself passes the check")
			}
			if name != "png: lowest bits" { // a receiver cannot know what was there
				if _, err := release.Verify(tampered); err == nil {
					t.Error("the receiver takes the file itself")
				}
			}
		})
	}
}

func blockedBy(findings []release.Finding, rule string) bool {
	for _, f := range findings {
		if f.Blocking && f.Rule == rule {
			return true
		}
	}
	return false
}

// TestPictureThatStaysHere stops a picture that is one of our files to the byte.
func TestPictureThatStaysHere(t *testing.T) {
	tearline, pictures, err := released(t, asPNG(t, view(40, 30)))
	if err != nil {
		t.Fatal(err)
	}
	s := secrets(t)
	s.OriginalIDs = append(s.OriginalIDs, sha256Hex(pictures[0]))
	if !blockedBy(release.Check(tearline, s), "picture") {
		t.Error("it passes")
	}
}

// TestWhatIsNoPictureIsRefused: documents carry authors, revisions and what was cut; archives anything.
func TestWhatIsNoPictureIsRefused(t *testing.T) {
	huge := asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	binary.BigEndian.PutUint32(huge[16:], 60_000)
	binary.BigEndian.PutUint32(huge[20:], 60_000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"pdf":             {[]byte("%PDF-1.7\n1 0 obj"), "a PDF document"},
		"docx":            {[]byte("PK\x03\x04 word/document.xml"), "an archive or an office document"},
		"doc":             {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an office document"},
		"rtf":             {[]byte(`{\rtf1 {\author Orchid}}`), "a rich text document"},
		"svg":             {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "scripts and links"},
		"gif":             {[]byte("GIF89a\x01\x00\x01\x00"), "a GIF"},
		"webp":            {[]byte("RIFF\x00\x00\x00\x00WEBP"), "a WebP"},
		"plain text":      {[]byte("The text of a report."), "no PNG and no JPEG"},
		"nothing":         {nil, "no PNG and no JPEG"},
		"half a picture":  {asPNG(t, view(40, 30))[:100], "cannot be read"},
		"too many pixels": {huge, "60000 × 60000 pixels"},
		"too many bytes":  {append(asPNG(t, view(4, 3)), make([]byte, release.MaxPictureFile)...), "are the most"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := released(t, c.file); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("want an error that says %q, got %v", c.want, err)
			}
		})
	}
	one := asPNG(t, view(4, 3))
	if _, _, err := released(t, one, one, one, one, one); err == nil {
		t.Error("five pictures are taken")
	}
}

// TestLargePicturesBecomeSmaller: a photograph of a telephone is larger than what a tearline carries.
func TestLargePicturesBecomeSmaller(t *testing.T) {
	_, pictures, err := released(t, asJPEG(t, view(1500, 1000)), asPNG(t, view(1281, 3)))
	if err != nil {
		t.Fatal(err)
	}
	sizes := map[image.Point]bool{}
	for _, p := range pictures {
		head, _, err := image.DecodeConfig(bytes.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		sizes[image.Pt(head.Width, head.Height)] = true
	}
	if !sizes[image.Pt(750, 500)] || !sizes[image.Pt(640, 1)] {
		t.Errorf("they are %v", sizes)
	}
}

// TestPictureIsNotTakenFromTheReport: an artifact of the report stays behind.
func TestPictureIsNotTakenFromTheReport(t *testing.T) {
	artifact := object(t, `{"type":"artifact","spec_version":"2.1","id":"artifact--7a6f6a5e-9d5d-5a52-8d36-7f1a0b8c0099",
		"mime_type":"image/png","payload_bin":"`+base64.StdEncoding.EncodeToString(asPNG(t, view(4, 3)))+`"}`)
	if _, found := build(t, request(t), "artifact", []stix.Object{artifact}...); len(found) != 0 {
		t.Error("it was released")
	}
}

// FuzzPicture attaches any bytes. What is released is a picture of pixels alone, which the receiver takes.
func FuzzPicture(f *testing.F) {
	for _, file := range secretPictures(f) {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if head, _, err := image.DecodeConfig(bytes.NewReader(file)); err != nil || head.Width*head.Height > 1<<16 {
			return // too slow for a fuzzer
		}
		tearline, _, err := released(t, file)
		if err != nil {
			return
		}
		if _, err := release.Verify(tearline.Bundle); err != nil {
			t.Error(err)
		}
		if blockedBy(release.Check(tearline, release.Secrets{}), "picture") {
			t.Error("the check stops what the desk wrote")
		}
	})
}

// FuzzReceivedPicture gives the receiver any bytes as a picture.
func FuzzReceivedPicture(f *testing.F) {
	tearline, _, err := released(f, asPNG(f, view(4, 3)))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range secretPictures(f) {
		f.Add(file, true)
		f.Add(file, false)
	}
	f.Fuzz(func(t *testing.T, file []byte, isPNG bool) {
		mime := map[bool]string{true: "image/png", false: "image/jpeg"}[isPNG]
		bundle := edit{Op: "set", Type: "artifact", Path: "payload_bin", Value: base64.StdEncoding.EncodeToString(file)}.apply(t, tearline.Bundle)
		bundle = edit{Op: "set", Type: "artifact", Path: "mime_type", Value: mime}.apply(t, bundle)
		if _, err := release.Verify(bundle); err != nil {
			return
		}
		if _, format, err := image.Decode(bytes.NewReader(file)); err != nil || "image/"+format != mime {
			t.Errorf("accepted what is no picture: %v", err)
		}
		for _, mark := range []string{"Exif", "tEXt", "iTXt", "zTXt", "eXIf", "ICC_PROFILE"} {
			if bytes.Contains(file, []byte(mark)) && len(file) < 400 {
				t.Errorf("accepted a picture with %q in it", mark)
			}
		}
	})
}

func sha256Hex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
