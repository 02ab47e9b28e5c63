package triage

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"parley/selector"
)

// encoding is how a text is written in bytes, as far as its content tells.
type encoding struct {
	name  string
	sure  selector.Confidence // "" when a mark or the bytes themselves leave no doubt
	order binary.ByteOrder    // of UTF-16
	page  *[256]rune          // of a code page with one byte a character
}

// say adds the encoding to the name of a format: "text (windows-1251, likely)".
func (e encoding) say(format string) string {
	doubt := ""
	switch e.sure {
	case selector.High:
		doubt = ", likely"
	case selector.Moderate:
		doubt = ", perhaps"
	case selector.Low:
		doubt = ", unsure"
	}
	if e.name == "" {
		return format
	}
	return format + " (" + e.name + doubt + ")"
}

// decode gives the text of raw in UTF-8, which is good until raw changes, and for an
// offset in that text the offset in raw.
func (e encoding) decode(raw []byte) (string, func(int) int) {
	switch {
	case e.order != nil:
		return decodeUTF16(raw, e.order)
	case e.page != nil:
		return decodePage(raw, e.page)
	}
	return view(raw), func(i int) int { return i }
}

// encodingOf tells the encoding of a text by its beginning: by its mark; else by
// what bytes it has that text in UTF-8 has not. The zero encoding is UTF-8, or a
// code page that is not told, of which what is in ASCII is read.
func encodingOf(head []byte) encoding {
	if order := utf16Order(head); order != nil {
		return encoding{name: utf16Name(order), order: order}
	}
	if order, sure := unmarkedUTF16(head); order != nil {
		return encoding{name: utf16Name(order), sure: sure, order: order}
	}
	if utf8.Valid(trimRune(head)) {
		return encoding{}
	}
	return codePageOf(head)
}

// encoding gives that of the file, if it is a text.
func (f *file) encoding() encoding {
	if !f.told {
		f.written, f.told = encodingOf(f.head), true
	}
	return f.written
}

func utf16Name(order binary.ByteOrder) string {
	if order == binary.ByteOrder(binary.BigEndian) {
		return "utf-16be"
	}
	return "utf-16le"
}

// leastUnits is how many characters must be seen before UTF-16 is believed without
// its mark.
const leastUnits = 8

// unmarkedUTF16 finds UTF-16 without a mark: in one order nearly all is text of one
// script with ASCII, in the other nearly nothing.
func unmarkedUTF16(head []byte) (binary.ByteOrder, selector.Confidence) {
	units := len(head) / 2
	if units < leastUnits || bytes.IndexByte(head, 0) < 0 {
		return nil, "" // the high byte of a space or a figure is zero
	}
	little, big := likeText(head, binary.LittleEndian), likeText(head, binary.BigEndian)
	order, best, other := binary.ByteOrder(binary.LittleEndian), little, big
	if big > little {
		order, best, other = binary.BigEndian, big, little
	}
	switch {
	case best*100 < units*97 || other*100 > units*40:
		return nil, ""
	case units >= 64 && best == units:
		return order, selector.High
	}
	return order, selector.Moderate
}

// likeText counts the units that text of Europe, the Middle East and India has, but
// only when some are in ASCII: every text has spaces or figures.
func likeText(head []byte, order binary.ByteOrder) int {
	count, ascii := 0, 0
	for i := 0; i+1 < len(head); i += 2 {
		switch u := order.Uint16(head[i:]); {
		case u >= ' ' && u < 0x7f, u == '\n', u == '\r', u == '\t':
			count++
			ascii++
		case u >= 0xa0 && u <= 0x24f, u >= 0x370 && u <= 0x5ff, u >= 0x600 && u <= 0x6ff, u >= 0x900 && u <= 0x97f,
			u >= 0x2010 && u <= 0x203a, u >= 0x200b && u <= 0x200f, u >= 0xd800 && u < 0xe000, u >= 0xff10 && u <= 0xff19:
			count++
		}
	}
	if ascii*20 < count {
		return 0
	}
	return count
}

// codePage is a code page and how often each letter is written in its language.
type codePage struct {
	name    string
	page    *[256]rune
	letters map[rune]int // per thousand
}

// codePages are those that are told apart. They are never written.
var codePages = [...]codePage{
	{"windows-1251", pageOf(charmap.Windows1251), russian},
	{"koi8-r", pageOf(charmap.KOI8R), russian},
	{"windows-1256", pageOf(charmap.Windows1256), arabic},
	{"iso-8859-6", pageOf(charmap.ISO8859_6), arabic},
}

var russian = map[rune]int{
	'о': 109, 'е': 85, 'а': 80, 'и': 74, 'н': 67, 'т': 63, 'с': 55, 'р': 47, 'в': 45, 'л': 43, 'к': 35, 'м': 32, 'д': 30, 'п': 28, 'у': 26,
	'я': 20, 'ы': 19, 'ь': 17, 'г': 17, 'з': 16, 'б': 16, 'ч': 14, 'й': 12, 'х': 10, 'ж': 9, 'ш': 7, 'ю': 6, 'ц': 5, 'щ': 4, 'э': 3, 'ф': 3,
	'ё': 2, 'ъ': 1, 'і': 20, 'ї': 6, 'є': 6, 'ў': 5, 'ґ': 1,
}

var arabic = map[rune]int{
	'ا': 120, 'ل': 110, 'ي': 70, 'م': 60, 'و': 58, 'ن': 55, 'ر': 48, 'ت': 45, 'ه': 40, 'ب': 35, 'ع': 35, 'د': 30, 'س': 28, 'ف': 28, 'ة': 25,
	'أ': 25, 'ق': 24, 'ك': 22, 'ح': 20, 'ج': 14, 'ش': 11, 'ص': 11, 'ى': 11, 'ط': 9, 'خ': 9, 'إ': 9, 'ذ': 8, 'ض': 6, 'ز': 6, 'ث': 6, 'غ': 5,
	'ء': 4, 'ئ': 4, 'ظ': 2, 'ؤ': 2, 'آ': 2, '،': 20, '؟': 10, '؛': 5,
}

func pageOf(c *charmap.Charmap) *[256]rune {
	var t [256]rune
	for i := range t {
		t[i] = c.DecodeByte(byte(i))
	}
	return &t
}

const (
	unmapped   = -60 // what a byte without a character costs
	otherSign  = -40 // what a sign that is no letter costs
	article    = 200 // what the Arabic article is worth, which begins every other noun
	leastScore = 30  // text of a language has over 50, a wrong reading under 25
	leastRun   = 2   // letters beyond ASCII in a row: single ones are Latin's accents
)

// codePageOf tells which page gives the likeliest letters.
func codePageOf(head []byte) encoding {
	highs, runs := 0, 0
	for i, c := range head {
		if c >= utf8.RuneSelf {
			highs++
			if i == 0 || head[i-1] < utf8.RuneSelf {
				runs++
			}
		}
	}
	if highs < leastUnits || highs < leastRun*runs {
		return encoding{}
	}
	best, second, found := 0, 0, codePage{}
	for _, page := range codePages {
		score := page.score(head) / highs
		if score > best {
			best, second, found = score, best, page
		} else if score > second {
			second = score
		}
	}
	if best < leastScore {
		return encoding{}
	}
	e := encoding{name: found.name, page: found.page, sure: selector.Low}
	switch {
	case highs >= 64 && best*2 >= second*3:
		e.sure = selector.High
	case highs >= 16 && best*4 >= second*5:
		e.sure = selector.Moderate
	}
	return e
}

func (p codePage) score(head []byte) int {
	total := 0
	before := rune(0)
	for _, c := range head {
		r := p.page[c]
		if before == 'ا' && r == 'ل' {
			total += article
		}
		before = r
		if c < utf8.RuneSelf {
			continue
		}
		weight, known := p.letters[r]
		switch {
		case known:
			total += weight
		case r == utf8.RuneError:
			total += unmapped
		case r >= 'А' && r <= 'Я': // capitals are rarer than small letters
			total += p.letters[r+0x20] / 8
		default:
			total += otherSign
		}
	}
	return total
}

// decodePage gives the text of raw, a byte a character, in UTF-8.
func decodePage(raw []byte, page *[256]rune) (string, func(int) int) {
	b := make([]byte, 0, len(raw)+len(raw)/2)
	for _, c := range raw {
		if c < utf8.RuneSelf {
			b = append(b, c)
			continue
		}
		b = utf8.AppendRune(b, page[c])
	}
	walk := textWalk{text: string(b), width: func(rune) int { return 1 }}
	return walk.text, walk.source
}

// textWalk finds where in the bytes of an encoding the characters of a text stand,
// by going along the text; questions mostly come in order.
type textWalk struct {
	text     string
	width    func(rune) int // bytes of a character in the encoding
	at, from int            // offset in text, and the same place in the bytes
}

func (w *textWalk) source(offset int) int {
	if offset < w.at {
		w.at, w.from = 0, 0
	}
	for w.at < offset {
		r, n := utf8.DecodeRuneInString(w.text[w.at:])
		w.at += n
		w.from += w.width(r)
	}
	return w.from
}
