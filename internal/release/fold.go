package release

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold writes a text the way every spelling trick ends up the same: compatibility forms, accents,
// case, look-alike letters, other scripts' digits, odd spaces and invisible characters. Names and
// the rules on times, places and selectors are compared in this form.
func fold(s string) string {
	if plainLower(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	if !isASCII(s) {
		s = norm.NFKD.String(s)
	}
	for _, r := range s {
		foldRune(&b, r)
	}
	return b.String()
}

func foldRune(b *strings.Builder, r rune) {
	if r >= ' ' && r < 0x7f {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		b.WriteByte(byte(r))
		return
	}
	r = unicode.ToLower(r)
	switch {
	case r == 'ß':
		b.WriteString("ss")
	case invisible(r) || unicode.Is(unicode.Mn, r) || r == tatweel:
		return
	case r == '\n' || r == '\t':
		b.WriteByte(' ')
	case unicode.Is(unicode.Zs, r) || r == '\u2028' || r == '\u2029':
		b.WriteByte(' ')
	case unicode.Is(unicode.Pd, r) || r == '\u2212':
		b.WriteByte('-')
	case unicode.Is(unicode.Nd, r):
		b.WriteByte('0' + byte(digitValue(r)))
	default:
		if latin, ok := lookAlikes[r]; ok {
			r = latin
		}
		b.WriteRune(r)
	}
}

const tatweel = '\u0640' // stretches an Arabic word without changing it

// lookAlikes maps letters that are drawn like another to one of the two. It is applied to both sides of
// every comparison, so it need not be right about a language, only the same each time. From the
// confusables of Unicode Technical Standard 39 that an ordinary font shows alike.
var lookAlikes = map[rune]rune{
	// Cyrillic
	'а': 'a', 'в': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'һ': 'h', 'н': 'h', 'і': 'i', 'ј': 'j', 'к': 'k',
	'ӏ': 'l', 'м': 'm', 'о': 'o', 'р': 'p', 'ԛ': 'q', 'г': 'r', 'ѕ': 's', 'т': 't', 'ѵ': 'v', 'ԝ': 'w',
	'х': 'x', 'у': 'y', 'ү': 'y', 'ь': 'b', 'п': 'n',
	// Greek
	'α': 'a', 'β': 'b', 'ϲ': 'c', 'ε': 'e', 'γ': 'y', 'η': 'n', 'ι': 'i', 'κ': 'k', 'ν': 'v', 'ο': 'o', 'ρ': 'p',
	'σ': 'o', 'ς': 's', 'τ': 't', 'υ': 'u', 'χ': 'x', 'ω': 'w', 'μ': 'u', 'ζ': 'z',
	// Armenian, Cherokee (lower case forms), Latin extensions and letter-like signs
	'օ': 'o', 'ո': 'n', 'ս': 'u', 'հ': 'h', 'ց': 'g', 'ı': 'i', 'ɩ': 'i', 'ɑ': 'a', 'ɡ': 'g', 'ʏ': 'y',
	'ꭰ': 'd', 'ꭱ': 'r', 'ꭲ': 't', 'ꮃ': 'w', 'ꮇ': 'm', 'ꮋ': 'h', 'ꮐ': 'g', 'ꮓ': 'z', 'ꮪ': 's', 'ꮮ': 'l', 'ꮯ': 'c',
	'ø': 'o', 'đ': 'd', 'ħ': 'h', 'ł': 'l', 'ŧ': 't', 'æ': 'a', 'œ': 'o', 'ꓲ': 'i', 'ꓳ': 'o', 'ꓐ': 'b', 'ꓮ': 'a',
	// Arabic and Persian forms of one letter
	'أ': 'ا', 'إ': 'ا', 'آ': 'ا', 'ٱ': 'ا', 'ى': 'ي', 'ی': 'ي', 'ک': 'ك', 'ة': 'ه', 'ۀ': 'ه',
	// Signs that stand in for a colon, a full stop or a slash
	'∶': ':', '꞉': ':', 'ː': ':', '׃': ':', '։': ':', '․': '.', '。': '.', '｡': '.', '۔': '.', '⁄': '/', '∕': '/',
	'⸱': '.', '·': '.', '•': '.', '٫': '.', '٬': ',', '،': ',', '′': '\'', '’': '\'', '‘': '\'', '″': '"', '”': '"', '“': '"',
}

// leet maps the figures and signs that are used for letters, on top of fold. Only names are compared
// this way: a number is not a word.
var leet = strings.NewReplacer("0", "o", "1", "l", "i", "l", "|", "l", "!", "l", "3", "e", "4", "a", "5", "s", "7", "t", "$", "s", "@", "a")

// digitValue returns the value of a decimal digit of any script. Unicode lays the ten digits of a
// script side by side, so the value is the distance from the nearest zero.
func digitValue(r rune) int {
	for _, table := range unicode.Nd.R16 {
		if r >= rune(table.Lo) && r <= rune(table.Hi) {
			return int(r-rune(table.Lo)) % 10
		}
	}
	for _, table := range unicode.Nd.R32 {
		if r >= rune(table.Lo) && r <= rune(table.Hi) {
			return int(r-rune(table.Lo)) % 10
		}
	}
	return 0
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// plainLower says that fold would return s itself.
func plainLower(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || c < ' ' || c >= 'A' && c <= 'Z' {
			return false
		}
	}
	return true
}

// invisible says that a character shows nothing, or changes how others are shown. All of them can
// carry bits that nobody sees.
func invisible(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Cc, r), unicode.Is(unicode.Co, r):
		return true
	case unicode.Is(unicode.Variation_Selector, r), unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
		return true
	case r == '\u2800': // BRAILLE PATTERN BLANK
		return true
	}
	return r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef // noncharacters
}
