package match

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/selector"
)

// What a run lets both sides learn.
const (
	RevealCount   = "count"   // how many they share
	RevealOverlap = "overlap" // how many, then which
)

// Bounds on terms, so that a proposal cannot be made to swamp the other side.
const (
	maxPurpose  = 500
	maxTermsLen = 8 << 10
	// MaxItems is the largest set that terms may allow: at 76 bytes an item its
	// longest message stays below what a channel carries.
	MaxItems = 500_000
)

// Terms is what both sides agree to before a match. Both keep the same bytes:
// the acceptance names their hash.
type Terms struct {
	Version  int             `json:"version"`
	Run      RunID           `json:"run"`
	From     string          `json:"from"`
	To       string          `json:"to"`
	Forms    int             `json:"normal_forms"` // the version of selectors' normal forms
	Kinds    []selector.Kind `json:"kinds"`
	Purpose  string          `json:"purpose"`
	Reveal   string          `json:"reveal"`
	MaxItems int             `json:"max_items"`
	Proposed time.Time       `json:"proposed"`
}

// RunID is the random number that both sides know a run by.
type RunID [16]byte

// String is the number in hexadecimal.
func (r RunID) String() string { return hex.EncodeToString(r[:]) }

// MarshalText writes the number in hexadecimal.
func (r RunID) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the number in hexadecimal.
func (r *RunID) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err != nil || len(b) != len(r) {
		return fmt.Errorf("run number %.40q is not 32 hexadecimal digits", text)
	}
	copy(r[:], b)
	return nil
}

const (
	termsVersion = 1
	// normalForms is the version that selector.Canonical binds into every item:
	// two sides with different ones would compare nothing.
	normalForms = 1
)

// Validate says what is wrong with terms, ours or theirs.
func (t Terms) Validate() error {
	switch {
	case t.Version != termsVersion:
		return fmt.Errorf("terms of version %d: this program knows version %d", t.Version, termsVersion)
	case t.From == "" || t.To == "" || t.From == t.To:
		return errors.New("terms must name two different parties")
	case t.Forms != normalForms:
		return fmt.Errorf("terms compare selectors in normal forms of version %d: this program writes version %d", t.Forms, normalForms)
	case len(t.Kinds) == 0:
		return errors.New("terms must name at least one kind of selector")
	case t.Purpose == "" || utf8.RuneCountInString(t.Purpose) > maxPurpose || !printable(t.Purpose):
		return fmt.Errorf("terms must state a purpose in at most %d readable characters", maxPurpose)
	case t.Reveal != RevealCount && t.Reveal != RevealOverlap:
		return fmt.Errorf("terms reveal %.20q: must be %q or %q", t.Reveal, RevealCount, RevealOverlap)
	case t.MaxItems < 1 || t.MaxItems > MaxItems:
		return fmt.Errorf("terms allow sets of %d: must be 1 to %d", t.MaxItems, MaxItems)
	}
	known := selector.Kinds()
	for i, k := range t.Kinds {
		if !slices.Contains(known, k) {
			return fmt.Errorf("terms name the kind %.40q, which this program does not know", string(k))
		}
		if slices.Contains(t.Kinds[:i], k) {
			return fmt.Errorf("terms name the kind %q twice", string(k))
		}
	}
	return nil
}

func printable(s string) bool {
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return utf8.ValidString(s)
}

// encode gives the bytes that both sides keep.
func (t Terms) encode() ([]byte, error) { return json.Marshal(t) }

// decodeTerms reads terms as a counterpart wrote them, and refuses bytes that
// would not be written the same way again: the two sides must hold one text.
func decodeTerms(b []byte) (Terms, error) {
	var t Terms
	if len(b) > maxTermsLen {
		return t, fmt.Errorf("terms of %d bytes: at most %d", len(b), maxTermsLen)
	}
	if err := json.Unmarshal(b, &t); err != nil {
		return t, fmt.Errorf("read terms: %w", err)
	}
	again, err := t.encode()
	if err != nil {
		return t, fmt.Errorf("read terms: %w", err)
	}
	if string(again) != string(b) {
		return t, errors.New("read terms: not written in the one form that both sides can hash")
	}
	return t, t.Validate()
}

func digest(terms []byte) []byte {
	sum := sha256.Sum256(terms)
	return sum[:]
}
