package release

import (
	"regexp"
	"strconv"
	"strings"
)

var hexFigure = regexp.MustCompile(`\b0x[0-9a-f]{2,12}\b`)

// otherFigures returns the numbers of a value that are written in hexadecimal or as one German word.
func otherFigures(l *leaf) []figure {
	var found []figure
	if strings.Contains(l.rest, "0x") {
		for _, at := range hexFigure.FindAllStringIndex(l.rest, -1) {
			text := l.rest[at[0]:at[1]]
			if n, err := strconv.ParseInt(text[2:], 16, 64); err == nil {
				found = append(found, figureBefore(n, text, l.rest[at[1]:]))
			}
		}
	}
	for i, word := range l.words {
		if !strings.Contains(word, "hundert") && !strings.Contains(word, "tausend") && !strings.Contains(word, "und") {
			continue
		}
		if n, is := germanNumeral(word); is {
			found = append(found, figureBefore(n, word, " "+strings.Join(l.words[i+1:min(i+3, len(l.words))], " ")))
		}
	}
	return found
}

// germanNumerals are the parts of a German numeral, as they are compared.
var germanNumerals = makeGermanNumerals()

func makeGermanNumerals() map[string]int64 {
	all := map[string]int64{"ein": 1, "eine": 1}
	for i, word := range strings.Fields(`eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn
		sechzehn siebzehn achtzehn neunzehn`) {
		all[fold(word)] = int64(i + 1)
	}
	for i, word := range strings.Fields(`zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig`) {
		all[fold(word)] = int64(i+2) * 10
	}
	return all
}

// germanNumeral reads a number below a million that is written as one word: neunhundertfünf.
func germanNumeral(word string) (int64, bool) {
	if before, after, is := strings.Cut(word, "tausend"); is {
		return germanParts(before, after, 1000)
	}
	if before, after, is := strings.Cut(word, "hundert"); is {
		return germanParts(before, after, 100)
	}
	if n := germanNumerals[word]; n != 0 {
		return n, true
	}
	ones, tens, is := strings.Cut(word, "und")
	n, m := germanNumerals[ones], germanNumerals[tens]
	return n + m, is && n > 0 && n < 10 && m >= 20
}

// germanParts puts together what stands before and behind a hundred or a thousand.
func germanParts(before, after string, unit int64) (int64, bool) {
	n, rest := int64(1), int64(0)
	is, isRest := true, true
	if before != "" {
		n, is = germanNumeral(before)
	}
	if after = strings.TrimPrefix(after, "und"); after != "" {
		rest, isRest = germanNumeral(after)
	}
	return n*unit + rest, is && isRest && n < 1000 && rest < unit
}
