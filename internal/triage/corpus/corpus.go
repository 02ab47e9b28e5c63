package corpus

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"parley/selector"
)

// Line is a line of text and what stands in it.
type Line struct {
	Text string
	// Field is the name of the column or member that holds the text when it stands
	// in a database or in JSON; there Bare is the whole text.
	Field, Bare string
	// Script is that of the words around the value: Latin, Cyrillic, Arabic,
	// Persian or Devanagari.
	Script Script
	// ASCII: the value itself is in ASCII, and so can be written in a code page.
	ASCII bool
	// About is the kind that the line is about: that it holds, or looks like.
	About selector.Kind
	// Holds is what must be found. A line that holds nothing is a look-alike.
	Holds []selector.Selector
	// May says that a look-alike holds a page or a host: a link that names no account
	// is one all the same.
	May bool
}

// Script is a script of the words of a line.
type Script string

// The scripts.
const (
	Latin      Script = "latin"
	Cyrillic   Script = "cyrillic"
	Arabic     Script = "arabic"
	Persian    Script = "persian"
	Devanagari Script = "devanagari"
)

// scripts are drawn from evenly.
var scripts = [...]Script{Latin, Cyrillic, Arabic, Persian, Devanagari}

// Region is the country whose national phone numbers stand in the lines.
const Region = "US"

// value is a selector as somebody wrote it.
type value struct {
	raw, normal string
	label       string // must stand before it
	field       string // of a database that would hold it
	also        []selector.Selector
}

// kind makes values of one kind, and what only looks like them.
type kind struct {
	kind selector.Kind
	make func(*source) value
	look func(*source) string
}

// source is where everything is drawn from.
type source struct{ *rand.Rand }

func (s *source) pick(of ...string) string { return of[s.IntN(len(of))] }

// from draws n characters of an alphabet.
func (s *source) from(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[s.IntN(len(alphabet))]
	}
	return string(b)
}

func (s *source) digits(n int) string { return s.from("0123456789", n) }
func (s *source) hex(n int) string    { return s.from("0123456789abcdef", n) }

func (s *source) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(s.Uint32())
	}
	return b
}

// Lines gives, for every kind that a text can hold, so many lines with a value and
// so many look-alikes, in a fixed order.
func Lines(seed uint64, planted, alike int) []Line {
	s := &source{rand.New(rand.NewPCG(seed, 0))}
	var all []Line
	for _, k := range kinds {
		for range planted {
			all = append(all, s.line(k))
		}
		for range alike {
			all = append(all, s.alike(k))
		}
	}
	s.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func (s *source) line(k kind) Line {
	v := k.make(s)
	l := Line{
		Script: scripts[s.IntN(len(scripts))], About: k.kind, Field: v.field, Bare: v.raw, ASCII: isASCII(v.raw + v.label),
		Holds: append([]selector.Selector{{Kind: k.kind, Value: v.normal}}, v.also...),
	}
	written := v.raw
	if v.label != "" {
		written = v.label + s.pick(": ", " ", " = ", "=", " is ") + v.raw
	}
	l.Text = fmt.Sprintf(s.pick(sentences[l.Script]...), written)
	if l.Field == "" {
		l.Field = "note"
		l.Bare = l.Text
	}
	return l
}

func (s *source) alike(k kind) Line {
	raw := k.look(s)
	l := Line{
		Script: scripts[s.IntN(len(scripts))], About: k.kind, Field: "note", ASCII: isASCII(raw),
		May: strings.Contains(raw, "://") || strings.Contains(raw, ".com") || strings.Contains(raw, ".red") || strings.Contains(raw, "t.me/"),
	}
	l.Text = fmt.Sprintf(s.pick(sentences[l.Script]...), raw)
	l.Bare = l.Text
	return l
}

func isASCII(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0 }

// sentences hold a value as a chat or a note does. Of Persian and Devanagari there
// is no code page among those read.
var sentences = map[Script][]string{
	Latin: {
		"Meet where we fixed the bicycle, %s, before eight.", "%s", "she gave me this: %s", "«%s» stood on the door", "- %s (old)",
		"It was %s; nobody answered.", "Look here -> %s <- and tell the others.", "row 4 | %s | checked", "\"%s\",7,yes",
	},
	Cyrillic: {
		"Встретимся у фонаря, %s, до восьми.", "она дала мне это: %s", "На двери было написано «%s»", "Потом: %s — и никого.", "Смотри: %s.",
	},
	Arabic: {
		"اللقاء في الحديقة كما اتفقنا، %s قبل المساء", "هذا ما كتبه لي: %s", "كان على الباب %s ولم يجب أحد", "انظر هنا %s.",
	},
	Persian:    {"دیدار در باغ، %s پیش از غروب", "این را برایم نوشت: %s", "روی در نوشته بود %s و کسی پاسخ نداد"},
	Devanagari: {"हम बगीचे में मिलेंगे, %s शाम से पहले", "उसने मुझे यह दिया: %s", "दरवाज़े पर %s लिखा था"},
}
