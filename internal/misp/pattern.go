package misp

import (
	"strings"

	"parley/stix"
	patterns "parley/stix/pattern"
)

// finder gives an object by its id.
type finder func(stix.ID) (stix.Object, bool)

// valueAt gives the text of what stands at a path: of a reference, the value of the object referred
// to. isText is false for a number.
func valueAt(o stix.Object, at string, find finder) (value string, isText, ok bool) {
	if s, ok := o.String(at); ok {
		if !strings.Contains(at, "_ref") {
			return s, true, true
		}
		far, found := find(stix.ID(s))
		if !found {
			return "", false, false
		}
		s, ok = far.String("value")
		return s, true, ok
	}
	raw, ok := o.Raw(at)
	if !ok || len(raw) == 0 || raw[0] == '{' || raw[0] == '[' {
		return "", false, false
	}
	return string(raw), false, true
}

// valuesAt gives an attribute's value as its carrier holds it, the parts joined by |.
func valuesAt(o stix.Object, paths []string, find finder) (string, bool) {
	parts := make([]string, len(paths))
	for i, at := range paths {
		v, _, ok := valueAt(o, at, find)
		if !ok {
			return "", false
		}
		parts[i] = v
	}
	return strings.Join(parts, "|"), true
}

// pattern writes what finds the same values: every path compared with what stands there.
func pattern(o stix.Object, paths []string, find finder) (string, bool) {
	terms := make([]string, len(paths))
	for i, at := range paths {
		value, isText, ok := valueAt(o, at, find)
		if !ok {
			return "", false
		}
		if isText {
			value = patterns.String(value).String()
		}
		terms[i] = o.Type() + ":" + patternPath(at) + " = " + value
	}
	return "[" + strings.Join(terms, " AND ") + "]", true
}

// patternPath rewrites the path of a property as patterns write it.
func patternPath(at string) string {
	if name, ok := strings.CutPrefix(at, "hashes."); ok {
		return "hashes.'" + name + "'"
	}
	at = strings.ReplaceAll(at, "[0]", "[*]")
	if strings.HasSuffix(at, "_ref") || strings.HasSuffix(at, "_refs[*]") {
		at += ".value"
	}
	return at
}

// value gives what an attribute's value will read as in objects that are yet to be built.
func (s sketch) value(paths []string, group []sketch) (string, bool) {
	parts := make([]string, len(paths))
	for i, at := range paths {
		v, ok := s.at(at, group)
		if !ok {
			return "", false
		}
		parts[i] = v
	}
	return strings.Join(parts, "|"), true
}

// at gives the text of what will stand at a path.
func (s sketch) at(path string, group []sketch) (string, bool) {
	name, rest, _ := strings.Cut(path, ".")
	name, isItem := strings.CutSuffix(name, "[0]")
	for _, set := range s.set {
		if set.name != name {
			continue
		}
		switch v := set.value.(type) {
		case map[string]string:
			text, ok := v[rest]
			return text, ok
		case []map[string]string:
			return v[0][rest], isItem
		case kin:
			return v.in(group)
		case []kin:
			return v[0].in(group)
		}
		return spelt(set.value), true
	}
	return "", false
}

// in gives the value of the object that is meant, as far as it is one with a value.
func (k kin) in(group []sketch) (string, bool) {
	for _, s := range group {
		if s.typ == string(k) {
			return s.at("value", group)
		}
	}
	return "", false
}
