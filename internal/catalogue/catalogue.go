package catalogue

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"parley/internal/legible"
)

// Catalogue has the messages of one language.
type Catalogue struct {
	Tag       language.Tag
	Name      string // of the language, in itself
	Direction string // "ltr" or "rtl"

	forms    []plural.Form // those that a number can need, in the order of the file
	messages map[string]string
	plurals  map[string][]string
	patterns map[string][]pattern // by their first word
}

// pattern is a message with values in it, for a text in which they stand
// already.
type pattern struct {
	is   *regexp.Regexp
	said string
	at   []string // the placeholder that each part of is stands for
}

// English is the language that everything is written in.
func English() *Catalogue {
	return &Catalogue{Tag: language.English, Name: "English", Direction: "ltr", forms: []plural.Form{plural.One, plural.Other}}
}

// Has tells whether a message is translated.
func (c *Catalogue) Has(m Message) bool {
	if m.Many != "" {
		return c.plurals[m.key()] != nil
	}
	return c.messages[m.Text] != ""
}

// Say is what one of the program's own texts is in the language: its message,
// or one that it fits, with the values as they stand in it. A text without a
// message comes back as it is.
func (c *Catalogue) Say(text string) string {
	if said := c.messages[text]; said != "" {
		return said
	}
	for _, first := range []string{firstWord(text), ""} {
		for _, p := range c.patterns[first] {
			if said, fits := p.say(text, c.counted); fits {
				return said
			}
		}
	}
	if first, rest, two := strings.Cut(text, ". "); two {
		return c.Say(first+".") + " " + c.Say(rest)
	}
	return c.counted(text)
}

// Fill says a message with values, which stand for {1}, {2} and so on.
func (c *Catalogue) Fill(text string, values ...string) string {
	if said := c.messages[text]; said != "" {
		text = said
	}
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		n, err := strconv.Atoi(strings.Trim(name, "{}"))
		if err != nil || n > len(values) {
			return name
		}
		return values[n-1]
	})
}

// say puts the values that stand in a text into the translation.
func (p pattern) say(text string, each func(string) string) (string, bool) {
	found := p.is.FindStringSubmatch(text)
	if found == nil {
		return "", false
	}
	values := make([]string, 0, 2*len(p.at))
	for i, name := range p.at {
		values = append(values, name, each(found[i+1]))
	}
	return strings.NewReplacer(values...).Replace(p.said), true
}

// Word is the value of a field as a page shows it. Only a value of a type of
// its own is a word of the program; any other may be somebody else's.
func (c *Catalogue) Word(v any) any {
	of := reflect.ValueOf(v)
	if !of.IsValid() || of.Type().PkgPath() == "" || of.Type().PkgPath() == "html/template" {
		return v
	}
	if said := c.messages[fmt.Sprint(v)]; said != "" {
		return said
	}
	return v
}

// Plural says how many there are of something. one and many are the English
// words; the number stands where the form of the language has {n}.
func (c *Catalogue) Plural(n any, one, many string) string {
	forms := c.plurals[Message{Text: one, Many: many}.key()]
	number := legible.Grouped(n)
	if forms == nil {
		return legible.Plural(n, one, many)
	}
	return strings.ReplaceAll(forms[c.form(number)], "{n}", number)
}

// form is the place of the form that a number needs.
func (c *Catalogue) form(number string) int {
	const enough = 10_000_000 // the last digits decide
	n, err := strconv.Atoi(strings.TrimLeft(strings.ReplaceAll(number, ",", ""), "-"))
	if err != nil {
		n = enough
	}
	is := plural.Cardinal.MatchPlural(c.Tag, n%enough, 0, 0, 0, 0)
	for i, f := range c.forms {
		if f == is {
			return i
		}
	}
	return len(c.forms) - 1
}

var aCount = regexp.MustCompile(`^([0-9][0-9,]*) (\pL[\pL ]*)$`)

// counted says "3 selectors" in the language, if it has such a plural.
func (c *Catalogue) counted(text string) string {
	found := aCount.FindStringSubmatch(text)
	if found == nil {
		return text
	}
	for _, key := range []string{pluralOf + found[2], oneOf + found[2]} {
		if forms := c.plurals[key]; forms != nil {
			return strings.ReplaceAll(forms[c.form(found[1])], "{n}", found[1])
		}
	}
	return text
}

var placeholder = regexp.MustCompile(`\{[1-9][0-9]?\}`)

// newPattern makes a pattern of a message with values.
func newPattern(text, said string) pattern {
	var b strings.Builder
	p := pattern{said: said}
	rest := text
	for at := placeholder.FindStringIndex(rest); at != nil; at = placeholder.FindStringIndex(rest) {
		b.WriteString(regexp.QuoteMeta(rest[:at[0]]) + "(.+?)")
		p.at = append(p.at, rest[at[0]:at[1]])
		rest = rest[at[1]:]
	}
	p.is = regexp.MustCompile("(?s)^" + b.String() + regexp.QuoteMeta(rest) + "$")
	return p
}

// firstWord is what patterns are found by; "" for one that begins with a value.
func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	if strings.ContainsAny(word, "{<") {
		return ""
	}
	return word
}
