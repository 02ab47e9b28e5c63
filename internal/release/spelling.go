package release

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// spellings returns the forms in which a text is compared with names: folded, with figures read as
// letters, with camelCase and figures parted from words, with spaced-out letters joined, with the radio
// alphabet read, and in Latin letters by sound.
func spellings(text string) []string { return spellingsOf(text, fold(text)) }

// spellingsOf is spellings of a text whose folded form is known.
func spellingsOf(text, folded string) []string {
	forms := []string{folded}
	add := func(form string) {
		for _, known := range forms {
			if form == known {
				return
			}
		}
		forms = append(forms, form)
	}
	add(leet.Replace(folded))
	if parted := partWords(text); parted != text {
		add(fold(parted))
	}
	for _, form := range forms[:min(2, len(forms))] {
		add(joinLetters(form))
	}
	add(radioRead(folded))
	if !isASCII(text) {
		add(fold(romanised(text)))
	}
	return forms
}

func wordsOf(folded string) []string {
	return strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// partWords puts a space where a small letter meets a capital and where letters meet figures.
func partWords(text string) string {
	var b strings.Builder
	var last rune
	for _, r := range text {
		camel := unicode.IsLower(last) && unicode.IsUpper(r)
		figure := unicode.IsLetter(last) && unicode.IsDigit(r) || unicode.IsDigit(last) && unicode.IsLetter(r)
		if camel || figure {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// joinLetters joins three or more single letters that something stands between: "O r c h i d",
// "O.r.c.h.i.d".
func joinLetters(folded string) string {
	var b strings.Builder
	var letters []string
	flush := func() {
		if len(letters) >= 3 { // also without a letter at either end: "a", "I" and "o" are words
			word, last := strings.Join(letters, ""), len(letters)-1
			b.WriteString(word + " " + strings.Join(letters[1:], "") + " " + strings.Join(letters[:last], "") + " ")
		} else {
			b.WriteString(strings.Join(letters, " ") + " ")
		}
		letters = letters[:0]
	}
	joined := false
	for _, word := range wordsOf(folded) {
		if utf8.RuneCountInString(word) == 1 {
			letters = append(letters, word)
			joined = joined || len(letters) >= 3
			continue
		}
		flush()
		b.WriteString(word + " ")
	}
	if !joined {
		return folded
	}
	flush()
	return b.String()
}

// radioAlphabet is how letters are read out over radio and telephone (ICAO), with usual spellings.
var radioAlphabet = map[string]string{
	"alfa": "a", "alpha": "a", "bravo": "b", "charlie": "c", "delta": "d", "echo": "e", "foxtrot": "f", "golf": "g",
	"hotel": "h", "india": "i", "juliett": "j", "juliet": "j", "kilo": "k", "lima": "l", "mike": "m", "november": "n",
	"oscar": "o", "papa": "p", "quebec": "q", "romeo": "r", "sierra": "s", "tango": "t", "uniform": "u", "victor": "v",
	"whiskey": "w", "whisky": "w", "xray": "x", "yankee": "y", "zulu": "z",
}

// radioRead reads three or more letters of the radio alphabet in a row, and figures among them, as a word.
func radioRead(folded string) string {
	if !strings.ContainsAny(folded, " -") {
		return folded
	}
	words := wordsOf(folded)
	letters := 0
	for _, word := range words {
		if radioAlphabet[word] != "" {
			letters++
		}
	}
	if letters < 3 {
		return folded
	}
	var b strings.Builder
	for i := 0; i < len(words); {
		end, read := i, ""
		for ; end < len(words) && radioAlphabet[words[end]] != ""; end++ {
			read += radioAlphabet[words[end]]
		}
		if end-i >= 3 {
			b.WriteString(read + " ")
			i = end
			continue
		}
		b.WriteString(words[i] + " ")
		i++
	}
	return b.String()
}

// shortened writes the words of the radio alphabet and of figures in a name as letters and figures: "Sensor
// Kilo Nine" is written "Sensor K9".
func shortened(folded string) string {
	words := wordsOf(folded)
	for i, word := range words {
		if letter := radioAlphabet[word]; letter != "" {
			words[i] = letter
		} else if figure := figureWords[word]; figure != "" && len(word) > 2 {
			words[i] = figure
		}
	}
	return strings.Join(words, " ")
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
