package pattern

import "strings"

// walker looks for a value at a path that a condition accepts.
type walker struct {
	run     *run
	steps   []Step
	objects map[string]Object // that references may lead to
	accept  func(value any, key string) bool
	// followed are the references already followed, by step, where a path branches: objects that
	// refer to each other must not be walked once for every way that leads to them.
	followed map[following]bool
	branched bool
}

type following struct {
	step int
	id   string
}

// any tells whether one of the values that the steps from i on lead to is accepted. key is the name
// of the property that the value stands in.
func (w *walker) any(value any, key string, i int) bool {
	if !w.run.spend(1) {
		return false
	}
	if i == len(w.steps) {
		return w.accept(value, key)
	}
	step := w.steps[i]
	if step.Key != "" {
		member, ok := w.object(value, key, i)[step.Key]
		return ok && w.any(member, step.Key, i+1)
	}
	list, _ := value.([]any)
	if step.Index != AnyIndex {
		return step.Index >= 0 && step.Index < len(list) && w.any(list[step.Index], key, i+1)
	}
	w.branched = w.branched || len(list) > 1
	for _, element := range list {
		if w.any(element, key, i+1) {
			return true
		}
	}
	return false
}

// object gives the object that a value is, or that it refers to if its property's name says so.
func (w *walker) object(value any, key string, i int) Object {
	switch v := value.(type) {
	case Object:
		return v
	case string:
		if !strings.HasSuffix(key, "_ref") && !strings.HasSuffix(key, "_refs") {
			return nil
		}
		if w.branched {
			at := following{i, v}
			if w.followed[at] {
				return nil
			}
			if w.followed == nil {
				w.followed = map[following]bool{}
			}
			w.followed[at] = true
		}
		return w.objects[v]
	}
	return nil
}
