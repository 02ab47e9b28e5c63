package release

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// spellings returns the words of a text in the forms in which it is compared with names: folded, which are
// known and come first, with figures read as letters, with camelCase and figures parted from words, which are
// known too, with spaced-out letters joined, with the radio alphabet read, and in Latin letters by sound.
func spellings(text, folded string, words, parted []string) [][]string {
	forms := [][]string{words}
	add := func(form []string) {
		if !slices.ContainsFunc(forms, func(known []string) bool { return slices.Equal(known, form) }) {
			forms = append(forms, form)
		}
	}
	if read := leet.Replace(folded); read != folded {
		add(wordsOf(read))
	}
	if parted != nil {
		add(parted)
	}
	for _, form := range forms[:min(2, len(forms))] {
		add(joinLetters(form))
	}
	if strings.ContainsAny(folded, " -") {
		add(radioRead(words))
	}
	if !isASCII(text) {
		add(wordsOf(fold(romanised(text))))
	}
	return forms
}

func wordsOf(folded string) []string {
	if !isASCII(folded) {
		return strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	}
	const usual = 6 // bytes of a word with what parts it from the next
	words := make([]string, 0, len(folded)/usual+1)
	start := 0
	for i := 0; i <= len(folded); i++ {
		if i < len(folded) && isWordByte(folded[i]) {
			continue
		}
		if start < i {
			words = append(words, folded[start:i])
		}
		start = i + 1
	}
	return words
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// partedWords returns the words of a text with a space where a small letter meets a capital and where letters
// meet figures, folded; nil where there is no such place.
func partedWords(text string) []string {
	var b strings.Builder
	var last rune
	done := 0 // bytes that are in b
	for i, r := range text {
		camel := unicode.IsUpper(r) && unicode.IsLower(last)
		if camel || unicode.IsLetter(last) && unicode.IsDigit(r) || unicode.IsDigit(last) && unicode.IsLetter(r) {
			b.WriteString(text[done:i])
			b.WriteByte(' ')
			done = i
		}
		last = r
	}
	if done == 0 {
		return nil
	}
	b.WriteString(text[done:])
	return wordsOf(fold(b.String()))
}

// joinLetters joins three or more single letters that something stands between: "O r c h i d",
// "O.r.c.h.i.d". It does so also without a letter at either end: "a", "I" and "o" are words.
func joinLetters(words []string) []string {
	single := func(word string) string {
		if utf8.RuneCountInString(word) == 1 {
			return word
		}
		return ""
	}
	return readLetters(words, single, func(letters []string) []string {
		last := len(letters) - 1
		return []string{strings.Join(letters, ""), strings.Join(letters[1:], ""), strings.Join(letters[:last], "")}
	})
}

// radioRead reads three or more letters of the radio alphabet in a row, and figures among them, as a word.
func radioRead(words []string) []string {
	letter := func(word string) string { return radioAlphabet[word] }
	return readLetters(words, letter, func(letters []string) []string { return []string{strings.Join(letters, "")} })
}

// readLetters puts what they spell in the place of three or more words in a row that stand for a letter.
// Letter says for which, or "". Without such words it returns those given.
func readLetters(words []string, letter func(word string) string, spell func(letters []string) []string) []string {
	var read, letters []string
	done := 0 // words that are in read
	for i := 0; i <= len(words); i++ {
		if i < len(words) {
			if l := letter(words[i]); l != "" {
				letters = append(letters, l)
				continue
			}
		}
		if len(letters) >= 3 {
			read = append(read, words[done:i-len(letters)]...)
			read = append(read, spell(letters)...)
			done = i
		}
		letters = letters[:0]
	}
	if done == 0 {
		return words
	}
	return append(read, words[done:]...)
}

// radioAlphabet is how letters are read out over radio and telephone (ICAO), with usual spellings.
var radioAlphabet = map[string]string{
	"alfa": "a", "alpha": "a", "bravo": "b", "charlie": "c", "delta": "d", "echo": "e", "foxtrot": "f", "golf": "g",
	"hotel": "h", "india": "i", "juliett": "j", "juliet": "j", "kilo": "k", "lima": "l", "mike": "m", "november": "n",
	"oscar": "o", "papa": "p", "quebec": "q", "romeo": "r", "sierra": "s", "tango": "t", "uniform": "u", "victor": "v",
	"whiskey": "w", "whisky": "w", "xray": "x", "yankee": "y", "zulu": "z",
}

// shortened writes the words of the radio alphabet and of figures in a name as letters and figures: "Sensor
// Kilo Nine" is written "Sensor K9".
func shortened(words []string) []string {
	short := slices.Clone(words)
	for i, word := range words {
		if letter := radioAlphabet[word]; letter != "" {
			short[i] = letter
		} else if figure := figureWords[word]; figure != "" && len(word) > 2 {
			short[i] = figure
		}
	}
	return short
}

// reversed writes a word backwards.
func reversed(word string) string {
	runes := []rune(word)
	for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
		runes[i], runes[j] = runes[j], runes[i]
	}
	return string(runes)
}

// rotated moves each letter by thirteen, the one cipher that everybody can read.
func rotated(folded string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return 'a' + (r-'a'+13)%26
		}
		return r
	}, folded)
}

// romanised writes Cyrillic and Greek in Latin letters by their sound, as people write a foreign name. It
// is for comparing alone and follows no standard.
func romanised(text string) string {
	var b strings.Builder
	for _, r := range soundsOfTwo.Replace(strings.ToLower(text)) {
		if latin, ok := sounds[r]; ok {
			b.WriteString(latin)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// soundsOfTwo are sounds that Greek and Cyrillic write with two letters.
var soundsOfTwo = strings.NewReplacer("ντ", "d", "μπ", "b", "γκ", "g", "τζ", "j", "дж", "j", "кс", "x")

var sounds = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "i", 'к': "k",
	'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts",
	'ч': "ch", 'ш': "sh", 'щ': "sch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
	'і': "i", 'ї': "i", 'є': "e", 'ґ': "g",
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m",
	'ν': "n", 'ξ': "x", 'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps",
	'ω': "o", 'ά': "a", 'έ': "e", 'ή': "i", 'ί': "i", 'ό': "o", 'ύ': "y", 'ώ': "o",
}

// acrostics returns what the first letters of a text's lines and of its sentences spell.
func acrostics(text string) []string {
	var spelt []string
	if strings.Count(text, "\n")+strings.Count(text, ".")+strings.Count(text, "!")+strings.Count(text, "?")+strings.Count(text, "。")+strings.Count(text, "؟") < longName/3 {
		return nil
	}
	for _, parts := range [][]string{
		strings.Split(text, "\n"),
		strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".!?\n。؟", r) }),
	} {
		var b strings.Builder
		for _, part := range parts {
			if first := strings.TrimLeftFunc(part, func(r rune) bool { return !unicode.IsLetter(r) }); first != "" {
				r, _ := utf8.DecodeRuneInString(first)
				b.WriteString(fold(string(r)))
			}
		}
		if b.Len() >= longName {
			spelt = append(spelt, b.String())
		}
	}
	return spelt
}
