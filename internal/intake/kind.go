package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"parley/internal/list"
	"parley/stix"
)

// Kind is what a source is.
type Kind string

// What is told apart.
const (
	STIX      Kind = "stix"       // a bundle, a TAXII envelope or one object
	STIXLines Kind = "stix-lines" // an object a line
	MISP      Kind = "misp"       // one event or more
	List      Kind = "list"       // of selectors
	Other     Kind = "other"      // anything else, which is evidence

	boxed Kind = "box" // STIX, for sure in a bundle or an envelope
)

// HeadSize is how much of a source is looked at, in bytes.
const HeadSize = 64 << 10

// Kind tells what a source is, by the beginning of its content. Its name counts
// only where a person called a table one that does not look it.
func (s *Source) Kind() (Kind, error) {
	r, err := s.Reader(nil)
	if err != nil {
		return Other, err
	}
	defer r.Close()
	head := make([]byte, HeadSize)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return Other, fmt.Errorf("read %s: %w", s.Name, err)
	}
	return KindOf(head[:n], s.Name), nil
}

// KindOf tells what begins like this and is called so.
func KindOf(head []byte, name string) Kind {
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	if kind := ofJSON(head); kind != Other {
		return kind
	}
	if isTable(name) || list.Looks(head) {
		return List
	}
	return Other
}

// isTable tells whether a file is called a table.
func isTable(name string) bool {
	name = strings.ToLower(name)
	for _, packed := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, packed)
	}
	ext := path.Ext(name)
	return ext == ".csv" || ext == ".tsv"
}

// ofJSON tells STIX and MISP events from other JSON. What cannot be read as JSON,
// or is a bare list, but has the marks of STIX counts as such, so that a bundle
// with a fault is refused as a bundle and does not become evidence.
func ofJSON(head []byte) Kind {
	begin := bytes.TrimLeft(head, " \t\r\n")
	if len(begin) == 0 || begin[0] != '{' && begin[0] != '[' {
		return Other
	}
	d := jsontext.NewDecoder(bytes.NewReader(head))
	kind, err := kindOf(d)
	switch {
	case kind == Other && (err != nil || begin[0] == '[') && marked(head), kind == boxed:
		return STIX
	case kind == STIX && err == nil && another(d):
		return STIXLines
	}
	return kind
}

// marked tells whether the marks of STIX stand in a text.
func marked(head []byte) bool {
	return bytes.Contains(head, []byte(`"bundle--`)) || bytes.Contains(head, []byte(`"spec_version"`))
}

// another tells whether one more object follows the first.
func another(d *jsontext.Decoder) bool { return d.PeekKind() == '{' }

// kindOf reads one JSON value as far as it must, or to its end.
func kindOf(d *jsontext.Decoder) (Kind, error) {
	if d.PeekKind() == '[' {
		if _, err := d.ReadToken(); err != nil {
			return Other, err
		}
		return kindOf(d) // of the first in the list
	}
	if d.PeekKind() != '{' {
		return Other, d.SkipValue()
	}
	if _, err := d.ReadToken(); err != nil {
		return Other, err
	}
	kind := Other
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return kind, err
		}
		found, err := kindByProperty(d, name.String())
		if found != Other && kind != boxed {
			kind = found
		}
		if err != nil {
			return kind, err
		}
	}
	_, err := d.ReadToken()
	return kind, err
}

// kindByProperty reads the value of one property, and tells what it shows.
func kindByProperty(d *jsontext.Decoder, name string) (Kind, error) {
	switch at := d.PeekKind(); {
	case at == '"' && (name == "type" || name == "id"):
		text, err := d.ReadToken()
		if err != nil {
			return Other, err
		}
		if name == "type" && text.String() == "bundle" {
			return boxed, nil
		}
		if _, err := stix.ParseID(text.String()); name == "id" && err == nil {
			return STIX, nil
		}
		return Other, nil
	case at == '"' && name == "spec_version":
		return STIX, d.SkipValue()
	case at == '{' && name == "Event":
		return MISP, d.SkipValue()
	case at == '[' && name == "response":
		return kindOf(d) // as MISP's search answers
	case at == '[' && name == "objects":
		return inObjects(d)
	}
	return Other, d.SkipValue()
}

// inObjects tells whether the objects of an envelope are STIX's.
func inObjects(d *jsontext.Decoder) (Kind, error) {
	if _, err := d.ReadToken(); err != nil {
		return Other, err
	}
	kind := Other
	for d.PeekKind() != ']' {
		found, err := kindOf(d)
		if found == STIX {
			kind = boxed
		}
		if err != nil {
			return kind, err
		}
	}
	_, err := d.ReadToken()
	return kind, err
}
