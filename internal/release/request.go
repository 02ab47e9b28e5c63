package release

import (
	"fmt"
	"io"
	"slices"
	"time"
	"unicode/utf8"

	"parley/selector"
	"parley/stix"
)

// Request is one release as the analyst asks for it. Everything in it stays on the node except the
// analyst's words, the cleared selectors that occur, the label, the use and the grade.
type Request struct {
	Counterpart  string // whom it is for; never written into the bundle
	Policy       Policy
	TLP          TLP
	PermittedUse Use

	// Cleared lists the selectors that may show: those a match found on both sides, and those the
	// analyst added. One that occurs nowhere in the report or the text is not written.
	Cleared []selector.Selector
	// Reasons says why a selector was added that no match showed. It is kept in the private record.
	Reasons map[selector.Selector]string

	// Withhold lists objects of the report that stay behind whatever the policy says, by original id.
	Withhold []stix.ID

	Title string            // the tearline's name; empty: "Tearline"
	Text  string            // the tearline's own description, in the analyst's words
	Words map[stix.ID]Words // the analyst's words for single objects, by their original ids
	Grade Grade             // Admiralty code of the source and the information
	// Pictures go with the tearline, drawn anew from their pixels.
	Pictures []Picture
	// SourceDescriptor says what kind of source it is and not which ("a service that moderates
	// messages"), as ICD 206 asks.
	SourceDescriptor string
	// Author is the pseudonym that this counterpart alone knows us by. The zero Author writes none.
	Author Author
	// Region is the ISO 3166 code for phone numbers that the report writes without a country.
	Region string
}

// Words are what the analyst calls one object.
type Words struct{ Name, Description string }

// Author is a pseudonymous identity, made once for a counterpart and used for no other.
type Author struct {
	ID    stix.ID // an identity's id, from stix.NewID
	Since time.Time
}

// Env is what a build takes from outside: randomness for the new ids, and the time.
type Env struct {
	Rand io.Reader
	Now  time.Time
}

// Tearline is a built release. Only Bundle is sent.
type Tearline struct {
	Bundle   []byte              // the bytes as sent, in RFC 8785 form
	Objects  []stix.Object       // the same objects, for showing
	Map      map[stix.ID]stix.ID // original id → new id: private, never sent
	Stripped []Stripped          // what stayed behind, and why: private, never sent
	Digest   [32]byte            // SHA-256 of Bundle; what a clearance is given for
}

// Stripped is one thing of the original that is not in the tearline as it was.
type Stripped struct {
	OriginalID stix.ID      `json:"original_id"`
	Type       string       `json:"type"`
	Path       string       `json:"path,omitempty"` // property; empty for a whole object
	Reason     string       `json:"reason"`         // one clause: "the policy allows no malware"
	Kind       StrippedKind `json:"kind"`
}

// StrippedKind says how much stayed behind.
type StrippedKind string

// The kinds: a whole object, a property, or a value that was replaced or coarsened.
const (
	StrippedObject   StrippedKind = "object"
	StrippedProperty StrippedKind = "property"
	StrippedValue    StrippedKind = "value"
)

func (r Request) validate() error {
	if err := r.Policy.Validate(); err != nil {
		return err
	}
	if !slices.Contains(r.Policy.TLPs, r.TLP) {
		return fmt.Errorf("policy %q does not allow TLP label %q; it allows %v", r.Policy.Name, r.TLP, r.Policy.TLPs)
	}
	if _, err := ParseUse(string(r.PermittedUse)); err != nil {
		return err
	}
	if err := r.Grade.validate(); err != nil {
		return err
	}
	if r.Text == "" {
		return fmt.Errorf("the tearline has no text: say in your own words what the counterpart needs to know")
	}
	if r.Author.ID != "" && (r.Author.ID.Type() != "identity" || !isRandom(r.Author.ID)) {
		return fmt.Errorf("author %s is not the random id of an identity; make one with stix.NewID", r.Author.ID)
	}
	if n := len(r.Pictures); n > r.Policy.MaxPictures {
		return fmt.Errorf("there are %d pictures and policy %q allows %d", n, r.Policy.Name, r.Policy.MaxPictures)
	}
	for _, c := range r.Cleared {
		if err := c.Validate(); err != nil {
			return fmt.Errorf("cleared selector: %w", err)
		}
	}
	return r.validateTexts()
}

func (r Request) validateTexts() error {
	texts := []string{r.Title, r.Text, r.SourceDescriptor}
	for _, w := range r.Words {
		texts = append(texts, w.Name, w.Description)
	}
	for _, text := range texts {
		if !utf8.ValidString(text) {
			return fmt.Errorf("a text of the tearline is not UTF-8; type it again")
		}
		if n := utf8.RuneCountInString(text); n > r.Policy.MaxText {
			return fmt.Errorf("a text of the tearline has %d characters and the policy allows %d; shorten it", n, r.Policy.MaxText)
		}
	}
	return nil
}

func (r Request) title() string {
	if r.Title == "" {
		return "Tearline"
	}
	return r.Title
}
