package misp

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// reader walks the JSON once. After the first fault it reads nothing more and gives empty values, so
// that those who call it need not ask after each.
type reader struct {
	lim    Limits
	source *bounded
	dec    *jsontext.Decoder
	err    error
	parts  int

	begun *string // the first name of an object whose brace is read already

	events []Event
	event  *Event // the one being read
	prefix string // the JSON pointer of it
}

// fail keeps the first fault, at the place of the value just read.
func (in *reader) fail(format string, args ...any) { in.failFor(nil, format, args...) }

func (in *reader) failFor(cause error, format string, args ...any) {
	if in.err == nil {
		in.err = &Fault{
			Path: dotted(string(in.dec.StackPointer())), Problem: fmt.Sprintf(format, args...),
			Offset: in.dec.InputOffset(), cause: cause,
		}
	}
}

// broken keeps an error of the JSON itself or of the reader.
func (in *reader) broken(err error) {
	syntax := new(jsontext.SyntacticError)
	switch {
	case in.err != nil:
	case in.source.over:
		in.failFor(ErrLimit, "has more than the %d bytes allowed; raise the limit or split the input", in.lim.Bytes)
	case errors.As(err, &syntax):
		in.err = &Fault{
			Path: dotted(string(syntax.JSONPointer)), Problem: "is not JSON as MISP writes it: " + syntax.Err.Error(),
			Offset: syntax.ByteOffset, cause: err,
		}
	default:
		in.failFor(err, "cannot be read: %v", err)
	}
}

// token reads the next one, or gives null after a fault.
func (in *reader) token() jsontext.Token {
	if in.err != nil {
		return jsontext.Null
	}
	if in.begun != nil {
		in.fail("must not be an object")
		return jsontext.Null
	}
	t, err := in.dec.ReadToken()
	if err != nil {
		in.broken(err)
		return jsontext.Null
	}
	if in.dec.StackDepth() > in.lim.Depth {
		in.failFor(ErrLimit, "is nested deeper than the %d levels allowed", in.lim.Depth)
	}
	return t
}

// more tells whether the list or object being read goes on, and reads its end if not.
func (in *reader) more() bool {
	if in.err != nil {
		return false
	}
	if kind := in.dec.PeekKind(); kind != ']' && kind != '}' {
		return true
	}
	in.token()
	return false
}

// object reads an object's members. Null, false, "" and an empty list pass for an empty one.
func (in *reader) object(each func(name string)) {
	if in.begun != nil {
		name := *in.begun
		in.begun = nil
		each(name)
	} else if t := in.token(); t.Kind() == '[' {
		if in.more() {
			in.fail("must be an object")
		}
		return
	} else if t.Kind() != '{' {
		in.wantEmpty(t, "an object")
		return
	}
	for in.more() {
		if name := in.token().String(); in.err == nil {
			each(name)
		}
	}
}

// list reads a list's members: those of a JSON list, of an object whose names are numbers, or one
// object alone. each must read exactly one value.
func (in *reader) list(each func()) {
	t := in.token()
	switch t.Kind() {
	case '[':
		for in.more() {
			in.part()
			each()
		}
	case '{':
		in.numbered(each)
	default:
		in.wantEmpty(t, "a list")
	}
}

// numbered reads an object that stands for a list. PHP writes one where a list has gaps.
func (in *reader) numbered(each func()) {
	for first := true; in.more(); first = false {
		in.part()
		name := in.token().String()
		if in.err != nil {
			return
		}
		if !isDigits(name) {
			if !first {
				in.fail("must be a list, or an object with numbers for names")
				return
			}
			in.begun = &name
			each()
			return
		}
		each()
	}
}

// part counts members of lists.
func (in *reader) part() {
	if in.parts++; in.parts > in.lim.Parts {
		in.failFor(ErrLimit, "is one more than the %d parts allowed", in.lim.Parts)
	}
}

func (in *reader) wantEmpty(t jsontext.Token, wanted string) {
	switch t.Kind() {
	case 'n', 'f':
		return
	case '"':
		if t.String() == "" {
			return
		}
	}
	in.fail("must be %s", wanted)
}

// text reads a string, or a number or truth value as the text of it. Null is "".
func (in *reader) text() string {
	t := in.token()
	switch t.Kind() {
	case '"', '0', 't', 'f':
		s := t.String()
		if len(s) > in.lim.Text {
			in.failFor(ErrLimit, "has %d bytes, more than the %d allowed", len(s), in.lim.Text)
		}
		return s
	case 'n':
	default:
		in.fail("must be text")
	}
	return ""
}

// number reads a whole number not below zero, as such or as a string. Null, "" and false are 0. A
// fraction, which some versions give seconds, is cut off.
func (in *reader) number() int64 {
	s := in.text()
	if s == "" || s == "false" {
		return 0
	}
	whole, fraction, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n < 0 || n > lastSecond || fraction != "" && !isDigits(fraction) {
		in.fail("is %s and must be a whole number from 0 to %d", shown(s), int64(lastSecond))
		return 0
	}
	return n
}

// lastSecond is the end of the year 9999, beyond which no timestamp can be written.
const lastSecond = 253402300799

// flag reads a truth value: true, "1", 1 and their opposites; null and "" are false.
func (in *reader) flag() bool {
	switch s := in.text(); s {
	case "true", "1":
		return true
	case "false", "0", "":
	default:
		in.fail("is %s and must be true or false", shown(s))
	}
	return false
}

// id reads a UUID in small letters, or "".
func (in *reader) id() string {
	s := in.text()
	if s == "" {
		return ""
	}
	id, err := uuid.Parse(s)
	if err != nil || len(s) != 36 {
		in.fail("is %s and must be a UUID such as 6f1c64ad-3e19-4b8c-9c57-8a6de0f0a0c1", shown(s))
		return ""
	}
	return id.String()
}

// choice reads one of a few texts; another is noted and left out.
func (in *reader) choice(from ...string) string {
	s := in.text()
	for _, known := range from {
		if s == known {
			return s
		}
	}
	if s != "" {
		in.note("is " + shown(s) + ", which MISP does not define")
	}
	return ""
}

// texts reads a list of texts, or one alone.
func (in *reader) texts() (all []string) {
	if kind := in.peek(); kind == '"' || kind == '0' || kind == 't' {
		if s := in.text(); s != "" {
			all = []string{s}
		}
		return all
	}
	in.list(func() { all = append(all, in.text()) })
	return all
}

// peek tells what kind of value comes next, or 0 after a fault.
func (in *reader) peek() jsontext.Kind {
	if in.err != nil || in.begun != nil {
		return 0
	}
	return in.dec.PeekKind()
}

// skip passes over a value and tells whether anything was in it.
func (in *reader) skip() (something bool) {
	t := in.token()
	switch t.Kind() {
	case '"', '0':
		s := t.String()
		return s != "" && s != "0"
	case 't':
		return true
	case '[', '{':
		for in.more() {
			something = true
			if err := in.dec.SkipValue(); err != nil {
				in.broken(err)
			}
		}
	}
	return something
}

// leave passes over a value that there is no field for, and notes it unless it is empty.
func (in *reader) leave(why string) {
	if in.skip() {
		in.note(why)
	}
}

// note lists the value just read as not taken.
func (in *reader) note(why string) {
	if in.err != nil || in.event == nil {
		return
	}
	in.part()
	pointer := strings.TrimPrefix(string(in.dec.StackPointer()), in.prefix)
	typ := pointer[strings.LastIndexByte(pointer, '/')+1:]
	in.event.Unread = append(in.event.Unread, Unmapped{Path: dotted(pointer), Type: shown(typ), Why: why})
}
