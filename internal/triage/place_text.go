package triage

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// String gives the place in one line that [ParsePlace] reads back:
//
//	phone.zip!/notes.txt                                  a file
//	phone.zip!/notes.txt [@17+12]                         bytes in it
//	phone.zip!/result.json [/messages/3/text @17+12]      bytes of a JSON value
//	phone.zip!/mmssms.db [sms row 3]                      a row
//	phone.zip!/mmssms.db [sms row 3 body @17+12]          bytes of a column's text
//
// Inside names, the characters that would be read as part of this form, control
// characters and bytes that are no UTF-8 are written %XX.
func (p Place) String() string {
	var b strings.Builder
	for i, name := range p.Chain {
		if i > 0 {
			b.WriteString("!/")
		}
		escapeName(&b, name, "%![]")
	}
	if p.file() {
		return b.String()
	}
	b.WriteString(" [")
	if p.Table != "" {
		escapeName(&b, p.Table, "%[]@ ")
		fmt.Fprintf(&b, " row %d", p.Row)
	}
	if p.Column != "" {
		if p.Table != "" {
			b.WriteByte(' ')
		}
		escapeName(&b, p.Column, "%[]@ ")
	}
	if p.Table == "" || p.Column != "" || p.Offset != 0 || p.Length != 0 {
		if p.Table != "" || p.Column != "" {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "@%d+%d", p.Offset, p.Length)
	}
	b.WriteByte(']')
	return b.String()
}

func escapeName(b *strings.Builder, name, special string) {
	for i := 0; i < len(name); {
		r, n := utf8.DecodeRuneInString(name[i:])
		bad := r == utf8.RuneError && n == 1
		if bad || unicode.IsControl(r) || r < utf8.RuneSelf && strings.ContainsRune(special, r) || unicode.Is(unicode.Cf, r) {
			for _, c := range []byte(name[i : i+n]) {
				fmt.Fprintf(b, "%%%02X", c)
			}
		} else {
			b.WriteString(name[i : i+n])
		}
		i += n
	}
}

// ParsePlace reads the form [Place.String] writes.
func ParsePlace(text string) (Place, error) {
	p, err := parsePlace(text)
	if err != nil {
		return Place{}, fmt.Errorf("read place %q: %w", text, err)
	}
	return p, nil
}

func parsePlace(text string) (Place, error) {
	var p Place
	chain, inside, bracket := strings.Cut(text, " [")
	if bracket {
		rest, closed := strings.CutSuffix(inside, "]")
		if !closed {
			return p, errors.New("it has a [ and does not end with ]")
		}
		if err := p.parseInside(rest); err != nil {
			return p, err
		}
	}
	for name := range strings.SplitSeq(chain, "!/") {
		plain, err := unescapeName(name)
		if err != nil {
			return p, err
		}
		if plain == "" {
			return p, errors.New("a name in it is empty; want evidence!/file [@offset+length]")
		}
		p.Chain = append(p.Chain, plain)
	}
	return p, nil
}

// parseInside reads what stands in the brackets.
func (p *Place) parseInside(text string) error {
	words := strings.Split(text, " ")
	var err error
	if len(words) >= 3 && words[1] == "row" {
		if p.Table, err = unescapeName(words[0]); err != nil || p.Table == "" {
			return errors.New("the table's name is broken")
		}
		if p.Row, err = strconv.ParseInt(words[2], 10, 64); err != nil {
			return fmt.Errorf("row %q is no number", words[2])
		}
		words = words[3:]
	}
	if len(words) > 0 {
		last := words[len(words)-1]
		if span, ok := strings.CutPrefix(last, "@"); ok {
			if err := p.parseSpan(span); err != nil {
				return err
			}
			words = words[:len(words)-1]
		} else if p.Table == "" {
			return errors.New("the brackets hold no @offset+length")
		}
	}
	switch len(words) {
	case 0:
		return nil
	case 1:
		p.Column, err = unescapeName(words[0])
		return err
	}
	return errors.New("the brackets hold too many words")
}

func (p *Place) parseSpan(text string) error {
	offset, length, found := strings.Cut(text, "+")
	o, err1 := strconv.ParseUint(offset, 10, 63)
	l, err2 := strconv.ParseUint(length, 10, 63)
	if !found || err1 != nil || err2 != nil {
		return fmt.Errorf("%q is no offset+length", text)
	}
	p.Offset, p.Length = int64(o), int64(l)
	return nil
}

func unescapeName(name string) (string, error) {
	if !strings.Contains(name, "%") {
		return name, nil
	}
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] != '%' {
			b.WriteByte(name[i])
			continue
		}
		if i+2 >= len(name) {
			return "", errors.New("a % is not followed by two hexadecimal digits")
		}
		c, err := strconv.ParseUint(name[i+1:i+3], 16, 8)
		if err != nil {
			return "", errors.New("a % is not followed by two hexadecimal digits")
		}
		b.WriteByte(byte(c))
		i += 2
	}
	return b.String(), nil
}
