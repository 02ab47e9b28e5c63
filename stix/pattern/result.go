package pattern

import (
	"cmp"
	"slices"
)

// Result is the verdict of a match.
type Result struct {
	Matched bool
	// Bindings say which observations make the pattern true: one way of it where there are several,
	// early observations first. Empty if it does not match.
	Bindings []Binding
	// Doubts are values that could not be read as the pattern reads them. The verdict stands, by the
	// rule of section 9.6.1 that values of another type make a comparison false and != true. At most
	// 100 are given.
	Doubts []Doubt
}

// Binding binds a single observation expression of the pattern to an observation.
type Binding struct {
	Expression  *Single
	Observation int // its index
	Times       int // how many of its number_observed are bound
}

// Doubt is a value of an observation that is malformed for what it is compared with.
type Doubt struct {
	Observation int // its index
	Property    string
	Problem     string // a sentence's beginning: "…" is compared with a timestamp and is none
}

// Observations gives the indexes of the observations that are bound, each once, in ascending order.
func (r Result) Observations() []int {
	var all []int
	for _, b := range r.Bindings {
		all = append(all, b.Observation)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// bindings gives what was granted, in the order of the text and then of the observations.
func (m *Matcher) bindings(granted map[int][]grant) []Binding {
	var all []Binding
	for observation, grants := range granted {
		for _, g := range grants {
			if g.times > 0 {
				all = append(all, Binding{g.candidate.expression, observation, g.times})
			}
		}
	}
	slices.SortFunc(all, func(a, b Binding) int {
		return cmp.Or(cmp.Compare(m.tests[a.Expression].order, m.tests[b.Expression].order), cmp.Compare(a.Observation, b.Observation))
	})
	merged := all[:0]
	for _, b := range all {
		if n := len(merged); n > 0 && merged[n-1].Expression == b.Expression && merged[n-1].Observation == b.Observation {
			merged[n-1].Times += b.Times
			continue
		}
		merged = append(merged, b)
	}
	return merged
}
