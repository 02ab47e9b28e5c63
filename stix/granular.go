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
