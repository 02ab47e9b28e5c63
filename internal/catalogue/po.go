package catalogue

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Prefixes of the keys of plurals: by the word for many, and for one.
const (
	pluralOf = "n "
	oneOf    = "1 "
)

// Message is one English message: a text or, with Many, a word for one and a
// word for more.
type Message struct {
	Text, Many string
}

func (m Message) key() string {
	if m.Many == "" {
		return m.Text
	}
	return pluralOf + m.Many
}

// Entry is a message as a file of messages has it, with an empty translation.
func (m Message) Entry(forms int) string {
	if m.Many == "" {
		return fmt.Sprintf("msgid %q\nmsgstr \"\"\n", m.Text)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "msgid %q\nmsgid_plural %q\n", m.Text, m.Many)
	for i := range forms {
		fmt.Fprintf(&b, "msgstr[%d] \"\"\n", i)
	}
	return b.String()
}

// Forms is how many forms a number can need.
func (c *Catalogue) Forms() int { return len(c.forms) }

// Messages lists what the catalogue translates.
func (c *Catalogue) Messages() (all []Message) {
	for text := range c.messages {
		all = append(all, Message{Text: text})
	}
	for key := range c.plurals {
		if many, is := strings.CutPrefix(key, pluralOf); is {
			all = append(all, Message{Many: many})
		}
	}
	return all
}

// entry is one entry of a file that is being read.
type entry struct {
	line int
	Message
	said map[int]string
}

// Parse reads a catalogue: entries of msgid, msgid_plural and msgstr, each a
// string on one line or on several. The first entry has an empty msgid and
// says what the language is, a line each: Language (BCP 47), X-Name, X-Direction
// (ltr or rtl), and X-Forms, the CLDR's names of its plural forms in the order
// in which msgstr[0], msgstr[1] … stand. A translation has the same values and
// marks as its message, each once; an empty one is none.
func Parse(file string) (*Catalogue, error) {
	all, err := readEntries(file)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 || all[0].Text != "" {
		return nil, fmt.Errorf("read a catalogue: the first entry is not the one of the language, with an empty msgid")
	}
	c := &Catalogue{messages: map[string]string{}, plurals: map[string][]string{}, patterns: map[string][]pattern{}}
	if err := c.readHead(all[0].said[0]); err != nil {
		return nil, fmt.Errorf("read a catalogue: %w", err)
	}
	seen := map[string]bool{}
	for _, e := range all[1:] {
		if seen[e.key()] {
			return nil, fmt.Errorf("read a catalogue: line %d: %q stands in it twice", e.line, e.Text)
		}
		seen[e.key()] = true
		if err := c.add(e); err != nil {
			return nil, fmt.Errorf("read a catalogue: line %d: %w", e.line, err)
		}
	}
	return c, nil
}

func (c *Catalogue) readHead(head string) (err error) {
	names := map[string]plural.Form{"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other}
	for line := range strings.Lines(head) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch name {
		case "Language":
			if c.Tag, err = language.Parse(value); err != nil {
				return err
			}
		case "X-Name":
			c.Name = value
		case "X-Direction":
			c.Direction = value
		case "X-Forms":
			for _, f := range strings.Fields(value) {
				form, known := names[f]
				if !known {
					return fmt.Errorf("%q is none of the CLDR's plural forms", f)
				}
				c.forms = append(c.forms, form)
			}
		}
	}
	if c.Tag == language.Und || c.Name == "" || c.Direction != "ltr" && c.Direction != "rtl" || len(c.forms) == 0 || c.forms[len(c.forms)-1] != plural.Other {
		return fmt.Errorf("the first entry must give Language, X-Name, X-Direction (ltr or rtl) and X-Forms (the last of which is other)")
	}
	return nil
}

// add takes an entry in, if it is translated.
func (c *Catalogue) add(e entry) error {
	if e.Many != "" {
		forms := make([]string, len(c.forms))
		for i, said := range e.said {
			if i >= len(forms) {
				return fmt.Errorf("msgstr[%d], of %d forms", i, len(forms))
			}
			forms[i] = said
		}
		if slices.Contains(forms, "") {
			return nil
		}
		c.plurals[e.key()] = forms
		c.plurals[oneOf+e.Text] = forms
		return nil
	}
	said := e.said[0]
	if said == "" {
		return nil
	}
	if !slices.Equal(marksIn(e.Text), marksIn(said)) {
		return fmt.Errorf("%q has %q, and its translation %q", e.Text, marksIn(e.Text), marksIn(said))
	}
	if _, err := split(said); err != nil {
		return err
	}
	c.messages[e.Text] = said
	if placeholder.MatchString(e.Text) && !strings.Contains(e.Text, "<") && telling(e.Text) {
		first := firstWord(e.Text)
		c.patterns[first] = append(c.patterns[first], newPattern(e.Text, said))
	}
	return nil
}

// telling tells whether a text that has the words of a message is that message: one
// that begins with a value must say more than "{1} of {2}".
func telling(text string) bool {
	const enough = 8 // letters
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters >= enough || firstWord(text) != ""
}

// readEntries reads the lines of a file.
func readEntries(file string) (all []entry, err error) {
	var word string // the field that a line of its own string belongs to
	for at, line := range strings.Split(file, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		first, text, _ := strings.Cut(line, " ")
		if strings.HasPrefix(line, `"`) {
			first, text = word, line
		}
		value, err := strconv.Unquote(text)
		if err != nil {
			return nil, fmt.Errorf("read a catalogue: line %d: it is no name and a string in double quotes", at+1)
		}
		if first == "msgid" && first != word {
			all = append(all, entry{line: at + 1, said: map[int]string{}})
		}
		word = first
		if len(all) == 0 {
			return nil, fmt.Errorf("read a catalogue: line %d: it does not begin with msgid", at+1)
		}
		if err := all[len(all)-1].put(word, value); err != nil {
			return nil, fmt.Errorf("read a catalogue: line %d: %w", at+1, err)
		}
	}
	return all, nil
}

// put adds a string to one of an entry's fields.
func (e *entry) put(word, value string) error {
	switch {
	case word == "msgid":
		e.Text += value
	case word == "msgid_plural":
		e.Many += value
	case word == "msgstr":
		e.said[0] += value
	case strings.HasPrefix(word, "msgstr["):
		form, err := strconv.Atoi(strings.TrimSuffix(word[len("msgstr["):], "]"))
		if err != nil || form < 0 || form > 5 {
			return fmt.Errorf("%q is none of msgstr[0] to msgstr[5]", word)
		}
		e.said[form] += value
	default:
		return fmt.Errorf("%q is no msgid, msgid_plural or msgstr", word)
	}
	return nil
}
