package release

import (
	"regexp"
	"strings"
)

// sign is a set of things that stand in a text: figures, the name of a month, a word for a street.
// Each clue says which signs it cannot match without, so that few of the many regular expressions are
// tried on a text. Trying all of them on every text is what would make a check slow.
type sign uint32

const (
	aFigure sign = 1 << iota
	anAt         // the word
	anAtSign
	threeSlashes

	aMonth
	aWeekday
	aDayWord
	aDayPart
	anHour
	anHourWord
	aMoment
	anAgo
	aZero
	aDay
	aWeek
	aHalf
	aMinute
	aDayNumber
	anAmount
	aReference

	aBuilding
	aStreet
	aVia
	aStreetBefore
	aCompoundStreet
	aLength
	aBeside
	aMap
	aDegree
	aDwelling
	aCorner
	aShop
)

// lexicon says what each word is a sign of.
var lexicon = makeLexicon()

func makeLexicon() map[string]sign {
	all := make(map[string]sign)
	for signs, list := range map[sign]wordList{
		anAt: newList(`at`), aMonth: months, aWeekday: weekdays, aDayWord: dayWords, aDayPart: dayParts,
		anHour: hours, anHourWord: hourWords, aMoment: moments, anAgo: agoWords,
		aZero: newList(`zero oh`), aDay: newList(`last day days night`),
		aHalf: newList(`half halb dreiviertel viertel половине половина половину пол без`), aMinute: newList(`minute minutes min mins`),
		aDayNumber: daysInWords, anAmount: newList(`thousand hundred`), aReference: things, aDegree: newList(`point decimal comma degrees`), aDwelling: dwellings, aCorner: newList(`corner junction intersection crossing`), aWeek: newList(`week kw semaine woche`),
		aBuilding: newList(strings.Join(append(buildings.first, otherBuildings.first...), " ")), aStreet: streets, aVia: newList(`ulitsa via`), aStreetBefore: streetsBefore, aLength: newList(`m metres meters km kilometres kilometers miles yards mètres meter метров doors houses streets blocks floors storeys
			lampposts lamp gates shops corners turnings stops traffic bus walk drive ride foot`), aShop: shopkeepers,
		aBeside: newList(`next front across corner down up above below face cote junto frente enfrente detras opposite behind beside near adjacent outside
			under derrière hinter neben gegenüber за напротив возле خلف أمام بجانب قرب مقابل`),
		aMap: newList(`geo geohash what3words w3w maps openstreetmap osm`),
	} {
		for _, word := range list.first {
			all[word] |= signs
		}
	}
	return all
}

// signsOf lists the signs in a folded text.
func signsOf(rest string, words []string) sign {
	var found sign
	for _, word := range words {
		found |= lexicon[word]
		if strings.HasSuffix(word, "strasse") || strings.HasSuffix(word, "gasse") || strings.HasSuffix(word, "platz") {
			found |= aCompoundStreet
		}
	}
	if strings.ContainsAny(rest, "0123456789") {
		found |= aFigure
	}
	if strings.Contains(rest, "@") {
		found |= anAtSign
	}
	if strings.Contains(rest, "///") {
		found |= threeSlashes
	}
	return found
}

// wordList is a list of words in several languages, in the form in which texts are compared.
type wordList struct {
	pattern string   // the words as alternatives of a regular expression
	first   []string // the first word of each entry
}

func newList(text string) wordList {
	var list wordList
	var quoted []string
	for _, entry := range strings.Fields(text) {
		entry = fold(entry)
		quoted = append(quoted, regexp.QuoteMeta(entry))
		if words := wordsOf(entry); len(words) > 0 {
			list.first = append(list.first, words[0])
		}
	}
	list.pattern = strings.Join(unique(quoted), "|")
	return list
}

// compileForm puts lists into a form, in which {NAME} stands for a list, and closes it with the
// borders of words, which the regexp package knows for ASCII only.
func compileForm(before, form string, lists map[string]wordList) *regexp.Regexp {
	for name, list := range lists {
		form = strings.ReplaceAll(form, "{"+name+"}", "(?:"+list.pattern+")")
	}
	return regexp.MustCompile(before + `(?:` + form + `)(?:$|[^\pL\pN])`)
}
