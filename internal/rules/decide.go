package rules

import (
	"fmt"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"
)

// What decides when no rule does.
const (
	ByMarking = "marking" // what the object is marked with
	ByNothing = "no rule" // nothing allows it
)

// Decision is what the rules say of one object.
type Decision struct {
	Allowed bool     `json:"allowed"`
	By      []string `json:"by"`              // rules by name, ByMarking or ByNothing
	Place   string   `json:"place,omitempty"` // of the first of them, file and line
	Reason  string   `json:"reason"`          // a sentence that names them and where they stand
}

// Sitting is a counterpart, a purpose and a moment, about which objects are asked for. It serves one
// goroutine at a time.
type Sitting struct {
	set     *Set
	facts   facts
	frame   activation
	decided map[likeness]Decision
	weighed map[weighable]weighed
}

// For begins a sitting.
func (s *Set) For(to Counterpart, why Purpose, at time.Time) *Sitting {
	sit := &Sitting{
		set: s, facts: facts{object: &Object{}, marked: unmarked, counterpart: &to, party: s.parties[to.Name], purpose: &why, at: at},
		decided: map[likeness]Decision{}, weighed: map[weighable]weighed{},
	}
	f := &sit.facts
	f.iep, f.acs = f.of("exchange_policy"), f.of("access_marking")
	sit.frame = activation{f.of("object"), f.of("marking"), f.of("counterpart"), f.of("purpose"), types.Timestamp{Time: at}}
	return sit
}

// unmarked is what no marking asks.
var unmarked = Mark()

// Decide says whether an object may go. It never fails: an expression that cannot be worked out allows
// nothing, and denies. Objects that are alike in all that the rules look at are decided on once.
func (s *Sitting) Decide(o Object) Decision {
	var d Decision
	if s.set.byID { // no two are alike
		d = s.decide(o)
	} else {
		like, known := likenessOf(o), false
		if d, known = s.decided[like]; !known {
			if d = s.decide(o); len(s.decided) < maxDecided {
				s.decided[like] = d
			}
		}
	}
	if !d.Allowed {
		d.Reason = subject(o) + " stays: " + d.Reason
	}
	return d
}

func (s *Sitting) decide(o Object) Decision {
	*s.facts.object = o
	if s.facts.marked = o.Marked; o.Marked == nil {
		s.facts.marked = unmarked
	}
	w := s.weigh()
	if why := s.marked(o, w); len(why) > 0 {
		return Decision{By: []string{ByMarking}, Reason: strings.Join(why, "; ")}
	}
	if d, denied := s.denied(w); denied {
		return d
	}
	for _, c := range s.set.allow {
		if holds, _ := s.eval(c.program); holds {
			return Decision{Allowed: true, By: c.by, Place: c.Place, Reason: c.reason}
		}
	}
	return Decision{By: []string{ByNothing}, Reason: s.unallowed()}
}

// weighable is what the weight of markings rests on in one sitting.
type weighable struct {
	marked    *Marked
	consented bool
}

// weighed is what a set of markings comes to, for all objects that have it.
type weighed struct {
	refuses []string // clauses; then nothing else of it was looked at
	denies  bool     // a rule that looks at markings alone may deny
}

// weigh looks at the markings of the object that is asked about, once for each set of them.
func (s *Sitting) weigh() weighed {
	like := weighable{s.facts.marked, len(s.facts.object.Consented) > 0}
	w, known := s.weighed[like]
	if known {
		return w
	}
	if w.refuses = s.refusals(); len(w.refuses) == 0 {
		w.denies = s.may(s.set.deniesMarking)
	}
	if len(s.weighed) < maxDecided {
		s.weighed[like] = w
	}
	return w
}

// may asks whether one of several rules may deny.
func (s *Sitting) may(p cel.Program) bool {
	if p == nil {
		return false
	}
	holds, err := s.eval(p)
	return holds || err != nil
}

// denied asks every rule that denies: whoever mends a release wants to know all that stands in its way.
func (s *Sitting) denied(w weighed) (Decision, bool) {
	var d Decision
	if !w.denies && !s.may(s.set.deniesObject) { // which most objects pass
		return d, false
	}
	var says []string
	for _, c := range s.set.deny {
		holds, err := s.eval(c.program)
		if !holds && err == nil {
			continue
		}
		if d.By = append(d.By, c.Name); d.Place == "" {
			d.Place = c.Place
		}
		if err != nil {
			says = append(says, fmt.Sprintf("rule %s (%s) cannot be worked out, and so denies: %v", c.Name, c.Place, err))
			continue
		}
		says = append(says, c.reason)
	}
	if len(says) == 0 {
		return d, false
	}
	d.Reason = strings.Join(says, "; ")
	return d, true
}

// unallowed says that nothing allows it, and which assurances that a rule asks for are missing.
func (s *Sitting) unallowed() string {
	says := []string{fmt.Sprintf("no rule in %s allows it", s.set.Name)}
	for _, c := range s.set.allow {
		for _, undertaking := range c.assurers {
			if why := s.lacks(undertaking); why != "" {
				says = append(says, fmt.Sprintf("rule %s (%s) would ask for an assurance, and %s", c.Name, c.Place, why))
			}
		}
	}
	return strings.Join(says, "; ")
}

// lacks says how a counterpart's assurance is wanting, or "".
func (s *Sitting) lacks(undertaking string) string {
	f := &s.facts
	if f.assured(undertaking) {
		return ""
	}
	why := fmt.Sprintf("%s has given none of %s", f.counterpart.Name, undertaking)
	for _, a := range f.counterpart.Assurances {
		if a.Undertaking != undertaking {
			continue
		}
		if f.at.Before(a.From) {
			why = fmt.Sprintf("that of %s of %s holds only from %s", f.counterpart.Name, undertaking, day(a.From))
		} else {
			why = fmt.Sprintf("that of %s of %s ended on %s", f.counterpart.Name, undertaking, day(a.Until))
		}
	}
	return why
}

func day(t time.Time) string { return t.UTC().Format("2006-01-02") }

// subject names an object in a sentence.
func subject(o Object) string {
	if o.ID == "" {
		return o.Type
	}
	return string(o.ID)
}

// eval works an expression out.
func (s *Sitting) eval(p cel.Program) (bool, error) {
	v, _, err := p.Eval(&s.frame)
	return v == types.True, err
}

// activation gives expressions the values that they name.
type activation struct {
	object, marked, counterpart, purpose *whole
	now                                  ref.Val
}

// ResolveName gives the value of a name.
func (a *activation) ResolveName(name string) (any, bool) {
	switch name {
	case "object":
		return a.object, true
	case "marking":
		return a.marked, true
	case "counterpart":
		return a.counterpart, true
	case "purpose":
		return a.purpose, true
	case "now":
		return a.now, true
	}
	return nil, false
}

// Parent is nil: there are no other names.
func (a *activation) Parent() interpreter.Activation { return nil }
