package stix

import (
	"slices"

	"parley/stix/internal/scan"
)

// DefaultLanguage is the language of text that no language is given for (section 3.2).
const DefaultLanguage = "en"

// GranularMarking marks parts of an object with a marking definition or a language, one of the two
// (section 7.2.3).
type GranularMarking struct {
	Ref   ID       // of a marking definition, or ""
	Lang  string   // an RFC 5646 tag, or ""
	Paths []string // of what is marked, with all that is in it
}

// GranularMarkings gives the object's granular markings in their order. A selector that is malformed
// has no path; [Object.LostSelectors] finds those.
func (o Object) GranularMarkings() (all []GranularMarking) {
	for _, element := range scan.Elements(o.granular()) {
		var m GranularMarking
		takeID(&m.Ref, child(element, step{name: "marking_ref"})) // what is no id is no reference
		m.Lang, _ = scan.Text(child(element, step{name: "lang"}))
		for _, value := range scan.Elements(child(element, step{name: "selectors"})) {
			selector, _ := scan.Text(value)
			if path, err := PathOfSelector(selector); err == nil {
				m.Paths = append(m.Paths, path)
			}
		}
		all = append(all, m)
	}
	return all
}

// MarkingsAt gives the ids of the marking definitions that apply to what stands at path: those of the
// whole object, then those of granular markings that mark it or something that it is part of. Which of
// them wins is not for STIX to say. A path is one as [Object.Raw] takes; "" is the whole object.
func (o Object) MarkingsAt(path string) []ID {
	return o.markings(func(marked string) bool { return path != "" && covers(marked, path) })
}

// MarkingsWithin gives the ids that [Object.MarkingsAt] gives and those that apply to any part of what
// stands at path. MarkingsWithin("") gives every marking in the object, whether or not its selectors
// select anything.
func (o Object) MarkingsWithin(path string) []ID {
	return o.markings(func(marked string) bool { return path == "" || covers(marked, path) || covers(path, marked) })
}

// markings gives the object's markings and the granular ones with a path that applies, each once.
func (o Object) markings(applies func(marked string) bool) (ids []ID) {
	seen := map[ID]bool{"": true}
	take := func(id ID) {
		if !seen[id] {
			seen[id], ids = true, append(ids, id)
		}
	}
	for _, id := range o.about().markings {
		take(id)
	}
	for _, m := range o.GranularMarkings() {
		unread := len(m.Paths) == 0 && applies("") // only [Object.MarkingsWithin] the whole counts it
		if unread || slices.ContainsFunc(m.Paths, applies) {
			take(m.Ref)
		}
	}
	return ids
}

// LanguageAt gives the language of the text at path: that of the granular marking that marks the
// smallest part it is in, else the object's lang property, else [DefaultLanguage].
func (o Object) LanguageAt(path string) string {
	language, closest := DefaultLanguage, -1
	if lang, ok := o.String("lang"); ok {
		language = lang
	}
	for _, m := range o.GranularMarkings() {
		for _, marked := range m.Paths {
			if m.Lang != "" && covers(marked, path) && len(marked) > closest {
				language, closest = m.Lang, len(marked)
			}
		}
	}
	return language
}

// MarkingCycles finds marking definitions that are marked, through one another, with themselves,
// which section 3.2 forbids. Each cycle is given once, as ids each of which is marked with the next
// and the last with the first, at most 100. References to what is not among the objects lead nowhere.
func MarkingCycles(objects []Object) [][]ID {
	marks := map[ID][]ID{}
	var order []ID
	for _, o := range objects {
		if o.Type() == "marking-definition" && marks[o.ID()] == nil {
			marks[o.ID()] = o.MarkingsWithin("")
			order = append(order, o.ID())
		}
	}
	w := cycleWalk{marks: marks, place: map[ID]int{}}
	for _, id := range order {
		w.from(id)
	}
	return w.cycles
}

// cycleWalk goes through markings depth first, without recursion since chains may be long.
type cycleWalk struct {
	marks  map[ID][]ID
	place  map[ID]int // from 1 where an id stands on the trail; -1 if all beyond it is done
	trail  []ID
	cycles [][]ID
}

func (w *cycleWalk) from(start ID) {
	if w.place[start] != 0 {
		return
	}
	w.enter(start)
	for len(w.trail) > 0 {
		id := w.trail[len(w.trail)-1]
		if len(w.marks[id]) == 0 {
			w.place[id], w.trail = -1, w.trail[:len(w.trail)-1]
			continue
		}
		next := w.marks[id][0]
		w.marks[id] = w.marks[id][1:]
		switch at := w.place[next]; {
		case at > 0 && len(w.cycles) < maxFaults:
			w.cycles = append(w.cycles, slices.Clone(w.trail[at-1:]))
		case at == 0:
			w.enter(next)
		}
	}
}

func (w *cycleWalk) enter(id ID) {
	w.trail = append(w.trail, id)
	w.place[id] = len(w.trail)
}
