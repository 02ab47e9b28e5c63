package triage

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// stringText reads a string whose opening quotation mark has been read, into s.m.
// Bytes without escapes keep their own offsets; an escape stands for what it
// means, at the place of all its bytes.
func (s *jsonScanner) stringText() error {
	start := s.offset
	if err := s.rawString(); err != nil {
		return err
	}
	s.m.reset()
	for i := 0; i < len(s.raw); {
		slash := bytes.IndexByte(s.raw[i:], '\\')
		if slash < 0 {
			slash = len(s.raw) - i
		}
		s.m.add(s.raw[i:i+slash], start+int64(i))
		if i += slash; i == len(s.raw) {
			break
		}
		text, n := unescapeJSON(s.raw[i:])
		if n == 0 {
			return fmt.Errorf("%w: byte %d begins no escape that JSON has", errJSON, start+int64(i))
		}
		s.m.decoded(text, start+int64(i), start+int64(i+n))
		i += n
	}
	return nil
}

// rawString reads up to the closing quotation mark, escapes as they stand.
func (s *jsonScanner) rawString() error {
	s.raw = s.raw[:0]
	escaped := false
	for {
		if _, err := s.r.peek(1); err != nil {
			return err
		}
		part := s.r.buffered()
		if plain := bytes.IndexByte(part, '"'); plain >= 0 && !escaped && bytes.IndexByte(part[:plain], '\\') < 0 {
			s.take(part[:plain])
			s.skip()
			return nil
		}
		for i, c := range part {
			switch {
			case escaped:
				escaped = false
			case c == '\\':
				escaped = true
			case c == '"':
				s.take(part[:i])
				s.skip()
				return nil
			}
		}
		s.take(part)
		if len(s.raw) > jsonString {
			return fmt.Errorf("%w: byte %d begins a string of more than %d bytes", errJSON, s.offset-int64(len(s.raw)), jsonString)
		}
	}
}

func (s *jsonScanner) take(part []byte) {
	s.raw = append(s.raw, part...)
	s.offset += int64(s.r.skip(len(part)))
}

// unescapeJSON reads the escape that raw begins with, and gives its length; 0 if
// it is none. Half of a surrogate pair is U+FFFD.
func unescapeJSON(raw []byte) (text []byte, length int) {
	if len(raw) < 2 {
		return nil, 0
	}
	if i := bytes.IndexByte([]byte(`"\/bfnrt`), raw[1]); i >= 0 {
		return []byte{"\"\\/\b\f\n\r\t"[i]}, 2
	}
	first, ok := hexUnit(raw)
	if !ok {
		return nil, 0
	}
	if !utf16.IsSurrogate(first) {
		return utf8.AppendRune(nil, first), 6
	}
	if second, ok := hexUnit(raw[6:]); ok {
		if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
			return utf8.AppendRune(nil, r), 12
		}
	}
	return utf8.AppendRune(nil, utf8.RuneError), 6
}

// hexUnit reads \uXXXX.
func hexUnit(raw []byte) (rune, bool) {
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(raw[2:6]), 16, 16)
	return rune(n), err == nil
}
