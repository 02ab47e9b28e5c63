package stix

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"parley/stix/internal/scan"
)

// A path names a value inside an object: names joined by dots, list positions in brackets, as in
// "external_references[0].url". A name with characters other than letters, digits, "_" and "-" is
// written as a JSON string in brackets, as in `exif_tags["a.b"]`, so that every value has exactly
// one path.

// step is one component of a path: a name, or when it has none, a position.
type step struct {
	name  string
	index int
	list  bool
}

// appendStep writes one more component onto a path.
func appendStep(path []byte, s step) []byte {
	switch {
	case s.list:
		path = append(path, '[')
		path = strconv.AppendInt(path, int64(s.index), 10)
		return append(path, ']')
	case !plainName(s.name):
		path = append(path, '[')
		quoted, err := jsontext.AppendQuote(path, s.name)
		if err != nil { // invalid UTF-8, which no accepted object contains
			quoted = strconv.AppendQuote(path, s.name)
		}
		return append(quoted, ']')
	}
	if len(path) > 0 {
		path = append(path, '.')
	}
	return append(path, s.name...)
}

// pathOf writes steps as a path.
func pathOf(steps []step) string {
	var path []byte
	for _, s := range steps {
		path = appendStep(path, s)
	}
	return string(path)
}

// plainName tells whether a name can stand in a path without quotes.
func plainName(name string) bool {
	if name == "" {
		return false
	}
	for i := range len(name) {
		if !isWord(name[i]) {
			return false
		}
	}
	return true
}

// isWord tells whether c may stand in a dictionary key (STIX 2.1 section 2.3).
func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

// nextStep takes the first component off a path.
func nextStep(path string) (s step, rest string, err error) {
	if strings.HasPrefix(path, "[") {
		return bracketStep(path)
	}
	end := 0
	for end < len(path) && isWord(path[end]) {
		end++
	}
	if end == 0 {
		return step{}, "", fmt.Errorf("stix path %q: a name or a position in brackets must stand here", path)
	}
	rest, err = afterStep(path[end:])
	return step{name: path[:end]}, rest, err
}

// bracketStep reads "[3]" or `["a name"]`.
func bracketStep(path string) (step, string, error) {
	if strings.HasPrefix(path, `["`) {
		end := scan.StringEnd([]byte(path), 1)
		if end < 0 || end >= len(path) || path[end] != ']' {
			return step{}, "", fmt.Errorf("stix path %q: close the quoted name with \"]", path)
		}
		name, err := jsontext.AppendUnquote(nil, path[1:end])
		if err != nil {
			return step{}, "", fmt.Errorf("stix path %q: %w", path, err)
		}
		rest, err := afterStep(path[end+1:])
		return step{name: string(name)}, rest, err
	}
	digits, rest, closed := strings.Cut(path[1:], "]")
	index, err := strconv.ParseUint(digits, 10, 31)
	if !closed || err != nil {
		return step{}, "", fmt.Errorf("stix path %q: a position is written [0], [1] and so on", path)
	}
	rest, err = afterStep(rest)
	return step{index: int(index), list: true}, rest, err
}

// afterStep drops the dot between two components.
func afterStep(rest string) (string, error) {
	if rest == "" || rest[0] == '[' {
		return rest, nil
	}
	if rest[0] == '.' && len(rest) > 1 && isWord(rest[1]) {
		return rest[1:], nil
	}
	return "", fmt.Errorf("stix path: %q cannot follow a name; write .name or [0]", rest)
}

// pathOfPointer rewrites an RFC 6901 pointer. A component of digits is taken for a position, which
// is what it is in every object whose keys follow the standard.
func pathOfPointer(pointer jsontext.Pointer) string {
	var path []byte
	for token := range pointer.Tokens() {
		index, err := strconv.ParseUint(token, 10, 31)
		path = appendStep(path, step{name: token, index: int(index), list: err == nil})
	}
	return string(path)
}
