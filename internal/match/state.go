package match

import (
	"encoding/json"
	"fmt"
	"time"

	"parley/internal/store"
	"parley/psi"
)

// Roles of the two sides.
const (
	Initiator = "initiator"
	Responder = "responder"
)

// States of a match. Every state but the last five waits for the other side
// or for one of our people.
const (
	Proposed    = "proposed"    // our terms stand, no answer yet
	Offered     = "offered"     // their terms stand: one of us must accept, counter or decline
	Accepted    = "accepted"    // both agreed; the initiator may start
	Counting    = "counting"    // count messages are under way
	Counted     = "counted"     // the count is known; waits for the overlap or for a person
	Overlapping = "overlapping" // overlap messages are under way
	Standing    = "standing"    // of a standing list: both agreed, new selectors may be checked
	Checking    = "checking"    // of a check: the holder's answer is due
	Answering   = "answering"   // of a check: our answer is made, or on its way
	Done        = "done"
	Declined    = "declined"
	Withdrawn   = "withdrawn" // whoever offered took it back before it was answered
	Aborted     = "aborted"
	Refused     = "refused" // the other side broke the terms or the protocol
)

// Ended reports whether nothing more can happen in a state.
func Ended(state string) bool {
	return state == Done || state == Declined || state == Withdrawn || state == Aborted || state == Refused
}

// Progress is what a run has shown so far; it is kept with the match.
type Progress struct {
	OurKey     []byte           `json:"our_key,omitempty"`
	TheirKey   []byte           `json:"their_key,omitempty"`
	Evidence   int64            `json:"evidence,omitempty"` // only selectors of this evidence take part
	Note       string           `json:"note,omitempty"`     // what a person attached to every selector of ours
	OurSize    int              `json:"our_size"`
	TheirSize  int              `json:"their_size"`
	Count      int              `json:"count"`
	CountKnown bool             `json:"count_known"`
	Overlap    int              `json:"overlap"`
	Appeared   int              `json:"appeared,omitempty"` // of a check: of these, asked about before, and listed since
	Hold       bool             `json:"hold"`               // stop after the count until a person goes on
	Query      int64            `json:"query,omitempty"`    // the incoming message whose check is being answered
	Asked      int64            `json:"asked,omitempty"`    // the incoming message whose overlap query waits for that person
	Reason     string           `json:"reason,omitempty"`   // why it was declined, aborted or refused
	Alarm      string           `json:"alarm,omitempty"`    // something a person must look at
	Coming     *Coming          `json:"coming,omitempty"`   // a message that is not whole yet
	Going      *Coming          `json:"going,omitempty"`    // our messages that wait for credit
	Ending     bool             `json:"ending,omitempty"`   // the run is done once the rest of our last message is sent
	Flow       *Flow            `json:"flow,omitempty"`     // how far the count's messages or the overlap have come
	Over       string           `json:"over,omitempty"`     // why no more runs are made under the terms
	BytesOut   int64            `json:"bytes_out"`
	BytesIn    int64            `json:"bytes_in"`
	Steps      map[string]int64 `json:"steps,omitempty"` // microseconds of our own work, by phase
	Started    time.Time        `json:"started,omitzero"`
	Finished   time.Time        `json:"finished,omitzero"`
	Judgement
}

// flowed reports whether the overlap began.
func (p Progress) flowed() bool { return p.Flow != nil && p.Flow.Stage != stageCount }

// Matching is a match as this package sees it.
type Matching struct {
	store.Matching
	Terms    Terms
	Progress Progress
}

// Other is the party on the other side.
func (m Matching) Other() string {
	if m.Role == Responder {
		return m.Terms.From
	}
	return m.Terms.To
}

func load(row store.Matching) (Matching, error) {
	m := Matching{Matching: row}
	var err error
	if m.Terms, err = keptTerms(row.Terms); err != nil {
		return m, fmt.Errorf("read terms of match M%d: %w", row.ID, err)
	}
	if err := json.Unmarshal(row.Progress, &m.Progress); err != nil {
		return m, fmt.Errorf("read progress of match M%d: %w", row.ID, err)
	}
	return m, nil
}

// row gives what the store keeps. An ended match keeps no secret.
func (m Matching) row(now time.Time) (store.Matching, error) {
	progress, err := json.Marshal(m.Progress)
	if err != nil {
		return store.Matching{}, fmt.Errorf("write progress of match M%d: %w", m.ID, err)
	}
	r := m.Matching
	r.Progress, r.UpdatedAt = progress, now
	if Ended(m.State) {
		r.Secret = nil
	}
	return r, nil
}

// seed is the run's secret as psi wants it.
func (m Matching) seed() (psi.Seed, error) {
	var s psi.Seed
	if len(m.Secret) != len(s) {
		return s, fmt.Errorf("match M%d has no secret: the run has ended", m.ID)
	}
	copy(s[:], m.Secret)
	return s, nil
}
