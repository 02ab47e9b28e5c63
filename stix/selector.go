package stix

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"parley/stix/internal/scan"
)

// PathOfSelector rewrites the selector of a granular marking, "external_references.[0].url" (section
// 7.2.3.1), as a path, "external_references[0].url".
func PathOfSelector(selector string) (string, error) {
	var path []byte
	for component := range strings.SplitSeq(selector, ".") {
		s, ok := selectorStep(component)
		if !ok {
			return "", fmt.Errorf("stix selector %s: %s must be a name or a position such as [0]", shown(selector), shown(component))
		}
		path = appendStep(path, s)
	}
	if path[0] == '[' {
		return "", fmt.Errorf("stix selector %s: must begin with the name of a property", shown(selector))
	}
	return string(path), nil
}

func selectorStep(component string) (step, bool) {
	digits, bracketed := strings.CutPrefix(component, "[")
	if !bracketed {
		return step{name: component}, plainName(component)
	}
	digits, closed := strings.CutSuffix(digits, "]")
	index, err := strconv.ParseUint(digits, 10, 31)
	return step{index: int(index), list: true}, closed && err == nil
}

// SelectorOfPath rewrites a path as a selector. A name that no dictionary key may have cannot be
// selected: select what it stands in.
func SelectorOfPath(path string) (string, error) {
	var components []string
	for rest := path; rest != ""; {
		s, after, err := nextStep(rest)
		if err != nil {
			return "", err
		}
		component := s.name
		if s.list {
			component = "[" + strconv.Itoa(s.index) + "]"
		} else if !plainName(s.name) {
			return "", fmt.Errorf("stix selector for %s: %s cannot stand in a selector; select what it is in", shown(path), shown(s.name))
		}
		components, rest = append(components, component), after
	}
	if len(components) == 0 {
		return "", fmt.Errorf("stix selector: a path must be given; the whole object is marked with object_marking_refs")
	}
	return strings.Join(components, "."), nil
}

// covers tells whether what stands at inner is, or is part of, what stands at outer. Both are paths as
// [Object.Walk] gives them, of which every value has one.
func covers(outer, inner string) bool {
	rest, ok := strings.CutPrefix(inner, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// LostSelectors gives the selectors of granular markings that select nothing in the object, as happens
// when what was marked is taken out or moved in its list. The path of each fault is that of the
// selector. At most 100 are given.
func (o Object) LostSelectors() (lost []Fault) {
	granular := o.granular()
	wanted := &selectorTree{}
	for _, selector := range selectors(granular) {
		if path, err := PathOfSelector(selector); err == nil {
			wanted.add(path)
		}
	}
	wanted.resolve(o.Bytes())
	for at, selector := range selectors(granular) {
		marked, err := PathOfSelector(selector)
		if err == nil && wanted.found(marked) {
			continue
		}
		problem := fmt.Sprintf("%s selects nothing in this object", shown(selector))
		if err != nil {
			problem = err.Error()
		}
		path := fmt.Sprintf("granular_markings[%d].selectors[%d]", at.marking, at.selector)
		if lost = append(lost, Fault{Path: path, Problem: problem}); len(lost) == maxFaults {
			break
		}
	}
	return lost
}

// granular gives the JSON of the granular markings, or nil.
func (o Object) granular() []byte { return child(o.Bytes(), step{name: "granular_markings"}) }

// place is where a selector stands in granular markings.
type place struct{ marking, selector int }

// selectors yields the place and text of every selector in granular markings.
func selectors(granular []byte) iter.Seq2[place, string] {
	return func(yield func(at place, selector string) bool) {
		for i, marking := range scan.Elements(granular) {
			for j, value := range scan.Elements(child(marking, step{name: "selectors"})) {
				selector, _ := scan.Text(value)
				if !yield(place{i, j}, selector) {
					return
				}
			}
		}
	}
}

// selectorTree holds paths by their steps, so that an object is gone through once however many
// selectors it has.
type selectorTree struct {
	under map[step]*selectorTree
	there bool // the object has something at the path
}

// add takes in a path, which is well formed.
func (t *selectorTree) add(path string) {
	for path != "" {
		s, rest, _ := nextStep(path)
		if t.under == nil {
			t.under = map[step]*selectorTree{}
		}
		if t.under[s] == nil {
			t.under[s] = &selectorTree{}
		}
		t, path = t.under[s], rest
	}
}

// resolve notes which of the paths lead somewhere from value.
func (t *selectorTree) resolve(value []byte) {
	t.there = true
	if len(t.under) == 0 {
		return
	}
	for name, member := range scan.Members(value) {
		if next := t.under[step{name: string(name)}]; next != nil {
			next.resolve(member)
		}
	}
	for i, element := range scan.Elements(value) {
		if next := t.under[step{index: i, list: true}]; next != nil {
			next.resolve(element)
		}
	}
}

// found tells whether a path that was added leads somewhere.
func (t *selectorTree) found(path string) bool {
	for path != "" {
		s, rest, _ := nextStep(path)
		t, path = t.under[s], rest
	}
	return t.there
}
