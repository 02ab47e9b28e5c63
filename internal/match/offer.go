package match

import (
	"time"

	"parley/internal/permit"
	"parley/selector"
)

// Offer is what a person asks for when proposing a match or answering with
// other terms. What is left at its zero is as usual, or as it stands.
type Offer struct {
	Kinds     []selector.Kind // as usual: those that cannot be guessed
	Purpose   string
	Uses      []permit.Use // as usual: investigation-lead
	Mode      string       // as usual: overlap
	Learns    string       // as usual: both
	MaxItems  int          // the largest set of both sides
	MaxOurs   int          // of ours alone
	MaxTheirs int          // of theirs alone
	PadOurs   *int         // fill our set up to so many with decoys; nil: as it stands, or not
	PadTheirs *int         // and theirs
	Runs      int          // as usual: 1
	Days      int          // as usual: 30
	Until     time.Time    // as usual: 30 days from now
	Evidence  int64        // only selectors of this evidence take part on our side; 0: all of ours
	Note      string       // goes with every selector of ours, for who holds it as well
	Hold      bool         // stop after the count until a person goes on
}

const usualMax = 10_000

// usual are the terms of an offer that says nothing. Sets are as large as the
// usual budget bears for every run.
func usual(kinds []selector.Kind, runs int, now time.Time) Terms {
	if len(kinds) == 0 {
		kinds = selector.Unguessable()
	}
	most := usualMax
	for _, k := range kinds {
		most = min(most, usualBudget(k).Items/max(runs, 1))
	}
	return Terms{
		Version: termsVersion, Round: 1, Forms: normalForms, Kinds: kinds, Uses: []permit.Use{permit.InvestigationLead},
		Mode: ModeOverlap, Learns: LearnBoth, Max: Sizes{most, most}, Runs: 1, Days: 30, Until: now.Add(30 * day), Proposed: now,
	}
}

// onto gives the terms with what the offer asks for, seen from one side.
func (o Offer) onto(t Terms, role string) Terms {
	own, other := &t.Max.From, &t.Max.To
	ourPad, theirPad := &t.Pad.From, &t.Pad.To
	if role == Responder {
		own, other, ourPad, theirPad = other, own, theirPad, ourPad
	}
	set(own, o.MaxItems)
	set(other, o.MaxItems)
	set(own, o.MaxOurs)
	set(other, o.MaxTheirs)
	set(&t.Purpose, o.Purpose)
	set(&t.Mode, o.Mode)
	set(&t.Learns, o.Learns)
	set(&t.Runs, o.Runs)
	set(&t.Days, o.Days)
	set(&t.Until, o.Until.UTC().Truncate(time.Second))
	if len(o.Kinds) > 0 {
		t.Kinds = o.Kinds
	}
	if len(o.Uses) > 0 {
		t.Uses = o.Uses
	}
	if o.PadOurs != nil {
		*ourPad = *o.PadOurs
	}
	if o.PadTheirs != nil {
		*theirPad = *o.PadTheirs
	}
	return t
}

// set changes a clause that the offer says something about.
func set[T comparable](clause *T, asked T) {
	var nothing T
	if asked != nothing {
		*clause = asked
	}
}
