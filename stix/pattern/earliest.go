package pattern

// earliest gives the first moment by which a part can be complete within its bounds, if parts could
// take the same observations. It is false if there is no such moment, and then there is none without
// that freedom either.
func (s *search) earliest(p *part, b bounds) (instant, bool) {
	if !s.run.spend(1) {
		return never, false
	}
	switch {
	case p.kind == single:
		return s.earliestSingle(p, b)
	case p.kind == alternative && !p.decided:
		return s.earliestOf(p, b)
	case p.kind == window && !p.decided:
		_, at, ok := s.within(p, b)
		return at, ok
	case p.kind == sequence && !p.decided:
		at, ok := s.earliest(p.parts[0], b)
		if !ok {
			return never, false
		}
		return s.earliest(p.parts[1], b.after(at))
	}
	complete := b.from
	for i, sub := range p.parts {
		inner, asked := p.bounds(i, b)
		if !asked {
			continue
		}
		at, ok := s.earliest(sub, inner)
		if !ok {
			return never, false
		}
		complete = later(complete, at)
	}
	return complete, true
}

// earliestSingle counts candidates until there are as many as are needed.
func (s *search) earliestSingle(p *part, b bounds) (at instant, ok bool) {
	missing := p.times
	taken := map[int]bool{}
	p.candidates.within(s.run, b, func(c *candidate) bool {
		if !taken[c.observation] {
			taken[c.observation] = true
			missing -= s.observations[c.observation].Number
			at = later(b.from, c.first)
		}
		return missing > 0
	})
	return at, missing <= 0
}

// earliestOf gives the best of the alternatives.
func (s *search) earliestOf(p *part, b bounds) (instant, bool) {
	best, found := never, false
	for _, sub := range p.parts {
		if at, ok := s.earliest(sub, b); ok {
			best, found = earlier(best, at), true
		}
	}
	return best, found
}

// within gives the first beginning of a window from a moment on in which everything can be seen, and
// when it is complete. From one try to the next it skips the beginnings that are too early for the
// moment by which everything was complete.
func (s *search) within(p *part, b bounds) (begin, complete instant, ok bool) {
	for {
		complete, ok = s.earliest(p.parts[0], b)
		if !ok || !b.from.plus(p.width).before(complete) {
			return b.from, complete, ok
		}
		b = b.after(complete.minus(p.width))
	}
}
