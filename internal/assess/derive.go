package assess

import (
	"maps"
	"slices"

	"parley/stix"
)

// derivation says which claims repeat which, and where each repetition began.
type derivation struct {
	parents   map[stix.ID][]stix.ID // claim → the claims it repeats
	withdrawn map[stix.ID]bool
	echoes    map[stix.ID]bool    // claims that repeat what we said ourselves
	loops     map[stix.ID]stix.ID // claims that repeat only one another → the one that stands for them
}

// derive takes what the notes say and what analysts confirmed: of two claims that share an origin,
// the later repeats the earlier.
func (f *casefile) derive(confirmed []Confirmation, opt Options) *derivation {
	d := &derivation{parents: map[stix.ID][]stix.ID{}, withdrawn: f.withdrawn(), echoes: map[stix.ID]bool{}}
	for _, id := range opt.Withdrawn {
		d.withdrawn[id] = true
	}
	for _, id := range opt.Echoes {
		d.echoes[id] = true
	}
	for _, id := range f.said {
		d.parents[id] = slices.Clone(f.claims[id].DerivedFrom)
	}
	for _, c := range confirmed {
		a, b := f.claims[c.A], f.claims[c.B]
		if !c.Same || a.Role != Claimed || b.Role != Claimed {
			continue
		}
		if a.compare(b) > 0 {
			a, b = b, a
		}
		d.parents[b.ID] = append(d.parents[b.ID], a.ID)
	}
	d.findLoops(f)
	return d
}

// withdrawn returns the claims whose claimant has taken them back, and the revoked notes.
func (f *casefile) withdrawn() map[stix.ID]bool {
	type who struct{ proposition, claimant stix.ID }
	retracted := map[who]stix.Timestamp{}
	for _, id := range f.said {
		if cl := f.claims[id]; cl.Stance == Retracts && cl.Claimant != "" {
			retracted[who{cl.PropositionRef, cl.Claimant}] = cl.SaidAt // in order: the last one stays
		}
	}
	withdrawn := maps.Clone(f.revoked)
	for _, id := range f.said {
		cl := f.claims[id]
		at, taken := retracted[who{cl.PropositionRef, cl.Claimant}]
		if taken && cl.Stance != Retracts && cl.SaidAt.Compare(at) <= 0 {
			withdrawn[id] = true
		}
	}
	return withdrawn
}

// findLoops finds the claims from which no origin can be reached, since they repeat one another in
// a circle. The smallest id of each circle stands for it, and is a fault.
func (d *derivation) findLoops(f *casefile) {
	children := map[stix.ID][]stix.ID{}
	var grounded []stix.ID
	for id, parents := range d.parents {
		if len(parents) == 0 {
			grounded = append(grounded, id)
		}
		for _, p := range parents {
			children[p] = append(children[p], id)
			if _, here := d.parents[p]; !here {
				grounded = append(grounded, p)
			}
		}
	}
	reached := reach(grounded, children)
	stuck := map[stix.ID][]stix.ID{} // the rest, joined both ways
	for id, parents := range d.parents {
		for _, p := range parents {
			if !reached[id] {
				stuck[id], stuck[p] = append(stuck[id], p), append(stuck[p], id)
			}
		}
	}
	d.loops = map[stix.ID]stix.ID{}
	for _, id := range slices.Sorted(maps.Keys(stuck)) {
		if d.loops[id] != "" {
			continue
		}
		f.fault(id, Fault{id, "derived_from", "repeats itself through others; the claims in this circle count as one origin that nobody can name"})
		for member := range reach([]stix.ID{id}, stuck) {
			d.loops[member] = id
		}
	}
}

// reach returns everything that can be reached along the edges, the start included.
func reach(start []stix.ID, edges map[stix.ID][]stix.ID) map[stix.ID]bool {
	reached := map[stix.ID]bool{}
	for todo := slices.Clone(start); len(todo) > 0; {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !reached[id] {
			reached[id] = true
			todo = append(todo, edges[id]...)
		}
	}
	return reached
}

// roots returns where the given claims began: claims that repeat none, ids of claims that are not
// among the objects, and one id for each circle. What was withdrawn, or is an echo of ourselves,
// carries nothing further.
func (d *derivation) roots(claims []stix.ID) []stix.ID {
	roots, seen := []stix.ID{}, map[stix.ID]bool{}
	for todo := slices.Clone(claims); len(todo) > 0; {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[id] || d.withdrawn[id] || d.echoes[id] {
			continue
		}
		seen[id] = true
		if loop := d.loops[id]; loop != "" && loop != id {
			todo = append(todo, loop)
		} else if len(d.parents[id]) == 0 || loop == id {
			roots = append(roots, id)
		} else {
			todo = append(todo, d.parents[id]...)
		}
	}
	slices.Sort(roots)
	return roots
}

// repeats tells whether a claim only repeats another, or ourselves.
func (d *derivation) repeats(id stix.ID) bool { return len(d.parents[id]) > 0 || d.echoes[id] }
