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
	head, _ := s.r.Peek(1)
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

// name reads a name, in lower case, and its prefix. It always moves on.
func (s *markupScanner) name() (prefix, local string) {
	var name []byte
	for first := true; ; first = false {
		c := s.peek()
		if c == 0 || !first && bytes.IndexByte([]byte(" \t\r\n\f/>=<"), c) >= 0 {
			break
		}
		if len(name) < markupName {
			name = append(name, c)
		}
		s.skip(1)
	}
	local = strings.ToLower(string(name))
	if prefix, rest, found := strings.Cut(local, ":"); found {
		return prefix, rest
	}
	return "", local
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
		s.value(value, string(quote))
		s.skip(1)
		return
	}
	s.value(value, " \t\r\n\f>")
}

// value reads an attribute's value up to one of some bytes.
func (s *markupScanner) value(m *mapped, ends string) {
	for {
		c := s.peek()
		if c == 0 || strings.IndexByte(ends, c) >= 0 {
			s.room -= len(m.text)
			return
		}
		if c == '&' && len(m.text) < min(markupText, s.room) {
			s.entity(m)
			continue
		}
		buffered, _ := s.r.Peek(s.r.Buffered())
		n := bytes.IndexAny(buffered[1:], ends+"&") + 1
		if n == 0 {
			n = len(buffered)
		}
		if len(m.text) < min(markupText, s.room) {
			s.take(m, n)
		} else {
			s.skip(n)
		}
	}
}
