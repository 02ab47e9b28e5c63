package pattern

import (
	"cmp"
	"slices"
)

// part is a piece of a pattern while observations are sought for it. Qualifiers are gone: START and
// STOP are in the candidates, REPEATS in times and in copies, and WITHIN is a part of its own.
type part struct {
	kind  partKind
	parts []*part

	candidates *candidates // of a single part
	times      int         // how many observations a single part needs
	width      instant     // of a window, from its first moment to its last

	// What the search has decided about this part, if it has.
	decided bool
	at      instant // when a window begins; the moment between the two sides of a sequence
	choice  int     // which of the alternatives
	// twin is an equal part before this one, whose decision never comes after this one's.
	twin *part
}

type partKind int

const (
	single      partKind = iota // so many observations of one set of candidates
	together                    // all parts
	alternative                 // one of the parts
	window                      // one part, within a span of time
	sequence                    // two parts, the second not before the first
)

// maxParts bounds how many copies REPEATS makes of an expression that needs copies.
const maxParts = 10_000

// part makes the part of an expression. between is what all START and STOP around it leave.
func (m *Matcher) part(s *search, e ObservationExpression, between interval) *part {
	switch e := e.(type) {
	case *Single:
		return &part{times: 1, candidates: newCandidates(m.candidatesOf(s, e, between))}
	case *Compound:
		parts := make([]*part, len(e.Operands))
		for i, operand := range e.Operands {
			parts[i] = m.part(s, operand, between)
		}
		return join(e.Operator, parts)
	case *Qualified:
		for _, q := range e.Qualifiers {
			if q, ok := q.(StartStop); ok {
				between = between.and(intervalOf(q))
			}
		}
		p := m.part(s, e.Operand, between)
		for _, q := range e.Qualifiers {
			switch q := q.(type) {
			case Within:
				p = m.within(p, span(q.Seconds))
			case Repeats:
				p = s.repeat(p, q.Times)
			}
		}
		return p
	}
	return impossible() // Compile lets nothing else pass
}

// interval is a span of time with both its ends.
type interval struct{ first, last instant }

// and gives what two intervals have in common. It ends before it begins if that is nothing.
func (i interval) and(j interval) interval {
	return interval{later(i.first, j.first), earlier(i.last, j.last)}
}

// intervalOf gives the moments from START to the last before STOP.
func intervalOf(q StartStop) interval {
	start, _ := parseInstant(string(q.Start))
	stop, _ := parseInstant(string(q.Stop))
	return interval{start, stop.minus(tick)}
}

// memorySteps is what keeping a candidate or a part costs, so that steps bound the memory as well.
const memorySteps = 50

// candidatesOf asks every observation.
func (m *Matcher) candidatesOf(s *search, e *Single, between interval) (all []candidate) {
	asked := m.tests[e]
	for i := range s.observations {
		if !s.run.spend(1) {
			return nil
		}
		o := &s.observations[i]
		seen := interval{instantOf(o.First), instantOf(o.Last)}.and(between)
		if !seen.last.before(seen.first) && s.passes(asked, i) && s.run.spend(memorySteps) {
			all = append(all, candidate{e, i, seen})
		}
	}
	return all
}

// passes tells whether an observation has an object for which a test is true.
func (s *search) passes(asked singleTest, i int) bool {
	s.run.at = i
	o := &s.observations[i]
	for _, typ := range asked.types {
		for _, object := range o.byType[typ] {
			if asked.test(s.run, o, object) {
				return true
			}
		}
	}
	return false
}

// join makes one part of several. Alternatives that need one observation each are one set of
// candidates.
func join(operator Operator, parts []*part) *part {
	one := func(p *part) bool { return p.kind == single && p.times == 1 }
	switch {
	case operator == And:
		return &part{kind: together, parts: parts}
	case operator == Or && !slices.ContainsFunc(parts, func(p *part) bool { return !one(p) }):
		var all []candidate
		for _, p := range parts {
			all = append(all, p.candidates.all...)
		}
		return &part{times: 1, candidates: newCandidates(all)}
	case operator == Or:
		return &part{kind: alternative, parts: parts}
	}
	whole := parts[0]
	for _, p := range parts[1:] {
		whole = &part{kind: sequence, parts: []*part{whole, p}}
	}
	return whole
}

// within puts a part into a window. One observation is within any.
func (m *Matcher) within(p *part, width instant) *part {
	if p.kind == single && p.times == 1 {
		return p
	}
	if m.options.HalfOpen {
		width = width.minus(tick)
	}
	return &part{kind: window, parts: []*part{p}, width: width}
}

// repeat makes a part that needs so many matches of another, each of other observations. Where
// nothing has to be decided about the part, it only needs more observations; else it needs copies.
func (s *search) repeat(p *part, times int) *part {
	size := p.size()
	switch {
	case times == 1:
		return p
	case !s.run.spend(size * memorySteps):
		return impossible()
	case p.fixed():
		return p.multiplied(times)
	case p.least() > s.number()/times: // there are not as many observations
		return impossible()
	case size > maxParts/times || !s.run.spend(size*times*memorySteps):
		s.run.exceeded = "REPEATS makes too many copies of a long expression"
		return impossible()
	}
	whole := &part{kind: together}
	var twin *part
	for range times {
		copied := p.copied()
		copied.twin, twin = twin, copied
		whole.parts = append(whole.parts, copied)
	}
	return whole
}

// impossible is a part that nothing matches.
func impossible() *part { return &part{times: 1, candidates: newCandidates(nil)} }

// fixed tells whether the search has nothing to decide about a part.
func (p *part) fixed() bool {
	if p.kind == together {
		return !slices.ContainsFunc(p.parts, func(p *part) bool { return !p.fixed() })
	}
	return p.kind == single
}

// multiplied gives a fixed part that needs more of everything.
func (p *part) multiplied(times int) *part {
	more := *p
	more.times = saturated(p.times, times)
	more.parts = nil
	for _, sub := range p.parts {
		more.parts = append(more.parts, sub.multiplied(times))
	}
	return &more
}

// saturated multiplies without passing what can be counted.
func saturated(a, b int) int {
	const most = 1 << 40
	if b > 0 && a > most/b {
		return most
	}
	return a * b
}

// copied gives a part of its own, which shares the candidates.
func (p *part) copied() *part {
	c := *p
	c.parts = nil
	for i, sub := range p.parts {
		c.parts = append(c.parts, sub.copied())
		if sub.twin != nil {
			c.parts[i].twin = c.parts[i-1]
		}
	}
	return &c
}

// size counts the parts in a part.
func (p *part) size() int {
	n := 1
	for _, sub := range p.parts {
		n += sub.size()
	}
	return n
}

// least gives how many observations a part needs at the least.
func (p *part) least() int {
	switch p.kind {
	case single:
		return p.times
	case alternative:
		least := p.parts[0].least()
		for _, sub := range p.parts[1:] {
			least = min(least, sub.least())
		}
		return least
	}
	n := 0
	for _, sub := range p.parts {
		n += sub.least()
	}
	return n
}

// next gives the least of the moments that a function finds for each single part in a part.
func (p *part) next(from instant, of func(*candidates, instant) (instant, bool)) (instant, bool) {
	if p.kind == single {
		return of(p.candidates, from)
	}
	best, found := never, false
	for _, sub := range p.parts {
		if at, ok := sub.next(from, of); ok {
			best, found = earlier(best, at), true
		}
	}
	return best, found
}

// candidate is an observation that a single expression matches, with the time in which it may have
// been seen.
type candidate struct {
	expression  *Single
	observation int
	interval
}

func (c candidate) compare(d candidate) int {
	return cmp.Or(c.first.compare(d.first), cmp.Compare(c.observation, d.observation), c.last.compare(d.last))
}
