package marking

import (
	"fmt"
	"time"

	"parley/stix"
)

// Marking is what one marking definition asks.
type Marking struct {
	ID        stix.ID
	TLP       TLP       // of a TLP marking, or of an exchange policy
	PAP       PAP       // "" if it is no PAP marking
	IEP       *IEP      // nil if it is no exchange policy
	ACS       *ACS      // nil if it is no access control marking
	Handling  *Handling // nil if it has no such extension
	Statement string    // words, as they stand there
	Unknown   string    // why it is not understood, as a clause; "" if it is
}

// Recipient is who something is to go to, in the words of access control markings. What is not known
// of a recipient is empty, and whatever asks for it refuses.
type Recipient struct {
	Country       string   // GENC trigraph, such as DEU
	Organizations []string // as in appendix A of ACS 3.0a, such as USA.DHS
	Entities      []string // such as GOV
	Communities   []string // shareability, such as LE
}

// Refuses says why what is so marked does not go to a recipient at a moment, as a clause, or "". Labels
// of colour, permitted actions and words refuse nobody by themselves.
func (m Marking) Refuses(to Recipient, at time.Time) string {
	switch {
	case m.Unknown != "":
		return "is not understood: it " + m.Unknown
	case m.IEP != nil && m.IEP.refuses(at) != "":
		return m.IEP.refuses(at)
	case m.Handling != nil && at.Before(m.Handling.EmbargoUntil):
		return "puts it under embargo until " + m.Handling.EmbargoUntil.UTC().Format(time.RFC3339)
	case m.ACS != nil:
		return m.ACS.refuses(to, at)
	}
	return ""
}

// Of gives the markings of an object, those of its parts among them, in the order in which they stand
// there. Find gives the marking definition with an id, or false; the markings of TLP need none.
func Of(o stix.Object, find func(stix.ID) (stix.Object, bool)) []Marking {
	var all []Marking
	for _, id := range o.MarkingsWithin("") {
		all = append(all, one(id, find))
	}
	for _, m := range o.GranularMarkings() {
		if m.Ref == "" && m.Lang == "" {
			all = append(all, Marking{Unknown: "marks a part of the object and names no marking definition"})
		}
	}
	return all
}

func one(id stix.ID, find func(stix.ID) (stix.Object, bool)) Marking {
	if level, known := stix.TLPLevel(id); known {
		label, _ := ParseTLP(level)
		return Marking{ID: id, TLP: label}
	}
	o, held := find(id)
	switch {
	case !held:
		return Marking{ID: id, Unknown: "is referred to and not held"}
	case o.ID() != id:
		return Marking{ID: id, Unknown: fmt.Sprintf("was looked for, and %s was found", o.ID())}
	}
	return Parse(o)
}
