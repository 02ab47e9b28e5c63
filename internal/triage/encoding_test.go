package triage_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"parley/internal/triage"
)

// Texts whose bytes alone tell how they are written. Each is found to be what it
// is, and how sure that is stands in the type.
func TestEncodingsAreToldByContent(t *testing.T) {
	russian := strings.Repeat("Лампа в окне зажглась в восемь, как и каждый вечер. ", 4) + "desk@example.org, +1 202 555 0147\n"
	arabic := strings.Repeat("أضيئت المصباح في النافذة عند الثامنة كما في كل مساء. ", 4) + "desk@example.org, +1 202 555 0147\n"
	english := strings.Repeat("The lamp in the window was lit at eight. ", 4) + "desk@example.org, +1 202 555 0147\n"
	german := strings.Repeat("Die Lampe im Fenster war schön, für fünf Gäste. ", 4) + "desk@example.org, +1 202 555 0147\n"
	little, big := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	for _, c := range []struct {
		text    string
		as      encoding.Encoding
		typ     string
		context bool // the words around a value are read right
	}{
		{russian, encoding.Nop, "text", true},
		{russian, charmap.Windows1251, "text (windows-1251, likely)", true},
		{russian, charmap.KOI8R, "text (koi8-r, likely)", true},
		{arabic, charmap.Windows1256, "text (windows-1256, likely)", true},
		{arabic, charmap.ISO8859_6, "text (iso-8859-6, perhaps)", true},
		{"Лампа горит. " + english, charmap.Windows1251, "text (windows-1251, unsure)", true},
		{german, charmap.Windows1252, "text", false},
		{english, little, "text (utf-16le, likely)", true},
		{english, big, "text (utf-16be, likely)", true},
		{russian, little, "text (utf-16le, likely)", true},
		{arabic, big, "text (utf-16be, likely)", true},
	} {
		raw, err := c.as.NewEncoder().Bytes([]byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		r, path := runBytes(t, "note.txt", raw, us)
		if len(r.files) != 1 || r.files[0].Type != c.typ {
			t.Errorf("want %s, read as %q", c.typ, r.files[0].Type)
		}
		if len(r.findings) != 2 {
			t.Fatalf("%s: %v", c.typ, r.found())
		}
		before := []rune(c.text[:strings.Index(c.text, "desk@")])
		if words := string(before[len(before)-60:]); c.context && !strings.HasPrefix(r.findings[0].Context, words) {
			t.Errorf("%s: context %q, want %q first", c.typ, r.findings[0].Context, words)
		}
		checkPlaces(t, path, r, us)
	}
}

// FuzzEncoding: whatever the bytes are, places lie within them.
func FuzzEncoding(f *testing.F) {
	for _, seed := range [][]byte{utf16Of("лампа desk@example.org", binary.LittleEndian), utf16Of("desk@example.org", binary.BigEndian)[2:], []byte("\xcb\xc1\xcd\xd0\xc1 desk@example.org")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, _ := runBytes(t, "note.txt", raw, triage.Options{Region: "US"})
		for _, finding := range r.findings {
			if p := finding.Place; p.Offset < 0 || p.Length <= 0 || p.Offset+p.Length > int64(len(raw)) {
				t.Fatalf("%s lies outside %d bytes", p, len(raw))
			}
		}
	})
}
