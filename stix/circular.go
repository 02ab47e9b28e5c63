package stix

import "slices"

// MarkingCycles finds marking definitions that are marked, through one another, with themselves,
// which section 3.2 forbids. Each cycle is given once, as ids each of which is marked with the next
// and the last with the first, at most 100. References to what is not among the objects lead nowhere.
func MarkingCycles(objects []Object) [][]ID {
	var g markingGraph
	for _, o := range objects {
		g.add(o)
	}
	return g.cycles()
}

// markingGraph is which marking definition is marked with which.
type markingGraph struct {
	order []ID
	marks map[ID][]ID
}

// add takes in an object, if it is a marking definition and the first of its id.
func (g *markingGraph) add(o Object) {
	if _, known := g.marks[o.ID()]; known || o.Type() != "marking-definition" {
		return
	}
	if g.marks == nil {
		g.marks = map[ID][]ID{}
	}
	g.order, g.marks[o.ID()] = append(g.order, o.ID()), o.MarkingsWithin("")
}

func (g *markingGraph) cycles() [][]ID {
	w := cycleWalk{marks: g.marks, place: map[ID]int{}, next: map[ID]int{}}
	for _, id := range g.order {
		w.from(id)
	}
	return w.found
}

// cycleWalk goes through markings depth first, without recursion since chains may be long.
type cycleWalk struct {
	marks map[ID][]ID
	place map[ID]int // from 1 where an id stands on the trail; -1 if all beyond it is done
	next  map[ID]int // which of an id's markings is to be followed next
	trail []ID
	found [][]ID
}

func (w *cycleWalk) from(start ID) {
	if w.place[start] != 0 {
		return
	}
	w.enter(start)
	for len(w.trail) > 0 {
		id := w.trail[len(w.trail)-1]
		if w.next[id] == len(w.marks[id]) {
			w.place[id], w.trail = -1, w.trail[:len(w.trail)-1]
			continue
		}
		to := w.marks[id][w.next[id]]
		w.next[id]++
		switch at := w.place[to]; {
		case at > 0 && len(w.found) < maxFaults:
			w.found = append(w.found, slices.Clone(w.trail[at-1:]))
		case at == 0:
			w.enter(to)
		}
	}
}

func (w *cycleWalk) enter(id ID) {
	w.trail = append(w.trail, id)
	w.place[id] = len(w.trail)
}
