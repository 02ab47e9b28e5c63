package release

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"parley/stix"
)

// Change is what became of a property.
type Change string

// The changes, from least to most.
const (
	Kept      Change = "kept"
	Coarsened Change = "coarsened"
	Replaced  Change = "replaced"
	Absent    Change = "absent"
	Added     Change = "added" // written by the release, without an original
)

// Line is one property of the original beside what the tearline says in its place.
type Line struct {
	OriginalID stix.ID // empty where the release added the object
	NewID      stix.ID // empty where the object stays behind
	Type       string
	Path       string // property
	Original   string // as text, lists and objects as JSON; empty where there was none
	Tearline   string // the same; empty where nothing is written
	Change     Change
}

// Compare lays a report beside its tearline, property by property: first the objects of the report in
// their order, then what the release added. It shows secrets and is for the people who clear the
// release, on the node; it is never sent.
func Compare(report []stix.Object, t Tearline) []Line {
	written := make(map[stix.ID]stix.Object, len(t.Objects))
	for _, o := range t.Objects {
		written[o.ID()] = o
	}
	var lines []Line
	explained := make(map[stix.ID]bool)
	for _, o := range report {
		now := written[t.Map[o.ID()]]
		lines = append(lines, compareObject(o, now)...)
		if !now.IsZero() {
			explained[now.ID()] = true
		}
	}
	for _, o := range t.Objects {
		if !explained[o.ID()] {
			lines = append(lines, compareObject(stix.Object{}, o)...)
		}
	}
	return lines
}

// compareObject compares the properties of two objects, of which one may be absent.
func compareObject(before, now stix.Object) []Line {
	var lines []Line
	for _, name := range propertyNames(before, now) {
		line := Line{
			OriginalID: before.ID(), NewID: now.ID(), Type: before.Type(), Path: name,
			Original: shown(before, name), Tearline: shown(now, name),
		}
		if line.Type == "" {
			line.Type = now.Type()
		}
		line.Change = changeOf(before, now, line)
		lines = append(lines, line)
	}
	return lines
}

func changeOf(before, now stix.Object, line Line) Change {
	switch {
	case line.Tearline == "":
		return Absent
	case line.Original == "":
		return Added
	case line.Original == line.Tearline:
		return Kept
	}
	if p, known := forms[before.Type()].properties[line.Path]; known {
		switch p.manner {
		case asTime, asEnd, asPlace, asCount:
			return Coarsened
		case asVocabulary:
			if isSubset(before, now, line.Path) {
				return Coarsened
			}
		}
	}
	return Replaced
}

// isSubset says whether a list lost words and gained none.
func isSubset(before, now stix.Object, path string) bool {
	all, _ := before.Strings(path)
	some, ok := now.Strings(path)
	return ok && !slices.ContainsFunc(some, func(word string) bool { return !slices.Contains(all, word) })
}

// propertyNames lists the properties of both, the original's first and in its order. The type is the
// same for both, and shown with each line.
func propertyNames(before, now stix.Object) []string {
	var names []string
	for _, o := range []stix.Object{before, now} {
		if o.IsZero() {
			continue
		}
		for name := range o.Properties() {
			if name != "type" && name != "spec_version" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// shown renders a property for people.
func shown(o stix.Object, name string) string {
	if o.IsZero() {
		return ""
	}
	for property, raw := range o.Properties() {
		if property != name {
			continue
		}
		var text string
		if json.Unmarshal(raw, &text) == nil {
			if name == "payload_bin" {
				return fmt.Sprintf("a picture of %d bytes in base64", len(text))
			}
			return text
		}
		return strings.Join(strings.Fields(string(raw)), " ")
	}
	return ""
}
