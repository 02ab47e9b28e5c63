package warning

import (
	"fmt"
	"slices"
	"time"

	"parley/selector"
	"parley/stix"
)

// Warning is a duty to tell somebody something. ID, Subject, Basis and Protocol are fixed by its
// first event; Text and Recipient may be edited until they are cleared; the rest changes by
// [Warning.Apply].
type Warning struct {
	ID        string  `json:"-"`       // a STIX report id, for [Warning.Report]
	Subject   string  `json:"subject"` // one line: who or what is threatened
	Basis     Basis   `json:"basis"`
	Imminent  bool    `json:"imminent,omitempty"`
	Protocol  string  `json:"protocol,omitempty"` // the arrangement it is told under, by its name
	Text      string  `json:"text,omitempty"`     // exactly what the recipient is told
	Recipient string  `json:"recipient,omitempty"`
	Log       []Event `json:"log"`
}

// Basis is what a warning rests on. It never leaves the node.
type Basis struct {
	Objects   []stix.ID           `json:"objects,omitempty"`
	Selectors []selector.Selector `json:"selectors,omitempty"`
	Where     []string            `json:"where,omitempty"` // where the selectors were seen
}

// Event is one step of a warning, taken by somebody with a name.
type Event struct {
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
	From   State     `json:"from,omitempty"` // the state that the actor saw; "" for the first event
	To     State     `json:"to"`
	Reason string    `json:"reason,omitempty"` // a [Waiver] code for a waiver, else in words
	Detail Detail    `json:"detail,omitzero"`
	Sum    string    `json:"sum"` // set by Apply: see [Warning.Verify]
}

// Detail is what some steps must say beside the reason.
type Detail struct {
	Decision  Decision  `json:"decision,omitempty"`  // decided: warn or refer
	Imminent  *bool     `json:"imminent,omitempty"`  // any step: changes the clock; set by Apply on the first
	Officer   string    `json:"officer,omitempty"`   // waived: the senior officer who answers for it
	Review    time.Time `json:"review,omitzero"`     // waived: when it is looked at again
	Text      string    `json:"text,omitempty"`      // cleared: set by Apply to the exact text
	Recipient string    `json:"recipient,omitempty"` // cleared: set by Apply
	Release   string    `json:"release,omitempty"`   // cleared: the release that cleared it
	Consents  []string  `json:"consents,omitempty"`  // cleared: the originators who agreed
	Channel   string    `json:"channel,omitempty"`   // sending: by which way
	Receipt   string    `json:"receipt,omitempty"`   // delivered, acknowledged
	Partners  []string  `json:"partners,omitempty"`  // any step: who else was told
	Other     string    `json:"other,omitempty"`     // duplicate: the id of the other warning
}

// State returns where the warning stands; "" before its first event.
func (w Warning) State() State {
	if len(w.Log) == 0 {
		return ""
	}
	return w.Log[len(w.Log)-1].To
}

// Next returns the states that may follow the present one.
func (w Warning) Next() []State { return w.State().next() }

// Apply takes one step. What the state machine or the step's own rules do not allow is refused with
// a [Refusal], and nothing changes.
func (w *Warning) Apply(ev Event) error {
	ev.At, ev.Detail.Review = plain(ev.At), plain(ev.Detail.Review)
	if err := w.refuse(ev); err != nil {
		return err
	}
	if ev.To == Cleared {
		ev.Detail.Text, ev.Detail.Recipient = w.Text, w.Recipient
	}
	if len(w.Log) == 0 {
		imminent := w.Imminent
		ev.Detail.Imminent = &imminent
	}
	sum, err := w.sum(ev)
	if err != nil {
		return fmt.Errorf("record %s of warning %s: %w", ev.To, w.ID, err)
	}
	ev.Sum = sum
	if ev.Detail.Imminent != nil {
		w.Imminent = *ev.Detail.Imminent
	}
	w.Log = append(slices.Clip(w.Log), ev)
	return nil
}

// plain returns t in UTC without a monotonic reading, as it is read back from a record.
func plain(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Round(0)
}

// last returns the newest event to a state, or false.
func (w Warning) last(to State) (Event, bool) {
	for _, ev := range slices.Backward(w.Log) {
		if ev.To == to {
			return ev, true
		}
	}
	return Event{}, false
}
