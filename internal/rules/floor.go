package rules

import (
	"fmt"
	"slices"
	"strings"

	"parley/stix/marking"
)

// marked says what the markings of an object, and who gave it, have against its going, as clauses. No rule
// is asked before, and none lifts it.
func (s *Sitting) marked(o Object, w weighed) (why []string) {
	why = append(why, w.refuses...)
	why = append(why, s.otherUse(o)...)
	return append(why, tooMuch(o.Labels)...)
}

// refusals says what a set of markings has against the going of any object.
func (s *Sitting) refusals() (why []string) {
	to := s.facts.party.Recipient
	for i, m := range s.facts.marked.markings {
		if clause := m.Refuses(to, s.facts.at); clause != "" {
			why = append(why, named(m)+" "+clause)
		} else if clause := s.words(m, s.facts.marked.foreign[i]); clause != "" {
			why = append(why, named(m)+" "+clause)
		}
	}
	w := &s.facts.marked.whole
	if s.facts.purpose.TLP.Wider(w.TLP) {
		why = append(why, fmt.Sprintf("it is marked TLP:%s, and the release would be TLP:%s, which is wider",
			strings.ToUpper(string(w.TLP)), strings.ToUpper(string(s.facts.purpose.TLP))))
	}
	return append(why, tooMuch(w.Statements, w.Determinations, w.Caveats, w.Sensitivities)...)
}

// otherUse refuses what was given for another use, unless its giver consented to this one. What goes back to
// whoever gave it is free.
func (s *Sitting) otherUse(o Object) (why []string) {
	if o.GivenBy != "" && o.GivenBy == s.facts.counterpart.Name {
		return nil
	}
	use, given := string(s.facts.purpose.Use), s.facts.uses()
	if len(o.Consented) > 0 {
		if slices.Contains(given, use) {
			return nil
		}
		return []string{fmt.Sprintf("its giver consented to %s, and the release is for %s", strings.Join(given, " and "), use)}
	}
	for _, u := range given {
		if u != use {
			why = append(why, fmt.Sprintf("it was given for %s, and the release is for %s", u, use))
		}
	}
	return why
}

// words refuses what only a person can weigh, until a file of rules accepts it by the marking's id; and what
// its originator controls, until the originator consents.
func (s *Sitting) words(m marking.Marking, foreign bool) string {
	_, accepted := s.set.accepted[m.ID]
	switch {
	case foreign && !accepted:
		return fmt.Sprintf("says in words what only a person can weigh (%s): where it stands in nobody's way, accept it in the rules", cut(m.Statement))
	case m.Handling != nil && m.Handling.OriginatorControl && len(s.facts.object.Consented) == 0:
		return "keeps it to the originator's consent, and there is none: whoever gave it over a channel can be asked with --pass-on"
	}
	return ""
}

// tooMuch refuses an object with more than rules can look through.
func tooMuch(lists ...[]string) (why []string) {
	for _, l := range lists {
		if len(l) > maxList {
			return []string{fmt.Sprintf("it has a list of %d labels or markings, and rules look at %d", len(l), maxList)}
		}
		for _, text := range l {
			if len(text) > maxText {
				return []string{fmt.Sprintf("a label or marking of it has %d bytes, and rules look at %d", len(text), maxText)}
			}
		}
	}
	return nil
}

func named(m marking.Marking) string {
	if m.ID == "" {
		return "a marking"
	}
	return string(m.ID)
}

// cut is the beginning of a stranger's words.
func cut(text string) string {
	const most = 80
	if r := []rune(text); len(r) > most {
		text = string(r[:most-1]) + "…"
	}
	return fmt.Sprintf("%q", text)
}
