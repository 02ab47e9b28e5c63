package pattern

import "slices"

// candidates are the observations that a single part may take, in the order of their first moments.
// latest is a tree over them: the latest last moment below every node. With it, those that may be
// seen between two moments are found without looking at the others.
type candidates struct {
	all    []candidate
	latest []instant
	leaves int       // of the tree: a power of two
	lasts  []instant // the last moments, sorted
}

func newCandidates(all []candidate) *candidates {
	slices.SortStableFunc(all, candidate.compare)
	all = slices.CompactFunc(all, func(a, b candidate) bool { return a.observation == b.observation && a.interval == b.interval })
	c := &candidates{all: all, leaves: 1}
	for c.leaves < len(all) {
		c.leaves *= 2
	}
	c.latest = make([]instant, 2*c.leaves)
	for i := range c.latest {
		c.latest[i] = always
	}
	for i, candidate := range all {
		c.latest[c.leaves+i] = candidate.last
		c.lasts = append(c.lasts, candidate.last)
	}
	for i := c.leaves - 1; i > 0; i-- {
		c.latest[i] = later(c.latest[2*i], c.latest[2*i+1])
	}
	slices.SortFunc(c.lasts, instant.compare)
	return c
}

// nextFirst gives the first of the candidates' first moments that is at or after a moment.
func (c *candidates) nextFirst(from instant) (instant, bool) {
	i, _ := slices.BinarySearchFunc(c.all, from, func(c candidate, at instant) int { return c.first.compare(at) })
	if i == len(c.all) {
		return never, false
	}
	return c.all[i].first, true
}

// nextLast gives the first of the candidates' last moments that is at or after a moment.
func (c *candidates) nextLast(from instant) (instant, bool) {
	i, _ := slices.BinarySearchFunc(c.lasts, from, instant.compare)
	if i == len(c.lasts) {
		return never, false
	}
	return c.lasts[i], true
}

// within calls visit for the candidates within bounds, in order, until it gives false.
func (c *candidates) within(r *run, b bounds, visit func(*candidate) bool) {
	b.from = later(b.from, b.since)
	c.descend(r, 1, b, visit)
}

// descend goes below one node of the tree, and tells whether to go on.
func (c *candidates) descend(r *run, node int, b bounds, visit func(*candidate) bool) bool {
	if c.latest[node].before(b.from) {
		return true
	}
	if !r.spend(1) {
		return false
	}
	if node < c.leaves {
		return c.descend(r, 2*node, b, visit) && c.descend(r, 2*node+1, b, visit)
	}
	i := node - c.leaves
	if i >= len(c.all) || b.to.before(c.all[i].first) {
		return false
	}
	return visit(&c.all[i])
}
