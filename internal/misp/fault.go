package misp

import (
	"errors"
	"fmt"
	"strings"
)

// ErrLimit is wrapped by every [Fault] that refuses input for its size, count or depth.
var ErrLimit = errors.New("over the limit")

// Limits bound what [Read] accepts. A field left at zero takes its default.
type Limits struct {
	Bytes  int64 // of the whole input; 256 MiB
	Events int   // in one input, and in a feed; 10,000
	Parts  int   // attributes, objects, tags, sightings and everything else that is a list's member; 1,000,000
	Text   int   // bytes of one text, attachments (which are passed over) apart; 1 MiB
	Depth  int   // of nested lists and objects; 32
}

func (l Limits) orDefault() Limits {
	for _, d := range []struct {
		field *int
		value int
	}{{&l.Events, 10_000}, {&l.Parts, 1_000_000}, {&l.Text, 1 << 20}, {&l.Depth, 32}} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	if l.Bytes <= 0 {
		l.Bytes = 256 << 20
	}
	return l
}

// Fault is one thing wrong with an input, and where.
type Fault struct {
	Path    string // "Event.Attribute[3].uuid", or "" for the input as a whole
	Problem string // a clause
	Offset  int64  // the byte at which it was noticed
	cause   error
}

// Error gives path, problem and byte.
func (f *Fault) Error() string {
	where := ""
	if f.Path != "" {
		where = f.Path + ": "
	}
	return fmt.Sprintf("%s%s (byte %d)", where, f.Problem, f.Offset)
}

// Unwrap gives the cause: [ErrLimit], an error of the reader, or nil.
func (f *Fault) Unwrap() error { return f.cause }

// dotted rewrites a JSON pointer, /Event/Attribute/3/uuid, as a path, Event.Attribute[3].uuid.
func dotted(pointer string) string {
	var path strings.Builder
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		switch {
		case token == "":
		case isDigits(token):
			path.WriteString("[" + token + "]")
		default:
			if path.Len() > 0 {
				path.WriteByte('.')
			}
			path.WriteString(shown(token))
		}
	}
	return path.String()
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// shown shortens a stranger's text for a message.
func shown(s string) string {
	const most = 80
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, s)
}
