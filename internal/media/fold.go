package media

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s as it is compared: words in lower case without marks, one space between them.
//
// Compatibility forms are decomposed (NFKD, Unicode Standard Annex 15), non-spacing marks and
// invisible format characters are dropped, Arabic alef, ya, kaf and ta marbuta are unified and
// tatweel removed, Arabic-Indic digits become ASCII digits, and everything that is neither letter
// nor digit becomes a space. In scripts that write without spaces every letter is its own word.
// Bytes that are not UTF-8 count as spaces. Fold(Fold(s)) equals Fold(s). The result is at most
// about eleven times as long as s (U+FDFA is three bytes and four words).
func Fold(s string) string { return fold(s).text }

// folded is a text cut into folded words, each knowing where it stood in the original.
type folded struct {
	text  string // the words, one space between them
	words []word
}

// word is one folded word: bytes [from, to) of the folded text, [start, end) of the original.
type word struct{ from, to, start, end int }

// gram returns the n words from word i on. It shares the folded text's memory.
func (f folded) gram(i, n int) string {
	return f.text[f.words[i].from:f.words[i+n-1].to]
}

// at returns the folded word i.
func (f folded) at(i int) string { return f.gram(i, 1) }

func fold(s string) folded {
	f := folder{}
	f.out.Grow(len(s))
	var decomposed []byte
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r < utf8.RuneSelf || (r == utf8.RuneError && size == 1) {
			f.rune(r, i, i+size)
		} else {
			decomposed = norm.NFKD.AppendString(decomposed[:0], s[i:i+size])
			for d := decomposed; len(d) > 0; {
				r, n := utf8.DecodeRune(d)
				f.rune(r, i, i+size)
				d = d[n:]
			}
		}
		i += size
	}
	f.closeWord()
	return folded{text: f.out.String(), words: f.words}
}

// folder builds the folded text rune by rune.
type folder struct {
	out    strings.Builder
	words  []word
	inWord bool
}

// rune takes one decomposed rune that came from bytes [start, end) of the original.
func (f *folder) rune(r rune, start, end int) {
	switch {
	case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
		f.letter(r, start, end, false)
	case 'A' <= r && r <= 'Z':
		f.letter(r+'a'-'A', start, end, false)
	case r < utf8.RuneSelf || r == utf8.RuneError:
		f.closeWord()
	case r == tatweel || unicode.In(r, unicode.Mn, unicode.Cf):
		if f.inWord { // a mark belongs to the word before it, so that a run never cuts a letter in two
			f.words[len(f.words)-1].end = end
		}
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		f.letter(unify(unicode.ToLower(r)), start, end, unicode.In(r, spaceless...))
	default:
		f.closeWord()
	}
}

// letter adds a folded letter or digit; one that stands alone is a word by itself.
func (f *folder) letter(r rune, start, end int, alone bool) {
	if !f.inWord || alone {
		f.closeWord()
		f.openWord(start)
	}
	f.out.WriteRune(r)
	f.words[len(f.words)-1].end = end
	if alone {
		f.closeWord()
	}
}

func (f *folder) openWord(start int) {
	if f.out.Len() > 0 {
		f.out.WriteByte(' ')
	}
	f.words = append(f.words, word{from: f.out.Len(), start: start})
	f.inWord = true
}

func (f *folder) closeWord() {
	if f.inWord {
		f.words[len(f.words)-1].to = f.out.Len()
		f.inWord = false
	}
}

const tatweel = 'ـ' // U+0640 stretches a word and means nothing

// spaceless are the scripts whose words are not parted by spaces.
var spaceless = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// unify maps letters that writers of one language use for one another.
func unify(r rune) rune {
	switch {
	case r == 'ٱ': // alef wasla; the hamza forms are decomposed already
		return 'ا'
	case r == 'ى' || r == 'ی': // alef maksura, Farsi ya
		return 'ي'
	case r == 'ک': // Farsi kaf
		return 'ك'
	case r == 'ة': // ta marbuta
		return 'ه'
	case r == 'ς': // final sigma
		return 'σ'
	case r == 'ı': // dotless i
		return 'i'
	case '٠' <= r && r <= '٩': // Arabic-Indic digits
		return '0' + r - '٠'
	case '۰' <= r && r <= '۹': // their extended forms
		return '0' + r - '۰'
	}
	return r
}
