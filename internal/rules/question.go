package rules

import (
	"time"

	"parley/internal/permit"
	"parley/stix"
	"parley/stix/marking"
)

// Object is one of our objects that a release would draw on.
type Object struct {
	ID      stix.ID
	Type    string // of STIX, or "warning"
	Report  bool   // it is the report that is released
	Ours    bool   // nobody gave it to us over a channel or at the exchange
	GivenBy string // the counterpart that gave it; empty for ours
	Labels  []string
	Use     permit.Use // what its giver permits; empty for ours
	Marked  *Marked    // nil for no markings

	// Consented are the uses for which its giver consented to its being passed on. Where there are any, they
	// stand in the place of Use and of the uses in the words of its markings.
	Consented []permit.Use
}

// Marked is what markings ask together. Make it once for all objects with the same markings.
type Marked struct {
	markings []marking.Marking
	foreign  []bool // of each of them, whether it says in words of others what it asks
	whole    marking.Whole
	uses     []permit.Use // in the words of statements
}

// Mark puts markings together.
func Mark(all ...marking.Marking) *Marked {
	m := &Marked{markings: all, whole: marking.Strictest(all...)}
	for _, one := range all {
		u, ours := permit.Use(""), one.Statement == ""
		if !ours {
			if u, ours = permit.ParseStatement(one.Statement); ours {
				m.uses = append(m.uses, u)
			}
		}
		m.foreign = append(m.foreign, !ours)
	}
	return m
}

// Counterpart is who it would go to.
type Counterpart struct {
	Name       string
	Verified   bool // the spoken fingerprint was compared
	Consumer   bool // it reads at the exchange, and has no channel
	Assurances []Assurance
}

// Assurance is an undertaking that a counterpart has given.
type Assurance struct {
	Undertaking string
	From, Until time.Time // Until is zero for no end; at that moment it is over
}

// Holds tells whether the assurance holds at a moment.
func (a Assurance) Holds(at time.Time) bool {
	return !at.Before(a.From) && (a.Until.IsZero() || at.Before(a.Until))
}

// Purpose is what it would go for, and as what.
type Purpose struct {
	Use        permit.Use
	TLP        marking.TLP // the label of what goes
	Collection string      // where a consumer reads it; empty for the channel
	Match      bool        // it discloses what a match showed
	Disclosed  int         // selectors that no match showed
	Emergency  bool        // a warning that one person sends
}
