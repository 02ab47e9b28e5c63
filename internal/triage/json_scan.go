package triage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	jsonDepth  = 512      // arrays and objects inside each other
	jsonString = 16 << 20 // bytes of one string or number
	jsonName   = 1 << 10  // bytes of a member's name in a path
)

// jsonScanner reads JSON (RFC 8259) as it streams by, any number of values after
// one another, and tells each scalar with its path and place. It keeps nothing of
// a document but the path to where it is.
type jsonScanner struct {
	r      *lookahead
	offset int64 // of the next byte
	path   jsonPath
	m      mapped // the scalar being told
	raw    []byte
	names  map[string]string // those met
	events jsonEvents
}

// jsonEvents is told what the scanner meets. Text is only good during the call.
type jsonEvents interface {
	key(path jsonPath, text *mapped) error
	scalar(path jsonPath, text *mapped, isString bool) error
	end(path jsonPath, start, end int64) error // of an object or array
}

// jsonPath leads from the document to a value.
type jsonPath []jsonStep

type jsonStep struct {
	array bool
	index int
	name  string
	start int64 // of the object or array in the file
}

// member gives the name of the member that holds the value, through arrays.
func (p jsonPath) member() string {
	for i := len(p) - 1; i >= 0; i-- {
		if !p[i].array {
			return p[i].name
		}
	}
	return ""
}

var escapePointer = strings.NewReplacer("~", "~0", "/", "~1")

// longestPointer bounds the bytes of a way to a value, nearly: an enemy can make one
// of half a megabyte, for each of a million findings.
const longestPointer = 4 << 10

// pointer writes the path as RFC 6901 does; of a very long one the beginning.
func (p jsonPath) pointer() string {
	var b strings.Builder
	for _, step := range p {
		if b.Len() > longestPointer {
			b.WriteString("/…")
			break
		}
		b.WriteByte('/')
		if step.array {
			b.WriteString(strconv.Itoa(step.index))
		} else {
			b.WriteString(escapePointer.Replace(step.name))
		}
	}
	return b.String()
}

// errJSON marks text that is no JSON, at the scanner's offset.
var errJSON = errors.New("no JSON")

func (s *jsonScanner) scan(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return stop{err}
		}
		c, err := s.skipSpace()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = s.value(ctx, c)
		}
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
	}
}

// value reads one value that begins with c. It goes round, not down: an enemy's
// nesting costs a slice, not our stack.
func (s *jsonScanner) value(ctx context.Context, c byte) error {
	base := len(s.path)
	for {
		var err error
		opened := c == '{' || c == '['
		if opened {
			if err = s.open(c); err != nil {
				return err
			}
		} else if err = s.scalar(c); err != nil {
			return err
		}
		if c, err = s.next(ctx, opened, base); err != nil || c == 0 {
			return err
		}
	}
}

func (s *jsonScanner) open(c byte) error {
	if len(s.path) >= jsonDepth {
		return fmt.Errorf("%w: nested more than %d deep", errJSON, jsonDepth)
	}
	s.path = append(s.path, jsonStep{array: c == '[', index: -1, start: s.offset - 1})
	return nil
}

// next goes on to the next value of what is open and gives its first byte; 0 when
// all is closed.
func (s *jsonScanner) next(ctx context.Context, opened bool, base int) (byte, error) {
	for len(s.path) > base {
		c, err := s.skipSpace()
		if err != nil {
			return 0, err
		}
		top := &s.path[len(s.path)-1]
		if c == '}' && !top.array || c == ']' && top.array {
			if err := s.closeTop(ctx); err != nil {
				return 0, err
			}
			opened = false
			continue
		}
		if !opened {
			if c != ',' {
				return 0, s.unexpected(c)
			}
			if c, err = s.skipSpace(); err != nil {
				return 0, err
			}
		}
		if top.array {
			top.index++
			return c, nil
		}
		return s.member(c)
	}
	return 0, nil
}

func (s *jsonScanner) closeTop(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return stop{err}
	}
	start := s.path[len(s.path)-1].start
	s.path = s.path[:len(s.path)-1]
	return s.events.end(s.path, start, s.offset)
}

// member reads the name of a member and gives the first byte of its value.
func (s *jsonScanner) member(c byte) (byte, error) {
	if c != '"' {
		return 0, s.unexpected(c)
	}
	if err := s.stringText(); err != nil {
		return 0, err
	}
	s.path[len(s.path)-1].name = s.name()
	if err := s.events.key(s.path, &s.m); err != nil {
		return 0, err
	}
	c, err := s.skipSpace()
	if err != nil {
		return 0, err
	}
	if c != ':' {
		return 0, s.unexpected(c)
	}
	return s.skipSpace()
}

// name gives the member's name that was read; there are few, again and again.
func (s *jsonScanner) name() string {
	name, known := s.names[string(s.m.text)]
	if !known {
		name = clip(string(s.m.text), jsonName)
		if s.names == nil {
			s.names = make(map[string]string)
		}
		if len(s.names) < rememberedNames && len(s.m.text) <= jsonName {
			s.names[name] = name
		}
	}
	return name
}

func (s *jsonScanner) scalar(c byte) error {
	if c == '"' {
		if err := s.stringText(); err != nil {
			return err
		}
		return s.events.scalar(s.path, &s.m, true)
	}
	start := s.offset - 1
	s.raw = append(s.raw[:0], c)
	for {
		next, err := s.r.peek(1)
		if err != nil || strings.IndexByte(" \t\r\n,]}:\"{[", next[0]) >= 0 {
			break
		}
		if len(s.raw) > 64 {
			return s.unexpected(c)
		}
		s.raw = append(s.raw, next[0])
		s.skip()
	}
	if !isLiteral(s.raw) {
		return s.unexpected(c)
	}
	s.m.reset()
	s.m.add(s.raw, start)
	return s.events.scalar(s.path, &s.m, false)
}

func isLiteral(raw []byte) bool {
	switch string(raw) {
	case "true", "false", "null":
		return true
	}
	if isFigures(raw) {
		return true
	}
	_, err := strconv.ParseFloat(string(raw), 64)
	return (err == nil || errors.Is(err, strconv.ErrRange)) && strings.Trim(string(raw), "0123456789+-.eE") == ""
}

// isFigures: a number as most are written.
func isFigures(raw []byte) bool {
	for _, c := range raw {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(raw) > 0
}

func (s *jsonScanner) unexpected(c byte) error {
	return fmt.Errorf("%w: byte %d (%q) is not expected here", errJSON, s.offset-1, c)
}

func (s *jsonScanner) readByte() (byte, error) {
	c, err := s.r.next()
	if err == nil {
		s.offset++
	}
	return c, err
}

func (s *jsonScanner) skip() { _, _ = s.readByte() }

func (s *jsonScanner) skipSpace() (byte, error) {
	for {
		seen := s.r.buffered()
		for i, c := range seen {
			if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
				s.offset += int64(s.r.skip(i + 1))
				return c, nil
			}
		}
		s.offset += int64(s.r.skip(len(seen)))
		if _, err := s.r.peek(1); err != nil {
			return 0, err
		}
	}
}
