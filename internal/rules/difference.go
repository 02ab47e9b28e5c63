package rules

import (
	"maps"
	"reflect"
	"slices"
)

// Difference is one part of a file of rules that another file has otherwise, or not at all.
type Difference struct {
	What   string `json:"what"`   // such as "allow life-first"
	How    string `json:"how"`    // new, gone or changed
	Widens bool   `json:"widens"` // it may let something go that stayed before
	When   string `json:"when,omitempty"`
	Before string `json:"before,omitempty"` // the expression that it had
}

// Since lists in what a file differs from an older one, what widens first. A rule that allows widens when it is
// new or says something else; one that denies, when it is gone or says something else; a marking that is
// accepted and what is said of a party, whenever it is there. What two expressions mean is not compared, only
// whether they are the same but for their outline: the end of a line ends a comment, and a space in quotes counts.
func (s *Set) Since(old *Set) []Difference {
	all := append(s.rulesSince(old), s.othersSince(old)...)
	slices.SortStableFunc(all, func(a, b Difference) int {
		switch {
		case a.Widens == b.Widens:
			return 0
		case a.Widens:
			return -1
		}
		return 1
	})
	return all
}

func (s *Set) rulesSince(old *Set) (all []Difference) {
	find := func(in *Set, name string) (Rule, bool) {
		i := slices.IndexFunc(in.Rules, func(r Rule) bool { return r.Name == name })
		if i < 0 {
			return Rule{}, false
		}
		return in.Rules[i], true
	}
	for _, r := range s.Rules {
		switch was, known := find(old, r.Name); {
		case !known || was.Allows != r.Allows:
			all = append(all, Difference{What: r.title(), How: "new", Widens: r.Allows || known, When: r.When, Before: was.When})
		case was.meant != r.meant:
			all = append(all, Difference{What: r.title(), How: "changed", Widens: true, When: r.When, Before: was.When})
		}
	}
	for _, was := range old.Rules {
		if _, still := find(s, was.Name); !still {
			all = append(all, Difference{What: was.title(), How: "gone", Widens: !was.Allows, Before: was.When})
		}
	}
	return all
}

func (r Rule) title() string {
	if r.Allows {
		return "allow " + r.Name
	}
	return "deny " + r.Name
}

// othersSince compares the markings that are accepted and what is said of parties.
func (s *Set) othersSince(old *Set) (all []Difference) {
	for _, id := range slices.Sorted(maps.Keys(s.accepted)) {
		if _, known := old.accepted[id]; !known {
			all = append(all, Difference{What: "accept " + string(id), How: "new", Widens: true})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(old.accepted)) {
		if _, still := s.accepted[id]; !still {
			all = append(all, Difference{What: "accept " + string(id), How: "gone"})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.parties)) {
		switch was, known := old.parties[name]; {
		case !known:
			all = append(all, Difference{What: "party " + name, How: "new", Widens: true})
		case !reflect.DeepEqual(was, s.parties[name]):
			all = append(all, Difference{What: "party " + name, How: "changed", Widens: true})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(old.parties)) {
		if _, still := s.parties[name]; !still { // a rule may allow what is not in a group
			all = append(all, Difference{What: "party " + name, How: "gone", Widens: true})
		}
	}
	return all
}
