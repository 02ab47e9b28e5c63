package scan

import (
	"bytes"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// The functions here walk JSON that has already been found to be valid I-JSON. They decode nothing
// they are not asked for, which makes reading a head about as cheap as finding the end of a value.

// SkipSpace gives the index of the first byte from i on that is not white space.
func SkipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// StringEnd gives the index after the string that starts at b[i], or -1 if it does not end.
func StringEnd(b []byte, i int) int {
	start := i + 1
	for i = start; i < len(b); i++ {
		quote := bytes.IndexByte(b[i:], '"')
		if quote < 0 {
			return -1
		}
		i += quote
		// A quote is escaped if an odd number of backslashes stands before it.
		backslashes := 0
		for i-backslashes > start && b[i-backslashes-1] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 {
			return i + 1
		}
	}
	return -1
}

// ValueEnd gives the index after the value that starts at b[i].
func ValueEnd(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			if i = StringEnd(b, i); i < 0 {
				return len(b)
			}
		case '{', '[':
			depth++
			i++
			continue
		case '}', ']':
			depth--
			i++
		case ',', ':', ' ', '\n', '\t', '\r':
			i++
			continue
		default:
			i = LiteralEnd(b, i)
		}
		if depth == 0 {
			return i
		}
	}
	return len(b)
}

// LiteralEnd gives the index after a number, true, false or null.
func LiteralEnd(b []byte, i int) int {
	for i < len(b) {
		switch b[i] {
		case ',', '}', ']', ' ', '\n', '\t', '\r':
			return i
		}
		i++
	}
	return i
}

// TooDeep gives the index at which nesting passes max, or -1.
func TooDeep(b []byte, max int) int {
	if bytes.Count(b, []byte{'{'})+bytes.Count(b, []byte{'['}) <= max {
		return -1 // which is so of most objects, and is found many bytes at a time
	}
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			end := StringEnd(b, i)
			if end < 0 {
				return -1
			}
			i = end - 1
		case '{', '[':
			if depth++; depth > max {
				return i
			}
		case '}', ']':
			depth--
		}
	}
	return -1
}

// Members yields the names and raw values of an object, in order. The names are unquoted.
func Members(b []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func([]byte, []byte) bool) {
		if !IsObject(b) {
			return
		}
		for i := SkipSpace(b, 1); i < len(b) && b[i] == '"'; {
			nameEnd := StringEnd(b, i)
			start := SkipSpace(b, SkipSpace(b, nameEnd)+1)
			end := ValueEnd(b, start)
			if !yield(Unquoted(b[i:nameEnd]), b[start:end:end]) {
				return
			}
			i = SkipSpace(b, SkipSpace(b, end)+1)
		}
	}
}

// Elements yields the raw values of a list, in order.
func Elements(b []byte) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		if !IsList(b) {
			return
		}
		start := SkipSpace(b, 1)
		for n := 0; start < len(b) && b[start] != ']'; n++ {
			end := ValueEnd(b, start)
			if !yield(n, b[start:end:end]) {
				return
			}
			start = SkipSpace(b, end)
			if start < len(b) && b[start] == ',' {
				start = SkipSpace(b, start+1)
			}
		}
	}
}

func IsObject(b []byte) bool { return len(b) > 0 && b[0] == '{' }
func IsList(b []byte) bool   { return len(b) > 0 && b[0] == '[' }
func IsString(b []byte) bool { return len(b) > 0 && b[0] == '"' }

// IsEmpty tells whether an object or list has nothing in it.
func IsEmpty(b []byte) bool {
	i := SkipSpace(b, 1)
	return i < len(b) && (b[i] == '}' || b[i] == ']')
}

// Unquoted gives what a JSON string stands for. It copies only when there are escapes.
func Unquoted(b []byte) []byte {
	inner := b[1 : len(b)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return inner
	}
	text, err := jsontext.AppendUnquote(nil, b)
	if err != nil {
		return inner
	}
	return text
}

// Text gives a JSON string's text, or false if b is something else.
func Text(b []byte) (string, bool) {
	if !IsString(b) {
		return "", false
	}
	return string(Unquoted(b)), true
}
