package pattern

// search binds observations to the parts of a pattern.
//
// Once every window has its beginning, every sequence the moment between its two sides and every
// alternative is chosen, nothing joins the single parts any more but that no observation is taken
// twice, and that is a matter of assignment (assign.go). So only these decisions are searched. Few
// moments come into question: a window may as well begin when the first candidate in it is last seen,
// and a sequence may as well turn when the last candidate before it is first seen.
//
// Two conditions end a branch as soon as one fails: that there is time for everything if
// observations could be taken twice (earliest.go), and that the observations suffice if what is not
// decided yet sets no bounds in time. Where no two parts have a candidate in common, the first alone
// is exact, and the search goes straight to its end.
type search struct {
	run          *run
	observations []Observation
	root         *part
	spare        []int           // of each observation, while observations are assigned
	granted      map[int][]grant // by observation
	total        int             // of all number_observed; 0 if not counted yet
}

// bounds are what decisions leave to a part. A candidate must be last seen at or after from and
// since, and first seen at or before to. From is also a moment that has passed when the part begins;
// since is none, as a window only asks that its candidates can come together.
type bounds struct{ from, since, to instant }

var unbounded = bounds{always, always, never}

// after gives bounds in which nothing is complete before a moment.
func (b bounds) after(at instant) bounds { return bounds{later(b.from, at), b.since, b.to} }

// number gives how many observations there are in all.
func (s *search) number() int {
	if s.total == 0 {
		for i := range s.observations {
			s.total += s.observations[i].Number
		}
	}
	return s.total
}

// solve decides what is open, and tells whether the pattern can be true.
func (s *search) solve() bool {
	if s.run.exceeded != "" {
		return false
	}
	if _, ok := s.earliest(s.root, unbounded); !ok {
		return false
	}
	if !s.assign() {
		return false
	}
	p, b := open(s.root, unbounded)
	switch {
	case p == nil:
		return true
	case p.kind == alternative:
		return s.choose(p)
	case p.kind == window:
		return s.begin(p, b)
	}
	return s.turn(p, b)
}

// open finds the first part that is not decided, left to right and outside in but for sequences,
// whose first side comes before them.
func open(p *part, b bounds) (*part, bounds) {
	if p.kind == single {
		return nil, b
	}
	if !p.decided && (p.kind == alternative || p.kind == window) {
		return p, b
	}
	for i, sub := range p.parts {
		if p.kind == sequence && i == 1 && !p.decided {
			return p, b
		}
		if inner, asked := p.bounds(i, b); asked {
			if found, inner := open(sub, inner); found != nil {
				return found, inner
			}
		}
	}
	return nil, b
}

// bounds gives what a part leaves to its i-th part, and whether that part is asked for.
func (p *part) bounds(i int, b bounds) (inner bounds, asked bool) {
	switch {
	case !p.decided:
		return b, p.kind != alternative
	case p.kind == alternative:
		return b, i == p.choice
	case p.kind == window:
		return bounds{b.from, later(b.since, p.at), earlier(b.to, p.at.plus(p.width))}, true
	case p.kind == sequence && i == 0:
		return bounds{b.from, b.since, earlier(b.to, p.at)}, true
	case p.kind == sequence:
		return b.after(p.at), true
	}
	return b, true
}

// choose tries one alternative after the other.
func (s *search) choose(p *part) bool {
	p.decided = true
	defer func() { p.decided = false }()
	first := 0
	if p.twin != nil && p.twin.decided {
		first = p.twin.choice
	}
	for p.choice = first; p.choice < len(p.parts); p.choice++ {
		if s.solve() {
			return true
		}
	}
	return false
}

// begin tries one beginning of a window after the other.
func (s *search) begin(p *part, b bounds) bool {
	defer func() { p.decided = false }()
	for at := p.notBefore(later(b.from, b.since)); ; at = p.at.plus(tick) {
		p.decided = false
		begin, _, ok := s.within(p, b.after(at))
		if !ok {
			return false
		}
		if p.at, ok = p.next(begin, (*candidates).nextLast); !ok {
			return false
		}
		p.decided = true
		if s.solve() {
			return true
		}
		if s.run.exceeded != "" {
			return false
		}
	}
}

// turn tries one moment between the sides of a sequence after the other.
func (s *search) turn(p *part, b bounds) bool {
	at, ok := s.earliest(p.parts[0], b)
	if !ok {
		return false
	}
	p.at, p.decided = p.notBefore(at), true
	defer func() { p.decided = false }()
	for {
		if _, ok := s.earliest(p.parts[1], b.after(p.at)); !ok {
			return false
		}
		if s.solve() {
			return true
		}
		if s.run.exceeded != "" {
			return false
		}
		if p.at, ok = p.parts[0].next(p.at.plus(tick), (*candidates).nextFirst); !ok {
			return false
		}
	}
}

// notBefore gives a moment, or that of the twin if it is later.
func (p *part) notBefore(at instant) instant {
	if p.twin != nil && p.twin.decided {
		return later(at, p.twin.at)
	}
	return at
}
