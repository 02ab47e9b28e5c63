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

	"parley/internal/permit"
	"parley/selector"
)

// What a run lets a side learn.
const (
	ModeCount    = "count"           // how many they share
	ModeOverlap  = "overlap"         // how many, then which
	ModePayload  = "overlap-payload" // which, with what the other side says of each
	ModeStanding = "standing"        // which of a few new selectors, at any time, against a list fetched once
)

// Who learns it.
const (
	LearnBoth      = "both"
	LearnProposer  = "proposer"
	LearnResponder = "responder"
)

// Bounds on terms, so that a proposal cannot be made to swamp the other side.
const (
	maxPurpose  = 500
	maxTermsLen = 8 << 10
	maxRuns     = 1000
	maxDays     = 366
	maxRounds   = 20 // of haggling
	// MaxItems is the largest set that terms may allow: at 76 bytes an item its
	// longest message stays below what a channel carries.
	MaxItems = 500_000
	// MaxList is the largest standing list, which its holder asks nobody about.
	MaxList = 1_000_000
)

const day = 24 * time.Hour

// Terms is what both sides agree to before a match. Both keep the same bytes:
// the acceptance names their hash.
type Terms struct {
	Version  int             `json:"version"`
	Run      RunID           `json:"run"`   // the first run under them
	Round    int             `json:"round"` // 1 is the proposal, each counter-proposal one more
	From     string          `json:"from"`  // who proposed, and starts every run
	To       string          `json:"to"`
	Forms    int             `json:"normal_forms"` // the version of selectors' normal forms
	Kinds    []selector.Kind `json:"kinds"`
	Purpose  string          `json:"purpose"`
	Uses     []permit.Use    `json:"uses"` // what may be done with the result
	Mode     string          `json:"mode"`
	Learns   string          `json:"learns"`
	Max      Sizes           `json:"max"`  // the largest set of each side
	Pad      Sizes           `json:"pad"`  // the size to which a side fills its set up with decoys; 0: it does not
	Runs     int             `json:"runs"` // at most so many runs
	Days     int             `json:"days"` // in any so many days
	Until    time.Time       `json:"until"`
	Proposed time.Time       `json:"proposed"` // when this round was written
}

// Sizes is a number for each side.
type Sizes struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// of gives a role's number, and the other's.
func (s Sizes) of(role string) (own, other int) {
	if role == Initiator {
		return s.From, s.To
	}
	return s.To, s.From
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
	termsVersion = 2
	// normalForms is the version that selector.Canonical binds into every item:
	// two sides with different ones would compare nothing.
	normalForms = 1
)

// Validate says what is wrong with terms, ours or theirs.
func (t Terms) Validate() error {
	switch {
	case t.Version != termsVersion:
		return fmt.Errorf("terms of version %d: this program knows version %d", t.Version, termsVersion)
	case t.Round < 1 || t.Round > maxRounds:
		return fmt.Errorf("terms of round %d: must be 1 to %d; decline these and propose anew", t.Round, maxRounds)
	case t.From == "" || t.To == "" || t.From == t.To:
		return errors.New("terms must name two different parties")
	case t.Forms != normalForms:
		return fmt.Errorf("terms compare selectors in normal forms of version %d: this program writes version %d", t.Forms, normalForms)
	case t.Purpose == "" || utf8.RuneCountInString(t.Purpose) > maxPurpose || !printable(t.Purpose):
		return fmt.Errorf("terms must state a purpose in at most %d readable characters", maxPurpose)
	}
	if err := oneOf("mode", t.Mode, ModeCount, ModeOverlap, ModePayload, ModeStanding); err != nil {
		return err
	}
	if err := oneOf("side that learns", t.Learns, LearnBoth, LearnProposer, LearnResponder); err != nil {
		return err
	}
	return errors.Join(t.validKinds(), t.validUses(), t.validSizes(), t.validTimes())
}

func oneOf(what, got string, known ...string) error {
	if !slices.Contains(known, got) {
		return fmt.Errorf("terms name the %s %.20q: must be one of %q", what, got, known)
	}
	return nil
}

func (t Terms) validKinds() error {
	if len(t.Kinds) == 0 {
		return errors.New("terms must name at least one kind of selector")
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

func (t Terms) validUses() error {
	if len(t.Uses) == 0 {
		return fmt.Errorf("terms must name what may be done with the result: one or more of %s", permit.Names())
	}
	for i, u := range t.Uses {
		if _, err := permit.Parse(string(u)); err != nil {
			return fmt.Errorf("terms: %w", err)
		}
		if slices.Contains(t.Uses[:i], u) {
			return fmt.Errorf("terms name the use %q twice", string(u))
		}
	}
	return nil
}

// validSizes holds each side's set to what its kinds allow: of a kind with few
// values nobody may ask about a thousandth at once.
func (t Terms) validSizes() error {
	for _, role := range []string{Initiator, Responder} {
		n, _ := t.Max.of(role)
		if t.holds(role) {
			if n < 1 || n > MaxList {
				return fmt.Errorf("terms allow a list of %d: must be 1 to %d", n, MaxList)
			}
			continue
		}
		if n < 1 || n > MaxItems {
			return fmt.Errorf("terms allow sets of %d: must be 1 to %d", n, MaxItems)
		}
		for _, k := range t.Kinds {
			if most := selector.SpaceOf(k).Cap(MaxItems); n > most {
				return fmt.Errorf("terms allow sets of %d: with %s, of which there are few, at most %d", n, k, most)
			}
		}
	}
	if t.Pad.From < 0 || t.Pad.From > t.Max.From || t.Pad.To < 0 || t.Pad.To > t.Max.To {
		return fmt.Errorf("terms fill sets up to %d and %d, and allow %d and %d", t.Pad.From, t.Pad.To, t.Max.From, t.Max.To)
	}
	return nil
}

func (t Terms) validTimes() error {
	switch {
	case t.Runs < 1 || t.Runs > maxRuns:
		return fmt.Errorf("terms allow %d runs: must be 1 to %d", t.Runs, maxRuns)
	case t.Days < 1 || t.Days > maxDays:
		return fmt.Errorf("terms count runs over %d days: must be 1 to %d", t.Days, maxDays)
	case !plainTime(t.Proposed) || !plainTime(t.Until):
		return errors.New("terms must give times in whole seconds of UTC")
	case !t.Until.After(t.Proposed) || t.Until.After(t.Proposed.Add(maxDays*day)):
		return fmt.Errorf("terms hold until %s: must be after they are proposed, by at most %d days", t.Until.Format(time.DateOnly), maxDays)
	}
	return nil
}

func plainTime(t time.Time) bool { return t.Location() == time.UTC && t.Nanosecond() == 0 }

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
