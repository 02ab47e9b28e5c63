package warning

import "slices"

// State is where a warning stands.
type State string

// The states, along the way and beside it.
const (
	Candidate    State = "candidate"    // raised, looked at by nobody
	Screened     State = "screened"     // credible, specific and impending
	Decided      State = "decided"      // to warn, or to refer to somebody who will
	Cleared      State = "cleared"      // this exact text may go to this recipient
	Sending      State = "sending"      // on its way
	Delivered    State = "delivered"    // arrived
	Acknowledged State = "acknowledged" // the recipient has said so
	Closed       State = "closed"       // nothing more to do

	Waived        State = "waived"        // not to be told, for a listed reason, until a review
	Duplicate     State = "duplicate"     // another warning tells it
	NotCredible   State = "not-credible"  // not credible, not specific or not impending
	Undeliverable State = "undeliverable" // did not arrive; the duty stands
	Reopened      State = "reopened"      // as a candidate, again
)

// States lists every state. The slice is the caller's own.
func States() []State {
	return []State{
		Candidate, Screened, Decided, Cleared, Sending, Delivered, Acknowledged, Closed,
		Waived, Duplicate, NotCredible, Undeliverable, Reopened,
	}
}

// next returns the states that may follow. Nothing undelivered can be closed, except what was
// waived, not credible or a duplicate: closing it in silence would be a waiver without a reason.
func (s State) next() []State {
	switch s {
	case "":
		return []State{Candidate}
	case Candidate, Reopened:
		return []State{Screened, NotCredible, Duplicate}
	case Screened:
		return []State{Decided, Waived, NotCredible, Duplicate}
	case Decided:
		return []State{Cleared, Waived, Duplicate}
	case Cleared: // back to decided, to clear another text
		return []State{Sending, Decided, Waived}
	case Sending:
		return []State{Delivered, Undeliverable}
	case Undeliverable: // again, by another way; or to somebody else
		return []State{Sending, Decided, Waived}
	case Delivered:
		return []State{Acknowledged, Closed}
	case Acknowledged:
		return []State{Closed}
	case Waived: // reviewed and waived again, or not
		return []State{Waived, Reopened, Closed}
	case Duplicate, NotCredible:
		return []State{Reopened, Closed}
	case Closed:
		return []State{Reopened}
	}
	return nil
}

// May tells whether a warning may go from s to another state.
func (s State) May(to State) bool { return slices.Contains(s.next(), to) }

// Decision is what was decided on a screened warning. To waive is a state of its own.
type Decision string

// The decisions.
const (
	Warn  Decision = "warn"
	Refer Decision = "refer" // to an authority that will warn: cleared and delivered all the same
)

// Waiver is a reason code for not telling somebody.
type Waiver string

// The reasons for a waiver that ICD 191 knows.
const (
	SourcesMethods  Waiver = "sources-methods-operations"    // telling would endanger sources, methods or operations
	ViolentSubject  Waiver = "terrorist-or-violent-criminal" // the intended victim is one
	Insurgent       Waiver = "insurgency-participant"        // at risk only through taking part in an insurgency
	AlreadyAware    Waiver = "already-aware"                 // the intended victim knows
	ForeignLiaison  Waiver = "foreign-liaison"               // telling would endanger a foreign service or its people
	NoReasonableWay Waiver = "no-reasonable-way"             // there is no way to reach the intended victim
)

// Waivers lists every reason for a waiver. The slice is the caller's own.
func Waivers() []Waiver {
	return []Waiver{SourcesMethods, ViolentSubject, Insurgent, AlreadyAware, ForeignLiaison, NoReasonableWay}
}
