package release

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// styles are the ways in which people write a text by hand so that it is not found by search: letters
// for figures, each letter moved by thirteen, and dots and dashes. Each gives the text as it is meant, or
// nothing where there is no sign of it.
var styles = []func(text string) string{figuresForLetters, thirteenBack, morseRead}

// mixedFigures is a word of figures in which letters stand for some: 2O26, Ol63, ll8.
var mixedFigures = regexp.MustCompile(`\b[OolI|]*\d[\dOolI|]*\b`)

var letterFigures = strings.NewReplacer("O", "0", "o", "0", "l", "1", "I", "1", "|", "1")

func figuresForLetters(text string) string {
	if !figureBesideLetter(text) {
		return ""
	}
	plain := mixedFigures.ReplaceAllStringFunc(text, letterFigures.Replace)
	if plain == text {
		return ""
	}
	return plain
}

// figureBesideLetter says whether a figure and a letter for one stand next to each other, in either order.
func figureBesideLetter(text string) bool {
	const figure, letter = 1, 2
	last := 0
	for i := range len(text) {
		kind := 0
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			kind = figure
		case c == 'O' || c == 'o' || c == 'l' || c == 'I' || c == '|':
			kind = letter
		}
		if kind|last == figure|letter {
			return true
		}
		last = kind
	}
	return false
}

// movedWords are frequent words of English, French, German and Spanish, each letter moved by thirteen, that
// are words of none of these.
var movedWords = wordSet(`gur naq ohg jvgu sbe gung sebz guvf ner jnf unir juvpu jvyy abg yrf qrf har qnaf cbhe
	haq qvr qre qnf vfg avpug zvg rva ybf ynf cbe cnen dhr pba`)

func wordSet(words string) map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(words) {
		all[word] = true
	}
	return all
}

func thirteenBack(text string) string {
	moved := 0
	for _, word := range strings.Fields(text) {
		if movedWords[strings.ToLower(word)] {
			moved++
		}
	}
	if moved < 2 {
		return ""
	}
	return rotated(strings.ToLower(text))
}

// morseRun is a run of four signs or more in dots and dashes.
var morseRun = regexp.MustCompile(`(?:[.·•\-–−_]{1,5}[ /|]{1,3}){3,}[.·•\-–−_]{1,5}`)

var morseSigns = strings.NewReplacer("·", ".", "•", ".", "–", "-", "−", "-", "_", "-", "/", " ", "|", " ")

// morse is the alphabet and the figures of ITU-R M.1677-1.
var morse = map[string]byte{
	".-": 'a', "-...": 'b', "-.-.": 'c', "-..": 'd', ".": 'e', "..-.": 'f', "--.": 'g', "....": 'h', "..": 'i', ".---": 'j', "-.-": 'k',
	".-..": 'l', "--": 'm', "-.": 'n', "---": 'o', ".--.": 'p', "--.-": 'q', ".-.": 'r', "...": 's', "-": 't', "..-": 'u', "...-": 'v',
	".--": 'w', "-..-": 'x', "-.--": 'y', "--..": 'z',
	"-----": '0', ".----": '1', "..---": '2', "...--": '3', "....-": '4', ".....": '5', "-....": '6', "--...": '7', "---..": '8', "----.": '9',
}

func morseRead(text string) string {
	if !strings.ContainsAny(text, "-–−_") || !strings.ContainsAny(text, ".·•") || !morseGaps(text) {
		return ""
	}
	var read strings.Builder
	for _, run := range morseRun.FindAllString(text, maxLayers) {
		for _, sign := range strings.Fields(morseSigns.Replace(run)) {
			if letter := morse[sign]; letter != 0 {
				read.WriteByte(letter)
			}
		}
		read.WriteByte(' ')
	}
	return read.String()
}

// morseGaps says whether gaps follow signs, or what may be the last byte of one, as often as in a run.
func morseGaps(text string) bool {
	gaps := 0
	for i := 1; i < len(text); i++ {
		if c := text[i]; c != ' ' && c != '/' && c != '|' {
			continue
		}
		if c := text[i-1]; c == '.' || c == '-' || c == '_' || c >= 0x80 {
			gaps++
		}
	}
	return gaps >= 3
}

// codePages are those in which other scripts were written before UTF-8, with the script that a text in
// each is of.
var codePages = []struct {
	page   encoding.Encoding
	script *unicode.RangeTable
}{
	{charmap.Windows1251, unicode.Cyrillic},
	{charmap.KOI8R, unicode.Cyrillic},
	{charmap.CodePage866, unicode.Cyrillic},
	{charmap.ISO8859_5, unicode.Cyrillic},
	{charmap.Windows1256, unicode.Arabic},
	{charmap.Windows1253, unicode.Greek},
	{charmap.Windows1255, unicode.Hebrew},
	{simplifiedchinese.GBK, unicode.Han},
}

// paged returns what bytes that are no UTF-8 may stand for in older code pages: texts of one script, with
// ASCII among them.
func paged(data []byte) []string {
	var all []string
	for _, p := range codePages {
		plain, err := p.page.NewDecoder().Bytes(data)
		if err == nil && isOfScript(string(plain), p.script) {
			all = append(all, string(plain))
		}
	}
	return all
}

func isOfScript(text string, script *unicode.RangeTable) bool {
	foreign := 0
	for _, r := range text {
		switch {
		case unicode.Is(script, r):
			foreign++
		case r < ' ' || r >= 0x7f:
			return false
		}
	}
	return foreign >= minLayerBytes/2
}
