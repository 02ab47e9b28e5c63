package triage

import (
	"bytes"
	"context"
	"slices"
	"strings"
)

// isMarkup: the file begins as XML or HTML does. In UTF-16 it is read as text.
func isMarkup(f *file) bool {
	head := bytes.TrimLeft(bytes.TrimPrefix(f.head, []byte(byteOrderMark)), " \t\r\n")
	if len(head) < 3 || head[0] != '<' || utf16Order(f.head) != nil {
		return false
	}
	if hasFold(head, "<?xml ") || hasFold(head, "<!doctype ") || hasFold(head, "<html") {
		return true
	}
	return beginsTag(head) && slices.ContainsFunc([]string{".html", ".htm", ".xml", ".svg", ".kml", ".gpx"}, func(ext string) bool { return hasExt(f, ext) })
}

func hasFold(text []byte, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(string(text[:len(prefix)]), prefix)
}

func isHTML(f *file) bool {
	return hasExt(f, ".html") || hasExt(f, ".htm") || bytes.Contains(bytes.ToLower(f.head[:min(len(f.head), 1024)]), []byte("<html"))
}

// readMarkup scans the texts, comments and attributes of an XML or HTML file, and
// reads what is known of its application.
func readMarkup(ctx context.Context, r *reading, f *file) error {
	m := &markupReading{r: r, f: f, html: isHTML(f)}
	for _, known := range markups() {
		if known.match(f) {
			m.applications = append(m.applications, known.open(r, f))
		}
	}
	if err := eachMarkup(ctx, f, m.html, m.each); err != nil {
		return err
	}
	return m.flush()
}

// markupReading joins texts that a reader would see as one: tags like <b> do not
// part what stands around them.
type markupReading struct {
	r            *reading
	f            *file
	html         bool
	m            mapped
	applications []func(*markupToken) error
}

// inlineHTML are the elements that do not part a text.
var inlineHTML = map[string]bool{
	"a": true, "abbr": true, "b": true, "bdi": true, "bdo": true, "big": true, "cite": true, "code": true, "em": true,
	"font": true, "i": true, "ins": true, "kbd": true, "mark": true, "s": true, "small": true, "span": true,
	"strike": true, "strong": true, "sub": true, "sup": true, "tt": true, "u": true, "var": true, "wbr": true,
}

func (m *markupReading) each(token *markupToken) error {
	for _, application := range m.applications {
		if err := application(token); err != nil {
			return err
		}
	}
	switch token.kind {
	case markupChars:
		return m.chars(&token.text)
	case markupComment:
		return m.r.mapped(&token.text, m.f.place())
	case markupDoctype:
		return nil
	}
	if !m.html || !inlineHTML[token.name] {
		if err := m.flush(); err != nil {
			return err
		}
	}
	for i := range token.attributes {
		if err := m.attribute(&token.attributes[i]); err != nil {
			return err
		}
	}
	return nil
}

func (m *markupReading) chars(text *mapped) error {
	m.m.append(text)
	if len(m.m.text) > markupText {
		return m.flush()
	}
	return nil
}

// attribute scans a value, but for the names of schemas, which are addresses
// nobody wrote, and data, in which chance writes handles.
func (m *markupReading) attribute(a *markupAttribute) error {
	if a.prefix == "xmlns" || a.name == "xmlns" || a.name == "schemalocation" || hasFold(a.value.text, "data:") {
		return nil
	}
	return m.r.mapped(&a.value, m.f.place())
}

func (m *markupReading) flush() error {
	defer m.m.reset()
	return m.r.mapped(&m.m, m.f.place())
}
