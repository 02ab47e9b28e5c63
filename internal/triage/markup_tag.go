package triage

import (
	"bytes"
	"strings"
)

// tag reads a tag with its attributes.
func (s *markupScanner) tag() error {
	s.skip(1)
	s.token.kind = markupOpen
	if s.peek() == '/' {
		s.skip(1)
		s.token.kind = markupShut
	}
	_, s.token.name = s.name()
	s.room = markupTag
	for {
		s.space()
		switch c := s.peek(); c {
		case 0:
			return nil
		case '>':
			s.skip(1)
			if s.html && s.token.kind == markupOpen && (s.token.name == "script" || s.token.name == "style") {
				s.raw = s.token.name
			}
			return nil
		case '<': // the tag was never closed
			return nil
		case '/':
			s.skip(1)
			s.token.empty = s.peek() == '>'
		default:
			s.attribute()
		}
	}
}

// peek gives the next byte; 0 at the end.
func (s *markupScanner) peek() byte {
	head, _ := s.r.peek(1)
	if len(head) == 0 {
		return 0
	}
	if head[0] == 0 {
		return ' '
	}
	return head[0]
}

func (s *markupScanner) space() {
	for {
		switch s.peek() {
		case ' ', '\t', '\r', '\n', '\f':
			s.skip(1)
		default:
			return
		}
	}
}

// markupWord is a name in lower case, and its prefix.
type markupWord struct{ prefix, local string }

// rememberedNames bounds how many names of one file are kept.
const rememberedNames = 4096

// name reads a name, in lower case, and its prefix. It always moves on.
func (s *markupScanner) name() (prefix, local string) {
	var store [markupName]byte
	name := store[:0]
	for first := true; ; first = false {
		c := s.peek()
		if c == 0 || !first && endsName(c) {
			break
		}
		n, buffered := 1, s.r.buffered()
		for n < len(buffered) && buffered[n] != 0 && !endsName(buffered[n]) {
			n++
		}
		if buffered[0] == 0 {
			name = append(name, ' ')
			s.skip(1)
			continue
		}
		name = append(name, buffered[:min(n, max(0, markupName-len(name)))]...)
		s.skip(n)
	}
	word, known := s.names[string(name)]
	if !known {
		word.local = strings.ToLower(string(name))
		if prefix, rest, found := strings.Cut(word.local, ":"); found {
			word = markupWord{prefix, rest}
		}
		if len(s.names) < rememberedNames {
			s.names[string(name)] = word
		}
	}
	return word.prefix, word.local
}

// bareEnds end a value without quotation marks.
const bareEnds = " \t\r\n\f>"

func endsName(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', '\f', '/', '>', '=', '<':
		return true
	}
	return false
}

func (s *markupScanner) attribute() {
	var passed mapped
	at := len(s.token.attributes)
	prefix, name := s.name()
	value := &passed
	if at < markupAttributes {
		if at < cap(s.token.attributes) {
			s.token.attributes = s.token.attributes[:at+1]
		} else {
			s.token.attributes = append(s.token.attributes, markupAttribute{})
		}
		s.token.attributes[at].prefix, s.token.attributes[at].name = prefix, name
		if value = &s.token.attributes[at].value; cap(value.text) > markupKept {
			*value = mapped{}
		}
		value.reset()
	}
	s.space()
	if s.peek() != '=' {
		return
	}
	s.skip(1)
	s.space()
	if quote := s.peek(); quote == '"' || quote == '\'' {
		s.skip(1)
		s.value(value, quote)
		s.skip(1)
		return
	}
	s.value(value, 0)
}

// value reads an attribute's value up to a quotation mark; 0 for one without.
func (s *markupScanner) value(m *mapped, quote byte) {
	for {
		c := s.peek()
		if c == 0 || c == quote || quote == 0 && strings.IndexByte(bareEnds, c) >= 0 {
			s.room -= len(m.text)
			return
		}
		if c == '&' && len(m.text) < min(markupText, s.room) {
			s.entity(m)
			continue
		}
		buffered := s.r.buffered()
		n := len(buffered)
		if quote != 0 {
			n = upTo(buffered, quote, '&')
		} else if end := bytes.IndexAny(buffered[1:], bareEnds+"&"); end >= 0 {
			n = end + 1
		}
		if len(m.text) < min(markupText, s.room) {
			s.take(m, n)
		} else {
			s.skip(n)
		}
	}
}
