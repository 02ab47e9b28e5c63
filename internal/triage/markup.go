package triage

import (
	"bufio"
	"bytes"
	"context"
	"html"
	"io"
	"strings"
)

// What one token of a markup file may take. Text beyond comes in several tokens.
const (
	markupText       = 1 << 20
	markupName       = 256
	markupAttributes = 1000     // of one element; the rest are passed over
	markupTag        = 4 << 20  // bytes of the values in one tag
	markupKept       = 64 << 10 // bytes of a value whose memory is used again
)

type markupKind int

const (
	markupOpen markupKind = iota
	markupShut
	markupChars
	markupComment
	markupDoctype // and what stands between <? and ?>
)

// markupToken is a piece of XML or HTML: a tag, a text between tags, a comment.
type markupToken struct {
	kind       markupKind
	name       string // in lower case, without its prefix
	attributes []markupAttribute
	empty      bool   // the element ends where it begins: <a/>
	text       mapped // of a text or a comment
	start, end int64
}

type markupAttribute struct {
	name   string // in lower case, without its prefix
	prefix string
	value  mapped
}

func (t *markupToken) attribute(name string) string {
	for i := range t.attributes {
		if t.attributes[i].name == name {
			return string(t.attributes[i].value.text)
		}
	}
	return ""
}

// hasClass reports whether an HTML element is of a class.
func (t *markupToken) hasClass(class string) bool {
	for word := range strings.FieldsSeq(t.attribute("class")) {
		if word == class {
			return true
		}
	}
	return false
}

// markupScanner reads XML and HTML as it streams by. It keeps no stack, so that
// nesting costs nothing, takes what is broken as text, and resolves no entity that
// a document declares.
type markupScanner struct {
	r      *bufio.Reader
	offset int64 // of the next byte
	html   bool  // scripts and styles hold no tags
	raw    string
	room   int // bytes that the values of this tag may still have
	token  markupToken
}

// eachMarkup tells every token of a file. The token is good during the call.
func eachMarkup(ctx context.Context, f *file, html bool, each func(*markupToken) error) error {
	stream, err := f.reader()
	if err != nil {
		return err
	}
	defer stream.Close()
	s := &markupScanner{r: bufio.NewReaderSize(stream, 64<<10), html: html}
	for count := 0; ; count++ {
		if count%1024 == 0 && ctx.Err() != nil {
			return stop{ctx.Err()}
		}
		err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := each(&s.token); err != nil {
			return err
		}
	}
}

// next reads the next token; io.EOF if there is none.
func (s *markupScanner) next() error {
	s.token.name, s.token.empty, s.token.attributes = "", false, s.token.attributes[:0]
	s.token.text.reset()
	s.token.start = s.offset
	defer func() { s.token.end = s.offset }()
	if s.raw != "" {
		return s.rawText()
	}
	head, err := s.r.Peek(9)
	switch {
	case len(head) == 0:
		return err
	case !beginsTag(head):
		return s.chars()
	case bytes.HasPrefix(head, []byte("<!--")):
		s.skip(4)
		return s.until("-->", markupComment)
	case bytes.HasPrefix(head, []byte("<![CDATA[")):
		s.skip(9)
		return s.until("]]>", markupChars)
	case bytes.EqualFold(head, []byte("<!DOCTYPE")):
		return s.until(">", markupDoctype)
	case head[1] == '!':
		return s.until(">", markupComment)
	case head[1] == '?':
		return s.until("?>", markupDoctype)
	}
	return s.tag()
}

func beginsTag(head []byte) bool {
	if len(head) < 2 || head[0] != '<' {
		return false
	}
	c := head[1]
	return c == '/' || c == '!' || c == '?' || c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

// chars reads text up to the next tag.
func (s *markupScanner) chars() error {
	s.token.kind = markupChars
	for first := true; len(s.token.text.text) < markupText; first = false {
		head, _ := s.r.Peek(2)
		if len(head) == 0 || !first && beginsTag(head) {
			return nil
		}
		if head[0] == '&' {
			s.entity(&s.token.text)
			continue
		}
		buffered, _ := s.r.Peek(s.r.Buffered())
		n := bytes.IndexAny(buffered[1:], "<&") + 1
		if n == 0 {
			n = len(buffered)
		}
		s.take(&s.token.text, n)
	}
	return nil
}

// entity reads what stands for one character, or the & that does not begin such.
func (s *markupScanner) entity(m *mapped) {
	head, _ := s.r.Peek(32)
	end := bytes.IndexByte(head, ';')
	if end > 0 && !bytes.ContainsAny(head[:end], " \t\r\n<\"'") {
		raw := string(head[:end+1])
		if plain := html.UnescapeString(raw); plain != raw {
			m.decoded([]byte(plain), s.offset, s.offset+int64(end)+1)
			s.skip(end + 1)
			return
		}
	}
	s.take(m, 1)
}

// until reads as it stands up to a mark, which it passes over.
func (s *markupScanner) until(mark string, kind markupKind) error {
	s.token.kind = kind
	for {
		head, _ := s.r.Peek(len(mark))
		if len(head) == 0 {
			return nil
		}
		if string(head) == mark {
			s.skip(len(mark))
			return nil
		}
		buffered, _ := s.r.Peek(s.r.Buffered())
		n := bytes.IndexByte(buffered[1:], mark[0]) + 1
		if n == 0 {
			n = len(buffered)
		}
		if len(s.token.text.text) < markupText {
			s.take(&s.token.text, n)
		} else {
			s.skip(n)
		}
	}
}

// rawText reads a script or a style up to the tag that ends it.
func (s *markupScanner) rawText() error {
	s.token.kind = markupChars
	for len(s.token.text.text) < markupText {
		head, err := s.r.Peek(len(s.raw) + 2)
		if len(head) == 0 && len(s.token.text.text) > 0 {
			return nil
		}
		if len(head) == 0 {
			return err
		}
		if len(head) == len(s.raw)+2 && head[0] == '<' && head[1] == '/' && strings.EqualFold(string(head[2:]), s.raw) {
			s.raw = ""
			return nil
		}
		buffered, _ := s.r.Peek(s.r.Buffered())
		n := bytes.IndexByte(buffered[1:], '<') + 1
		if n == 0 {
			n = len(buffered)
		}
		s.take(&s.token.text, n)
	}
	return nil
}

// take adds the next n bytes, which are buffered, as they stand.
func (s *markupScanner) take(m *mapped, n int) {
	part, _ := s.r.Peek(n)
	m.add(part, s.offset)
	s.skip(len(part))
}

func (s *markupScanner) skip(n int) {
	n, _ = s.r.Discard(n)
	s.offset += int64(n)
}
