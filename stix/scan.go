package stix

import (
	"bytes"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// The functions here walk JSON that has already been found to be valid I-JSON. They decode nothing
// they are not asked for, which makes reading a head about as cheap as finding the end of a value.

// skipSpace gives the index of the first byte from i on that is not white space.
func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// stringEnd gives the index after the string that starts at b[i], or -1 if it does not end.
func stringEnd(b []byte, i int) int {
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

// valueEnd gives the index after the value that starts at b[i].
func valueEnd(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			if i = stringEnd(b, i); i < 0 {
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
			i = literalEnd(b, i)
		}
		if depth == 0 {
			return i
		}
	}
	return len(b)
}

// literalEnd gives the index after a number, true, false or null.
func literalEnd(b []byte, i int) int {
	for i < len(b) {
		switch b[i] {
		case ',', '}', ']', ' ', '\n', '\t', '\r':
			return i
		}
		i++
	}
	return i
}

// tooDeep gives the index at which nesting passes max, or -1.
func tooDeep(b []byte, max int) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			end := stringEnd(b, i)
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

// members yields the names and raw values of an object, in order. The names are unquoted.
func members(b []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func([]byte, []byte) bool) {
		if !isObject(b) {
			return
		}
		for i := skipSpace(b, 1); i < len(b) && b[i] == '"'; {
			nameEnd := stringEnd(b, i)
			start := skipSpace(b, skipSpace(b, nameEnd)+1)
			end := valueEnd(b, start)
			if !yield(unquoted(b[i:nameEnd]), b[start:end:end]) {
				return
			}
			i = skipSpace(b, skipSpace(b, end)+1)
		}
	}
}

// elements yields the raw values of a list, in order.
func elements(b []byte) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		if !isList(b) {
			return
		}
		start := skipSpace(b, 1)
		for n := 0; start < len(b) && b[start] != ']'; n++ {
			end := valueEnd(b, start)
			if !yield(n, b[start:end:end]) {
				return
			}
			start = skipSpace(b, end)
			if start < len(b) && b[start] == ',' {
				start = skipSpace(b, start+1)
			}
		}
	}
}

func isObject(b []byte) bool { return len(b) > 0 && b[0] == '{' }
func isList(b []byte) bool   { return len(b) > 0 && b[0] == '[' }
func isString(b []byte) bool { return len(b) > 0 && b[0] == '"' }

// isEmpty tells whether an object or list has nothing in it.
func isEmpty(b []byte) bool {
	i := skipSpace(b, 1)
	return i < len(b) && (b[i] == '}' || b[i] == ']')
}

// unquoted gives what a JSON string stands for. It copies only when there are escapes.
func unquoted(b []byte) []byte {
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

// stringOf gives a JSON string's text, or false if b is something else.
func stringOf(b []byte) (string, bool) {
	if !isString(b) {
		return "", false
	}
	return string(unquoted(b)), true
}
