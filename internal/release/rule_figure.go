package release

import (
	"math/bits"
	"regexp"
	"strconv"
	"strings"
)

// ruleFigure finds exact figures of the original: how many bytes a file has, how many messages there were.
// Whoever holds the same thing recognises it by them, and round ones say as much to everybody else.
func ruleFigure(l *leaf, s *secrets) []Finding {
	if l.rest == "" {
		return nil
	}
	var findings []Finding
	add := func(found, reason string) {
		findings = append(findings, Finding{
			Excerpt: mask(found), Reason: reason, Blocking: true,
			Fix: "Say it in round figures, or leave it out.",
		})
	}
	for _, f := range figuresIn(l) {
		switch {
		case f.bytes && isExact(f.value):
			add(f.text, "An exact size tells which file this is, to anybody who holds the same one.")
		case s.figures[f.value] && (f.value >= leastFigure || f.counts && f.value >= leastCount):
			add(f.text, "The figure is exactly that of the original, which tells the two are the same.")
		}
	}
	return findings
}

// Figures below these are met by chance: one that stands alone, and one of things that are counted.
const (
	leastFigure = 1000
	leastCount  = 10
)

// isExact says whether a size has four figures or more that say something, and is no power of two.
func isExact(n int64) bool {
	return bits.OnesCount64(uint64(n)) > 1 && len(strings.TrimRight(strconv.FormatInt(n, 10), "0")) >= 4
}

// figure is a number in a text.
type figure struct {
	value  int64
	text   string
	bytes  bool // of bytes
	counts bool // of messages, files and the like
}

var (
	grouped = regexp.MustCompile(`\d{1,3}(?:[ ,.']\d{3})+(?:$|[^\d.,]|[.,][^\d])|\d{2,15}`)
	ofBytes = regexp.MustCompile(`^\W{0,2}(?:bytes?|octets?|байт\pL*|بايت)(?:$|[^\pL])`)
	ofParts = regexp.MustCompile(`^\W{0,2}(?:(?:text|voice|chat|separate|different|single|deleted|stored) )?(?:messages?|calls?|files?|recordings?|records?|chats?|e-?mails?|pictures?|photos?|images?|videos?|contacts?|objects?|reports?|notes?|intercepts?|transcripts?|entries|lines|texts?|documents?|pages?|items?|machines?|computers?|hosts?|servers?|devices?|accounts?|victims?|nachrichten|dateien|rechner|geräte|konten|opfer|messages|fichiers|mensajes|archivos|сообщени\pL*|файл\pL*|رسائل|رسالة|ملف\pL*)(?:$|[^\pL])`)
)

// figuresIn returns the numbers in a value, in figures and in words.
func figuresIn(l *leaf) []figure {
	var found []figure
	if l.signs&aFigure != 0 {
		for _, at := range grouped.FindAllStringIndex(l.rest, -1) {
			text := strings.TrimRight(l.rest[at[0]:at[1]], " ,.'\n")
			text = strings.TrimRightFunc(text, func(r rune) bool { return r < '0' || r > '9' })
			n, err := strconv.ParseInt(onlyDigits(text), 10, 64)
			if err != nil {
				continue
			}
			found = append(found, figureBefore(n, text, l.rest[at[0]+len(text):]))
		}
	}
	if l.signs&anAmount != 0 {
		found = append(found, figuresInWords(l.words)...)
	}
	return append(found, otherFigures(l)...)
}

func figureBefore(n int64, text, after string) figure {
	return figure{value: n, text: text, bytes: ofBytes.MatchString(after), counts: ofParts.MatchString(after)}
}

// figuresInWords reads English numerals: "seventy-three thousand seven hundred and twenty-eight".
func figuresInWords(words []string) []figure {
	var found []figure
	for i := 0; i < len(words); i++ {
		total, end := numeral(words, i)
		if end == i {
			continue
		}
		found = append(found, figureBefore(total, strings.Join(words[i:end], " "), " "+strings.Join(words[end:min(end+2, len(words))], " ")))
		i = end
	}
	return found
}

// numeral reads the number that begins at a word, and says where it ends: at start where there is none.
func numeral(words []string, start int) (value int64, end int) {
	var total, part int64
	for end = start; end < len(words) && total < 1e15 && part < 1e9; end++ {
		n := numerals[words[end]]
		switch {
		case n == 0 && words[end] == "and" && end > start && end+1 < len(words) && numerals[words[end+1]] != 0:
		case n == 0:
			return total + part, end
		case n == 100:
			part = max(part, 1) * n
		case n >= 1000:
			total, part = total+max(part, 1)*n, 0
		default:
			part += n
		}
	}
	return total + part, end
}

// numerals are the English words for numbers, by their values.
var numerals = makeNumerals()

func makeNumerals() map[string]int64 {
	all := map[string]int64{"hundred": 100, "thousand": 1000, "million": 1_000_000}
	for i, word := range strings.Fields(`one two three four five six seven eight nine ten eleven twelve thirteen fourteen
		fifteen sixteen seventeen eighteen nineteen`) {
		all[word] = int64(i + 1)
	}
	for i, word := range strings.Fields(`twenty thirty forty fifty sixty seventy eighty ninety`) {
		all[word] = int64(i+2) * 10
	}
	return all
}
