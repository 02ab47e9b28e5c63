package misp

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"parley/stix"
)

// namespace is where ids are made of that MISP has no UUID for.
var namespace = uuid.MustParse("8dfc556d-6126-485b-bf17-93f803a505ee")

// derived makes an id that is always the same for the same parts.
func derived(typ string, parts ...string) stix.ID {
	return stix.ID(typ + "--" + uuid.NewSHA1(namespace, []byte(strings.Join(parts, "\x00"))).String())
}

// papLevels are those of the Permissible Actions Protocol; white is the older name of clear.
var papLevels = []string{"RED", "AMBER", "GREEN", "CLEAR", "WHITE"}

// isMarking tells whether a tag says who may know or what may be done.
func isMarking(tag string) bool {
	folded := strings.ToLower(tag)
	return strings.HasPrefix(folded, "tlp:") || strings.HasPrefix(folded, "pap:") || strings.HasPrefix(tag, statementTag)
}

// statementTag begins the tag that stands for a marking in words, such as a permitted use.
const statementTag = `parley:statement="`

// longestTag is how many bytes MISP's database keeps of a tag's name.
const longestTag = 255

// statementOf gives the tag of a marking in words, unless MISP could not keep all of it.
func statementOf(words string) (string, bool) {
	tag := statementTag + words + `"`
	bad := func(r rune) bool { return r < ' ' || r == '"' || r == 0x7f }
	return tag, words != "" && len(tag) <= longestTag && !strings.ContainsFunc(words, bad)
}

// markingOf gives the marking that a tag stands for. known is false for a TLP or PAP tag that is
// neither protocol's: it is taken for red, as nobody can say that it is less.
func markingOf(tag string, tlp2 bool) (o stix.Object, known bool, err error) {
	if words, ok := strings.CutPrefix(tag, statementTag); ok {
		words = strings.TrimSuffix(words, `"`)
		o, err = stix.Statement(derived("marking-definition", "statement", words), published, words)
		return o, true, err
	}
	protocol, level, _ := strings.Cut(strings.ToLower(tag), ":")
	if protocol == "pap" {
		known = slices.Contains(papLevels, strings.ToUpper(level))
		if !known {
			level = "red"
		}
		o, err = papMarking(strings.ToUpper(level))
		return o, known, err
	}
	switch level {
	case "white":
		o, err = stix.TLP1(level)
		return o, true, err
	case "clear", "amber+strict":
		o, err = stix.TLP2(level)
		return o, true, err
	case "green", "amber", "red":
		known = true
	default:
		level = "red"
	}
	if tlp2 {
		o, err = stix.TLP2(level)
	} else {
		o, err = stix.TLP1(level)
	}
	return o, known, err
}

// papMarking is a statement, as PAP has no marking of its own in STIX. Its id is the same everywhere.
func papMarking(level string) (stix.Object, error) {
	return stix.Statement(derived("marking-definition", "PAP", level), published, "PAP:"+level)
}

var published = stix.NewTimestamp(time.Date(2026, time.November, 23, 0, 0, 0, 0, time.UTC), 3)

// tagOf gives the tag that a marking stands for.
func tagOf(o stix.Object) (string, bool) {
	if level, ok := stix.TLPLevel(o.ID()); ok {
		return "tlp:" + level, true
	}
	if s, ok := o.String("definition.statement"); ok {
		if level, ok := strings.CutPrefix(s, "PAP:"); ok && slices.Contains(papLevels, level) {
			return s, true
		}
		return statementOf(s)
	}
	return "", false
}

// markings turns the tags that restrict into references and keeps the definitions.
func (x *export) markings(tags []Tag, path string) (refs []stix.ID) {
	for _, t := range tags {
		if !isMarking(t.Name) {
			continue
		}
		o, known, err := markingOf(t.Name, x.opt.TLP2)
		if err != nil {
			x.drop(path, t.Name, err.Error())
			continue
		}
		if !known {
			x.drop(path, t.Name, "is no level of TLP or PAP and was taken for red")
		}
		x.once(o)
		refs = append(refs, o.ID())
	}
	return unique(refs)
}

// mostMarkings is how many markings an event may pass on to every object in it: more than there are
// levels, with room for permitted uses in words.
const mostMarkings = 64

// restored gives the tags of an object as it stands now. The markings decide: a tag of the extension
// whose marking is gone is left out, and a marking without a tag becomes one.
func (m *reverse) restored(o stix.Object, kept []Tag) []Tag {
	return append(m.withMarkings(o, kept), m.extraMarkings(o, kept)...)
}

// withMarkings gives the tags whose markings are still on the object, and those that are none.
func (m *reverse) withMarkings(o stix.Object, kept []Tag) (tags []Tag) {
	refs := marksOf(o)
	for _, t := range kept {
		if _, stands := standsFor(t.Name, refs); isMarking(t.Name) && !stands {
			m.drop(string(o.ID()), t.Name, "the tag's marking is no longer on the object")
			continue
		}
		tags = append(tags, t)
	}
	return tags
}

// extraMarkings gives as tags the markings that no tag stands for and that the event has not.
func (m *reverse) extraMarkings(o stix.Object, kept []Tag) (tags []Tag) {
	refs, spoken := marksOf(o), map[stix.ID]bool{}
	for _, t := range kept {
		if id, ok := standsFor(t.Name, refs); ok && isMarking(t.Name) {
			spoken[id] = true
		}
	}
	for _, id := range append(slices.Clone(o.MarkingRefs()), m.granular(o)...) {
		if spoken[id] || m.reportMarks[id] && o.ID() != m.report.ID() {
			continue
		}
		spoken[id] = true
		if tag, ok := m.tagOf(id); ok {
			tags = append(tags, Tag{Name: tag})
		} else {
			m.drop(string(o.ID()), "marking-definition", fmt.Sprintf("marking %s has no tag", id))
		}
	}
	return tags
}

func marksOf(o stix.Object) map[stix.ID]bool {
	refs := map[stix.ID]bool{}
	for _, id := range o.MarkingRefs() {
		refs[id] = true
	}
	return refs
}

// granular gives the markings of an object's parts. MISP marks the whole or nothing, so they are taken
// to hold for the whole.
func (m *reverse) granular(o stix.Object) (refs []stix.ID) {
	raw, ok := o.Raw("granular_markings")
	if !ok {
		return nil
	}
	m.drop(string(o.ID()), "granular_markings", "MISP cannot mark a part; what marks one was taken for the whole")
	var parts []struct {
		Ref stix.ID `json:"marking_ref"`
	}
	if err := json.Unmarshal(raw, &parts); err != nil {
		return []stix.ID{stix.TLPRed} // nobody can say what it is that holds
	}
	for _, part := range parts {
		if part.Ref != "" {
			refs = append(refs, part.Ref)
		}
	}
	return refs
}

// standsFor finds the marking of a tag, of whichever version, among those of an object.
func standsFor(tag string, refs map[stix.ID]bool) (stix.ID, bool) {
	if !isMarking(tag) {
		return "", false
	}
	for _, tlp2 := range []bool{false, true} {
		if o, _, err := markingOf(tag, tlp2); err == nil && refs[o.ID()] {
			return o.ID(), true
		}
	}
	return "", false
}

func (m *reverse) tagOf(id stix.ID) (string, bool) {
	if o, ok := m.find(id); ok {
		return tagOf(o)
	}
	if level, ok := stix.TLPLevel(id); ok {
		return "tlp:" + level, true
	}
	for _, level := range papLevels {
		if derived("marking-definition", "PAP", level) == id {
			return "PAP:" + level, true
		}
	}
	return "", false
}
