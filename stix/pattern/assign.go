package pattern

// demand is what single parts with the same candidates and the same bounds in time need together.
type demand struct {
	candidates *candidates
	bounds     bounds
	times      int
}

// assignment gives observations of one candidate to one demand.
type assignment struct {
	demand    int
	candidate candidate
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
// how. It is a flow from demands through candidates to observations, improved by shortest paths.
func (s *search) assign() bool {
	demands := s.demands()
	total := 0
	for _, d := range demands {
		total += d.times
	}
	f := newFlow(s)
	for i, d := range demands {
		if !f.add(i, d, total) {
			return false
		}
	}
	for i, d := range demands {
		for missing := d.times; missing > 0; {
			moved := f.augment(i, missing)
			if moved == 0 {
				return false
			}
			missing -= moved
		}
	}
	s.assigned = f.assignments()
	return true
}

// flow says how many observations each demand takes of each candidate.
type flow struct {
	search *search
	edges  []edge
	of     [][]int       // the edges of each demand
	by     map[int][]int // the edges of each observation
}

// edge joins a demand and a candidate it may take.
type edge struct {
	demand    int
	candidate candidate
	times     int
}

func newFlow(s *search) *flow {
	for i := range s.observations {
		s.spare[i] = s.observations[i].Number
	}
	return &flow{search: s, by: map[int][]int{}}
}

// add puts in the candidates of a demand: the first ones, as many as all demands together could take,
// since more cannot be needed. It tells whether they are enough for the demand alone.
func (f *flow) add(i int, d demand, total int) bool {
	f.of = append(f.of, nil)
	sum := 0
	taken := map[int]bool{}
	d.candidates.within(f.search.run, d.bounds, func(c *candidate) bool {
		if taken[c.observation] {
			return true
		}
		taken[c.observation] = true
		f.of[i] = append(f.of[i], len(f.edges))
		f.by[c.observation] = append(f.by[c.observation], len(f.edges))
		f.edges = append(f.edges, edge{demand: i, candidate: *c})
		sum += f.search.observations[c.observation].Number
		return sum < total
	})
	return sum >= d.times
}

// augment finds the shortest way to give a demand more, if need be by letting others take other
// observations, and tells how many it gave.
func (f *flow) augment(start, missing int) int {
	cameBy := map[int]int{}    // demands reached: by which edge their observation was left
	reachedBy := map[int]int{} // observations reached: by which edge
	queue := []int{start}
	for len(queue) > 0 {
		d := queue[0]
		queue = queue[1:]
		for _, e := range f.of[d] {
			o := f.edges[e].candidate.observation
			if !f.search.run.spend(1 + len(f.by[o])) {
				return 0
			}
			if _, seen := reachedBy[o]; seen {
				continue
			}
			reachedBy[o] = e
			if f.search.spare[o] > 0 {
				return f.move(o, start, missing, cameBy, reachedBy)
			}
			for _, back := range f.by[o] {
				other := f.edges[back].demand
				if _, seen := cameBy[other]; !seen && other != start && f.edges[back].times > 0 {
					cameBy[other] = back
					queue = append(queue, other)
				}
			}
		}
	}
	return 0
}

// move gives as many along the way that was found, from its end back to its start.
func (f *flow) move(end, start, missing int, cameBy, reachedBy map[int]int) int {
	times := min(missing, f.search.spare[end])
	f.along(end, start, cameBy, reachedBy, func(_ int, back int) { times = min(times, f.edges[back].times) })
	f.search.spare[end] -= times
	e := reachedBy[end]
	f.edges[e].times += times
	f.along(end, start, cameBy, reachedBy, func(forward, back int) {
		f.edges[back].times -= times
		f.edges[forward].times += times
	})
	return times
}

// along visits the pairs of edges on a way: the one on which an observation is given up, and the one
// on which it is taken.
func (f *flow) along(end, start int, cameBy, reachedBy map[int]int, visit func(forward, back int)) {
	for d := f.edges[reachedBy[end]].demand; d != start; {
		back := cameBy[d]
		forward := reachedBy[f.edges[back].candidate.observation]
		visit(forward, back)
		d = f.edges[forward].demand
	}
}

func (f *flow) assignments() []assignment {
	var all []assignment
	for _, e := range f.edges {
		if e.times > 0 {
			all = append(all, assignment(e))
		}
	}
	return all
}
