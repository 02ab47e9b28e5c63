package pattern

// demand is what single parts with the same candidates and the same bounds in time need together.
type demand struct {
	candidates *candidates
	bounds     bounds
	times      int
}

// grant gives observations of one candidate to a demand.
type grant struct {
	demand    int
	candidate *candidate
	times     int
}

// demands gathers what is asked for under the decisions made so far. What is not decided sets no
// bounds, and asks for nothing where it is an alternative.
func (s *search) demands() []demand {
	var all []demand
	known := map[demand]int{}
	var gather func(p *part, b bounds)
	gather = func(p *part, b bounds) {
		if p.kind == single {
			key := demand{candidates: p.candidates, bounds: b}
			i, ok := known[key]
			if !ok {
				i = len(all)
				known[key] = i
				all = append(all, key)
			}
			all[i].times += p.times
			return
		}
		for i, sub := range p.parts {
			if inner, asked := p.bounds(i, b); asked {
				gather(sub, inner)
			}
		}
	}
	gather(s.root, unbounded)
	return all
}

// assign tells whether every demand can have its observations, none of them taken twice, and keeps
// how. It is a flow from demands through candidates to observations: each takes what is there, and
// what is missing then is found along shortest paths.
func (s *search) assign() bool {
	f := flow{search: s, demands: s.demands(), grants: map[int][]grant{}}
	total := 0
	for _, d := range f.demands {
		total += d.times
	}
	if total > s.number() {
		return false
	}
	for i := range s.observations {
		s.spare[i] = s.observations[i].Number
	}
	for i := range f.demands {
		for missing := f.take(i); missing > 0; {
			moved := f.augment(i, missing)
			if moved == 0 {
				return false
			}
			missing -= moved
		}
	}
	s.granted = f.grants
	return s.run.exceeded == ""
}

// flow says which demand has what of each observation.
type flow struct {
	search  *search
	demands []demand
	grants  map[int][]grant // by observation
}

// take gives a demand what nobody has, and tells how many it still misses.
func (f *flow) take(i int) (missing int) {
	d := f.demands[i]
	missing = d.times
	d.candidates.within(f.search.run, d.bounds, func(c *candidate) bool {
		if times := min(missing, f.search.spare[c.observation]); times > 0 {
			f.give(i, c, times)
			f.search.spare[c.observation] -= times
			missing -= times
		}
		return missing > 0
	})
	return missing
}

// give adds to what a demand has of an observation.
func (f *flow) give(demand int, c *candidate, times int) {
	grants := f.grants[c.observation]
	for i := range grants {
		if grants[i].demand == demand && grants[i].candidate == c {
			grants[i].times += times
			return
		}
	}
	f.grants[c.observation] = append(grants, grant{demand, c, times})
}

// paths are the shortest ways from one demand to observations and to the demands that have them.
type paths struct {
	start     int
	candidate map[int]*candidate // by observation: as which candidate it was reached
	taker     map[int]int        // by observation: the demand that would take it
	lost      map[int]*grant     // by demand: what it would lose
}

// augment finds the shortest way to give a demand more, by letting others take other observations,
// and tells how many it gave.
func (f *flow) augment(start, missing int) (moved int) {
	p := paths{start, map[int]*candidate{}, map[int]int{}, map[int]*grant{start: nil}}
	for queue := []int{start}; len(queue) > 0 && moved == 0; queue = queue[1:] {
		d := f.demands[queue[0]]
		d.candidates.within(f.search.run, d.bounds, func(c *candidate) bool {
			o := c.observation
			if p.candidate[o] != nil {
				return true
			}
			p.candidate[o], p.taker[o] = c, queue[0]
			if f.search.spare[o] > 0 {
				moved = f.move(p, o, missing)
				return false
			}
			grants := f.grants[o]
			for i := range grants {
				if _, seen := p.lost[grants[i].demand]; !seen && grants[i].times > 0 {
					p.lost[grants[i].demand] = &grants[i]
					queue = append(queue, grants[i].demand)
				}
			}
			return f.search.run.spend(len(grants))
		})
	}
	return moved
}

// move gives as many along the path to an observation, from its end back to its start.
func (f *flow) move(p paths, end, missing int) int {
	times := min(missing, f.search.spare[end])
	for d := p.taker[end]; d != p.start; d = p.taker[p.lost[d].candidate.observation] {
		times = min(times, p.lost[d].times)
	}
	f.search.spare[end] -= times
	for o := end; ; {
		d := p.taker[o]
		f.give(d, p.candidate[o], times)
		if d == p.start {
			return times
		}
		o = p.lost[d].candidate.observation
		p.lost[d].times -= times
	}
}
