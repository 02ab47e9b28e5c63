package stix

import (
	"fmt"
	"iter"

	"github.com/go-json-experiment/json"
	"parley/stix/internal/scan"
)

// Raw gives the JSON of the value at path, as received, or false if there is none. The slice is the
// object's own: read it only. A path is "name", "external_references[0].url" or
// "extensions.<id>.stance"; a name with other characters than letters, digits, "_" and "-" is
// written as a JSON string in brackets.
func (o Object) Raw(path string) ([]byte, bool) {
	value := o.Bytes()
	if path == "" {
		return value, value != nil
	}
	for path != "" {
		s, rest, err := nextStep(path)
		if err != nil {
			return nil, false
		}
		if value = child(value, s); value == nil {
			return nil, false
		}
		path = rest
	}
	return value, true
}

// child gives the value one step down, or nil.
func child(value []byte, s step) []byte {
	if s.list {
		for i, element := range scan.Elements(value) {
			if i == s.index {
				return element
			}
		}
		return nil
	}
	for name, member := range scan.Members(value) {
		if string(name) == s.name {
			return member
		}
	}
	return nil
}

// String gives the text at path, or false if there is no string there.
func (o Object) String(path string) (string, bool) {
	value, ok := o.Raw(path)
	if !ok {
		return "", false
	}
	return scan.Text(value)
}

// Strings gives the list of text at path, or false if there is none or it holds anything else.
func (o Object) Strings(path string) ([]string, bool) {
	value, ok := o.Raw(path)
	if !ok || !scan.IsList(value) {
		return nil, false
	}
	texts := []string{}
	for _, element := range scan.Elements(value) {
		text, ok := scan.Text(element)
		if !ok {
			return nil, false
		}
		texts = append(texts, text)
	}
	return texts, true
}

// Int gives the whole number at path, or false if there is none or it does not fit.
func (o Object) Int(path string) (int64, bool) {
	var n int64
	return n, o.into(path, &n)
}

// Float gives the number at path, or false if there is none.
func (o Object) Float(path string) (float64, bool) {
	var f float64
	return f, o.into(path, &f)
}

// Bool gives the truth value at path; the second result is false if there is none.
func (o Object) Bool(path string) (value, ok bool) {
	raw, ok := o.Raw(path)
	if !ok || string(raw) != "true" && string(raw) != "false" {
		return false, false
	}
	return string(raw) == "true", true
}

// Time gives the timestamp at path, or false if there is none or it is malformed.
func (o Object) Time(path string) (Timestamp, bool) {
	text, ok := o.String(path)
	if !ok {
		return Timestamp{}, false
	}
	t, err := ParseTimestamp(text)
	return t, err == nil
}

// Get gives the value at path as Go's string, float64, bool, []any or map[string]any, or false if
// there is none. Prefer the typed forms: a float64 holds whole numbers only up to 2⁵³.
func (o Object) Get(path string) (any, bool) {
	var value any
	ok := o.into(path, &value)
	return value, ok
}

// into decodes the value at path.
func (o Object) into(path string, v any) bool {
	raw, ok := o.Raw(path)
	return ok && json.Unmarshal(raw, v) == nil
}

// Decode fills v, a pointer to a struct with json tags or to a map, from the whole object. Names
// match exactly, capitals included; properties that v has no field for are passed over.
func (o Object) Decode(v any) error {
	if o.IsZero() {
		return fmt.Errorf("decode stix object: it is empty")
	}
	if err := json.Unmarshal(o.raw, v); err != nil {
		return fmt.Errorf("decode %s: %w", o.ID(), err)
	}
	return nil
}

// Properties yields the names and raw JSON of the object's properties in the order received. The
// values are the object's own bytes: read them only.
func (o Object) Properties() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for name, value := range scan.Members(o.Bytes()) {
			if !yield(string(name), value) {
				return
			}
		}
	}
}

// Walk calls visit for every string in the object, with its path, in the order received: those of
// extensions, custom properties and unknown types included. Numbers, and the names of properties
// and dictionary keys (which are in the paths), are not visited. It stops at the first error and
// returns it. An object made to have paths of more than 1 GiB together is refused with [ErrLimit].
func (o Object) Walk(visit func(path, value string) error) error {
	if o.IsZero() {
		return nil
	}
	w := walker{visit: visit, left: maxPaths}
	return w.walk(nil, o.raw)
}

// maxPaths bounds the bytes of all paths of one walk: names may be long, and each leaf below them
// repeats them.
const maxPaths = 1 << 30

type walker struct {
	visit func(path, value string) error
	left  int
}

// walk goes down one value. Its depth is bounded by the limits the object was read under.
func (w *walker) walk(path, value []byte) error {
	if w.left -= len(path); w.left < 0 {
		return overLimit("the paths of one object may have %d bytes together", maxPaths)
	}
	switch {
	case scan.IsString(value):
		return w.visit(string(path), string(scan.Unquoted(value)))
	case scan.IsObject(value):
		for name, member := range scan.Members(value) {
			if err := w.walk(appendStep(path, step{name: string(name)}), member); err != nil {
				return err
			}
		}
	case scan.IsList(value):
		for i, element := range scan.Elements(value) {
			if err := w.walk(appendStep(path, step{index: i, list: true}), element); err != nil {
				return err
			}
		}
	}
	return nil
}
