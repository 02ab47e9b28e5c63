package stix

import "strings"

// References lists the ids in every property whose name ends in _ref or _refs, at any depth, in the
// order they stand, as often as they stand. What is no id there is left out.
func (o Object) References() []ID {
	var refs []ID
	// Walk's own error cannot happen: the function given never fails.
	_ = o.Walk(func(path, value string) error {
		if !isReference(path) {
			return nil
		}
		if id, err := ParseID(value); err == nil {
			refs = append(refs, id)
		}
		return nil
	})
	return refs
}

func isReference(path string) bool {
	name := path[strings.LastIndexByte(path, '.')+1:]
	if i := strings.IndexByte(name, '['); i >= 0 {
		name = name[:i]
	}
	return strings.HasSuffix(name, "_ref") || strings.HasSuffix(name, "_refs")
}
