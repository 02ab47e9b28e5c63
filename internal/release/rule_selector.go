package release

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"parley/selector"
)

const selectorReason = "It identifies a person, an account or a thing that nobody cleared for this counterpart."

// ruleSelector finds identifiers that were not cleared: those that the selector package knows, those
// written to be missed ("name at example dot org"), and long numbers that could be one.
func ruleSelector(l *leaf, s *secrets) []Finding {
	var findings []Finding
	report := func(found string) {
		findings = append(findings, Finding{
			Excerpt: mask(strings.TrimSpace(found)), Reason: selectorReason, Blocking: true,
			Fix: "Take it out, or clear the selector with a reason and build the tearline again.",
		})
	}
	for _, hit := range l.hits {
		if !s.cleared[hit.Selector] {
			report(hit.Raw)
		}
	}
	for _, hit := range l.disguised {
		if !s.cleared[hit.Selector] {
			report(hit.Raw)
		}
	}
	for _, found := range longNumbers(l) {
		report(found)
	}
	for _, other := range otherIdentifiers {
		if other.needs&l.signs == 0 {
			continue
		}
		for _, found := range other.pattern.FindAllString(l.rest, -1) {
			report(found)
		}
	}
	return findings
}

// disguised finds selectors in a text whose tricks are undone. What it finds in plain text was
// found before and is found again, which does no harm.
func disguised(l *leaf, finder *selector.Finder) []selector.Hit {
	plain := undisguise.Replace(l.rest)
	if strings.Contains(plain, "@") {
		plain = dotWords.Replace(plain)
	}
	if plain == l.text || plain == l.rest && !strings.ContainsAny(plain, "@.:") && l.signs&aFigure == 0 {
		return nil
	}
	return slices.Clone(finder.Find(plain))
}

var undisguise = strings.NewReplacer(
	"[.]", ".", "(.)", ".", "{.}", ".", "[dot]", ".", "(dot)", ".", " dot ", ".", "(punkt)", ".", "(point)", ".",
	"[at]", "@", "(at)", "@", "{at}", "@", " arobase ", "@", " arroba ", "@", " klammeraffe ", "@", " [at] ", "@", " (at) ", "@", " at sign ", "@", "[@]", "@",
	"hxxp", "http", "h**p", "http", "[://]", "://", "[:]", ":", "meow://", "http://",
)

// dotWords stand for a dot in an address, and are words of a language elsewhere.
var dotWords = strings.NewReplacer(" punkt ", ".", " point ", ".", " punto ", ".", " точка ", ".")

// figureWords are the words people write instead of figures when they do not want a number found.
var figureWords = makeFigureWords()

func makeFigureWords() map[string]string {
	all := map[string]string{"oh": "0", "o": "0", "nought": "0", "nil": "0", "niner": "9", "zwo": "2"}
	for _, list := range []string{
		`zero one two three four five six seven eight nine`,
		`null eins zwei drei vier fünf sechs sieben acht neun`,
		`zéro un deux trois quatre cinq six sept huit neuf`,
		`cero uno dos tres cuatro cinco seis siete ocho nueve`,
		`ноль один два три четыре пять шесть семь восемь девять`,
		`صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة`,
	} {
		for figure, word := range strings.Fields(list) {
			all[fold(word)] = strconv.Itoa(figure)
		}
	}
	return all
}

// spelledDigits returns the longest run of figures written as words, as figures, when there are at
// least six of them.
func spelledDigits(words []string) string {
	var longest, run string
	repeat := 1
	for _, word := range words {
		figure, known := figureWords[word]
		switch {
		case known:
			run += strings.Repeat(figure, repeat)
			repeat = 1
		case word == "double" && run != "":
			repeat = 2
		case word == "triple" && run != "":
			repeat = 3
		case isDigits(word) && len(word) <= 2 && run != "":
			run += word
		default:
			run, repeat = "", 1
		}
		if len(run) > len(longest) {
			longest = run
		}
	}
	if len(longest) < 6 {
		return ""
	}
	return longest
}

// longNumbers returns figures that could be a telephone, card, device or account number: seven or
// more, whatever stands between them. Dates are left to the rule on times.
func longNumbers(l *leaf) []string {
	var found []string
	if l.signs&aFigure != 0 {
		public := publicNumbers(l.rest)
		for _, number := range numberRun.FindAllString(l.rest, -1) {
			isDate := l.string && dateLike.MatchString(strings.TrimSpace(number))
			if len(onlyDigits(number)) >= 7 && !isDate && !isRound(number) && !public[onlyDigits(number)] {
				found = append(found, number)
			}
		}
	}
	if digits := spelledDigits(l.words); digits != "" {
		found = append(found, digits)
	}
	return found
}

// isRound says that a number of figures alone says no more than three of them: a million and a half.
func isRound(number string) bool {
	return isDigits(number) && number[0] != '0' && len(strings.TrimRight(number, "0")) <= 3
}

// publicNumbers returns the figures of names that everybody knows, such as that of a vulnerability, and of
// sums of money.
func publicNumbers(folded string) map[string]bool {
	known := make(map[string]bool)
	for _, form := range publicForms {
		for _, name := range form.FindAllString(folded, -1) {
			known[onlyDigits(name)] = true
		}
	}
	return known
}

// publicForms are the numbers of vulnerabilities, weaknesses and techniques, and money in groups of three.
var publicForms = []*regexp.Regexp{
	regexp.MustCompile(`\bcve-\d{4}-\d{4,7}\b`),
	regexp.MustCompile(`\b(?:ta?|capec-|cwe-|cnvd-|edb-)\d{4}\.\d{3}\b`),
	regexp.MustCompile(`(?:[$€£₽₴]|\beur|\busd|\bgbp) ?\d{1,3}(?:[ .]\d{3})+\b`),
	regexp.MustCompile(`\b\d{1,3}(?:[ .]\d{3})+ ?(?:[$€£₽₴]|euros?|eur\b|dollars?|usd\b|pounds|gbp\b|рублей|евро)`),
}

var (
	numberRun = regexp.MustCompile(`\+?\(?\d(?:[ ()./_-]{0,3}\d){5,}`)
	dateLike  = regexp.MustCompile(`^(?:(?:19|20)\d\d[-./]?(?:0?[1-9]|1[0-2])[-./]?(?:0?[1-9]|[12]\d|3[01])` +
		`|(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|1[0-2])[-./](?:19|20)\d\d` +
		`|(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d)$`)
)

// otherIdentifiers are kinds that no selector clears: a tearline never carries them.
var otherIdentifiers = []struct {
	needs   sign // without one of these it never matches
	pattern *regexp.Regexp
}{
	{aFigure, regexp.MustCompile(`\b(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}\b`)}, // IPv4
	{aFigure, regexp.MustCompile(`\b[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){3,7}\b`)},                              // IPv6
	{aFigure, regexp.MustCompile(`\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b`)},                                 // MAC
	{aFigure, regexp.MustCompile(`\b(?:bc1[02-9ac-hj-np-z]{20,}|0x[0-9a-f]{40}|[13][1-9a-z]{25,33})\b`)},   // wallets
	{aFigure, regexp.MustCompile(`\b[a-z]{2}\d{2}(?: ?[0-9a-z]{4}){3,7}(?: ?[0-9a-z]{1,3})?\b`)},           // IBAN
	{aFigure, regexp.MustCompile(`\b(?:uid|user id|imei|imsi|iccid|passport|account number)[ :#]*[a-z]?\d{4,}`)},
	{anAtSign, regexp.MustCompile(`(?:^|[^a-z0-9_])@[a-z0-9_](?:[a-z0-9_.]{2,})`)}, // handles
	// "somebody at example dot org", where "at" alone proves nothing
	{anAt, regexp.MustCompile(`\b[a-z0-9._%+-]+ at [a-z0-9-]+(?:\.| dot )[a-z]{2,}\b`)},
}

// figuresOf counts the figures of a text.
func figuresOf(s string) (n int) {
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func isDigits(s string) bool { return s != "" && onlyDigits(s) == s }
