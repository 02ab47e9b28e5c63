package pdf

import (
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// font says what the codes of a string mean and how wide they are.
type font struct {
	wide   bool // codes have two bytes
	mute   bool // it does not say what its glyphs mean
	means  map[int]string
	widths map[int]float64 // in thousandths of the size
	usual  float64
}

// glyph is one code of a string.
type glyph struct {
	text  string
	width float64 // in sizes
}

// font reads the font that a resource names, once.
func (d *Document) font(value any) *font {
	number, isRef := value.(ref)
	if known := d.fonts[int(number)]; isRef && known != nil {
		return known
	}
	f := d.readFont(d.dict(value))
	if !isRef {
		return f
	}
	if d.glyphs += len(f.means) + len(f.widths); d.glyphs > mostGlyphs {
		clear(d.fonts)
		d.glyphs = len(f.means) + len(f.widths)
	}
	d.fonts[int(number)] = f
	return f
}

func (d *Document) readFont(of dict) *font {
	f := &font{means: make(map[int]string), widths: make(map[int]float64), usual: 500}
	if of["Subtype"] == name("Type0") {
		f.wide = true
		d.wideWidths(f, of)
	} else {
		d.simple(f, of)
	}
	s, isMap := d.get(of["ToUnicode"]).(stream)
	if isMap {
		d.readMap(f, d.unpack(s))
	}
	f.mute = f.wide && len(f.means) == 0
	return f
}

// simple reads the encoding and the widths of a font with codes of one byte;
// section 9.6.
func (d *Document) simple(f *font, of dict) {
	base := charmap.Windows1252
	encoding := d.get(of["Encoding"])
	if e, is := encoding.(dict); is {
		encoding = d.get(e["BaseEncoding"])
		defer d.differences(f, e)
	}
	if encoding == name("MacRomanEncoding") {
		base = charmap.Macintosh
	}
	for code := range 256 {
		f.means[code] = string(base.DecodeByte(byte(code)))
	}
	d.left -= 256
	first := int(d.number(of["FirstChar"], 0))
	for i, w := range d.array(of["Widths"]) {
		if code := first + i; code >= 0 && code < 256 {
			f.widths[code] = d.number(w, f.usual)
		}
	}
}

// differences reads "code /name /name code /name …".
func (d *Document) differences(f *font, encoding dict) {
	code := 0
	for _, value := range d.array(encoding["Differences"]) {
		switch v := d.get(value).(type) {
		case float64:
			code = int(v)
		case name:
			if code >= 0 && code < 256 {
				f.means[code] = glyphText(string(v))
			}
			code++
		}
	}
}

// wideWidths reads "code [w w …]" and "first last w" of a font with codes of two
// bytes; section 9.7.4.3.
func (d *Document) wideWidths(f *font, of dict) {
	below := d.array(of["DescendantFonts"])
	if len(below) == 0 {
		return
	}
	cid := d.dict(below[0])
	f.usual = d.number(cid["DW"], 1000)
	list := d.array(cid["W"])
	for i := 0; i+1 < len(list); {
		first := int(d.number(list[i], -1))
		if each, is := d.get(list[i+1]).(array); is {
			for k, w := range each {
				f.width(d, first+k, d.number(w, f.usual))
			}
			i += 2
			continue
		}
		if i+2 >= len(list) {
			return
		}
		last, w := int(d.number(list[i+1], -1)), d.number(list[i+2], f.usual)
		for code := max(first, 0); code <= min(last, 0xffff) && d.left > 0; code++ {
			f.width(d, code, w)
		}
		i += 3
	}
}

func (f *font) width(d *Document, code int, w float64) {
	if d.left--; code >= 0 && code <= 0xffff && d.left > 0 {
		f.widths[code] = w
	}
}

// glyphs reads the codes of a string.
func (f *font) glyphs(s text, each func(glyph)) {
	step := 1
	if f.wide {
		step = 2
	}
	for i := 0; i+step <= len(s); i += step {
		code := int(s[i])
		if f.wide {
			code = code<<8 | int(s[i+1])
		}
		w, known := f.widths[code]
		if !known {
			w = f.usual
		}
		each(glyph{text: parted.Replace(f.means[code]), width: w / 1000})
	}
}

// parted writes ligatures as the letters they join: an address is written with
// letters.
var parted = strings.NewReplacer("ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "ﬅ", "st", "ﬆ", "st", "\u00ad", "")

// glyphText gives the text that a glyph's name stands for, as the Adobe Glyph List
// says: a letter for itself, the names of the signs that addresses and numbers
// are written with, uniXXXX and uXXXX.
func glyphText(glyph string) string {
	glyph, _, _ = strings.Cut(glyph, ".")
	if known, ok := glyphNames[glyph]; ok {
		return known
	}
	if len(glyph) == 1 {
		return glyph
	}
	if digits, ok := strings.CutPrefix(glyph, "uni"); ok && len(digits)%4 == 0 {
		return utf16Text(unhex([]byte(digits)))
	}
	if digits, ok := strings.CutPrefix(glyph, "u"); ok && len(digits) >= 4 && len(digits) <= 6 {
		n := 0
		for _, b := range unhex([]byte(strings.Repeat("0", len(digits)%2) + digits)) {
			n = n<<8 | int(b)
		}
		return string(rune(n))
	}
	return ""
}

var glyphNames = map[string]string{
	"space": " ", "exclam": "!", "quotedbl": `"`, "numbersign": "#", "dollar": "$", "percent": "%", "ampersand": "&", "quotesingle": "'",
	"parenleft": "(", "parenright": ")", "asterisk": "*", "plus": "+", "comma": ",", "hyphen": "-", "minus": "-", "period": ".", "slash": "/",
	"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
	"colon": ":", "semicolon": ";", "less": "<", "equal": "=", "greater": ">", "question": "?", "at": "@", "bracketleft": "[",
	"backslash": `\`, "bracketright": "]", "asciicircum": "^", "underscore": "_", "grave": "`", "braceleft": "{", "bar": "|", "braceright": "}",
	"asciitilde": "~", "quoteleft": "‘", "quoteright": "’", "quotedblleft": "“", "quotedblright": "”", "endash": "–", "emdash": "—", "bullet": "•",
	"ff": "ff", "fi": "fi", "fl": "fl", "ffi": "ffi", "ffl": "ffl", "adieresis": "ä", "odieresis": "ö", "udieresis": "ü", "Adieresis": "Ä",
	"Odieresis": "Ö", "Udieresis": "Ü", "germandbls": "ß", "eacute": "é", "egrave": "è", "ecircumflex": "ê", "agrave": "à", "aacute": "á",
	"acircumflex": "â", "ccedilla": "ç", "ntilde": "ñ", "oacute": "ó", "ograve": "ò", "ocircumflex": "ô", "uacute": "ú", "ugrave": "ù", "iacute": "í",
	"aring": "å", "oslash": "ø", "ae": "æ",
}
