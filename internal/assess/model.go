package assess

import (
	"parley/stix"
)

// Head is what a note or identity says of itself, beside the extension.
type Head struct {
	ID       stix.ID        // chosen by the caller
	By       stix.ID        // the identity that wrote it, created_by_ref; may be ""
	Created  stix.Timestamp // at least milliseconds
	Modified stix.Timestamp // zero: the same as Created
	Text     string         // a note's content, readable by itself; an identity's name
	About    []stix.ID      // a note's object_refs; not used for identities
}

// Role says what a note with the claim extension is.
type Role string

// The roles.
const (
	Proposition Role = "proposition" // a sentence that may be true, on an incident or an actor
	Claimed     Role = "claim"       // somebody's stance on a proposition
	Assumption  Role = "assumption"  // taken as given by a judgement; never counted
)

// Stance is what a claimant says of a proposition.
type Stance string

// The stances.
const (
	Asserts   Stance = "asserts"
	Denies    Stance = "denies"
	NoComment Stance = "no-comment"
	Partly    Stance = "partly"   // bears out some of it: shown, not counted as an origin
	Retracts  Stance = "retracts" // takes back what the same claimant asserted or denied before
)

// Claim is a proposition, somebody's stance on one, or an assumption.
type Claim struct {
	Head           `json:"-"`
	Role           Role           `json:"role"`
	PropositionRef stix.ID        `json:"proposition_ref,omitempty"` // a note with the role proposition
	Stance         Stance         `json:"stance,omitempty"`
	Claimant       stix.ID        `json:"claimant_ref,omitempty"` // the identity whose stance it is
	SaidAt         stix.Timestamp `json:"said_at,omitzero"`
	Chain          []Hop          `json:"chain,omitempty"` // from the origin, first, to whoever told us, last
	Grade          Grade          `json:"grade,omitzero"`
	Quantity       *Quantity      `json:"quantity,omitempty"`
	DerivedFrom    []stix.ID      `json:"derived_from,omitempty"` // the claims that it repeats
}

// Hop is one hand a claim went through.
type Hop struct {
	Who    stix.ID        `json:"who,omitempty"` // an identity; "" when nobody can name it
	How    string         `json:"how,omitempty"` // "told", "published", "intercepted"
	When   stix.Timestamp `json:"when,omitzero"`
	Letter Letter         `json:"letter,omitempty"` // "": the identity's letter at the time
}

// Letter is the reliability of a source in the Admiralty code: A (completely reliable) to E
// (unreliable); F says that it cannot be judged. F is unknown, not worst.
type Letter string

// Unknown is the letter of a source that cannot be judged.
const Unknown Letter = "F"

// UnknownCredibility is the figure of information whose truth cannot be judged.
const UnknownCredibility = 6

// Grade is an Admiralty grade: source and information, rated apart.
type Grade struct {
	Reliability Letter         `json:"reliability,omitempty"` // A … F
	Credibility int            `json:"credibility,omitempty"` // 1 (confirmed) … 5 (improbable), 6 unknown; 0: not graded
	Grader      stix.ID        `json:"grader,omitempty"`
	When        stix.Timestamp `json:"when,omitzero"`
	Why         string         `json:"why,omitempty"`
}

// String returns the grade as written: "B2", "F-" where half of it is not graded, or "".
func (g Grade) String() string {
	if g.Reliability == "" && g.Credibility == 0 {
		return ""
	}
	letter, figure := string(g.Reliability), "-"
	if letter == "" {
		letter = "-"
	}
	if g.Credibility > 0 {
		figure = string(rune('0' + g.Credibility))
	}
	return letter + figure
}

// Access is how a source knows.
type Access string

// The ways of knowing.
const (
	FirstHand Access = "first-hand"
	Hearsay   Access = "hearsay" // the origin stands behind it, and is not known
	Document  Access = "document"
	Device    Access = "device"
	Intercept Access = "intercept"
)

// Source is what an identity is worth as a source.
type Source struct {
	Head               `json:"-"`
	Class              string    `json:"class,omitempty"`     // "state", "movement", "media", "official", "witness"; open
	Anonymous          bool      `json:"anonymous,omitempty"` // we do not know who it is
	Access             Access    `json:"access,omitempty"`
	Interested         *bool     `json:"interested,omitempty"` // whether it gains by being believed; absent: not known
	Interest           string    `json:"interest,omitempty"`
	Reliability        []Rating  `json:"reliability,omitempty"` // oldest first
	Descriptor         string    `json:"descriptor,omitempty"`  // after ICD 206: access, bias, record, age
	MayShareOriginWith []stix.ID `json:"may_share_origin_with,omitempty"`
}

// Rating is a source's letter from a day on.
type Rating struct {
	Letter Letter         `json:"letter"`
	Since  stix.Timestamp `json:"since,omitzero"` // zero: from the beginning
	Grader stix.ID        `json:"grader,omitempty"`
	Why    string         `json:"why,omitempty"`
}

// Judgement is one analyst's estimate of a proposition: likelihood as a pair, confidence apart.
type Judgement struct {
	Head           `json:"-"`
	PropositionRef stix.ID     `json:"proposition_ref"`
	Low            float64     `json:"low"`                  // percent
	High           float64     `json:"high"`                 // percent
	Words          string      `json:"words,omitempty"`      // as written: "plausible"
	Confidence     Confidence  `json:"confidence,omitempty"` // in the judgement, not its likelihood
	Alternatives   []string    `json:"alternatives,omitempty"`
	Assumptions    []stix.ID   `json:"assumption_refs,omitempty"`
	WouldChange    string      `json:"would_change,omitempty"`
	Supersedes     []stix.ID   `json:"supersedes,omitempty"` // judgements that no longer stand
	Override       *Override   `json:"override,omitempty"`
	Resolution     *Resolution `json:"resolution,omitempty"`
}

// Confidence is how well founded a judgement is.
type Confidence string

// The confidences of ICD 203.
const (
	Low      Confidence = "low"
	Moderate Confidence = "moderate"
	High     Confidence = "high"
)

// Override replaces a computed status. The computed one stays on show.
type Override struct {
	Status Status         `json:"status"`
	By     stix.ID        `json:"by"`
	At     stix.Timestamp `json:"at"`
	Why    string         `json:"why"`
}

// Resolution says how a judgement will be found right or wrong.
type Resolution struct {
	Test    string         `json:"test"`
	Due     stix.Timestamp `json:"due,omitzero"`
	Outcome *bool          `json:"outcome,omitempty"` // absent until known
}
