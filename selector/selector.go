package selector

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Selector is an identifier in normal form. Two selectors name the same thing
// exactly when they are equal with ==.
type Selector struct {
	Kind  Kind   `json:"kind"`
	Value string `json:"value"` // in the normal form of its kind
}

// Options says what the text alone cannot.
type Options struct {
	// Region is the ISO 3166-1 alpha-2 code of the country whose national
	// phone numbers are meant ("US"). Empty: only international numbers.
	Region string
	// Vocabulary holds words and patterns of somebody's own, which Find looks for
	// as well. It may be nil.
	Vocabulary *Vocabulary
}

// Validate reports a region that no country has.
func (o Options) Validate() error {
	if o.Region != "" && phonenumbers.GetCountryCodeForRegion(strings.ToUpper(o.Region)) == 0 {
		return fmt.Errorf("region %q is no ISO 3166-1 country with phone numbers: give two letters, as in US", clip(o.Region))
	}
	return nil
}

// canonicalVersion opens every canonical form. A change of any normal form
// needs a new version: see docs/formats/selectors.md.
const canonicalVersion = "selector/1\x00"

// String gives the form for people and line lists, "phone:+12025550147", which
// [ParseText] reads back.
func (s Selector) String() string {
	return string(s.Kind) + ":" + s.Value
}

// Canonical is what is hashed and matched: the 11 bytes "selector/1" and a zero
// byte, the length of the kind as an unsigned varint (one byte for every kind
// there is), the kind, and the value to the end. No two selectors share a
// canonical form, whatever their kinds and values hold.
func (s Selector) Canonical() []byte {
	b := make([]byte, 0, len(canonicalVersion)+1+len(s.Kind)+len(s.Value))
	b = append(b, canonicalVersion...)
	b = binary.AppendUvarint(b, uint64(len(s.Kind)))
	b = append(b, s.Kind...)
	return append(b, s.Value...)
}

// Validate reports whether s has a known kind and a value in normal form. Use
// it on selectors that came from somebody else's JSON.
func (s Selector) Validate() error {
	got, err := Parse(s.Kind, s.Value, Options{})
	if err != nil {
		return err
	}
	if got != s {
		return fmt.Errorf("%s %q is not in normal form: write it as %q", s.Kind, clip(s.Value), got.Value)
	}
	return nil
}

// ParseText reads the form [Selector.String] writes. It refuses a value that is
// not already in normal form: such a line was not written by this package.
func ParseText(text string) (Selector, error) {
	kind, value, found := strings.Cut(text, ":")
	if !found {
		return Selector{}, fmt.Errorf("read selector %q: want kind:value, as in phone:+12025550147", clip(text))
	}
	s := Selector{Kind: Kind(kind), Value: value}
	if err := s.Validate(); err != nil {
		return Selector{}, fmt.Errorf("read selector: %w", err)
	}
	return s, nil
}

// maxRaw bounds what Parse looks at, in bytes; no normal form is longer.
const maxRaw = 4096

// Parse reads the whole of raw as one selector of the given kind. White space
// around it and invisible marks of writing direction are not part of it.
func Parse(kind Kind, raw string, opt Options) (Selector, error) {
	number := numberOf(kind)
	if number < 0 {
		return Selector{}, fmt.Errorf("read selector: kind %q is not known: use one of %v", clip(string(kind)), Kinds())
	}
	if len(raw) > maxRaw {
		return Selector{}, fmt.Errorf("read %s: %d bytes are more than the %d a selector may have", kind, len(raw), maxRaw)
	}
	value, err := "", errEmpty
	if raw := trim(raw); raw != "" {
		value, err = forms[number].normal(raw, opt)
	}
	if err != nil {
		return Selector{}, fmt.Errorf("read %s %q: %w", kind, clip(raw), err)
	}
	return Selector{Kind: kind, Value: value}, nil
}

var errEmpty = errors.New("it is empty")

// trim drops what surrounds an identifier in exports: white space, byte order
// marks and the marks of writing direction that phones put round numbers.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		switch {
		case r <= ' ', r == 0x7f, r == 0xa0, r == 0xfeff:
			return true
		case r >= 0x2000 && r <= 0x200f, r >= 0x2028 && r <= 0x202f, r >= 0x205f && r <= 0x2069:
			return true
		}
		return r == 0x3000
	})
}

// clip keeps an enemy's long string out of our error messages.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
